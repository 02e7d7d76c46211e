"""Whom a warning for a neighbourhood reaches: how many leaders, which groups with how many people, how many who asked for it.

Of those who asked the desk gets numbers alone, and no number that could be a person: what is under five is said as that.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session

from handlers.texts import say
from handlers.warnings.content import THEMES
from storage.queries import groups as group_rows
from storage.queries import subscriptions
from storage.queries.warning_targets import AREAS, LEADERS, NEIGHBOURHOODS, OFFICERS

FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaReach:
    """Of one neighbourhood; of None: who is linked to, or wants, the whole ward."""

    neighbourhood_id: int | None
    name: str
    leaders: int
    groups: tuple[tuple[str, int | None], ...]  # Each by its title, with how many people are in it, where that is known.
    wants: str  # How many want warnings of it at all.
    subscribers: dict[str, str]  # By theme.


def reach(session: Session, ward_id: int, language: str = "vi") -> list[AreaReach]:
    areas = session.execute(
        select(NEIGHBOURHOODS.c.id, NEIGHBOURHOODS.c.name)
        .where(NEIGHBOURHOODS.c.ward_id == ward_id, NEIGHBOURHOODS.c.ended_at.is_(None))
        .order_by(NEIGHBOURHOODS.c.position, NEIGHBOURHOODS.c.id)
    ).all()
    leaders, wanted = _leaders(session, ward_id), subscriptions.counted(session, ward_id)
    linked = [one for one in group_rows.listed(session, ward_id) if one.is_linked]
    found = []
    for area_id, name in [*((row[0], row[1]) for row in areas), (None, "")]:
        groups = tuple((one.title, one.members) for one in linked if one.neighbourhood_id == area_id)
        by_themes = wanted.get(area_id, {})
        themes = {theme: sum(many for chosen, many in by_themes.items() if not chosen or theme in chosen) for theme in THEMES}
        found.append(
            AreaReach(
                neighbourhood_id=area_id,
                name=name,
                leaders=leaders.get(area_id, 0),
                groups=groups,
                wants=said(sum(by_themes.values()), language),
                subscribers={theme: said(many, language) for theme, many in themes.items()},
            )
        )
    return found


def _leaders(session: Session, ward_id: int) -> dict[int | None, int]:
    query = (
        select(AREAS.c.neighbourhood_id, func.count())
        .join(OFFICERS, OFFICERS.c.id == AREAS.c.officer_id)
        .join(LEADERS, LEADERS.c.officer_id == AREAS.c.officer_id)
        .where(AREAS.c.ward_id == ward_id, OFFICERS.c.disabled_at.is_(None), OFFICERS.c.role == "leader")
        .group_by(AREAS.c.neighbourhood_id)
    )
    return {area: int(many) for area, many in session.execute(query)}


def said(many: int, language: str) -> str:
    """Of residents: what is under five is said as that."""
    return str(many) if many >= FEW else say("reach-few", language)
