"""One photo of a tip, large; and copies of it in which faces and plates are blacked out."""

import asyncio
import contextlib
import secrets
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import covering, officers
from handlers.officers import Mistake
from storage import images, moments
from storage.covering import MOST_BOXES, Cover
from storage.disk import Room
from storage.ids import new_id
from storage.queries import covered as rows
from storage.queries import officers as officer_rows
from storage.queries import tips as tip_rows
from storage.queries.covered import CoveredSeen, NewCovered, PhotoSeen
from storage.queries.tips import FileSource
from storage.vault import Sealed

_ROWS = 4  # Of the form for who has no script: so many stand empty.


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    query = visit.request.query
    return await _draw(desk, visit, turn=covering.turn_of(query.get("xoay", "")) or 0, is_done=query.get("xong") == "1")


async def _draw(
    desk: Desk,
    visit: Visit,
    *,
    turn: int,
    is_done: bool = False,
    typed: list[tuple[str, ...]] | None = None,
    mistake: str = "",
    status: int = 200,
) -> web.StreamResponse:
    """`typed`: boxes of a form that is to be put right, or gets more rows."""
    photo = await _photo(desk, visit)
    chosen = _chosen(visit, photo)
    width, height = (chosen.width, chosen.height) if chosen else (photo.width, photo.height)
    ward_id = visit.officer.ward_id
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, ward_id))
    return desk.show(
        visit,
        "photo.html",
        status=status,
        photo=photo,
        chosen=chosen,
        why_not=await _why_not(desk, visit, photo, chosen),
        picture=_Picture(width, height, turn),
        may_cover=chosen is None and officers.may(visit.officer.role, "work"),
        rows=[*(typed or ()), *[("", "", "", "")] * _ROWS],
        sides=covering.SIDES,
        most=MOST_BOXES,
        names=names,
        is_done=is_done,
        mistake=mistake,
        typed=len(typed or ()),
    )


class _Picture:
    """How it lies in the frame: turned without a style, which the page's rules would not let through."""

    def __init__(self, width: int, height: int, turn: int) -> None:
        self.width, self.height, self.turn = width, height, turn
        self.across, self.down = (height, width) if turn in (90, 270) else (width, height)
        self.is_tall = self.down > 2 * self.across
        self.matrix = {
            0: "1 0 0 1 0 0",
            90: f"0 1 -1 0 {height} 0",
            180: f"-1 0 0 -1 {width} {height}",
            270: f"0 -1 1 0 0 {width}",
        }[turn]
        self.left, self.right = (turn + 270) % 360, (turn + 90) % 360


async def _photo(desk: Desk, visit: Visit) -> PhotoSeen:
    attachment_id, sight = number_in(visit.request, "attachment"), visit.sight
    photo = await desk.memory.read(lambda session: rows.photo_of(session, sight, attachment_id))
    if photo is None:
        raise Sorry(404, "photo-none")
    return photo


def _chosen(visit: Visit, photo: PhotoSeen) -> CoveredSeen | None:
    """One of the covered copies, to be looked at instead."""
    wanted = visit.request.query.get("ban", "")
    if not wanted:
        return None
    for one in photo.covered:
        if str(one.id) == wanted:
            return one
    raise Sorry(404, "photo-none")


async def _why_not(desk: Desk, visit: Visit, photo: PhotoSeen, chosen: CoveredSeen | None) -> str:
    """Why there is nothing to be seen, as a key; empty where there is."""
    if photo.is_shredded:
        return "photo-shredded"
    if photo.status != "stored" or not photo.width:
        return "photo-waits" if photo.status == "waiting" else "photo-not-kept"
    source = await _source(desk, visit, chosen.id if chosen else None)
    return "" if source and await _read(desk, source) else "photo-damaged"


async def _source(desk: Desk, visit: Visit, covered_id: int | None) -> FileSource | None:
    attachment_id, sight = number_in(visit.request, "attachment"), visit.sight

    def find(session: Session) -> FileSource | None:
        if covered_id is not None:
            return rows.covered_copy(session, sight, attachment_id, covered_id)
        return tip_rows.safe_copy(session, sight, attachment_id, thumb=False)

    return await desk.memory.read(find)


async def _read(desk: Desk, source: FileSource) -> bytes:
    """Nothing, where it is gone or does not open."""
    with contextlib.suppress(OSError, Sealed, ValueError):
        return await asyncio.to_thread(desk.media.read, source.place, key=source.key)
    return b""


# -- blacked out -----------------------------------------------------------------------------------------------------------------


async def cover(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    typed = covering.typed_boxes(form)
    if form.get("them"):  # More rows are wanted, and nothing else.
        return await _draw(desk, visit, turn=covering.turn_of(form.get("xoay", "")) or 0, typed=typed)
    photo = await _photo(desk, visit)
    try:
        wanted = covering.checked(form)
        new = await _made(desk, visit, wanted)
        try:
            await desk.memory.write(lambda session: covering.keep(session, act, new, tip_id=photo.tip_id))
        except Mistake:
            await asyncio.to_thread(desk.media.remove, new.place)
            raise
    except Mistake as mistake:
        turn = covering.turn_of(form.get("xoay", "")) or 0
        return await _draw(desk, visit, turn=turn, typed=typed[: MOST_BOXES + 1], mistake=mistake.key, status=422)
    return desk.go(f"/admin/anh/{photo.id}?xong=1#ban-che")


async def _made(desk: Desk, visit: Visit, wanted: Cover) -> NewCovered:
    """Out of the safe copy, sealed and on the disk. Raises Mistake."""
    if desk.disk.room <= Room.NO_NEW_FILES:
        raise Mistake("cover-no-room")
    source = await _source(desk, visit, None)
    content = await _read(desk, source) if source and source.mime == "image/jpeg" else b""
    if not content:
        raise Mistake("photo-damaged")
    try:
        made = await desk.cover(content, wanted)
    except images.Unsafe:
        raise Mistake("photo-damaged") from None
    place, key = desk.media.new_place("copies", moments.now()), secrets.token_bytes(32)
    await asyncio.to_thread(desk.media.keep, made.work, place, key=key)
    size: dict[str, Any] = {"width": made.width, "height": made.height}
    boxes = sum(box.clipped() is not None for box in wanted.boxes)
    attachment_id = number_in(visit.request, "attachment")
    return NewCovered(id=new_id(), attachment_id=attachment_id, turn=wanted.turn, boxes=boxes, place=place, key=key, **size)


async def covered(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The picture itself."""
    _source_of_it, content = await _covered_content(desk, visit)
    headers = desk.headers() | {"Content-Disposition": "inline"}  # Kept by no browser: the next officer at this computer may not see it.
    return web.Response(body=content, content_type="image/jpeg", headers=headers)


async def download(desk: Desk, visit: Visit) -> web.StreamResponse:
    """It leaves the desk: that stands in the history, like the download of a document."""
    source, content = await _covered_content(desk, visit)
    act, covered_id = act_of(visit), number_in(visit.request, "covered")
    named = {"tip_id": source.tip_id, "attachment_id": number_in(visit.request, "attachment"), "covered_id": covered_id}
    await desk.memory.write(lambda session: covering.note_download(session, act, **named))
    headers = desk.headers() | {"Content-Disposition": f'attachment; filename="anh-che-{covered_id % 100_000:05}.jpg"'}
    return web.Response(body=content, content_type="image/jpeg", headers=headers)


async def _covered_content(desk: Desk, visit: Visit) -> tuple[FileSource, bytes]:
    source = await _source(desk, visit, number_in(visit.request, "covered"))
    content = await _read(desk, source) if source else b""
    if source is None or not content:
        raise Sorry(404, "photo-none")
    return source, content
