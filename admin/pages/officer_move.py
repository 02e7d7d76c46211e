"""*Chuyển công tác*: what it will do is shown first; one press does all of it."""

from aiohttp import web

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import moving
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def move(desk: Desk, visit: Visit) -> web.StreamResponse:
    officer_id, act, ward, form = _officer_in(visit), act_of(visit), desk.ward(), await read_form(visit.request)
    try:
        taker_id, server_id = _chosen(form.get("nhan-tin", "")), _chosen(form.get("thay-truc", ""))
        if form.get("chac") != "1":
            raise Mistake("moving-tick")
        told = await desk.memory.write(
            lambda session: moving.move_away(session, ward, act, officer_id=officer_id, taker_id=taker_id, server_id=server_id, draw=new_id)
        )
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key, typed=form)
    for chat_id in told:
        desk.on_replies(chat_id, None)
    await desk.refresh_ward()  # Whether anybody keeps a key, or reads what the ward does not, may have changed with it.
    return desk.go(f"/admin/can-bo?roi={officer_id}" if officer_id != act.officer_id else "/admin/dang-nhap")


async def _draw(desk: Desk, visit: Visit, *, mistake: str = "", typed: dict[str, str] | None = None) -> web.StreamResponse:
    officer_id, ward_id, now = _officer_in(visit), visit.officer.ward_id, moments.now()
    plan = await desk.memory.read(lambda session: moving.plan(session, ward_id, officer_id, by=visit.officer.id, now=now))
    if plan is None:
        raise Sorry(404, "mistake-no-officer")
    shown = mistake if mistake not in {one.key for one in plan.obstacles} else ""  # They stand on the page anyway.
    return desk.show(visit, "officer_move.html", status=422 if mistake else 200, plan=plan, mistake=shown, typed=typed or {}, now=now)


def _chosen(given: str) -> int | None:
    """Nobody where nothing was chosen."""
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Mistake("mistake-no-officer")
    return int(given)


def _officer_in(visit: Visit) -> int:
    return number_in(visit.request, "officer", sorry="mistake-no-officer")
