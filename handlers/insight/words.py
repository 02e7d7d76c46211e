"""Text as a row of words that can be compared with a word list, however it was typed. Knows no danger and no category.

A word is its plain letters, the marks those carry and its tone. What was typed without marks may stand for any marks; what was
typed with them says exactly what is meant: chạy is not cháy. Everything here is linear in the length of the text: one pass for
the words, and a bounded number of look-ups for a word nobody knows.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

MOST_CHARACTERS = 20_000
_LONGEST_WORD = 40  # What is longer was not meant to be read.
_BARE_BELOW = 0.35  # Vietnamese carries marks on three words of four; below this share somebody writes without them.

_TONES = {"\u0300": "\\", "\u0301": "/", "\u0309": "?", "\u0303": "?", "\u0323": "_"}  # Hỏi and ngã: one tone in half the country.
_SHAPES = {"\u0302": "^", "\u0306": "(", "\u031b": "+"}


def _tables() -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Letter by letter: plain form, shape, tone. One sign becomes one sign, so that places stay the same."""
    plain, shapes, tones = {ord("đ"): "d"}, {ord("đ"): "-"}, {}
    for letter in itertools.chain(range(0xC0, 0x250), range(0x1E00, 0x1F00)):
        apart = unicodedata.normalize("NFD", chr(letter))
        if len(apart) > 1 and apart[0].isascii() and apart[0].islower():
            plain[letter] = apart[0]
            shapes[letter] = next((_SHAPES[mark] for mark in apart[1:] if mark in _SHAPES), ".")
            tones[letter] = next((_TONES[mark] for mark in apart[1:] if mark in _TONES), ".")
    return plain, shapes, tones


_PLAIN, _SHAPE, _TONE = _tables()
_LETTER = re.compile(r"[^\W\d_]+|\d+|[.!?;\n…]")
_DOUBLE = re.compile(r"([^\W\d_])\1")
_LAST_Y = re.compile(r"(?<=[hklmst])y$")
_ENDS = frozenset(".!?;\n…")
_EMOJI = {ord("🆘"): " sos ", ord("🔪"): " dao ", ord("\u200b"): None, ord("\u200d"): None, ord("\ufeff"): None, ord("\u00ad"): None}


class Word(NamedTuple):
    """As much of a word as a comparison needs. `shape` has a sign for each plain letter; empty marks mean none was typed."""

    plain: str
    shape: str = ""
    tone: str = ""

    @property
    def is_marked(self) -> bool:
        return bool(self.shape or self.tone)

    def fits(self, meant: "Word") -> int:
        """2 when typed as meant, 1 when marks may have been left out, 0 when another word was typed."""
        if self.shape == meant.shape and self.tone == meant.tone:
            return 2
        if self.tone and self.tone != meant.tone:
            return 0
        if not self.shape:
            return 1
        shape = meant.shape or "." * len(self.shape)
        return int(all(mine in (".", theirs) for mine, theirs in zip(self.shape, shape, strict=True)))


class Heard(NamedTuple):
    """A word of a text: its readings, where it stands in what was typed, and the sentence it belongs to."""

    readings: tuple[Word, ...]
    start: int
    end: int
    sentence: int
    repaired: bool = False  # A guess at what was meant: its marks say nothing.


@dataclass(slots=True)
class Text:
    words: list[Heard] = field(default_factory=list)
    typed: str = ""
    is_bare: bool = True

    @property
    def is_foreign(self) -> bool:
        """Most of its words could not be Vietnamese."""
        words = [one.readings[0].plain for one in self.words if not one.readings[0].plain.isdigit()]
        return sum(plain in _syllables() for plain in words) * 2 < len(words)


def word(typed: str) -> Word:
    small = unicodedata.normalize("NFC", typed.lower())
    return _word(small, small.translate(_PLAIN))


def _word(small: str, plain: str) -> Word:
    shape, tone = "", ""
    if not small.isascii():
        shape = "".join(_SHAPE.get(ord(letter), ".") for letter in small)
        tone = next((sign for letter in small if (sign := _TONE.get(ord(letter), ".")) != "."), "")
    if _DOUBLE.search(plain):
        plain, shape = _squeezed(plain, shape)
    if plain.endswith("y"):
        plain = _LAST_Y.sub("i", plain)
    return Word(plain, shape if shape.strip(".") else "", tone)


def _squeezed(plain: str, shape: str) -> tuple[str, str]:
    """Repeated letters are one: "nhaaaa". Only ưu has two u, and must not become cũ. Of their marks the first that was typed counts."""
    letters: list[str] = []
    marks: list[str] = []
    for letter, mark in zip(plain, shape or "." * len(plain), strict=True):
        if letters and letters[-1] == letter and not (letter == "u" and letters[-2:] != ["u", "u"]):
            marks[-1] = mark if marks[-1] == "." else marks[-1]
        else:
            letters.append(letter)
            marks.append(mark)
    return "".join(letters), "".join(marks)


# --- Syllables that exist: a word that is none of them was mistyped, or is foreign --------------------------------------

_INITIALS = "b c ch d g gh gi h k kh l m n ng ngh nh p ph qu q r s t th tr v x"
_RIMES = """
    a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et eu enh ech i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong op ot u ua uan uang uat uay uc ue uech uen
    uenh ui um un ung uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu y yem yen yet yeu uo
"""


@cache
def _syllables() -> frozenset[str]:
    return frozenset(_LAST_Y.sub("i", initial + rime) for initial in ["", *_INITIALS.split()] for rime in _RIMES.split())


# --- Vocabulary: what a word nobody knows may have been meant to be ---------------------------------------------------

_TELEX_TONE = {"s", "f", "r", "x", "j"}
_TELEX = re.compile(r"[wsfrxj]")


class Vocabulary:
    """Knows the words of the lists, so that slips can be led back to them: telex left on, missing blanks, swapped letters."""

    def __init__(self, words: Iterable[str], spelling: Mapping[str, str]) -> None:
        self.plain = frozenset(word(each).plain for each in words)
        self._spelling = {key: tuple(word(part) for part in value.split()) for key, value in spelling.items()}
        self._near: dict[str, list[str]] = {}
        for each in sorted(self.plain):
            if len(each) >= 4:
                for shorter in _one_less(each):
                    self._near.setdefault(shorter, []).append(each)
        self._readings_of: dict[str, Word] = {}  # Filled as words come by; only syllables that exist, so it stays small.
        self._longest = max(map(len, self.plain), default=1)

    def read(self, text: str) -> Text:
        """Words in their order; what stands behind the limit is not read."""
        typed = text[:MOST_CHARACTERS]
        small = unicodedata.normalize("NFC", typed.translate(_EMOJI)).lower()[:MOST_CHARACTERS]
        if len(small) != len(typed):
            typed = small  # Places no longer agree with what was typed; what is shown is then the normal form.
        plain = small.translate(_PLAIN)
        read = Text(typed=typed)
        sentence = marked = counted = 0
        for match in _LETTER.finditer(plain):
            start, end = match.span()
            if plain[start] in _ENDS:
                sentence += 1
                continue
            letters = small[start:end]
            if own := self._readings_of.get(letters):
                read.words.append(Heard((own,), start, end, sentence))
            else:
                read.words += self._readings(letters, plain[start:end], start, end, sentence)
            if end - start > 1 and not plain[start].isdigit():
                counted += 1
                marked += not letters.isascii()
        read.is_bare = marked < counted * _BARE_BELOW
        return read

    def _readings(self, small: str, plain: str, start: int, end: int, sentence: int) -> Iterator[Heard]:
        own = _word(small, plain)
        if spelled := self._spelling.get(small):
            if len(spelled) == 1:
                yield Heard((spelled[0], own), start, end, sentence)
            else:
                yield from (Heard((part,), start, end, sentence) for part in spelled)
        elif own.plain in self.plain or own.plain in _syllables():
            if len(small) == len(own.plain):
                self._readings_of[small] = own
            yield Heard((own,), start, end, sentence)
        elif len(plain) < 3 or len(plain) > _LONGEST_WORD or plain.isdigit():
            yield Heard((own,), start, end, sentence)
        else:
            yield from self._repaired(own, plain, start, end, sentence)

    def _repaired(self, own: Word, plain: str, start: int, end: int, sentence: int) -> Iterator[Heard]:
        telex = _without_telex(plain)
        if telex and (telex in self.plain or telex in _syllables()):
            yield Heard((Word(telex),), start, end, sentence, repaired=True)
        elif parts := self._parts(own.plain):
            yield from (Heard((Word(part),), start, end, sentence, repaired=True) for part in parts)
        else:
            near = self._neighbours(own.plain)
            yield Heard((own, *map(Word, near)), start, end, sentence, repaired=bool(near))

    def _parts(self, plain: str) -> list[str]:
        """Words without blanks between them. Bounded by the length of one word, which is bounded itself."""
        best: list[list[str] | None] = [[]] + [None] * len(plain)
        for end in range(2, len(plain) + 1):
            for start in range(max(0, end - min(self._longest, 8)), end - 1):
                before, part = best[start], plain[start:end]
                known = part in self.plain
                if before is not None and known and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                    best[end] = [*before, part]
        found = best[-1]
        return found if found and len(found) > 1 else []

    def _neighbours(self, plain: str) -> list[str]:
        """One slip away: a letter too many, too few, another one, or two in the wrong order."""
        if not 4 <= len(plain) <= 12:
            return []
        found = dict.fromkeys(self._near.get(plain, ()))
        for shorter in _one_less(plain):
            if len(shorter) >= 4 and shorter in self.plain:
                found[shorter] = None
            found.update(dict.fromkeys(near for near in self._near.get(shorter, ()) if near[0] == plain[0] and len(near) == len(plain)))
        return list(found)[:3]


def _one_less(plain: str) -> set[str]:
    return {plain[:at] + plain[at + 1 :] for at in range(len(plain))}


def _without_telex(plain: str) -> str:
    """What a telex keyboard would have made of it, without the marks: "cuwus" is cứu."""
    if len(plain) < 3 or not (_TELEX.search(plain[1:]) or _DOUBLE.search(plain)):
        return ""
    kept = plain[0] + "".join(letter for letter in plain[1:].replace("w", "") if letter not in _TELEX_TONE)
    return _LAST_Y.sub("i", re.sub(r"([aeod])\1", r"\1", kept))
