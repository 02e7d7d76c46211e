"""A question to the resident of a tip, a word, its end. What cannot go out comes back with its reasons; nothing typed is lost.

Words that only the chief may let go out are handed over with one more press (`handlers/held_texts.py`).
"""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import MOST_UPLOAD, file_in, number_in, read_form
from admin.pages import tip_after, tip_presence, tip_show
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import exchange, held_texts, officers, ready_sentences, viewers, writing
from handlers.exchange import NO_FILE
from handlers.held_texts import Kind
from handlers.officers import Mistake
from handlers.ready_sentences import Ready
from handlers.texts import say
from handlers.viewers import SentMeanwhile
from handlers.writing import Refused
from storage import images, moments
from storage.ids import new_id
from storage.queries import covered, sent_files
from storage.queries import exchange as rows
from storage.queries.covered import CoveredOfTip
from storage.queries.sent_files import NewFile
from storage.queries.tips import FileSource
from storage.vault import Sealed

_PART = "#trao-doi"
Press = Callable[[Session], int | None]
Words = TypeVar("Words")


async def ask(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _words(desk, visit, what="ask", kind="question")


async def tell(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _words(desk, visit, what="tell", kind="answer")


async def _words(desk: Desk, visit: Visit, *, what: str, kind: Kind) -> web.StreamResponse:
    tip_id, act, ward, form, question_id = (
        number_in(visit.request, "tip"),
        act_of(visit),
        desk.ward(),
        await read_form(visit.request),
        new_id(),
    )
    typed = form.get("words", "")
    if form.get("use"):
        return await _filled(desk, visit, what=what, words=typed, covered=form.get("covered", ""))

    async def check() -> Press:
        words, why = _read(
            visit, form, lambda by_chief: writing.checked(typed, site=desk.site, spoken=visit.language, by_chief=by_chief), typed
        )
        file = await _attached(desk, visit, form.get("covered", ""))
        if why:
            return _hold(visit, tip_id=tip_id, kind=kind, why=why, body={"words": words}, file=file)

        def press(session: Session) -> int | None:
            if kind == "question":
                return exchange.ask(
                    session, ward, act, tip_id=tip_id, words=words, question_id=question_id, draw=new_id, file=file or NO_FILE
                )
            return exchange.tell(session, ward, act, tip_id=tip_id, words=words, draw=new_id, file=file or NO_FILE)

        return press

    return await _done(desk, visit, check, what=what, words=typed, covered=form.get("covered", ""))


async def close(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, ward, form = number_in(visit.request, "tip"), act_of(visit), desk.ward(), await read_form(visit.request)
    done_typed, date_typed, unit_typed = (form.get(name, "") for name in ("done", "date", "unit"))
    result = form.get("result", "")  # For the file alone; the resident reads the rest.
    if form.get("use"):
        return await _filled(desk, visit, what="close", done=done_typed, date=date_typed, unit=unit_typed, result=result)

    async def check() -> Press:
        if not date_typed.strip():
            raise Refused(say("close-empty", visit.language))

        def read(by_chief: bool) -> tuple[str, str]:
            return writing.checked_ending(done_typed, unit_typed, site=desk.site, spoken=visit.language, by_chief=by_chief)

        (done, unit), why = _read(visit, form, read, f"{done_typed}. {unit_typed}")
        day = exchange.checked_day(date_typed, now=act.now)
        ending = {"done": done, "done_on": day, "unit": unit, "result": exchange.checked_result(result)}
        if why:
            return _hold(visit, tip_id=tip_id, kind="ending", why=why, body=ending, file=None)
        return lambda session: exchange.close(session, ward, act, tip_id=tip_id, draw=new_id, **ending)  # type: ignore[arg-type]

    return await _done(desk, visit, check, what="close", done=done_typed, date=date_typed, unit=unit_typed, result=result)


async def reopen(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, ward = number_in(visit.request, "tip"), act_of(visit), desk.ward()
    typed = (await read_form(visit.request)).get("reason", "")

    async def check() -> Press:
        def press(session: Session) -> int | None:
            return exchange.reopen(session, ward, act, tip_id=tip_id, reason=typed, draw=new_id)

        return press

    return await _done(desk, visit, check, what="reopen", reason=typed)


async def needs_no_answer(desk: Desk, visit: Visit) -> web.StreamResponse:
    """What the resident added was a thank-you: the tip leaves "Chưa trả lời dân" without a message to them."""
    tip_id, act = number_in(visit.request, "tip"), act_of(visit)
    try:
        await desk.memory.write(lambda session: exchange.needs_no_answer(session, act, tip_id=tip_id))
    except Mistake as mistake:
        raise Sorry(409, mistake.key) from None
    return desk.go(f"/admin/tin/{tip_id}#trao-doi")


async def sent_file(desk: Desk, visit: Visit) -> web.StreamResponse:
    """What an officer has sent along, as the resident gets it."""
    file_id, ward_id = number_in(visit.request, "attachment"), visit.officer.ward_id
    found = await desk.memory.read(lambda session: sent_files.file_of(session, file_id, ward_id=ward_id))
    if found is None:
        raise Sorry(404, "desk-no-tip")
    try:
        content = await asyncio.to_thread(desk.media.read, found.place, key=found.key)
    except (OSError, Sealed):
        raise Sorry(404, "desk-no-tip") from None
    shown = "inline" if found.mime.startswith("image/") else f'attachment; filename="tep-{file_id % 100_000:05}.pdf"'
    return web.Response(body=content, content_type=found.mime, headers=desk.headers() | {"Content-Disposition": shown})


# -- the chief's yes -------------------------------------------------------------------------------------------------------------


def _read(visit: Visit, form: dict[str, str], check: Callable[[bool], Words], typed: str) -> tuple[Words, tuple[str, ...]]:
    """The words, and why they wait for the chief; a chief who says so lets their own go out. Raises Refused."""
    if not form.get("chief"):
        return check(False), ()
    words, why = check(True), tuple(writing.needs_chief(typed))
    return words, () if officers.may(visit.officer.role, "release_texts") else why


def _hold(visit: Visit, *, tip_id: int, kind: Kind, why: tuple[str, ...], body: dict[str, object], file: NewFile | None) -> Press:
    act, held_id = act_of(visit), new_id()

    def press(session: Session) -> None:
        held_texts.hold(session, act, tip_id=tip_id, kind=kind, why=why, body=body, held_id=held_id, draw=new_id, file=file)

    return press


# -- a file that goes along ------------------------------------------------------------------------------------------------------


async def _attached(desk: Desk, visit: Visit, covered_id: str) -> NewFile | None:
    """Made anew without its metadata, sealed and on the disk; what the officer's own phone wrote into it is kept nowhere. Or a copy of a
    photo of this tip in which faces are covered."""
    content = file_in(visit.request)
    if content and covered_id:
        raise Mistake("cover-send-both")
    if covered_id:
        return await _covered(desk, visit, covered_id)
    if not content:
        return None
    if len(content) > MOST_UPLOAD:
        raise Mistake("desk-file-big")
    kind = images.kind_of(content[:64])
    if kind not in images.IMAGE_KINDS and kind != "pdf":
        raise Mistake("desk-file-kind")
    try:
        clean = await desk.develop(content, kind)
    except images.Unsafe:
        raise Mistake("desk-file-broken") from None
    shown_as = "file" if kind == "pdf" else "photo"
    return await _kept(desk, clean.work, kind=shown_as, mime=clean.mime, width=clean.width, height=clean.height)


async def _covered(desk: Desk, visit: Visit, covered_id: str) -> NewFile:
    tip_id, sight = number_in(visit.request, "tip"), visit.sight

    def find(session: Session) -> tuple[CoveredOfTip, FileSource] | None:
        wanted = next((one for one in covered.of_tip(session, tip_id) if str(one.id) == covered_id), None)
        source = covered.covered_copy(session, sight, wanted.attachment_id, wanted.id) if wanted else None
        return (wanted, source) if wanted and source else None

    found = await desk.memory.read(find)
    if found is None:
        raise Mistake("photo-none")
    wanted, source = found
    try:
        content = await asyncio.to_thread(desk.media.read, source.place, key=source.key)
    except (OSError, Sealed):
        raise Mistake("photo-damaged") from None
    return await _kept(desk, content, kind="photo", mime=source.mime, width=wanted.width, height=wanted.height)


async def _kept(desk: Desk, content: bytes, *, kind: str, mime: str, width: int, height: int) -> NewFile:
    place, key = desk.media.new_place("originals", moments.now()), secrets.token_bytes(32)
    await asyncio.to_thread(desk.media.keep, content, place, key=key)
    sha256 = hashlib.sha256(content).hexdigest()
    return NewFile(id=new_id(), kind=kind, mime=mime, place=place, key=key, sha256=sha256, size=len(content), width=width, height=height)


# -- the page again --------------------------------------------------------------------------------------------------------------


async def _filled(desk: Desk, visit: Visit, *, what: str, **given: str) -> web.StreamResponse:
    """A ready sentence was chosen, and no script was there to put it into its field."""
    form, tip_id, ward_id, now, ward = (
        await read_form(visit.request),
        number_in(visit.request, "tip"),
        visit.officer.ward_id,
        moments.now(),
        desk.ward(),
    )

    def find(session: Session) -> list[Ready]:
        tip = rows.standing(session, ward_id, tip_id)
        return tip_after.ready_of(session, ward, tip_id, tail=tip.tail, now=now) if tip else []

    known = await desk.memory.read(find)
    text = next((one.text for one in known if one.key == form.get("ready")), "")
    field = "done" if what == "close" else "words"
    given[field] = ready_sentences.joined(given[field], text)
    return await tip_show.draw(desk, visit, **(given | {"what": what}))  # type: ignore[arg-type]


def _after_the_others(visit: Visit, press: Press, form: dict[str, str]) -> Press:
    """What somebody else has sent since this page was drawn is read first: two officers at one tip do not answer past one another."""
    tip_id, seen, officer = number_in(visit.request, "tip"), tip_presence.count_in(form.get("seen", "")), visit.officer
    if seen is None:  # A form that goes to nobody.
        return press

    def pressed(session: Session) -> int | None:
        viewers.check_nothing_was_sent(session, officer.ward_id, officer.id, tip_id, seen=seen)
        return press(session)

    return pressed


async def _done(desk: Desk, visit: Visit, check: Callable[[], Awaitable[Press]], **given: str) -> web.StreamResponse:
    """Checked, written, and handed to delivery; or the same page again with a kind sentence."""
    try:
        press = _after_the_others(visit, await check(), await read_form(visit.request))
        chat_id = await desk.memory.write(press)
    except Mistake as mistake:
        if mistake.key == "desk-no-tip":
            raise Sorry(404, mistake.key) from None
        refused = mistake if isinstance(mistake, Refused) else None
        given["chief"] = "1" if refused and refused.why else ""
        if file_in(visit.request):
            given["file_again"] = "1"  # Browsers give no file twice.
        reasons = refused.reasons if refused else ()
        if isinstance(mistake, SentMeanwhile):
            reasons = (await tip_presence.sentence(desk, visit, mistake),)
            given["chief"] = (await read_form(visit.request)).get("chief", "")
        return await tip_show.draw(desk, visit, mistake="" if reasons else mistake.key, reasons=reasons, status=422, **given)
    if chat_id is not None:
        desk.on_replies(chat_id, None)
    return desk.go(f"/admin/tin/{number_in(visit.request, 'tip')}{_PART}")
