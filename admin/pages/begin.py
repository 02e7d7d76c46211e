"""The beginning of a ward, step by step. Every step writes where its subject is written anyway, and can be left and taken up again."""

from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages import channels, places
from admin.pages.book import act_of
from admin.pages.places import Said
from admin.refusals import Sorry
from handlers import custodians, set_up, texts
from handlers.gazetteer_files import read_file, read_names
from handlers.officers import ROLES, Mistake
from handlers.set_up import STEPS, WHY_SKIPPED, People, StepSeen
from storage import moments
from storage.ids import new_id
from storage.queries import custody as custody_rows
from storage.queries import moving
from storage.queries import officers as officer_rows

_PLACE = "/admin/bat-dau"
_WRITTEN = {"phuong": ("name", "unit", "province", "address", "superior"), "so-truc": ("duty_phone",)}
_MOST_AREAS = 99


async def begin(desk: Desk, visit: Visit) -> web.StreamResponse:
    """All steps, and where to go on."""
    return desk.show(visit, "begin.html", steps=await steps_of(desk, visit), is_over=visit.request.query.get("xong") == "1")


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await draw(desk, visit, _step_in(visit))


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    step, form = _step_in(visit), await read_form(visit.request)
    try:
        if step in _WRITTEN:
            return await _write_ward(desk, visit, step, form)
        if step == "dia-ban":
            return await _write_areas(desk, visit, form)
        if step == "niem-phong":
            return await _name_custodian(desk, visit, form)
        if step == "kenh":
            return await draw(desk, visit, step, tried=await channels.tried_one(desk, visit))
        if step == "to-dan":
            act, row_id = act_of(visit), new_id()
            await desk.memory.write(lambda session: set_up.hang_poster(session, act, row_id=row_id))
            return desk.go(f"{_PLACE}?xong=1")
    except Mistake as mistake:
        return await draw(desk, visit, step, mistake=mistake.key, typed=form)
    return desk.go(f"{_PLACE}/{step}")  # Officers are added by a form of their own.


async def skip(desk: Desk, visit: Visit) -> web.StreamResponse:
    step, act, row_id = _step_in(visit), act_of(visit), new_id()
    why = (await read_form(visit.request)).get("why", "")
    try:
        await desk.memory.write(lambda session: set_up.skip(session, act, step, why, row_id=row_id))
    except Mistake as mistake:
        return await draw(desk, visit, step, mistake=mistake.key)
    return desk.go(_after(step))


async def steps_of(desk: Desk, visit: Visit) -> list[StepSeen]:
    return (await _seen(desk, visit))[0]


async def missing_of(desk: Desk, visit: Visit) -> list[StepSeen]:
    return [one for one in await steps_of(desk, visit) if not one.is_done]


async def _seen(desk: Desk, visit: Visit) -> tuple[list[StepSeen], People]:
    ward, now, is_reached = desk.ward(), moments.now(), channels.is_reached(desk)

    def read(session: Session) -> tuple[list[StepSeen], People]:
        found = set_up.people(session, ward.id, now=now)
        return set_up.steps(session, ward, found, is_reached=is_reached), found

    return await desk.memory.read(read)


async def _write_ward(desk: Desk, visit: Visit, step: str, form: dict[str, str]) -> web.StreamResponse:
    act = act_of(visit)
    given = {name: form[name] for name in _WRITTEN[step] if name in form and name not in desk.fixed}
    await desk.memory.write(lambda session: set_up.change_ward(session, act, given))
    await desk.refresh_ward()
    return desk.go(_after(step))


async def _write_areas(desk: Desk, visit: Visit, form: dict[str, str]) -> web.StreamResponse:
    """A file, or a name a line, or how many there are."""
    content, read = await places.sent_file(visit), read_file
    if not content:
        content, read = _names_in(form.get("names", "")).encode(), read_names
    done = await places.take_in(desk, visit, content, read=read)
    if isinstance(done, Said):
        return await draw(desk, visit, "dia-ban", said=done, typed=form)
    return desk.go(f"{_PLACE}/dia-ban?nhap={done.added}")


def _names_in(typed: str) -> str:
    """ "18" means eighteen of them, numbered."""
    count = typed.strip()
    if not (count.isascii() and count.isdigit() and 0 < int(count[:3]) <= _MOST_AREAS):
        return typed
    return "\n".join(texts.say("begin-area-numbered", number=str(number)) for number in range(1, int(count) + 1))


async def _name_custodian(desk: Desk, visit: Visit, form: dict[str, str]) -> web.StreamResponse:
    given, act, custodian_id = form.get("officer", ""), act_of(visit), new_id()
    officer_id = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    await desk.memory.write(lambda session: custodians.name_or_propose(session, act, custodian_id=custodian_id, officer_id=officer_id))
    return desk.go(f"{_PLACE}/niem-phong")


def _step_in(visit: Visit) -> str:
    step = visit.request.match_info["step"]
    if step not in STEPS:
        raise Sorry(404, "desk-nowhere")
    return step


def _after(step: str) -> str:
    place = STEPS.index(step) + 1
    return f"{_PLACE}/{STEPS[place]}" if place < len(STEPS) else f"{_PLACE}?xong=1"


async def draw(
    desk: Desk,
    visit: Visit,
    step: str,
    *,
    mistake: str = "",
    typed: dict[str, str] | None = None,
    said: Said | None = None,
    **more: Any,
) -> web.StreamResponse:
    ward, ward_id, officer_id, now = desk.ward(), visit.officer.ward_id, visit.officer.id, moments.now()
    steps, people = await _seen(desk, visit)

    def read(session: Session) -> dict[str, Any]:
        keys = custody_rows.keepers(session, ward_id)
        return {
            "officers": [one for one in officer_rows.officers_of(session, ward_id) if not one.is_disabled],
            "waiting_links": moving.waiting_links(session, ward_id, now=now),
            "keys": keys,
            "may_name": custodians.may_name(session, ward_id, officer_id, keys),
            "candidates": custodians.candidates(session, ward_id),
        }

    found = await desk.memory.read(read)
    stored = {name: getattr(ward, name) for names in _WRITTEN.values() for name in names}
    return desk.show(
        visit,
        "begin_step.html",
        status=422 if mistake or said else 200,
        steps=steps,
        step=next(one for one in steps if one.slug == step),
        next_page=_after(step),
        mistake=mistake,
        said=said or Said(),
        typed=stored | (typed or {}),
        typed_officer=typed or {},
        fixed=desk.fixed,
        longest=set_up.LONGEST,
        whys=WHY_SKIPPED,
        people=people,
        roles=[role for role in ROLES if role != "keeper"],
        imported=visit.request.query.get("nhap", ""),
        **await channels.seen(desk, visit, **more),
        **found,
    )
