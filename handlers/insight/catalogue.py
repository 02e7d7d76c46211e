"""The 21 categories with their names, questions and advice, and what a ward may change of them. Recognises nothing (categories.py)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handlers.insight.words import word

CODES = ("LD", "MT", "CB", "TC", "TD", "TT", "BL", "TE", "HD", "MB", "VK", "MR", "TN", "MD", "DX", "CN", "MN", "CT", "ML", "NT", "KH")
LANGUAGES = ("vi", "en")
MOST_QUESTIONS = 3
QUESTION_MOST = 160
ADVICE_MOST = 200
NAME_MOST = 40  # More does not stand on a button.
_DATA = Path(__file__).parent.parent / "data" / "categories.toml"

# Numbers that a ward's own advice must keep: who reads it may have nothing else at hand.
_KEPT_NUMBERS = {"CN": "114", "TE": "111", "BL": "113"}
_CHANGEABLE = frozenset(("name", "questions", "advice", "offered"))
# What nobody is ever asked here. Told what not to give away ("đừng đọc mã OTP") is something else, and only advice may do so.
_NEVER_ASKED = re.compile(
    r"\botp\b|mat khau|password|ma pin|\bcvv\b|so the\b|card number"
    r"|(?:anh|hinh|chup|gui|photo|picture)[^.?!]{0,30}(?:can cuoc|cccd|cmnd|giay to tuy than|\bid\b|passport|ho chieu)"
    r"|(?:chuyen|nop|dong|gui|dat coc|transfer|send|pay)[^.?!]{0,12}(?:tien|phi|money|a fee)(?! chua)"
)
_FORBIDS = re.compile(r"\b(?:dung|khong|chua|do not|don t|never)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    code: str
    name: Mapping[str, str]
    questions: Mapping[str, tuple[str, ...]]
    advice: Mapping[str, str]
    offered: bool = False  # One of the six buttons.
    call_helps: bool = False  # To call back soon helps.
    sensitive: bool = False  # Nothing is sent unasked, and nobody is asked for a rating.
    restricted: bool = False  # Only those with the right for it read it.


@cache
def _loaded() -> Mapping[str, Category]:
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return MappingProxyType({code: _category(code, data[code]) for code in CODES})


def load() -> dict[str, Category]:
    """In the order of the register. A copy, so that nobody changes the defaults of all."""
    return dict(_loaded())


@cache
def words_of() -> Mapping[str, Mapping[str, list[str]]]:
    """For categories.py: the words and the weak words of each code."""
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return {code: {"words": data[code]["words"], "weak": data[code]["weak"]} for code in CODES}


def _category(code: str, values: dict[str, Any]) -> Category:
    flags = {flag: bool(values.get(flag, False)) for flag in ("offered", "call_helps", "sensitive", "restricted")}
    questions = {language: tuple(each) for language, each in values["questions"].items()}
    return Category(code=code, name=values["name"], questions=questions, advice=values["advice"], **flags)


def merged(defaults: Mapping[str, Category], changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Category]:
    """The defaults with a ward's own words. A language it did not write stays as it was; check with complaints_about first."""
    return {code: _changed(category, changes.get(code, {})) for code, category in defaults.items()}


def _changed(category: Category, change: Mapping[str, Any]) -> Category:
    if not change:
        return category
    return replace(
        category,
        name={**category.name, **change.get("name", {})},
        questions={**category.questions, **{language: tuple(each) for language, each in change.get("questions", {}).items()}},
        advice={**category.advice, **change.get("advice", {})},
        offered=bool(change.get("offered", category.offered)),
    )


# --- What a ward may not do --------------------------------------------------------------------------------------------------


def complaints_about(changes: Mapping[str, Any]) -> list[str]:
    """Every reason to refuse a ward's change, each beginning with the place it stands at; none when all is well."""
    return [complaint for code, change in changes.items() for complaint in _of_category(code, change)]


def _of_category(code: str, change: Any) -> Iterator[str]:
    if code not in CODES:
        yield f"{code}: no such category"
        return
    if not isinstance(change, Mapping):
        yield f"{code}: not a set of fields"
        return
    for field, value in change.items():
        if field not in _CHANGEABLE:
            yield f"{code}.{field}: cannot be changed"
        elif field == "offered":
            if not isinstance(value, bool):
                yield f"{code}.offered: is yes or no"
        else:
            yield from _of_field(code, field, value)


def _of_field(code: str, field: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping) or not value:
        yield f"{code}.{field}: not a text per language"
        return
    for language, each in value.items():
        place = f"{code}.{field}.{language}"
        if language not in LANGUAGES:
            yield f"{place}: no such language"
        elif field == "questions":
            yield from _of_questions(place, each)
        else:
            yield from _of_text(place, each, NAME_MOST if field == "name" else ADVICE_MOST)
            if field == "advice" and isinstance(each, str):
                yield from _of_advice(code, place, each)


def _of_questions(place: str, questions: Any) -> Iterator[str]:
    if not isinstance(questions, (list, tuple)) or not questions:
        yield f"{place}: not a list of questions"
        return
    if len(questions) > MOST_QUESTIONS:
        yield f"{place}: at most {MOST_QUESTIONS} questions"
    for number, question in enumerate(questions, 1):
        yield from _of_text(f"{place}.{number}", question, QUESTION_MOST)
        if isinstance(question, str) and _asks_never(question):
            yield f"{place}.{number}: asks for what is never asked"


def _of_advice(code: str, place: str, advice: str) -> Iterator[str]:
    kept = _KEPT_NUMBERS.get(code)
    if kept and not re.search(rf"(?<!\d){kept}(?!\d)", advice):
        yield f"{place}: {kept} must stay"
    if any(_asks_never(part) and not _FORBIDS.search(_folded(part)) for part in re.split(r"[.!?\n]", advice)):
        yield f"{place}: asks for what is never asked"


def _of_text(place: str, text: Any, most: int) -> Iterator[str]:
    if not isinstance(text, str):
        yield f"{place}: not a text"
    elif not text.strip():
        yield f"{place}: is empty"
    elif len(text) > most:
        yield f"{place}: longer than {most} characters"


def _asks_never(text: str) -> bool:
    """Whether money has gone may be asked, and what to do then may be said; to send it may not."""
    folded = _folded(text)
    return bool(_NEVER_ASKED.search(folded)) and not re.search(r"\b(?:da|vua|lo) chuyen\b|been sent", folded)


def _folded(text: str) -> str:
    return " ".join(word(each).plain for each in re.findall(r"[^\W_]+|[.?!]", text))
