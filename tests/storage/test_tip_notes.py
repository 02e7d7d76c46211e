"""Internal notes and who is at a tip, on both engines: what is written stays, sealed and provable; who has left shows nowhere."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, text

from handlers import exchange, tip_notes, viewers
from handlers.acts import Act
from handlers.officers import Mistake
from handlers.viewers import LASTS, SentMeanwhile
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import resealing, retention, shredding
from storage.queries import tip_notes as rows
from storage.queries.tip_notes import NoteSeen
from storage.verify import verify
from tests.storage.test_exchange import CHIEF, HERE, NOW, OTHER, TIP, WARD, memory

__all__ = ["memory"]
DUTY, HANDLER = 8, 9
WORDS = "Đã gọi lại, máy bận. Nhà có hai lối ra."


async def people(memory: Memory) -> None:
    def add(session: Session) -> None:
        for officer_id, login, role in ((DUTY, "truc.ban", "duty"), (HANDLER, "dieu.tra", "handler")):
            session.add(tables.Officer(id=officer_id, ward_id=WARD, login=login, name=login, role=role, password_hash="", created_at=0))

    await memory.write(add)


def act(officer_id: int = DUTY, *, now: int = NOW) -> Act:
    return Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=now)


async def write(memory: Memory, words: str = WORDS, *, by: int = DUTY, now: int = NOW) -> int:
    made, note_id = act(by, now=now), new_id()
    await memory.write(lambda session: tip_notes.write(session, made, tip_id=TIP, words=words, note_id=note_id))
    return note_id


async def strike(memory: Memory, note_id: int, *, by: int, now: int) -> str:
    made = act(by, now=now)
    try:
        await memory.write(lambda session: tip_notes.strike(session, made, tip_id=TIP, note_id=note_id))
    except Mistake as mistake:
        return mistake.key
    return ""


async def notes(memory: Memory, *, ward: int = WARD, opens_struck: bool = False) -> list[NoteSeen]:
    return await memory.read(lambda session: rows.of_tip(session, ward, TIP, opens_struck=opens_struck))


async def found(memory: Memory) -> list[str]:
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    return [one["what"] for one in report.differences if one["kind"] == "note"]


async def test_a_note_is_kept_once_and_struck_out_by_its_writer_alone(memory: Memory) -> None:
    await people(memory)
    first = await write(memory)
    await write(memory, now=NOW + 30 * moments.SECOND)  # The button was pressed twice.
    last = await write(memory, "Ca sau gọi lại lúc 22 giờ.", by=CHIEF, now=NOW + 1)

    assert [(one.id, one.words, one.written_by) for one in await notes(memory)] == [
        (last, "Ca sau gọi lại lúc 22 giờ.", CHIEF),
        (first, WORDS, DUTY),
    ]
    assert await notes(memory, ward=OTHER) == []
    assert await strike(memory, first, by=CHIEF, now=NOW + 2) == "note-not-yours"
    assert await strike(memory, first, by=HANDLER, now=NOW + 2) == "desk-no-tip"  # Reads no tip that is not theirs.
    assert [await strike(memory, first, by=DUTY, now=NOW + late) for late in (2, 3)] == ["", ""]
    for opens_struck, words in ((False, ""), (True, WORDS)):
        assert [(one.words, one.struck_at) for one in await notes(memory, opens_struck=opens_struck)][1] == (words, NOW + 2)
    history = await memory.read(
        lambda session: [
            (row.what, row.secret, WORDS in str(row.detail))
            for row in session.execute(select(tables.HistoryRow).where(col(tables.HistoryRow.what).startswith("note_"))).scalars()
        ]
    )
    assert sorted(history) == [("note_struck", None, False), ("note_written", None, False), ("note_written", None, False)]
    assert await found(memory) == []


@pytest.mark.parametrize(("typed", "key"), [(" \u200b\n ", "note-empty"), ("ơ" * 4001, "note-long")])
def test_a_note_says_something_and_not_too_much(typed: str, key: str) -> None:
    with pytest.raises(Mistake) as mistake:
        tip_notes.checked(typed)

    assert mistake.value.key == key and tip_notes.checked("ơ" * 4000) == "ơ" * 4000


async def test_p5_a_note_is_never_taken_out_and_what_was_changed_is_found(memory: Memory) -> None:
    await people(memory)
    note_id = await write(memory)
    sealed = await memory.read(lambda session: bytes(session.execute(text("SELECT words FROM tip_notes")).scalar_one()))
    assert WORDS.encode() not in sealed
    for sentence in ("DELETE FROM tip_notes", "UPDATE tip_notes SET written_by = 7", "UPDATE tip_notes SET written_at = 1"):
        with pytest.raises(DBAPIError):
            await memory.write(lambda session, sentence=sentence: session.execute(text(sentence)) and None)  # type: ignore[misc]

    other = await write(memory, "Lời khác.")
    new = await memory.write(lambda session: resealing.reseal_tip(session, TIP, []))
    assert new.is_done and new.broken == () and await found(memory) == []
    assert (await notes(memory))[1].words == WORDS

    def put(session: Session, words: bytes | None, **values: object) -> None:
        session.execute(update(tables.TipNote).where(col(tables.TipNote.id) == note_id).values(words=words, **values))

    def of(session: Session) -> list[bytes | None]:
        return list(session.execute(select(col(tables.TipNote.words)).order_by(col(tables.TipNote.id))).scalars())

    assert note_id < other
    mine, others = await memory.read(of)
    await memory.write(lambda session: put(session, others))
    assert await found(memory) == ["changed"]
    await memory.write(lambda session: put(session, mine, struck_at=5))
    assert await found(memory) == ["struck_at"]


async def test_a_shredded_tip_keeps_that_there_were_notes_and_takes_no_more(memory: Memory) -> None:
    await people(memory)
    await write(memory)
    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW + 5, why="closed") and None)

    assert [(one.words, one.written_by) for one in await notes(memory, opens_struck=True)] == [("", DUTY)]
    assert await memory.read(lambda session: session.execute(text("SELECT words FROM tip_notes")).scalar_one()) is None
    assert await found(memory) == []
    with pytest.raises(Mistake) as mistake:
        await write(memory, "Thêm một lời.")
    assert mistake.value.key == "write-shredded"


async def look(memory: Memory, officer_id: int, *, now: int) -> list[tuple[str, int]]:
    row_id = new_id()
    here = await memory.write(lambda session: viewers.look(session, WARD, officer_id, TIP, row_id=row_id, now=now))
    return [(one.name, one.since - NOW) for one in here]


async def test_who_is_at_a_tip_shows_to_the_others_until_they_leave_or_may_not_read_it(memory: Memory) -> None:
    await people(memory)
    assert await look(memory, CHIEF, now=NOW) == []
    assert await look(memory, DUTY, now=NOW + 10_000) == [("Bình", 0)]
    assert await look(memory, CHIEF, now=NOW + 20_000) == [("truc.ban", 10_000)]
    assert await look(memory, HANDLER, now=NOW + 20_000) == []  # Reads it not, and is not told.
    assert await look(memory, DUTY, now=NOW + 30_000) == [("Bình", 0)]  # Since the first moment, however often the page asked.
    assert await look(memory, DUTY, now=NOW + 20_000 + LASTS + 1) == []  # The chief left.
    assert await look(memory, CHIEF, now=NOW + 50_000) == [("truc.ban", 10_000)]
    assert await look(memory, DUTY, now=NOW + 51_000) == [("Bình", 50_000)]

    for changed in ({"restricted": "chief"}, {"restricted": "fence"}):
        await memory.write(lambda session, changed=changed: session.execute(update(tables.Tip).values(**changed)) and None)  # type: ignore[misc]
        assert await look(memory, CHIEF, now=NOW + 52_000) == [] and await look(memory, DUTY, now=NOW + 52_000) == []

    await memory.write(lambda session: session.execute(update(tables.Tip).values(restricted="")) and None)
    assert await look(memory, CHIEF, now=NOW - moments.HOUR) == []  # The machine's clock was set back.
    count = text("SELECT count(*) FROM tip_viewers")
    assert await memory.read(lambda session: session.execute(count).scalar_one()) == 2
    await memory.write(lambda session: retention.forget_old_rows(session, now=NOW + moments.HOUR, keep_logs_for=moments.DAY) and None)
    assert await memory.read(lambda session: session.execute(count).scalar_one()) == 0


async def test_what_another_officer_sent_meanwhile_is_read_first(memory: Memory) -> None:
    await people(memory)

    async def tell(officer_id: int, words: str, *, seen: int) -> tuple[str, str, int]:
        made = act(officer_id, now=NOW + len(words))

        def press(session: Session) -> None:
            viewers.check_nothing_was_sent(session, WARD, officer_id, TIP, seen=seen)
            exchange.tell(session, HERE, made, tip_id=TIP, words=words, draw=new_id)

        try:
            await memory.write(press)
        except SentMeanwhile as late:
            return late.last.what, late.last.actor, late.last.count
        return "", "", 0

    assert await tell(DUTY, "Đã nhận tin.", seen=0) == ("", "", 0)
    assert await tell(DUTY, "Nhắn thêm một lời.", seen=0) == ("", "", 0)  # One's own words surprise nobody.
    assert await tell(CHIEF, "Đang kiểm tra.", seen=0) == ("told", f"officer:{DUTY}", 2)
    assert await tell(CHIEF, "Đang kiểm tra.", seen=2) == ("", "", 0)
    assert await tell(DUTY, "Lời thứ ba.", seen=0) == ("told", f"officer:{CHIEF}", 1)
