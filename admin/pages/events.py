"""Tips on one event: the part of a tip's page that counts them, and the page on which an officer links and parts them."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import events as handling
from handlers import officers
from handlers.exchange import LEAST_REASON
from handlers.officers import Mistake
from handlers.walk_in import KNOWN_HOW
from storage import moments
from storage.ids import new_id
from storage.queries import events as rows
from storage.queries import officers as officer_rows
from storage.queries.events import Event, LookAlike, Parted
from storage.queries.tips import TipLine, lines_of

MOST_TYPED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TipEvent:
    known_how: str
    event: Event | None
    may_link: bool
    is_linkable: bool  # Not of tips that only some read.
    ways: tuple[str, ...] = KNOWN_HOW


def of_tip(session: Session, desk: Desk, visit: Visit, tip_id: int) -> TipEvent:
    ward, may_link = desk.ward(), officers.may(visit.officer.role, "link")
    tip = rows.standing(session, ward.id, tip_id)
    if tip is None:
        raise Sorry(404, "desk-no-tip")
    is_linkable = handling.may_be_linked(tip, ward)
    event = handling.event_of(session, ward, tip.event_id) if tip.event_id is not None and is_linkable else None
    return TipEvent(known_how=tip.known_how, event=event, may_link=may_link, is_linkable=is_linkable)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    tip: TipEvent
    line: TipLine
    alike: tuple[LookAlike, ...]
    found: tuple[TipLine, ...]
    parted: tuple[Parted, ...]
    names: dict[str, str]


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def find(desk: Desk, visit: Visit) -> web.StreamResponse:
    """What was typed travels in the form, like everything that is looked for."""
    return await _draw(desk, visit, typed=(await read_form(visit.request)).get("tim", "").strip()[:MOST_TYPED])


async def link(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, ward, event_id = number_in(visit.request, "tip"), act_of(visit), desk.ward(), new_id()
    other = (await read_form(visit.request)).get("other", "")
    other_id = int(other) if other.isascii() and other.isdigit() and len(other) < 19 else 0
    return await _do(
        desk, visit, lambda session: handling.link(session, act, ward, tip_id=tip_id, other_id=other_id, event_id=event_id, draw=new_id)
    )


async def unlink(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, reason = number_in(visit.request, "tip"), act_of(visit), (await read_form(visit.request)).get("reason", "")
    return await _do(desk, visit, lambda session: handling.unlink(session, act, tip_id=tip_id, reason=reason, draw=new_id), reason=reason)


async def set_known_how(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, how = number_in(visit.request, "tip"), act_of(visit), (await read_form(visit.request)).get("how", "")
    try:
        await desk.memory.write(lambda session: handling.set_known_how(session, act, tip_id=tip_id, how=how))
    except Mistake as mistake:
        raise Sorry(404 if mistake.key == "desk-no-tip" else 422, mistake.key) from None
    return desk.go(f"/admin/tin/{tip_id}#su-viec")


async def _do(desk: Desk, visit: Visit, fn: Callable[[Session], None], *, reason: str = "") -> web.StreamResponse:
    try:
        await desk.memory.write(fn)
    except Mistake as mistake:
        if mistake.key == "desk-no-tip":
            raise Sorry(404, mistake.key) from None
        return await _draw(desk, visit, mistake=mistake.key, reason=reason)
    return desk.go(f"/admin/tin/{number_in(visit.request, 'tip')}/su-viec")


async def _draw(desk: Desk, visit: Visit, *, typed: str = "", mistake: str = "", reason: str = "") -> web.StreamResponse:
    tip_id, ward, now = number_in(visit.request, "tip"), desk.ward(), moments.now()

    def read(session: Session) -> _Shown:
        tip = of_tip(session, desk, visit, tip_id)
        if not tip.is_linkable:
            raise Sorry(404, "desk-no-tip")
        [line] = lines_of(session, visit.sight, [tip_id])
        alike = handling.look_alikes(session, ward, tip_id)
        found = handling.find(session, ward, typed, now=now) if typed else []
        return _Shown(
            tip=tip,
            line=line,
            alike=tuple(alike),
            found=tuple(one for one in found if one.id != tip_id),
            parted=tuple(rows.parted(session, ward.id, tip_id)),
            names={f"officer:{key}": name for key, name in officer_rows.officer_names(session, ward.id).items()},
        )

    shown = await desk.memory.read(read)
    event = shown.tip.event
    linked = {one.id for one in event.lines} if event else set()
    return desk.show(
        visit,
        "events.html",
        status=422 if mistake else 200,
        shown=shown,
        linked=linked,
        typed=typed,
        mistake=mistake,
        reason=reason,
        least=LEAST_REASON,
    )
