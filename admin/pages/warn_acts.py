"""What is done with a warning at the desk: proposed, tried, dropped, released, given back, approved, stopped, and decided about."""

from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import warn_check, warn_show
from admin.pages.book import act_of
from admin.pages.warn_list import PLACE
from admin.refusals import Sorry
from handlers.acts import Act
from handlers.officers import Mistake
from handlers.warnings import lifecycle, telling, trials
from storage import moments
from storage.ids import new_id
from storage.queries import warning_targets as targets
from storage.queries import warnings as rows

_ALL_AT_ONCE = 200  # Sends of unknown outcome that one press decides.


async def propose(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _do(desk, visit, _checked(desk, visit, lifecycle.propose), done="gui-duyet")


async def drop(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _do(desk, visit, lifecycle.drop, to=f"{PLACE}?ngan=dang-viet")


async def release(desk: Desk, visit: Visit) -> web.StreamResponse:
    """What was shown goes, or nothing."""
    mark = (await read_form(visit.request)).get("ban", "")
    return await _do(desk, visit, _checked(desk, visit, lifecycle.release, mark=mark), done="duyet", tells=True)


async def release_alone(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The chief, on their own word that somebody's life is in danger."""
    form = await read_form(visit.request)
    if form.get("dong-y") != "1":
        return await warn_show.draw(desk, visit, mistake="warn-alone-confirm")
    return await _do(desk, visit, _checked(desk, visit, lifecycle.release, for_life=True, mark=form.get("ban", "")), done="duyet")


async def decline(desk: Desk, visit: Visit) -> web.StreamResponse:
    why = (await read_form(visit.request)).get("reason", "")

    def does(session: Session, act: Act, warning_id: int) -> None:
        lifecycle.decline(session, act, warning_id, why=why)

    return await _do(desk, visit, does, typed=why, done="tra-lai", tells=True)


async def approve(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _do(desk, visit, lifecycle.approve, done="duyet-sau")


async def pause(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _do(desk, visit, lifecycle.pause)


async def resume(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _do(desk, visit, lifecycle.resume)


async def cancel(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _do(desk, visit, lifecycle.cancel)


async def decide(desk: Desk, visit: Visit) -> web.StreamResponse:
    """About one send whose outcome nobody knows, or about all of them."""
    form = await read_form(visit.request)
    again, given = form.get("gui-lai") == "1", form.get("dich", "")
    target = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0

    def does(session: Session, act: Act, warning_id: int) -> None:
        if target:
            found = targets.one(session, act.ward_id, target)
            if found is None or found.warning_id != warning_id:
                raise Mistake("warning-gone")
            lifecycle.decide(session, act, target, sends_again=again)
            return
        for one in targets.listed(session, warning_id, states=("unknown",), most=_ALL_AT_ONCE):
            own = Act(ward_id=act.ward_id, officer_id=act.officer_id, history_id=new_id(), now=act.now)
            lifecycle.decide(session, own, one.id, sends_again=again)

    return await _do(desk, visit, does)


async def try_out(desk: Desk, visit: Visit) -> web.StreamResponse:
    """As a resident would read it, to this officer's own chat alone."""
    ward, now, row_ids = desk.ward(), moments.now(), [new_id(), new_id()]
    warning_id, officer = number_in(visit.request, "warning", sorry="warning-gone"), visit.officer

    def does(session: Session) -> int:
        seen = rows.one(session, officer.ward_id, warning_id)
        if seen is None:
            raise Mistake("warning-gone")
        return trials.send(session, ward, officer.id, seen, draw=iter(row_ids).__next__, now=now)

    try:
        chat_id = await desk.memory.write(does)
    except Mistake as mistake:
        return await warn_show.draw(desk, visit, mistake=mistake.key)
    desk.on_replies(chat_id, None)
    return desk.go(f"{PLACE}/{warning_id}?xong=gui-thu")


# -- helpers -------------------------------------------------------------------------------------------------------------------


def _checked(desk: Desk, visit: Visit, does: Callable[..., None], **more: Any) -> Callable[[Session, Act, int], None]:
    """With what the checker finds in the words as they stand now, in the same transaction."""

    def checked(session: Session, act: Act, warning_id: int) -> None:
        seen = rows.one(session, act.ward_id, warning_id, locks=True)
        found = warn_check.of_warning(session, desk, visit, seen) if seen else ()
        if seen and (wrong := warn_check.objections(found, seen)):
            raise Mistake(wrong[0])
        does(session, act, warning_id, stopped_by=[one.key for one in found if one.blocks], **more)

    return checked


async def _do(
    desk: Desk,
    visit: Visit,
    does: Callable[[Session, Act, int], None],
    *,
    done: str = "",
    to: str = "",
    typed: str = "",
    tells: bool = False,
) -> web.StreamResponse:
    """`tells`: the leader who proposed it hears of it in their chat."""
    act, warning_id = act_of(visit), number_in(visit.request, "warning", sorry="warning-gone")
    ward, row_id = desk.ward(), new_id()

    def write(session: Session) -> int | None:
        does(session, act, warning_id)
        return telling.tell_proposer(session, ward, warning_id, row_id=row_id, now=act.now) if tells else None

    try:
        chat_id = await desk.memory.write(write)
    except Mistake as mistake:
        if mistake.key == "warning-gone":
            raise Sorry(404, mistake.key) from None
        return await warn_show.draw(desk, visit, mistake=mistake.key, typed=typed)
    if chat_id is not None:
        desk.on_replies(chat_id, None)
    return desk.go(to or f"{PLACE}/{warning_id}{'?xong=' + done if done else ''}")
