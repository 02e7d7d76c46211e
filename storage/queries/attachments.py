"""Attachments as work: claimed one by one, brought, checked, and their outcome noted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from storage.tables import Attachment, Chat, Tip
from storage.tables.columns import table_of

ATTACHMENTS, TIPS, CHATS = table_of(Attachment), table_of(Tip), table_of(Chat)
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


_DUE = (
    select(ATTACHMENTS.c.id)
    .where(ATTACHMENTS.c.status == "waiting", ATTACHMENTS.c.due_at <= bindparam("moment"))
    .order_by(ATTACHMENTS.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def claim_due(session: Session, *, now: int, most: int) -> list[Wanted]:
    ids = list(session.execute(_DUE, {"moment": now, "most": most}).scalars())
    if not ids:
        return []
    session.execute(update(ATTACHMENTS).where(ATTACHMENTS.c.id.in_(ids)).values(due_at=now + LEASE_MS, tries=ATTACHMENTS.c.tries + 1))
    rows = session.execute(
        select(
            ATTACHMENTS.c.id,
            ATTACHMENTS.c.ward_id,
            ATTACHMENTS.c.tip_id,
            ATTACHMENTS.c.kind,
            ATTACHMENTS.c.source,
            ATTACHMENTS.c.tries,
            ATTACHMENTS.c.created_at,
            TIPS.c.chat_id,
            TIPS.c.channel,
            CHATS.c.language,
        )
        .join(TIPS, TIPS.c.id == ATTACHMENTS.c.tip_id)
        .join(CHATS, CHATS.c.id == TIPS.c.chat_id)
        .where(ATTACHMENTS.c.id.in_(ids))
        .order_by(ATTACHMENTS.c.id)
    )
    return [Wanted(**{**row._asdict(), "source": row.source or {}}) for row in rows]


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
    noted = session.execute(
        update(ATTACHMENTS)
        .where(ATTACHMENTS.c.id == attachment_id, ATTACHMENTS.c.status == "waiting", ATTACHMENTS.c.tries == tries)
        .values(
            status=outcome.status,
            note=outcome.note,
            mime=outcome.mime,
            sha256=outcome.sha256,
            size=outcome.size,
            width=outcome.width,
            height=outcome.height,
            original=outcome.original,
            work=outcome.work,
            thumb=outcome.thumb,
            source=None,
        )
    )
    return bool(noted.rowcount == 1)  # type: ignore[attr-defined]  # An UPDATE always answers with a CursorResult.


def postpone(session: Session, attachment_id: int, *, tries: int, due_at: int, note: str) -> None:
    session.execute(
        update(ATTACHMENTS)
        .where(ATTACHMENTS.c.id == attachment_id, ATTACHMENTS.c.tries == tries, ATTACHMENTS.c.status == "waiting")
        .values(due_at=due_at, note=note)
    )


def next_due(session: Session) -> int | None:
    query = select(ATTACHMENTS.c.due_at).where(ATTACHMENTS.c.status == "waiting").order_by(ATTACHMENTS.c.due_at).limit(1)
    return session.execute(query).scalar_one_or_none()


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
