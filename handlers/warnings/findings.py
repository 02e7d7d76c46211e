"""What the checker of warnings finds, and where it looks: a warning as fields, each read letter by letter so that places stay true."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from handlers.insight.names import letter_by_letter
from handlers.warnings.content import Content

Weight = Literal["warns", "stops", "never"]
_MOST_READ = 1_500  # Letters; a warning has 120 words. Of what is crafted to be slow they take half a second.
_DATA = Path(__file__).parent.parent / "data" / "warning_checks.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`say(f"found-{key}", words=…, instead=…)` tells it. Places count the letters of the field as `composed` has it."""

    key: str
    weight: Weight
    field: str = ""  # headline, body, line-1, line-2 …, source; empty: of the whole.
    start: int = 0
    end: int = 0
    words: str = ""
    instead: str = ""  # A plainer word.
    tips: tuple[int, ...] = ()  # To which tips it leads back, of those that whoever asked may read.

    @property
    def blocks(self) -> bool:
        return self.weight != "warns"

    @property
    def may_be_insisted_on(self) -> bool:
        """With a legal ground. What no line of the police says, nobody can insist on."""
        return self.weight == "stops"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field, as it was written and as it is read: each sign stands at the same place in all of them."""

    name: str
    text: str
    small: str
    plain: str  # Small letters without marks.

    def finding(self, key: str, weight: Weight, start: int, end: int, **more: Any) -> Finding:
        return Finding(key=key, weight=weight, field=self.name, start=start, end=end, words=self.text[start:end], **more)

    def without(self, *spans: tuple[int, int]) -> "Field":
        """The same, where nothing stands at these places."""

        def blanked(text: str) -> str:
            for start, end in spans:
                text = f"{text[:start]}{'#' * (end - start)}{text[end:]}"
            return text

        return replace(self, text=blanked(self.text), small=blanked(self.small), plain=blanked(self.plain))


def composed(content: Content) -> Content:
    """Every letter one sign, however it was typed: places in it are places in what is shown."""

    def one(text: str) -> str:
        return unicodedata.normalize("NFC", text)

    fields: dict[str, Any] = {"headline": one(content.headline), "body": one(content.body), "source": one(content.source)}
    return replace(content, lines=tuple(map(one, content.lines)), **fields)


def fields_of(content: Content) -> Iterator[Field]:
    content = composed(content)
    named = [("headline", content.headline), ("body", content.body)]
    named += [(f"line-{place}", line) for place, line in enumerate(content.lines, 1)]
    for name, text in (*named, ("source", content.source)):
        if text:
            yield field_of(name, text)


def field_of(name: str, text: str) -> Field:
    text = text[:_MOST_READ]
    small = "".join(lower if len(lower := sign.lower()) == 1 else sign for sign in text)
    return Field(name=name, text=text, small=small, plain=letter_by_letter(text))


def is_too_long_to_read(content: Content) -> bool:
    return any(len(text) > _MOST_READ for text in (content.headline, content.body, content.source, *content.lines))


@cache
def data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def words_of(part: str, name: str) -> tuple[str, ...]:
    """A list of the data, as it is written there: one after the other, or with strokes between."""
    typed = data()[part][name]
    cut = typed.split("|") if "|" in typed else typed.split()
    return tuple(dict.fromkeys(" ".join(one.split()) for one in cut if one.strip()))


@cache
def any_of(part: str, name: str) -> re.Pattern[str]:
    """One of these, as whole words, the longest first."""
    longest_first = sorted(words_of(part, name), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def apart(found: list[Finding]) -> tuple[Finding, ...]:
    """In the order of the fields as they came; of two that say the same of overlapping words the longer one, and a stop before a mere
    warning."""
    kept: list[Finding] = []
    order = {name: place for place, name in enumerate(dict.fromkeys(one.field for one in found))}
    for one in sorted(found, key=lambda each: (order[each.field], each.start, not each.blocks, -each.end)):
        beside = [other for other in kept if other.field == one.field and other.start < one.end and one.start < other.end]
        if any(other.key == one.key or (other.blocks and not one.blocks) for other in beside):
            continue
        kept.append(one)
    return tuple(kept)
