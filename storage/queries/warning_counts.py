"""Warnings in numbers: whom one would reach, what became of those whom it went to, and what waits for somebody's word.

Residents who subscribed are only ever counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Text, and_, cast, exists, func, or_, select
from sqlmodel import Session

from storage.queries.warning_targets import AREAS, GROUPS, LEADERS, OFFICERS, SUBSCRIPTIONS, TARGETS
from storage.queries.warnings import WARNINGS, WarningSeen, seen_of

Counts = dict[tuple[str, str], int]  # By (kind, state).
_IN_HAND = ("released", "sending", "paused", "done", "cancelled", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """So many, if it went now."""

    leaders: int
    groups: int
    subscribers: int


def reached(session: Session, ward_id: int, *, areas: tuple[int, ...], theme: str, is_urgent: bool) -> Reached:
    """`areas` empty: the whole ward. Counted as they are laid out (`storage/queries/warning_targets.py`)."""
    leaders = (
        select(func.count(func.distinct(AREAS.c.officer_id)))
        .join(OFFICERS, OFFICERS.c.id == AREAS.c.officer_id)
        .join(LEADERS, LEADERS.c.officer_id == AREAS.c.officer_id)
        .where(AREAS.c.ward_id == ward_id, OFFICERS.c.disabled_at.is_(None), OFFICERS.c.role == "leader")
    )
    groups = select(func.count()).select_from(GROUPS).where(GROUPS.c.ward_id == ward_id, GROUPS.c.ended_at.is_(None))
    subscribers = select(func.count()).select_from(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.ward_id == ward_id)
    if areas:
        leaders = leaders.where(AREAS.c.neighbourhood_id.in_(areas))
        groups = groups.where(GROUPS.c.neighbourhood_id.in_(areas))
        subscribers = subscribers.where(or_(SUBSCRIPTIONS.c.neighbourhood_id.in_(areas), SUBSCRIPTIONS.c.neighbourhood_id.is_(None)))
    if not is_urgent:
        themes = cast(SUBSCRIPTIONS.c.themes, Text)
        subscribers = subscribers.where(or_(themes == "[]", themes.contains(f'"{theme}"', autoescape=True)))
    told = [int(session.execute(query).scalar_one()) for query in (leaders, groups, subscribers)]
    return Reached(leaders=told[0], groups=told[1], subscribers=told[2])


def counts_of(session: Session, warning_ids: Iterable[int]) -> dict[int, Counts]:
    """Of several warnings, in one question."""
    wanted = list(warning_ids)
    found: dict[int, Counts] = {one: {} for one in wanted}
    query = (
        select(TARGETS.c.warning_id, TARGETS.c.kind, TARGETS.c.state, func.count())
        .where(TARGETS.c.warning_id.in_(wanted))
        .group_by(TARGETS.c.warning_id, TARGETS.c.kind, TARGETS.c.state)
    )
    for warning_id, kind, state, many in session.execute(query):
        found[warning_id][kind, state] = many
    return found


def by_channel(session: Session, warning_id: int) -> dict[str, Counts]:
    """The same of one, for each channel; "" is of those for whom none was chosen yet."""
    query = (
        select(TARGETS.c.channel, TARGETS.c.kind, TARGETS.c.state, func.count())
        .where(TARGETS.c.warning_id == warning_id)
        .group_by(TARGETS.c.channel, TARGETS.c.kind, TARGETS.c.state)
    )
    found: dict[str, Counts] = {}
    for channel, kind, state, many in session.execute(query):
        found.setdefault(channel, {})[kind, state] = many
    return found


def with_unknown(session: Session, ward_id: int, *, most: int) -> list[WarningSeen]:
    """Those with a send of which nobody knows whether it arrived, newest first."""
    open_question = exists(select(TARGETS.c.id).where(TARGETS.c.warning_id == WARNINGS.c.id, TARGETS.c.state == "unknown"))
    return seen_of(session, WARNINGS.c.ward_id == ward_id, WARNINGS.c.state.in_(_IN_HAND), open_question, most=most)


def waiting(session: Session, ward_id: int) -> int:
    """Those that a second person is asked about: proposed, or released alone and not approved since."""
    alone = and_(WARNINGS.c.is_for_life, WARNINGS.c.released_at.is_not(None), WARNINGS.c.approved_at.is_(None))
    query = select(func.count()).select_from(WARNINGS).where(WARNINGS.c.ward_id == ward_id, or_(WARNINGS.c.state == "proposed", alone))
    return int(session.execute(query).scalar_one())


def group_titles(session: Session, ward_id: int) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(select(GROUPS.c.id, GROUPS.c.title).where(GROUPS.c.ward_id == ward_id))}
