"""Báo giúp bà con: a leader brings a neighbour's tip, as an officer enters what came by another way. The receipt code is the neighbour's:
it is shown once, and the leader cannot read the tip afterwards."""

import re
import secrets

from aiohttp import web

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import walk_in
from handlers.flows import danger
from handlers.officers import Mistake
from handlers.walk_in import Slip
from storage.ids import new_id

_FORM = re.compile(r"[0-9a-f]{32}")
_ASKED = ("form", "words", "place", "home", "known", "callback")


async def form(desk: Desk, visit: Visit) -> web.StreamResponse:
    return _draw(desk, visit, {"form": secrets.token_hex(16), "urgent": "no"})


async def enter(desk: Desk, visit: Visit) -> web.StreamResponse:
    typed, act, slip, ward = await read_form(visit.request), act_of(visit), Slip.draw(desk.keyed), desk.ward()
    if not _FORM.fullmatch(typed.get("form", "")):
        raise Sorry(422, "desk-form-old")
    kind = danger.now_in(typed.get("words", ""))  # Whoever is in danger waits for nobody to tick a box.
    given = {name: typed.get(name, "") for name in _ASKED} | {"urgent": "ring" if kind or typed.get("urgent") == "ring" else "no"}
    form_hash, tip_id = desk.keyed.hash("piece", "bao-giup", given["form"]), new_id()
    try:
        brought = walk_in.checked(given | {"way": "referral", "referrer": "leader"}, ward, now=act.now)
        entered = await desk.memory.write(
            lambda session: walk_in.bring_in(session, act, brought, slip, tip_id=tip_id, form_hash=form_hash, number_hash=None, draw=new_id)
        )
    except Mistake as mistake:
        return _draw(desk, visit, typed, mistake=mistake.key)
    look_up = f"{desk.public_url or visit.request.url.origin()}/tra-cuu"
    return desk.show(
        visit,
        "lead_slip.html",
        code=slip.code if entered.is_new else "",
        look_up=look_up.removeprefix("https://"),
        is_danger=bool(kind),
    )


def _draw(desk: Desk, visit: Visit, given: dict[str, str], *, mistake: str = "") -> web.Response:
    values = {"homes": desk.ward().book.neighbourhoods, "known_how": walk_in.KNOWN_HOW, "most": walk_in}
    return desk.show(visit, "lead_bring.html", status=422 if mistake else 200, given=given, mistake=mistake, **values)
