"""Finds the phrases of word lists in a text, in one pass: a tree of plain words, with the marks looked at where a phrase ends."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from handlers.insight.words import Text, Word, word

# Lists whose names begin so take alarm away: among words with marks they must be typed exactly ("giờ em" is not "giờ êm").
QUIET = "~@"
_LOOSE, _EXACT, _MARKED = range(3)
_EITHER = re.compile(r"\(([^()]*)\)")
_GROUP = re.compile(r"\{(\w+)\}")


class Found(NamedTuple):
    """A phrase of a list, over the words start..end-1 of the text."""

    concept: str
    start: int
    end: int


_Path = tuple[tuple[Word, bool], ...]  # Words as typed, and whether they are a guess.


@dataclass(slots=True)
class _Node:
    then: dict[str, "_Node"] = field(default_factory=dict)
    phrases: list[tuple[tuple[Word, ...], str, int]] = field(default_factory=list)  # Words, concept, how strict.


class Lists:
    """Phrases under the names of their lists."""

    def __init__(self, lists: Mapping[str, Iterable[str]], groups: Mapping[str, list[str]] | None = None) -> None:
        self._root = _Node()
        self.words: set[str] = set()
        self._read: dict[str, Word] = {}  # Thousands of phrases are made of some hundred words.
        for concept, phrases in lists.items():
            for phrase in dict.fromkeys(each for raw in phrases for each in spread(raw, groups or {})):
                self._add(concept, phrase)

    def _add(self, concept: str, phrase: str) -> None:
        strict = _MARKED if phrase.endswith("!") else _EXACT if concept[0] in QUIET else _LOOSE
        parts = re.findall(r"[^\W\d_]+|\d+", phrase.lower())
        node = self._root
        meant = tuple(self._word(part) for part in parts)
        for each in meant:
            after = node.then.get(each.plain)
            if after is None:
                after = node.then[each.plain] = _Node()
            node = after
        node.phrases.append((meant, concept, strict))
        self.words.update(parts)

    def _word(self, part: str) -> Word:
        read = self._read.get(part)
        if read is None:
            read = self._read[part] = word(part)
        return read

    def find(self, text: Text) -> list[Found]:
        """From each word as deep as the longest phrase, and as wide as a word has readings: a few at most."""
        found: dict[Found, None] = {}
        words, count = text.words, len(text.words)
        for at in range(count):
            waiting: list[tuple[int, _Node, _Path]] = [(at, self._root, ())]
            while waiting:
                here, node, typed = waiting.pop()
                heard = words[here]
                for number, reading in enumerate(heard.readings):
                    after = node.then.get(reading.plain)
                    if after is None:
                        continue
                    path = (*typed, (reading, heard.repaired and (number > 0 or not reading.is_marked)))
                    for meant, concept, strict in after.phrases:
                        if _fit(path, meant, text.is_bare, strict):
                            found[Found(concept, at, here + 1)] = None
                    if after.then and here + 1 < count:
                        waiting.append((here + 1, after, path))
        return list(found)


def _fit(path: _Path, meant: tuple[Word, ...], is_bare: bool, strict: int) -> bool:
    """Among words with their marks, half of a phrase may lack them; a guess at a slip is trusted as if it had them."""
    loose = 0
    for (typed, guessed), each in zip(path, meant, strict=True):
        fit = typed.fits(each)
        if fit == 0:
            return False
        loose += fit == 1 and not guessed
    if strict == _MARKED or (strict == _EXACT and not is_bare):
        return not loose
    return is_bare or loose <= len(meant) // 2


def spread(phrase: str, groups: Mapping[str, list[str]]) -> Iterator[str]:
    """Every phrase that a shorthand stands for: "(tới|đến) {me}"."""
    if match := _EITHER.search(phrase):
        for choice in match[1].split("|"):
            yield from spread(phrase[: match.start()] + choice + phrase[match.end() :], groups)
    elif match := _GROUP.search(phrase):
        for choice in groups[match[1]]:
            yield from spread(phrase[: match.start()] + choice + phrase[match.end() :], groups)
    else:
        yield phrase
