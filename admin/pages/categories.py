"""Kinds of matters: which stand on buttons, and the questions and advice of each, as the chief wants them said."""

import re
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of, steps_of
from admin.refusals import Sorry
from handlers import book, officers, texts, wordings
from handlers.insight import catalogue
from handlers.insight.catalogue import Category
from storage.ids import new_id
from storage.queries import officers as officer_rows
from storage.queries import ward_book
from storage.queries.ward_book import CategorySeen
from storage.search import fold

_PLACE = "/admin/loai-viec"
_FIELDS = ("name", "questions", "advice")
# What the catalogue says is wrong, and our sentence for it.
_WRONG = {
    "is empty": "empty",
    "not a list of questions": "empty",
    r"longer than (?P<most>\d+) characters": "long",
    r"at most (?P<most>\d+) questions": "many",
    "asks for what is never asked": "never-asked",
    r"(?P<what>\d+) must stay": "number",
}


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _list(desk, visit)


async def _list(desk: Desk, visit: Visit, *, chosen: frozenset[str] | None = None, mistake: str = "") -> web.Response:
    notes = await _notes(desk, visit)
    known = _merged(notes)
    return desk.show(
        visit,
        "categories.html",
        status=422 if mistake else 200,
        known=known,
        changed={code for code, note in notes.items() if note.body.keys() - {"offered"}},
        chosen=frozenset(code for code, one in known.items() if one.offered) if chosen is None else chosen,
        always=book.ALWAYS_OFFERED,
        most=book.MOST_OFFERED,
        mistake=mistake,
        is_saved=visit.request.query.get("xong") == "1",
        may_change=officers.may(visit.officer.role, "change_book"),
        steps=await steps_of(desk, visit, book.CATEGORY_STEPS),
        names_of=lambda codes: ", ".join(known[code].name[visit.language] for code in codes.split() if code in known),
    )


async def offer(desk: Desk, visit: Visit) -> web.StreamResponse:
    """At most six on buttons, the one for everything else always among them."""
    form, act = await read_form(visit.request), act_of(visit)
    codes = frozenset(code for code in catalogue.CODES if form.get(f"nut-{code}") == "1") | {book.ALWAYS_OFFERED}
    if not 2 <= len(codes) <= book.MOST_OFFERED:
        return await _list(desk, visit, chosen=codes, mistake="categories-offered-wrong")
    await desk.memory.write(lambda session: book.offer_categories(session, act, codes, draw=new_id))
    await desk.refresh_ward()
    return desk.go(f"{_PLACE}?xong=1")


async def one(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit, _code(visit.request.query.get("viec", "")), is_saved=visit.request.query.get("xong") == "1")


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    code = _code(form.get("viec", ""))
    typed = _typed(form)
    change = _difference(catalogue.load()[code], typed)
    mistakes = _mistakes(code, change, _merged(await _notes(desk, visit)), visit.language)
    if mistakes:
        return await _draw(desk, visit, code, typed=typed, mistakes=mistakes)
    await desk.memory.write(lambda session: book.keep_category(session, act, code, change, row_id=row_id))
    await desk.refresh_ward()
    return desk.go(f"{_PLACE}/mot?viec={code}&xong=1")


async def take_back(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    code = _code(form.get("viec", ""))
    await desk.memory.write(lambda session: book.take_back_category(session, act, code, row_id=row_id))
    await desk.refresh_ward()
    return desk.go(f"{_PLACE}/mot?viec={code}&xong=1")


async def _draw(
    desk: Desk,
    visit: Visit,
    code: str,
    *,
    typed: dict[str, dict[str, Any]] | None = None,
    mistakes: dict[str, list[str]] | None = None,
    is_saved: bool = False,
) -> web.Response:
    notes, ours = await _notes(desk, visit), catalogue.load()[code]
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, visit.officer.ward_id))
    shown = typed or _as_typed(_merged(notes)[code])
    return desk.show(
        visit,
        "category.html",
        status=422 if mistakes else 200,
        code=code,
        one=_merged(notes)[code],
        ours=ours,
        typed=shown,
        spoken=texts.LANGUAGES,
        note=notes.get(code) if code in notes and notes[code].body.keys() - {"offered"} else None,
        names=names,
        mistakes=mistakes or {},
        most_questions=catalogue.MOST_QUESTIONS,
        is_saved=is_saved,
        may_change=officers.may(visit.officer.role, "change_book"),
    )


async def _notes(desk: Desk, visit: Visit) -> dict[str, CategorySeen]:
    def read(session: Session) -> dict[str, CategorySeen]:
        return ward_book.category_notes(session, visit.officer.ward_id)

    return await desk.memory.read(read)


def _merged(notes: dict[str, CategorySeen]) -> dict[str, Category]:
    return catalogue.merged(catalogue.load(), {code: note.body for code, note in notes.items()})


def _as_typed(one: Category) -> dict[str, dict[str, Any]]:
    return {field: {language: getattr(one, field)[language] for language in texts.LANGUAGES} for field in _FIELDS}


def _typed(form: dict[str, str]) -> dict[str, dict[str, Any]]:
    def given(field: str, language: str) -> str:
        return wordings.tidied(form.get(f"{field}-{language}", ""))[:2000]

    typed: dict[str, dict[str, Any]] = {field: {language: given(field, language) for language in texts.LANGUAGES} for field in _FIELDS}
    typed["questions"] = {language: [line for line in text.split("\n") if line] for language, text in typed["questions"].items()}
    return typed


def _difference(ours: Category, typed: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Only what is not as ours: the rest may still get better with a new version."""
    found: dict[str, dict[str, Any]] = {}
    for field in _FIELDS:
        before = getattr(ours, field)
        own = {language: value for language, value in typed[field].items() if _comparable(value) != _comparable(before[language])}
        if own:
            found[field] = own
    return found


def _comparable(value: Any) -> Any:
    return value if isinstance(value, str) else tuple(value)


def _mistakes(code: str, change: dict[str, dict[str, Any]], known: dict[str, Category], spoken: str) -> dict[str, list[str]]:
    """By field and language, in kind sentences: what the catalogue refuses, and what no sentence of the line says."""
    found: dict[str, list[str]] = {}
    for complaint in catalogue.complaints_about({code: change}):
        place, _, reason = complaint.partition(": ")
        field, language, *number = place.split(".")[1:]
        found.setdefault(f"{field}-{language}", []).append(_said(reason, "".join(number), spoken))
    for field, values in change.items():
        for language, value in values.items():
            for text in [value] if isinstance(value, str) else value:
                found.setdefault(f"{field}-{language}", []).extend(wordings.free_complaints(text, spoken=spoken))
    for language, name in change.get("name", {}).items():
        if any(fold(other.name[language]) == fold(name) for each, other in known.items() if each != code):
            found.setdefault(f"name-{language}", []).append(texts.say("category-wrong-same", spoken))
    return {place: complaints for place, complaints in found.items() if complaints}


def _said(reason: str, number: str, spoken: str) -> str:
    for pattern, name in _WRONG.items():
        if match := re.fullmatch(pattern, reason):
            return texts.say(f"category-wrong-{name}", spoken, **match.groupdict(), number=int(number or 0))
    return texts.say("category-wrong-other", spoken)


def _code(given: str) -> str:
    if given not in catalogue.CODES:
        raise Sorry(404, "categories-gone")
    return given
