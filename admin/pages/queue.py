"""The queue: what needs somebody now, by folder, with filters that combine and stand in the address."""

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.navigation import FOLDERS, SLUGS
from admin.pages import machine
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import deadlines, duty, folders, lifecycle, officers, paper_file, periods, steps
from handlers.insight import catalogue
from handlers.walk_in import WAYS
from handlers.warnings import calendar
from handlers.warnings.calendar import Occasion
from storage import moments
from storage.queries import assignment as held
from storage.queries import blocks, queue
from storage.queries import officers as officer_rows
from storage.queries import steps as step_rows
from storage.queries.blocks import BlockSeen
from storage.queries.duty import ShiftSeen
from storage.queries.folders import Folder
from storage.queries.queue import ALL, Filters, Place, Row
from storage.queries.steps import ByPhone

PAGE = 50
BY_PHONE_DAYS, MOST_BY_PHONE = 31, 200
_CHANNELS = ("telegram", "zalo_oa", "zalo_visitor", "zalo_bot", "webchat", *WAYS)


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
    def slug(self) -> str:
        return SLUGS[self.folder]

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
    may_approve: bool  # Of classifications that wait.
    papers: int
    occasions: tuple[str, ...]  # Before which a warning should be written.


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a folder tells beside its tips: whom a brake sets apart, and whose word somebody says they had by phone."""

    blocks: list[BlockSeen]
    calls: list[ByPhone]


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    wish, role = Wish.of(visit.request), visit.officer.role
    if wish.folder not in folders.of_role(role):
        raise Sorry(403, "desk-not-yours")

    def find(session: Session) -> dict[str, Any]:
        names = officer_rows.officer_names(session, visit.officer.ward_id)
        parts = {
            "choices": _choices(session, visit, names),
            "worries": _worries(session, desk, visit),
            "beside": _beside(session, visit, wish),
        }
        return {**_drawn(session, visit, wish), **parts, "names": names}

    drawn = await desk.memory.read(find)
    worry = officers.may(role, "machine") and await machine.is_worrying(desk, visit.officer.ward_id)
    return desk.show(visit, "queue.html", **drawn, by_phone_days=BY_PHONE_DAYS, worry=worry)


async def moved(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Folders had pages of their own once; whoever kept such an address comes to the folder."""
    return desk.go(f"/admin?ngan={visit.request.match_info['folder']}")


def beside(session: Session, visit: Visit) -> dict[str, Any]:
    """The list that somebody came from, beside the tip they opened."""
    wish = Wish.of(visit.request)
    if wish.folder not in folders.of_role(visit.officer.role):
        return {}
    return _drawn(session, visit, wish)


def _drawn(session: Session, visit: Visit, wish: Wish) -> dict[str, Any]:
    """What the list is made of, alone or beside a tip."""
    officer = visit.officer
    page = queue.page(session, folders.asks(visit.sight, officer.id, now=visit.at), wish.folder, wish.filters, after=wish.after, limit=PAGE)
    return {
        "wish": wish,
        "rows": page.rows,
        "is_urgent_part": wish.folder == "needs" and any(row.tip.is_urgent_now for row in page.rows),
        "older": wish.address(after=page.older) if page.older else "",
        "left": {row.tip.id: time_left(row, visit.language, now=visit.at) for row in page.rows if not row.tip.is_stub},
        "new_to_me": held.new_to(session, officer.ward_id, officer.id) if visit.tasks.new else set(),
    }


def time_left(row: Row, language: str, *, now: int) -> tuple[str, str]:
    """Tone and words, by how much of the period is gone; nothing where nothing runs for us any more."""
    if row.due_at is None or row.tip.closed_at is not None:
        return "", ""
    left, whole = row.due_at - now, row.due_at - row.starts_at
    is_reminder = row.clock in periods.reminders()
    tone = ("info" if is_reminder else "danger") if left < 0 else "warn" if now - row.starts_at >= whole * 4 // 5 else "calm"
    return tone, deadlines.left_of(row.clock, left, language)


def _choices(session: Session, visit: Visit, names: dict[int, str]) -> Choices:
    return Choices(
        categories=tuple(catalogue.load()),
        neighbourhoods=held.neighbourhoods(session, visit.officer.ward_id),
        officers=names,
        channels=_CHANNELS,
    )


def _worries(session: Session, desk: Desk, visit: Visit) -> Worries:
    ward_id, role, act = visit.officer.ward_id, visit.officer.role, act_of(visit)
    shift = duty.hands(session, ward_id, visit.officer.id, act.now).shift if officers.may(role, "shift") else None
    is_approving = "unapproved" in visit.counts and officers.may(role, "books")
    approve = lifecycle.BY_NAME["approve"]
    return Worries(
        shift=shift if shift is not None and shift.taken_by is None else None,
        may_approve=is_approving and steps.may_move(session, ward_id, visit.officer.id, role, approve, now=act.now),
        papers=paper_file.waiting_for(session, act, visit.sight),
        occasions=tuple(one.name for one in _occasions(session, desk, visit)),
    )


def _occasions(session: Session, desk: Desk, visit: Visit) -> list[Occasion]:
    if not officers.may(visit.officer.role, "warn"):
        return []
    ward, today = desk.ward(), moments.local(visit.at).date()
    return calendar.due(session, ward.id, ward.book, today=today, language=visit.language)


def _beside(session: Session, visit: Visit, wish: Wish) -> Beside:
    role, sight = visit.officer.role, visit.sight
    sees_blocks = wish.folder == "apart" and officers.may(role, "block")
    sees_calls = wish.folder == "unapproved" and officers.may(role, "decide")
    calls = {"days": BY_PHONE_DAYS, "most": MOST_BY_PHONE, "now": visit.at}
    return Beside(
        blocks=blocks.running_blocks(session, sight, now=visit.at) if sees_blocks else [],
        calls=step_rows.noted_by_phone(session, sight, **calls) if sees_calls else [],
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else None


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def _place(text: str) -> Place | None:
    found = re.fullmatch(r"(\d)-(\d{1,15})-(\d{1,19})", text, re.ASCII)
    return Place(*map(int, found.groups())) if found and int(found[3]) < 2**63 else None
