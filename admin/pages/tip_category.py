"""What a tip is about, chosen or put right on its page."""

from aiohttp import web

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import tip_show
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import categorising
from handlers.officers import Mistake
from storage.ids import new_id


async def put_right(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Whoever hands it on with this reads it no more, so it is the list they come back to."""
    tip_id, act, book, form = number_in(visit.request, "tip"), act_of(visit), desk.ward().book, await read_form(visit.request)
    category, knows = form.get("category", ""), form.get("knows", "")
    try:
        await desk.memory.write(
            lambda session: categorising.put_right(session, book, act, tip_id=tip_id, category=category, knows=knows, draw=new_id)
        )
    except Mistake as mistake:
        if mistake.key == "desk-no-tip":
            raise Sorry(404, mistake.key) from None
        return await tip_show.draw(desk, visit, mistake=mistake.key, status=422, what="category", category=category)
    still_read = await desk.memory.read(lambda session: tip_show.is_readable(session, visit, tip_id))
    return desk.go(f"/admin/tin/{tip_id}#buoc" if still_read else "/admin")
