"""Sentences an officer puts into a field with one press: ours, each changed or left out by the ward as it likes, and the ward's own.

They are checked when they are kept, with their variables filled in, and like any other words again before they go out.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from handlers import writing
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.officers import Mistake
from handlers.texts import say
from handlers.writing import Refused
from storage.queries import ready_sentences as rows

KINDS = ("question", "status", "ending")
OUTCOMES = ("done", "administrative", "elsewhere", "transferred", "kept")
MOST_OWN = 60  # In one language: a longer list helps nobody.
STEPS = ("ready_kept", "ready_left_out", "ready_taken_back")
_FILE = Path(__file__).parent / "data" / "ready.toml"
_NAMES = {
    "mã": "code",
    "ngày": "date",
    "đơn vị": "unit",
    "trực ban": "duty",
    "code": "code",
    "date": "date",
    "unit": "unit",
    "duty": "duty",
}
_VARIABLE = re.compile(r"\{\s*([^{}]*?)\s*\}")
_SAMPLE = {"code": "9DAF", "date": "12/3/2026", "unit": "Công an phường", "duty": "0225 3123 456"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    key: str
    kind: str
    language: str
    text: str
    outcome: str = ""
    is_own: bool = False  # The ward's alone: none of ours stands behind it.
    is_changed: bool = False
    is_left_out: bool = False

    @property
    def names_duty(self) -> bool:
        """It sends people to the ward's duty desk: not for tips that nobody of the ward reads."""
        return any(_NAMES.get(match[1].casefold()) == "duty" for match in _VARIABLE.finditer(self.text))


@cache
def ours(language: str) -> tuple[Ready, ...]:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Ready(key=one["key"], kind=one["kind"], language=language, text=one[language], outcome=one.get("outcome", ""))
        for one in data["sentence"]
    )


def everything(session: Session, ward_id: int, language: str) -> list[Ready]:
    """For the chief's page: ours in their order, those that were left out too, then the ward's own."""
    known = rows.of_ward(session, ward_id, language)
    default = ours(language)
    keys = {one.key for one in default}
    changed = [_with(one, known.get(one.key)) for one in default]
    own = [
        Ready(key=key, language=language, kind=row["kind"], text=row["text"], outcome=row["outcome"], is_own=True)
        for key, row in known.items()
        if key not in keys
    ]
    return [*changed, *own]


def _with(one: Ready, row: dict[str, str] | None) -> Ready:
    if row is None:
        return one
    return replace(one, text=row["text"] or one.text, outcome=row["outcome"], is_changed=bool(row["text"]), is_left_out=not row["text"])


def effective(session: Session, ward_id: int, language: str) -> list[Ready]:
    return [one for one in everything(session, ward_id, language) if not one.is_left_out]


def filled(text: str, values: Mapping[str, str]) -> str:
    """With every variable in its place. One that is empty in this ward leaves the word for it."""

    def put(match: re.Match[str]) -> str:
        name = _NAMES.get(match[1].casefold())
        return (values.get(name) or match[1]) if name else match[0]

    return _VARIABLE.sub(put, text)


def joined(typed: str, text: str) -> str:
    """What stands in the field already stays."""
    return f"{typed.rstrip()} {text}".strip() if text not in typed else typed


def complaints_about(one: Ready, *, site: str, spoken: str) -> list[str]:
    unknown = [match[1] for match in _VARIABLE.finditer(one.text) if match[1].casefold() not in _NAMES]
    found = [say("ready-variable", spoken, what=name) for name in dict.fromkeys(unknown)]
    if one.kind not in KINDS or (one.kind == "ending") != (one.outcome in OUTCOMES) or (one.outcome and one.kind != "ending"):
        found.append(say("ready-kind-wrong", spoken))
    try:
        if one.kind == "ending":
            writing.checked_ending(filled(one.text, _SAMPLE), "Công an phường", site=site, spoken=spoken)
        else:
            writing.checked(filled(one.text, _SAMPLE), site=site, spoken=spoken)
    except Refused as refused:
        found += refused.reasons
    return found


def typed(form: Mapping[str, str]) -> Ready:
    """As it came with a form; a new one has no key yet."""
    kind = form.get("kind", "")
    language = form.get("language", "vi")
    return Ready(
        key=form.get("key", "")[:60],
        kind=kind,
        language=language if language in ("vi", "en") else "vi",
        text=" ".join(clean(form.get("text", "")).split()),
        outcome=form.get("outcome", "") if kind == "ending" else "",
    )


def keep(session: Session, act: Act, one: Ready, *, row_id: int) -> str:
    """Its key. Raises Mistake where it is none of this ward's, or there are too many."""
    known = {ready.key: ready for ready in everything(session, act.ward_id, one.language)}
    if one.key and one.key not in known:
        raise Mistake("ready-gone")
    if not one.key and sum(ready.is_own for ready in known.values()) >= MOST_OWN:
        raise Mistake("ready-too-many")
    if one.key:
        one = replace(one, kind=known[one.key].kind if not known[one.key].is_own else one.kind)
    key = one.key or f"own-{row_id}"
    _write(session, act, key, one, row_id=row_id, text=one.text)
    note(session, act, "ready_kept", about=key, language=one.language)
    return key


def leave_out(session: Session, act: Act, language: str, key: str, *, row_id: int) -> None:
    """Ours is offered no more; the ward's own goes. Raises Mistake."""
    one = _known(session, act, language, key)
    if one.is_own:
        rows.drop(session, act.ward_id, language=language, key=key)
    else:
        _write(session, act, key, one, row_id=row_id, text="")
    note(session, act, "ready_left_out", about=key, language=language)


def take_back(session: Session, act: Act, language: str, key: str) -> None:
    """Ours as it was. Raises Mistake."""
    if _known(session, act, language, key).is_own:
        raise Mistake("ready-gone")
    rows.drop(session, act.ward_id, language=language, key=key)
    note(session, act, "ready_taken_back", about=key, language=language)


def _known(session: Session, act: Act, language: str, key: str) -> Ready:
    found = next((one for one in everything(session, act.ward_id, language) if one.key == key), None)
    if found is None:
        raise Mistake("ready-gone")
    return found


def _write(session: Session, act: Act, key: str, one: Ready, *, row_id: int, text: str) -> None:
    values: dict[str, Any] = {"language": one.language, "key": key, "kind": one.kind, "outcome": one.outcome, "text": text}
    rows.keep(session, act.ward_id, row_id=row_id, officer_id=act.officer_id, now=act.now, **values)
