"""What every page of the desk shares: who is asking, how a page is drawn, and that a form came from our own page.

Sessions live in the database under a keyed hash of the cookie. A page reads through `storage/queries` and writes only through
`handlers`.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from aiohttp import web
from sqlmodel import Session

from admin import help_topics, kept, refusals
from admin.counted import Counted
from admin.drawing import pages
from admin.forms import UPLOAD_SECS, masked, number_in, read_form, read_parts, unmasked
from admin.refusals import Sorry
from handlers import access, exchange, ladder, locking, oa_rights, officers, openings, texts
from handlers.acts import Act
from handlers.brakes import Brakes
from handlers.doors import Door
from handlers.insight import catalogue
from handlers.ladder import Ringing
from handlers.messages import Ward
from handlers.oa_rights import Asked
from handlers.officers import Right
from handlers.visitors import Network, visitor_address
from handlers.walk_in import WAYS
from storage import moments
from storage.covering import Cover
from storage.disk import Disk
from storage.ids import new_id
from storage.keyed import Keyed
from storage.media import MediaStore
from storage.memory import Memory
from storage.queries import custody, doors, let_ins, letters
from storage.queries import officers as officer_rows
from storage.queries import sight as sight_rows
from storage.queries.assignment import Tasks
from storage.queries.custody import NextStep
from storage.queries.doors import DoorShut
from storage.queries.letters import Waiting
from storage.queries.officers import OfficerSeen, SessionSeen
from storage.queries.sight import Sight

_HERE = Path(__file__).parent
COOKIE, LANGUAGE_COOKIE, DEVICE_COOKIE = "keng_desk", "keng_desk_language", "keng_device"
SECOND_FACTOR = "/admin/may-cua-toi/ma-hai-buoc"
SESSION_ENDS_AFTER = 12 * moments.HOUR
SESSION_SLEEPS_AFTER = 2 * moments.HOUR
_ASIDE_IS_NEWS = 3 * moments.DAY
# Asked by a page that is only left open. `tay=1` says that somebody's hands are on it.
_LISTENS = ("/admin/bao-dong", "/admin/khoa/tay", "/admin/song")
_ONLY_ASKS = frozenset((*_LISTENS, "/admin/tim"))  # Posted so that what was typed stands in no address; nothing is done by it.
_LISTENS_AT_ONE = re.compile(r"/admin/(?:tin/\d+/dang-xem|canh-bao/\d+/tinh-hinh)", re.ASCII)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in officer's request."""

    request: web.Request
    officer: OfficerSeen
    csrf: str
    language: str
    waiting: int  # Requests to open something that wait for this officer's word.
    letters: Waiting  # To the chief; nothing for everybody else.
    ringing: Ringing  # What calls for this officer until somebody accepts.
    tasks: Tasks
    at: int  # The moment it is answered for.
    counts: Mapping[str, str]  # What waits in the folders of the queue, as it is written.
    is_locked: bool = False  # It opens nothing but the lock page.
    doors: tuple[DoorShut, ...] = ()  # Platforms that do not let us in.
    has_set_aside: bool = False  # Lately a message came that our code broke on; for whoever sees the machine.
    is_held: bool = False  # It opens nothing but the page on which a second factor is set.
    session_id: int = 0
    let_ins: int = 0  # Officers let in without their phone that this chief has not read of.
    keys: tuple[NextStep, ...] = ()  # What this officer has to do before somebody keeps a key.
    warnings: int = 0  # That wait for this officer's word of release.
    calls: int = 0  # Leaders whom somebody has to telephone.
    oa_rights: Asked | None = None  # Who holds rights in Zalo's console is asked, of this chief, and was not answered.

    @property
    def is_commander(self) -> bool:
        """By the roster, just now."""
        return self.ringing.is_commander

    @property
    def waiting_at(self) -> dict[str, int]:
        """What waits behind the places at the side (admin/navigation.py)."""
        mail = {"letters": self.letters.open, "held": self.letters.held}
        return {**mail, "unheld": self.tasks.unheld, "waiting": self.waiting, "warnings": self.warnings, "calls": self.calls}

    @property
    def sight(self) -> Sight:
        """Which tips this officer may read; handed to every query that tells of tips."""
        return access.sight_of(self.officer.ward_id, self.officer.role, self.officer.id)


class CleanCopy(Protocol):
    """What may be shown of a file: made anew, without its metadata."""

    @property
    def work(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def mime(self) -> str: ...


Develop = Callable[[bytes, str], Awaitable[CleanCopy]]
CoverPhoto = Callable[[bytes, Cover], Awaitable[CleanCopy]]
Page = Callable[["Desk", Visit], Awaitable[web.StreamResponse]]
OpenPage = Callable[["Desk", web.Request], Awaitable[web.StreamResponse]]


class Desk:
    def __init__(
        self,
        memory: Memory,
        keyed: Keyed,
        ward: Callable[[], Ward],
        refresh_ward: Callable[[], Awaitable[None]],
        media: MediaStore,
        disk: Disk,
        brakes: Brakes,
        on_replies: Callable[[int, None], None],
        *,
        backup_to: str = "",
        public_url: str = "",
        site: str = "",
        map_tiles: str = "",
        develop: Develop,
        cover: CoverPhoto,
        trusted: tuple[Network, ...] = (),
        is_https: bool = False,
        doors: Callable[[], Mapping[str, Door]] = lambda: {},
        fixed: frozenset[str] = frozenset(),
        kept: Mapping[str, int] = MappingProxyType({}),
        require_code: bool | None = None,
    ) -> None:
        self.memory, self.keyed, self.ward, self.refresh_ward, self.media = memory, keyed, ward, refresh_ward, media
        self.disk, self.brakes = disk, brakes
        self.on_replies, self._trusted, self.is_https = on_replies, trusted, is_https
        self.public_url = public_url  # For links that people are given.
        self.site = site  # The ward's own host name, the only one that words to residents may link to.
        self.map_tiles = map_tiles  # Where a map's background comes from, as {z}, {x}, {y}; empty: nowhere.
        self.develop = develop  # A clean copy of what an officer attaches.
        self.cover = cover  # A safe copy with parts blacked out.
        self.doors = doors  # By channel: those that can be asked whether their token is good.
        self.fixed = fixed  # What of the ward is set on the machine, and so not here.
        self.kept = kept  # The same of how long things are kept.
        self.require_code = require_code  # The environment's word on the second factor, where it has said one.
        self.backup_to = backup_to  # Where the nightly copy goes; empty makes none.
        self.counted = Counted()
        self.is_stopping = False

    def link_of(self, channel: str) -> str:
        """Where people find us on a messenger; empty while its door is closed, or nobody knows."""
        door = self.doors().get(channel)
        return door.link if door is not None else ""

    def close_streams(self) -> None:
        """A stopping server must not wait for browsers to leave; they come back by themselves."""
        self.is_stopping = True

    def open(self, page: OpenPage) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A page for people who are not signed in."""

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                if request.method == "POST":
                    self.check_origin(request)
                return await page(self, request)
            except Sorry as sorry:
                return self.refusal(request, sorry.status, sorry.key)

        return answer

    def closed(
        self,
        page: Page,
        right: Right | None,
        *,
        takes_file: bool = False,
        reads_itself: bool = False,
        while_locked: bool = False,
        while_held: bool = False,
        for_leaders: bool = False,
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A page for officers with this right; with none for all of them, and for leaders only where it says so. Whoever is not signed
        in is led to the form and back again.

        Where a large file comes along the page reads the form by itself, the token first, and seals the file on its way to the disk."""

        async def answer(request: web.Request) -> web.StreamResponse:
            visit: Visit | None = None
            try:
                visit = await self.visit(request)
                if visit is None:
                    return await self._signed_out(request, self.to_sign_in(request))
                if visit.is_locked and not while_locked:
                    return await self._signed_out(request, self.to_lock(request))
                if visit.is_held and not (while_held or while_locked):
                    return await self._signed_out(request, self.go(SECOND_FACTOR))
                is_leader = visit.officer.role == officers.LEADER
                if (is_leader and right is None and not for_leaders) or (right is not None and not officers.may(visit.officer.role, right)):
                    raise Sorry(403, "desk-not-yours")
                if request.method == "POST":
                    self.check_origin(request)
                    if takes_file:
                        await read_parts(request)
                    if not reads_itself:
                        form = await read_form(request)
                        if not self.is_token(visit, form.get("csrf", "")):
                            return self._kept(request, form, visit)
                if await self._is_out_of_sight(visit):
                    return self.show(visit, "restricted.html", status=403)
                try:
                    return await page(self, visit)
                finally:
                    if request.method == "POST" and request.path not in _ONLY_ASKS:
                        self.counted.forget()
            except Sorry as sorry:
                return self.refusal(request, sorry.status, sorry.key, visit=visit)

        return answer

    def refusal(self, request: web.Request, status: int, key: str, error_id: str = "", *, visit: Visit | None = None) -> web.Response:
        """What is wrong, and what to do now. It reads nothing, and so it can be drawn while the database is away, too."""
        values = {
            "sentence": key,
            "code": status,
            "error_id": error_id,
            "next_step": refusals.next_step(status, key),
            "again": refusals.page_again(request, status),
            "is_form": request.method != "GET",
        }
        if visit is None:
            return self.draw(request, "sorry.html", status=status, **values)
        return self.show(visit, "sorry.html", status=status, **values)

    async def _is_out_of_sight(self, visit: Visit) -> bool:
        """Every address that names a tip, or a file of one, passes here before its page. Restricted: the same answer for every kind, and
        a line in the tip's history. What is not there for this officer is not there."""
        named = visit.request.match_info
        if "tip" not in named and "attachment" not in named:
            return False
        ids = {f"{name}_id": number_in(visit.request, name) for name in ("tip", "attachment") if name in named}
        reach, tip_id = await self.memory.read(lambda session: sight_rows.reach_of(session, visit.sight, **ids))
        if reach == "none":
            raise Sorry(404, "desk-no-tip")
        if reach == "stub":
            act = Act(ward_id=visit.officer.ward_id, officer_id=visit.officer.id, history_id=new_id(), now=moments.now())
            await self.memory.write(lambda session: access.note_turned_away(session, act, tip_id))
        return reach == "stub"

    # -- who ---------------------------------------------------------------------------------------------------------

    async def visit(self, request: web.Request) -> Visit | None:
        """Who is asking, how many requests wait for their word, the chief's mail, what rings for them, and what is new on their desk. A
        browser nobody was at for the ward's minutes is locked from here on."""
        token_hash = self.session_hash(request)
        if token_hash is None:
            return None
        now = moments.now()

        def find(session: Session) -> tuple[SessionSeen, Visit] | None:
            found = officer_rows.officer_by_session(session, token_hash, now=now, idle_ms=SESSION_SLEEPS_AFTER)
            if found is None:
                return None
            officer = found.officer
            may_decide = officers.may(officer.role, "custody")
            waiting = openings.waiting_for(session, officer.ward_id, officer.id, now=now) if may_decide else 0
            sight = access.sight_of(officer.ward_id, officer.role, officer.id)
            mail = letters.waiting(session, sight) if officers.may(officer.role, "letters") else Waiting()
            is_called = officers.may(officer.role, "accept")
            ringing = ladder.ringing(session, officer.ward_id, officer.id, officer.role, now) if is_called else Ringing()
            tasks = self.counted.tasks(session, sight, officer, now=now)
            shut = doors.lasting(session, officer.ward_id, before=now - ladder.DOOR_PATIENCE)
            aside = officers.may(officer.role, "machine") and bool(
                doors.set_aside(session, officer.ward_id, since=now - _ASIDE_IS_NEWS, most=1)
            )
            let_in = let_ins.unread(session, officer.ward_id, reader=officer.id) if officers.may(officer.role, "officers") else 0
            is_shown = not found.is_locked and (is_page(request) or request.path in _LISTENS)
            is_drawn = is_shown and request.path not in _LISTENS
            asks = is_drawn and "zalo_oa" in self.doors() and officers.may(officer.role, "oa_rights")
            keys = custody.next_steps(session, officer.ward_id, officer_id=officer.id) if is_drawn and may_decide else []
            rights = oa_rights.asked(session, officer.ward_id, now=now) if asks else None
            counts = self.counted.folders(session, sight, officer, mail, now=now) if is_shown else {}
            known = officer, self._csrf(request), self.language(request), waiting, mail, ringing, tasks, now, counts
            visit = Visit(request, *known, doors=shut, has_set_aside=aside, session_id=found.session_id, let_ins=let_in, keys=tuple(keys))
            releases = officers.may(officer.role, "release_warnings") and (officer.role == "chief" or ringing.is_commander)
            warnings = self.counted.warnings(session, officer, now=now) if is_shown and releases else 0
            calls = self.counted.calls(session, officer, now=now) if is_shown and officers.may(officer.role, "warn") else 0
            visit = replace(visit, oa_rights=rights if rights and rights.is_due else None, warnings=warnings, calls=calls)
            return found, replace(visit, is_locked=found.is_locked, is_held=found.is_held)

        found = await self.memory.read(find)
        if found is None:
            return None
        seen, visit = found
        is_officer = visit.officer.role != officers.LEADER  # A leader has no password to unlock with, and nothing that must be hidden.
        if is_officer and not seen.is_locked and locking.may_be_idle(seen.seen_at, now):
            act = Act(ward_id=visit.officer.ward_id, officer_id=visit.officer.id, history_id=new_id(), now=now)
            if await self.memory.write(lambda session: locking.lock_if_idle(session, act, token_hash)):
                return replace(visit, is_locked=True)
        is_here = not (request.path in _LISTENS or _LISTENS_AT_ONE.fullmatch(request.path)) or request.query.get("tay") == "1"
        if is_here and not seen.is_locked and abs(now - seen.seen_at) > moments.MINUTE:
            await self.memory.write(lambda session: officer_rows.touch_session(session, token_hash, now=now))
        return visit

    def session_hash(self, request: web.Request) -> str | None:
        token = request.cookies.get(COOKIE, "")
        return self.keyed.hash("desk-session", token) if token else None

    def device_hash(self, request: web.Request) -> str | None:
        token = request.cookies.get(DEVICE_COOKIE, "")
        return self.keyed.hash("desk-device", token) if token else None

    def _csrf(self, request: web.Request) -> str:
        return self.keyed.hash("desk-csrf", request.cookies.get(COOKIE, ""))

    def check_origin(self, request: web.Request) -> None:
        """Browsers say where a form stood. Somebody else's page must not sign anybody in or press our buttons, be it of another house of
        the same domain, whose forms take the cookies of this desk along. Our own pages send no referrer, and so their origin is "null"."""
        origin = request.headers.get("Origin")
        if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") or (
            origin and origin != "null" and urlsplit(origin).netloc != request.host
        ):
            raise Sorry(403, "desk-form-old")

    def is_token(self, visit: Visit, given: str) -> bool:
        return any(secrets.compare_digest(one.encode("utf-8", "replace"), visit.csrf.encode()) for one in (given, unmasked(given)))

    def check_token(self, visit: Visit, given: str) -> None:
        if not self.is_token(visit, given):
            raise Sorry(403, "desk-form-old")

    async def _signed_out(self, request: web.Request, to_form: web.Response) -> web.Response:
        """To the form for signing in or unlocking, unless they had written something: that they get back first."""
        if request.method == "POST":
            self.check_origin(request)
        try:
            async with asyncio.timeout(UPLOAD_SECS):
                form = await kept.form_of(request)
        except (TimeoutError, ValueError, AssertionError, LookupError, RuntimeError):
            form = {}
        return self._kept(request, form) if kept.written(form) else to_form

    def _kept(self, request: web.Request, form: dict[str, str], visit: Visit | None = None) -> web.Response:
        """A form from before the last sign-in, or after its end. Nothing was done; one press does it, once there is a sign-in."""
        words = kept.written(form) if not request.path.startswith("/admin/niem-phong") else []
        if not words:
            raise Sorry(403, "desk-form-old")
        values = {
            "words": words,
            "again": kept.again(request.path, form),
            "path": request.path,
            "is_multipart": request.content_type == "multipart/form-data",
        }
        if visit is None:
            return self.draw(request, "kept.html", status=401, **values)
        return self.show(visit, "kept.html", status=403, **values)

    def visitor(self, request: web.Request) -> str:
        return visitor_address(request.remote, request.headers.get("X-Forwarded-For", ""), self._trusted)

    def language(self, request: web.Request) -> str:
        chosen = request.cookies.get(LANGUAGE_COOKIE, "vi")
        return chosen if chosen in texts.LANGUAGES else "vi"

    # -- drawing -----------------------------------------------------------------------------------------------------

    def draw(self, request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
        text = self._text(request, template, values)
        return web.Response(text=text, status=status, content_type="text/html", headers=self.headers())

    def show(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> web.Response:
        return self.draw(visit.request, template, status=status, **self._of_visit(visit), **values)

    def text_of(self, visit: Visit, template: str, **values: Any) -> str:
        """A part of a page, for one that is open already."""
        return self._text(visit.request, template, {**self._of_visit(visit), **values})

    def _of_visit(self, visit: Visit) -> dict[str, Any]:
        return {
            "officer": visit.officer,
            "waiting": visit.waiting,
            "letters": visit.letters,
            "ringing": visit.ringing,
            "tasks": visit.tasks,
            "folder_counts": visit.counts,
            "waiting_at": visit.waiting_at,
            "is_commander": visit.is_commander,
            "drawn_at": visit.at,
            "doors": visit.doors,
            "has_set_aside": visit.has_set_aside,
            "let_ins": visit.let_ins,
            "oa_rights_due": visit.oa_rights,
            "key_steps": visit.keys,
        }

    def _text(self, request: web.Request, template: str, values: dict[str, Any]) -> str:
        language = self.language(request)

        def say(key: str, **variables: Any) -> str:
            return texts.say(key, language, **variables)

        known = catalogue.merged(catalogue.load(), self.ward().book.category_changes)

        def category_name(code: str) -> str:
            return known[code].name[language] if code in known else say("category-unknown")

        return (
            pages()
            .get_template(template)
            .render(
                **{
                    "officer": None,
                    "waiting": 0,
                    "letters": Waiting(),
                    "ringing": Ringing(),
                    "tasks": Tasks(),
                    "doors": (),
                    "has_set_aside": False,
                    "folder_counts": {},
                    "let_ins": 0,
                    "oa_rights_due": None,
                    "key_steps": (),
                    "help_topic": help_topics.topic_for(
                        _pattern(request), folder=request.query.get("ngan", ""), is_inside=values.get("officer") is not None
                    ),
                    "help_from": _carried(request),
                    "csrf": masked(self._csrf(request)),
                    "here": request.path,
                    **values,
                },
                say=say,
                category_name=category_name,
                # Where there is no chat, nobody could be written to unasked.
                is_quiet=lambda tip: tip.channel not in WAYS and exchange.is_quiet(self.ward().book, safe=tip.safe, category=tip.category),
                language=language,
                ward=self.ward(),
                disk=self.disk,
            )
        )

    def headers(self) -> dict[str, str]:
        return {
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    def go(self, place: str) -> web.Response:
        return web.Response(status=303, headers={"Location": place, "Cache-Control": "no-store"})

    def to_lock(self, request: web.Request) -> web.Response:
        return self._by_way_of("/admin/khoa", request)

    def to_sign_in(self, request: web.Request) -> web.Response:
        return self._by_way_of("/admin/dang-nhap", request)

    def _by_way_of(self, form: str, request: web.Request) -> web.Response:
        """Nothing of the address is carried along but a tip's page, which holds no secret."""
        page = tip_page(request.path)
        return self.go(f"{form}?toi={page}" if page else form)


def tip_page(path: str) -> str:
    """The page of the tip that this address of ours is about, if it is about one; or where a ward begins."""
    page = re.match(r"/admin/(?:tin/\d{1,19}|bat-dau)(?![^/])", path, re.ASCII)
    return page[0] if page else ""


def is_page(request: web.Request) -> bool:
    """Asked for by whoever looks at it, not by a script or for a picture. Old browsers don't say, and get whatever a page has."""
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _pattern(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else request.path


def _carried(request: web.Request) -> str:
    """What the link to the help takes along, so that there is a way back."""
    back = help_topics.way_back(request.path_qs if request.method == "GET" else request.path)
    return f"?tu={quote(back, safe='/')}" if back else ""
