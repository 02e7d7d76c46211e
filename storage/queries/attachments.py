"""Attachments as work: claimed one by one, brought, checked, and their outcome noted."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from storage.queries.history import mark
from storage.queries.rings import tip_ring
from storage.queries.tips import file_key_place, sha256_place, source_place
from storage.quick import Quick
from storage.tables import Attachment
from storage.tables.columns import table_of
from storage.vault import Sealed, Shredded, WrongMaster

ATTACHMENTS = table_of(Attachment)
LEASE_MS = 10_000  # Renewed while somebody works on it, so that a crash holds nothing up for long.


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file that is to be brought, and whom to tell if it cannot be."""

    id: int
    ward_id: int
    tip_id: int
    chat_id: int | None  # None: contact was cut, nobody can be told.
    channel: str
    language: str
    kind: str
    source: dict[str, Any]  # Empty: it does not open.
    tries: int
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    status: str  # stored, refused, failed
    note: str = ""
    mime: str = ""
    copy_mime: str = ""
    sha256: str = ""
    file_key: bytes = b""
    size: int = 0
    width: int = 0
    height: int = 0
    original: str = ""
    work: str = ""
    thumb: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(place for place in (self.original, self.work, self.thumb) if place)


_HERE = "tip_id IN (SELECT id FROM tips WHERE channel = 'webchat')"  # A browser's uploads lie in the folder already.
_DUE = {
    only_here: Quick(
        f"SELECT id FROM attachments WHERE status = 'waiting' AND due_at <= :now{f' AND {_HERE}' if only_here else ''}"
        " ORDER BY due_at LIMIT :most",
        postgres="FOR UPDATE SKIP LOCKED",
    )
    for only_here in (False, True)
}
_CLAIM = Quick("UPDATE attachments SET due_at = :due_at, tries = tries + 1 WHERE id = :row_id")
_WANTED = Quick(
    "SELECT a.id, a.ward_id, a.tip_id, t.chat_id, t.channel, c.language, a.kind, a.source, a.tries, a.created_at"
    " FROM attachments a JOIN tips t ON t.id = a.tip_id LEFT JOIN chats c ON c.id = t.chat_id WHERE a.id = :row_id"
)
_OUTCOME = Quick(
    "UPDATE attachments SET status = :status, note = :note, mime = :mime, copy_mime = :copy_mime, fingerprint = :fingerprint,"
    " sha256 = :sha256, file_key = :file_key, size = :size, width = :width,"
    " height = :height, original = :original, work = :work, thumb = :thumb, source = NULL"
    " WHERE id = :row_id AND status = 'waiting' AND tries = :tries"
)
_TOLD_LATELY = Quick("SELECT 1 FROM history WHERE tip_id = :tip_id AND at >= :since AND what = :what LIMIT 1")
_WITHDRAW = Quick(
    "UPDATE attachments SET status = 'withdrawn', source = NULL, file_key = NULL, sha256 = NULL"
    " WHERE tip_id = :tip_id AND status <> 'withdrawn'"
)
_WITHDRAW_ONE = Quick(
    "UPDATE attachments SET status = 'withdrawn', source = NULL, file_key = NULL, sha256 = NULL"
    " WHERE id = :row_id AND tip_id = :tip_id AND status <> 'withdrawn'"
)
_NEXT_DUE = {
    only_here: Quick(
        f"SELECT due_at FROM attachments WHERE status = 'waiting'{f' AND {_HERE}' if only_here else ''} ORDER BY due_at LIMIT 1"
    )
    for only_here in (False, True)
}


def claim_due(session: Session, *, now: int, most: int, only_here: bool = False) -> list[Wanted]:
    ids = [row[0] for row in _DUE[only_here].run(session, now=now, most=most).fetchall()]
    for row_id in ids:
        _CLAIM.run(session, row_id=row_id, due_at=now + LEASE_MS)
    return [_wanted(session, _WANTED.run(session, row_id=row_id).fetchone()) for row_id in ids]


def _wanted(session: Session, row: tuple[Any, ...]) -> Wanted:
    row_id, ward_id, tip_id, chat_id, channel, language, kind, source, tries, created_at = row
    return Wanted(
        id=row_id,
        ward_id=ward_id,
        tip_id=tip_id,
        chat_id=chat_id,
        channel=channel,
        language=language or "vi",
        kind=kind,
        source=_source(session, tip_id, row_id, source),
        tries=tries,
        created_at=created_at,
    )


def _source(session: Session, tip_id: int, row_id: int, sealed: bytes) -> dict[str, Any]:
    """Nothing where it does not open: this file then fails by itself, and all others of the queue go on."""
    try:
        found: dict[str, Any] = tip_ring(session, tip_id).open_json(sealed, source_place(row_id))
    except (Sealed, WrongMaster):
        return {}
    return found


def renew(session: Session, claims: list[tuple[int, int]], *, now: int) -> None:
    """(id, tries) of each: a claim that somebody else has taken over since is left alone."""
    for attachment_id, tries in claims:
        session.execute(
            update(ATTACHMENTS)
            .where(ATTACHMENTS.c.id == attachment_id, ATTACHMENTS.c.tries == tries, ATTACHMENTS.c.status == "waiting")
            .values(due_at=now + LEASE_MS)
        )


def free_all(session: Session, *, now: int) -> None:
    """Only for who holds the data lock: whoever worked on these is dead."""
    session.execute(update(ATTACHMENTS).where(ATTACHMENTS.c.status == "waiting").values(due_at=now))


def was_told_lately(session: Session, tip_id: int, what: str, *, since: int) -> bool:
    """Whether the same was found of another file of this tip a moment ago."""
    return _TOLD_LATELY.run(session, tip_id=tip_id, what=what, since=since).fetchone() is not None


def note_outcome(session: Session, wanted: Wanted, outcome: Outcome) -> bool:
    """False: it was withdrawn, or another holder has taken it over. The files of this claim are then nobody's."""
    try:
        ring = tip_ring(session, wanted.tip_id)
    except Shredded:
        return False
    values: dict[str, Any] = {
        **asdict(outcome),
        "sha256": ring.seal_text(outcome.sha256, sha256_place(wanted.id)) if outcome.sha256 else None,
        "file_key": ring.seal(outcome.file_key, file_key_place(wanted.id)) if outcome.file_key else None,
        "fingerprint": fingerprint(session, wanted.ward_id, outcome.sha256) if outcome.sha256 else "",
    }
    return bool(_OUTCOME.run(session, row_id=wanted.id, tries=wanted.tries, **values).rowcount == 1)


def fingerprint(session: Session, ward_id: int, sha256: str) -> str:
    """What stands in clear: without the ward's key nobody can tell whether a file they hold was sent in here."""
    return mark(session, ward_id, "file", sha256)


def postpone(session: Session, attachment_id: int, *, tries: int, due_at: int, note: str) -> None:
    session.execute(
        update(ATTACHMENTS)
        .where(ATTACHMENTS.c.id == attachment_id, ATTACHMENTS.c.tries == tries, ATTACHMENTS.c.status == "waiting")
        .values(due_at=due_at, note=note)
    )


def next_due(session: Session, *, only_here: bool = False) -> int | None:
    row = _NEXT_DUE[only_here].run(session).fetchone()
    return row[0] if row else None


def count_waiting(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(ATTACHMENTS).where(ATTACHMENTS.c.status == "waiting")).scalar_one())


def withdraw(session: Session, tip_id: int) -> None:
    """What was sent is taken back: its keys go now, and the media queue erases what it had brought to disk."""
    _WITHDRAW.run(session, tip_id=tip_id)


def withdraw_one(session: Session, tip_id: int, attachment_id: int) -> None:
    _WITHDRAW_ONE.run(session, tip_id=tip_id, row_id=attachment_id)


def withdrawn_files(session: Session) -> list[tuple[int, list[str]]]:
    query = (
        select(ATTACHMENTS.c.id, ATTACHMENTS.c.original, ATTACHMENTS.c.work, ATTACHMENTS.c.thumb)
        .where(ATTACHMENTS.c.status == "withdrawn", ATTACHMENTS.c.original != "")
        .limit(100)
    )
    return [(row.id, [row.original, row.work, row.thumb]) for row in session.execute(query)]


def forget_files(session: Session, attachment_id: int) -> None:
    session.execute(update(ATTACHMENTS).where(ATTACHMENTS.c.id == attachment_id).values(original="", work="", thumb=""))


def waiting_uploads(session: Session) -> set[str]:
    """Uploads that lie in the folder already and wait to be looked at."""
    rows = session.execute(select(ATTACHMENTS.c.id, ATTACHMENTS.c.tip_id, ATTACHMENTS.c.source).where(ATTACHMENTS.c.status == "waiting"))
    sources = (tip_ring(session, row.tip_id).open_json(row.source, source_place(row.id)) for row in rows if row.source)
    return {str(source["stored"]) for source in sources if "stored" in source}


def known_originals(session: Session, places: list[str]) -> set[str]:
    return set(session.execute(select(ATTACHMENTS.c.original).where(ATTACHMENTS.c.original.in_(places))).scalars())
