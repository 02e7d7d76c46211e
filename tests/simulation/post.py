"""Letters to the chief, and files: what residents send beside their words, and what the desk sends them."""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from handlers import access, exchange, files, letters, walk_in
from handlers.acts import Act
from handlers.messages import Incoming
from storage import tables
from storage.ids import new_id
from storage.moments import DAY, MINUTE, SECOND
from storage.queries import attachments
from storage.queries import letters as letter_rows
from storage.queries.attachments import Outcome, Wanted
from storage.queries.sent_files import NewFile
from tests.simulation.town import OPEN, Happening, Part, Said, Town, by_day, rows_of, says, tip_told
from tests.simulation.year import PEOPLE, STORIES, WARD, Event, World

_FILES = {"photo": "image/jpeg", "voice": "audio/ogg", "file": "application/pdf"}


def _day(number: int, chance: random.Random, is_holiday: bool) -> Iterator[Happening]:
    who, at, story = chance.randrange(PEOPLE), by_day(chance), chance.choice(STORIES)
    if number % 4 == 0:
        fence = ("restricted:fence",) if number % 8 == 4 else ()
        words: tuple[Said, ...] = ((2 * DAY, "text", "khiếu nại"), (SECOND, "text", "Đã ba ngày chưa ai gọi lại cho tôi"))
        yield from says(at, who, *tip_told(story, *fence), *words)
    elif number % 4 == 1:
        words = ((DAY, "text", "tôi thấy bị đe dọa"), (SECOND, "text", "Hàng xóm nói biết ai báo rồi"), (SECOND, "button", "leave"))
        yield from says(at, who, *tip_told(story), *words)
    elif number % 4 == 2:
        yield from says(at, who, (0, "text", "dữ liệu của tôi"), (SECOND, "button", "data:know"), (SECOND, "button", "data-send"))
        yield from says(at + 4 * DAY, who, (0, "text", "xem"))
    else:
        yield from says(at, who, (0, "button", "report"), (SECOND, "text", story), (SECOND, "photo", ""), (SECOND, "photo", ""))
        yield from says(at + MINUTE, who, *((20 * SECOND, "button", data) for data in ("send", "safe:alone", "after-end")))
        more: tuple[Said, ...] = ((2 * MINUTE, "photo", "Ảnh chụp thêm"), (MINUTE, "voice", ""), (5 * MINUTE, "file", ""))
        yield from says(at + 2 * MINUTE, who, *more)
        yield from says(at + DAY, who, (0, "text", "xem"))
    if not is_holiday:
        yield Happening(by_day(chance), "mail", number)
        yield Happening(by_day(chance), "mail behind the fence", number)
    if number % 3 == 1:
        yield Happening(by_day(chance), "sends file", number)
    if number % 4 == 3:
        yield Happening(by_day(chance), "photographs letter", number)


# -- letters ---------------------------------------------------------------------------------------------------------------------


def _mail(town: Town, event: Event) -> None:
    _read(town, town.officers[0], event.who)


def _mail_fenced(town: Town, event: Event) -> None:
    """Of what is about a fenced tip, nothing comes to anybody of the ward."""
    keeper_id = next(one for one in (town.keepers[event.who % 2], *town.keepers) if one not in town.away)
    _read(town, keeper_id, event.who, name=" behind the fence")


def _read(town: Town, officer_id: int, turn: int, name: str = "") -> None:
    """Each is read and answered: in writing mostly, now and then somebody was met or called."""
    found = town.memory.read(lambda session: letter_rows.open_letters(session, access.sight_now(session, WARD, officer_id)))
    for place, line in enumerate(found):
        seen, act = town.act(officer_id), town.act(officer_id)
        town.attempt(f"letter read{name}", _look(seen, line.id))
        whole = town.memory.read(_whole(officer_id, line.id))
        if (turn + place) % 5 == 4 or whole is None or whole.chat_id is None:
            town.attempt(f"letter talked over{name}", _talk(act, line.id))
        else:
            town.attempt(f"letter answered{name}", _answer(town, act, line.id))


def _look(act: Act, letter_id: int) -> Callable[[Session], Any]:
    return lambda session: letters.look_at(session, act, letter_id)


def _whole(officer_id: int, letter_id: int) -> Callable[[Session], letter_rows.Letter | None]:
    return lambda session: letter_rows.letter(session, access.sight_now(session, WARD, officer_id), letter_id)


def _talk(act: Act, letter_id: int) -> Callable[[Session], Any]:
    return lambda session: letters.note_talk(session, act, letter_id, how="called", words="Đã gọi, người dân đồng ý chờ thêm")


def _answer(town: Town, act: Act, letter_id: int) -> Callable[[Session], Any]:
    return lambda session: letters.answer(session, town.ward, act, letter_id, words="Chỉ huy đã xem lại việc này", draw=new_id)


# -- files -------------------------------------------------------------------------------------------------------------------------


def _incoming(incoming: Incoming) -> Incoming:
    mime = _FILES.get(incoming.kind)
    return replace(incoming, file={"id": incoming.source, "mime": mime}) if mime else incoming


def _fetch(world: World) -> int:
    """As `bot/media.py` does it, without bytes: most can be had, some do not open, some are too big for their platform."""
    claimed = world.write(lambda session: attachments.claim_due(session, now=world.now, most=16))
    for wanted in claimed:
        outcome = _outcome(world, wanted)
        ids = {"history_id": new_id(), "notice_id": new_id(), "row_id": new_id()}
        world.write(_noted(world, wanted, outcome, ids))
        world.done[f"file {outcome.status}"] += 1
    return len(claimed)


def _noted(world: World, wanted: Wanted, outcome: Outcome, ids: dict[str, int]) -> Callable[[Session], bool]:
    book, url, now = world.ward.book, "https://keng.example", world.now
    return lambda session: files.note(session, book, wanted, outcome, public_url=url, now=now, **ids)


def _outcome(world: World, wanted: Wanted) -> Outcome:
    turn = world.done["files"] % 4
    world.done["files"] += 1
    if turn == 2:
        return Outcome(status="failed", note="too_big")
    sha256 = hashlib.sha256(str(wanted.id).encode()).hexdigest()
    kept = Outcome(status="stored", sha256=sha256, size=1000, mime="image/jpeg", original=f"originals/{wanted.id}", file_key=bytes(32))
    return replace(kept, status="refused", note="unknown_type") if turn == 3 else kept


def _sends_file(town: Town, event: Event) -> None:
    """With a word or with a question; where contact was cut nobody can be written to."""
    officer_id, tip_id = town.on_shift(), town.pick(f"{OPEN} AND restricted = '' AND accepted_at IS NOT NULL AND chat_id IS NOT NULL")
    if officer_id is None or tip_id is None:
        return
    file_id, act = new_id(), town.act(officer_id)
    sha256 = hashlib.sha256(str(file_id).encode()).hexdigest()
    file = NewFile(id=file_id, kind="photo", mime="image/jpeg", place=f"copies/{file_id}", key=bytes(32), sha256=sha256, size=1000)
    told: dict[str, Any] = {"tip_id": tip_id, "draw": new_id, "file": file}
    if event.who % 2:
        town.attempt("file told", lambda session: exchange.tell(session, town.ward, act, words="Mời xem giấy hẹn gửi kèm", **told))
    else:
        asked = {**told, "words": "Có phải chiếc xe trong ảnh không ạ?", "question_id": new_id()}
        town.attempt("file asked about", lambda session: exchange.ask(session, town.ward, act, **asked))


def _photographs_letter(town: Town, event: Event) -> None:
    officer_id, tip_id = town.on_shift(), town.pick(f"{OPEN} AND restricted = '' AND received_at IS NOT NULL")
    if officer_id is None or tip_id is None:
        return
    act, attachment_id = town.act(officer_id), new_id()
    file = {"stored": f"originals/{attachment_id}", "key": bytes(32).hex(), "mime": "image/jpeg"}
    values: dict[str, Any] = {"tip_id": tip_id, "attachment_id": attachment_id, "kind": "photo", "file": file}
    town.attempt("letter photographed", lambda session: walk_in.attach(session, act, **values))
    town.stirs()


def _account(_town: Town, session: Session) -> dict[str, Any]:
    return {
        "letters": rows_of(session, tables.Appeal, "id", "kind", "tip_id", "asked_at", "due_at", "seen_by", "answered_by", "answered_at"),
        "files": rows_of(session, tables.Attachment, "id", "tip_id", "status", "sent_by", "created_at"),
        "sent": rows_of(session, tables.OutboxRow, "tip_id", "kind", "created_at"),
    }


PART = Part(
    name="post",
    day=_day,
    happens={"mail": _mail, "mail behind the fence": _mail_fenced, "sends file": _sends_file, "photographs letter": _photographs_letter},
    beats={"files brought": _fetch},
    account=_account,
    incoming=_incoming,
)
HAPPENED = (
    *("letter read", "letter answered", "letter talked over", "letter read behind the fence", "letter answered behind the fence"),
    *("file stored", "file refused", "file failed", "file told", "file asked about", "letter photographed"),
)
