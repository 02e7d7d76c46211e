"""Wording by key, Vietnamese first. A key or a variable that is missing is an error, never an odd sentence."""

from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("vi", "en")


class MissingText(KeyError):
    """A key without words, or words whose variable was not given."""


@cache
def _bundle(language: str) -> Any:
    if language not in LANGUAGES:
        raise MissingText(language)
    bundle = FluentBundle([language], use_isolating=False)
    for path in sorted((Path(__file__).parent / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


def say(key: str, language: str = "vi", /, **values: Any) -> str:
    bundle = _bundle(language)
    if not bundle.has_message(key):
        raise MissingText(key)
    text, errors = bundle.format_pattern(bundle.get_message(key).value, values)
    if errors:
        raise MissingText(f"{key}: {errors[0]}")
    return str(text).replace("\u0000", "")


def keys(language: str) -> frozenset[str]:
    return frozenset(_bundle(language)._messages)
