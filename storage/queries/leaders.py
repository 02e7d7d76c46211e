"""Leaders: whose neighbourhood it is, how they are reached, and the link that signs them in. Their phone stands under the row's own ring.

What a warning asks of them are rows of `warning_targets`; here are those that somebody has to be reminded of, or called about.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from storage.queries.officers import LEADER
from storage.quick import Quick
from storage.tables import Chat, Leader, LeaderArea, Neighbourhood, Officer, OfficerChat, WarningRow, WarningTarget
from storage.tables.columns import table_of
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of

LEADERS, AREAS, OFFICERS, CHATS = table_of(Leader), table_of(LeaderArea), table_of(Officer), table_of(Chat)
LINKS, PLACES = table_of(OfficerChat), table_of(Neighbourhood)
TARGETS, WARNINGS = table_of(WarningTarget), table_of(WarningRow)
_USE_LINK = Quick(
    "UPDATE leaders SET link_hash = NULL, link_until = 0 WHERE ward_id = :ward_id AND link_hash = :link_hash AND link_until > :now"
    " AND officer_id IN (SELECT id FROM officers WHERE disabled_at IS NULL) RETURNING officer_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderSeen:
    """As the desk lists them, without the phone."""

    officer_id: int
    login: str
    name: str
    areas: tuple[int, ...]
    has_phone: bool
    channel: str  # Of the chat that is linked; empty: none.
    link_waits_until: int  # Until when a sign-in link that nobody has used stands; 0: none.
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A leader's kit of which nobody has said that it was posted."""

    target_id: int
    warning_id: int
    officer_id: int
    state: str
    reason: str
    settled_at: int | None
    reminded_at: int | None


# -- accounts ------------------------------------------------------------------------------------------------------------------


def add(
    session: Session, ward_id: int, *, officer_id: int, row_id: int, login: str, name: str, password_hash: str, phone: str, now: int
) -> None:
    session.add(Officer(id=officer_id, ward_id=ward_id, login=login, name=name, role=LEADER, password_hash=password_hash, created_at=now))
    session.flush()
    session.add(Leader(id=row_id, ward_id=ward_id, officer_id=officer_id, added_at=now))
    session.flush()
    keep_phone(session, ward_id, officer_id, phone)


def set_areas(session: Session, ward_id: int, officer_id: int, areas: Iterable[int], ids: Iterable[int]) -> None:
    session.execute(delete(LeaderArea).where(col(LeaderArea.officer_id) == officer_id))
    for row_id, area in zip(ids, areas, strict=False):
        session.add(LeaderArea(id=row_id, ward_id=ward_id, officer_id=officer_id, neighbourhood_id=area))
    session.flush()


def is_leader(session: Session, ward_id: int, officer_id: int, *, closed_too: bool = False) -> bool:
    query = select(OFFICERS.c.id).where(OFFICERS.c.ward_id == ward_id, OFFICERS.c.id == officer_id, OFFICERS.c.role == LEADER)
    if not closed_too:
        query = query.where(OFFICERS.c.disabled_at.is_(None))
    return session.execute(query).first() is not None


def all_of(session: Session, ward_id: int, *, now: int) -> list[LeaderSeen]:
    """By name; those whose account is closed at the end."""
    areas: dict[int, list[int]] = {}
    for officer_id, area in session.execute(
        select(AREAS.c.officer_id, AREAS.c.neighbourhood_id)
        .join(PLACES, PLACES.c.id == AREAS.c.neighbourhood_id)
        .where(AREAS.c.ward_id == ward_id, PLACES.c.ended_at.is_(None))
        .order_by(PLACES.c.position, PLACES.c.id)
    ):
        areas.setdefault(officer_id, []).append(area)
    channels = {officer_id: channel for officer_id, channel in session.execute(_linked(ward_id))}
    query = (
        select(OFFICERS.c.id, OFFICERS.c.login, OFFICERS.c.name, OFFICERS.c.disabled_at, LEADERS.c.phone, LEADERS.c.link_until)
        .join(LEADERS, LEADERS.c.officer_id == OFFICERS.c.id)
        .where(OFFICERS.c.ward_id == ward_id, OFFICERS.c.role == LEADER)
        .order_by(OFFICERS.c.disabled_at.is_not(None), OFFICERS.c.name, OFFICERS.c.id)
    )
    return [
        LeaderSeen(
            officer_id=row.id,
            login=row.login,
            name=row.name,
            areas=tuple(areas.get(row.id, ())),
            has_phone=row.phone is not None,
            channel=channels.get(row.id, ""),
            link_waits_until=row.link_until if row.link_until > now else 0,
            is_closed=row.disabled_at is not None,
        )
        for row in session.execute(query)
    ]


def channel_of(session: Session, ward_id: int, officer_id: int) -> str:
    """Of the chat that is linked; empty: none."""
    row = session.execute(_linked(ward_id).where(LINKS.c.officer_id == officer_id)).first()
    return str(row[1]) if row else ""


def _linked(ward_id: int) -> Any:
    found = select(LINKS.c.officer_id, CHATS.c.channel).join(CHATS, CHATS.c.id == LINKS.c.chat_id)
    return found.where(LINKS.c.ward_id == ward_id, LINKS.c.ended_at.is_(None), CHATS.c.cut_at.is_(None))


# -- the phone -----------------------------------------------------------------------------------------------------------------


def keep_phone(session: Session, ward_id: int, officer_id: int, phone: str) -> None:
    """Under a fresh ring; the number before it is gone with its key. Empty: nobody gave one."""
    row_id = session.execute(select(LEADERS.c.id).where(LEADERS.c.ward_id == ward_id, LEADERS.c.officer_id == officer_id)).scalar_one()
    values: dict[str, bytes | None] = {"data_key": None, "phone": None}
    if phone:
        ring = Ring.fresh()
        values = {
            "data_key": vault_of(session).wrap(ring, Place("leaders", "data_key", row_id)),
            "phone": ring.seal_text(phone, Place("leaders", "phone", row_id)),
        }
    session.execute(update(LEADERS).where(LEADERS.c.id == row_id).values(**values))


def phones(session: Session, ward_id: int, officers: Iterable[int]) -> dict[int, str]:
    """By officer. One that does not open is left out."""
    query = select(LEADERS.c.id, LEADERS.c.officer_id, LEADERS.c.data_key, LEADERS.c.phone).where(
        LEADERS.c.ward_id == ward_id, LEADERS.c.officer_id.in_(list(officers)), LEADERS.c.phone.is_not(None)
    )
    found = {}
    for row_id, officer_id, key, sealed in session.execute(query).all():
        try:
            ring = vault_of(session).unwrap(key, Place("leaders", "data_key", row_id))
            found[officer_id] = ring.open_text(sealed, Place("leaders", "phone", row_id))
        except (Sealed, Shredded, WrongMaster):
            continue
    return found


# -- the link that signs in ----------------------------------------------------------------------------------------------------


def keep_link(session: Session, ward_id: int, officer_id: int, *, link_hash: str | None, until: int) -> None:
    """The one before it is worth nothing any more."""
    here = (LEADERS.c.ward_id == ward_id, LEADERS.c.officer_id == officer_id)
    session.execute(update(LEADERS).where(*here).values(link_hash=link_hash, link_until=until))


def link_stands(session: Session, ward_id: int, link_hash: str, *, now: int) -> bool:
    query = (
        select(LEADERS.c.id)
        .join(OFFICERS, OFFICERS.c.id == LEADERS.c.officer_id)
        .where(LEADERS.c.ward_id == ward_id, LEADERS.c.link_hash == link_hash, LEADERS.c.link_until > now, OFFICERS.c.disabled_at.is_(None))
    )
    return session.execute(query).first() is not None


def use_link(session: Session, ward_id: int, link_hash: str, *, now: int) -> int | None:
    """Whose it is, to the first who asks."""
    row = _USE_LINK.run(session, ward_id=ward_id, link_hash=link_hash, now=now).fetchone()
    return int(row[0]) if row else None


# -- what was not posted -------------------------------------------------------------------------------------------------------

_WAITING = (TARGETS.c.id, TARGETS.c.warning_id, TARGETS.c.officer_id, TARGETS.c.state, TARGETS.c.reason, TARGETS.c.settled_at)
_GOES_ON = ("released", "sending", "done")


def to_remind(session: Session, ward_id: int, *, sent_before: int, now: int, is_quiet: bool, most: int) -> list[Waiting]:
    """Who got it before then and has not said a word. In quiet hours only about what is urgent."""
    query = _of_running(now).where(
        TARGETS.c.ward_id == ward_id,
        TARGETS.c.kind == "leader",
        TARGETS.c.state == "sent",
        TARGETS.c.settled_at <= sent_before,
        TARGETS.c.reminded_at.is_(None),
    )
    if is_quiet:
        query = query.where(WARNINGS.c.is_urgent)
    return _waiting(session, query.order_by(TARGETS.c.settled_at).limit(most))


def silent(session: Session, ward_id: int, *, reminded_before: int, most: int) -> list[Waiting]:
    """Who was reminded before then, and has not said a word either. Also of warnings that are over."""
    query = select(*_WAITING, TARGETS.c.reminded_at).where(
        TARGETS.c.ward_id == ward_id, TARGETS.c.kind == "leader", TARGETS.c.state == "sent", TARGETS.c.reminded_at <= reminded_before
    )
    return _waiting(session, query.order_by(TARGETS.c.reminded_at).limit(most))


def to_call(session: Session, ward_id: int, *, now: int, most: int = 200) -> list[Waiting]:
    """Whom no chat reaches, who was reminded in vain, and who cannot post: of warnings that are not over, newest first."""
    return _waiting(session, _to_call(ward_id, now).order_by(WARNINGS.c.id.desc(), TARGETS.c.id).limit(most))


def count_to_call(session: Session, ward_id: int, *, now: int) -> int:
    return int(session.execute(select(func.count()).select_from(_to_call(ward_id, now).subquery())).scalar_one())


def _to_call(ward_id: int, now: int) -> Any:
    query = _of_running(now).where(TARGETS.c.ward_id == ward_id, TARGETS.c.kind == "leader")
    return query.where(
        TARGETS.c.state.in_(("to_call", "not_posted", "failed", "parked"))
        | ((TARGETS.c.state == "sent") & TARGETS.c.reminded_at.is_not(None))
    )


def _of_running(now: int) -> Any:
    found = select(*_WAITING, TARGETS.c.reminded_at).join(WARNINGS, WARNINGS.c.id == TARGETS.c.warning_id)
    return found.where(WARNINGS.c.state.in_(_GOES_ON), WARNINGS.c.expires_at > now)


def _waiting(session: Session, query: Any) -> list[Waiting]:
    return [
        Waiting(
            target_id=row.id,
            warning_id=row.warning_id,
            officer_id=row.officer_id,
            state=row.state,
            reason=row.reason,
            settled_at=row.settled_at,
            reminded_at=row.reminded_at,
        )
        for row in session.execute(query)
    ]


# -- what a leader proposed ----------------------------------------------------------------------------------------------------


def proposed(session: Session, ward_id: int) -> list[tuple[int, int, int, int | None]]:
    """(warning, who wrote it, when it was proposed, when somebody was last rung for it) of what leaders have asked for."""
    query = (
        select(WARNINGS.c.id, WARNINGS.c.written_by, WARNINGS.c.proposed_at, WARNINGS.c.rung_at)
        .join(OFFICERS, OFFICERS.c.id == WARNINGS.c.written_by)
        .where(WARNINGS.c.ward_id == ward_id, WARNINGS.c.state == "proposed", OFFICERS.c.role == LEADER)
        .order_by(WARNINGS.c.id)
    )
    return [(row[0], row[1], row[2] or 0, row[3]) for row in session.execute(query)]


def note_rung(session: Session, warning_id: int, *, now: int) -> None:
    session.execute(update(WARNINGS).where(WARNINGS.c.id == warning_id).values(rung_at=now))
