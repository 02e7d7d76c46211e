"""Who may read a tip, public concern, and the way of two people to a paper file."""

from collections.abc import Callable

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import tip_show
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import paper_file, restricting
from handlers.acts import Act
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import officers as officer_rows
from storage.queries.special import PaperAsked

_PAPERS = "/admin/ho-so-giay"


async def restrict(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Whoever restricts may not read it either from then on, so it is the list they come back to."""
    reason = (await read_form(visit.request)).get("reason", "")
    return await _done(
        desk,
        visit,
        lambda session, act, tip_id: restricting.restrict(session, act, tip_id=tip_id, reason=reason, draw=new_id),
        reason,
        part="restrict",
    )


async def lift(desk: Desk, visit: Visit) -> web.StreamResponse:
    reason = (await read_form(visit.request)).get("reason", "")
    return await _done(
        desk, visit, lambda session, act, tip_id: restricting.lift(session, act, tip_id=tip_id, reason=reason), reason, part="restrict"
    )


async def concern(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _done(
        desk, visit, lambda session, act, tip_id: restricting.raise_concern(session, desk.ward().book, act, tip_id=tip_id, draw=new_id)
    )


async def calm(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _done(desk, visit, lambda session, act, tip_id: restricting.calm_concern(session, act, tip_id=tip_id))


async def ask_paper(desk: Desk, visit: Visit) -> web.StreamResponse:
    number = (await read_form(visit.request)).get("number", "")
    return await _done(
        desk, visit, lambda session, act, tip_id: paper_file.ask(session, act, tip_id=tip_id, number=number), number, part="paper"
    )


async def withdraw_paper(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _done(desk, visit, lambda session, act, tip_id: paper_file.withdraw(session, act, tip_id=tip_id))


async def _done(
    desk: Desk, visit: Visit, change: Callable[[Session, Act, int], None], typed: str = "", part: str = ""
) -> web.StreamResponse:
    tip_id, act = number_in(visit.request, "tip"), act_of(visit)
    try:
        await desk.memory.write(lambda session: change(session, act, tip_id))
    except Mistake as mistake:
        return await tip_show.draw(desk, visit, mistake=mistake.key, status=422, what="special", typed=typed, part=part)
    still_read = await desk.memory.read(lambda session: tip_show.is_readable(session, visit, tip_id))
    return desk.go(f"/admin/tin/{tip_id}#rieng" if still_read else "/admin")


# -- the second person: numbers and who asked, never a word of the tip ---------------------------------------------------------


async def papers(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def confirm_paper(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _decide(desk, visit, lambda session, act, tip_id: paper_file.confirm(session, act, tip_id=tip_id, draw=new_id))


async def refuse_paper(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _decide(desk, visit, lambda session, act, tip_id: paper_file.refuse(session, act, tip_id=tip_id))


async def _decide(desk: Desk, visit: Visit, change: Callable[[Session, Act, int], None]) -> web.StreamResponse:
    asked, act = number_in(visit.request, "paper", sorry="paper-none"), act_of(visit)
    try:
        await desk.memory.write(lambda session: change(session, act, asked))
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key)
    return desk.go(_PAPERS)


async def _draw(desk: Desk, visit: Visit, *, mistake: str = "") -> web.StreamResponse:
    act = act_of(visit)

    def find(session: Session) -> tuple[list[PaperAsked], dict[int, str]]:
        return paper_file.to_decide(session, act, visit.sight), officer_rows.officer_names(session, act.ward_id)

    asked, names = await desk.memory.read(find)
    if mistake == "paper-none":
        raise Sorry(404, mistake)
    return desk.show(visit, "papers.html", status=403 if mistake else 200, asked=asked, names=names, mistake=mistake)
