"""What a story is about, guessed from its words. Only ever a proposal: the resident may choose another, and an officer decides."""

from functools import cache

from handlers.insight import danger
from handlers.insight.catalogue import CODES, words_of
from handlers.insight.phrases import Found, Lists
from handlers.insight.words import Vocabulary

_ENOUGH = 2.0
_WEAK = 0.5
_SINGLE = 2.0  # A phrase of one word that stands for the thing itself, as "heroin" does.
_EACH_WORD = 1.5
# Where two are as likely, the one first here: what is worse for somebody if it is missed.
_FIRST = ("TE", "BL", "MB", "CN", "NT", "TD", "HD", "VK", "LD", "MT", "CB", "TC", "TT", "TN", "MD", "MR", "DX", "MN", "ML", "CT", "KH")


def recognise(text: str) -> str:
    """A code of the catalogue, or "" when the words say too little."""
    read = _vocabulary().read(text)
    scores = _scores(_lists().find(read))
    if not scores:
        return ""
    best = max(scores, key=lambda code: (scores[code], -_FIRST.index(code)))
    return best if scores[best] >= _ENOUGH else ""


def _scores(found: list[Found]) -> dict[str, float]:
    """Each stretch of words counts once for a code, by its longest phrase."""
    scores: dict[str, float] = {}
    reach: dict[str, int] = {}
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        code, _, is_weak = each.concept.partition(" ")
        if each.start < reach.get(code, 0):
            continue
        reach[code] = each.end
        length = each.end - each.start
        scores[code] = scores.get(code, 0.0) + (_WEAK if is_weak else _SINGLE if length == 1 else _EACH_WORD * length)
    return scores


@cache
def _lists() -> Lists:
    numbers = {"n": [str(number) for number in range(1, 100)]}
    lists = {code: words_of()[code]["words"] for code in CODES} | {f"{code} weak": words_of()[code]["weak"] for code in CODES}
    return Lists(lists, numbers)


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(_lists().words, danger.spelling())
