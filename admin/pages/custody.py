"""Who keeps the keys, what waits for a second person, and for the chief everything that was opened, on a page and on paper."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Page, Visit
from handlers import access, custodians, officers, openings
from handlers.officers import Mistake
from storage import moments
from storage.queries import custody, history
from storage.queries import officers as officer_rows
from storage.queries import openings as rows
from storage.queries.sight import Sight

_SHOWN_FOR = 31 * moments.DAY
_STEPS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What was opened between two moments."""

    by_two: tuple[rows.OpeningSeen, ...]
    numbers: tuple[rows.NumberSeen, ...]
    turned_down: dict[str, int]


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await draw(desk, visit)


async def draw(desk: Desk, visit: Visit, *, mistake: str = "") -> web.StreamResponse:
    officer, now = visit.officer, moments.now()
    oversees = officers.may(officer.role, "oversee")

    def find(session: Session) -> dict[str, Any]:
        keepers = custody.keepers(session, officer.ward_id)
        waiting = rows.waiting_openings(
            session, access.custody_sight(officer.ward_id, officer.role, officer.id), asked_after=now - openings.ANSWERED_WITHIN
        )
        decides = {what for what in openings.OPEN_FOR if openings.may_decide(session, officer.ward_id, officer.id, what)}
        may_name = custodians.may_name(session, officer.ward_id, officer.id, keepers)
        return {
            "keepers": keepers,
            "for_me": [one for one in waiting if one.asked_by != officer.id and one.what in decides],
            "mine": rows.openings_asked_by(session, visit.sight, officer.id, asked_after=now - 7 * moments.DAY),
            "candidates": custodians.candidates(session, officer.ward_id) if may_name else [],
            "may_name": may_name,
            "names": officer_rows.officer_names(session, officer.ward_id),
            "opened": _opened(session, visit.sight, now - _SHOWN_FOR, now + 1) if oversees else None,
            "steps": history.steps(session, officer.ward_id, about="custodian", most=_STEPS),
        }

    found = await desk.memory.read(find)
    keepers: list[custody.Keeper] = found["keepers"]
    status = 200 if not mistake else 429 if mistake == "custody-too-many" else 422
    return desk.show(
        visit,
        "custody.html",
        status=status,
        mistake=mistake,
        least=openings.LEAST_REASON,
        now=now,
        answered_within=openings.ANSWERED_WITHIN,
        active=[one for one in keepers if one.is_active],
        own=next((one for one in keepers if one.officer_id == officer.id and one.is_active), None),
        proposal=next((one for one in keepers if one.officer_id == officer.id and one.status == "proposed"), None),
        **found,
    )


def forgiving(page: Page) -> Page:
    """What has to be put right is said on top of the custody page."""

    async def answer(desk: Desk, visit: Visit) -> web.StreamResponse:
        try:
            return await page(desk, visit)
        except Mistake as mistake:
            return await draw(desk, visit, mistake=mistake.key)

    return answer


async def paper(desk: Desk, visit: Visit) -> web.StreamResponse:
    """A month on one sheet to be signed; it says so too when nothing was opened."""
    now, ward_id = moments.now(), visit.officer.ward_id
    year, month = _month(visit.request.query.get("thang", ""), now)
    start, end = _starts(year, month), _starts(year + month // 12, month % 12 + 1)

    def find(session: Session) -> tuple[Opened, dict[int, str]]:
        return _opened(session, visit.sight, start, end), officer_rows.officer_names(session, ward_id)

    opened, names = await desk.memory.read(find)
    return desk.show(
        visit,
        "custody_paper.html",
        opened=opened,
        names=names,
        month=f"{month}/{year}",
        before=f"{year - (month == 1):04}-{(month - 2) % 12 + 1:02}",
        after=f"{year + month // 12:04}-{month % 12 + 1:02}" if end <= now else "",
        now=now,
    )


def _opened(session: Session, sight: Sight, start: int, end: int) -> Opened:
    return Opened(
        by_two=tuple(rows.opened_between(session, sight, start, end)),
        numbers=tuple(rows.numbers_seen_between(session, sight, start, end)),
        turned_down=rows.turned_down_between(session, sight, start, end),
    )


def _month(text: str, now: int) -> tuple[int, int]:
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
    here = moments.local(now)
    return (int(found[1]), int(found[2])) if found else (here.year, here.month)


def _starts(year: int, month: int) -> int:
    return int(datetime(year, month, 1, tzinfo=moments.WARD_ZONE).timestamp() * 1000)
