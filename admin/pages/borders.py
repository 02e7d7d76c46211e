"""Where the ward and its neighbourhoods end: a file is looked through and drawn first, and kept by a second press."""

import asyncio
import math
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from handlers import border_files
from handlers import borders as acts
from handlers.border_files import Area, Read
from handlers.gazetteer_files import MOST_BYTES, Mistakes, Wrong
from storage.ids import new_id
from storage.queries import borders as rows
from storage.queries import gazetteer
from storage.queries.borders import Shape
from storage.queries.gazetteer import PlaceRow

HOME = "/admin/noi/ranh-gioi"
_MOST_SHOWN = 30  # Mistakes of a file; the rest is counted.
_WIDE = 600  # Of the drawing.
_DONE = {"ghi": "border-done-kept", "bo": "border-done-dropped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Areas as paths of one picture, north up."""

    width: int
    height: int
    paths: tuple[tuple[str, bool, str], ...]  # Name, whether it is the ward itself, the path.


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def preview(desk: Desk, visit: Visit) -> web.StreamResponse:
    sent = (await visit.request.post()).get("file")
    content = sent.file.read(MOST_BYTES + 1) if isinstance(sent, web.FileField) else b""
    if not content:
        return await _draw(desk, visit, mistake="places-mistake-no-file")
    try:
        read = await _read(desk, visit, content)
    except Mistakes as mistakes:
        return await _draw(desk, visit, wrong=mistakes.wrong)
    return await _draw(desk, visit, read=read)


async def keep(desk: Desk, visit: Visit) -> web.StreamResponse:
    """What the preview showed, looked through once more: neighbourhoods may have changed meanwhile."""
    content, act = (await read_form(visit.request)).get("content", "").encode(), act_of(visit)
    try:
        read = await _read(desk, visit, content)
    except Mistakes as mistakes:
        return await _draw(desk, visit, wrong=mistakes.wrong)
    if not read.areas:
        return await _draw(desk, visit, read=read)
    ids = [new_id() for _area in read.areas]
    await desk.memory.write(lambda session: acts.keep(session, act, read.areas, ids=ids))
    return desk.go(f"{HOME}?xong=ghi")


async def drop(desk: Desk, visit: Visit) -> web.StreamResponse:
    act = act_of(visit)
    await desk.memory.write(lambda session: acts.drop(session, act))
    return desk.go(f"{HOME}?xong=bo")


async def _read(desk: Desk, visit: Visit, content: bytes) -> Read:
    ward_id, name = visit.officer.ward_id, desk.ward().name
    homes = await desk.memory.read(lambda session: gazetteer.places(session, ward_id))
    return await asyncio.to_thread(border_files.read_borders, content, homes, ward=name)


async def _draw(
    desk: Desk, visit: Visit, *, read: Read | None = None, mistake: str = "", wrong: tuple[Wrong, ...] = ()
) -> web.StreamResponse:
    ward_id = visit.officer.ward_id

    def find(session: Session) -> tuple[list[rows.BorderSeen], list[PlaceRow]]:
        return rows.borders(session, ward_id), gazetteer.places(session, ward_id)

    known, places = await desk.memory.read(find)
    names = {row.id: row.name for row in places if row.kind == "neighbourhood" and row.ended_at is None}
    has = {one.neighbourhood_id for one in known}
    shown: list[tuple[str, int | None, Shape]] = [(one.name, one.neighbourhood_id, one.shape) for one in known]
    if read is not None:
        shown = [(names.get(area.home or 0, ""), area.home, area.shape) for area in read.areas]
    status = 422 if mistake or wrong or (read is not None and not read.areas) else 200
    values: dict[str, Any] = {"read": read, "mistake": mistake, "wrong": wrong, "shown_wrong": wrong[:_MOST_SHOWN]}
    return desk.show(
        visit,
        "borders.html",
        status=status,
        **values,
        drawing=drawing(shown) if shown else None,
        known=known,
        has_ward=None in has,
        without=[name for home, name in names.items() if home not in has],
        has_homes=bool(names),
        content=border_files.written(_named(read.areas, names)) if read is not None and read.areas else "",
        matched=[(area.name, names.get(area.home or 0, "")) for area in read.areas] if read is not None else [],
        done=_DONE.get(visit.request.query.get("xong", ""), ""),
        most=border_files.MOST_AREAS,
        most_kb=MOST_BYTES // 1000,
    )


def _named(areas: tuple[Area, ...], names: dict[int, str]) -> list[Area]:
    """Under the map's own names, so that they are found again."""
    return [Area(name=names.get(area.home or 0, area.name), home=area.home, shape=area.shape) for area in areas]


def drawing(areas: list[tuple[str, int | None, Shape]]) -> Drawing:
    corners = [corner for _name, _home, shape in areas for polygon in shape for ring in polygon for corner in ring]
    west, east = min(corner[0] for corner in corners), max(corner[0] for corner in corners)
    south, north = min(corner[1] for corner in corners), max(corner[1] for corner in corners)
    narrow = math.cos(math.radians((south + north) / 2))  # Meridians draw together away from the equator.
    scale = _WIDE / max((east - west) * narrow, north - south)

    def path(shape: Shape) -> str:
        rings = (ring for polygon in shape for ring in polygon)
        return "".join(
            "M" + "L".join(f"{(x - west) * narrow * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring) + "Z" for ring in rings
        )

    return Drawing(
        width=math.ceil((east - west) * narrow * scale),
        height=math.ceil((north - south) * scale),
        paths=tuple((name, home is None, path(shape)) for name, home, shape in areas),
    )
