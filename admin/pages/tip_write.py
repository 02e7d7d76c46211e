"""Writing to the resident of a tip, and its end. What cannot go out comes back with its reasons; nothing typed is lost."""

from collections.abc import Callable

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Sorry, Visit, number_in, read_form
from admin.pages import tip_show
from admin.pages.book import act_of
from handlers import exchange, writing
from handlers.officers import Mistake
from handlers.texts import say
from handlers.writing import Refused
from storage.ids import new_id

_PART = "#trao-doi"


async def ask(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, question_id, ward = number_in(visit.request, "tip"), act_of(visit), new_id(), desk.ward()
    typed = (await read_form(visit.request)).get("words", "")

    def check() -> Callable[[Session], int | None]:
        words = writing.checked(typed, site=desk.site, spoken=visit.language)
        return lambda session: exchange.ask(session, ward, act, tip_id=tip_id, words=words, question_id=question_id, draw=new_id)

    return await _done(desk, visit, check, what="ask", words=typed)


async def tell(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, ward = number_in(visit.request, "tip"), act_of(visit), desk.ward()
    typed = (await read_form(visit.request)).get("words", "")

    def check() -> Callable[[Session], int | None]:
        words = writing.checked(typed, site=desk.site, spoken=visit.language)
        return lambda session: exchange.tell(session, ward, act, tip_id=tip_id, words=words, draw=new_id)

    return await _done(desk, visit, check, what="tell", words=typed)


async def close(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, ward, form = number_in(visit.request, "tip"), act_of(visit), desk.ward(), await read_form(visit.request)
    done_typed, date_typed, unit_typed = (form.get(name, "") for name in ("done", "date", "unit"))

    def check() -> Callable[[Session], int | None]:
        if not date_typed.strip():
            raise Refused(say("close-empty", visit.language))
        done, unit = writing.checked_ending(done_typed, unit_typed, site=desk.site, spoken=visit.language)
        day = exchange.checked_day(date_typed, now=act.now)
        return lambda session: exchange.close(session, ward, act, tip_id=tip_id, done=done, done_on=day, unit=unit, draw=new_id)

    return await _done(desk, visit, check, what="close", done=done_typed, date=date_typed, unit=unit_typed)


async def reopen(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act = number_in(visit.request, "tip"), act_of(visit)
    typed = (await read_form(visit.request)).get("reason", "")

    def check() -> Callable[[Session], int | None]:
        def press(session: Session) -> None:
            exchange.reopen(session, act, tip_id=tip_id, reason=typed)

        return press

    return await _done(desk, visit, check, what="reopen", reason=typed)


async def _done(desk: Desk, visit: Visit, check: Callable[[], Callable[[Session], int | None]], **given: str) -> web.StreamResponse:
    """Checked, written, and handed to delivery; or the same page again with a kind sentence."""
    try:
        chat_id = await desk.memory.write(check())
    except Mistake as mistake:
        if mistake.key == "desk-no-tip":
            raise Sorry(404, mistake.key) from None
        reasons = mistake.reasons if isinstance(mistake, Refused) else ()
        return await tip_show.draw(desk, visit, mistake="" if reasons else mistake.key, reasons=reasons, status=422, **given)
    if chat_id is not None:
        desk.on_replies(chat_id, None)
    return desk.go(f"/admin/tin/{number_in(visit.request, 'tip')}{_PART}")
