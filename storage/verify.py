"""Is everything as it ought to be? The chain is recomputed, every tip is told anew from its history and compared with its row, and
every sealed value and file is opened.

One reading transaction sees the database at one moment; files are looked at afterwards. Says ids and kinds of rows, never contents.
"""

import contextlib
import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import func, or_, select
from sqlmodel import Session, SQLModel, col

from storage import moments
from storage.keyed import Keyed
from storage.media import MediaStore
from storage.places import coarsened
from storage.queries import chain, figures
from storage.queries.aftercare import appeal_answer_place, appeal_key_place, appeal_words_place, body_place, question_place
from storage.queries.attachments import fingerprint
from storage.queries.callbacks import callback_key_place, number_place
from storage.queries.covered import covered_key_place
from storage.queries.held_texts import held_place, held_reason_place
from storage.queries.history import mark, secret_place
from storage.queries.openings import reason_place
from storage.queries.rings import chat_key_place
from storage.queries.tip_notes import note_mark, note_place
from storage.queries.tips import file_key_place, open_place, open_words, ring_of, sha256_place, source_place
from storage.quick import Quick, as_json
from storage.replay import ClockBelieved, CoveredBelieved, FileBelieved, Happening, QuestionBelieved, TipBelieved, detail_of, replay
from storage.tables import (
    Appeal,
    Attachment,
    BookCounter,
    BookEntry,
    Callback,
    Chat,
    CoveredPhoto,
    Deadline,
    HeldText,
    HistoryRow,
    Identity,
    InboxRow,
    Notice,
    Opening,
    OutboxRow,
    Piece,
    Question,
    Tip,
    TipNote,
    WebMessage,
)
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of
from storage.ward_keys import ward_keys

# A row that was just written may wait for its link so long before it is a finding.
_LINKED_WITHIN = moments.MINUTE
_STEP = 500
_HISTORY = Quick(
    "SELECT h.tip_id, h.at, h.actor, h.what, h.detail FROM history h LEFT JOIN history_links l ON l.history_id = h.id"
    " WHERE h.ward_id = :ward_id AND h.tip_id >= :first AND h.tip_id <= :last ORDER BY h.tip_id, COALESCE(l.seq, 9000000000000000000), h.id"
)
_LETTERS_SHREDDED = Quick("SELECT detail FROM history WHERE ward_id = :ward_id AND what = 'letter_shredded'")
_APPEALED = Quick("SELECT tip_id, at, what, detail FROM history WHERE ward_id = :ward_id AND substr(what, 1, 9) = 'appealed_'")


@dataclass(slots=True)
class Report:
    counts: dict[str, Any] = field(default_factory=dict)
    differences: list[dict[str, Any]] = field(default_factory=list)
    head: str = ""
    files: list["FileToSee"] = field(default_factory=list)

    def find(self, kind: str, row_id: int | None = None, what: str = "") -> None:
        self.differences.append({"kind": kind, "id": row_id, "what": what})


@dataclass(frozen=True, slots=True, repr=False)
class FileToSee:
    attachment: int
    place: str
    key: bytes
    sha256: str  # Empty for a copy, which only has to open.


def verify(session: Session, ward_id: int, *, now: int, heads: list[chain.Head]) -> Report:
    """All that the database can tell. The files it names are left for `verify_files`."""
    report = Report(counts=_counts(session, ward_id), head=str(chain.head(session, ward_id)))
    _check_chain(session, ward_id, report, now=now)
    for head in heads:
        if not chain.agrees(session, ward_id, head):
            report.find("head", None, str(head))
    for tips in _in_steps(session, Tip, ward_id):
        _check_tips(session, ward_id, tips, report)
    _check_books(session, ward_id, report)
    _check_strays(session, ward_id, report)
    _check_chats(session, ward_id, report)
    _check_history_secrets(session, ward_id, report)
    _check_callbacks(session, ward_id, report)
    _check_appeals(session, ward_id, report)
    for tip_id, what in figures.differences(session, ward_id):
        report.find("figures", tip_id, what)
    return report


def verify_files(report: Report, store: MediaStore) -> None:
    for file in report.files:
        try:
            content = store.read(file.place, key=file.key)
        except FileNotFoundError:
            report.find("file", file.attachment, "missing")
        except (Sealed, OSError, ValueError):  # Not as it was sealed, not readable, or a place that is none of ours.
            report.find("file", file.attachment, "changed")
        else:
            if file.sha256 and hashlib.sha256(content).hexdigest() != file.sha256:
                report.find("file", file.attachment, "changed")


def _counts(session: Session, ward_id: int) -> dict[str, Any]:
    def by(column: Any, ward: Any) -> dict[str, int]:
        rows = session.execute(select(column, func.count()).where(ward == ward_id).group_by(column)).all()
        return {str(row[0]): int(row[1]) for row in rows}

    states = by(col(Tip.state), col(Tip.ward_id))
    return {
        "tips": sum(number for state, number in states.items() if state not in ("S0", "dropped")),
        "drafts": states.get("S0", 0),
        "dropped": states.get("dropped", 0),
        "attachments": by(col(Attachment.status), col(Attachment.ward_id)),
        "outbox": by(col(OutboxRow.status), col(OutboxRow.ward_id)),
        "history": sum(by(col(HistoryRow.ward_id), col(HistoryRow.ward_id)).values()),
    }


def _check_chain(session: Session, ward_id: int, report: Report, *, now: int) -> None:
    key, expected, before = ward_keys(session, ward_id).chain, 1, chain.START
    for seq, mac, row in chain.linked(session, ward_id):
        if seq != expected:
            report.find("link", expected, "missing")
        elif row[0] is None:
            report.find("history", None, f"missing at link {seq}")
        elif not _is_linked(key, seq, before, row, mac):
            report.find("history", row[0], "changed, or its link")
        expected, before = seq + 1, mac
    for row_id, at in chain.unlinked(session, ward_id):
        if now - at > _LINKED_WITHIN:
            report.find("history", row_id, "without a link")


def _is_linked(key: Keyed, seq: int, before: str, row: Any, mac: str) -> bool:
    try:
        return chain.link_mac(key, seq, before, row) == mac
    except (TypeError, ValueError):  # A detail or a secret that is not even one.
        return False


def _in_steps(session: Session, table: Any, ward_id: int) -> Iterator[list[Any]]:
    after = -1
    while True:
        query = select(table).where(col(table.ward_id) == ward_id, col(table.id) > after).order_by(col(table.id)).limit(_STEP)
        rows = list(session.execute(query).scalars())
        if not rows:
            return
        yield rows
        after = rows[-1].id
        session.expunge_all()


def _check_tips(session: Session, ward_id: int, tips: list[Tip], report: Report) -> None:
    ids = [tip.id for tip in tips]
    told = _HISTORY.run(session, ward_id=ward_id, first=ids[0], last=ids[-1]).fetchall()
    believed = {
        tip_id: replay(Happening(at, actor, what, detail_of(detail)) for _tip, at, actor, what, detail in rows)
        for tip_id, rows in itertools.groupby(told, key=lambda row: row[0])
    }
    pieces = _by_tip(session, Piece, ids)
    files = _by_tip(session, Attachment, ids)
    covered = _by_tip(session, CoveredPhoto, ids)
    identities = _by_tip(session, Identity, ids)
    notices = _by_tip(session, Notice, ids)
    questions = _by_tip(session, Question, ids)
    entries = _by_tip(session, BookEntry, ids)
    clocks = _by_tip(session, Deadline, ids)
    notes = _by_tip(session, TipNote, ids)
    for tip in tips:
        if tip.id not in believed:
            report.find("tip", tip.id, "without history")
            continue
        try:
            ring = ring_of(session, tip)
        except (Sealed, WrongMaster):
            report.find("tip", tip.id, "its key does not open")
            continue
        _check_tip(session, tip, ring, believed[tip.id], report)
        _check_pieces(session, tip, ring, pieces.get(tip.id, []), believed[tip.id], report)
        _check_attachments(session, tip, ring, files.get(tip.id, []), believed[tip.id], report)
        _check_covered(ring, covered.get(tip.id, []), believed[tip.id], report)
        _check_notices(ring, notices.get(tip.id, []), believed[tip.id], report)
        _check_questions(ring, questions.get(tip.id, []), believed[tip.id], report)
        _check_entries(ring, entries.get(tip.id, []), believed[tip.id], report)
        _check_clocks(clocks.get(tip.id, []), believed[tip.id], report)
        _check_notes(session, tip, ring, notes.get(tip.id, []), believed[tip.id], report)
        for missing in believed[tip.id].identities - {row.id for row in identities.get(tip.id, []) if row.value is not None}:
            report.find("identity", missing, "missing")
        if ring is not None:
            _check_sealed_for_the_desk(session, tip.id, ring, report)


def _check_sealed_for_the_desk(session: Session, tip_id: int, ring: Ring, report: Report) -> None:
    """Answers that wait under the tip's own ring, and the reasons somebody gave for opening something of it."""
    answers = select(col(OutboxRow.id), col(OutboxRow.reply)).where(col(OutboxRow.tip_id) == tip_id, col(OutboxRow.sealed_under) == "tip")
    for row_id, reply in session.execute(answers):
        _try(report, "outbox", row_id, "reply", ring, reply, Place("outbox", "reply", row_id))
    held = select(col(HeldText.id), col(HeldText.body), col(HeldText.reason)).where(col(HeldText.tip_id) == tip_id)
    for row_id, body, reason in session.execute(held):
        _try(report, "held_text", row_id, "body", ring, body, held_place(row_id))
        _try(report, "held_text", row_id, "reason", ring, reason, held_reason_place(row_id))
    for row_id, reason in session.execute(select(col(Opening.id), col(Opening.reason)).where(col(Opening.tip_id) == tip_id)):
        _try(report, "opening", row_id, "reason", ring, reason, reason_place(row_id))


def _by_tip(session: Session, table: Any, ids: list[int]) -> dict[int, list[Any]]:
    rows = session.execute(select(table).where(col(table.tip_id).in_(ids)).order_by(col(table.tip_id), col(table.id))).scalars()
    return {tip_id: list(some) for tip_id, some in itertools.groupby(rows, key=lambda row: row.tip_id)}


def _check_tip(session: Session, tip: Tip, ring: Ring | None, believed: TipBelieved, report: Report) -> None:
    seen = {
        "state": tip.state == believed.state,
        "category": tip.category == believed.category,
        "cell": tip.cell == coarsened(believed.cell, tip.category),
        "about": tip.about == believed.about,
        "arrived_at": tip.arrived_at == believed.arrived_at,
        "accepted_at": tip.accepted_at == believed.accepted_at,
        "closed_at": tip.closed_at == believed.closed_at,
        "accepted_by": (f"officer:{tip.accepted_by}" if tip.accepted_by else "") == believed.accepted_by,
        "handler_id": tip.handler_id == believed.handler_id,
        "dispatched_at": tip.dispatched_at == believed.first("sent"),
        "left_at": tip.left_at == believed.first("left"),
        "there_at": tip.there_at == believed.first("there"),
        "code_tail": tip.code_tail == believed.tail,
        "code_hash": (mark(session, tip.ward_id, "code", tip.code_hash) if tip.code_hash else "") == believed.code,
        "danger": tip.danger == believed.danger,
        "urgent_at": tip.urgent_at == believed.urgent_at,
        "safe": tip.safe == believed.safe,
        "neighbourhood_id": tip.neighbourhood_id == believed.neighbourhood_id,
        "is_unfinished": tip.is_unfinished == believed.is_unfinished,
        "held_why": tip.held_why == believed.held_why,
        "rating": tip.rating == believed.rating,
        "track": tip.track == believed.track,
        "track_approved_at": tip.track_approved_at == believed.track_approved_at,
        "kind": tip.kind == believed.kind,
        "book": (tip.book, tip.book_number, tip.book_year) == (believed.book, believed.book_number, believed.book_year),
        "entered_at": tip.entered_at == believed.entered_at,
        "reported_at": tip.reported_at == believed.reported_at,
        "alone_told_at": tip.alone_told_at == believed.alone_told_at,
        "due_at": tip.due_at == believed.due_at,
        "received_at": tip.received_at == believed.received_at,
        "sector_hash": (mark(session, tip.ward_id, "sector", tip.sector_hash) if tip.sector_hash else "") == believed.sector,
        "known_how": tip.known_how == believed.known_how,
        "event_id": tip.event_id == believed.event_id,
        "restricted": tip.restricted == believed.restricted,
        "concern_at": tip.concern_at == believed.concern_at,
        "paper_number": tip.paper_number == believed.paper_number,
        "paper_asked_by": (f"officer:{tip.paper_asked_by}" if tip.paper_asked_by else "") == believed.paper_asked_by,
        "chat_id": (tip.chat_id is not None) == believed.has_chat,
        "data_key": (ring is None) == believed.is_shredded,
    }
    for name, is_right in seen.items():
        if not is_right:
            report.find("tip", tip.id, name)
    try:
        place = mark(session, tip.ward_id, "place", str(tip.id), as_json(open_place(ring, tip))) if tip.place else ""
        if place != believed.place:
            report.find("tip", tip.id, "place")
    except Sealed:
        report.find("tip", tip.id, "place")


class _Row(Protocol):
    id: int


def _find_missing(report: Report, kind: str, told: Iterable[int], rows: Iterable[_Row]) -> None:
    """Rows that the history tells of and that are not there any more."""
    for missing in set(told) - {row.id for row in rows}:
        report.find(kind, missing, "missing")


def _check_pieces(session: Session, tip: Tip, ring: Ring | None, pieces: list[Piece], believed: TipBelieved, report: Report) -> None:
    _find_missing(report, "piece", believed.pieces, pieces)
    for piece in pieces:
        if piece.id not in believed.pieces:
            report.find("piece", piece.id, "without history")
        elif ring is not None and not _is_as_said(session, tip, ring, piece, believed.pieces[piece.id]):
            report.find("piece", piece.id, "changed")
        elif ring is None and piece.words is not None:
            report.find("piece", piece.id, "not shredded")


def _is_as_said(session: Session, tip: Tip, ring: Ring, piece: Piece, told: str) -> bool:
    try:
        return piece.words is not None and mark(session, tip.ward_id, "words", str(piece.id), open_words(ring, piece)) == told
    except Sealed:
        return False


def _check_attachments(
    session: Session, tip: Tip, ring: Ring | None, files: list[Attachment], believed: TipBelieved, report: Report
) -> None:
    _find_missing(report, "attachment", believed.files, files)
    for file in files:
        told = believed.files.get(file.id)
        if told is None:
            report.find("attachment", file.id, "without history")
        elif file.status != told.status:
            report.find("attachment", file.id, "status")
        elif file.status in ("stored", "refused") and file.original:
            _check_file(session, tip, ring, file, told, report)
        elif file.status == "waiting" and ring is not None:
            _try(report, "attachment", file.id, "source", ring, file.source, source_place(file.id))


def _check_file(session: Session, tip: Tip, ring: Ring | None, file: Attachment, told: FileBelieved, report: Report) -> None:
    try:
        if ring is None or file.file_key is None or file.sha256 is None:
            raise Sealed("attachments")
        key = ring.open(file.file_key, file_key_place(file.id))
        sha256 = ring.open_text(file.sha256, sha256_place(file.id))
    except Sealed:
        report.find("attachment", file.id, "does not open")
        return
    if not fingerprint(session, tip.ward_id, sha256) == file.fingerprint == told.fingerprint:
        report.find("attachment", file.id, "hash")
    report.files.append(FileToSee(file.id, file.original, key, sha256))
    report.files += [FileToSee(file.id, place, key, "") for place in (file.work, file.thumb) if place]


def _check_covered(ring: Ring | None, covered: list[CoveredPhoto], believed: TipBelieved, report: Report) -> None:
    """Copies with parts blacked out: each as the history tells of it, and its file there."""
    _find_missing(report, "covered_photo", believed.covered, covered)
    for one in covered:
        told = believed.covered.get(one.id)
        if told is None:
            report.find("covered_photo", one.id, "without history")
        elif CoveredBelieved(one.attachment_id, one.turn, one.boxes, f"officer:{one.made_by}", one.made_at) != told:
            report.find("covered_photo", one.id, "changed")
        if ring is None:
            if one.file_key is not None or one.place:
                report.find("covered_photo", one.id, "not shredded")
            continue
        try:
            if one.file_key is None or not one.place:
                raise Sealed("covered_photos")
            report.files.append(FileToSee(one.id, one.place, ring.open(one.file_key, covered_key_place(one.id)), ""))
        except Sealed:
            report.find("covered_photo", one.id, "does not open")


def _check_notices(ring: Ring | None, notices: list[Notice], believed: TipBelieved, report: Report) -> None:
    """What the desk had to say. That it was written is told by the row alone; that it was read, by the history too."""
    _find_missing(report, "notice", believed.notices_read, notices)
    for notice in notices:
        if notice.read_at != believed.notices_read.get(notice.id):
            report.find("notice", notice.id, "read_at")
        _check_cell(report, "notice", notice.id, "body", ring, notice.body, body_place(notice.id))


def _check_questions(ring: Ring | None, questions: list[Question], believed: TipBelieved, report: Report) -> None:
    _find_missing(report, "question", believed.questions, questions)
    for question in questions:
        told = believed.questions.get(question.id, QuestionBelieved())
        if (question.settled_at, question.outcome) != (told.settled_at, told.outcome):
            report.find("question", question.id, "outcome")
        _check_cell(report, "question", question.id, "words", ring, question.words, question_place(question.id))


def _check_entries(ring: Ring | None, entries: list[BookEntry], believed: TipBelieved, report: Report) -> None:
    _find_missing(report, "book_entry", believed.entries, entries)
    for entry in entries:
        if entry.id not in believed.entries:
            report.find("book_entry", entry.id, "without history")
        if entry.copied_at != believed.copied.get(entry.id):
            report.find("book_entry", entry.id, "copied_at")
        _check_cell(report, "book_entry", entry.id, "body", ring, entry.body, Place("book_entries", "body", entry.id))


def _check_books(session: Session, ward_id: int, report: Report) -> None:
    """Numbers run from 1 without a gap, and the counter stands at the last one."""
    for counter in session.execute(select(BookCounter).where(col(BookCounter.ward_id) == ward_id)).scalars():
        mine = (col(BookEntry.ward_id) == ward_id, col(BookEntry.book) == counter.book, col(BookEntry.year) == counter.year)
        lowest, highest, many = session.execute(
            select(func.min(col(BookEntry.number)), func.max(col(BookEntry.number)), func.count()).where(*mine)
        ).one()
        if (lowest, highest, many) != (1, counter.last, counter.last):
            report.find("book", None, f"{counter.book} {counter.year}: not 1 to {counter.last} without a gap")


def _check_clocks(clocks: list[Deadline], believed: TipBelieved, report: Report) -> None:
    _find_missing(report, "clock", believed.clocks, clocks)
    for clock in clocks:
        told = believed.clocks.get(clock.id)
        if told is None:
            report.find("clock", clock.id, "without history")
        elif ClockBelieved(clock.kind, clock.amount, clock.starts_at, clock.due_at, clock.settled_at, clock.outcome) != told:
            report.find("clock", clock.id, "changed")


def _check_notes(session: Session, tip: Tip, ring: Ring | None, notes: list[TipNote], believed: TipBelieved, report: Report) -> None:
    """What officers wrote among themselves: in the words in which it was written, and struck out only where the history says so."""
    _find_missing(report, "note", believed.notes, notes)
    for note in notes:
        told = believed.notes.get(note.id)
        if told is None:
            report.find("note", note.id, "without history")
        elif note.struck_at != told.struck_at:
            report.find("note", note.id, "struck_at")
        elif ring is None and note.words is not None:
            report.find("note", note.id, "not shredded")
        elif ring is not None and not _is_as_written(session, tip, ring, note, told.mark):
            report.find("note", note.id, "changed")


def _is_as_written(session: Session, tip: Tip, ring: Ring, note: TipNote, told: str) -> bool:
    try:
        return note.words is not None and note_mark(session, tip.ward_id, note.id, ring.open_text(note.words, note_place(note.id))) == told
    except Sealed:
        return False


def _check_cell(report: Report, kind: str, row_id: int, what: str, ring: Ring | None, value: bytes | None, place: Place) -> None:
    """One that is never empty while the tip has a key, and always afterwards."""
    if ring is None and value is not None:
        report.find(kind, row_id, "not shredded")
    elif ring is not None and value is None:
        report.find(kind, row_id, what)
    elif ring is not None:
        _try(report, kind, row_id, what, ring, value, place)


def _check_strays(session: Session, ward_id: int, report: Report) -> None:
    """Tips that the history tells of and nobody finds any more."""
    known = select(col(Tip.id))
    query = select(col(HistoryRow.tip_id)).where(
        col(HistoryRow.ward_id) == ward_id, col(HistoryRow.tip_id).is_not(None), col(HistoryRow.tip_id).not_in(known)
    )
    for tip_id in session.execute(query.distinct()).scalars():
        report.find("tip", tip_id, "missing")


def _check_chats(session: Session, ward_id: int, report: Report) -> None:
    for chats in _in_steps(session, Chat, ward_id):
        for chat in chats:
            try:
                ring = vault_of(session).unwrap(chat.data_key, chat_key_place(chat.id))
            except Shredded:
                continue
            except (Sealed, WrongMaster):
                report.find("chat", chat.id, "its key does not open")
                continue
            _try(report, "chat", chat.id, "state", ring, chat.state, Place("chats", "state", chat.id))
            _try(report, "chat", chat.id, "address", ring, chat.address, Place("chats", "address", chat.id))
            _check_of_chat(session, ring, chat, report)


def _check_of_chat(session: Session, ring: Ring, chat: Chat, report: Report) -> None:
    for row_id, payload in _cells(session, InboxRow, InboxRow.payload, chat.id):
        _try(report, "inbox", row_id, "payload", ring, payload, Place("inbox", "payload", row_id))
    for row_id, body in _cells(session, WebMessage, WebMessage.body, chat.id):
        _try(report, "web message", row_id, "body", ring, body, Place("web_messages", "body", row_id))
    query = select(col(OutboxRow.id), col(OutboxRow.reply)).where(col(OutboxRow.chat_id) == chat.id, col(OutboxRow.sealed_under) == "chat")
    for row_id, reply in session.execute(query):
        _try(report, "outbox", row_id, "reply", ring, reply, Place("outbox", "reply", row_id))
    for tip_id, code in session.execute(select(col(Tip.id), col(Tip.code)).where(col(Tip.chat_id) == chat.id)):
        _try(report, "tip", tip_id, "code", ring, code, Place("tips", "code", tip_id))


def _cells(session: Session, table: type[SQLModel], column: Any, chat_id: int) -> list[tuple[int, bytes | None]]:
    query = select(table.id, column).where(table.chat_id == chat_id, column.is_not(None))  # type: ignore[attr-defined]
    return [(row[0], row[1]) for row in session.execute(query)]


def _check_history_secrets(session: Session, ward_id: int, report: Report) -> None:
    query = (
        select(HistoryRow, Tip)
        .join(Tip, col(Tip.id) == col(HistoryRow.tip_id))
        .where(col(HistoryRow.ward_id) == ward_id, col(HistoryRow.secret).is_not(None))
    )
    for row, tip in session.execute(query):
        with contextlib.suppress(Sealed, WrongMaster):  # A key that does not open was found with its tip.
            if (ring := ring_of(session, tip)) is not None:
                _try(report, "history", row.id, "secret", ring, row.secret, secret_place(row.id))


def _check_callbacks(session: Session, ward_id: int, report: Report) -> None:
    for callback in session.execute(select(Callback).where(col(Callback.ward_id) == ward_id)).scalars():
        if callback.data_key is not None:
            _check_callback(session, callback, report)


def _check_callback(session: Session, callback: Callback, report: Report) -> None:
    try:
        ring = vault_of(session).unwrap(callback.data_key, callback_key_place(callback.id))
    except (Sealed, WrongMaster):
        report.find("callback", callback.id, "its key does not open")
        return
    _try(report, "callback", callback.id, "number", ring, callback.number, number_place(callback.id))


def _check_appeals(session: Session, ward_id: int, report: Report) -> None:
    """Complaints, threats and wishes about data. They may belong to no tip, and have rings of their own."""
    told = _appeals_told(session, ward_id)
    # Those about a tip went with it, if they were written before it did, and answered where it went to paper; others by themselves.
    went = select(col(Appeal.id)).join(Tip, col(Tip.id) == col(Appeal.tip_id))
    went = went.where(col(Appeal.ward_id) == ward_id, col(Tip.data_key).is_(None), col(Tip.shredded_at) >= col(Appeal.asked_at))
    went = went.where(or_(col(Tip.state) != "paper", col(Appeal.answered_at) <= col(Tip.shredded_at)))
    gone = set(session.execute(went).scalars())
    gone |= {detail_of(detail).get("letter") for (detail,) in _LETTERS_SHREDDED.run(session, ward_id=ward_id).fetchall()}
    appeals = list(session.execute(select(Appeal).where(col(Appeal.ward_id) == ward_id).order_by(col(Appeal.id))).scalars())
    for missing in set(told) - {appeal.id for appeal in appeals}:
        report.find("appeal", missing, "missing")
    for appeal in appeals:
        if appeal.id not in told:
            report.find("appeal", appeal.id, "without history")
        else:
            _check_appeal(session, appeal, told[appeal.id], appeal.id in gone, report)


@dataclass(frozen=True, slots=True)
class _AppealTold:
    kind: str
    about: str
    tip_id: int | None
    at: int
    due_at: int | None
    words: str  # The mark of them; empty without any.


def _appeals_told(session: Session, ward_id: int) -> dict[int, _AppealTold]:
    found = {}
    for tip_id, at, what, text in _APPEALED.run(session, ward_id=ward_id).fetchall():
        detail = detail_of(text)
        with contextlib.suppress(KeyError):  # A row that somebody bent; the chain says so.
            values = (detail["about"], tip_id, at, detail["due"], detail["mark"])
            found[detail["appeal"]] = _AppealTold(what.removeprefix("appealed_"), *values)
    return found


def _check_appeal(session: Session, appeal: Appeal, told: _AppealTold, is_shredded: bool, report: Report) -> None:
    seen = {
        "kind": (appeal.kind, appeal.about) == (told.kind, told.about),
        "tip_id": appeal.tip_id == told.tip_id,
        "asked_at": (appeal.asked_at, appeal.due_at) == (told.at, told.due_at),
        "data_key": (appeal.data_key is None) == is_shredded,
    }
    for name, is_right in seen.items():
        if not is_right:
            report.find("appeal", appeal.id, name)
    if appeal.data_key is None:
        return
    try:
        ring = vault_of(session).unwrap(appeal.data_key, appeal_key_place(appeal.id))
    except (Sealed, WrongMaster):
        report.find("appeal", appeal.id, "its key does not open")
        return
    if not _is_as_asked(session, ring, appeal, told.words):
        report.find("appeal", appeal.id, "words")
    _try(report, "appeal", appeal.id, "answer", ring, appeal.answer, appeal_answer_place(appeal.id))


def _is_as_asked(session: Session, ring: Ring, appeal: Appeal, told: str) -> bool:
    try:
        words = ring.open_text(appeal.words, appeal_words_place(appeal.id)) if appeal.words is not None else ""
    except Sealed:
        return False
    return (mark(session, appeal.ward_id, "appeal", str(appeal.id), words) if words else "") == told


def _try(report: Report, kind: str, row_id: int, what: str, ring: Ring, value: bytes | None, place: Place) -> None:
    try:
        if value is not None:
            ring.open(value, place)
    except Sealed:
        report.find(kind, row_id, what)
