"""Attachments as work: claimed one by one, brought, checked, and their outcome noted."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from storage.quick import Quick, from_json
from storage.tables import Attachment
from storage.tables.columns import table_of

ATTACHMENTS = table_of(Attachment)
LEASE_MS = 10_000  # Renewed while somebody works on it, so that a crash holds nothing up for long.


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file that is to be brought, and whom to tell if it cannot be."""

    id: int
    ward_id: int
    tip_id: int
    chat_id: int
    channel: str
    language: str
    kind: str
    source: dict[str, Any]
    tries: int
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    status: str  # stored, refused, failed
    note: str = ""
    mime: str = ""
    sha256: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    original: str = ""
    work: str = ""
    thumb: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(place for place in (self.original, self.work, self.thumb) if place)


_DUE = Quick(
    "SELECT id FROM attachments WHERE status = 'waiting' AND due_at <= :now ORDER BY due_at LIMIT :most", postgres="FOR UPDATE SKIP LOCKED"
)
_CLAIM = Quick("UPDATE attachments SET due_at = :due_at, tries = tries + 1 WHERE id = :row_id")
_WANTED = Quick(
    "SELECT a.id, a.ward_id, a.tip_id, t.chat_id, t.channel, c.language, a.kind, a.source, a.tries, a.created_at"
    " FROM attachments a JOIN tips t ON t.id = a.tip_id JOIN chats c ON c.id = t.chat_id WHERE a.id = :row_id"
)
_OUTCOME = Quick(
    "UPDATE attachments SET status = :status, note = :note, mime = :mime, sha256 = :sha256, size = :size, width = :width,"
    " height = :height, original = :original, work = :work, thumb = :thumb, source = NULL"
    " WHERE id = :row_id AND status = 'waiting' AND tries = :tries"
)
_NEXT_DUE = Quick("SELECT due_at FROM attachments WHERE status = 'waiting' ORDER BY due_at LIMIT 1")


def claim_due(session: Session, *, now: int, most: int) -> list[Wanted]:
    ids = [row[0] for row in _DUE.run(session, now=now, most=most).fetchall()]
    for row_id in ids:
        _CLAIM.run(session, row_id=row_id, due_at=now + LEASE_MS)
    return [_wanted(_WANTED.run(session, row_id=row_id).fetchone()) for row_id in ids]


def _wanted(row: tuple[Any, ...]) -> Wanted:
    row_id, ward_id, tip_id, chat_id, channel, language, kind, source, tries, created_at = row
    return Wanted(
        id=row_id,
        ward_id=ward_id,
        tip_id=tip_id,
        chat_id=chat_id,
        channel=channel,
        language=language,
        kind=kind,
        source=from_json(source) or {},
        tries=tries,
        created_at=created_at,
    )


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


def note_outcome(session: Session, attachment_id: int, outcome: Outcome, *, tries: int) -> bool:
    """False: it was withdrawn, or another holder has taken it over. The files of this claim are then nobody's."""
    noted = _OUTCOME.run(session, row_id=attachment_id, tries=tries, **asdict(outcome))
    return bool(noted.rowcount == 1)


def postpone(session: Session, attachment_id: int, *, tries: int, due_at: int, note: str) -> None:
    session.execute(
        update(ATTACHMENTS)
        .where(ATTACHMENTS.c.id == attachment_id, ATTACHMENTS.c.tries == tries, ATTACHMENTS.c.status == "waiting")
        .values(due_at=due_at, note=note)
    )


def next_due(session: Session) -> int | None:
    row = _NEXT_DUE.run(session).fetchone()
    return row[0] if row else None


def count_waiting(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(ATTACHMENTS).where(ATTACHMENTS.c.status == "waiting")).scalar_one())


def withdrawn_files(session: Session) -> list[tuple[int, list[str]]]:
    query = (
        select(ATTACHMENTS.c.id, ATTACHMENTS.c.original, ATTACHMENTS.c.work, ATTACHMENTS.c.thumb)
        .where(ATTACHMENTS.c.status == "withdrawn", ATTACHMENTS.c.original != "")
        .limit(100)
    )
    return [(row.id, [row.original, row.work, row.thumb]) for row in session.execute(query)]


def forget_files(session: Session, attachment_id: int) -> None:
    session.execute(update(ATTACHMENTS).where(ATTACHMENTS.c.id == attachment_id).values(original="", work="", thumb="", sha256=""))


def waiting_uploads(session: Session) -> set[str]:
    """Uploads that lie in the folder already and wait to be looked at."""
    sources = session.execute(select(ATTACHMENTS.c.source).where(ATTACHMENTS.c.status == "waiting")).scalars()
    return {str(source["stored"]) for source in sources if source and "stored" in source}


def known_originals(session: Session, places: list[str]) -> set[str]:
    return set(session.execute(select(ATTACHMENTS.c.original).where(ATTACHMENTS.c.original.in_(places))).scalars())
