"""Words that were pulled apart or dressed up so that no list of words finds them: "O.T.P", "m4t kh4u", "chuy ển tiền", "mậtkhẩu".

`respelled` puts the words it was asked for back into their usual spelling wherever they were dodged, and leaves everything else as
it was typed. A word that is merely another one without its marks ("đã bật" for "đã bắt") stays what it is.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from storage.search import fold

_DIGITS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"})
_BETWEEN = r"[\W_]{0,2}"
_SHORT, _PLAIN_ENOUGH = 6, 7  # Letters: shorter words are too easily others; from so many on wrong marks make no other word.
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")


def respelled(text: str, words: Iterable[str]) -> str:
    text = "".join(sign for sign in unicodedata.normalize("NFC", text) if sign not in "\u200d\ufe0f")
    readable = _letter_by_letter(text)
    for word in words:
        found = [match.span() for match in _dodged(word).finditer(readable) if _is_dodge(text[match.start() : match.end()], word)]
        for start, end in reversed(found):
            text = f"{text[:start]}{word}{text[end:]}"
        if found:
            readable = _letter_by_letter(text)
    return text


def odd_letters(text: str) -> str:
    """Letters that only look like ours, or marks that no word of ours carries. Empty: there are none."""
    found = (
        sign
        for sign in unicodedata.normalize("NFC", text)
        if (sign.isalpha() and not unicodedata.name(sign, "").startswith("LATIN"))
        or (unicodedata.combining(sign) and sign not in _MARKS)
        or (sign.isdigit() and not sign.isascii())
    )
    return "".join(dict.fromkeys(found))


def _is_dodge(typed: str, word: str) -> bool:
    if fold(typed) == fold(word):  # The same words; at most their marks are wrong.
        return typed.casefold() != word and len(_squeezed(word)) >= _PLAIN_ENOUGH
    if len(_squeezed(word)) >= _SHORT:
        return True
    chunks = re.findall(r"[^\W_]+", _letter_by_letter(typed))
    return len(chunks) == 1 or all(len(chunk) == 1 or chunk in fold(word).split() for chunk in chunks)


@cache
def _dodged(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){_BETWEEN.join(map(re.escape, _squeezed(word)))}(?![^\W_])")


def _squeezed(word: str) -> str:
    return fold(word).replace(" ", "")


def _letter_by_letter(text: str) -> str:
    """Each sign stays at its place; digits become letters where a letter stands in the same chunk, or single signs stand around."""
    plain = "".join(map(_folded, text))

    def read(match: re.Match[str]) -> str:
        chunk = match[0]
        is_mixed = any(sign.isalpha() for sign in chunk) or len(chunk) == 1
        return chunk.translate(_DIGITS) if is_mixed else chunk

    return re.sub(r"[\w@$!|]+", read, plain)


@lru_cache(maxsize=2000)
def _folded(sign: str) -> str:
    folded = fold(sign)
    return folded if len(folded) == 1 else sign
