"""One row for each whom a warning goes to: laid out once, queued, settled. What is unknown stays so until a person decides.

A row goes back to `planned` only while its row of the outbox surely was not sent, so nothing that happens to a process sends a
warning twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlmodel import Session

from storage.queries.warnings import WarningSeen
from storage.quick import Quick, insert
from storage.tables import Chat, ChatGroup, Leader, LeaderArea, Neighbourhood, Officer, Subscription, WarningTarget
from storage.tables.columns import table_of

TARGETS, GROUPS, SUBSCRIPTIONS = table_of(WarningTarget), table_of(ChatGroup), table_of(Subscription)
LEADERS, AREAS, OFFICERS = table_of(Leader), table_of(LeaderArea), table_of(Officer)
NEIGHBOURHOODS, CHATS = table_of(Neighbourhood), table_of(Chat)
_WENT = ("sent", "posted", "not_posted", "unknown", "parked", "to_call")
_INSERT = insert(
    "warning_targets",
    *("id", "ward_id", "warning_id", "kind", "neighbourhood_id", "channel", "chat_id", "officer_id", "group_id", "state", "reason"),
    *("tries",),
)
_TAKE_BACK = Quick(
    "UPDATE outbox SET status = 'cancelled', reply = NULL, settled_at = :now WHERE status IN ('waiting', 'held', 'parked')"
    " AND id IN (SELECT outbox_id FROM warning_targets WHERE warning_id = :warning_id AND state = 'queued') RETURNING id"
)
_PLANNED_AGAIN = Quick(
    "UPDATE warning_targets SET state = 'planned', outbox_id = NULL, tries = tries - 1,"
    " channel = CASE WHEN kind = 'leader' THEN '' ELSE channel END WHERE outbox_id = :outbox_id AND state = 'queued'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Somebody it goes to, before there is a row."""

    kind: str
    neighbourhood_id: int | None
    channel: str = ""
    chat_id: int | None = None
    officer_id: int | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    id: int
    warning_id: int
    kind: str
    neighbourhood_id: int | None
    channel: str
    chat_id: int | None
    officer_id: int | None
    group_id: int | None
    state: str
    reason: str
    settled_at: int | None
    posted_at: int | None


# -- laying out ----------------------------------------------------------------------------------------------------------------


def leaders_for(session: Session, ward_id: int, warning: WarningSeen) -> list[Whom]:
    """Everybody who leads one of its neighbourhoods, once. Those who have a row already are left out, here and below."""
    query = (
        select(AREAS.c.officer_id, func.min(AREAS.c.neighbourhood_id))
        .join(OFFICERS, OFFICERS.c.id == AREAS.c.officer_id)
        .join(LEADERS, LEADERS.c.officer_id == AREAS.c.officer_id)
        .where(AREAS.c.ward_id == ward_id, OFFICERS.c.disabled_at.is_(None), OFFICERS.c.role == "leader")
        .where(*([AREAS.c.neighbourhood_id.in_(warning.areas)] if warning.areas else []))
        .where(~_has_row(warning.id, TARGETS.c.officer_id == AREAS.c.officer_id))
        .group_by(AREAS.c.officer_id)
        .order_by(AREAS.c.officer_id)
    )
    return [Whom(kind="leader", neighbourhood_id=area, officer_id=officer_id) for officer_id, area in session.execute(query)]


def groups_for(session: Session, ward_id: int, warning: WarningSeen) -> list[Whom]:
    """A group of the whole ward gets what is for the whole ward."""
    query = (
        select(GROUPS.c.id, GROUPS.c.chat_id, GROUPS.c.channel, GROUPS.c.neighbourhood_id)
        .where(GROUPS.c.ward_id == ward_id, GROUPS.c.ended_at.is_(None))
        .where(*([GROUPS.c.neighbourhood_id.in_(warning.areas)] if warning.areas else []))
        .where(~_has_row(warning.id, TARGETS.c.chat_id == GROUPS.c.chat_id))
        .order_by(GROUPS.c.id)
    )
    return [
        Whom(kind="group", neighbourhood_id=area, channel=channel, chat_id=chat_id, group_id=group_id)
        for group_id, chat_id, channel, area in session.execute(query)
    ]


def subscribers_for(session: Session, ward_id: int, warning: WarningSeen, *, after: int, most: int) -> tuple[list[Whom], int | None]:
    """Some of those who want this theme of one of these neighbourhoods, and where to go on; None after the last."""
    query = (
        select(SUBSCRIPTIONS.c.id, SUBSCRIPTIONS.c.chat_id, SUBSCRIPTIONS.c.neighbourhood_id, SUBSCRIPTIONS.c.themes, CHATS.c.channel)
        .join(CHATS, CHATS.c.id == SUBSCRIPTIONS.c.chat_id)
        .where(SUBSCRIPTIONS.c.ward_id == ward_id, SUBSCRIPTIONS.c.id > after)
    )
    if warning.areas:  # Who wants those of the whole ward gets those of every part of it.
        query = query.where(or_(SUBSCRIPTIONS.c.neighbourhood_id.in_(warning.areas), SUBSCRIPTIONS.c.neighbourhood_id.is_(None)))
    rows = session.execute(query.order_by(SUBSCRIPTIONS.c.id).limit(most)).all()
    fits = [row for row in rows if warning.is_urgent or not row.themes or warning.theme in row.themes]
    have = _chats_with_rows(session, warning.id, [row.chat_id for row in fits])
    found = [
        Whom(kind="subscriber", neighbourhood_id=row.neighbourhood_id, channel=row.channel, chat_id=row.chat_id)
        for row in fits
        if row.chat_id not in have
    ]
    return found, int(rows[-1].id) if len(rows) == most else None


def where_it_went(session: Session, original_id: int, warning_id: int, *, after: int, most: int) -> tuple[list[Whom], int | None]:
    """For a correction: everybody whom the original reached, or may have reached."""
    query = (
        select(TARGETS)
        .where(TARGETS.c.warning_id == original_id, TARGETS.c.state.in_(_WENT), TARGETS.c.id > after)
        .order_by(TARGETS.c.id)
        .limit(most)
    )
    rows = session.execute(query).mappings().all()
    have = _chats_with_rows(session, warning_id, [row["chat_id"] for row in rows if row["chat_id"]])
    leaders = set(
        session.execute(select(TARGETS.c.officer_id).where(TARGETS.c.warning_id == warning_id, TARGETS.c.officer_id.is_not(None))).scalars()
    )
    found = [
        Whom(
            kind=row["kind"],
            neighbourhood_id=row["neighbourhood_id"],
            channel="" if row["kind"] == "leader" else row["channel"],
            chat_id=None if row["kind"] == "leader" else row["chat_id"],
            officer_id=row["officer_id"],
            group_id=row["group_id"],
        )
        for row in rows
        if (row["officer_id"] not in leaders if row["kind"] == "leader" else row["chat_id"] not in have)
    ]
    return found, int(rows[-1]["id"]) if len(rows) == most else None


def lay_out(session: Session, ward_id: int, warning_id: int, whom: Iterable[Whom], ids: Iterable[int]) -> int:
    """A row for each; whoever calls has left out those who have one. The unique constraints catch whoever was faster."""
    many = 0
    for row_id, one in zip(ids, whom, strict=False):
        _INSERT.run(
            session,
            id=row_id,
            ward_id=ward_id,
            warning_id=warning_id,
            kind=one.kind,
            neighbourhood_id=one.neighbourhood_id,
            channel=one.channel,
            chat_id=one.chat_id,
            officer_id=one.officer_id,
            group_id=one.group_id,
            state="planned",
            reason="",
            tries=0,
        )
        many += 1
    return many


def _has_row(warning_id: int, who: Any) -> Any:
    return exists(select(TARGETS.c.id).where(and_(TARGETS.c.warning_id == warning_id, who)))


def _chats_with_rows(session: Session, warning_id: int, chats: list[int]) -> set[int]:
    query = select(TARGETS.c.chat_id).where(TARGETS.c.warning_id == warning_id, TARGETS.c.chat_id.in_(chats))
    return set(session.execute(query).scalars())


# -- what became of them -------------------------------------------------------------------------------------------------------


def counts(session: Session, warning_id: int) -> dict[tuple[str, str], int]:
    """By (kind, state)."""
    query = select(TARGETS.c.kind, TARGETS.c.state, func.count()).where(TARGETS.c.warning_id == warning_id)
    return {(kind, state): many for kind, state, many in session.execute(query.group_by(TARGETS.c.kind, TARGETS.c.state))}


def listed(
    session: Session, warning_id: int, *, states: tuple[str, ...] = (), kinds: tuple[str, ...] = (), after: int = 0, most: int = 200
) -> list[Target]:
    query = select(TARGETS).where(TARGETS.c.warning_id == warning_id, TARGETS.c.id > after)
    if states:
        query = query.where(TARGETS.c.state.in_(states))
    if kinds:
        query = query.where(TARGETS.c.kind.in_(kinds))
    return [_target(row) for row in session.execute(query.order_by(TARGETS.c.id).limit(most)).mappings()]


def one(session: Session, ward_id: int, target_id: int) -> Target | None:
    row = session.execute(select(TARGETS).where(TARGETS.c.id == target_id, TARGETS.c.ward_id == ward_id)).mappings().first()
    return _target(row) if row else None


def of_leader(session: Session, ward_id: int, officer_id: int, *, most: int = 20) -> list[Target]:
    """Newest first."""
    query = select(TARGETS).where(TARGETS.c.ward_id == ward_id, TARGETS.c.officer_id == officer_id)
    return [_target(row) for row in session.execute(query.order_by(TARGETS.c.id.desc()).limit(most)).mappings()]


def change(session: Session, target_id: int, *, when: tuple[str, ...], **values: Any) -> bool:
    done = session.execute(
        update(TARGETS).where(TARGETS.c.id == target_id, TARGETS.c.state.in_(when)).values(**values).returning(TARGETS.c.id)
    )
    return done.first() is not None


def take_back(session: Session, warning_id: int, *, now: int) -> None:
    """What waits in the outbox goes back to its place; what is being sent is settled by whoever sends it."""
    back = _TAKE_BACK.run(session, warning_id=warning_id, now=now).fetchall()
    for (outbox_id,) in back:
        _PLANNED_AGAIN.run(session, outbox_id=outbox_id)


# -- areas ---------------------------------------------------------------------------------------------------------------------


def areas_of_leader(session: Session, officer_id: int) -> tuple[int, ...]:
    query = select(AREAS.c.neighbourhood_id).where(AREAS.c.officer_id == officer_id)
    return tuple(session.execute(query.order_by(AREAS.c.neighbourhood_id)).scalars())


def neighbourhoods(session: Session, ward_id: int) -> set[int]:
    return set(session.execute(select(NEIGHBOURHOODS.c.id).where(NEIGHBOURHOODS.c.ward_id == ward_id)).scalars())


def _target(row: Any) -> Target:
    return Target(**{name: row[name] for name in Target.__dataclass_fields__})
