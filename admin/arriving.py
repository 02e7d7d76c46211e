"""The way in, whichever page it begins on: who knows the password, what is asked beside it, and the session that is opened.

Failures are counted per login and address; argon2 runs in a thread, two at a time. A password that was right may not be enough
(`handlers/coming_in.py`): then the code is asked for on a page of its own, and a ticket, a keyed hash with the minute in it, says
meanwhile that the password was right. On a trusted computer the shift's officers come in with their own PIN.
"""

import asyncio
import secrets
from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin import browsers
from admin.desk import COOKIE, DEVICE_COOKIE, SECOND_FACTOR, SESSION_ENDS_AFTER, Desk, tip_page
from handlers import coming_in, devices, second_factor
from handlers.acts import Act
from handlers.coming_in import Arrival, Needed
from storage import moments
from storage.ids import new_id
from storage.memory import alone
from storage.passwords import is_password
from storage.queries import devices as device_rows
from storage.queries import officers as rows
from storage.queries.devices import DeviceHere, Person, PinTry
from storage.queries.officers import OwnSession

COUNTED_FOR = 15 * moments.MINUTE
MOST_TRIES_HERE = 5  # One login from one address, or on one trusted computer.
MOST_TRIES_LOGIN = 30  # One login from anywhere: slow enough for a guesser, out of reach of a slip of the finger.
MOST_TRIES_ADDRESS = 30
MOST_CODES = 10  # One officer's codes from anywhere. Only who knows the password comes so far.
_COUNTING = 5_264_903
_TICKET, _TICKET_LIVES = "keng_half", 5 * moments.MINUTE
_HALF_PATH = "/admin/dang-nhap"
hashing = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Refused:
    status: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The browser: whether it is trusted, who may come in with a PIN, and which session it has."""

    device: DeviceHere | None
    people: tuple[Person, ...]
    own: OwnSession | None


async def let_in(desk: Desk, request: web.Request, login: str, password: str) -> tuple[int, int] | Refused:
    """(officer, ward) of whoever knows the password: the one question of the sign-in form and of a locked desk."""
    # The try is noted before the slow part, and taken back after a right password: many at once are counted one by one.
    device_hash, now, ward_id = desk.device_hash(request), moments.now(), desk.ward().id

    def find(session: Session) -> tuple[tuple[int, int, str] | None, DeviceHere | None]:
        account = rows.password_hash_of(session, login)
        device = device_rows.find(session, ward_id, device_hash, now=now) if device_hash else None
        knows = account is not None and device is not None and devices.has_been_here(session, device, account[0], now)
        return account, device if knows else None

    account, device = await desk.memory.read(find)
    try_ids = await note_try(desk, login, desk.visitor(request), device=device)
    if try_ids is None:
        return Refused(429, "sign-in-too-many")
    async with hashing:
        is_right = await asyncio.to_thread(is_password, account[2] if account else None, password[:400])
    if not is_right or account is None:
        return Refused(401, "sign-in-wrong")
    await desk.memory.write(lambda session: rows.forget_tries(session, try_ids))
    return account[0], account[1]


# -- the code --------------------------------------------------------------------------------------------------------------


async def come_in(
    desk: Desk, request: web.Request, act: Act, *, code: str = "", trusts: bool = False, what: str = "signed_in"
) -> web.StreamResponse:
    """After a right password. `what` is "desk_unlocked" where they come back to what they have locked."""
    here = await look_here(desk, request)
    own = here.own if here.own is not None and here.own.officer_id == act.officer_id and what == "desk_unlocked" else None

    def ask(session: Session) -> tuple[Needed, bool]:
        is_required = second_factor.is_required(session, act.ward_id, fixed=desk.require_code, usual=desk.is_https)
        is_known = devices.is_known(session, here.device, act.officer_id, act.now)
        if is_known and here.device is not None:
            device_rows.seen(session, here.device.id, now=act.now)
        return coming_in.needed(session, act, here.device, own, is_required=is_required, draw=new_id), is_known

    needed, is_known = await desk.memory.write(ask)
    if needed.need == "code":
        if code.strip():
            return await prove(desk, request, act, here, code, trusts)
        return await ask_code(desk, request, act)
    arrival = Arrival(act=act, how="known" if is_known else "password", device=here.device, is_held=needed.need == "now")
    if own is not None and not is_known:
        ends_at = await desk.memory.read(lambda session: coming_in.ends_of(session, own))
        arrival = coming_in.again(arrival, own, ends_at=ends_at)
    place = f"{SECOND_FACTOR}?toi={back(request)}" if needed.need == "soon" and own is None else ""
    return await welcome(desk, request, arrival, what=what, place=place)


async def prove(desk: Desk, request: web.Request, act: Act, here: Here, code: str, trusts: bool) -> web.StreamResponse:
    try_ids = await note_try(desk, f"code:{act.officer_id}", desk.visitor(request), most=MOST_CODES)
    if try_ids is None:
        return await ask_code(desk, request, act, status=429, mistake="second-too-many")
    proof = await desk.memory.write(lambda session: coming_in.proved(session, act, code))
    if proof is None:
        return await ask_code(desk, request, act, status=401, mistake="second-wrong")
    how, let_in_id, ends_at = proof
    token, device_hash, browser = secrets.token_urlsafe(32), desk.device_hash(request), browsers.called(request)
    is_full = how != "let_in"

    def arrive(session: Session) -> DeviceHere | None:
        rows.forget_tries(session, try_ids)
        device = device_rows.find(session, act.ward_id, device_hash, now=act.now) if device_hash else None
        if is_full and device is None and trusts:
            token_hash = desk.keyed.hash("desk-device", token)
            device = devices.trust(session, act, token_hash=token_hash, browser=browser, draw=new_id)
        if is_full and device is not None:
            devices.know(session, act, device.id, draw=new_id)
        return device

    device = await desk.memory.write(arrive)
    arrival = Arrival(
        act=act_now(act.officer_id, act.ward_id),
        how=how,
        device=device,
        proved_at=act.now if is_full else None,
        let_in_id=let_in_id,
        ends_at=ends_at,
    )
    response = await welcome(desk, request, arrival)
    if is_full and device is not None:
        remember_device(desk, response, token if here.device is None else request.cookies[DEVICE_COOKIE])
    return response


async def ask_code(desk: Desk, request: web.Request, act: Act, *, status: int = 200, mistake: str = "") -> web.StreamResponse:
    here = await look_here(desk, request)
    response = desk.draw(
        request,
        "sign_in_code.html",
        status=status,
        mistake=mistake,
        back=back(request),
        device=here.device,
        days=devices.KNOWN_FOR // moments.DAY,
    )
    if not mistake:
        until = act.now + _TICKET_LIVES
        ticket = f"{act.officer_id}.{until}.{await _seal_of(desk, act.officer_id, until)}"
        response.set_cookie(_TICKET, ticket, path=_HALF_PATH, httponly=True, samesite="Strict", secure=desk.is_https)
    return response


async def _seal_of(desk: Desk, officer_id: int, until: int) -> str:
    """Worth nothing once the password was changed."""
    found = await desk.memory.read(lambda session: rows.password_hash_by_id(session, officer_id))
    return desk.keyed.hash("half-signed-in", str(officer_id), str(until), found)


async def ticket_of(desk: Desk, request: web.Request) -> int | None:
    parts = request.cookies.get(_TICKET, "").split(".")
    if len(parts) != 3:
        return None
    officer_id, until, ward_id = id_in(parts[0]), id_in(parts[1]), desk.ward().id
    if until < moments.now() or not await desk.memory.read(lambda session: rows.role_of(session, ward_id, officer_id)):
        return None
    return (
        officer_id
        if secrets.compare_digest(parts[2].encode("utf-8", "replace"), (await _seal_of(desk, officer_id, until)).encode())
        else None
    )


# -- the PIN ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRefused:
    key: str
    officer_id: int = 0  # Whose name stays chosen.
    left: int = 0  # So many tries.


async def try_pin(desk: Desk, request: web.Request, given: dict[str, str]) -> Arrival | PinRefused:
    """A name and that officer's own PIN, on a computer that knows both."""
    here, now, ward_id = await look_here(desk, request), moments.now(), desk.ward().id
    typed, device = given.get("officer", ""), here.device
    officer_id = id_in(typed)
    if device is None or not officer_id:
        return PinRefused(key="pin-whom" if device else "pin-not-here")

    def count(session: Session) -> tuple[PinTry | None, str]:
        words = second_factor.pin_words(session, ward_id, officer_id, given.get("pin", "")[:40])
        return devices.try_pin(session, ward_id, device.id, officer_id, now), words

    tried, words = await desk.memory.write(count)
    if tried is None:
        return PinRefused(key="pin-full")
    async with hashing:
        is_right = await asyncio.to_thread(is_password, tried.pin_hash, words)
    if not is_right:
        left = devices.MOST_WRONG - tried.wrong
        return PinRefused(key="pin-wrong" if left else "pin-full", officer_id=officer_id if left else 0, left=left)
    await desk.memory.write(lambda session: devices.pin_was_right(session, device.id, officer_id, now))
    return Arrival(act=act_now(officer_id, ward_id), how="pin", device=device)


async def look_here(desk: Desk, request: web.Request) -> Here:
    device_hash, session_hash, now, ward_id = desk.device_hash(request), desk.session_hash(request), moments.now(), desk.ward().id

    def find(session: Session) -> Here:
        device = device_rows.find(session, ward_id, device_hash, now=now) if device_hash else None
        own = rows.session_of(session, session_hash) if session_hash else None
        people = devices.people_here(session, ward_id, device, now, also=own.officer_id if own else 0)
        return Here(device=device, people=tuple(people), own=own)

    return await desk.memory.read(find)


def remember_device(desk: Desk, response: web.StreamResponse, token: str) -> None:
    age = devices.KNOWN_FOR // moments.SECOND
    response.set_cookie(DEVICE_COOKIE, token, path="/admin", httponly=True, samesite="Lax", secure=desk.is_https, max_age=age)


# -- in ---------------------------------------------------------------------------------------------------------------------


async def welcome(desk: Desk, request: web.Request, arrival: Arrival, *, what: str = "signed_in", place: str = "") -> web.StreamResponse:
    """A session of its own, with a cookie nobody has seen; the one this browser had before ends with it."""
    token, before, session_id = secrets.token_urlsafe(32), desk.session_hash(request), new_id()
    token_hash, coming = desk.keyed.hash("desk-session", token), coming_in.from_browser(arrival, browsers.called(request))
    has_words = await desk.memory.write(
        lambda session: coming_in.open_session(
            session, coming, session_id=session_id, token_hash=token_hash, before=before, lasts=SESSION_ENDS_AFTER, what=what
        )
    )
    # The desk locked over words: they come back before anything else.
    response = desk.go(SECOND_FACTOR if arrival.is_held else "/admin/khoa/loi" if has_words else place or back(request) or "/admin")
    response.set_cookie(COOKIE, token, path="/admin", httponly=True, samesite="Lax", secure=desk.is_https)
    response.del_cookie(_TICKET, path=_HALF_PATH)
    return response


async def note_try(
    desk: Desk, whom: str, visitor: str, *, device: DeviceHere | None = None, most: int = MOST_TRIES_LOGIN
) -> list[int] | None:
    """The rows of this try, counted and noted in one transaction. None: there were too many already.

    On a computer that knows the officer they are counted for the two alone: whoever guesses from elsewhere holds nobody up there.
    Who is held back is known by hashes that mean nothing tomorrow (`handlers/brakes.py`): an address stands here, too."""
    now, ward_id = moments.now(), desk.ward().id
    since = now - COUNTED_FOR
    kinds: tuple[tuple[tuple[str, ...], int], ...] = (
        ((whom, visitor), MOST_TRIES_HERE),
        ((whom,), most),
        (("from", visitor), MOST_TRIES_ADDRESS),
    )
    if device is not None:
        kinds = (((whom, "device", str(device.id)), MOST_TRIES_HERE),)
    tries = [(new_id(), await desk.brakes.hash("try", *parts), limit) for parts, limit in kinds]

    def note(session: Session) -> bool:
        alone(session, _COUNTING)
        if any(rows.tries_since(session, who_hash, since) >= limit for _row_id, who_hash, limit in tries):
            return False
        rows.note_tries(session, ward_id, [(row_id, who_hash) for row_id, who_hash, _limit in tries], now=now, forget_before=since)
        return True

    return [row_id for row_id, _who, _limit in tries] if await desk.memory.write(note) else None


async def forgive(desk: Desk, request: web.Request, login: str) -> None:
    """Who has just set a password by a chief's word is held back here by no wrong one of before."""
    here = await look_here(desk, request)
    kinds = [(login, desk.visitor(request)), (login,), *([(login, "device", str(here.device.id))] if here.device else [])]
    hashes = [await desk.brakes.hash("try", *parts) for parts in kinds]
    await desk.memory.write(lambda session: rows.forget_tries_of(session, hashes))


def back(request: web.Request) -> str:
    """Only to a tip's page of our own."""
    return tip_page(request.query.get("toi", ""))


def id_in(typed: str) -> int:
    """A row's id as a form or a cookie gives it; 0 for what can be none."""
    is_number = typed.isascii() and typed.isdecimal() and len(typed) < 20
    return int(typed) if is_number and int(typed) < 2**63 else 0


def act_now(officer_id: int, ward_id: int) -> Act:
    return Act(ward_id=ward_id, officer_id=officer_id, history_id=new_id(), now=moments.now())
