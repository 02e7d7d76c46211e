"""The monthly word of thanks out of real tips: what counts, what never does, and what is told to whom."""

from dataclasses import replace

from sqlalchemy import update
from sqlmodel import Session, col

from handlers import restricting
from handlers.acts import note
from handlers.messages import Ward
from handlers.ward_book import Neighbourhood, WardBook
from handlers.warnings import thanks
from handlers.warnings.checker import check
from handlers.warnings.content import mistakes
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import shredding
from tests.steps import REASON, go
from tests.storage.test_exchange import CHIEF, HERE, WARD, act, memory
from tests.storage.test_figures import caught_up
from tests.storage.test_steps import arrived

__all__ = ["memory"]

AT = 1_800_000_000_000  # 15 January 2027.
BOOK = WardBook(neighbourhoods=tuple(Neighbourhood(id=number, name=f"Tổ dân phố số {number}") for number in (1, 2, 3)))
WHERE = replace(HERE, book=BOOK)
MONTH = thanks.last_month(moments.local(AT + 20 * moments.DAY).date())


def some(session: Session, first: int, many: int, *, category: str, home: int | None, at: int = AT, to: str = "enter") -> list[int]:
    """Arrived, entered, and gone on as far as is said."""
    ids = [arrived(session, first + number, at=at, category=category) for number in range(many)]
    for tip_id in ids:
        session.execute(update(tables.Tip).where(col(tables.Tip.id) == tip_id).values(neighbourhood_id=home))
        note(session, act(at), "placed", tip_id=tip_id, mark="", cell="", neighbourhood=home)
        for move in {"enter": ("enter",), "done": ("enter", "classify", "approve", "fine"), "test": ("enter", "set-aside")}[to]:
            go(session, HERE, CHIEF, tip_id, move, now=at)
    return ids


def town(session: Session) -> list[int]:
    for number in (1, 2, 3):
        session.add(tables.Neighbourhood(id=number, ward_id=WARD, position=number, name=f"Tổ dân phố số {number}"))
    session.flush()
    ids = some(session, 1000, 12, category="LD", home=1, to="done") + some(session, 1100, 9, category="LD", home=2)
    ids += (
        some(session, 1200, 8, category="TC", home=1)
        + some(session, 1300, 7, category="TC", home=2)
        + some(session, 1400, 6, category="TC", home=3)
    )
    some(session, 2000, 6, category="BL", home=1, to="done")
    some(session, 2100, 6, category="TE", home=2)
    some(session, 2200, 6, category="TN", home=1)
    some(session, 2300, 6, category="LD", home=1, to="test")
    some(session, 2400, 6, category="LD", home=1, at=AT - 30 * moments.DAY)
    for tip_id in some(session, 2500, 6, category="LD", home=1):
        restricting.restrict(session, act(AT), tip_id=tip_id, reason=REASON["reason"], draw=new_id)
    return ids


async def read(memory: Memory, ward: Ward = WHERE) -> thanks.Month:
    return await memory.read(lambda session: thanks.read(session, ward, MONTH))


async def test_ordinary_tips_of_the_month_are_told_and_no_others(memory: Memory) -> None:
    ids = await memory.write(town)
    assert (await read(memory)).is_behind
    await caught_up(memory)

    month = await read(memory)

    assert not month.is_behind and (MONTH.year, MONTH.number) == (2027, 1)
    assert (month.ward.received, month.ward.themes, month.ward.done) == (42, {"fraud": 21, "theft": 21}, 12)
    first = thanks.draft(month, WHERE)
    assert first.headline == "Tháng 1: bà con báo 42 tin" and "lừa đảo (21 tin), trộm cắp, cướp giật (21 tin)" in first.body
    assert "12 tin đã được xử lý" in first.body
    for home in (None, 1, 2, 3):
        content = thanks.draft(month, WHERE, home=home)
        assert content.kind == "thanks" and mistakes(content) == [] and check(content, ward=WHERE) == ()

    await memory.write(lambda session: [shredding.shred_tip(session, tip_id, now=AT, why="retention") for tip_id in ids] and None)
    await caught_up(memory)
    assert await read(memory) == month


async def test_what_is_few_stays_untold_even_beside_the_sums(memory: Memory) -> None:
    """Two tips about drugs in one neighbourhood: neither told there, nor the difference of what is told elsewhere."""
    await memory.write(town)
    await memory.write(lambda session: some(session, 3000, 2, category="MT", home=3) and None)
    await caught_up(memory)

    month = await read(memory)

    assert "drugs" not in month.ward.themes and all("drugs" not in one.themes for one in month.homes.values())
    assert month.ward.received is None or sum(month.ward.themes.values()) < 42  # 44 less 42 would be two.
    assert month.homes[3].received is None or "theft" not in month.homes[3].themes  # So would be 8 less 6.
    assert month.ward.received or month.ward.themes
    few = thanks.draft(thanks.Month(term=MONTH, ward=thanks.Helped(), homes={}), WHERE)
    assert few.headline == "Tháng 1: cảm ơn bà con" and not any(sign.isdigit() for sign in few.body.replace("Tháng 1", ""))
    assert mistakes(few) == [] and check(few, ward=WHERE) == ()
