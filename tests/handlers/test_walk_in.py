"""Tips that an officer enters: what a form may say, and what stands there afterwards, on both engines."""

from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from handlers import by_code, callbacks, events, exchange, walk_in
from handlers.acts import Act
from handlers.by_code import Addition
from handlers.custody import NoCustodian
from handlers.messages import Ward
from handlers.officers import Mistake
from handlers.walk_in import Brought, Entered, Slip, checked
from storage import moments, tables
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory
from storage.queries import ladder, shredding, urgent
from storage.queries import walk_in as rows
from storage.quick import AlreadyThere
from storage.verify import verify
from tests.databases import Database, known_vault
from tests.insight.map import BOOK

WARD, CHIEF, OFFICER = 1, 7, 8
NOW = 1_800_000_000_000
KEYED = Keyed(b"k" * 32)
HERE = Ward(id=WARD, name="Hồng Bàng", duty_phone="0225 3123 456", book=BOOK)
KEPT = Ward(id=WARD, name="Hồng Bàng", duty_phone="0225 3123 456", book=BOOK, custodians=2)
LINK = "https://Bao.vn/Tin/Mat-xe.html?a=1"


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield memory
    await memory.stop()


def first_rows(session: Session) -> None:
    session.add(tables.Ward(id=WARD, name="", created_at=0))
    session.flush()
    for officer, login, role in ((CHIEF, "chi.huy", "chief"), (OFFICER, "truc", "duty")):
        session.add(tables.Officer(id=officer, ward_id=WARD, login=login, name=login, role=role, password_hash="", created_at=0))
    for home in BOOK.neighbourhoods:
        session.add(tables.Neighbourhood(id=home.id, ward_id=WARD, position=1, name=home.name))


def act(now: int = NOW, officer: int = OFFICER) -> Act:
    return Act(ward_id=WARD, officer_id=officer, history_id=new_id(), now=now)


def form(**given: str) -> dict[str, str]:
    return {"way": "walk_in", "words": "Xe máy mất ở cổng chợ", **given}


def read(ward: Ward = HERE, /, **given: str) -> Brought:
    return checked(form(**given), ward, now=NOW)


def enter(session: Session, brought: Brought, *, token: str = "", slip: Slip | None = None, now: int = NOW) -> Entered:
    return walk_in.bring_in(
        session,
        act(now),
        brought,
        slip or Slip.draw(KEYED),
        tip_id=new_id(),
        form_hash=KEYED.hash("piece", token or str(new_id())),
        number_hash=walk_in.sector_hash(KEYED, brought.sector_number),
        draw=new_id,
    )


def differences(session: Session) -> list[dict[str, Any]]:
    return verify(session, WARD, now=NOW + 1, heads=[]).differences


async def whats(memory: Memory, tip_id: int) -> list[tuple[str, str]]:
    query = select(tables.HistoryRow).where(col(tables.HistoryRow.tip_id) == tip_id).order_by(col(tables.HistoryRow.id))
    return [tuple(row) for row in await memory.read(lambda session: [(r.what, r.actor) for r in session.execute(query).scalars()])]


async def tip_of(memory: Memory, tip_id: int) -> Any:
    """Its columns."""
    query = select(tables.Tip.__table__).where(col(tables.Tip.id) == tip_id)  # type: ignore[attr-defined]
    return SimpleNamespace(**await memory.read(lambda session: dict(session.execute(query).one()._mapping)))


# -- the form ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        ({"way": "zalo"}, "bring-mistake-way"),
        ({"words": " \n "}, "bring-mistake-words"),
        ({"words": "a" * 10_001}, "bring-mistake-long"),
        ({"received": "hôm qua"}, "bring-mistake-moment"),
        ({"received": "2031-01-01T00:00"}, "bring-mistake-moment"),
        ({"received": "2020-01-01T00:00"}, "bring-mistake-moment"),
        ({"callback": "không có"}, "bring-mistake-callback"),
        ({"name": "Nguyễn Văn A"}, "bring-mistake-keepers"),
        ({"way": "vneid"}, "bring-mistake-sector-none"),
        ({"way": "vneid", "sector": "số 7"}, "bring-mistake-sector"),
        ({"way": "press"}, "bring-mistake-link-none"),
        ({"way": "press", "link": "xem trên mạng"}, "bring-mistake-link"),
        ({"way": "press", "link": "javascript:alert(1)"}, "bring-mistake-link"),
        ({"way": "press", "link": "https://ai:mk@bao.vn/x"}, "bring-mistake-link"),
        ({"way": "referral"}, "bring-mistake-referrer"),
    ],
)
def test_what_is_wrong_in_a_form_is_said(given: dict[str, str], mistake: str) -> None:
    with pytest.raises(Mistake) as wrong:
        read(**given)
    assert wrong.value.key == mistake


def test_the_time_it_was_received_may_lie_back_and_never_ahead() -> None:
    typed = f"{moments.local(NOW - 3 * moments.DAY):%Y-%m-%dT%H:%M}"
    minute = NOW - NOW % moments.MINUTE

    assert read().received_at == NOW
    assert read(received=typed).received_at == minute - 3 * moments.DAY
    assert read(received=f"{moments.local(NOW + moments.MINUTE):%H:%M %d/%m/%Y}").received_at == NOW  # Their clock is a little ahead.


def test_the_map_knows_the_neighbourhood_where_the_words_are_certain_and_a_choice_wins() -> None:
    first, second = BOOK.neighbourhoods[:2]

    assert read(place=first.name).place["neighbourhood_id"] == first.id
    chosen = read(place=first.name, home=str(second.id)).place
    assert (chosen["text"], chosen["neighbourhood_id"]) == (first.name, second.id)
    assert read(place="chỗ nào đó").place["neighbourhood_id"] is None
    assert read(home="999999").place == {}


def test_a_name_is_read_only_where_somebody_keeps_a_key_and_then_no_reason_is_needed() -> None:
    named = read(KEPT, name="Nguyễn Văn A, ngõ 5", paper="yes", refused="sợ bị trả thù")
    quiet = read(KEPT, refused="sợ bị trả thù")

    assert (named.about, named.name, named.refused) == ("named_paper", "Nguyễn Văn A, ngõ 5", "")
    assert (quiet.about, quiet.name, quiet.refused) == ("anonymous", "", "sợ bị trả thù")


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (LINK, "hxxps://Bao[.]vn/Tin/Mat-xe.html?a=1"),
        ("HTTP://abc.com", "hxxp://abc[.]com"),
        ("m.facebook.com/p/1", "m[.]facebook[.]com/p/1"),
        ("", ""),
    ],
)
def test_a_link_is_shown_so_that_it_opens_nowhere(link: str, shown: str) -> None:
    assert walk_in.defanged(link) == shown


def test_a_number_on_vneid_has_one_form_however_it_was_copied() -> None:
    assert {read(way="vneid", sector=typed).sector_number for typed in ("vn-2026/0012", " VN-2026/0012 ", "VN-2026 /0012")} == {
        "VN-2026/0012"
    }


def test_what_belongs_to_another_way_is_left_out() -> None:
    thought_again = read(way="letter", sector="số mấy", link="không có", referrer="ai đó")

    assert (thought_again.sector_number, thought_again.link, thought_again.referrer) == ("", "", "")


# -- what stands there -------------------------------------------------------------------------------------------------------------


async def test_it_arrives_now_counts_from_when_it_was_received_and_is_taken_on_by_who_entered_it(memory: Memory) -> None:
    first = BOOK.neighbourhoods[0]
    brought = read(
        category="TC",
        place=first.name,
        received=f"{moments.local(NOW - moments.DAY):%Y-%m-%dT%H:%M}",
        known="victim",
        callback="0912 345 678",
        refused="ngại",
    )
    slip = Slip.draw(KEYED)
    entered = await memory.write(lambda session: enter(session, brought, slip=slip))
    tip = await tip_of(memory, entered.tip_id)

    assert (tip.state, tip.channel, tip.category, tip.chat_id, tip.known_how) == ("S1", "walk_in", "TC", None, "victim")
    assert (tip.arrived_at, tip.received_at) == (NOW, NOW - NOW % moments.MINUTE - moments.DAY)
    assert (tip.accepted_at, tip.accepted_by, tip.urgent_at) == (NOW, OFFICER, None)
    assert tip.neighbourhood_id == first.id and tip.index_due
    assert (tip.code, tip.code_hash, tip.code_tail) == (None, slip.code_hash, slip.code[-4:])
    by = f"officer:{OFFICER}"
    assert await whats(memory, tip.id) == [(what, by) for what in ("brought_in", "said", "placed", "callback_given", "accepted")]
    assert await memory.write(differences) == []
    seen = await memory.read(lambda session: callbacks.seen(session, WARD, tip.id, officer_id=OFFICER))
    brought_in = await memory.read(lambda session: rows.brought(session, WARD, tip.id))
    assert seen.is_mine and brought_in is not None
    assert (brought_in.way, brought_in.refused, brought_in.entered_by, brought_in.takes_code) == ("walk_in", "ngại", by, True)


async def test_p3_what_whoever_entered_it_may_not_read_calls_who_may(memory: Memory) -> None:
    entered = await memory.write(lambda session: enter(session, read(category="TN")))
    tip = await tip_of(memory, entered.tip_id)
    due = await memory.read(lambda session: ladder.due(session, WARD, is_urgent=False, now=NOW))

    assert (tip.accepted_at, [line.tip_id for line in due]) == (None, [entered.tip_id])


@pytest.mark.parametrize(("wish", "is_urgent", "is_accepted"), [("no", False, True), ("yes", True, True), ("ring", True, False)])
async def test_only_an_urgent_one_and_only_where_the_officer_says_so_still_waits_for_somebody(
    memory: Memory, wish: str, is_urgent: bool, is_accepted: bool
) -> None:
    entered = await memory.write(lambda session: enter(session, read(urgent=wish)))
    tip = await tip_of(memory, entered.tip_id)
    waiting = await memory.read(lambda session: list(urgent.waiting_alone(session, WARD, before=NOW + 1)))

    assert ((tip.urgent_at is not None), (tip.accepted_at is not None)) == (is_urgent, is_accepted)
    assert (tip.id in waiting) == (wish == "ring")
    assert await memory.write(differences) == []


async def test_the_same_form_twice_is_one_tip(memory: Memory) -> None:
    first = await memory.write(lambda session: enter(session, read(), token="once"))
    again = await memory.write(lambda session: enter(session, read(), token="once"))

    assert (first.is_new, again.is_new, again.tip_id) == (True, False, first.tip_id)


async def test_what_was_entered_for_the_chief_alone_calls_the_chief(memory: Memory) -> None:
    """The officer who entered it may not accept it; nobody was called, and it lay there until its clock was over."""
    entered = await memory.write(lambda session: enter(session, read(category="TN")))
    ours = await memory.write(lambda session: enter(session, read(category="TC")))
    columns = select(col(tables.Ladder.tip_id), col(tables.Ladder.is_urgent), col(tables.Ladder.settled_at))
    called = await memory.read(lambda session: [tuple(row) for row in session.execute(columns)])

    assert called == [(entered.tip_id, False, None)]
    assert [(await tip_of(memory, one.tip_id)).accepted_by for one in (entered, ours)] == [None, OFFICER]
    with pytest.raises(Mistake, match="desk-restricted"):
        await memory.write(lambda session: walk_in.renew_code(session, act(), Slip.draw(KEYED), tip_id=entered.tip_id))


async def test_the_same_number_on_vneid_is_the_same_tip_whoever_enters_it(memory: Memory) -> None:
    brought = read(way="vneid", sector="VN-2026/0012")
    first = await memory.write(lambda session: enter(session, brought))
    again = await memory.write(lambda session: enter(session, read(way="vneid", sector="vn-2026/0012")))
    other = await memory.write(lambda session: enter(session, read(way="vneid", sector="VN-2026/0013")))

    assert (again.is_new, again.tip_id, other.is_new) == (False, first.tip_id, True)
    number = walk_in.sector_hash(KEYED, "VN-2026/0012")
    assert number is not None and "0012" not in number
    values: dict[str, Any] = {"id": new_id(), "ward_id": WARD, "way": "vneid", "data_key": b"", "category": "", "about": "anonymous"}
    values |= {"code_hash": "c", "code_tail": "9DAF", "received_at": NOW, "is_urgent": False, "known_how": "", "now": NOW}
    meanwhile = rows.NewTip(**values, sector_hash=number)
    with pytest.raises(AlreadyThere):  # Two at this very moment: the database itself says no.
        await memory.write(lambda session: rows.add(session, meanwhile))

    def of_another_ward(session: Session) -> None:
        session.add(tables.Ward(id=WARD + 1, name="", created_at=0))
        session.flush()
        rows.add(session, replace(meanwhile, ward_id=WARD + 1))

    await memory.write(of_another_ward)  # Each ward of an installation keeps its own.
    seen = await memory.read(lambda session: rows.brought(session, WARD, first.tip_id))
    assert seen is not None and seen.sector_number == "VN-2026/0012"


async def test_a_press_link_is_kept_exactly_and_sealed(memory: Memory) -> None:
    entered = await memory.write(lambda session: enter(session, read(way="press", link=LINK)))
    seen = await memory.read(lambda session: rows.brought(session, WARD, entered.tip_id))
    stored = await memory.read(lambda session: [repr(row.__dict__) for row in session.execute(select(tables.HistoryRow)).scalars()])

    assert seen is not None and seen.link == LINK
    assert [row for row in stored if "Bao.vn" in row] == []


async def test_without_a_keeper_nothing_of_the_tip_is_stored(memory: Memory) -> None:
    """The last keeper left after the form was read."""
    with pytest.raises(NoCustodian):
        await memory.write(lambda session: enter(session, read(KEPT, name="Nguyễn Văn A")))

    assert await memory.read(lambda session: list(session.execute(select(tables.Tip.id)))) == []  # type: ignore[call-overload]


async def test_the_code_shows_the_state_takes_words_and_brings_what_the_desk_writes(memory: Memory) -> None:
    slip = Slip.draw(KEYED)
    entered = await memory.write(lambda session: enter(session, read(), slip=slip))
    opened = await memory.read(lambda session: by_code.find(session, slip.code_hash))
    assert opened is not None and (opened.tip.tip_id, opened.tip.accepted_at) == (entered.tip_id, NOW)

    addition = Addition(text="Xe màu đỏ", source_hash="h")
    await memory.write(lambda session: by_code.add(session, WARD, opened, addition, draw=new_id, now=NOW + 1))
    asking = act(NOW + 2)
    await memory.write(
        lambda session: exchange.ask(
            session, HERE, asking, tip_id=entered.tip_id, words="Mất lúc mấy giờ?", question_id=new_id(), draw=new_id
        )
    )
    later = await memory.read(lambda session: by_code.find(session, slip.code_hash))

    assert later is not None and ["Mất lúc mấy giờ?" in str(one.reply["text"]) for one in later.told] == [True]
    assert await memory.write(differences) == []


async def test_a_lost_slip_is_replaced_and_the_old_code_ends(memory: Memory) -> None:
    lost, found = Slip.draw(KEYED), Slip.draw(KEYED)
    entered = await memory.write(lambda session: enter(session, read(), slip=lost))
    renewing = act(NOW + 1)
    await memory.write(lambda session: walk_in.renew_code(session, renewing, found, tip_id=entered.tip_id))

    assert await memory.read(lambda session: by_code.find(session, lost.code_hash)) is None
    opened = await memory.read(lambda session: by_code.find(session, found.code_hash))
    assert opened is not None and opened.tip.tail == found.tail
    assert await memory.write(differences) == []
    await memory.write(lambda session: shredding.shred_tip(session, entered.tip_id, now=NOW + 2, why="kept"))
    with pytest.raises(Mistake):
        await memory.write(lambda session: walk_in.renew_code(session, act(), Slip.draw(KEYED), tip_id=entered.tip_id))


@pytest.mark.parametrize("changed", [{"sector_hash": "x"}, {"known_how": "seen"}, {"event_id": 5}, {"code_hash": "y"}])
async def test_what_was_changed_behind_our_back_is_found(memory: Memory, changed: dict[str, Any]) -> None:
    def bend(session: Session) -> list[dict[str, Any]]:
        entered = enter(session, read(way="vneid", sector="VN-2026/0012"))
        session.execute(update(tables.Tip).where(col(tables.Tip.id) == entered.tip_id).values(**changed))
        return differences(session)

    found = await memory.write(bend)
    assert [one["what"] for one in found] == [*changed]


async def test_when_it_was_received_is_set_once(memory: Memory) -> None:
    entered = await memory.write(lambda session: enter(session, read()))

    with pytest.raises(DBAPIError):
        await memory.write(
            lambda session: session.execute(update(tables.Tip).where(col(tables.Tip.id) == entered.tip_id).values(received_at=1)) and None
        )


async def test_how_they_know_is_noted_once_and_only_in_our_words(memory: Memory) -> None:
    entered = await memory.write(lambda session: enter(session, read()))
    for how in ("heard", "heard"):
        await memory.write(lambda session, how=how: events.set_known_how(session, act(), tip_id=entered.tip_id, how=how))  # type: ignore[misc]

    assert (await tip_of(memory, entered.tip_id)).known_how == "heard"
    assert [what for what, _by in await whats(memory, entered.tip_id)].count("known_how_set") == 1
    assert await memory.write(differences) == []
    with pytest.raises(Mistake, match="event-mistake-how"):
        await memory.write(lambda session: events.set_known_how(session, act(), tip_id=entered.tip_id, how="guessed"))
