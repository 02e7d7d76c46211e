"""The map of tips: counts by square and by neighbourhood, the list behind each, and exact places for who may open them.

What is asked for stands in the address; exact places are asked for by a form, and leave a line in the history.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import border_files, near
from handlers import pins as pin_acts
from handlers.insight import catalogue
from handlers.insight.hot_spots import hot_spots
from handlers.texts import say
from storage import moments
from storage.places import Square, square_of
from storage.queries import borders, tip_map
from storage.queries.map_counts import Rolled
from storage.queries.tip_map import COUNT_MOST, Cells, Homes, Spot, State, Wanted
from storage.queries.tips import TipLine

HOME = "/admin/ban-do"
PAGE = 50
PRESETS = (1, 7, 28, 91, 365)  # Days back from now.
_USUAL = 28
_COMPARED_MOST = 32 * moments.DAY  # Over longer times "more than before" says little.
_STATES: dict[str, State] = {"": "all", "dang-mo": "open", "da-xong": "done"}
_NOWHERE = "khong"  # In an address: without a place, or without a neighbourhood.


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filters, as the address says them."""

    days: int = _USUAL
    first: date | None = None
    last: date | None = None
    kinds: tuple[str, ...] = ()
    state: str = ""

    @classmethod
    def of(cls, query: Any) -> "Asked":
        kinds = tuple(code for code in (*catalogue.CODES, "-") if code in query.getall("loai", []))
        days = query.get("ngay", "")
        return cls(
            days=int(days) if days in map(str, PRESETS) else _USUAL,
            first=_day(query.get("tu", "")),
            last=_day(query.get("den", "")),
            kinds=kinds,
            state=query.get("tinh", "") if query.get("tinh", "") in _STATES else "",
        )

    @property
    def is_dated(self) -> bool:
        return self.first is not None or self.last is not None

    @property
    def first_day(self) -> str:
        return _written(self.first)

    @property
    def last_day(self) -> str:
        return _written(self.last)

    def preset(self, days: int) -> "Asked":
        return replace(self, days=days, first=None, last=None)

    def wanted(self, now: int) -> Wanted:
        since, until = now - self.days * moments.DAY, now + 1
        if self.is_dated:
            first, last = sorted((self.first or self.last or date.min, self.last or moments.local(now).date()))
            since, until = moments.start_of_day(first), moments.start_of_day(last + timedelta(days=1))
        kinds = tuple("" if code == "-" else code for code in self.kinds)
        return Wanted(since=since, until=until, categories=kinds, state=_STATES[self.state])

    def address(self, path: str, /, **also: Any) -> str:
        pairs: list[tuple[str, str]] = []
        if self.is_dated:
            pairs += [(name, day.isoformat()) for name, day in (("tu", self.first), ("den", self.last)) if day]
        else:
            pairs.append(("ngay", str(self.days)))
        pairs += [("loai", code) for code in self.kinds]
        pairs += [("tinh", self.state)] if self.state else []
        pairs += [(name, str(value)) for name, value in also.items()]
        return f"{path}?{urlencode(pairs)}"


def _written(day: date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day else "…"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2200 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A neighbourhood of the table: its counts by category, already as they are shown."""

    name: str
    where: str
    total: str
    counts: dict[str, tuple[str, str]]  # By category: how many, and the list behind it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    place: str
    sentence: str
    href: str


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    asked, sight = Asked.of(visit.request.query), visit.sight
    wanted = asked.wanted(moments.now())
    is_compared = wanted.state == "all" and wanted.until - wanted.since <= _COMPARED_MOST
    earlier = replace(wanted, since=2 * wanted.since - wanted.until, until=wanted.since)

    def find(session: Session) -> tuple[Homes, dict[int, str], Cells, Cells, bool]:
        nothing, rolled = Cells(counts={}), Rolled.of(session, sight)
        return (
            tip_map.count_homes(session, sight, wanted, rolled=rolled),
            tip_map.home_names(session, sight.ward_id),
            tip_map.count_cells(session, sight, wanted, rolled=rolled) if is_compared else nothing,
            tip_map.count_cells(session, sight, earlier, rolled=rolled) if is_compared else nothing,
            borders.has_borders(session, sight.ward_id),
        )

    homes, names, now, before, has_borders = await desk.memory.read(find)
    rows, kinds = _table(visit, asked, homes, names)
    page = desk.show(
        visit,
        "tip_map.html",
        asked=asked,
        presets=PRESETS,
        codes=catalogue.CODES,
        states=_STATES,
        rows=rows,
        kinds=kinds,
        is_cut=homes.is_cut,
        hints=_hints(desk, visit, asked, wanted, now.counts, before.counts),
        is_compared=is_compared,
        compared=_span(visit, asked, wanted),
        has_borders=has_borders,
        has_places=any(one.latitude is not None for one in desk.ward().book.neighbourhoods),
        points=points_of(desk),
        at=_square(visit.request.query.get("o", "")),
        tiles=desk.map_tiles,
        tiles_host=urlsplit(desk.map_tiles).netloc,
        home=HOME,
        most=_said(visit, COUNT_MOST + 1),
        today=moments.local(moments.now()).date().isoformat(),
    )
    return with_tiles(desk, page)


async def cells(desk: Desk, visit: Visit) -> web.StreamResponse:
    """For the script: squares with how many, and what each is near to."""
    asked, sight = Asked.of(visit.request.query), visit.sight
    wanted = asked.wanted(moments.now())
    found = await desk.memory.read(lambda session: tip_map.count_cells(session, sight, wanted))
    names = near.names_of(desk.ward().book)
    drawn = [
        {"cell": cell, "square": [square.south, square.west, square.north, square.east], "count": number, "place": _called(names, cell)}
        for cell, number in found.counts.items()
        if (square := square_of(cell))
    ]
    return web.json_response({"cells": drawn, "without": found.counts.get("", 0), "cut": found.is_cut}, headers=desk.headers())


async def outlines(desk: Desk, visit: Visit) -> web.StreamResponse:
    found = await desk.memory.read(lambda session: borders.borders(session, visit.officer.ward_id))
    drawn = border_files.collection([(one.name, one.neighbourhood_id, one.shape) for one in found])
    return web.json_response(drawn, headers=desk.headers())


async def list_behind(desk: Desk, visit: Visit) -> web.StreamResponse:
    """What stands behind a square or a neighbourhood."""
    query, sight = visit.request.query, visit.sight
    asked = Asked.of(query)
    wanted, before = asked.wanted(moments.now()), _place(query.get("truoc", ""))
    spot = _spot(query)
    if spot is None:
        return desk.go(asked.address(HOME))
    at = spot

    def find(session: Session) -> tuple[list[TipLine], tuple[int, int] | None, dict[int, str]]:
        return *tip_map.list_at(session, sight, wanted, at, before=before, limit=PAGE), tip_map.home_names(session, sight.ward_id)

    tips, older, names = await desk.memory.read(find)
    where = {"o": spot.cell or _NOWHERE} if spot.cell is not None else {"to": spot.home or _NOWHERE}
    return desk.show(
        visit,
        "tip_map_list.html",
        asked=asked,
        title=_title(desk, visit, spot, names),
        tips=tips,
        back=asked.address(HOME),
        older=asked.address(f"{HOME}/danh-sach", **where, truoc=f"{older[0]}-{older[1]}") if older else "",
        first=asked.address(f"{HOME}/danh-sach", **where) if before else "",
    )


async def pins(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Exact places of what is in view. The line of the history is there before anything is shown."""
    view, asked, sight, act = _view(await read_form(visit.request)), Asked.of(visit.request.query), visit.sight, act_of(visit)
    if view is None:
        raise Sorry(400, "desk-unreadable")
    wanted = asked.wanted(act.now)
    found = await desk.memory.read(lambda session: tip_map.pins_in(session, sight, wanted, view))
    if found.pins:
        count = len(found.pins)
        await desk.memory.write(lambda session: pin_acts.note_opened(session, act, view, wanted, count=count))
    known = catalogue.merged(catalogue.load(), desk.ward().book.category_changes)
    drawn = [
        {
            "at": [pin.latitude, pin.longitude],
            "href": f"/admin/tin/{pin.tip_id}",
            "title": known[pin.category].name[visit.language] if pin.category in known else say("category-unknown", visit.language),
            "facts": f"…{pin.tail} · {moments.clock_face(pin.arrived_at)} · {moments.short_date(pin.arrived_at)}",
        }
        for pin in found.pins
    ]
    key = "map-pins-many" if found.are_too_many else "map-pins-shown" if drawn else "map-pins-none"
    said = say(key, visit.language, count=len(drawn), most=tip_map.PINS_MOST)
    if found.damaged:
        said = f"{said} {say('map-pins-damaged', visit.language, count=found.damaged)}"
    return web.json_response({"pins": drawn, "said": said}, headers=desk.headers())


# -- reading what was asked ----------------------------------------------------------------------------------------------------


def _spot(query: Any) -> Spot | None:
    cell, home = query.get("o", ""), query.get("to", "")
    if cell == _NOWHERE or square_of(cell):
        return Spot(cell="" if cell == _NOWHERE else cell)
    if home == _NOWHERE:
        return Spot(home=None)
    return Spot(home=int(home)) if re.fullmatch(r"\d{1,18}", home, re.ASCII) else None


def _place(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{1,15})-(\d{1,18})", text, re.ASCII)
    return (int(found[1]), int(found[2])) if found else None


def _view(form: Mapping[str, str]) -> Square | None:
    try:
        south, west, north, east = (float(form[name]) for name in ("nam", "tay", "bac", "dong"))
    except (KeyError, ValueError):
        return None
    return Square(south, west, north, east) if -90 <= south < north <= 90 and -180 <= west < east <= 180 else None


# -- as it is shown ------------------------------------------------------------------------------------------------------------


def _said(visit: Visit, number: int, *, is_cut: bool = False) -> str:
    if number > COUNT_MOST:
        return say("map-more", visit.language)
    return f"{number}+" if is_cut else str(number)


def _table(visit: Visit, asked: Asked, homes: Homes, names: Mapping[int, str]) -> tuple[list[Row], list[str]]:
    """Rows in the ward's order, the one without a neighbourhood last; columns with the greatest first."""
    by_kind: dict[str, int] = {}
    by_home: dict[int | None, dict[str, int]] = {}
    for (home, kind), number in homes.counts.items():
        by_kind[kind] = by_kind.get(kind, 0) + number
        by_home.setdefault(home if home in names else None, {}).setdefault(kind, 0)
        by_home[home if home in names else None][kind] += number
    kinds = sorted(by_kind, key=lambda kind: (-by_kind[kind], kind))
    rows = [
        Row(
            name=names[home] if home is not None else "",
            where=_list_of(asked, home),
            total=_said(visit, sum(by_home[home].values()), is_cut=homes.is_cut),
            counts={
                kind: (_said(visit, number, is_cut=homes.is_cut), _list_of(replace(asked, kinds=(kind or "-",)), home))
                for kind, number in by_home[home].items()
            },
        )
        for home in (*names, None)
        if home in by_home
    ]
    return rows, kinds


def _list_of(asked: Asked, home: int | None) -> str:
    return asked.address(f"{HOME}/danh-sach", to=_NOWHERE if home is None else home)


def _hints(desk: Desk, visit: Visit, asked: Asked, wanted: Wanted, now: Mapping[str, int], before: Mapping[str, int]) -> list[Hint]:
    names, earlier = near.names_of(desk.ward().book), _span(visit, asked, wanted)
    found = []
    for spot in hot_spots(now, before):
        key = "map-hot-times" if spot.times else "map-hot-new"
        values: dict[str, Any] = {"count": _said(visit, spot.now), "times": spot.times, "before": spot.before, "earlier": earlier}
        href = asked.address(f"{HOME}/danh-sach", o=spot.cell)
        found.append(Hint(place=_called(names, spot.cell), sentence=say(key, visit.language, **values), href=href))
    return found


def _span(visit: Visit, asked: Asked, wanted: Wanted) -> str:
    """The same time before, in words."""
    if not asked.is_dated:
        return say(f"map-earlier-{asked.days}", visit.language)
    return say("map-earlier-days", visit.language, count=round((wanted.until - wanted.since) / moments.DAY))


def _called(names: near.Names, cell: str) -> str:
    """The place everybody knows and the neighbourhood; where neither is known, its middle."""
    known = names.of(cell)
    if known.mark or known.home:
        return ", ".join(part for part in (known.mark, known.home) if part)
    square = square_of(cell)
    return "{:.3f}, {:.3f}".format(*square.middle) if square else ""


def _title(desk: Desk, visit: Visit, spot: Spot, names: Mapping[int, str]) -> str:
    if spot.cell is None:
        return names.get(spot.home or 0, "") or say("map-no-home", visit.language)
    if not spot.cell:
        return say("map-no-place", visit.language)
    return say("map-near", visit.language, place=_called(near.names_of(desk.ward().book), spot.cell))


def _square(cell: str) -> str:
    """In whose middle the map begins; empty: all of the ward."""
    square = square_of(cell)
    return f"{square.south},{square.west},{square.north},{square.east}" if square else ""


def points_of(desk: Desk) -> list[list[Any]]:
    """Names for a ward without borders."""
    return [[one.latitude, one.longitude, one.name] for one in desk.ward().book.neighbourhoods if one.latitude is not None]


def with_tiles(desk: Desk, page: web.Response) -> web.Response:
    """On pages with a map alone pictures may come from the server that the setting names."""
    if desk.map_tiles:
        parts = urlsplit(desk.map_tiles)
        policy = page.headers["Content-Security-Policy"].replace("img-src 'self'", f"img-src 'self' {parts.scheme}://{parts.netloc}")
        page.headers["Content-Security-Policy"] = policy
    return page
