"""Cảnh báo: what is being written, waits for release, goes, went; what the chief released alone; and sends nobody knows the outcome of."""

from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from handlers import officers
from handlers.warnings import results
from handlers.warnings.lifecycle import content_of
from storage.queries import officers as officer_rows
from storage.queries import warning_counts as counted
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen

PLACE = "/admin/canh-bao"
# The folders as they stand in the address, and the states in them; those without look at something else.
FOLDERS: dict[str, tuple[str, ...]] = {
    "dang-viet": ("draft", "declined"),
    "cho-duyet": ("proposed",),
    "dang-phat": ("released", "sending", "paused"),
    "da-phat": ("done", "cancelled", "expired"),
    "duyet-sau": (),
    "can-quyet": (),
}
_WRITERS = ("dang-viet", "cho-duyet")  # What stands in these was not released.
_PAGE = 30
_MOST_COUNTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    seen: WarningSeen
    headline: str
    areas: str  # Empty: the whole ward.
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    found: list[WarningSeen]
    counts: dict[int, counted.Counts]
    numbers: dict[str, int]
    names: dict[int, str]


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    ward_id, folder, before = visit.officer.ward_id, _folder(visit), _before(visit)
    may_write = officers.may(visit.officer.role, "warn")
    known = {name: states for name, states in FOLDERS.items() if may_write or name not in _WRITERS}

    def read(session: Session) -> _Listed:
        aside = {"duyet-sau": rows.to_approve(session, ward_id), "can-quyet": counted.with_unknown(session, ward_id, most=_MOST_COUNTED)}
        found = aside.get(folder)
        if found is None:
            found = rows.newest(session, ward_id, states=FOLDERS[folder], before=before, most=_PAGE + 1)
        numbers = {name: rows.count(session, ward_id, states=states) for name, states in known.items() if states and name != "da-phat"}
        return _Listed(
            found=found,
            counts=counted.counts_of(session, [one.id for one in found]),
            numbers={**numbers, **{name: len(some) for name, some in aside.items()}},
            names=officer_rows.officer_names(session, ward_id),
        )

    listed = await desk.memory.read(read)
    shown = listed.found if not FOLDERS[folder] else listed.found[:_PAGE]
    return desk.show(
        visit,
        "warn_list.html",
        folder=folder,
        folders=[name for name, states in known.items() if states or listed.numbers[name] or name == folder],
        numbers=listed.numbers,
        lines=[_line(desk, visit, one, listed.counts[one.id]) for one in shown],
        names=listed.names,
        older=shown[-1].id if len(listed.found) > len(shown) else None,
        is_first=before is None,
        may_write=may_write,
    )


def _line(desk: Desk, visit: Visit, seen: WarningSeen, counts: counted.Counts) -> Line:
    return Line(
        seen=seen,
        headline=content_of(seen).headline,
        areas=areas_said(desk, seen.areas),
        result=results.line(counts, visit.language),
    )


def areas_said(desk: Desk, areas: tuple[int, ...]) -> str:
    """The neighbourhoods by name; empty for the whole ward."""
    names = {one.id: one.name for one in desk.ward().book.neighbourhoods}
    return ", ".join(names.get(area, "?") for area in areas)


def _folder(visit: Visit) -> str:
    """Whoever may release begins with what waits for them."""
    asked = visit.request.query.get("ngan", "")
    may_write = officers.may(visit.officer.role, "warn")
    if asked in FOLDERS and (may_write or asked not in _WRITERS):
        return asked
    if visit.warnings:
        return "cho-duyet"
    return "dang-viet" if may_write else "dang-phat"


def _before(visit: Visit) -> int | None:
    text = visit.request.query.get("truoc", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
