"""Tips as the desk reads them. Every function takes the ward first: there is none that fetches a stranger's tip by accident."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from storage.tables import Attachment, HistoryRow, Piece, Tip


@dataclass(frozen=True, slots=True, kw_only=True)
class TipLine:
    """One row of the list."""

    id: int
    code_tail: str
    category: str
    channel: str
    place: str
    arrived_at: int
    accepted_at: int | None
    first_words: str
    files: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    at: int
    actor: str
    what: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TipWhole:
    id: int
    code_tail: str
    category: str
    channel: str
    place: str
    latitude: float | None
    longitude: float | None
    arrived_at: int
    accepted_at: int | None
    said: tuple[Said, ...]
    files: tuple[FileSeen, ...]
    history: tuple[Happened, ...]


def newest_tips(session: Session, ward_id: int, *, before: tuple[int, int] | None, limit: int) -> list[TipLine]:
    """Newest first; `before` is (arrived_at, id) of the last row that was shown."""
    query = select(Tip).where(col(Tip.ward_id) == ward_id, col(Tip.state) == "S1")
    if before:
        at, tip_id = before
        query = query.where(or_(col(Tip.arrived_at) < at, and_(col(Tip.arrived_at) == at, col(Tip.id) < tip_id)))
    tips = list(session.execute(query.order_by(col(Tip.arrived_at).desc(), col(Tip.id).desc()).limit(limit)).scalars())
    ids = [tip.id for tip in tips]
    words: dict[int, str] = {}
    for piece in session.execute(select(col(Piece.tip_id), col(Piece.text)).where(col(Piece.tip_id).in_(ids)).order_by(col(Piece.id))):
        words.setdefault(piece.tip_id, piece.text)
    counted = session.execute(
        select(col(Attachment.tip_id), func.count())
        .where(col(Attachment.tip_id).in_(ids), col(Attachment.status) != "withdrawn")
        .group_by(col(Attachment.tip_id))
    )
    files = {row[0]: row[1] for row in counted}
    return [
        TipLine(
            id=tip.id,
            code_tail=tip.code_tail,
            category=tip.category,
            channel=tip.channel,
            place=tip.place_text,
            arrived_at=tip.arrived_at or 0,
            accepted_at=tip.accepted_at,
            first_words=words.get(tip.id, ""),
            files=files.get(tip.id, 0),
        )
        for tip in tips
    ]


def arrived_after(session: Session, ward_id: int, moment: int) -> int:
    query = select(func.count()).select_from(Tip).where(col(Tip.ward_id) == ward_id, col(Tip.state) == "S1", col(Tip.arrived_at) > moment)
    return int(session.execute(query).scalar_one())


def tip_whole(session: Session, ward_id: int, tip_id: int) -> TipWhole | None:
    """Only what has arrived: a draft belongs to its author."""
    tip = session.execute(
        select(Tip).where(col(Tip.ward_id) == ward_id, col(Tip.id) == tip_id, col(Tip.state) == "S1")
    ).scalar_one_or_none()
    if tip is None:
        return None
    pieces = session.execute(select(Piece).where(col(Piece.tip_id) == tip_id).order_by(col(Piece.said_at), col(Piece.id))).scalars()
    files = session.execute(
        select(Attachment).where(col(Attachment.tip_id) == tip_id, col(Attachment.status) != "withdrawn").order_by(col(Attachment.id))
    ).scalars()
    history = session.execute(
        select(HistoryRow).where(col(HistoryRow.tip_id) == tip_id).order_by(col(HistoryRow.at), col(HistoryRow.id))
    ).scalars()
    return TipWhole(
        id=tip.id,
        code_tail=tip.code_tail,
        category=tip.category,
        channel=tip.channel,
        place=tip.place_text,
        latitude=tip.latitude,
        longitude=tip.longitude,
        arrived_at=tip.arrived_at or 0,
        accepted_at=tip.accepted_at,
        said=tuple(Said(text=row.text, said_at=row.said_at, is_addition=row.is_addition) for row in pieces),
        files=tuple(
            FileSeen(
                id=row.id,
                kind=row.kind,
                status=row.status,
                note=row.note,
                mime=row.mime,
                size=row.size,
                width=row.width,
                height=row.height,
                sha256=row.sha256,
            )
            for row in files
        ),
        history=tuple(Happened(at=row.at, actor=row.actor, what=row.what, detail=row.detail) for row in history),
    )


def safe_copy(session: Session, ward_id: int, attachment_id: int, *, thumb: bool) -> str | None:
    """Where the re-encoded copy lies. There is no query for the original."""
    row = session.execute(
        select(col(Attachment.work), col(Attachment.thumb))
        .join(Tip, col(Tip.id) == col(Attachment.tip_id))
        .where(
            col(Attachment.ward_id) == ward_id,
            col(Attachment.id) == attachment_id,
            col(Attachment.status) == "stored",
            col(Tip.state) == "S1",
        )
    ).first()
    return ((row.thumb if thumb else row.work) or None) if row else None


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
    sha256: tuple[str, ...]
    words: tuple[str, ...]


def tip_by_code(session: Session, code_hash: str) -> TipByCode | None:
    tip = session.execute(select(Tip).where(col(Tip.code_hash) == code_hash)).scalar_one_or_none()
    if tip is None:
        return None
    sums = session.execute(
        select(col(Attachment.sha256))
        .where(col(Attachment.tip_id) == tip.id, col(Attachment.status) != "withdrawn")
        .order_by(col(Attachment.id))
    ).scalars()
    words = session.execute(select(col(Piece.text)).where(col(Piece.tip_id) == tip.id).order_by(col(Piece.id))).scalars()
    return TipByCode(
        id=tip.id,
        ward_id=tip.ward_id,
        state=tip.state,
        channel=tip.channel,
        latitude=tip.latitude,
        longitude=tip.longitude,
        arrived_at=tip.arrived_at or 0,
        accepted_at=tip.accepted_at,
        sha256=tuple(sums),
        words=tuple(words),
    )


def times_by_code(session: Session, code_hash: str) -> tuple[int, int | None] | None:
    """(arrived, accepted): all that a code shows."""
    row = session.execute(select(col(Tip.arrived_at), col(Tip.accepted_at)).where(col(Tip.code_hash) == code_hash)).first()
    return (row.arrived_at or 0, row.accepted_at) if row else None


def times_by_id(session: Session, tip_id: int) -> tuple[int, int | None] | None:
    row = session.execute(select(col(Tip.arrived_at), col(Tip.accepted_at)).where(col(Tip.id) == tip_id)).first()
    return (row.arrived_at or 0, row.accepted_at) if row else None
