"""Changes of the ward's own book: its sentences, its answers about procedures, its kinds of matters.

Each raises the book's version and leaves a row in the history that says who changed what, by key; the words stand in the book.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from handlers import wordings
from handlers.acts import Act, note
from handlers.insight import catalogue, procedures
from handlers.officers import Mistake
from handlers.texts import LANGUAGES
from handlers.ward_book import Procedure, WardBook
from storage.queries import ward_book

WORDING_STEPS = ("wording_changed", "wording_taken_back")
PROCEDURE_STEPS = (
    "procedure_added",
    "procedure_changed",
    "procedure_hidden",
    "procedure_shown",
    "procedure_moved",
    "procedure_taken_back",
    "procedure_removed",
    "office_changed",
)
CATEGORY_STEPS = ("category_changed", "category_taken_back", "categories_offered")
MOST_OFFERED = 6
ALWAYS_OFFERED = "KH"


def keep_wording(session: Session, act: Act, *, row_id: int, language: str, key: str, text: str) -> None:
    """The text has been found without complaints."""
    ward_book.keep_wording(
        session, act.ward_id, row_id=row_id, language=language, key=key, text=wordings.tidied(text), officer_id=act.officer_id, now=act.now
    )
    note(session, act, "wording_changed", about=key, language=language)


def take_back_wording(session: Session, act: Act, *, language: str, key: str) -> None:
    if ward_book.drop_wording(session, act.ward_id, language=language, key=key):
        note(session, act, "wording_taken_back", about=key, language=language)


def is_sentence(language: str, key: str) -> bool:
    return language in LANGUAGES and wordings.is_to_residents(key)


# -- procedures ------------------------------------------------------------------------------------------------------------


def procedures_now(session: Session, ward_id: int) -> tuple[Procedure, ...]:
    """As they stand in this transaction, hidden ones too."""
    return procedures.everything(WardBook.from_rows(ward_book.load(session, ward_id)))


def procedure_now(session: Session, ward_id: int, handle: str | int) -> Procedure:
    found = next((one for one in procedures_now(session, ward_id) if one.handle == handle), None)
    if found is None:
        raise Mistake("procedures-gone")
    return found


def keep_procedure(session: Session, act: Act, one: Procedure, *, fresh_id: int) -> None:
    """Found without complaints. Without a key and an id it is a new one, at the end."""
    is_new = not one.key and not one.id
    if is_new:
        last = max((known.position for known in procedures_now(session, act.ward_id)), default=0)
        one = replace(one, id=fresh_id, position=last + procedures.STEP)
    else:
        known = procedure_now(session, act.ward_id, one.handle)
        one = replace(one, id=known.id, position=known.position, is_hidden=known.is_hidden)
    _keep(session, act, one)
    note(session, act, "procedure_added" if is_new else "procedure_changed", about=str(one.handle))


def hide_procedure(session: Session, act: Act, handle: str | int, *, is_hidden: bool) -> None:
    known = procedure_now(session, act.ward_id, handle)
    if known.is_hidden != is_hidden:
        _keep(session, act, replace(known, is_hidden=is_hidden))
        note(session, act, "procedure_hidden" if is_hidden else "procedure_shown", about=str(handle))


def move_procedure(session: Session, act: Act, handle: str | int, *, by: int) -> None:
    """One place up or down; all get new positions, so that none ever share one."""
    known = list(procedures_now(session, act.ward_id))
    place = known.index(procedure_now(session, act.ward_id, handle))
    other = place + by
    if not 0 <= other < len(known):
        return
    known[place], known[other] = known[other], known[place]
    order = [(_row_id(act.ward_id, one), {"key": one.key}) for one in known]
    ward_book.order_procedures(session, act.ward_id, order, step=procedures.STEP)
    note(session, act, "procedure_moved", about=str(handle))


def take_back_procedure(session: Session, act: Act, key: str) -> None:
    """Ours again; its place stays where the ward put it."""
    known = procedure_now(session, act.ward_id, key)
    ours = next(one for one in procedures.defaults() if one.key == key)
    _keep(session, act, replace(ours, position=known.position))
    note(session, act, "procedure_taken_back", about=key)


def remove_procedure(session: Session, act: Act, row_id: int) -> None:
    """Only what the ward added itself; ours can be hidden."""
    known = procedure_now(session, act.ward_id, row_id)
    ward_book.end_procedure(session, act.ward_id, known.id, now=act.now)
    note(session, act, "procedure_removed", about=str(row_id))


def keep_office(session: Session, act: Act, *, address: str, hours: str) -> None:
    _keep(session, act, Procedure(key=procedures.OFFICE, address=address, hours=hours))
    note(session, act, "office_changed", about=procedures.OFFICE)


def _keep(session: Session, act: Act, one: Procedure) -> None:
    ward_book.keep_procedure(
        session,
        act.ward_id,
        row_id=_row_id(act.ward_id, one),
        position=one.position,
        body=procedures.body_of(one),
        officer_id=act.officer_id,
        now=act.now,
    )


def _row_id(ward_id: int, one: Procedure) -> int:
    return ward_book.id_of_ours(ward_id, one.key) if one.key else one.id


# -- kinds of matters ------------------------------------------------------------------------------------------------------


def keep_category(session: Session, act: Act, code: str, change: dict[str, Any], *, row_id: int) -> None:
    """Its name, questions and advice, found without complaints; whether it is offered stays as it is."""
    _keep_category(session, act, code, {**_offered_of(_change_now(session, act.ward_id, code)), **change}, row_id=row_id)
    note(session, act, "category_changed", about=code)


def take_back_category(session: Session, act: Act, code: str, *, row_id: int) -> None:
    known = _change_now(session, act.ward_id, code)
    if known.keys() - {"offered"}:
        _keep_category(session, act, code, _offered_of(known), row_id=row_id)
        note(session, act, "category_taken_back", about=code)


def offer_categories(session: Session, act: Act, codes: frozenset[str], *, draw: Callable[[], int]) -> None:
    """These stand on buttons, and no others."""
    notes = ward_book.category_notes(session, act.ward_id)
    for code, ours in catalogue.load().items():
        known = notes[code].body if code in notes else {}
        change = {name: value for name, value in known.items() if name != "offered"}
        if (code in codes) != ours.offered:
            change["offered"] = code in codes
        if change != known:
            _keep_category(session, act, code, change, row_id=draw())
    note(session, act, "categories_offered", about=" ".join(code for code in catalogue.CODES if code in codes))


def _change_now(session: Session, ward_id: int, code: str) -> dict[str, Any]:
    notes = ward_book.category_notes(session, ward_id)
    return notes[code].body if code in notes else {}


def _offered_of(change: dict[str, Any]) -> dict[str, Any]:
    return {"offered": change["offered"]} if "offered" in change else {}


def _keep_category(session: Session, act: Act, code: str, change: dict[str, Any], *, row_id: int) -> None:
    """Without a change there is no row."""
    if change:
        ward_book.keep_category(session, act.ward_id, row_id=row_id, code=code, body=change, officer_id=act.officer_id, now=act.now)
    else:
        ward_book.drop_category(session, act.ward_id, code=code)
