"""Who holds rights in the console of the Official Account: asked of the chief every month, and what was told before."""

from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from handlers import oa_rights
from handlers.oa_rights import Asked
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import oa_rights as rows
from storage.queries import officers as officer_rows
from storage.queries import zalo_posts
from storage.queries.oa_rights import Rights

_COUNTED = 30 * moments.DAY


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def tell(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    given = {name: form.get(field, "") for name, field in (("custodian", "giu"), ("deputy", "thay"), ("automatic", "tu-dong"))}
    try:
        await desk.memory.write(lambda session: oa_rights.tell(session, act, given, row_id=row_id))
    except Mistake as mistake:
        return await _draw(desk, visit, typed=given, mistake=mistake.key)
    return desk.go("/admin/kenh/quyen?xong=1")


async def _draw(desk: Desk, visit: Visit, *, typed: dict[str, str] | None = None, mistake: str = "") -> web.StreamResponse:
    ward_id, now = visit.officer.ward_id, moments.now()

    def read(session: Session) -> tuple[Asked, list[Rights], dict[int, str], tuple[int, int]]:
        told = rows.told(session, ward_id, most=oa_rights.SHOWN)
        outside = zalo_posts.outside(session, ward_id, since=now - _COUNTED)
        return oa_rights.asked(session, ward_id, now=now), told, officer_rows.officer_names(session, ward_id), outside

    asked, told, names, (many, last_at) = await desk.memory.read(read)
    last = asked.last
    before = {"custodian": last.custodian, "deputy": last.deputy, "automatic": last.automatic} if last else {}
    values: dict[str, Any] = {
        "is_on": "zalo_oa" in desk.doors(),
        "asked": asked,
        "told": told,
        "names": names,
        "outside": many,
        "outside_at": last_at,
        "typed": typed if typed is not None else before,
        "mistake": mistake,
        "is_saved": visit.request.query.get("xong") == "1",
        "longest": oa_rights.LONGEST,
    }
    return desk.show(visit, "oa_rights.html", status=422 if mistake else 200, **values)
