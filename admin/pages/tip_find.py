"""Search in what is sealed. What somebody looks for may be a name or a number, so it travels in the body of a form, never in an address."""

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from storage.queries import finding
from storage.queries.finding import FoundPage
from storage.search import Query

PAGE = 50
MOST_TYPED = 200


async def find(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, sight = await read_form(visit.request), visit.sight
    typed = " ".join(form.get("tim", "").split())[:MOST_TYPED]
    query, before = Query.typed(typed), _place(form.get("truoc", ""))
    if query is None:
        return desk.show(visit, "found.html", typed=typed, found=None, count="", was_cut=False)

    def look(session: Session) -> tuple[FoundPage, int]:
        if before is None:
            return finding.first_page(session, sight, query, limit=PAGE)
        return finding.find_tips(session, sight, query, before=before, limit=PAGE), finding.count_tips(session, sight, query)

    found, number = await desk.memory.read(look)
    return desk.show(visit, "found.html", typed=typed, found=found, count=_said(number), was_cut=query.was_cut)


def _said(number: int) -> str:
    return f"{finding.COUNT_MOST:,}+".replace(",", ".") if number > finding.COUNT_MOST else str(number)


def _place(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None
