"""Tips on one event: linked, parted, counted without telling who, and never more urgent for being many; on both engines."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, SQLModel, col

from handlers import events, tips
from handlers.messages import Change
from handlers.officers import Mistake
from handlers.tips import Where
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import events as rows
from storage.queries import finding
from storage.queries.events import Event, LookAlike
from storage.queries.rings import chat_key_place
from storage.vault import Place, Ring, vault_of
from tests.handlers.test_walk_in import HERE, NOW, OFFICER, WARD, act, differences, enter, memory, read, tip_of, whats

__all__ = ["memory"]
RINGING = (tables.Deadline, tables.Ladder, tables.Alarm, tables.OutboxRow, tables.Notice)
REASON = "Hai việc khác nhau, khác ngày"


def add_chat(session: Session, chat_id: int) -> None:
    ring = Ring.fresh()
    session.add(
        tables.Chat(
            id=chat_id,
            ward_id=WARD,
            channel="webchat",
            chat_hash=f"hash{chat_id}",
            data_key=vault_of(session).wrap(ring, chat_key_place(chat_id)),
            address=ring.seal_text("", Place("chats", "address", chat_id)),
            created_at=0,
            last_in_at=0,
        )
    )
    session.flush()


def tell(
    session: Session, words: str, *, chat_id: int, category: str = "TC", at: int = NOW, place: str = "", home: int | None = None
) -> int:
    """The whole way of a resident's tip."""
    if session.get(tables.Chat, chat_id) is None:
        add_chat(session, chat_id)
    tip_id, where = new_id(), Where(ward_id=WARD, chat_id=chat_id, channel="webchat", now=at)
    code = f"TB-{tip_id % 10**12:012}"
    whats: list[tuple[Any, dict[str, Any]]] = [
        ("open", {"category": category}),
        ("say", {"piece_id": new_id(), "source_hash": str(tip_id), "text": words}),
        *([("place", {"text": place, "neighbourhood_id": home})] if place or home else []),
        ("send", {"code": code, "code_hash": f"hash of {code}"}),
    ]
    tips.apply(session, where, [Change(what, {"tip_id": tip_id, "history_id": new_id(), **values}) for what, values in whats])
    return tip_id


def index_all(session: Session) -> None:
    while ready := finding.tokenise_some(session, WARD):
        finding.index(session, WARD, ready, now=NOW)


async def told(memory: Memory, *tips_told: dict[str, Any]) -> list[int]:
    ids = await memory.write(lambda session: [tell(session, **one) for one in tips_told])
    await memory.write(index_all)
    return ids


async def link(memory: Memory, one: int, other: int) -> None:
    doing, event_id = act(), new_id()
    await memory.write(lambda session: events.link(session, doing, HERE, tip_id=one, other_id=other, event_id=event_id, draw=new_id))


async def link_all(memory: Memory, ids: Sequence[int]) -> None:
    for other in ids[1:]:
        await link(memory, ids[0], other)


async def unlink(memory: Memory, tip_id: int, reason: str = REASON) -> None:
    doing = act()
    await memory.write(lambda session: events.unlink(session, doing, tip_id=tip_id, reason=reason, draw=new_id))


async def event_of(memory: Memory, tip_id: int) -> Event | None:
    event_id = (await tip_of(memory, tip_id)).event_id
    return await memory.read(lambda session: events.event_of(session, HERE, event_id)) if event_id else None


async def together(memory: Memory, *ids: int) -> list[set[int]]:
    """Which of these stand together."""
    found: dict[int, set[int]] = {}
    for tip_id in ids:
        if event_id := (await tip_of(memory, tip_id)).event_id:
            found.setdefault(event_id, set()).add(tip_id)
    return sorted(found.values(), key=min)


async def change(memory: Memory, tip_id: int, **values: Any) -> None:
    await memory.write(lambda session: session.execute(update(tables.Tip).where(col(tables.Tip.id) == tip_id).values(**values)) and None)


async def alike(memory: Memory, tip_id: int) -> list[tuple[int, tuple[str, ...]]]:
    found: list[LookAlike] = await memory.read(lambda session: events.look_alikes(session, HERE, tip_id))
    return [(one.line.id, one.reasons) for one in found]


# -- linking -----------------------------------------------------------------------------------------------------------------------


async def test_two_events_become_one_and_each_tip_says_so_in_its_history(memory: Memory) -> None:
    a, b, c, d = await told(memory, *({"words": f"Chuyện {n}", "chat_id": n} for n in range(1, 5)))
    await link(memory, a, b)
    await link(memory, c, d)
    assert await together(memory, a, b, c, d) == [{a, b}, {c, d}]
    await link(memory, a, d)
    await link(memory, b, c)  # They are together already.

    assert await together(memory, a, b, c, d) == [{a, b, c, d}]
    linked = [[what for what, _by in await whats(memory, tip_id)].count("event_linked") for tip_id in (a, b, c, d)]
    assert linked == [1, 1, 2, 2]
    assert await memory.write(differences) == []


async def test_one_is_taken_out_with_a_reason_and_nobody_stays_behind_alone(memory: Memory) -> None:
    a, b, c = await told(memory, *({"words": f"Chuyện {n}", "chat_id": n} for n in range(3)))
    await link_all(memory, (a, b, c))
    await unlink(memory, b)
    assert await together(memory, a, b, c) == [{a, c}]
    await unlink(memory, a)

    assert await together(memory, a, b, c) == []
    assert [one.reason for one in await memory.read(lambda session: rows.parted(session, WARD, a))] == [REASON]
    assert await memory.read(lambda session: rows.parted(session, WARD, c)) == []
    assert await memory.write(differences) == []


async def test_what_cannot_be_linked_or_parted_is_said(memory: Memory) -> None:
    [a, b] = await told(memory, *({"words": f"Chuyện {n}", "chat_id": n} for n in range(2)))

    with pytest.raises(Mistake, match="event-mistake-itself"):
        await link(memory, a, a)
    with pytest.raises(Mistake, match="desk-no-tip"):
        await link(memory, a, 12345)
    with pytest.raises(Mistake, match="event-mistake-none"):
        await unlink(memory, a)
    await link(memory, a, b)
    with pytest.raises(Mistake, match="mistake-reason-short"):
        await unlink(memory, a, "khác")


# -- counting ----------------------------------------------------------------------------------------------------------------------


async def test_accounts_are_counted_and_what_they_know_stands_beside_it(memory: Memory) -> None:
    ids = await told(memory, {"words": "Chuyện một", "chat_id": 1}, {"words": "Chuyện hai", "chat_id": 2}, {"words": "Ba", "chat_id": 3})
    walked_in = await memory.write(lambda session: enter(session, read(known="victim")))
    await link_all(memory, (*ids, walked_in.tip_id))
    for tip_id, how in zip(ids, ("seen", "seen", "heard"), strict=True):
        await memory.write(lambda session, tip_id=tip_id, how=how: events.set_known_how(session, act(), tip_id=tip_id, how=how))  # type: ignore[misc]
    found = await event_of(memory, ids[0])

    assert found is not None and {line.id for line in found.lines} == {*ids, walked_in.tip_id}
    assert (found.accounts, found.without_account, found.seen, found.heard, found.victims) == (3, 1, 2, 1, 1)
    assert not found.is_one_hand


async def test_one_hand_behind_several_is_hinted_at_and_never_whose(memory: Memory) -> None:
    """By the account; the hint names no tip and no chat."""
    ids = await told(memory, {"words": "Chuyện một", "chat_id": 7}, {"words": "Chuyện hai", "chat_id": 7}, {"words": "Ba", "chat_id": 5})
    await link_all(memory, ids)
    found = await event_of(memory, ids[0])

    assert found is not None and (found.accounts, found.is_one_hand) == (2, True)
    told_of = {field.name for field in dataclasses.fields(found)}
    assert told_of == {"lines", "accounts", "without_account", "seen", "heard", "victims", "is_one_hand"}
    assert not {"chat_id", "chat_hash"} & {field.name for field in dataclasses.fields(found.lines[0])}


TEXT = "Tối qua có hai thanh niên đi xe máy màu đen giật túi của một bà cụ ở đầu ngõ rồi chạy về phía chợ"


@pytest.mark.parametrize(
    ("second", "is_one"), [(TEXT + " ạ", True), ("Tối qua ở đầu ngõ có bà cụ bị giật túi, tôi nghe người ta kể thế", False)]
)
async def test_the_same_text_from_two_accounts_is_a_sign_and_the_same_story_in_other_words_is_none(
    memory: Memory, second: str, is_one: bool
) -> None:
    ids = await told(memory, {"words": TEXT, "chat_id": 1}, {"words": second, "chat_id": 2})
    await link_all(memory, ids)
    found = await event_of(memory, ids[0])

    assert found is not None and (found.accounts, found.is_one_hand) == (2, is_one)


@pytest.mark.parametrize(("prints", "is_one"), [(("same", "same"), True), (("one", "other"), False), (("", ""), False)])
async def test_the_same_file_from_two_accounts_is_a_sign(memory: Memory, prints: tuple[str, str], is_one: bool) -> None:
    ids = await told(memory, {"words": "Chuyện một", "chat_id": 1}, {"words": "Chuyện hai", "chat_id": 2})

    def attach(session: Session) -> None:
        for tip_id, fingerprint in zip(ids, prints, strict=True):
            given: dict[str, Any] = {"kind": "photo", "status": "stored", "due_at": 0, "created_at": 0, "ward_id": WARD}
            session.add(tables.Attachment(id=new_id(), tip_id=tip_id, fingerprint=fingerprint, **given))

    await memory.write(attach)
    await link_all(memory, ids)
    found = await event_of(memory, ids[0])
    assert found is not None and found.is_one_hand == is_one


async def test_where_a_home_or_a_child_is_among_them_no_account_is_counted(memory: Memory) -> None:
    """Whoever links a tip they know the author of would learn who wrote about violence at home."""
    ids = await told(memory, {"words": "Chuyện một", "chat_id": 1, "category": "BL"}, {"words": "Chuyện hai", "chat_id": 1})
    await link_all(memory, ids)
    found = await event_of(memory, ids[0])

    assert found is not None and (found.accounts, found.is_one_hand) == (None, False)


async def test_counting_makes_nothing_more_urgent(memory: Memory) -> None:
    ids = await told(memory, *({"words": f"{TEXT} {n}", "chat_id": n % 5} for n in range(12)))
    before = [await tip_of(memory, tip_id) for tip_id in ids]
    rang = await memory.read(everything_that_rings)
    await link_all(memory, ids)
    for tip_id in ids:
        await memory.write(lambda session, tip_id=tip_id: events.set_known_how(session, act(), tip_id=tip_id, how="victim"))  # type: ignore[misc]
    assert await event_of(memory, ids[0])
    after = [await tip_of(memory, tip_id) for tip_id in ids]

    changed = [{name for name in vars(one) if vars(one)[name] != vars(other)[name]} for one, other in zip(before, after, strict=True)]
    assert changed == [{"event_id", "known_how"}] * 12
    assert await memory.read(everything_that_rings) == rang


def everything_that_rings(session: Session) -> list[list[dict[str, object]]]:
    return [
        [dict(row._mapping) for row in session.execute(select(SQLModel.metadata.tables[str(table.__tablename__)]))] for table in RINGING
    ]


# -- what not everybody reads ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", [{"restricted": "chief"}, {"restricted": "fence"}, {"category": "TN"}])
async def test_a_tip_that_only_some_read_is_neither_found_counted_nor_linked(memory: Memory, closed: dict[str, str]) -> None:
    same = {"words": TEXT, "home": 1, "place": "đầu ngõ"}
    a, b, kept = await told(memory, {**same, "chat_id": 1}, {**same, "chat_id": 2}, {**same, "chat_id": 3})
    await link_all(memory, (a, b, kept))
    await change(memory, kept, **closed)
    tail = (await tip_of(memory, kept)).code_tail
    found = await event_of(memory, a)

    assert found is not None and [line.id for line in found.lines] == [a, b] and found.accounts == 2
    assert kept not in [line.id for line in await memory.read(lambda session: events.find(session, HERE, tail, now=NOW))]
    await unlink(memory, b)
    assert [tip_id for tip_id, _reasons in await alike(memory, b)] == [a]
    assert await alike(memory, kept) == []
    with pytest.raises(Mistake, match="desk-no-tip"):
        await link(memory, b, kept)


# -- look-alikes and finding -------------------------------------------------------------------------------------------------------


async def test_the_same_number_place_and_words_are_proposed_and_the_rest_is_not(memory: Memory) -> None:
    mine, plate, near, near_other, late, text = await told(
        memory,
        {"words": "Xe 15B1-123.45 bị mất", "chat_id": 1, "home": 1, "place": "chợ"},
        {"words": "Thấy biển số 15b1 12345 chạy rất nhanh qua cầu", "chat_id": 2, "category": "DX"},
        {"words": "Ai đó bẻ khóa", "chat_id": 3, "home": 1, "place": "cổng trường"},
        {"words": "Ồn ào quá", "chat_id": 4, "home": 1, "place": "cổng trường", "category": "MT"},
        {"words": "Xe 15B1-123.45 bị mất", "chat_id": 5, "home": 1, "place": "chợ", "at": NOW - 49 * moments.HOUR},
        {"words": "Chuyện khác hẳn", "chat_id": 6, "home": 2, "place": "bến xe"},
    )

    assert await alike(memory, mine) == [(near, ("place", "category")), (plate, ("thing",))]
    assert {near_other, late, text}.isdisjoint(tip_id for tip_id, _reasons in await alike(memory, mine))
    await link(memory, mine, near)
    assert await alike(memory, mine) == [(plate, ("thing",))]


async def test_rare_words_say_something_only_among_many(memory: Memory) -> None:
    ordinary = [
        {"words": f"Hôm nay ở ngoài đường lại có người làm ồn lúc {n} giờ tối rồi", "chat_id": n, "category": "MT"} for n in range(12)
    ]
    rare = "cái chuông đồng cổ chạm rồng của đình làng"
    mine, same, *_others = await told(
        memory,
        {"words": f"Sáng nay không thấy {rare} đâu nữa cả, cửa đình thì mở toang, mấy chậu cây đổ", "chat_id": 20},
        {"words": f"Người ta đang rao bán {rare} ngoài bến đò, giá rẻ lắm, hai ông lạ mặt", "chat_id": 21, "category": "KH"},
        *ordinary,
    )

    assert await alike(memory, mine) == [(same, ("words",))]


async def test_a_tip_is_found_by_its_tail_or_by_its_number_in_the_books(memory: Memory) -> None:
    [a, b] = await told(memory, {"words": "Chuyện một", "chat_id": 1}, {"words": "Chuyện hai", "chat_id": 2})
    year = moments.local(NOW).year
    await change(memory, a, code_tail="9DAF")
    await change(memory, b, code_tail="AB12")
    entry: dict[str, Any] = {
        "ward_id": WARD,
        "tip_id": b,
        "book": "crime",
        "year": year,
        "number": 12,
        "entered_at": NOW,
        "entered_by": OFFICER,
    }
    await memory.write(lambda session: session.add(tables.BookEntry(id=new_id(), **entry)))

    async def found(typed: str, now: int = NOW) -> list[int]:
        return [line.id for line in await memory.read(lambda session: events.find(session, HERE, typed, now=now))]

    assert await found("…9daf") == [a]
    assert (await found("12"), await found(f"12/{year}"), await found(f"12/{year - 1}")) == ([b], [b], [])
    assert await found("9DAF", NOW + 91 * moments.DAY) == []
    assert await found("%") == await found("9") == []
