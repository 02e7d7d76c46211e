"""What the ward says in its own way, beside what we say: all sentences by subject, and one of them to be changed and tried."""

import json
from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of, steps_of
from admin.refusals import Sorry
from handlers import book, officers, texts, wordings
from handlers.ward_book import WardBook
from storage.ids import new_id
from storage.queries import officers as officer_rows
from storage.queries import ward_book
from storage.queries.ward_book import WordingSeen
from storage.search import fold

_CLOSED = ("buttons", "page")  # Long lists of short words: open when somebody looks for one.


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    key: str
    when: str
    text: str
    is_own: bool
    is_fixed: bool


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    query = visit.request.query
    language, wanted, only_own = _language(query.get("tieng", "")), query.get("tim", "")[:100].strip(), query.get("rieng") == "1"
    ward_id = visit.officer.ward_id

    def read(session: Session) -> tuple[dict[tuple[str, str], WordingSeen], dict[int, str]]:
        return ward_book.wordings(session, ward_id), officer_rows.officer_names(session, ward_id)

    own, names = await desk.memory.read(read)
    groups = [(group.name, [_row(key, language, own, visit.language) for key in group.keys]) for group in wordings.groups()]
    shown = [(name, [row for row in rows if (row.is_own or not only_own) and _fits(row, wanted, language)]) for name, rows in groups]
    return desk.show(
        visit,
        "wordings.html",
        groups=[(name, rows) for name, rows in shown if rows],
        own_count=sum(row.is_own for _name, rows in groups for row in rows),
        spoken=language,
        wanted=wanted,
        only_own=only_own,
        open_all=bool(wanted) or only_own,
        closed=_CLOSED,
        steps=await steps_of(desk, visit, book.WORDING_STEPS),
        when=lambda key: wordings.when_said(key, visit.language),
        names=names,
    )


async def one(desk: Desk, visit: Visit) -> web.StreamResponse:
    language, key = _which(visit.request.query.get("tieng", ""), visit.request.query.get("cau", ""))
    return await _draw(desk, visit, language, key, is_saved=visit.request.query.get("xong") == "1")


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Taken only without complaints; without script the same form shows what residents would see."""
    form = await read_form(visit.request)
    language, key = _which(form.get("tieng", ""), form.get("cau", ""))
    text = wordings.tidied(form.get("text", ""))
    complaints = await _complaints(desk, visit, key, language, text)
    if form.get("act") == "preview":
        return await _draw(desk, visit, language, key, typed=text, complaints=complaints, is_preview=True)
    if not complaints and text == wordings.tidied(wordings.ours(key, language)):
        complaints = [texts.say("wordings-same", visit.language)]
    if complaints:
        return await _draw(desk, visit, language, key, typed=text, complaints=complaints)
    act, row_id = act_of(visit), new_id()
    await desk.memory.write(lambda session: book.keep_wording(session, act, row_id=row_id, language=language, key=key, text=text))
    await desk.refresh_ward()
    return desk.go(f"/admin/loi-nhan/cau?tieng={language}&cau={key}&xong=1")


async def take_back(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    language, key = _which(form.get("tieng", ""), form.get("cau", ""))
    await desk.memory.write(lambda session: book.take_back_wording(session, act, language=language, key=key))
    await desk.refresh_ward()
    return desk.go(f"/admin/loi-nhan/cau?tieng={language}&cau={key}&xong=1")


async def preview(desk: Desk, visit: Visit) -> web.StreamResponse:
    """For the script of the page: what residents would see of what stands in the field now, and what is in the way."""
    form = await read_form(visit.request)
    language, key = _which(form.get("tieng", ""), form.get("cau", ""))
    text = wordings.tidied(form.get("text", ""))
    complaints = await _complaints(desk, visit, key, language, text)
    answer = {"seen": "" if complaints else _seen(desk, key, language, text), "complaints": complaints}
    return web.Response(text=json.dumps(answer, ensure_ascii=False), content_type="application/json", headers=desk.headers())


async def _complaints(desk: Desk, visit: Visit, key: str, language: str, text: str) -> list[str]:
    """Beside the ward's other sentences as they stand now, not as this process last loaded them."""
    own = await desk.memory.read(lambda session: ward_book.wordings(session, visit.officer.ward_id))
    now = WardBook(wordings={which: row.text for which, row in own.items()})
    return wordings.complaints_about(key, language, text, book=now, spoken=visit.language)


async def _draw(
    desk: Desk,
    visit: Visit,
    language: str,
    key: str,
    *,
    typed: str | None = None,
    complaints: list[str] | None = None,
    is_saved: bool = False,
    is_preview: bool = False,
) -> web.StreamResponse:
    ward_id = visit.officer.ward_id

    def read(session: Session) -> tuple[dict[tuple[str, str], WordingSeen], dict[int, str]]:
        return ward_book.wordings(session, ward_id), officer_rows.officer_names(session, ward_id)

    rows, names = await desk.memory.read(read)
    own = rows.get((language, key))
    original = wordings.ours(key, language)
    text = typed if typed is not None else own.text if own else original
    return desk.show(
        visit,
        "wording.html",
        status=422 if complaints and not is_preview else 200,
        key=key,
        spoken=language,
        when=wordings.when_said(key, visit.language),
        ours=original,
        ours_seen=_seen(desk, key, language, ""),
        own=own,
        text=text,
        facts=wordings.facts_of(key, language),
        has_variables="{" in original,
        complaints=complaints or [],
        seen="" if complaints else _seen(desk, key, language, text),
        is_saved=is_saved,
        names=names,
        may_change=officers.may(visit.officer.role, "change_book"),
    )


def _seen(desk: Desk, key: str, language: str, text: str) -> str:
    ward = desk.ward()
    said = WardBook(wordings={(language, key): text} if text else {})
    return wordings.filled(said, key, language, ward_name=ward.name, duty_phone=ward.duty_phone)


def _row(key: str, language: str, own: dict[tuple[str, str], WordingSeen], spoken: str) -> Row:
    row = own.get((language, key))
    text = row.text if row else wordings.ours(key, language)
    return Row(key=key, when=wordings.when_said(key, spoken), text=text, is_own=row is not None, is_fixed=wordings.is_fixed(key))


def _fits(row: Row, wanted: str, language: str) -> bool:
    everything = fold(f"{row.text} {row.when} {row.key} {wordings.ours(row.key, language)}")
    return all(word in everything for word in fold(wanted).split())


def _language(given: str) -> str:
    return given if given in texts.LANGUAGES else "vi"


def _which(language: str, key: str) -> tuple[str, str]:
    if not book.is_sentence(language, key):
        raise Sorry(404, "wording-unknown")
    return language, key
