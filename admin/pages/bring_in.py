"""Entering a tip that came by another way, in one page; and the slip with its code, which is shown once and never again."""

import re
import secrets
from typing import Any

from aiohttp import web

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import texts, walk_in
from handlers.acts import Act
from handlers.custody import NoCustodian
from handlers.insight import catalogue
from handlers.officers import Mistake
from handlers.walk_in import Brought, Entered, Slip
from storage import moments
from storage.ids import new_id
from storage.quick import AlreadyThere

_FORM = re.compile(r"[0-9a-f]{32}")


async def form(desk: Desk, visit: Visit) -> web.StreamResponse:
    return _draw(desk, visit, {"form": secrets.token_hex(16)})


async def enter(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The answer is the slip itself: an address that showed a code would show it to whoever comes by later."""
    given, act, slip = await read_form(visit.request), act_of(visit), Slip.draw(desk.keyed)
    if not _FORM.fullmatch(given.get("form", "")):
        raise Sorry(422, "desk-form-old")
    try:
        brought = walk_in.checked(given, desk.ward(), now=act.now)
        entered = await _enter(desk, act, brought, slip, form_hash=desk.keyed.hash("piece", "nhap-tin", given["form"]))
    except Mistake as mistake:
        return _draw(desk, visit, given, mistake=mistake.key)
    except NoCustodian:  # The last one has left since the page was drawn.
        return _draw(desk, visit, given, mistake="bring-mistake-keepers")
    if not entered.is_new:
        return desk.go(f"/admin/tin/{entered.tip_id}?da-co=1")
    return _hand_out(desk, visit, slip, tip_id=entered.tip_id, at=brought.received_at, is_press=brought.way == "press")


async def _enter(desk: Desk, act: Act, brought: Brought, slip: Slip, *, form_hash: str) -> Entered:
    tip_id, number_hash = new_id(), walk_in.sector_hash(desk.keyed, brought.sector_number)
    try:
        return await desk.memory.write(
            lambda session: walk_in.bring_in(
                session, act, brought, slip, tip_id=tip_id, form_hash=form_hash, number_hash=number_hash, draw=new_id
            )
        )
    except AlreadyThere:  # A colleague has entered that number in this very moment.
        if number_hash is None:
            raise
        elder = await desk.memory.read(lambda session: walk_in.elder_of(session, act.ward_id, number_hash))
        if elder is None:
            raise
        return Entered(tip_id=elder, is_new=False)


async def renew(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Somebody has lost the slip: the old code ends."""
    tip_id, act, slip = number_in(visit.request, "tip"), act_of(visit), Slip.draw(desk.keyed)
    try:
        await desk.memory.write(lambda session: walk_in.renew_code(session, act, slip, tip_id=tip_id))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    return _hand_out(desk, visit, slip, tip_id=tip_id)


def _hand_out(desk: Desk, visit: Visit, slip: Slip, *, tip_id: int, at: int | None = None, is_press: bool = False) -> web.Response:
    look_up = f"{desk.public_url or visit.request.url.origin()}/tra-cuu"
    return desk.show(
        visit,
        "slip.html",
        vietnamese=lambda key, **values: texts.say(key, "vi", **values),  # Like every paper that leaves the house.
        code=slip.code,
        look_up=look_up.removeprefix("https://"),
        tip_id=tip_id,
        at=at,
        is_press=is_press,
    )


def _draw(desk: Desk, visit: Visit, given: dict[str, str], *, mistake: str = "") -> web.Response:
    ward, now = desk.ward(), moments.now()
    values: dict[str, Any] = {
        "given": {"urgent": "no", "received": f"{moments.local(now):%Y-%m-%dT%H:%M}"} | given,
        "latest": f"{moments.local(now):%Y-%m-%dT23:59}",
        "mistake": mistake,
        "ways": walk_in.WAYS,
        "referrers": walk_in.REFERRERS,
        "known_how": walk_in.KNOWN_HOW,
        "codes": catalogue.CODES,
        "homes": ward.book.neighbourhoods,
        "has_keepers": ward.custodians > 0,
        "most": walk_in,
    }
    return desk.show(visit, "bring_in.html", status=422 if mistake else 200, **values)
