"""What the ward pays Zalo for: how many messages of this month went for money, and how many may. The chief alone sets that."""

import re
from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from handlers import windows
from handlers.messages import Ward
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import paid
from storage.queries.paid import Used

CHANNEL = "zalo_oa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    used: Used
    ceiling: int
    most: int = windows.MOST

    @property
    def left(self) -> int:
        return max(0, self.ceiling - self.used.many)


def costs(session: Session, ward: Ward, *, now: int) -> Costs:
    return Costs(used=paid.used(session, ward.id, CHANNEL, windows.month_of(now)), ceiling=windows.ceiling_of(ward.book))


async def kept(desk: Desk, visit: Visit) -> str:
    """The figure as the form gave it. Empty: it stands; else what was typed, and cannot be used."""
    typed, act, row_id = (await read_form(visit.request)).get("so", "").strip(), act_of(visit), new_id()
    try:
        if not re.fullmatch(r"\d{1,6}", typed, re.ASCII):
            raise Mistake("paid-wrong-figure")
        await desk.memory.write(lambda session: windows.set_ceiling(session, act, int(typed), row_id=row_id))
    except Mistake:
        return typed[:20] or "?"
    await desk.refresh_ward()
    return ""


def saved(desk: Desk) -> web.StreamResponse:
    return desk.go("/admin/kenh?xong=1#zalo_oa")
