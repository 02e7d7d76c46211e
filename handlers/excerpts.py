"""A few masked words of a tip, for a phone whose chief wanted that: enough to know what it is about.

Whatever could be a name, a number or a place is covered, and rather too much than too little. Names written small, without a word
before them that tells a person, cannot be known: the page where an excerpt is switched on says so.
"""

import re
from collections.abc import Iterator

from handlers.insight import names
from storage.search import fold

MOST = 160
_COVER = "•••"
_READ = 1_000
_NUMBERS = re.compile(r"\S*\d\S*")
_LINKS = re.compile(r"\S*(?:@|://|www\.|\.(?:com|vn|net|org|me|info))\S*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ENDS_SENTENCE = re.compile(r"(?:^|[.!?:;\n…])[\s\"'“(-]*$")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What follows these is most often a name, or where somebody lives. With their accents: "cô" is a woman, "có" is nothing of the kind.
# Where few words of a text have any, both may be meant and both count.
_HEADS = _set(
    "anh chị ông bà cô chú bác em thằng tên cậu mợ dì thím dượng mr mrs ms"
    " đường phố ngõ ngách hẻm kiệt số nhà tổ khu chợ trường chùa quán tiệm xóm thôn ấp làng tòa chung street lane"
)
_BARE_HEADS = frozenset(map(fold, _HEADS))
_NO_NAME = _set(
    "ay nay kia do ta toi em cua la bi da dang se co khong o va voi thi ma ra vao di ve roi lai con cung nao gi ai minh no ho hang"
    " trai gai ruot xa xom dau nho lon the bao noi"
)


def masked(text: str) -> str:
    text = text[:_READ]
    covered = [False] * len(text)
    for start, end in _spans(text):
        covered[start:end] = [True] * (end - start)
    shown, was_covered = [], False
    for sign, is_covered in zip(text, covered, strict=True):
        if not is_covered:
            shown.append(sign)
        elif not was_covered:
            shown.append(_COVER)
        was_covered = is_covered
    return _cut(re.sub(rf"(?:{_COVER}[\s,]*){{2,}}", f"{_COVER} ", " ".join("".join(shown).split())).strip())


def _spans(text: str) -> Iterator[tuple[int, int]]:
    yield from ((mark.start, mark.end) for mark in names.marks(text))
    yield from (found.span() for pattern in (_NUMBERS, _LINKS) for found in pattern.finditer(text))
    words, before = list(_WORD.finditer(text)), ""
    heads = _heads([word.group().lower() for word in words])
    for place, word in enumerate(words):
        plain, is_capital = fold(word.group()), word.group()[0].isupper()
        follows = words[place + 1].group() if place + 1 < len(words) else ""
        begins = bool(_ENDS_SENTENCE.search(text[: word.start()]))
        is_name = is_capital and (not begins or follows[:1].isupper() or (word.group().isupper() and len(plain) > 1))
        if is_name or (not begins and before in heads and plain not in _NO_NAME):
            yield word.span()
        before = word.group().lower()


def _heads(words: list[str]) -> frozenset[str]:
    accented = sum(fold(word) != word for word in words)
    return _HEADS if 3 * accented > len(words) else _HEADS | _BARE_HEADS


def _cut(text: str) -> str:
    if len(text) <= MOST:
        return text
    at = text.rfind(" ", 0, MOST)
    return f"{text[: at if at > 0 else MOST].rstrip(' ,.;:')}…"
