"""Tips that an officer entered for somebody: the row, and what else was written down about how it came."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, bindparam, select
from sqlmodel import Session, col

from storage.queries.history import secret_place
from storage.queries.one_tip import tip_row
from storage.queries.tips import ring_of
from storage.quick import Quick, from_json, insert
from storage.tables import HistoryRow, Tip
from storage.vault import Sealed, WrongMaster

WAYS = ("walk_in", "phone", "letter", "vneid", "press", "referral")

_INSERT = insert(
    "tips",
    *("id", "ward_id", "channel", "data_key", "state", "category", "cell", "about", "code_hash", "code_tail", "created_at"),
    *("arrived_at", "received_at", "urgent_at", "known_how", "sector_hash", "index_due", "reseal_due", "danger", "safe", "held_why"),
    "is_unfinished",
)
_BY_FORM = Quick(
    "SELECT t.id FROM pieces p JOIN tips t ON t.id = p.tip_id"
    " WHERE p.source_hash = :source_hash AND t.ward_id = :ward_id AND t.chat_id IS NULL AND t.arrived_at IS NOT NULL LIMIT 1"
)
_BY_SECTOR = Quick("SELECT id FROM tips WHERE sector_hash = :sector_hash AND ward_id = :ward_id")
_NEW_CODE = Quick(
    "UPDATE tips SET code_hash = :code_hash, code_tail = :tail"
    f" WHERE id = :tip_id AND ward_id = :ward_id AND channel IN {WAYS} AND data_key IS NOT NULL RETURNING id"
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewTip:
    id: int
    ward_id: int
    way: str
    data_key: bytes
    category: str
    about: str
    code_hash: str
    code_tail: str
    received_at: int
    is_urgent: bool
    known_how: str
    sector_hash: str | None
    now: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BroughtSeen:
    """How it came, as the desk shows it. Nothing of this says who somebody is."""

    way: str
    received_at: int
    entered_at: int
    entered_by: str
    referrer: str
    sector_number: str
    link: str  # The exact string. Never shown as it is, never fetched.
    refused: str  # Why no name was given.
    takes_code: bool  # Words are there to be added to, so a lost slip can be replaced.


def add(session: Session, tip: NewTip) -> None:
    """Raises `storage.quick.AlreadyThere` where somebody has entered the same number meanwhile."""
    _INSERT.run(
        session,
        id=tip.id,
        ward_id=tip.ward_id,
        channel=tip.way,
        data_key=tip.data_key,
        state="S1",
        category=tip.category,
        cell="",
        about=tip.about,
        code_hash=tip.code_hash,
        code_tail=tip.code_tail,
        created_at=tip.now,
        arrived_at=tip.now,
        received_at=tip.received_at,
        urgent_at=tip.now if tip.is_urgent else None,
        known_how=tip.known_how,
        sector_hash=tip.sector_hash,
        index_due=True,
        reseal_due=False,
        danger="",
        safe="",
        held_why="",
        is_unfinished=False,
    )


def of_form(session: Session, ward_id: int, source_hash: str) -> int | None:
    """The tip that this very form has made already."""
    row = _BY_FORM.run(session, ward_id=ward_id, source_hash=source_hash).fetchone()
    return int(row[0]) if row else None


def of_sector(session: Session, ward_id: int, sector_hash: str) -> int | None:
    row = _BY_SECTOR.run(session, ward_id=ward_id, sector_hash=sector_hash).fetchone()
    return int(row[0]) if row else None


def put_code(session: Session, ward_id: int, tip_id: int, *, code_hash: str, tail: str) -> bool:
    return _NEW_CODE.run(session, ward_id=ward_id, tip_id=tip_id, code_hash=code_hash, tail=tail).fetchone() is not None


_BROUGHT = select(HistoryRow).where(col(HistoryRow.tip_id) == bindparam("tip", type_=BigInteger), col(HistoryRow.what) == "brought_in")


def brought(session: Session, ward_id: int, tip_id: int) -> BroughtSeen | None:
    """None for a tip that came by itself."""
    entry = session.execute(_BROUGHT, {"tip": tip_id}).scalar()
    tip = tip_row(session, ward_id, tip_id) if entry else None
    if entry is None or tip is None:
        return None
    written = _opened(session, tip, entry)
    return BroughtSeen(
        way=tip.channel,
        received_at=tip.received_at or entry.at,
        entered_at=entry.at,
        entered_by=entry.actor,
        referrer=str(entry.detail.get("referrer", "")),
        sector_number=written.get("sector", ""),
        link=written.get("link", ""),
        refused=written.get("refused", ""),
        takes_code=tip.data_key is not None,
    )


def _opened(session: Session, tip: Tip, entry: HistoryRow) -> dict[str, str]:
    try:
        ring = ring_of(session, tip)
        return dict(from_json(ring.open_text(entry.secret, secret_place(entry.id)))) if ring and entry.secret else {}
    except (Sealed, WrongMaster):
        return {}
