"""The help: a page for each topic, the list of all with a search, and the whole of it as a guide to print.

It tells how things are done and nothing of the ward but its name. What somebody needs who cannot come in is read without signing in.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from admin import help_topics
from admin.desk import Desk, Visit
from admin.help_topics import BY_NAME, Entry, Group
from admin.refusals import Sorry
from handlers import guide
from handlers.guide import Topic
from storage import moments

SEARCH_MOST = 80


@dataclass(frozen=True, slots=True)
class Chapter:
    group: Group
    topics: tuple[Topic, ...]


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_topic(desk, visit.request, visit)


async def show_open(desk: Desk, request: web.Request) -> web.StreamResponse:
    """For whoever asks. Who is signed in and not locked has their desk around it."""
    visit = await desk.visit(request)
    return await _draw_topic(desk, request, visit if visit and not (visit.is_locked or visit.is_held) else None)


async def index(desk: Desk, visit: Visit) -> web.StreamResponse:
    typed = " ".join(visit.request.query.get("tim", "")[:SEARCH_MOST].split())
    chapters = await _chapters(visit.language, first=help_topics.OWN.get(visit.officer.role, "duty"), typed=typed)
    return desk.show(visit, "help_index.html", chapters=chapters, typed=typed, most=SEARCH_MOST)


async def printed(desk: Desk, visit: Visit) -> web.StreamResponse:
    """In the order of the table: what cannot wait, then by whose work it is."""
    now = moments.now()
    return desk.show(visit, "help_guide.html", chapters=await _chapters(visit.language), printed_at=now, today=moments.local(now).date())


async def _draw_topic(desk: Desk, request: web.Request, visit: Visit | None) -> web.Response:
    entry = BY_NAME.get(request.match_info["topic"])
    if entry is None:
        raise Sorry(404, "help-no-topic")
    language = desk.language(request)
    topic = await asyncio.to_thread(guide.topic, entry.name, language)
    see = await asyncio.to_thread(_seen_from, entry, language, is_inside=visit is not None)
    values: dict[str, Any] = {"topic": topic, "see": see, "is_part": request.query.get("phan") == "1"}
    values["back"] = help_topics.way_back(request.query.get("tu", "")) or ("/admin" if visit else "/admin/dang-nhap")
    template = "help_part.html" if values["is_part"] else "help_topic.html"
    return desk.draw(request, template, **values) if visit is None else desk.show(visit, template, **values)


def _seen_from(entry: Entry, language: str, *, is_inside: bool) -> list[Topic]:
    return [guide.topic(name, language) for name in entry.see if is_inside or BY_NAME[name].is_open]


async def _chapters(language: str, *, first: Group = "all", typed: str = "") -> list[Chapter]:
    """Read in a thread: the first time they all come from the disk."""
    order = sorted(help_topics.GROUPS, key=lambda group: (group != "night", first != "all" and group != first))

    def read() -> list[Chapter]:
        known = {one.name: guide.topic(one.name, language) for one in help_topics.TOPICS}
        found = [Chapter(group, tuple(known[one.name] for one in help_topics.TOPICS if one.group == group)) for group in order]
        fits = [Chapter(one.group, tuple(topic for topic in one.topics if guide.finds(topic, typed))) for one in found]
        return [one for one in fits if one.topics]

    return await asyncio.to_thread(read)
