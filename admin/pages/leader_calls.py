"""Tổ trưởng cần gọi: whom no chat reached, who was reminded in vain, who cannot post; and what they say on the phone."""

from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers.officers import Mistake
from handlers.warnings import leaders, posting
from handlers.warnings.posting import Answer, Kit
from storage.queries import leaders as rows
from storage.queries import officers as officer_rows

_HOME = "/admin/can-goi-to-truong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    officer_id: int
    name: str
    why: str
    kit: Kit


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit, {})


async def show_phone(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Of one, and noted."""
    officer_id, act = number_in(visit.request, "officer", sorry="leader-gone"), act_of(visit)
    try:
        phone = await desk.memory.write(lambda session: leaders.phone_to_call(session, act, officer_id))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    return await _draw(desk, visit, {officer_id: phone})


async def posted(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _hear(desk, visit, "posted")


async def not_posted(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _hear(desk, visit, "not_posted")


async def _hear(desk: Desk, visit: Visit, answer: Answer) -> web.StreamResponse:
    target_id, act, ward = number_in(visit.request, "target", sorry="warning-gone"), act_of(visit), desk.ward()
    try:
        await desk.memory.write(lambda session: posting.heard_by_phone(session, ward, act, target_id, answer))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    return desk.go(_HOME)


async def _draw(desk: Desk, visit: Visit, phones: dict[int, str]) -> web.StreamResponse:
    ward, now = desk.ward(), visit.at

    def find(session: Session) -> list[Call]:
        names = officer_rows.officer_names(session, ward.id)
        waiting = rows.to_call(session, ward.id, now=now)
        seen = [(one, posting.kit(session, ward, one.officer_id, one.target_id, now=now)) for one in waiting]
        return [
            Call(
                officer_id=one.officer_id,
                name=names.get(one.officer_id, "?"),
                why="silent" if one.reason == "silent" else one.state,
                kit=kit,
            )
            for one, kit in seen
            if kit is not None
        ]

    calls = await desk.memory.read(find)
    return desk.show(visit, "leader_calls.html", calls=calls, phones=phones)
