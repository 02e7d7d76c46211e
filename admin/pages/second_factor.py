"""Setting a second factor, the sheet of recovery codes, and the PIN: each officer for themself."""

import asyncio
import secrets
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin import arriving, browsers
from admin.arriving import Refused
from admin.desk import DEVICE_COOKIE, SECOND_FACTOR, Desk, Visit
from admin.forms import read_form
from admin.pages import my_devices
from admin.pages.book import act_of
from handlers import devices, place_codes, second_factor
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.passwords import hash_password
from storage.queries import officers as rows
from storage.queries import second_factors
from storage.queries.devices import DeviceHere
from storage.queries.second_factors import Factor


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def confirm(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The first code was right: the sheet of recovery codes, once. With a word the computer is remembered, too."""
    given, act, codes = await read_form(visit.request), act_of(visit), second_factor.fresh_codes()
    here, token, browser = await arriving.look_here(desk, visit.request), secrets.token_urlsafe(32), browsers.called(visit.request)
    token_hash = desk.keyed.hash("desk-device", token)

    def press(session: Session) -> DeviceHere | None:
        second_factor.confirm(session, act, given.get("code", ""), codes=codes, draw=new_id)
        device = here.device
        if device is None and "trust" in given:
            device = devices.trust(session, act, token_hash=token_hash, browser=browser, draw=new_id)
        if device is not None:
            devices.know(session, act, device.id, draw=new_id)
        rows.has_proved(session, visit.session_id, device_id=device.id if device else None, now=act.now)
        return device

    try:
        device = await desk.memory.write(press)
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key)
    response = _sheet(desk, visit, codes)
    if device is not None:
        arriving.remember_device(desk, response, visit.request.cookies[DEVICE_COOKIE] if here.device else token)
    return response


async def begin_anew(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Another phone, by somebody who has the password and a code of the old one."""
    given, act = await read_form(visit.request), act_of(visit)
    try:
        await check_password(desk, visit, given)
        try_ids = await arriving.note_try(desk, f"code:{act.officer_id}", desk.visitor(visit.request), most=arriving.MOST_CODES)
        if try_ids is None:
            raise Mistake("second-too-many")

        def press(session: Session) -> None:
            second_factor.begin_anew(session, act, given.get("code", ""), draw=new_id)
            rows.forget_tries(session, try_ids)

        await desk.memory.write(press)
    except Mistake as mistake:
        return await my_devices.draw(desk, visit, mistake=mistake.key, where="change")
    return desk.go(SECOND_FACTOR)


async def renew_codes(desk: Desk, visit: Visit) -> web.StreamResponse:
    given, act, codes = await read_form(visit.request), act_of(visit), second_factor.fresh_codes()
    try:
        await check_password(desk, visit, given)
        await _check_own(desk, visit)
        await desk.memory.write(lambda session: second_factor.renew_codes(session, act, codes, draw=new_id))
    except Mistake as mistake:
        return await my_devices.draw(desk, visit, mistake=mistake.key, where="recovery")
    return _sheet(desk, visit, codes)


async def keep_pin(desk: Desk, visit: Visit) -> web.StreamResponse:
    given, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    pin = given.get("pin", "").strip()
    try:
        second_factor.check_pin(pin)
        if pin != given.get("again", "").strip():
            raise Mistake("mistake-pin-again")
        await check_password(desk, visit, given)
        await _check_own(desk, visit)
        words = await desk.memory.read(lambda session: second_factor.pin_words(session, act.ward_id, act.officer_id, pin))
        async with arriving.hashing:
            pin_hash = await asyncio.to_thread(hash_password, words)
        await desk.memory.write(lambda session: second_factor.keep_pin(session, act, row_id=row_id, pin_hash=pin_hash))
    except Mistake as mistake:
        return await my_devices.draw(desk, visit, mistake=mistake.key, where="pin")
    return await my_devices.draw(desk, visit, said="mine2-pin-kept")


async def check_password(desk: Desk, visit: Visit, given: dict[str, str]) -> None:
    """A desk that was left open changes nothing of who may come in. Raises Mistake."""
    found = await arriving.let_in(desk, visit.request, visit.officer.login, given.get("password", ""))
    if isinstance(found, Refused):
        raise Mistake("mistake-password-now" if found.status == 401 else found.key)


async def _check_own(desk: Desk, visit: Visit) -> None:
    """Who came in by somebody else's number makes no lasting way in with it. Raises Mistake."""
    here = await arriving.look_here(desk, visit.request)
    if here.own is None or here.own.let_in_id is not None:
        raise Mistake("mistake-second-let-in")


def _sheet(desk: Desk, visit: Visit, codes: list[str]) -> web.Response:
    return desk.show(visit, "recovery_sheet.html", codes=codes, now=moments.now())


async def _draw(desk: Desk, visit: Visit, *, mistake: str = "") -> web.StreamResponse:
    act, row_id, fresh, fixed = act_of(visit), new_id(), second_factor.fresh_secret(), desk.require_code
    here = await arriving.look_here(desk, visit.request)

    def find(session: Session) -> tuple[Factor, str, bool]:
        factor = second_factors.of_officer(session, act.officer_id)
        secret = "" if factor.is_set else second_factor.offer(session, act, row_id=row_id, fresh=fresh)
        return factor, secret, second_factor.is_required(session, act.ward_id, fixed=fixed, usual=desk.is_https)

    factor, secret, is_required = await desk.memory.write(find)
    values: dict[str, Any] = {"factor": factor, "mistake": mistake, "is_held": visit.is_held, "back": arriving.back(visit.request)}
    if secret:
        values["groups"] = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        house = desk.ward().called or "Kẻng"
        values["qr"] = place_codes.qr_svg(second_factor.address(secret, login=visit.officer.login, house=house))
    days = second_factor.days_left(factor.due_at, act.now) if factor.due_at and is_required else None
    values |= {"days": days, "device": here.device, "known_days": devices.KNOWN_FOR // moments.DAY}
    return desk.show(visit, "second_factor.html", status=422 if mistake else 200, **values)
