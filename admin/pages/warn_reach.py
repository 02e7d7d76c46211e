"""Whom a warning reaches, in each neighbourhood and for each theme; of residents numbers alone, and none that could be a person."""

from aiohttp import web

from admin.desk import Desk, Visit
from handlers.warnings import reach
from handlers.warnings.content import THEMES


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    ward_id, theme = visit.officer.ward_id, visit.request.query.get("chu-de", "")
    areas = await desk.memory.read(lambda session: reach.reach(session, ward_id, visit.language))
    return desk.show(
        visit,
        "warn_reach.html",
        areas=areas,
        themes=THEMES,
        theme=theme if theme in THEMES else "",
        nobody=[one for one in areas if one.name and not (one.leaders or one.groups)],
    )
