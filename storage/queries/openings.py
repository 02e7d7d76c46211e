"""Requests of two people to see what is sealed, as rows; and what was opened, for who oversees it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, exists, func, or_, select, update
from sqlmodel import Session, col

from storage.prepared import KEPT_MOST, Prepared
from storage.queries.history import secret_place
from storage.queries.one_tip import tip_row, tip_rows
from storage.queries.sight import Sight
from storage.queries.tips import Reader, file_key_place, ring_of, sha256_place
from storage.tables import Attachment, HistoryRow, Opening, Tip
from storage.vault import Place, Ring, Sealed

_SEEN = ("identity_seen", "originals_seen")
_REFUSED = ("identity_refused", "originals_refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningSeen:
    """A request with all that those concerned may read of it; never what it opened."""

    id: int
    tip_id: int
    tail: str
    what: str  # identity, originals
    reason: str  # Empty once the tip is shredded.
    asked_by: int
    asked_at: int
    status: str
    decided_by: int | None
    decided_at: int | None
    open_until: int | None
    refusal: str
    seen_at: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeen:
    """One look at a call-back number."""

    tip_id: int
    tail: str
    at: int
    officer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSeen:
    view_key: bytes
    content: bytes | None
    open_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalFile:
    place: str
    key: bytes
    kind: str
    mime: str
    size: int
    sha256: str
    arrived_at: int


def reason_place(opening_id: int) -> Place:
    return Place("openings", "reason", opening_id)


def add_opening(
    session: Session,
    *,
    opening_id: int,
    ward_id: int,
    tip_id: int,
    what: str,
    reason: str,
    ring: Ring,
    officer_id: int,
    view_key: bytes,
    now: int,
) -> None:
    session.add(
        Opening(
            id=opening_id,
            ward_id=ward_id,
            tip_id=tip_id,
            what=what,
            reason=ring.seal_text(reason, reason_place(opening_id)),
            asked_by=officer_id,
            asked_at=now,
            view_key=view_key,
        )
    )
    session.flush()


def settle(session: Session, opening_id: int, *, status: str, asked_after: int, now: int, officer_id: int | None, **more: Any) -> bool:
    """Out of "asked", once. False: somebody else decided, or it had run out."""
    changed = session.execute(
        update(Opening)
        .where(col(Opening.id) == opening_id, col(Opening.status) == "asked", col(Opening.asked_at) > asked_after)
        .values(status=status, decided_by=officer_id, decided_at=now, **more)
        .returning(col(Opening.id))
    )
    return changed.first() is not None


def opening(session: Session, ward_id: int, opening_id: int) -> OpeningSeen | None:
    found = _seen(session, select(Opening).where(col(Opening.ward_id) == ward_id, col(Opening.id) == opening_id))
    return found[0] if found else None


def waiting_openings(session: Session, sight: Sight, *, asked_after: int) -> list[OpeningSeen]:
    query = select(Opening).where(*_within(sight), col(Opening.status) == "asked", col(Opening.asked_at) > asked_after)
    return _seen(session, query.order_by(col(Opening.id)))


def count_waiting(session: Session, sight: Sight, *, asked_after: int, not_by: int) -> dict[str, int]:
    """How many requests of other officers wait, by what they ask for. Opens none of them."""
    return {what: count for what, count in _waiting_query(sight).rows(session, asked_after=asked_after, not_by=not_by)}


@lru_cache(maxsize=KEPT_MOST)
def _waiting_query(sight: Sight) -> Prepared:
    query = select(col(Opening.what), func.count()).where(
        *_within(sight),
        col(Opening.status) == "asked",
        col(Opening.asked_at) > bindparam("asked_after", type_=BigInteger),
        col(Opening.asked_by) != bindparam("not_by", type_=BigInteger),
    )
    return Prepared(query.group_by(col(Opening.what)))


def openings_asked_by(session: Session, sight: Sight, officer_id: int, *, asked_after: int) -> list[OpeningSeen]:
    query = select(Opening).where(*_within(sight), col(Opening.asked_by) == officer_id, col(Opening.asked_at) > asked_after)
    return _seen(session, query.order_by(col(Opening.id).desc()))


def openings_by_ids(session: Session, ids: list[int]) -> list[OpeningSeen]:
    """Newest first; whoever asks has looked whether they may be read."""
    return _seen(session, select(Opening).where(col(Opening.id).in_(ids)).order_by(col(Opening.id).desc()))


def openings_of_tip(session: Session, ward_id: int, tip_id: int, *, asked_by: int) -> list[OpeningSeen]:
    query = select(Opening).where(col(Opening.ward_id) == ward_id, col(Opening.tip_id) == tip_id, col(Opening.asked_by) == asked_by)
    return _seen(session, query.order_by(col(Opening.id).desc()).limit(6))


def opened_between(session: Session, sight: Sight, start: int, end: int) -> list[OpeningSeen]:
    """Whatever two people opened, newest first, seen or not."""
    query = select(Opening).where(
        *_within(sight),
        col(Opening.status) == "approved",
        col(Opening.decided_at) >= start,
        col(Opening.decided_at) < end,
    )
    return _seen(session, query.order_by(col(Opening.decided_at).desc()))


def turned_down_between(session: Session, sight: Sight, start: int, end: int) -> dict[str, int]:
    query = select(col(Opening.status)).where(
        *_within(sight),
        col(Opening.status).in_(("refused", "expired")),
        col(Opening.decided_at) >= start,
        col(Opening.decided_at) < end,
    )
    found = list(session.execute(query).scalars())
    return {"refused": found.count("refused"), "expired": found.count("expired")}


def numbers_seen_between(session: Session, sight: Sight, start: int, end: int) -> list[NumberSeen]:
    query = (
        select(HistoryRow, col(Tip.code_tail))
        .join(Tip, col(Tip.id) == col(HistoryRow.tip_id))
        .where(
            col(HistoryRow.ward_id) == sight.ward_id,
            sight.readable(),
            col(HistoryRow.what) == "callback_viewed",
            col(HistoryRow.at) >= start,
            col(HistoryRow.at) < end,
        )
        .order_by(col(HistoryRow.at).desc())
    )
    return [
        NumberSeen(tip_id=row.tip_id, tail=tail, at=row.at, officer_id=int(row.actor.removeprefix("officer:")))
        for row, tail in session.execute(query)
    ]


def _within(sight: Sight) -> tuple[Any, ...]:
    """Requests about tips within somebody's sight."""
    is_one = exists().where(col(Tip.id) == col(Opening.tip_id), sight.readable())
    return col(Opening.ward_id) == sight.ward_id, is_one


def withdraw_asked(session: Session, *, ward_id: int, tip_id: int, what: str, officer_id: int, now: int) -> None:
    session.execute(
        update(Opening)
        .where(
            col(Opening.ward_id) == ward_id,
            col(Opening.tip_id) == tip_id,
            col(Opening.what) == what,
            col(Opening.asked_by) == officer_id,
            col(Opening.status) == "asked",
        )
        .values(status="withdrawn", decided_at=now)
    )


def end_running(session: Session, ward_id: int, officer_id: int, *, now: int) -> list[tuple[int, int, str]]:
    """(opening, tip, what) of all that this officer waits for or may still look at: nobody looks at it any more."""
    own = (col(Opening.ward_id) == ward_id, col(Opening.asked_by) == officer_id)
    asked = update(Opening).where(*own, col(Opening.status) == "asked").values(status="ended", decided_at=now)
    open_now = update(Opening).where(*own, col(Opening.status) == "approved", col(Opening.open_until) > now)
    what = (col(Opening.id), col(Opening.tip_id), col(Opening.what))
    ended = [*session.execute(asked.returning(*what)), *session.execute(open_now.values(open_until=now, content=None).returning(*what))]
    return [(row.id, row.tip_id, row.what) for row in ended]


def run_out(session: Session, *, asked_before: int) -> list[tuple[int, int, int, str]]:
    """(opening, ward, tip, what) of requests nobody answered."""
    query = select(col(Opening.id), col(Opening.ward_id), col(Opening.tip_id), col(Opening.what))
    rows = session.execute(query.where(col(Opening.status) == "asked", col(Opening.asked_at) <= asked_before).limit(100))
    return [(row.id, row.ward_id, row.tip_id, row.what) for row in rows]


def expire(session: Session, opening_id: int, *, now: int) -> bool:
    changed = session.execute(
        update(Opening)
        .where(col(Opening.id) == opening_id, col(Opening.status) == "asked")
        .values(status="expired", decided_at=now)
        .returning(col(Opening.id))
    )
    return changed.first() is not None


def view_key_of(session: Session, opening_id: int) -> bytes:
    return bytes(session.execute(select(col(Opening.view_key)).where(col(Opening.id) == opening_id)).scalar_one() or b"")


def view_of(session: Session, ward_id: int, opening_id: int, *, officer_id: int, what: str, now: int) -> ViewSeen | None:
    """Only for who asked, only after the second person's word, only while the minutes run."""
    row = session.execute(
        select(Opening).where(
            col(Opening.ward_id) == ward_id,
            col(Opening.id) == opening_id,
            col(Opening.asked_by) == officer_id,
            col(Opening.what) == what,
            col(Opening.status) == "approved",
            col(Opening.open_until) > now,
        )
    ).scalar_one_or_none()
    return ViewSeen(view_key=row.view_key or b"", content=row.content, open_until=row.open_until or 0) if row else None


def note_seen(session: Session, opening_id: int, *, now: int) -> bool:
    """False: the minutes were over first."""
    seen = session.execute(
        update(Opening)
        .where(col(Opening.id) == opening_id, col(Opening.status) == "approved", col(Opening.open_until) > now)
        .values(first_seen_at=func.coalesce(col(Opening.first_seen_at), now))
        .returning(col(Opening.id))
    )
    return seen.first() is not None


def erase_views(session: Session, *, now: int) -> int:
    """What the minutes of are over; whoever reads the database later finds nothing to open."""
    gone = session.execute(
        update(Opening)
        .where(col(Opening.content).is_not(None), or_(col(Opening.open_until).is_(None), col(Opening.open_until) <= now))
        .values(content=None)
        .returning(col(Opening.id))
    )
    return len(gone.all())


def originals_of(session: Session, ward_id: int, tip_id: int) -> list[OriginalFile]:
    """The one query that finds originals; `handlers/openings.py` alone asks it, after two people agreed."""
    tip = tip_row(session, ward_id, tip_id)
    ring = ring_of(session, tip) if tip and tip.state != "paper" else None
    if ring is None:
        return []
    rows = session.execute(_ORIGINALS, {"ward": ward_id, "tip": tip_id}).scalars()
    return [
        OriginalFile(
            place=row.original,
            key=ring.open(row.file_key or b"", file_key_place(row.id)),
            kind=row.kind,
            mime=row.mime,
            size=row.size,
            sha256=ring.open_text(row.sha256, sha256_place(row.id)) if row.sha256 else "",
            arrived_at=row.created_at,
        )
        for row in rows
    ]


def has_originals(session: Session, ward_id: int, tip_id: int) -> bool:
    return bool(_HAS_ORIGINALS.number(session, ward=ward_id, tip=tip_id))


_KEPT_ORIGINALS = and_(
    col(Attachment.ward_id) == bindparam("ward"),
    col(Attachment.tip_id) == bindparam("tip"),
    col(Attachment.status).in_(("stored", "refused")),
    col(Attachment.original) != "",
    col(Attachment.sent_by).is_(None),
    col(Attachment.letter_id).is_(None),
    col(Attachment.file_key).is_not(None),
)
_ORIGINALS = select(Attachment).where(_KEPT_ORIGINALS).order_by(col(Attachment.id))
_HAS_ORIGINALS = Prepared(select(exists().where(_KEPT_ORIGINALS)))


def tip_tail(session: Session, ward_id: int, tip_id: int) -> str | None:
    """The last four characters of an arrived tip's code; None where there is no such tip."""
    query = select(col(Tip.code_tail)).where(col(Tip.ward_id) == ward_id, col(Tip.id) == tip_id, col(Tip.arrived_at).is_not(None))
    found: str | None = session.execute(query).scalar_one_or_none()
    return found


def _seen(session: Session, query: Any) -> list[OpeningSeen]:
    found = list(session.execute(query).scalars())
    if not found:
        return []
    tips = tip_rows(session, {row.tip_id for row in found})
    rings = {tip_id: Reader.of(session, tip).ring for tip_id, tip in tips.items()}
    told = _told(session, set(tips), rings)
    return [
        OpeningSeen(
            id=row.id,
            tip_id=row.tip_id,
            tail=tips[row.tip_id].code_tail,
            what=row.what,
            reason=_opened(rings[row.tip_id], row.reason, reason_place(row.id)),
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            status=row.status,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            open_until=row.open_until,
            refusal=told.get(row.id, ("", ()))[0],
            seen_at=told.get(row.id, ("", ()))[1],
        )
        for row in found
    ]


def _told(session: Session, tip_ids: set[int], rings: dict[int, Ring | None]) -> dict[int, tuple[str, tuple[int, ...]]]:
    """What the history knows of each opening: why it was refused, and every time it was seen."""
    told: dict[int, tuple[str, tuple[int, ...]]] = {}
    query = select(HistoryRow).where(col(HistoryRow.tip_id).in_(tip_ids), col(HistoryRow.what).in_((*_SEEN, *_REFUSED)))
    for row in session.execute(query.order_by(col(HistoryRow.id))).scalars():
        opening_id = int(row.detail.get("opening", 0))
        refusal, seen_at = told.get(opening_id, ("", ()))
        if row.what in _SEEN:
            told[opening_id] = refusal, (*seen_at, row.at)
        else:
            told[opening_id] = _opened(rings.get(row.tip_id or 0), row.secret, secret_place(row.id)), seen_at
    return told


def _opened(ring: Ring | None, sealed: bytes | None, place: Place) -> str:
    """Empty where it was shredded, or does not open: one bent reason must not close the page to all requests."""
    try:
        return ring.open_text(sealed, place) if ring and sealed else ""
    except Sealed:
        return ""
