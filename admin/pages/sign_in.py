"""In and out. Failures are counted per login and per address; argon2 runs in a thread, two at a time."""

import asyncio
import secrets
from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import COOKIE, LANGUAGE_COOKIE, SESSION_ENDS_AFTER, Desk, Sorry, Visit, read_form, tip_page
from handlers import texts, tips
from storage import moments
from storage.ids import new_id
from storage.memory import alone
from storage.passwords import is_password
from storage.queries import officers, typed_words

COUNTED_FOR = 15 * moments.MINUTE
MOST_TRIES_HERE = 5  # One login from one address.
MOST_TRIES_LOGIN = 30  # One login from anywhere: slow enough for a guesser, out of reach of a slip of the finger.
MOST_TRIES_ADDRESS = 30
_COUNTING = 5_264_903
hashing = asyncio.Semaphore(2)


async def form(desk: Desk, request: web.Request) -> web.StreamResponse:
    visit = await desk.visit(request)
    if visit is not None and visit.is_locked:  # There somebody else may sign in, too, and it goes on ringing until then.
        return desk.go("/admin/khoa")
    return desk.draw(request, "sign_in.html", mistake="", login="", back=back(request))


async def sign_in(desk: Desk, request: web.Request) -> web.StreamResponse:
    given = await read_form(request)
    login = given.get("login", "").strip().lower()[:80]
    found = await let_in(desk, request, login, given.get("password", ""))
    if isinstance(found, Refused):
        return desk.draw(request, "sign_in.html", status=found.status, mistake=found.key, login=login, back=back(request))
    return await welcome(desk, request, officer_id=found[0], ward_id=found[1])


@dataclass(frozen=True, slots=True)
class Refused:
    status: int
    key: str


async def let_in(desk: Desk, request: web.Request, login: str, password: str) -> tuple[int, int] | Refused:
    """(officer, ward) of whoever may come in: the one question of the sign-in form and of a locked desk."""
    # The try is noted before the slow part, and taken back after a right password: many at once are counted one by one.
    try_ids = await note_try(desk, login, desk.visitor(request))
    if try_ids is None:
        return Refused(429, "sign-in-too-many")
    account = await desk.memory.read(lambda session: officers.password_hash_of(session, login))
    async with hashing:
        is_right = await asyncio.to_thread(is_password, account[2] if account else None, password[:400])
    if not is_right or account is None:
        return Refused(401, "sign-in-wrong")
    await desk.memory.write(lambda session: officers.forget_tries(session, try_ids))
    return account[0], account[1]


async def sign_out(desk: Desk, visit: Visit) -> web.StreamResponse:
    token_hash = desk.session_hash(visit.request)
    if token_hash:
        await desk.memory.write(lambda session: officers.end_session(session, token_hash))
    response = desk.go("/admin/dang-nhap")
    response.del_cookie(COOKIE, path="/admin")
    return response


async def change_language(desk: Desk, request: web.Request) -> web.StreamResponse:
    language = (await read_form(request)).get("language", "vi")
    if language not in texts.LANGUAGES:
        raise Sorry(400, "desk-unreadable")
    response = desk.go("/admin")
    response.set_cookie(LANGUAGE_COOKIE, language, path="/admin", httponly=True, samesite="Lax", secure=desk.is_https, max_age=365 * 86_400)
    return response


async def welcome(desk: Desk, request: web.Request, *, officer_id: int, ward_id: int, what: str = "signed_in") -> web.StreamResponse:
    """A session of its own, with a cookie nobody has seen; the one this browser had before ends with it."""
    token, now, before = secrets.token_urlsafe(32), moments.now(), desk.session_hash(request)
    session_id, history_id = new_id(), new_id()

    def open_session(session: Session) -> bool:
        if before is not None:
            officers.end_session(session, before)
        officers.open_session(
            session,
            session_id=session_id,
            ward_id=ward_id,
            officer_id=officer_id,
            token_hash=desk.keyed.hash("desk-session", token),
            now=now,
            ends_at=now + SESSION_ENDS_AFTER,
        )
        tips.remember(session, history_id=history_id, ward_id=ward_id, tip_id=None, now=now, actor=f"officer:{officer_id}", what=what)
        return typed_words.of_officer(session, officer_id, now=now) is not None

    has_words = await desk.memory.write(open_session)  # The desk locked over them: they come back before anything else.
    response = desk.go("/admin/khoa/loi" if has_words else back(request) or "/admin")
    response.set_cookie(COOKIE, token, path="/admin", httponly=True, samesite="Lax", secure=desk.is_https)
    return response


async def note_try(desk: Desk, whom: str, visitor: str) -> list[int] | None:
    """The rows of this try, counted and noted in one transaction. None: there were too many already.

    Who is held back is known by hashes that mean nothing tomorrow (`handlers/brakes.py`): an address stands here, too."""
    now, ward_id = moments.now(), desk.ward().id
    since = now - COUNTED_FOR
    rows = [(new_id(), await desk.brakes.hash("try", *parts)) for parts in ((whom, visitor), (whom,), ("from", visitor))]

    def note(session: Session) -> bool:
        alone(session, _COUNTING)
        here, login, address = (officers.tries_since(session, who_hash, since) for _row_id, who_hash in rows)
        if here >= MOST_TRIES_HERE or login >= MOST_TRIES_LOGIN or address >= MOST_TRIES_ADDRESS:
            return False
        officers.note_tries(session, ward_id, rows, now=now, forget_before=since)
        return True

    return [row_id for row_id, _who in rows] if await desk.memory.write(note) else None


def back(request: web.Request) -> str:
    """Only to a tip's page of our own."""
    return tip_page(request.query.get("toi", ""))
