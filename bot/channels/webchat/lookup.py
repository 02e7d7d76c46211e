"""/tra-cuu: where a tip stands, for who has its code. The code travels in the form's body, never in an address.

It shows the state alone, never what was sent. Wrong codes are counted by address, so that nobody tries them all.
"""

from collections.abc import Callable
from typing import Any

import jinja2
from aiohttp import web

from bot.channels.webchat.parse import visitor_of
from bot.channels.webchat.receive import page_headers
from handlers import texts
from handlers.brakes import Brakes
from handlers.messages import Ward
from handlers.visitors import Network
from storage import codes, moments
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory
from storage.queries import officers, tips

COUNTED_FOR = 15 * moments.MINUTE
MOST_WRONG = 10


class Lookup:
    def __init__(
        self,
        memory: Memory,
        keyed: Keyed,
        brakes: Brakes,
        ward: Callable[[], Ward],
        pages: jinja2.Environment,
        trusted: tuple[Network, ...],
    ) -> None:
        self._memory, self._keyed, self._brakes, self._ward, self._pages, self._trusted = memory, keyed, brakes, ward, pages, trusted

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get("/tra-cuu", self._form), web.post("/tra-cuu", self._look_up)]

    async def _form(self, _request: web.Request) -> web.Response:
        return self._draw("", "")

    async def _look_up(self, request: web.Request) -> web.Response:
        try:
            typed = str((await request.post()).get("code", ""))[:60]
        except (ValueError, LookupError, RuntimeError):
            typed = ""
        who = await self._brakes.hash("look-up", visitor_of(request, self._trusted))
        now, ward_id, row_id = moments.now(), self._ward().id, new_id()
        if await self._memory.read(lambda session: officers.tries_since(session, who, now - COUNTED_FOR)) >= MOST_WRONG:
            return self._draw(typed, texts.say("lookup-too-many"), status=429)
        code = codes.read_code(typed)
        if code is None:
            return self._draw(typed, texts.say("lookup-unreadable"), status=422)
        code_hash = self._keyed.hash("code", code)

        times = await self._memory.read(lambda session: tips.times_by_code(session, code_hash))
        if times is None:
            await self._memory.write(
                lambda session: officers.note_tries(session, ward_id, [(row_id, who)], now=now, forget_before=now - COUNTED_FOR)
            )
            return self._draw(typed, texts.say("lookup-not-found"), status=404)
        arrived_at, accepted_at = times
        key = "lookup-state-accepted" if accepted_at else "lookup-state-new"
        return self._draw("", texts.say(key, code_tail=code[-4:], time=_when(accepted_at or arrived_at)))

    def _draw(self, typed: str, answer: str, *, status: int = 200) -> web.Response:
        def say(key: str, **values: Any) -> str:
            return texts.say(key, **values)

        page = self._pages.get_template("lookup.html").render(say=say, ward=self._ward(), typed=typed, answer=answer)
        return web.Response(text=page, status=status, content_type="text/html", headers=page_headers())


def _when(moment: int) -> str:
    return f"{moments.clock_face(moment)}, {moments.short_date(moment)}"
