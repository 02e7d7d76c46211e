"""Answers of "Hỏi thủ tục": ours, with what the ward changed, hid or added, and which of them a question means.

A row of the ward that carries one of our keys stands in the place of ours. Without a title of its own it only moves ours, hides
it or gives it another address, so that ours may still get better with a new version.
"""

import re
import tomllib
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from handlers import wordings
from handlers.texts import say, say_as
from handlers.ward_book import Procedure, WardBook
from storage.search import fold

OFFICE = "ward-office"  # The key of the row that holds the ward's address and hours; no answer.
STEP = 1000  # Between the positions of two answers of ours.
MOST_TITLE, MOST_LINE, MOST_WORDS, MOST_WORD = 80, 200, 40, 40
_ANSWER_UNDER = 90  # Syllables, as a receipt.
_OFFICIAL = "gov.vn"


@cache
def defaults() -> tuple[Procedure, ...]:
    path = Path(__file__).parent.parent / "data" / "procedures.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["procedure"]
    return tuple(Procedure.from_row({**row, "position": (place + 1) * STEP}) for place, row in enumerate(rows))


def everything(book: WardBook) -> tuple[Procedure, ...]:
    """In the ward's order, hidden ones too, addresses as they were typed."""
    rows = {row.key: row for row in book.procedures if row.key}
    ours = [_changed(one, rows[one.key]) if one.key in rows else one for one in defaults()]
    own = [row for row in book.procedures if row.title and row.key not in {one.key for one in ours}]
    return tuple(sorted((*ours, *own), key=lambda one: (one.position, one.id)))


def _changed(ours: Procedure, row: Procedure) -> Procedure:
    position = row.position if row.position >= 0 else ours.position
    if row.title:
        return replace(row, position=position)
    return replace(ours, id=row.id, position=position, is_hidden=row.is_hidden, address=row.address, hours=row.hours)


def effective(book: WardBook) -> tuple[Procedure, ...]:
    """What residents may be answered, each with where to go and when."""
    here = office(book)
    return tuple(
        replace(one, address=one.address or here.address, hours=one.hours or here.hours) for one in everything(book) if not one.is_hidden
    )


def office(book: WardBook) -> Procedure:
    """The ward's address and hours, where an answer has none of its own."""
    return next((row for row in book.procedures if row.key == OFFICE), Procedure(key=OFFICE))


def find(text: str, procedures: tuple[Procedure, ...]) -> list[Procedure]:
    """Those that the question may mean, best first. Marks, capitals and signs make no difference."""
    words = _plain(text[:1000]).split()
    scores = [(_score(one, words), place) for place, one in enumerate(procedures)]
    return [procedures[place] for score, place in sorted(scores, key=lambda found: (-found[0], found[1])) if score]


def _score(one: Procedure, words: list[str]) -> int:
    """A phrase word for word counts most, the longer the more; scattered in the question it counts half."""
    line = f" {' '.join(words)} "
    score = 0
    for phrase in (one.title, *one.words):
        wanted = _plain(phrase).split()
        if wanted and f" {' '.join(wanted)} " in line:
            score = max(score, 100 * len(wanted)) + 1
        elif len(wanted) > 1 and set(wanted) <= set(words):
            score = max(score, 50 * len(wanted))
    return score


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def told(one: Procedure, book: WardBook, language: str = "vi") -> str:
    """The whole answer, as it is sent."""
    lines = [f"{one.title}.", one.answer]
    for key in ("address", "hours", "vneid", "portal"):
        if value := getattr(one, key):
            lines.append(say_as(book, f"procedure-{key}", language, what=value))
    return "\n".join(line for line in lines if line)


# -- what the ward changes -------------------------------------------------------------------------------------------------


def body_of(one: Procedure) -> dict[str, Any]:
    """As a row keeps it. What is as ours word for word is left to ours."""
    ours = next((known for known in defaults() if known.key == one.key), None)
    body = {name: value for name, value in asdict(one).items() if name not in ("id", "position") and value}
    if ours is not None and all(getattr(one, name) == getattr(ours, name) for name in ("title", "words", "answer", "portal", "vneid")):
        return {name: value for name, value in body.items() if name in ("key", "address", "hours", "is_hidden")}
    return {name: list(value) if name == "words" else value for name, value in body.items()}


def complaints_about(one: Procedure, spoken: str = "vi") -> dict[str, list[str]]:
    """By field, what has to be put right before this answer is taken."""

    def sorry(complaint: str, **values: Any) -> str:
        return say(f"procedure-{complaint}", spoken, **values)

    found: dict[str, list[str]] = {name: [] for name in ("title", "words", "answer", "address", "hours", "portal", "vneid")}
    if not 2 <= len(one.title) <= MOST_TITLE:
        found["title"].append(sorry("title-wrong", most=MOST_TITLE))
    if not one.words:
        found["words"].append(sorry("words-none"))
    if len(one.words) > MOST_WORDS or any(len(word) > MOST_WORD or not _plain(word) for word in one.words):
        found["words"].append(sorry("words-many", most=MOST_WORDS, long=MOST_WORD))
    if not one.answer:
        found["answer"].append(sorry("answer-none"))
    if (count := wordings.syllables(one.answer)) >= _ANSWER_UNDER:
        found["answer"].append(sorry("answer-long", count=count, most=_ANSWER_UNDER - 1))
    for name in ("address", "hours", "vneid"):
        if len(getattr(one, name)) > MOST_LINE or "\n" in getattr(one, name):
            found[name].append(sorry("line-long", most=MOST_LINE))
    if one.portal and not is_official(one.portal):
        found["portal"].append(sorry("portal-wrong"))
    for name in ("title", "answer", "address", "hours", "vneid"):
        found[name] += wordings.free_complaints(getattr(one, name), official=_OFFICIAL, spoken=spoken)
    return {name: complaints for name, complaints in found.items() if complaints}


def is_official(link: str) -> bool:
    """The State's own sites alone."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        plain = parts.username is None and parts.password is None and parts.port is None
    except ValueError:
        return False
    is_theirs = re.fullmatch(r"(?:[a-z0-9-]+\.)*[a-z0-9-]+\.gov\.vn", host) is not None
    return parts.scheme == "https" and plain and is_theirs and len(link) <= MOST_LINE and re.fullmatch(r"[!-~]+", link) is not None
