"""/tra-cuu: where a tip stands, for who has its code, on whichever channel it was sent. The code travels in a form's body, never in an
address.

It shows the state and our own messages, never what was sent, and takes more words for the tip. Wrong codes are counted by address, so
that nobody tries them all.

Whether a warning is genuine is asked here as well, by its code (which is public, and may stand in an address, as the square on a card
has it) or by its whole text. Of that nothing is kept.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web
from sqlmodel import Session

from bot.channels.base import OpenFile
from bot.channels.webchat.parse import MOST_CHARACTERS, Refused, read_client_id, visitor_of
from bot.channels.webchat.receive import SAFE_PAGE, file_response, numbered, page_headers, pages
from handlers import by_code, texts
from handlers.brakes import Brakes
from handlers.by_code import Addition, Opened
from handlers.cleaning import clean
from handlers.flows import afterwards, danger
from handlers.messages import Ward
from handlers.visitors import Network
from handlers.warnings import checking
from handlers.warnings.codes import codes_in
from handlers.warnings.codes import looks_like_code as looks_like_warnings_code
from handlers.warnings.compare import MOST_SENT
from storage import codes, moments
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory
from storage.queries import officers
from storage.queries.aftercare import Told

COUNTED_FOR = 15 * moments.MINUTE
MOST_WRONG = 10
_COOKIE = "keng_tra_cuu"  # Carries nothing: it only proves that a form of ours was filled in.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What stands on the page."""

    typed: str = ""
    said: str = ""  # An answer to what was just done.
    state: str = ""
    told: list[tuple[str, str, str, int, str]] = field(default_factory=list)  # Our messages: time, what became of a question, the file.
    is_rated: bool = True  # False where we have asked how the answer was, and nobody has said.
    code: str = ""  # Of a tip that takes more words.
    readers: str = ""  # Who alone reads it.
    words: str = ""  # Typed, and not taken.
    warning: str = ""  # What is said of a warning that was asked about.
    asked: str = ""  # As it was pasted.


class Lookup:
    def __init__(
        self,
        memory: Memory,
        keyed: Keyed,
        brakes: Brakes,
        ward: Callable[[], Ward],
        trusted: tuple[Network, ...],
        is_https: bool = False,
        *,
        open_file: OpenFile,
    ) -> None:
        self._open_file = open_file
        self._memory, self._keyed, self._brakes, self._ward, self._trusted = memory, keyed, brakes, ward, trusted
        self._is_https = is_https

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/tra-cuu", self._form),
            web.post("/tra-cuu", self._look_up),
            web.post("/tra-cuu/canh-bao", self._check_warning),
            web.post("/tra-cuu/them", self._add),
            web.post("/tra-cuu/danh-gia", self._rate),
            web.post("/tra-cuu/tep", self._file),
        ]

    async def _form(self, request: web.Request) -> web.Response:
        """Of an address only a warning's code is read: that of a tip would stay in somebody's history."""
        asked = request.query.get("ma", "")[:60]
        if looks_like_warnings_code(asked):
            return await self._show_warning(request, asked)
        return self._draw(request, _Shown())

    async def _check_warning(self, request: web.Request) -> web.Response:
        form = await _read_form(request)
        asked = clean(form.get("text", "")[: MOST_SENT + 1])
        return await self._show_warning(request, asked) if asked else self._draw(request, _Shown(), status=422)

    async def _look_up(self, request: web.Request) -> web.Response:
        form = await _read_form(request)
        if looks_like_warnings_code(form.get("code", "")[:60]):
            return await self._show_warning(request, form["code"][:60])
        found = await self._open(request, form)
        if isinstance(found, web.Response):
            return found
        return await self._show(request, *found)

    async def _add(self, request: web.Request) -> web.Response:
        """More words for the tip; on disk before anything is said about them."""
        form = await _read_form(request)
        found = await self._open(request, form)
        if isinstance(found, web.Response):
            return found
        code, opened = found
        typed = form.get("text", "")
        try:
            self._check(request, form)
            text, client_id = clean(typed), read_client_id(form.get("id"))
            if not text or opened.tip.is_shredded:
                raise Refused(400, "page-unreadable")
            if len(typed) > MOST_CHARACTERS:
                raise Refused(413, "page-too-long", limit=MOST_CHARACTERS)
        except Refused as refusal:
            # What somebody has written is not taken from them because of it.
            return await self._show(request, code, opened, self._say(refusal.key, **refusal.values), typed, status=refusal.status)
        addition = Addition(text=text, source_hash=self._keyed.hash("piece", "tra-cuu", client_id))
        now, ward_id = moments.now(), self._ward().id
        ids = [new_id() for _ in range(4)]  # Drawn before: the transaction may be run twice.

        def keep(session: Session) -> None:
            by_code.add(session, ward_id, opened, addition, draw=iter(ids).__next__, now=now)

        await self._memory.write(keep)
        return await self._show(request, code, opened, self._added(opened, text, now))

    async def _rate(self, request: web.Request) -> web.Response:
        form = await _read_form(request)
        found = await self._open(request, form)
        if isinstance(found, web.Response):
            return found
        code, opened = found
        stars, ids = form.get("stars", ""), [new_id()]
        try:
            self._check(request, form)
        except Refused as refusal:
            return await self._show(request, code, opened, self._say(refusal.key, **refusal.values), status=refusal.status)
        if stars not in ("1", "2", "3", "4", "5") or not opened.may_be_rated:
            return await self._show(request, code, opened, self._say("rating-over"), status=409)
        now, ward_id = moments.now(), self._ward().id
        await self._memory.write(lambda session: by_code.rate(session, ward_id, opened, int(stars), draw=iter(ids).__next__, now=now))
        rated = replace(opened, tip=replace(opened.tip, rating=int(stars)))
        return await self._show(request, code, rated, self._say("rating-noted"))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A photo or paper from the desk; the code comes in the form's body again."""
        form = await _read_form(request)
        found = await self._open(request, form)
        if isinstance(found, web.Response):
            return found
        code, opened = found
        wanted = next((one_id for one_id, _mime in map(_file_of, opened.told) if one_id and str(one_id) == form.get("file")), 0)
        file = await self._open_file(wanted) if wanted and not self._ward().is_closed else None
        if file is None:
            return await self._show(request, code, opened, self._say("lookup-file-gone"), status=404)
        return file_response(file, wanted)

    def _added(self, opened: Opened, text: str, now: int) -> str:
        added = self._say(
            texts.for_readers("lookup-added", afterwards.read_by(opened.tip)), code_tail=opened.tip.tail, time=moments.clock_face(now)
        )
        kind = danger.now_in(text)
        return f"{danger.numbers_and_advice(self._say, kind, self._ward())}\n\n{added}" if kind else added

    # -- the code ------------------------------------------------------------------------------------------------

    async def _open(self, request: web.Request, form: dict[str, str]) -> tuple[str, Opened] | web.Response:
        typed = form.get("code", "")[:60]
        who = await self._brakes.hash("look-up", visitor_of(request, self._trusted))
        now, ward_id, row_id = moments.now(), self._ward().id, new_id()
        if await self._memory.read(lambda session: officers.tries_since(session, who, now - COUNTED_FOR)) >= MOST_WRONG:
            return self._draw(request, _Shown(typed=typed, said=self._say("lookup-too-many")), status=429)
        code = codes.read_code(typed)
        if code is None:
            return self._draw(request, _Shown(typed=typed, said=self._say("lookup-unreadable")), status=422)
        code_hash = self._keyed.hash("code", code)
        opened = await self._memory.read(lambda session: by_code.find(session, code_hash))
        if opened is None:
            await self._memory.write(
                lambda session: officers.note_tries(session, ward_id, [(row_id, who)], now=now, forget_before=now - COUNTED_FOR)
            )
            return self._draw(request, _Shown(typed=typed, said=self._say("lookup-not-found")), status=404)
        return code, opened

    async def _show_warning(self, request: web.Request, asked: str) -> web.Response:
        """What is not known counts like a wrong code, and so does what is looked for by its words: whoever guesses codes, or lets us
        compare all day, is stopped."""
        who = await self._brakes.hash("look-up", visitor_of(request, self._trusted))
        ward, now, row_id = self._ward(), moments.now(), new_id()
        if await self._memory.read(lambda session: officers.tries_since(session, who, now - COUNTED_FOR)) >= MOST_WRONG:
            return self._draw(request, _Shown(said=self._say("lookup-too-many")), status=429)
        checked = await self._memory.read(lambda session: checking.check(session, ward, asked, now=now))
        if checked.known is None or not checked.codes:
            await self._memory.write(
                lambda session: officers.note_tries(session, ward.id, [(row_id, who)], now=now, forget_before=now - COUNTED_FOR)
            )
        warning = checking.answer(self._say, checked, ward, now=now)
        shown = _Shown(warning=warning, asked="" if codes_in(asked) and not checked.has_text else asked)
        return self._draw(request, shown, status=200 if checked.known else 404)

    async def _show(
        self, request: web.Request, code: str, opened: Opened, said: str = "", words: str = "", *, status: int = 200
    ) -> web.Response:
        now, ward, history_id = moments.now(), self._ward(), new_id()
        if not ward.is_closed and any(not one.is_read for one in opened.told):
            await self._memory.write(lambda session: by_code.mark_read(session, ward.id, opened, draw=lambda: history_id, now=now))
        shown = _Shown(
            said=said,
            state=afterwards.state_said(self._say, opened.tip),
            told=[(str(one.reply["text"]), afterwards.when(one.at), one.outcome, *_file_of(one)) for one in opened.told],
            is_rated=not opened.may_be_rated,
            code="" if opened.tip.is_shredded or ward.is_closed else code,
            readers=afterwards.read_by(opened.tip),
            words=words,
        )
        return self._draw(request, shown, status=status)

    # -- the page ------------------------------------------------------------------------------------------------

    def _say(self, key: str, **values: Any) -> str:
        return texts.say_as(self._ward().book, key, **values)

    def _draw(self, request: web.Request, shown: _Shown, *, status: int = 200) -> web.Response:
        token = request.cookies.get(_COOKIE) or secrets.token_urlsafe(24)
        page = (
            pages()
            .get_template("lookup.html")
            .render(
                say=self._say,
                for_readers=texts.for_readers,
                ward=self._ward(),
                shown=shown,
                csrf=self._csrf(token),
                fresh_id=secrets.token_hex(16),
                safe_page=SAFE_PAGE,
                most=MOST_CHARACTERS,
                most_warning=MOST_SENT,
                duty=self._ward().duty_phone,
                numbered=numbered,
            )
        )
        response = web.Response(text=page, status=status, content_type="text/html", headers=page_headers())
        response.set_cookie(_COOKIE, token, httponly=True, samesite="Strict", secure=self._is_https or request.secure, path="/tra-cuu")
        return response

    def _csrf(self, token: str) -> str:
        return self._keyed.hash("csrf", "tra-cuu", token)

    def _check(self, request: web.Request, form: dict[str, str]) -> None:
        if self._ward().is_closed:
            duty = self._ward().duty_phone
            raise Refused(503, "page-closed" if duty else "page-closed-trial", duty_phone=duty)
        token, given = request.cookies.get(_COOKIE, ""), form.get("csrf", "")
        if not token or not secrets.compare_digest(given.encode("utf-8", "replace"), self._csrf(token).encode()):
            raise Refused(403, "page-expired")


def _file_of(one: Told) -> tuple[int, str]:
    return int(one.reply.get("file", 0)), str(one.reply.get("file_mime", ""))


async def _read_form(request: web.Request) -> dict[str, str]:
    try:
        return {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    except (ValueError, LookupError, RuntimeError):
        return {}
