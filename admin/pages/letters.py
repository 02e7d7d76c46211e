"""Letters to the chief: complaints, threats on top, wishes about data with their clock."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web
from sqlmodel import Session

from admin import kept
from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import letters, writing
from handlers.officers import Mistake
from handlers.writing import MOST_WRITTEN, Refused
from storage import moments
from storage.ids import new_id
from storage.queries import letters as rows
from storage.queries import officers as officer_rows
from storage.queries.letters import Letter, LetterLine

PAGE = 50


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    """All of them, or the folder of complaints."""
    query, ward_id, sight = visit.request.query, visit.officer.ward_id, visit.sight
    before, kind = _before(query.get("truoc", "")), "complaint" if query.get("loai") == "khieu-nai" else ""

    def find(session: Session) -> tuple[list[LetterLine], list[LetterLine], dict[int, str]]:
        answered = rows.answered_letters(session, sight, before=before, limit=PAGE + 1, kind=kind)
        waiting = [] if before else rows.open_letters(session, sight, kind=kind)
        return waiting, answered, officer_rows.officer_names(session, ward_id)

    waiting, answered, names = await desk.memory.read(find)
    older = answered[PAGE - 1].id if len(answered) > PAGE else None
    return desk.show(
        visit,
        "letters.html",
        open=waiting,
        answered=answered[:PAGE],
        older=older,
        names=names,
        left=_left,
        is_first=before is None,
        is_complaints=bool(kind),
    )


async def one(desk: Desk, visit: Visit) -> web.StreamResponse:
    letter_id, act = _letter_id(visit), act_of(visit)
    try:
        letter = await desk.memory.write(lambda session: letters.look_at(session, act, letter_id))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    return await _draw(desk, visit, letter)


async def answer(desk: Desk, visit: Visit) -> web.StreamResponse:
    letter_id, act, ward = _letter_id(visit), act_of(visit), desk.ward()
    typed = (await read_form(visit.request)).get("words", "")

    async def press() -> None:
        words = writing.checked(typed, site=desk.site, spoken=visit.language)
        chat_id = await desk.memory.write(lambda session: letters.answer(session, ward, act, letter_id, words=words, draw=new_id))
        if chat_id is not None:
            desk.on_replies(chat_id, None)

    return await _pressed(desk, visit, letter_id, press, what="answer", words=typed)


async def note(desk: Desk, visit: Visit) -> web.StreamResponse:
    letter_id, act, form = _letter_id(visit), act_of(visit), await read_form(visit.request)
    how, typed = form.get("how", ""), form.get("words", "")

    async def press() -> None:
        def keep(session: Session) -> None:
            letters.note_talk(session, act, letter_id, how=how, words=typed)

        await desk.memory.write(keep)

    return await _pressed(desk, visit, letter_id, press, what="note", words=typed, how=how)


async def _pressed(desk: Desk, visit: Visit, letter_id: int, press: Callable[[], Awaitable[None]], **given: str) -> web.StreamResponse:
    try:
        await press()
    except Mistake as mistake:
        letter = await desk.memory.read(lambda session: rows.letter(session, visit.sight, letter_id))
        if letter is None:
            raise Sorry(404, "letter-none") from None
        reasons = mistake.reasons if isinstance(mistake, Refused) else ()
        return await _draw(desk, visit, letter, mistake="" if reasons else mistake.key, reasons=reasons, **given)
    return desk.go("/admin/thu-gui")


async def _draw(
    desk: Desk, visit: Visit, letter: Letter, *, mistake: str = "", reasons: tuple[str, ...] = (), **given: str
) -> web.StreamResponse:
    ward_id, tip_id = visit.officer.ward_id, letter.line.tip_id

    def find(session: Session) -> tuple[list[LetterLine], dict[int, str], rows.Waiting]:
        others = rows.letters_of_tip(session, visit.sight, tip_id) if tip_id else []
        others = [line for line in others if line.id != letter.line.id]
        return others, officer_rows.officer_names(session, ward_id), rows.waiting(session, visit.sight)

    others, names, waiting = await desk.memory.read(find)
    shown = dict(
        letter=letter,
        line=letter.line,
        others=others,
        names=names,
        left=_left,
        least=letters.LEAST_NOTE,
        most=MOST_WRITTEN,
        mistake=mistake,
        reasons=reasons,
        given=given,
    )
    visit, status = replace(visit, letters=waiting), 422 if mistake or reasons else 200
    page = desk.show(visit, "letter.html", status=status, unsent=(), **shown)
    if unsent := kept.unsent(page, given):
        page = desk.show(visit, "letter.html", status=status, unsent=unsent, **shown)
    return page


def _left(due_at: int) -> tuple[str, int]:
    """The sentence and the number of what is left until then; or of how long it is over."""
    left = due_at - moments.now()
    if left < 0:
        return ("letter-over-hours", -left // moments.HOUR + 1) if -left < moments.DAY else ("letter-over-days", -left // moments.DAY)
    return ("letter-left-hours", left // moments.HOUR + 1) if left < moments.DAY else ("letter-left-days", left // moments.DAY)


def _letter_id(visit: Visit) -> int:
    return number_in(visit.request, "letter", sorry="letter-none")


def _before(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None
