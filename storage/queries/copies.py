"""Copies of the house: which files one must hold, which are known to exist, and how the nightly one fares."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from storage import moments
from storage.queries.rings import chat_ring, tip_ring
from storage.queries.tips import source_place
from storage.quick import Quick, as_json, from_json
from storage.snapshot_files import ChainHead
from storage.tables import Attachment, BackupCopy, Chat, CoveredPhoto, HistoryLink, InboxRow, Lease, Ward
from storage.vault import Place, Sealed, Shredded

# Taken back, or forgotten: their files are about to go here too.
_GONE = ("withdrawn", "shredded")
WORRY_AFTER = 2 * moments.DAY
NIGHTLY = "backup"
_LEASE_MS = 5 * moments.MINUTE

_TAKE = Quick(
    "INSERT INTO leases (name, ward_id, holder, until, data) VALUES ('backup', :ward_id, :holder, :until, '{}')"
    " ON CONFLICT (name) DO UPDATE SET holder = :holder, until = :until WHERE leases.holder = :holder OR leases.until < :now"
)
_RENEW = Quick("UPDATE leases SET until = :until WHERE name = 'backup' AND holder = :holder")
_LET_GO = Quick("UPDATE leases SET holder = '', until = 0, data = :data WHERE name = 'backup' AND holder = :holder")


# -- what a copy holds -----------------------------------------------------------------------------------------------------


def files_named(session: Session) -> set[str]:
    """Places of every file that these rows need: kept ones, and uploads that nobody has looked at yet."""
    kept = session.execute(
        select(col(Attachment.original), col(Attachment.work), col(Attachment.thumb)).where(col(Attachment.status).not_in(_GONE))
    )
    covered = session.execute(select(col(CoveredPhoto.place)).where(col(CoveredPhoto.place) != ""))
    named = {place for row in (*kept, *covered) for place in row if place}
    return named | _uploads_of_tips(session) | _uploads_in_the_inbox(session)


def _uploads_of_tips(session: Session) -> set[str]:
    rows = session.execute(
        select(col(Attachment.id), col(Attachment.tip_id), col(Attachment.source)).where(
            col(Attachment.status).not_in(_GONE), col(Attachment.source).is_not(None)
        )
    )
    return {place for row in rows if (place := _upload(session, *row))}


def _upload(session: Session, row_id: int, tip_id: int, source: bytes) -> str:
    try:
        return str(tip_ring(session, tip_id).open_json(source, source_place(row_id)).get("stored", ""))
    except (Sealed, Shredded):
        return ""


def _uploads_in_the_inbox(session: Session) -> set[str]:
    """A browser's file is on the disk before the message that speaks of it is handled."""
    rows = session.execute(
        select(col(InboxRow.id), col(InboxRow.chat_id), col(InboxRow.payload))
        .join(Chat, col(Chat.id) == col(InboxRow.chat_id))
        .where(col(InboxRow.status) != "done", col(InboxRow.payload).is_not(None), col(Chat.channel) == "webchat")
    )
    return {place for row in rows if (place := _upload_in(session, *row))}


def _upload_in(session: Session, row_id: int, chat_id: int, payload: bytes) -> str:
    try:
        message: Any = json.loads(chat_ring(session, chat_id).open_text(payload, Place("inbox", "payload", row_id)))
    except (Sealed, Shredded, ValueError):
        return ""
    file = message.get("file") if isinstance(message, dict) else None
    return str(file.get("stored", "")) if isinstance(file, dict) else ""


def chain_heads(session: Session) -> list[ChainHead]:
    """The last link of each ward's chain."""
    last = select(col(HistoryLink.ward_id), func.max(col(HistoryLink.seq)).label("seq")).group_by(col(HistoryLink.ward_id)).subquery()
    rows = session.execute(
        select(col(HistoryLink.ward_id), col(HistoryLink.seq), col(HistoryLink.mac))
        .join(last, (last.c.ward_id == col(HistoryLink.ward_id)) & (last.c.seq == col(HistoryLink.seq)))
        .order_by(col(HistoryLink.ward_id))
    )
    return [ChainHead(*row) for row in rows]


# -- which copies there are --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySeen:
    name: str
    place: str
    made_at: int
    size: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What the house knows of its copies."""

    count: int
    newest: CopySeen | None
    oldest: CopySeen | None
    house_since: int
    failed_at: int | None  # Of the nightly copy, since the last one that succeeded.
    failed_why: str

    def is_worrying(self, now: int) -> bool:
        """No copy of the last two days, in a house that is older than that."""
        newest = self.newest.made_at if self.newest else self.house_since
        return now - newest > WORRY_AFTER


def note_copy(
    session: Session,
    *,
    copy_id: int,
    ward_id: int,
    name: str,
    place: str,
    made_at: int,
    size: int,
    files: int,
    kept: Iterable[str],
    now: int,
) -> None:
    """`kept` are all that lie in this place now: whatever else we knew of it is gone."""
    session.add(BackupCopy(id=copy_id, ward_id=ward_id, name=name, place=place, made_at=made_at, size=size, files=files))
    session.flush()
    session.execute(
        update(BackupCopy)
        .where(
            col(BackupCopy.ward_id) == ward_id,
            col(BackupCopy.removed_at).is_(None),
            col(BackupCopy.place) == place,
            col(BackupCopy.name).not_in(list(kept)),
        )
        .values(removed_at=now)
    )


def copies_of(session: Session, ward_id: int) -> Copies:
    known = select(BackupCopy).where(col(BackupCopy.ward_id) == ward_id, col(BackupCopy.removed_at).is_(None))
    newest = session.execute(known.order_by(col(BackupCopy.made_at).desc()).limit(1)).scalar_one_or_none()
    oldest = session.execute(known.order_by(col(BackupCopy.made_at)).limit(1)).scalar_one_or_none()
    count = session.execute(select(func.count()).select_from(known.subquery())).scalar_one()
    trouble = _trouble(session)
    return Copies(
        count=int(count),
        newest=_seen(newest) if newest else None,
        oldest=_seen(oldest) if oldest else None,
        house_since=int(session.execute(select(col(Ward.created_at)).where(col(Ward.id) == ward_id)).scalar_one()),
        failed_at=trouble.get("failed_at"),
        failed_why=trouble.get("why", ""),
    )


def last_copy_in(session: Session, ward_id: int, place: str) -> int | None:
    query = select(func.max(col(BackupCopy.made_at))).where(
        col(BackupCopy.ward_id) == ward_id, col(BackupCopy.place) == place, col(BackupCopy.removed_at).is_(None)
    )
    found: int | None = session.execute(query).scalar_one()
    return found


def _seen(row: BackupCopy) -> CopySeen:
    return CopySeen(name=row.name, place=row.place, made_at=row.made_at, size=row.size, files=row.files)


# -- the nightly one: one process at a time, and what became of it ----------------------------------------------------------


def take_turn(session: Session, *, ward_id: int, holder: str, now: int) -> bool:
    """A run that died holds nobody up for longer than the lease."""
    return bool(_TAKE.run(session, ward_id=ward_id, holder=holder, until=now + _LEASE_MS, now=now).rowcount == 1)


def keep_turn(session: Session, *, holder: str, now: int) -> None:
    _RENEW.run(session, holder=holder, until=now + _LEASE_MS)


def end_turn(session: Session, *, holder: str, failed_at: int | None, why: str) -> None:
    data = {"failed_at": failed_at, "why": why} if failed_at else {}
    _LET_GO.run(session, holder=holder, data=as_json(data))


def last_failure(session: Session) -> int | None:
    found: int | None = _trouble(session).get("failed_at")
    return found


def _trouble(session: Session) -> dict[str, Any]:
    data = session.execute(select(col(Lease.data)).where(col(Lease.name) == NIGHTLY)).scalar_one_or_none()
    return dict(from_json(data)) if data else {}
