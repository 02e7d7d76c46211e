"""The chief sets the sender of a tip apart for some days, and lifts it early."""

import re

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import tip_show
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import blocks
from handlers.officers import Mistake
from storage.ids import new_id


async def set_apart(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, block_id, form = number_in(visit.request, "tip"), act_of(visit), new_id(), await read_form(visit.request)
    given, reason = form.get("days", ""), form.get("reason", "")
    days = int(given) if given in map(str, blocks.DAYS) else 0

    def press(session: Session) -> None:
        blocks.set_apart(session, act, tip_id=tip_id, days=days, reason=reason, block_id=block_id)

    try:
        await desk.memory.write(press)
    except Mistake as mistake:
        if mistake.key == "desk-no-tip":
            raise Sorry(404, mistake.key) from None
        return await tip_show.draw(desk, visit, mistake=mistake.key, status=422, what="block", reason=reason, days=given)
    return desk.go(f"/admin/tin/{tip_id}")


async def lift(desk: Desk, visit: Visit) -> web.StreamResponse:
    block_id, act = number_in(visit.request, "block", sorry="block-over"), act_of(visit)
    came_from = (await read_form(visit.request)).get("from", "")
    try:
        await desk.memory.write(lambda session: blocks.lift(session, act, block_id=block_id))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    # Back to the page it was pressed on, and never to the tip it was set at: two tips of one sender would be tied together.
    return desk.go(f"/admin/tin/{came_from}" if re.fullmatch(r"\d{1,19}", came_from, re.ASCII) else "/admin?ngan=giu-rieng")
