"""How far the words of a message lean towards danger, as learnt from thousands of sentences (`tests/insight/learn.py`).

The rules of `danger.py` know what was foreseen. This adds what nobody foresaw: single words, neighbours, pieces of
words for what was misspelt, and which of the rules' own word lists were touched, each with a weight. Data alone decides
(handlers/data/leaning.json); nothing here is random.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from handlers.insight.phrases import Found
from handlers.insight.words import Heard, Text

WINDOW, STEP = 60, 30  # As in danger.py: a long story is weighed piece by piece.
_PIECES_OF_WORDS = (3, 4, 5)  # Letters: "chasy" still has much of "cháy".
_DATA = Path(__file__).parent.parent / "data" / "leaning.json"


def signs(read: Text, found: list[Found], scores: Mapping[str, float]) -> list[set[str]]:
    """What is seen in each piece of a text."""
    firsts = range(0, max(len(read.words) - STEP, 1), STEP)
    touched: list[set[str]] = [set() for _ in firsts]
    for each in found:  # Each place lies in two pieces at most.
        for piece in {each.start // STEP, each.start // STEP - 1}:
            if 0 <= piece < len(touched):
                touched[piece].add(each.concept)
    return [_of_piece(read, concepts, scores, first) for first, concepts in zip(firsts, touched, strict=True)]


def once_each(words: list[Heard]) -> list[Heard]:
    """A word said over and over says no more than once."""
    return [one for before, one in zip([None, *words], words, strict=False) if before is None or before.readings != one.readings]


def _of_piece(read: Text, touched: set[str], scores: Mapping[str, float], first: int) -> set[str]:
    heard = once_each(read.words[first : first + WINDOW])
    plain = ["#" if one.readings[0].plain.isdigit() else one.readings[0].plain for one in heard]
    marked = ["".join(one.readings[0]) if one.readings[0].is_marked and not one.repaired else "" for one in heard]
    seen = {f"u {word}" for word in plain}
    seen |= {f"b {one} {two}" for one, two in pairwise(plain)}
    seen |= {f"m {word}" for word in marked if word}
    seen |= {f"n {one} {two}" for one, two in pairwise(marked) if one and two}
    seen |= {f"k {concept}" for concept in touched}
    for kind, score in scores.items():
        seen |= {f"r {kind} {step}" for step in (2, 4, 5, 6, 8, 10) if score >= step}
        seen |= {f"r {step}" for step in (2, 4, 5, 6, 8, 10) if score >= step}
    seen.add(f"l {min(len(plain) // 4, 6)}")
    row = f" {' '.join(one.readings[0].plain for one in heard)} "
    seen |= {f"c {row[at : at + size]}" for size in _PIECES_OF_WORDS for at in range(len(row) - size + 1)}
    return seen


def lean(pieces: Iterable[set[str]]) -> float:
    """Above zero: more like danger than not. Of a long text the piece counts that leans most."""
    weights, start = _weights()["any"], _start()["any"]
    return max(start + sum(weights.get(sign, 0.0) for sign in piece) for piece in pieces)


def likeliest(pieces: Iterable[set[str]]) -> str:
    """Which kind of danger, where the rules have no opinion."""
    every = list(pieces)
    kinds = [kind for kind in _weights() if kind != "any"]
    return max(kinds, key=lambda kind: max(_start()[kind] + sum(_weights()[kind].get(sign, 0.0) for sign in piece) for piece in every))


@cache
def _weights() -> dict[str, dict[str, float]]:
    return {kind: values["weights"] for kind, values in _read().items()}


@cache
def _start() -> dict[str, float]:
    return {kind: values["start"] for kind, values in _read().items()}


@cache
def _read() -> dict[str, dict[str, Any]]:
    data: dict[str, dict[str, Any]] = json.loads(_DATA.read_text("utf-8"))
    return data
