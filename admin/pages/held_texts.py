"""What waits for the chief's yes: words that name somebody or say that somebody was arrested."""

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import held_texts
from handlers.exchange import LEAST_REASON
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import held_texts as rows
from storage.queries import officers as officer_rows
from storage.queries.held_texts import Held

_PLACE = "/admin/cho-duyet"


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def release(desk: Desk, visit: Visit) -> web.StreamResponse:
    held_id, act, ward, question_id = _held_id(visit), act_of(visit), desk.ward(), new_id()
    try:
        chat_id = await desk.memory.write(
            lambda session: held_texts.release(session, ward, act, held_id, question_id=question_id, draw=new_id)
        )
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key, held=held_id)
    if chat_id is not None:
        desk.on_replies(chat_id, None)
    return desk.go(_PLACE)


async def give_back(desk: Desk, visit: Visit) -> web.StreamResponse:
    held_id, act = _held_id(visit), act_of(visit)
    typed = (await read_form(visit.request)).get("reason", "")
    try:
        await desk.memory.write(lambda session: held_texts.give_back(session, act, held_id, reason=typed, draw=new_id))
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key, held=held_id, typed=typed)
    return desk.go(_PLACE)


async def _draw(desk: Desk, visit: Visit, *, mistake: str = "", held: int = 0, typed: str = "") -> web.StreamResponse:
    ward_id = visit.officer.ward_id

    def find(session: Session) -> tuple[list[Held], dict[int, str]]:
        return rows.waiting(session, visit.sight), officer_rows.officer_names(session, ward_id)

    waiting, names = await desk.memory.read(find)
    return desk.show(
        visit,
        "held_texts.html",
        status=422 if mistake else 200,
        texts=waiting,
        names=names,
        day=moments.short_date,
        mistake=mistake,
        at=held if any(one.id == held for one in waiting) else 0,
        typed=typed,
        least=LEAST_REASON,
    )


def _held_id(visit: Visit) -> int:
    held_id = number_in(visit.request, "held", sorry="handed-none")
    if not held_id:
        raise Sorry(404, "handed-none")
    return held_id
