"""The help for officers: a file for each topic and language in `texts/help`, read strictly.

A name in braces, as in `{tip-accept}`, is the sentence of that name in the texts: a button that is called otherwise tomorrow is called so
here, too, and one that is gone makes the topic fail to load instead of sending somebody to look for it.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from handlers import texts
from storage.search import fold

_FOLDER = Path(texts.__file__).parent / "help"
_LABEL = re.compile(r"\{([a-z0-9_-]+)\}", re.IGNORECASE)
_WHOLE = ("title", "purpose")
_MAY = ("steps", "signs", "buttons", "wrong", "law")
# The head of each part, in the order in which a reader needs them.
Part = tuple[str, bool]  # Words, and whether they are the name of something on the screen.
Said = tuple[Part, ...]


class BadTopic(Exception):
    """A file of the help that is not as this module wants it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    name: str
    title: str
    purpose: Said
    steps: tuple[Said, ...]
    signs: tuple[tuple[Said, Said], ...]  # What stands there, and what it means.
    buttons: tuple[tuple[Said, Said], ...]  # What is pressed, and what it does.
    wrong: tuple[tuple[Said, Said], ...]  # What may be wrong, and what to do.
    law: Said
    searched: str  # Folded: what a search looks through.


def names(language: str) -> frozenset[str]:
    return frozenset(path.stem for path in (_FOLDER / language).glob("*.toml"))


@cache
def topic(name: str, language: str) -> Topic:
    """Raises BadTopic; `name` is one of `names`."""
    try:
        read = tomllib.loads((_FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))
        return _made(name, language, read)
    except (OSError, tomllib.TOMLDecodeError, texts.MissingText, ValueError) as error:
        raise BadTopic(f"{language}/{name}: {error}") from error


def finds(topic: Topic, typed: str) -> bool:
    """Whether every word of it stands somewhere in the title, the purpose or a question."""
    return all(word in topic.searched for word in fold(typed).split())


def _made(name: str, language: str, read: dict[str, Any]) -> Topic:
    if missing := [field for field in _WHOLE if field not in read]:
        raise ValueError(f"{', '.join(missing)} is missing")
    if unknown := sorted(set(read) - {*_WHOLE, *_MAY}):
        raise ValueError(f"{', '.join(unknown)} is not known here")
    title = read["title"]
    if not isinstance(title, str) or not title.strip() or "{" in title:
        raise ValueError("the title is one line of plain words")
    purpose, law = (_said(read[field], language) if field in read else () for field in ("purpose", "law"))
    wrong = _pairs(read.get("wrong", []), language)
    searched = [title, _plain(purpose), *(_plain(question) for question, _answer in wrong)]
    return Topic(
        name=name,
        title=title,
        purpose=purpose,
        steps=tuple(_said(one, language) for one in _listed(read.get("steps", []))),
        signs=_pairs(read.get("signs", []), language),
        buttons=_pairs(read.get("buttons", []), language),
        wrong=wrong,
        law=law,
        searched=fold(" ".join(searched)),
    )


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.40} is not a list")
    return value


def _pairs(value: object, language: str) -> tuple[tuple[Said, Said], ...]:
    pairs = []
    for one in _listed(value):
        pair = _listed(one)
        if len(pair) != 2:
            raise ValueError(f"{one!r:.60} is not a pair")
        pairs.append((_said(pair[0], language), _said(pair[1], language)))
    return tuple(pairs)


def _said(value: object, language: str) -> Said:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r:.40} says nothing")
    parts, at = [], 0
    for label in _LABEL.finditer(value):
        parts += [(value[at : label.start()], False), (texts.say(label[1], language), True)]
        at = label.end()
    said = tuple(part for part in (*parts, (value[at:], False)) if part[0])
    if any("{" in words or "}" in words for words, is_label in said if not is_label):
        raise ValueError(f"{value!r:.60} has a brace that names nothing")
    return said


def _plain(said: Said) -> str:
    return "".join(words for words, _is_label in said)
