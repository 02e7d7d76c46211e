"""Words that lead back to a tip, looked for among real ones, sealed and indexed as the house does it, on both engines."""

from dataclasses import replace

from sqlalchemy import update
from sqlmodel import Session, col

from handlers import access
from handlers import tips as tip_changes
from handlers.messages import Change
from handlers.warnings import traces
from handlers.warnings.checker import check
from handlers.warnings.content import Content
from handlers.warnings.findings import Finding
from handlers.warnings.templates import ours
from storage import moments, tables
from storage.ids import id_at
from storage.memory import Memory
from storage.queries import finding
from tests.storage.test_exchange import CHIEF, HERE, NOW, WARD, memory

__all__ = ["memory"]

STORY = (
    "Chiều qua có thanh niên áo sọc tím đi xe Cub xanh rêu, đeo balo hình gấu, cứ ngó vào sân nhà trẻ rồi chụp hình, gọi số 0389 112 334"
)
WRITTEN = Content(
    theme="theft",
    headline="Cẩn thận người lạ rình nhà",
    body="Có thanh niên áo sọc tím, đi xe Cub xanh rêu, hay ngó vào sân nhà.",
    lines=("Khóa cửa, gửi xe nơi có người trông.", "Thấy ai đeo balo hình gấu thì báo trực ban."),
)


def arrive(
    session: Session, number: int, words: str, *, at: int = NOW - 5 * moments.DAY, category: str = "TC", home: int | None = None
) -> int:
    tip_id = id_at(at) + number
    where = tip_changes.Where(ward_id=WARD, chat_id=20, channel="webchat", now=at)
    facts = {"tip_id": tip_id}
    changes = [
        Change("open", {**facts, "history_id": tip_id + 1000, "category": category}),
        Change("say", {**facts, "history_id": tip_id + 2000, "piece_id": tip_id + 3000, "source_hash": str(tip_id), "text": words}),
        Change("send", {**facts, "history_id": tip_id + 4000, "code": f"TB-{number:04}", "code_hash": f"hash-{number}"}),
    ]
    tip_changes.apply(session, where, changes)
    session.execute(update(tables.Tip).where(col(tables.Tip.id) == tip_id).values(neighbourhood_id=home))
    return tip_id


async def indexed(memory: Memory) -> None:
    while ready := await memory.read(lambda session: finding.tokenise_some(session, WARD)):
        await memory.write(lambda session, ready=ready: finding.index(session, WARD, ready, now=NOW))  # type: ignore[misc]


async def checked(memory: Memory, content: Content, *, role: str = "duty", areas: tuple[int, ...] = ()) -> list[Finding]:
    sight = access.sight_of(WARD, role, CHIEF)
    found = await memory.read(lambda session: traces.read(session, HERE, sight, content, areas=areas, now=NOW))
    return [one for one in check(content, ward=HERE, tips=found) if one.key in ("leads-back", "too-soon")]


async def test_rare_words_shared_with_one_tip_are_found_and_marked(memory: Memory) -> None:
    tip_id = await memory.write(lambda session: arrive(session, 1, STORY))
    await memory.write(lambda session: arrive(session, 2, "Có người bán pháo trước cổng trường"))
    await indexed(memory)

    found = await checked(memory, WRITTEN)

    assert {one.key for one in found} == {"leads-back"} and all(one.blocks and one.tips == (tip_id,) for one in found)
    words = [(one.field, one.words) for one in found]
    assert words == [("body", "thanh niên áo sọc tím"), ("body", "xe Cub xanh rêu"), ("body", "sân nhà"), ("line-2", "đeo balo hình gấu")]
    blurred = replace(WRITTEN, body="Có người lạ hay ngó vào nhà vắng.", lines=("Khóa cửa.",))
    assert await checked(memory, blurred) == []
    number = Content(theme="theft", headline="Số lạ gọi", body="Số 0389.112.334 hay gọi.", lines=("Tắt máy.",))
    assert [one.words for one in await checked(memory, number)] == ["Số 0389.112.334"]  # One rare number is enough.


async def test_what_many_tell_or_told_long_ago_leads_to_nobody(memory: Memory) -> None:
    def tell(session: Session) -> None:
        for number in range(1, 4):
            arrive(session, number, STORY.replace("0389 112 334", "lạ"))
        arrive(session, 9, "Ông đeo kính râm gọng vàng chống gậy trúc đen", at=NOW - 91 * moments.DAY)

    await memory.write(tell)
    await indexed(memory)

    assert await checked(memory, WRITTEN) == []
    old = replace(WRITTEN, body="Có người đeo kính râm gọng vàng, chống gậy trúc đen.", lines=("Khóa cửa.",))
    assert await checked(memory, old) == []
    for one in ours():
        assert await checked(memory, one.content) == []


async def test_nobody_learns_of_a_tip_they_never_read(memory: Memory) -> None:
    """A leader could try out words until they fit a neighbour's tip; so could an officer with fenced ones, or those for the chief."""
    tip_id = await memory.write(lambda session: arrive(session, 1, STORY))
    await indexed(memory)

    assert await checked(memory, WRITTEN, role="leader") == []
    mine = await checked(memory, WRITTEN, role="handler")  # Reads only what was given to them: the words, and no tip.
    assert mine and all(one.tips == () for one in mine)

    async def restricted(kind: str, category: str = "TC") -> None:
        change = update(tables.Tip).where(col(tables.Tip.id) == tip_id).values(restricted=kind, category=category)
        await memory.write(lambda session: session.execute(change) and None)

    for kind, category in (("chief", "TC"), ("", "TN")):
        await restricted(kind, category)
        assert await checked(memory, WRITTEN) == []
        assert {one.tips for one in await checked(memory, WRITTEN, role="chief")} == {(tip_id,)}
    await restricted("fence")
    assert await checked(memory, WRITTEN, role="chief") == []


async def test_a_single_fresh_tip_about_the_same_asks_for_patience(memory: Memory) -> None:
    def homes(session: Session) -> None:
        for number in (1, 2):
            session.add(tables.Neighbourhood(id=number, ward_id=WARD, position=number, name=f"Tổ {number}"))
        session.flush()
        arrive(session, 1, "mất xe", at=NOW - 3 * moments.DAY, home=1)
        arrive(session, 2, "mất xe đạp", at=NOW - 5 * moments.HOUR, home=1)

    await memory.write(homes)
    await indexed(memory)
    plain = Content(theme="theft", headline="Khóa xe cẩn thận", body="Dạo này hay mất xe.", lines=("Khóa cổ xe.",))

    [found] = await checked(memory, plain)
    assert (found.key, found.weight) == ("too-soon", "warns")
    assert len(await checked(memory, plain, areas=(1,))) == 1
    assert await checked(memory, plain, areas=(2,)) == []
    assert await checked(memory, replace(plain, theme="fire")) == []
    assert await checked(memory, plain, role="leader") == []
    await memory.write(lambda session: arrive(session, 3, "mất xe máy", at=NOW - moments.HOUR, home=1))
    assert await checked(memory, plain, areas=(1,)) == []
