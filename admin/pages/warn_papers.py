"""The other mouths of a warning: its picture for other networks, a sheet for the board, and what a loudspeaker says.

Whoever sees a warning may have its picture. It names nobody, and so nothing is noted; no browser keeps it.
"""

import asyncio

from aiohttp import web

from admin.desk import Desk, Visit
from admin.pages import papers
from admin.pages.warn_write import found_in
from admin.refusals import Sorry
from handlers import texts
from handlers.warnings import card, lifecycle
from handlers.warnings import loudspeaker as loudspeakers
from handlers.warnings import notice as notices
from handlers.warnings.around import posted_of
from handlers.warnings.card import Shape
from handlers.warnings.content import Content, Posted
from handlers.warnings.lifecycle import content_of
from handlers.warnings.loudspeaker_docx import docx
from storage import moments
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen

# By their height, as it stands in the address.
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHAPES: dict[str, Shape] = {"1350": "tall", "1080": "square", "630": "wide"}


async def picture(desk: Desk, visit: Visit) -> web.StreamResponse:
    shape = SHAPES.get(visit.request.match_info["shape"])
    if shape is None:
        raise Sorry(404, "desk-nowhere")
    seen, said, posted = await whole(desk, visit)
    if shape != "tall" or visit.request.query.get("tai") == "1":  # The tall one is what the preview of a draft shows.
        _is_released(seen)
    content = await asyncio.to_thread(card.png, said, posted, desk.ward(), shape)
    name = f"{seen.code}-{visit.request.match_info['shape']}.png"
    return _file(desk, content, "image/png", name, is_shown=visit.request.query.get("tai") != "1")


async def notice(desk: Desk, visit: Visit) -> web.StreamResponse:
    """A4, for any printer."""
    seen, said, posted = await _out(desk, visit)
    content = await asyncio.to_thread(notices.notice, said, posted, desk.ward())
    return _file(desk, content, "application/pdf", f"{seen.code}.pdf", is_shown=True)


async def loudspeaker(desk: Desk, visit: Visit) -> web.StreamResponse:
    """As a page to print."""
    seen, said, posted = await _out(desk, visit)
    script = loudspeakers.script(said, posted, desk.ward())
    return desk.show(
        visit, "print_loudspeaker.html", seen=seen, script=script, **papers.in_vietnamese(desk), **papers.marked_by(visit, moments.now())
    )


async def loudspeaker_docx(desk: Desk, visit: Visit) -> web.StreamResponse:
    """As a Word file, for whoever reads it from their own paper."""
    seen, said, posted = await _out(desk, visit)
    ward = desk.ward()
    script, author = loudspeakers.script(said, posted, ward), texts.say("posted-source", "vi", ward=ward.called)
    content = await asyncio.to_thread(lambda: docx(script, author=author, at=posted.at))
    return _file(desk, content, _WORD, f"{seen.code}-loa.docx")


async def _out(desk: Desk, visit: Visit) -> tuple[WarningSeen, Content, Posted]:
    """What is printed and read aloud carries the name of the police: never before a second person released it."""
    seen, said, posted = await whole(desk, visit)
    _is_released(seen)
    return seen, said, posted


def _is_released(seen: WarningSeen) -> None:
    if seen.state not in lifecycle.PUBLIC:
        raise Sorry(409, "warning-paper-not-yet")


def _file(desk: Desk, content: bytes, mime: str, name: str, *, is_shown: bool = False) -> web.Response:
    kept = "inline" if is_shown else "attachment"
    return web.Response(body=content, content_type=mime, headers=desk.headers() | {"Content-Disposition": f'{kept}; filename="{name}"'})


async def whole(desk: Desk, visit: Visit) -> tuple[WarningSeen, Content, Posted]:
    seen, ward_id = await found_in(desk, visit), visit.officer.ward_id
    original = None
    if seen.corrects_id is not None:
        corrects_id = seen.corrects_id
        original = await desk.memory.read(lambda session: rows.one(session, ward_id, corrects_id))
    return seen, content_of(seen), posted_of(seen, original, now=moments.now())
