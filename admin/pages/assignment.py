"""Handing a tip out, sending people there, and the two lists: my own work, and what nobody has or is late."""

import re
from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import tip_show
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import assignment, dispatch
from handlers.deadlines import left_words
from handlers.dispatch import FORCES, Who
from handlers.officers import Mistake
from handlers.texts import say
from storage import moments
from storage.queries import officers as officer_rows
from storage.queries import tips
from storage.queries.assignment import Waits
from storage.queries.tips import TipLine

_MOST = 200


async def assign(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, form = number_in(visit.request, "tip"), act_of(visit), await read_form(visit.request)
    officer_id, reason = _number(form.get("officer", "")), form.get("reason", "")

    def press(session: Session) -> None:
        assignment.assign(session, act, tip_id=tip_id, officer_id=officer_id, reason=reason)

    return await _done(desk, visit, press, "nguoi-lam", what="assign", officer=form.get("officer", ""), reason=reason)


async def send(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, form = number_in(visit.request, "tip"), act_of(visit), await read_form(visit.request)
    who = Who(
        officers=tuple(_number(name.removeprefix("nguoi-")) for name in form if name.startswith("nguoi-")),
        forces=tuple(force for force in FORCES if f"luc-luong-{force}" in form),
        words=form.get("words", ""),
    )

    def press(session: Session) -> None:
        dispatch.send(session, act, tip_id=tip_id, who=who)

    chosen = {name: value for name, value in form.items() if name.startswith(("nguoi-", "luc-luong-"))}
    return await _done(desk, visit, press, "cu-nguoi", what="send", words=who.words, **chosen)


async def step(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, one, form = number_in(visit.request, "tip"), act_of(visit), _dispatch_in(visit), await read_form(visit.request)
    what = form.get("step", "")

    def press(session: Session) -> None:
        dispatch.step(session, act, tip_id=tip_id, dispatch_id=one, what=what)

    return await _done(desk, visit, press, "cu-nguoi", what="correct", of=str(one))


async def correct(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, one, form = number_in(visit.request, "tip"), act_of(visit), _dispatch_in(visit), await read_form(visit.request)
    step, typed, reason = form.get("step", ""), form.get("time", ""), form.get("reason", "")

    def press(session: Session) -> None:
        time = checked_time(typed)
        dispatch.correct(session, act, tip_id=tip_id, dispatch_id=one, what=step, time=time, reason=reason)

    return await _done(desk, visit, press, "cu-nguoi", what="correct", of=str(one), step=step, time=typed, reason=reason)


async def recall(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, one, form = number_in(visit.request, "tip"), act_of(visit), _dispatch_in(visit), await read_form(visit.request)
    reason = form.get("reason", "")

    def press(session: Session) -> None:
        dispatch.recall(session, act, tip_id=tip_id, dispatch_id=one, reason=reason)

    return await _done(desk, visit, press, "cu-nguoi", what="recall", of=str(one), reason=reason)


async def unheld(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Open tips without an owner, without a time, or over it; those nobody has first."""
    officer, now = visit.officer, moments.now()

    def find(session: Session) -> tuple[list[tuple[Waits, tuple[str, ...]]], list[TipLine], dict[int, str]]:
        found = assignment.alarm_list(session, officer.ward_id, officer.role, now=now)
        found = sorted(found, key=lambda one: ("nobody" not in one[1], "late" not in one[1]))  # Each group stays oldest first.
        lines = tips.lines_of(session, visit.sight, [one.tip_id for one, _whys in found[:_MOST]])
        return found, lines, officer_rows.officer_names(session, officer.ward_id)

    found, lines, names = await desk.memory.read(find)
    notes = {one.tip_id: _notes(one, whys, names, visit.language, now=now) for one, whys in found}
    lines = sorted(lines, key=lambda line: not line.is_urgent_now)
    groups = {
        why: [line for line in lines if line.id in chosen]
        for why, chosen in {
            "nobody": {one.tip_id for one, whys in found if "nobody" in whys},
            "late": {one.tip_id for one, whys in found if "nobody" not in whys and "late" in whys},
            "no-time": {one.tip_id for one, whys in found if "nobody" not in whys and "late" not in whys},
        }.items()
    }
    return desk.show(visit, "unheld.html", groups=groups, notes=notes, count=len(found), more=len(found) - len(lines))


def _notes(one: Waits, whys: tuple[str, ...], names: dict[int, str], language: str, *, now: int) -> list[tuple[str, str]]:
    whose = [("warn", say("unheld-is-nobody", language))] if "nobody" in whys else [("calm", names.get(one.handler_id or 0, ""))]
    return [*whose, time_left(one, language, now=now)]


def time_left(one: Waits, language: str, *, now: int) -> tuple[str, str]:
    """Tone and words."""
    if one.due_at is None:
        return "warn", say("task-no-time", language)
    due_at = one.late_at if one.late_at is not None and one.due_at < now else one.due_at
    if due_at < now and due_at != one.late_at:
        return "info", say("due-now", language)  # To ask somebody once more, and no more than that.
    left = due_at - now
    return "danger" if left < 0 else "warn" if left < 4 * moments.HOUR else "calm", left_words(left, language)


def checked_time(text: str) -> int:
    """As a browser sends it, on the ward's wall clock. Raises Mistake."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::\d{2})?", text.strip(), re.ASCII)
    try:
        return int(datetime(*map(int, found.groups()), tzinfo=moments.WARD_ZONE).timestamp() * 1000) if found else _no_time()  # type: ignore[arg-type, misc]
    except (ValueError, OverflowError):
        return _no_time()


def _no_time() -> int:
    raise Mistake("dispatch-time")


def _number(digits: str) -> int:
    """Nobody's, where it is none."""
    return int(digits) if re.fullmatch(r"\d{1,18}", digits, re.ASCII) else 0


def _dispatch_in(visit: Visit) -> int:
    return number_in(visit.request, "dispatch", sorry="dispatch-none")


async def _done(desk: Desk, visit: Visit, press: Callable[[Session], None], part: str, **given: str) -> web.StreamResponse:
    """Written, or the same page again with a kind sentence; nothing typed is lost."""
    try:
        await desk.memory.write(press)
    except Mistake as mistake:
        if mistake.key == "desk-no-tip":
            raise Sorry(404, mistake.key) from None
        return await tip_show.draw(desk, visit, mistake=mistake.key, reasons=(), status=422, **given)
    return desk.go(f"/admin/tin/{number_in(visit.request, 'tip')}#{part}")
