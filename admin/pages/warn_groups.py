"""Groups in which our bot stands: by neighbourhood, with what is wrong and what to do; a code that links another, and the end of a link."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import officers, place_codes
from handlers.acts import Act
from handlers.officers import Mistake
from handlers.warnings import groups
from storage.ids import new_id
from storage.queries import officers as officer_rows
from storage.queries.groups import GroupSeen

PLACE = "/admin/nhom"
CHANNELS = ("telegram", "zalo_oa", "zalo_bot")
READ = ("renamed", "moved", "back")  # What somebody has only to have read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Shown once; only its hash is kept."""

    shown: str
    area: str
    deep: str  # Telegram's own way to let the bot in and give the code.
    qr: str


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def make_code(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, row_id, drawn = act_of(visit), new_id(), groups.fresh_code()
    area = _area((await read_form(visit.request)).get("to", ""))
    try:
        shown = await desk.memory.write(
            lambda session: groups.new_code(session, act, area, code=drawn, row_id=row_id, hash_of=desk.keyed.hash)
        )
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key)
    deep = groups.deep_link(desk.link_of("telegram"), drawn)
    names = {one.id: one.name for one in desk.ward().book.neighbourhoods}
    code = Code(shown=shown, area=names.get(area or 0, ""), deep=deep, qr=place_codes.qr_svg(deep) if deep else "")
    return await _draw(desk, visit, code=code)


async def end(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _do(desk, visit, groups.end)


async def move(desk: Desk, visit: Visit) -> web.StreamResponse:
    area = _area((await read_form(visit.request)).get("to", ""))
    return await _do(desk, visit, lambda session, act, group_id: groups.move_to(session, act, group_id, area))


async def mark_read(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _do(desk, visit, groups.acknowledge)


async def _do(desk: Desk, visit: Visit, does: Callable[[Session, Act, int], None]) -> web.StreamResponse:
    act, group_id = act_of(visit), number_in(visit.request, "group", sorry="group-gone")
    try:
        await desk.memory.write(lambda session: does(session, act, group_id))
    except Mistake as mistake:
        if mistake.key == "group-gone":
            raise Sorry(404, mistake.key) from None
        return await _draw(desk, visit, mistake=mistake.key)
    return desk.go(PLACE)


async def _draw(desk: Desk, visit: Visit, *, mistake: str = "", code: Code | None = None) -> web.StreamResponse:
    ward_id = visit.officer.ward_id

    def read(session: Session) -> tuple[list[GroupSeen], dict[int, str]]:
        return groups.listed(session, ward_id), officer_rows.officer_names(session, ward_id)

    found, names = await desk.memory.read(read)
    homes = desk.ward().book.neighbourhoods
    by_area: dict[int | None, list[GroupSeen]] = {}
    for one in found:
        if one.is_linked:
            by_area.setdefault(one.neighbourhood_id, []).append(one)
    return desk.show(
        visit,
        "warn_groups.html",
        status=422 if mistake else 200,
        mistake=mistake,
        code=code,
        areas=[(name, by_area[key]) for key, name in ((None, ""), *((one.id, one.name) for one in homes)) if key in by_area],
        troubled=[one for one in found if one.is_linked and one.trouble],
        ended=[one for one in found if not one.is_linked],
        names=names,
        homes=homes,
        without=[one for one in homes if one.id not in by_area],
        channels=[one for one in CHANNELS if desk.link_of(one)],
        reads=READ,
        may_change=officers.may(visit.officer.role, "groups"),
    )


def _area(text: str) -> int | None:
    """None: the whole ward."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
