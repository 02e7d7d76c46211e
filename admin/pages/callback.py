"""The call-back number, shown once per press to the officer who took the tip on."""

from aiohttp import web

from admin.desk import Desk, Visit
from admin.forms import number_in
from admin.refusals import Sorry
from handlers import callbacks
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id


async def view(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, history_id, now, officer = number_in(visit.request, "tip"), new_id(), moments.now(), visit.officer
    try:
        number = await desk.memory.write(
            lambda session: callbacks.view(
                session, ward_id=officer.ward_id, tip_id=tip_id, officer_id=officer.id, history_id=history_id, now=now
            )
        )
    except Mistake as mistake:
        raise Sorry(403 if mistake.key == "callback-not-yours" else 404, mistake.key) from None
    return desk.show(visit, "callback.html", tip_id=tip_id, number=number)
