"""Tips as the desk reads them. Every function takes a `Sight` first: there is none that fetches a stranger's tip by accident, nor one
that an officer may not read.

Words, places and files are opened here with the tip's ring; whatever was shredded reads as nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlmodel import Session, col

from storage import moments
from storage.prepared import Prepared
from storage.queries.one_tip import tip_row, tip_rows
from storage.queries.rings import tip_key_place
from storage.queries.sight import Kind, Sight, kind_of
from storage.quick import Quick
from storage.tables import Attachment, HistoryRow, Neighbourhood, Piece, Tip
from storage.vault import Place, Ring, Sealed, WrongMaster, vault_of

T = TypeVar("T")
_NO_PLACE: dict[str, Any] = {"text": "", "latitude": None, "longitude": None}
# What of a tip's history the desk shows; marks of single sentences are for `keng verify`.
_SHOWN = (
    *("draft_opened", "arrived", "added", "file_added", "file_stored", "file_refused", "file_failed", "accepted", "words_read", "viewed"),
    *("photo_covered", "covered_downloaded"),
    *("file_downloaded", "named", "callback_given", "callback_viewed", "contact_cut", "identity_asked", "identity_approved"),
    *("identity_refused", "identity_seen", "originals_asked", "originals_approved", "originals_refused", "originals_seen", "shredded"),
    *("identity_expired", "originals_expired", "identity_ended", "originals_ended"),
    *("danger_heard", "told_nobody_accepted", "nobody_accepted", "question_asked", "question_withdrawn", "question_answered"),
    *(
        "question_skipped",
        "told",
        "notices_read",
        "moved",
        "book_moved",
        "book_entered",
        "book_copied",
        "book_corrected",
        "closed",
        "closed_result",
        "reopened",
        "rated",
        "blocked",
        "block_lifted",
        "clock_over",
        "clock_late",
        "alarm_answered",
    ),
    *("recategorised", "restricted", "restriction_lifted", "turned_away", "concern_raised", "concern_lifted"),
    *("paper_asked", "paper_withdrawn", "paper_refused", "paper_moved"),
    *("commander_called", "excerpt_sent"),
    *("text_held", "text_released", "text_returned", "file_to_resident"),
    *("brought_in", "code_renewed", "known_how_set", "event_linked", "event_unlinked"),
    *(
        "assigned",
        "given_back",
        "dispatched",
        "dispatch_left",
        "dispatch_there",
        "dispatch_corrected",
        "dispatch_recalled",
        "answer_not_needed",
    ),
    *("note_written", "note_struck"),
    *("printed_sheet", "printed_proposal", "printed_slip"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TipLine:
    """One row of the list."""

    id: int
    code_tail: str
    state: str
    category: str
    channel: str
    place: str
    arrived_at: int
    accepted_at: int | None
    first_words: str
    files: int
    is_damaged: bool  # Something of it does not open.
    shredded_at: int | None
    closed_at: int | None
    danger: str
    is_urgent: bool
    is_unfinished: bool
    safe: str
    neighbourhood: str
    held_why: str
    rating: int | None
    restricted: Kind = ""
    concern_at: int | None = None
    paper_number: str = ""
    is_stub: bool = False  # Restricted: that there is one, and nothing else of it.

    @property
    def is_urgent_now(self) -> bool:
        """A matter of minutes that is still open: it stands on top."""
        return self.is_urgent and self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    text: str
    said_at: int
    is_addition: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeen:
    id: int
    kind: str
    status: str
    note: str
    mime: str
    size: int
    width: int
    height: int
    sha256: str
    copy_mime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    at: int
    actor: str
    what: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """ "Chuyển hồ sơ giấy": asked by one person, with the number of the paper file, until another confirms it."""

    number: str
    asked_by: int | None
    asked_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TipWhole:
    id: int
    code_tail: str
    state: str
    category: str
    channel: str
    place: str
    latitude: float | None
    longitude: float | None
    cell: str  # As coarse as the map of tips shows it.
    arrived_at: int
    accepted_at: int | None
    about: str
    has_chat: bool
    shredded_at: int | None
    closed_at: int | None
    danger: str
    is_urgent: bool
    is_unfinished: bool
    safe: str
    neighbourhood: str
    held_why: str
    rating: int | None
    restricted: Kind  # Who alone reads it.
    is_by_choice: bool  # Restricted by a word of somebody, not by its category alone.
    concern_at: int | None
    paper: Paper
    is_damaged: bool  # Something of it does not open.
    unanswered_at: int | None  # Since when words of the resident wait for an answer.
    said: tuple[Said, ...]
    files: tuple[FileSeen, ...]
    history: tuple[Happened, ...]


def lines_of(session: Session, sight: Sight, ids: list[int]) -> list[TipLine]:
    """In the order of the ids; only what has arrived and may be read: whoever asks for these knows something of them."""
    # By id alone: with ward and state beside it, SQLite would rather walk along all tips of the ward.
    found = tip_rows(session, ids).values()
    lines = {line.id: line for line in lines_or_stubs(session, sight, [tip for tip in found if tip.arrived_at and sight.reads(tip)])}
    return [lines[tip_id] for tip_id in ids if tip_id in lines]


def _stub(tip: Tip) -> TipLine:
    return TipLine(
        id=tip.id,
        code_tail="",
        state="",
        category="",
        channel="",
        place="",
        arrived_at=tip.arrived_at or 0,
        accepted_at=None,
        first_words="",
        files=0,
        is_damaged=False,
        shredded_at=None,
        closed_at=None,
        danger="",
        is_urgent=False,
        is_unfinished=False,
        safe="",
        neighbourhood="",
        held_why="",
        rating=None,
        is_stub=True,
    )


_IDS: Any = bindparam("ids", expanding=True)
_PIECES = Prepared(select(col(Piece.tip_id), col(Piece.id), col(Piece.words)).where(col(Piece.tip_id).in_(_IDS)).order_by(col(Piece.id)))
_FILES = Prepared(
    select(col(Attachment.tip_id), func.count())
    .where(
        col(Attachment.tip_id).in_(_IDS),
        col(Attachment.status) != "withdrawn",
        col(Attachment.sent_by).is_(None),
        col(Attachment.letter_id).is_(None),
    )
    .group_by(col(Attachment.tip_id))
)
_NEIGHBOURHOODS = Prepared(select(col(Neighbourhood.id), col(Neighbourhood.name)).where(col(Neighbourhood.id).in_(_IDS)))


class PieceRow(NamedTuple):
    id: int
    words: bytes | None


def lines_or_stubs(session: Session, sight: Sight, shown: list[Tip]) -> list[TipLine]:
    """In the order of the tips; of what may not be read, that there is one."""
    tips = [tip for tip in shown if sight.reads(tip)]
    ids = [tip.id for tip in tips]
    readers = {tip.id: Reader.of(session, tip) for tip in tips}
    words: dict[int, str] = {}
    for tip_id, piece_id, sealed in _PIECES.rows(session, ids=ids):
        if tip_id not in words:
            words[tip_id] = readers[tip_id].words(PieceRow(piece_id, sealed))
    files = dict(_FILES.rows(session, ids=ids))
    names = _neighbourhoods(session, tips)
    lines = {
        tip.id: TipLine(
            id=tip.id,
            code_tail=tip.code_tail,
            state=tip.state,
            category=tip.category,
            channel=tip.channel,
            place=readers[tip.id].place(tip)["text"],
            arrived_at=tip.arrived_at or 0,
            accepted_at=tip.accepted_at,
            first_words=words.get(tip.id, ""),
            files=files.get(tip.id, 0),
            is_damaged=readers[tip.id].is_damaged,
            shredded_at=tip.shredded_at,
            closed_at=tip.closed_at,
            danger=tip.danger,
            is_urgent=tip.urgent_at is not None,
            is_unfinished=tip.is_unfinished,
            safe=tip.safe,
            neighbourhood=names.get(tip.neighbourhood_id or 0, ""),
            held_why=tip.held_why,
            rating=tip.rating,
            restricted=kind_of(tip, sight.chiefs),
            concern_at=tip.concern_at,
            paper_number=tip.paper_number,
        )
        for tip in tips
    }
    return [lines.get(tip.id) or _stub(tip) for tip in shown]


def _neighbourhoods(session: Session, tips: list[Tip]) -> dict[int, str]:
    """Names, also of those that are no more."""
    ids = sorted({tip.neighbourhood_id for tip in tips if tip.neighbourhood_id is not None})
    return dict(_NEIGHBOURHOODS.rows(session, ids=ids)) if ids else {}


VIEWS_ARE_ONE_WITHIN = 15 * moments.MINUTE
_VIEWED = Quick(
    "SELECT (SELECT max(at) FROM history WHERE tip_id = :tip_id AND actor = :me AND what = 'viewed' AND at > :since),"
    " (SELECT max(at) FROM history WHERE tip_id = :tip_id AND what = 'assigned'),"
    " (SELECT closed_at FROM tips WHERE id = :tip_id AND state = 'test')"
)


def viewed_lately(session: Session, tip_id: int, officer_id: int, *, now: int) -> bool:
    """Somebody who looks again and again within a quarter of an hour has looked once; but a tip that was handed to somebody
    meanwhile, or set aside, is looked at anew, because it stands as new at somebody's desk until then."""
    me, since = f"officer:{officer_id}", now - VIEWS_ARE_ONE_WITHIN
    seen_at, handed_at, aside_at = _VIEWED.run(session, tip_id=tip_id, me=me, since=since).fetchone()
    return seen_at is not None and seen_at >= max(handed_at or 0, aside_at or 0)


def arrivals(session: Session, sight: Sight, *, since: int, most: int) -> list[int]:
    """When the newest ones came. What a brake has set apart calls nobody, and what is restricted nobody who may not read it."""
    is_new = (col(Tip.ward_id) == sight.ward_id, col(Tip.arrived_at) > since, col(Tip.held_why) == "", sight.readable())
    query = select(col(Tip.arrived_at)).where(*is_new).order_by(col(Tip.arrived_at).desc()).limit(most)
    return list(session.execute(query).scalars())


def urgents(session: Session, sight: Sight, *, since: int, most: int) -> list[int]:
    """Since when those are urgent that came so, or became so, and are still open."""
    of_ward = (col(Tip.ward_id) == sight.ward_id, col(Tip.arrived_at).is_not(None))
    is_new = (*of_ward, col(Tip.urgent_at) > since, col(Tip.closed_at).is_(None), sight.readable())
    return list(session.execute(select(col(Tip.urgent_at)).where(*is_new).limit(most)).scalars())


def tip_whole(session: Session, sight: Sight, tip_id: int) -> TipWhole | None:
    """Only what has arrived: a draft belongs to its author. None too for one that may not be read."""
    tip = tip_row(session, sight.ward_id, tip_id)
    if tip is None or tip.arrived_at is None or not sight.reads(tip):
        return None
    pieces = session.execute(select(Piece).where(col(Piece.tip_id) == tip_id).order_by(col(Piece.said_at), col(Piece.id))).scalars()
    files = session.execute(
        select(Attachment)
        .where(
            col(Attachment.tip_id) == tip_id,
            col(Attachment.status) != "withdrawn",
            col(Attachment.sent_by).is_(None),
            col(Attachment.letter_id).is_(None),
        )
        .order_by(col(Attachment.id))
    ).scalars()
    history = session.execute(
        select(HistoryRow)
        .where(col(HistoryRow.tip_id) == tip_id, col(HistoryRow.what).in_(_SHOWN))
        .order_by(col(HistoryRow.at), col(HistoryRow.id))
    ).scalars()
    of_letters = _files_of_letters(session, tip_id)  # What came with a complaint is no business of who reads the tip.
    reader = Reader.of(session, tip)
    place = reader.place(tip)
    said = tuple(Said(text=reader.words(row), said_at=row.said_at, is_addition=row.is_addition) for row in pieces)
    seen = tuple(_file_seen(reader, row) for row in files)
    return TipWhole(
        id=tip.id,
        code_tail=tip.code_tail,
        state=tip.state,
        category=tip.category,
        channel=tip.channel,
        place=place["text"],
        latitude=place["latitude"],
        longitude=place["longitude"],
        cell=tip.cell,
        arrived_at=tip.arrived_at or 0,
        accepted_at=tip.accepted_at,
        about=tip.about,
        has_chat=tip.chat_id is not None,
        shredded_at=tip.shredded_at,
        closed_at=tip.closed_at,
        danger=tip.danger,
        is_urgent=tip.urgent_at is not None,
        is_unfinished=tip.is_unfinished,
        safe=tip.safe,
        neighbourhood=_neighbourhoods(session, [tip]).get(tip.neighbourhood_id or 0, ""),
        held_why=tip.held_why,
        rating=tip.rating,
        restricted=kind_of(tip, sight.chiefs),
        is_by_choice=tip.restricted != "",
        concern_at=tip.concern_at,
        paper=Paper(number=tip.paper_number, asked_by=tip.paper_asked_by, asked_at=tip.paper_asked_at),
        is_damaged=reader.is_damaged,
        unanswered_at=tip.unanswered_at,
        said=said,
        files=seen,
        history=tuple(
            Happened(at=row.at, actor=row.actor, what=row.what, detail=row.detail)
            for row in history
            if row.detail.get("attachment") not in of_letters
        ),
    )


def _files_of_letters(session: Session, tip_id: int) -> set[int]:
    query = select(col(Attachment.id)).where(col(Attachment.tip_id) == tip_id, col(Attachment.letter_id).is_not(None))
    return set(session.execute(query).scalars())


def files_of_letter(session: Session, tip: Tip, letter_id: int) -> tuple[FileSeen, ...]:
    """For who reads the letter: `storage/queries/letters.py` has asked."""
    query = select(Attachment).where(col(Attachment.letter_id) == letter_id, col(Attachment.status) != "withdrawn")
    reader = Reader.of(session, tip)
    return tuple(_file_seen(reader, row) for row in session.execute(query.order_by(col(Attachment.id))).scalars())


def _file_seen(reader: "Reader", row: Attachment) -> FileSeen:
    return FileSeen(
        id=row.id,
        kind=row.kind,
        status=row.status,
        note=row.note,
        mime=row.mime,
        size=row.size,
        width=row.width,
        height=row.height,
        sha256=reader.sha256(row),
        copy_mime=row.copy_mime,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """A file of an attachment, and what opens it."""

    tip_id: int
    place: str
    key: bytes
    mime: str
    kind: str


def file_with_tip(session: Session, sight: Sight, attachment_id: int, *more: ColumnElement[bool]) -> tuple[Attachment, Tip] | None:
    """A file of a tip that arrived, if this officer reads the tip."""
    row = session.execute(
        select(Attachment, Tip)
        .join(Tip, col(Tip.id) == col(Attachment.tip_id))
        .where(col(Attachment.ward_id) == sight.ward_id, col(Attachment.id) == attachment_id, col(Tip.arrived_at).is_not(None), *more)
    ).first()
    return (row[0], row[1]) if row is not None and sight.reads(row[1]) else None


def safe_copy(session: Session, sight: Sight, attachment_id: int, *, thumb: bool) -> FileSource | None:
    """The copy without metadata. There is no query for the original here."""
    row = file_with_tip(session, sight, attachment_id, col(Attachment.status) == "stored")
    if row is None:
        return None
    attachment, tip = row
    if attachment.letter_id is not None and not sight.reads_letters:
        return None
    place, ring = attachment.thumb if thumb else attachment.work, Reader.of(session, tip).ring
    if not place or ring is None or attachment.file_key is None:
        return None
    try:
        key = ring.open(attachment.file_key, file_key_place(attachment_id))
    except Sealed:
        return None
    mime = "image/jpeg" if thumb else attachment.copy_mime
    return FileSource(tip_id=tip.id, place=place, key=key, mime=mime, kind=attachment.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class TipByCode:
    id: int
    ward_id: int
    state: str
    channel: str
    latitude: float | None
    longitude: float | None
    arrived_at: int
    accepted_at: int | None
    book_number: str | None  # As people write it, 125/2026.
    sha256: tuple[str, ...]
    words: tuple[str, ...]


def tip_by_code(session: Session, code_hash: str) -> TipByCode | None:
    tip = session.execute(select(Tip).where(col(Tip.code_hash) == code_hash)).scalar_one_or_none()
    if tip is None:
        return None
    ring = ring_of(session, tip)
    place = open_place(ring, tip)
    sums = session.execute(
        select(Attachment)
        .where(col(Attachment.tip_id) == tip.id, col(Attachment.status) != "withdrawn", col(Attachment.letter_id).is_(None))
        .order_by(col(Attachment.id))
    ).scalars()
    words = session.execute(select(Piece).where(col(Piece.tip_id) == tip.id).order_by(col(Piece.id))).scalars()
    return TipByCode(
        id=tip.id,
        ward_id=tip.ward_id,
        state=tip.state,
        channel=tip.channel,
        latitude=place["latitude"],
        longitude=place["longitude"],
        arrived_at=tip.arrived_at or 0,
        accepted_at=tip.accepted_at,
        book_number=f"{tip.book_number}/{tip.book_year}" if tip.book_number else None,
        sha256=tuple(open_sha256(ring, row) for row in sums),
        words=tuple(open_words(ring, row) for row in words),
    )


# -- opening ---------------------------------------------------------------------------------------------------------------


class Words(Protocol):
    """A piece, or its two columns that are needed."""

    @property
    def id(self) -> Any: ...
    @property
    def words(self) -> Any: ...


class Closed(Protocol):
    """A tip, or its columns that are needed to open it."""

    @property
    def id(self) -> Any: ...
    @property
    def state(self) -> Any: ...
    @property
    def data_key(self) -> Any: ...
    @property
    def place(self) -> Any: ...


@dataclass(slots=True)
class Reader:
    """Opens a tip for a page or for the index. What does not open was changed behind our back, or broke: it is left out, and said,
    so that one cell takes nobody else's tips off the list. `keng verify` tells what it is."""

    ring: Ring | None
    is_damaged: bool = False

    @classmethod
    def of(cls, session: Session, tip: Closed) -> "Reader":
        if tip.state == "paper":  # Its key goes within the minute; nothing is opened with it meanwhile.
            return cls(None)
        try:
            return cls(ring_of(session, tip))
        except (Sealed, WrongMaster):
            return cls(None, is_damaged=True)

    def words(self, piece: Words) -> str:
        return self._opened(open_words, piece, "")

    def place(self, tip: Closed) -> dict[str, Any]:
        return self._opened(open_place, tip, {**_NO_PLACE})

    def sha256(self, attachment: Attachment) -> str:
        return self._opened(open_sha256, attachment, "")

    def _opened(self, opens: Callable[[Ring | None, Any], T], row: Any, otherwise: T) -> T:
        try:
            return opens(self.ring, row)
        except Sealed:
            self.is_damaged = True
            return otherwise


def ring_of(session: Session, tip: Closed) -> Ring | None:
    """None once the tip is shredded."""
    return vault_of(session).unwrap(tip.data_key, tip_key_place(tip.id)) if tip.data_key is not None else None


def open_words(ring: Ring | None, piece: Words) -> str:
    return ring.open_text(piece.words, words_place(piece.id)) if ring and piece.words else ""


def open_place(ring: Ring | None, tip: Closed) -> dict[str, Any]:
    if ring and tip.place:
        place: dict[str, Any] = ring.open_json(tip.place, place_place(tip.id))
        return place
    return {**_NO_PLACE}


def open_sha256(ring: Ring | None, attachment: Attachment) -> str:
    return ring.open_text(attachment.sha256, sha256_place(attachment.id)) if ring and attachment.sha256 else ""


def words_place(piece_id: int) -> Place:
    return Place("pieces", "words", piece_id)


def place_place(tip_id: int) -> Place:
    return Place("tips", "place", tip_id)


def code_place(tip_id: int) -> Place:
    return Place("tips", "code", tip_id)


def source_place(attachment_id: int) -> Place:
    return Place("attachments", "source", attachment_id)


def sha256_place(attachment_id: int) -> Place:
    return Place("attachments", "sha256", attachment_id)


def file_key_place(attachment_id: int) -> Place:
    return Place("attachments", "file_key", attachment_id)
