"""Wording by key, Vietnamese first. A key or a variable that is missing is an error, never an odd sentence.

`say` speaks with our sentences, `say_as` with a ward's own where it has one. A ward's own sentence was checked before it was
taken (`handlers/wordings.py`); should it fail all the same, ours is said instead, because somebody is waiting for an answer.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast

from handlers.ward_book import WardBook

log = logging.getLogger("keng.texts")

LANGUAGES = ("vi", "en")
_BEGINS = re.compile(r"(-?[a-zA-Z][\w-]*)\s*=")
_REFERS = re.compile(r"\{\s*(-?[a-zA-Z][\w-]*)")


class MissingText(KeyError):
    """A key without words, or words whose variable was not given."""


@cache
def _bundle(language: str) -> Any:
    """Empty at first: parsing all sentences takes a second of every start, and one start says few of them. See `_take_in`."""
    if language not in LANGUAGES:
        raise MissingText(language)
    return FluentBundle([language], use_isolating=False)


@cache
def _sources(language: str) -> Mapping[str, str]:
    """Each sentence as it is written, by name; terms with the dash before it."""
    found: dict[str, str] = {}
    for path in _files(language):
        name = ""
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if begins := _BEGINS.match(line):
                name = begins[1] if begins[1] not in found else ""  # Of two with one name the first counts.
                line = line if name else ""
            elif line.startswith("#"):
                name = ""
            if name:
                found[name] = found.get(name, "") + line
    return found


def _take_in(bundle: Any, language: str, key: str) -> None:
    """This sentence, and whatever it refers to."""
    wanted, sources = [key], _sources(language)
    while wanted:
        name = wanted.pop()
        known = bundle._terms if name.startswith("-") else bundle._messages
        if name in sources and name.removeprefix("-") not in known:
            bundle.add_resource(FluentResource(sources[name]))
            wanted += _REFERS.findall(sources[name])


def for_readers(key: str, kind: str) -> str:
    """The same sentence, as it is true of a tip that the superior police ("fence") or the chief alone read. A sentence without a variant of
    its own is true of every tip."""
    ends = {"fence": ("-fence", "-restricted"), "chief": ("-restricted",)}.get(kind, ())
    return next((f"{key}{end}" for end in ends if f"{key}{end}" in _sources("vi")), key)


def _files(language: str) -> list[Path]:
    return sorted((Path(__file__).parent / language).glob("*.ftl"))


def say(key: str, language: str = "vi", /, **values: Any) -> str:
    return _say(key, language, values) if values else _say_alone(key, language)


@cache
def _say_alone(key: str, language: str) -> str:
    """Most sentences say the same every time, and a page has more than a hundred of them."""
    return _say(key, language, {})


def _say(key: str, language: str, values: Mapping[str, Any]) -> str:
    bundle = _bundle(language)
    if not bundle.has_message(key):
        _take_in(bundle, language, key)
        if not bundle.has_message(key):
            raise MissingText(key)
    text, errors = _formatted(bundle, key, values)
    if errors:
        raise MissingText(f"{key}: {errors[0]}")
    return text.replace("\u0000", "")


_LONG = 2_000
_WRITTEN_ALIKE = range(1_000)  # Whole numbers that every language of ours writes as they are.


def _put_in(pattern: Any, values: Mapping[str, Any]) -> str | None:
    """Words with plain values between them, as most sentences are: three times as fast as Fluent. None: it takes more than that."""
    parts = list[str]()
    for element in pattern.elements if isinstance(pattern, ast.Pattern) else (pattern,):
        if isinstance(element, ast.TextElement):
            parts.append(element.value)
            continue
        inner = element.expression if isinstance(element, ast.Placeable) else None
        value = values.get(inner.id.name) if isinstance(inner, ast.VariableReference) else None
        if type(value) is int and value in _WRITTEN_ALIKE:
            parts.append(str(value))
        elif type(value) is str:
            parts.append(value)
        else:
            return None
    return "".join(parts)


def _formatted(bundle: Any, key: str, values: Mapping[str, Any]) -> tuple[str, list[Exception]]:
    """Fluent refuses a value of more than 2,500 signs, and what somebody writes may be longer: it is put in afterwards."""
    if (put := _put_in(bundle.get_message(key).value, values)) is not None:
        return put, []
    long = [(name, value) for name, value in values.items() if isinstance(value, str) and len(value) > _LONG]
    marks = {name: f"\ue000{number}\ue001" for number, (name, _value) in enumerate(long)}
    said, errors = bundle.format_pattern(bundle.get_message(key).value, {**values, **marks})
    text = str(said)
    for name, value in long:
        text = text.replace(marks[name], value)
    return text, errors


@cache
def keys(language: str) -> frozenset[str]:
    return frozenset(name for name in _sources(language) if not name.startswith("-"))


def say_as(book: WardBook, key: str, language: str = "vi", /, **values: Any) -> str:
    """As this ward says it."""
    if (language, key) not in book.wordings:
        return say(key, language, **values)
    try:
        bundle = _own_bundle(book, language)
        text, errors = _formatted(bundle, key, values)
        if errors or not text.strip():
            raise MissingText(key)
        return text
    except Exception as error:  # Whatever it was, ours is ready; the words themselves stay out of the log.
        log.warning("own_wording_failed", extra={"key": key, "language": language, "error": type(error).__name__})
        return say(key, language, **values)


_own: dict[str, tuple[Mapping[tuple[str, str], str], Any]] = {}  # By language: what it was made of, and the bundle.


def _own_bundle(book: WardBook, language: str) -> Any:
    """Compiled once for each version of the book: a version brings a mapping of its own."""
    known = _own.get(language)
    if known is not None and known[0] is book.wordings:
        return known[1]
    bundle = FluentBundle([language], use_isolating=False)
    for (spoken, key), text in book.wordings.items():
        if spoken == language:
            bundle.add_resource(FluentResource(as_message(key, text)))
    _own[language] = (book.wordings, bundle)
    return bundle


def as_message(key: str, text: str) -> str:
    """What somebody typed, as a Fluent message. Outside of { } a line may begin with any sign."""
    return f"{key} =\n" + "".join(f"    {line}\n" if line else "\n" for line in _lines(text))


def _lines(text: str) -> Iterator[str]:
    depth = 0
    for line in text.strip().split("\n"):
        bare = line.strip()
        yield f'{{ "{bare[0]}" }}{bare[1:]}' if depth == 0 and bare[:1] in ("[", "*", ".") and bare else bare
        depth += bare.count("{") - bare.count("}")


@cache
def entries(language: str) -> Mapping[str, ast.Message | ast.Term]:
    """Our sentences as trees, terms under their name with the dash before it: for who compares a ward's own with ours."""
    return {name: entry for name, (entry, _file) in _trees(language).items()}


@cache
def files_of(language: str) -> Mapping[str, str]:
    """Which file each sentence stands in, in their order there."""
    return {name: file for name, (_entry, file) in _trees(language).items()}


@cache
def _trees(language: str) -> dict[str, tuple[ast.Message | ast.Term, str]]:
    found: dict[str, tuple[ast.Message | ast.Term, str]] = {}
    for path in _files(language):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message | ast.Term):
                found[f"-{entry.id.name}" if isinstance(entry, ast.Term) else entry.id.name] = (entry, path.name)
    return found
