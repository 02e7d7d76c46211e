"""The queue: what needs somebody now, by folder, with filters that combine and stand in the address. The list and its counts also come
by themselves to an open page, as they are for whoever looks."""

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp_sse import sse_response
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.navigation import FOLDERS, SLUGS, folders_for
from admin.pages import machine
from admin.pages.book import act_of
from handlers import deadlines, duty, lifecycle, officers, paper_file, periods, steps
from handlers.insight import catalogue
from handlers.walk_in import WAYS
from storage import moments
from storage.queries import assignment as held
from storage.queries import officers as officer_rows
from storage.queries import queue, tips
from storage.queries.duty import ShiftSeen
from storage.queries.queue import ALL, Asks, Filters, Folder, Place, Row

PAGE = 50
_LOOK_EVERY_SECS = 3
_CHANNELS = ("telegram", "webchat", *WAYS)
_COUNTED: tuple[Folder, ...] = ("needs", "new", "mine", "late", "unanswered", "asked", "results")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to see, as the address says it."""

    folder: Folder = "needs"
    filters: Filters = ALL
    after: Place | None = None

    @classmethod
    def of(cls, request: web.Request) -> "Wish":
        """Whatever is no folder and no filter of ours is left out."""
        asked = request.query
        handler = asked.get("ai", "")
        return cls(
            folder=FOLDERS.get(asked.get("ngan", ""), "needs"),
            filters=Filters(
                category=asked.get("loai", "") if asked.get("loai", "") in catalogue.load() else "",
                neighbourhood_id=_number(asked.get("to", "")),
                channel=asked.get("kenh", "") if re.fullmatch(r"[a-z_]{2,20}", asked.get("kenh", "")) else "",
                handler_id=_number(handler),
                only_urgent=asked.get("gap") == "1",
            ),
            after=_place(asked.get("truoc", "")),
        )

    def address(self, **changes: Any) -> str:
        """Of the same with something changed; the page begins anew."""
        return f"/admin?{self.query(**changes)}"

    def query(self, **changes: Any) -> str:
        wish = replace(self, **{"after": None, **{name: value for name, value in changes.items() if name in ("folder", "after")}})
        filters = replace(wish.filters, **{name: value for name, value in changes.items() if name not in ("folder", "after")})
        said = {
            "ngan": SLUGS[wish.folder],
            "loai": filters.category,
            "to": _said(filters.neighbourhood_id),
            "kenh": filters.channel,
            "ai": _said(filters.handler_id),
            "gap": "1" if filters.only_urgent else "",
            "truoc": "-".join(map(str, wish.after)) if wish.after else "",
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return self.filters != ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filters offer."""

    categories: tuple[str, ...]
    neighbourhoods: dict[int, str]
    officers: dict[int, str]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worries:
    """What else waits for this officer, above the list."""

    shift: ShiftSeen | None  # Planned for now, and nobody has taken it.
    names: dict[int, str]
    apart: int
    unapproved: int
    tests: int
    papers: int


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    wish = Wish.of(visit.request)

    def find(session: Session) -> tuple[dict[str, Any], Choices, Worries]:
        return _drawn(session, visit, wish), _choices(session, visit), _worries(session, visit)

    drawn, choices, worries = await desk.memory.read(find)
    worry = officers.may(visit.officer.role, "machine") and await machine.is_worrying(desk, visit.officer.ward_id)
    return desk.show(visit, "queue.html", **drawn, choices=choices, worries=worries, worry=worry)


async def beside(desk: Desk, visit: Visit) -> dict[str, Any]:
    """The list that somebody came from, beside the tip they opened; and the folders with their counts."""
    wish = Wish.of(visit.request)
    return await desk.memory.read(lambda session: _drawn(session, visit, wish))


def _drawn(session: Session, visit: Visit, wish: Wish) -> dict[str, Any]:
    """What the list is made of, alone or beside a tip."""
    asks, officer = asks_of(visit), visit.officer
    page = queue.page(session, asks, wish.folder, wish.filters, after=wish.after, limit=PAGE)
    return {
        "wish": wish,
        "slug": SLUGS[wish.folder],
        "rows": page.rows,
        "is_urgent_part": wish.folder == "needs" and any(row.tip.is_urgent_now for row in page.rows),
        "older": wish.address(after=page.older) if page.older else "",
        "left": {row.tip.id: time_left(row, visit.language, now=asks.now) for row in page.rows if not row.tip.is_stub},
        "new_to_me": held.new_to(session, officer.ward_id, officer.id) if visit.tasks.new else set(),
        "folder_counts": counts(session, asks, officer.role),
        "seen_at": asks.now,
    }


def asks_of(visit: Visit) -> Asks:
    return Asks(
        sight=visit.sight,
        officer_id=visit.officer.id,
        now=moments.now(),
        elsewhere=lifecycle.AWAITS_RESULT,
        reminders=frozenset(periods.reminders()),
    )


def counts(session: Session, asks: Asks, role: str) -> dict[str, str]:
    """Of the folders in which something waits; the others are as long as the ward is old."""
    shown = {folder for folder, _address in folders_for(role)}
    numbers = queue.counts(session, asks, tuple(folder for folder in _COUNTED if folder in shown))
    return {
        folder: f"{queue.COUNT_MOST:,}+".replace(",", ".") if number > queue.COUNT_MOST else str(number)
        for folder, number in numbers.items()
        if number
    }


def time_left(row: Row, language: str, *, now: int) -> tuple[str, str]:
    """Tone and words, by how much of the period is gone; nothing where nothing runs for us any more."""
    if row.due_at is None or row.tip.closed_at is not None:
        return "", ""
    left, whole = row.due_at - now, row.due_at - row.starts_at
    is_reminder = row.clock in periods.reminders()
    tone = ("info" if is_reminder else "danger") if left < 0 else "warn" if now - row.starts_at >= whole * 4 // 5 else "calm"
    return tone, deadlines.left_of(row.clock, left, language)


def _choices(session: Session, visit: Visit) -> Choices:
    ward_id = visit.officer.ward_id
    return Choices(
        categories=tuple(catalogue.load()),
        neighbourhoods=held.neighbourhoods(session, ward_id),
        officers=officer_rows.officer_names(session, ward_id),
        channels=_CHANNELS,
    )


def _worries(session: Session, visit: Visit) -> Worries:
    ward_id, role, act = visit.officer.ward_id, visit.officer.role, act_of(visit)
    shift = duty.hands(session, ward_id, visit.officer.id, act.now).shift if officers.may(role, "shift") else None
    nobodys = shift if shift is not None and shift.taken_by is None else None
    unapproved = 0
    if officers.may(role, "books") and steps.may_move(session, ward_id, visit.officer.id, role, lifecycle.BY_NAME["approve"], now=act.now):
        unapproved = tips.count_unapproved(session, visit.sight, lifecycle.AWAITS_APPROVAL)
    may_approve = officers.may(role, "approve")
    return Worries(
        shift=nobodys,
        names=officer_rows.officer_names(session, ward_id) if nobodys else {},
        apart=tips.count_held(session, visit.sight),
        unapproved=unapproved,
        tests=tips.count_unseen_tests(session, visit.sight, officers.roles_with("approve")) if may_approve else 0,
        papers=paper_file.waiting_for(session, act, visit.sight),
    )


# -- what comes by itself ------------------------------------------------------------------------------------------------------


async def live(desk: Desk, visit: Visit) -> web.StreamResponse:
    """A stream of the counts beside the folders, and of how many tips have come since the page was drawn. Looked at as the officer may
    see it, so nothing of what they may not read moves it; and it ends with their session, or when the desk is locked."""
    since, told = _moment(visit.request.query.get("sau", "")), ""
    headers = {**desk.headers(), "X-Accel-Buffering": "no"}
    async with sse_response(visit.request, headers=headers) as stream:
        try:
            seen: Visit | None = visit
            while seen is not None and not seen.is_locked and not desk.is_stopping and stream.is_connected():
                words = await _news(desk, seen, since)
                if words != told:
                    told = words
                    await stream.send(words)
                await asyncio.sleep(_LOOK_EVERY_SECS)
                seen = await desk.visit(visit.request)
        except ConnectionResetError:
            pass  # The browser left.
    return stream


async def _news(desk: Desk, visit: Visit, since: int) -> str:
    def find(session: Session) -> tuple[dict[str, str], int]:
        return counts(session, asks_of(visit), visit.officer.role), tips.arrived_after(session, visit.sight, since)

    counted, come = await desk.memory.read(find)
    return desk.text_of(visit, "queue_news.html", folder_counts=counted, come=come, wish=Wish.of(visit.request))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else None


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def _moment(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else moments.now()


def _place(text: str) -> Place | None:
    found = re.fullmatch(r"(\d)-(\d{1,15})-(\d{1,19})", text, re.ASCII)
    return Place(*map(int, found.groups())) if found and int(found[3]) < 2**63 else None
