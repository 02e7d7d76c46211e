"""Asking to see what is sealed, the second person's answer, and the look of minutes in the browser that asked."""

import asyncio
import base64
import binascii

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import custody as page
from admin.pages import tip_show
from admin.pages.custodians import act_of
from admin.passphrase import tried
from admin.refusals import Sorry
from handlers import openings
from handlers.officers import Mistake
from handlers.openings import What
from storage import moments
from storage.custody import Pair
from storage.ids import new_id
from storage.passwords import is_password
from storage.queries import officers as officer_rows
from storage.queries import openings as rows
from storage.queries.openings import OpeningSeen, OriginalFile
from storage.vault import Sealed

_COOKIE = "keng_view_"


async def ask_identity(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _ask(desk, visit, "identity")


async def ask_originals(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _ask(desk, visit, "originals")


async def _ask(desk: Desk, visit: Visit, what: What) -> web.StreamResponse:
    """The private half of the view key goes into this answer's cookie and is kept nowhere else."""
    tip_id, opening_id, pair, act = number_in(visit.request, "tip"), new_id(), Pair.fresh(), act_of(visit)
    typed = (await read_form(visit.request)).get("reason", "")
    try:
        reason = openings.checked_reason(typed)
        await desk.memory.write(
            lambda session: openings.ask(session, act, opening_id=opening_id, tip_id=tip_id, what=what, reason=reason, view_key=pair.public)
        )
    except Mistake as mistake:
        return await tip_show.draw(desk, visit, mistake=mistake.key, status=422, reason=typed, what=what)
    response = desk.go(f"/admin/tin/{tip_id}")
    lasts = (openings.ANSWERED_WITHIN + openings.OPEN_FOR[what]) // 1000
    response.set_cookie(
        f"{_COOKIE}{opening_id}",
        base64.urlsafe_b64encode(pair.private).decode(),
        path="/admin",
        httponly=True,
        samesite="Strict",
        secure=desk.is_https,
        max_age=lasts,
    )
    return response


@page.forgiving
async def approve(desk: Desk, visit: Visit) -> web.StreamResponse:
    opening_id, officer, now = number_in(visit.request, "opening", sorry="custody-no-request"), visit.officer, moments.now()
    secret = (await read_form(visit.request)).get("passphrase", "")[:200]

    def find(session: Session) -> OpeningSeen:
        return openings.to_decide(session, officer.ward_id, opening_id, officer_id=officer.id, now=now)

    opening = await desk.memory.read(find)
    content = await (_identities if opening.what == "identity" else _own_password)(desk, visit, opening_id, secret)
    act = act_of(visit)
    await desk.memory.write(lambda session: openings.approve(session, act, opening_id=opening_id, content=content) and None)
    return desk.go("/admin/niem-phong")


async def _identities(desk: Desk, visit: Visit, opening_id: int, passphrase: str) -> bytes:
    officer, now = visit.officer, moments.now()

    def find(session: Session) -> openings.ToOpen:
        return openings.to_open(session, officer.ward_id, opening_id, officer_id=officer.id, now=now)

    found = await desk.memory.read(find)
    return await tried(desk, visit, lambda: openings.opened(found, passphrase))


async def _own_password(desk: Desk, visit: Visit, _opening_id: int, password: str) -> None:
    """No key of a person is needed for originals; but a desk left open must not answer for whoever left it."""
    hashed = await desk.memory.read(lambda session: officer_rows.password_hash_by_id(session, visit.officer.id))

    def check() -> None:
        if not is_password(hashed, password):
            raise Mistake("custody-wrong-password")

    await tried(desk, visit, check)


@page.forgiving
async def refuse(desk: Desk, visit: Visit) -> web.StreamResponse:
    opening_id, act = number_in(visit.request, "opening", sorry="custody-no-request"), act_of(visit)
    reason = openings.checked_reason((await read_form(visit.request)).get("reason", ""))
    await desk.memory.write(lambda session: openings.refuse(session, act, opening_id=opening_id, reason=reason))
    return desk.go("/admin/niem-phong")


async def view(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Opened first, so that a wrong browser is no look; noted next; shown last."""
    opening = await _own_opening(desk, visit)
    officer, act, pair = visit.officer, act_of(visit), _pair_of(visit, opening.id)
    try:
        identities = await desk.memory.read(
            lambda session: openings.identities_in(session, officer.ward_id, opening.id, pair, officer_id=officer.id, now=act.now)
        )
        await _note_seen(desk, visit, opening, "identity")
    except Mistake as mistake:
        return await _too_late(desk, visit, opening, mistake)
    return desk.show(
        visit, "identity.html", identities=identities, opening=opening, now=act.now, known=("name", "phone", "platform_name", "username")
    )


async def download(desk: Desk, visit: Visit) -> web.StreamResponse:
    opening = await _own_opening(desk, visit)
    officer, now, pair = visit.officer, moments.now(), _pair_of(visit, opening.id)
    try:
        files = await desk.memory.read(
            lambda session: openings.files_in(session, officer.ward_id, opening.id, pair, officer_id=officer.id, now=now)
        )
        archive = await asyncio.to_thread(_packed, desk, files, opening.tail)
        await _note_seen(desk, visit, opening, "originals")
    except Mistake as mistake:
        return await _too_late(desk, visit, opening, mistake)
    headers = desk.headers() | {"Content-Disposition": f'attachment; filename="ban-goc-{opening.tail}.zip"'}
    return web.Response(body=archive, content_type="application/zip", headers=headers)


def _packed(desk: Desk, files: list[OriginalFile], tail: str) -> bytes:
    return openings.packed([(file, _exact_bytes(desk, file)) for file in files], tail=tail)


def _exact_bytes(desk: Desk, file: OriginalFile) -> bytes | None:
    """None when the file is gone, cannot be read or is not what arrived; the table then says that it is missing."""
    try:
        content = desk.media.read(file.place, key=file.key)
    except (OSError, Sealed):
        return None
    return content if openings.is_exact(file, content) else None


async def _note_seen(desk: Desk, visit: Visit, opening: OpeningSeen, what: What) -> None:
    act = act_of(visit)
    await desk.memory.write(lambda session: openings.note_seen(session, act, opening_id=opening.id, what=what, tip_id=opening.tip_id))


async def _own_opening(desk: Desk, visit: Visit) -> OpeningSeen:
    opening_id = number_in(visit.request, "opening", sorry="custody-no-request")
    opening = await desk.memory.read(lambda session: rows.opening(session, visit.officer.ward_id, opening_id))
    if opening is None or opening.asked_by != visit.officer.id:
        raise Sorry(404, "custody-no-request")
    return opening


async def _too_late(desk: Desk, visit: Visit, opening: OpeningSeen, mistake: Mistake) -> web.StreamResponse:
    """The minutes are over, or it is another browser. What is over goes from the database now, without waiting for the clock."""
    if mistake.key != "custody-view-over":
        raise Sorry(403, mistake.key)
    now = moments.now()
    await desk.memory.write(lambda session: rows.erase_views(session, now=now))
    response = desk.refusal(visit.request, 410, mistake.key, visit=visit)
    if opening.status != "asked":
        response.del_cookie(f"{_COOKIE}{opening.id}", path="/admin")
    return response


def _pair_of(visit: Visit, opening_id: int) -> Pair | None:
    try:
        private = base64.urlsafe_b64decode(visit.request.cookies.get(f"{_COOKIE}{opening_id}", ""))
        return Pair.of(private) if len(private) == 32 else None
    except (binascii.Error, ValueError):
        return None
