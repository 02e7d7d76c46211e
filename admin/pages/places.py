"""The ward's map: neighbourhoods, streets, alleys and places everybody knows; brought in from a file or one at a time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import gazetteer
from handlers.gazetteer import KINDS, Outcome
from handlers.gazetteer_files import MOST_BYTES, MOST_PLACES, Entry, Mistakes, Wrong, checked_entry, read_file
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import gazetteer as rows
from storage.queries.gazetteer import PlaceRow, SpotRow

HOME = "/admin/noi"
_MOST_SHOWN = 30  # Mistakes of a file; the rest is counted.
_DONE = {"them": "places-done-added", "sua": "places-done-changed", "thoi": "places-done-ended", "ma": "spots-done-ended"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the page has to say besides the map, and what was typed so far."""

    mistake: str = ""
    wrong: tuple[Wrong, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)
    form: str = ""  # add, file, spot: where it belongs


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await draw(desk, visit, Said())


async def bring(desk: Desk, visit: Visit) -> web.StreamResponse:
    done = await take_in(desk, visit, await sent_file(visit))
    if isinstance(done, Said):
        return await draw(desk, visit, done)
    return desk.go(f"{HOME}?nhap={done.added}-{done.changed}-{done.same}")


async def sent_file(visit: Visit) -> bytes:
    sent = (await visit.request.post()).get("file")
    return sent.file.read(MOST_BYTES + 1) if isinstance(sent, web.FileField) else b""


async def take_in(desk: Desk, visit: Visit, content: bytes, *, read: Callable[[bytes], list[Entry]] = read_file) -> Outcome | Said:
    """A file. All of it, or none and every mistake by its line."""
    ward_id = visit.officer.ward_id
    if not content:
        return Said(form="file", mistake="places-mistake-no-file")
    try:
        entries = await asyncio.to_thread(read, content)
        ids, act = gazetteer.draw_ids(entries), act_of(visit)
        # Looked through by a reader first: the one who writes for everybody then has little left to think about.
        if wrong := await desk.memory.read(lambda session: gazetteer.what_is_wrong(session, ward_id, entries)):
            raise Mistakes(wrong)

        def write(session: Session) -> Outcome:
            return gazetteer.import_places(session, act, entries, ids=ids)

        done = await desk.memory.write(write)
    except Mistakes as mistakes:
        good = mistakes.good
        more = await desk.memory.read(lambda session: gazetteer.what_is_wrong(session, ward_id, good)) if good else []
        return Said(form="file", wrong=tuple(sorted((*mistakes.wrong, *more), key=lambda one: one.line)))
    await desk.refresh_ward()
    return done


async def add(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, place_id = await read_form(visit.request), act_of(visit), new_id()
    try:
        entry, home = read_place(form)
        await desk.memory.write(lambda session: gazetteer.add_place(session, act, entry, neighbourhood_id=home, place_id=place_id))
    except (Mistake, Mistakes) as mistake:
        return await draw(desk, visit, _said(mistake, form, "add"))
    await desk.refresh_ward()
    return desk.go(f"{HOME}?xong=them")


async def form(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_one(desk, visit, Said())


async def change(desk: Desk, visit: Visit) -> web.StreamResponse:
    given, act, place_id = await read_form(visit.request), act_of(visit), number_in(visit.request, "place")
    try:
        entry, home = read_place(given)
        await desk.memory.write(lambda session: gazetteer.change_place(session, act, entry, neighbourhood_id=home, place_id=place_id))
    except (Mistake, Mistakes) as mistake:
        return await _draw_one(desk, visit, _said(mistake, given, "change"))
    await desk.refresh_ward()
    return desk.go(f"{HOME}?xong=sua")


async def end(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, place_id = act_of(visit), number_in(visit.request, "place")
    try:
        await desk.memory.write(lambda session: gazetteer.end_place(session, act, place_id=place_id))
    except Mistake:
        raise Sorry(404, "places-mistake-gone") from None
    await desk.refresh_ward()
    return desk.go(f"{HOME}?xong=thoi")


def read_place(form: dict[str, str]) -> tuple[Entry, int | None]:
    latitude, longitude = read_point(form)
    kind = form.get("kind", "")
    entry = checked_entry(0, kind if kind in KINDS else "", form.get("name", ""), "", latitude, longitude)
    return entry, read_home(form)


def read_home(form: dict[str, str]) -> int | None:
    given = form.get("home", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None


def read_point(form: dict[str, str]) -> tuple[float | None, float | None]:
    """One field, as a map on a phone copies it: "20.8449, 106.6881"."""
    typed = form.get("point", "").replace(";", " ").replace(",", " ").split()
    if not typed:
        return None, None
    try:
        latitude, longitude = (float(part) for part in typed)
    except ValueError:
        raise Mistake("places-mistake-point") from None
    return latitude, longitude


def _said(mistake: Mistake | Mistakes, form: dict[str, str], where: str) -> Said:
    if isinstance(mistake, Mistakes):
        return Said(form=where, wrong=mistake.wrong, typed=form)
    return Said(form=where, mistake=mistake.key, typed=form)


async def draw(desk: Desk, visit: Visit, said: Said) -> web.StreamResponse:
    ward_id = visit.officer.ward_id

    def read(session: Session) -> tuple[list[PlaceRow], list[SpotRow]]:
        return rows.places(session, ward_id), rows.spots(session, ward_id)

    places, spots = await desk.memory.read(read)
    standing = [row for row in places if row.ended_at is None]
    by_kind = {kind: [row for row in standing if row.kind == kind] for kind in KINDS}
    names = {row.id: row.name for row in by_kind["neighbourhood"]}
    inside = {home: sum(row.neighbourhood_id == home for row in standing) for home in names}
    for kind in KINDS[1:]:
        by_kind[kind].sort(key=lambda row: row.name)
    return desk.show(
        visit,
        "places.html",
        status=422 if said.mistake or said.wrong else 200,
        by_kind=by_kind,
        names=names,
        inside=inside,
        spots=[spot for spot in spots if spot.ended_at is None],
        ended_spots=sum(spot.ended_at is not None for spot in spots),
        said=said,
        shown_wrong=said.wrong[:_MOST_SHOWN],
        done=_DONE.get(visit.request.query.get("xong", ""), ""),
        imported=_imported(visit.request.query.get("nhap", "")),
        most=MOST_PLACES,
    )


def _imported(given: str) -> dict[str, int] | None:
    numbers = given.split("-")
    if len(numbers) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in numbers):
        return None
    return dict(zip(("added", "changed", "same"), map(int, numbers), strict=True))


async def _draw_one(desk: Desk, visit: Visit, said: Said) -> web.StreamResponse:
    ward_id, place_id = visit.officer.ward_id, number_in(visit.request, "place")
    places = [row for row in await desk.memory.read(lambda session: rows.places(session, ward_id)) if row.ended_at is None]
    one = next((row for row in places if row.id == place_id), None)
    if one is None:
        raise Sorry(404, "places-mistake-gone")
    stored: dict[str, Any] = {"kind": one.kind, "name": one.name, "home": str(one.neighbourhood_id or ""), "point": point_shown(one)}
    return desk.show(
        visit,
        "place.html",
        status=422 if said.mistake or said.wrong else 200,
        one=one,
        names={row.id: row.name for row in places if row.kind == "neighbourhood"},
        said=said,
        typed=said.typed or stored,
    )


def point_shown(row: PlaceRow | SpotRow) -> str:
    """As exact as a hand's breadth: a map file brings more digits than anybody reads."""
    return "" if row.latitude is None or row.longitude is None else f"{round(row.latitude, 6)}, {round(row.longitude, 6)}"
