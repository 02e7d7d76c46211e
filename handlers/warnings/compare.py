"""A forwarded warning beside the true one: which lines are not as they were written, what is missing, and which links and numbers are
strange. Word by word, so that lines which a phone broke or joined elsewhere are still the same.

What people and apps do to a text without meaning anything is folded away: blanks, quotation marks, dashes, small and capital letters,
numbers of lines, emoji, "Fwd:", a cut at the end. What is left differs, and is shown. A negation is only one word: a line that lost one
is shown like any other.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from storage.search import fold

MOST_SIGNS, MOST_WORDS = 6000, 900
MOST_SENT = 20_000  # With all the blanks that somebody may have put in to push a line of theirs out of sight.
_MOST_SHOWN, _MOST_LINE = 6, 160
LEAST_ALIKE = 0.5  # Of its words.
_SITE_ENDS = (
    "com|vn|net|org|info|xyz|top|io|me|app|site|online|club|shop|link|ly|gl|cc|tk|ga|ml|cn|ru|co|biz|dev|vip|page|asia|gg|to"
    "|icu|pro|win|live|store|tech|cfd|sbs|bond|click|zip|mobi|cloud|fun|space|website|world|today|life|ink|cyou|buzz|rest|monster|quest|lol"
    "|host|press|bid|loan|work|support|help|center|email|group|team|zone|pw|ws|hk|sg|jp|kr|uk|fr|eu|tw"
)
_LINK = re.compile(rf"(?:https?:/+|hxxps?:/+|www\.)\S+|(?<![\w@.-])(?:[\w-]+\.){{1,6}}(?:{_SITE_ENDS})\b(?:[:/]\S*)?", re.IGNORECASE)
_END = re.compile(rf"(?<=\w)\.(?=(?:{_SITE_ENDS})\b)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w/])\+?\d(?:[ .\u00a0-]?\d){6,18}(?![\w/])")
_MONEY = re.compile(r"\d{1,3}(?:[. ]000){1,4}")
_FORWARDED = re.compile(
    r"^\W*(?:fwd?|fw|chuyen tiep|tin chuyen tiep|da chuyen tiep|forwarded(?: message)?(?: from .{0,40})?|\[?forwarded\]?)\W*$"
    r"|^\W*(?:fwd?|fw|chuyen tiep|tin chuyen tiep|da chuyen tiep)\s*:\s*"
)
_SPEAKER = re.compile(r"^\[\d{1,2}[:/]\d{2}[^\]]{0,20}\]\s*(?:[^:\n]{1,40}:\s)?")  # "[20:14, 3/4/2026] Tổ trưởng: …", as it is copied.
# One number at most: of several a telephone number could be made.
_PLACE_OF_LINE = re.compile(r"^\s*(?:[-–—•*+>▪●◦·✔✓]\s*)*(?:\(?[1-9][.)/]\s+|[1-9]\ufe0f?\u20e3\s*)?")
_PLACE_WITHIN = re.compile(r"\(?[1-3][.)]")  # The same of lines that were joined: a warning has three at most.
_SENTENCE = re.compile(r"(?<=[^\d\s][.!?])\s+")
_CUT = re.compile(r"(?:…|\.\.\.)\s*(?:xem thêm|xem them|see more|more)?\s*$", re.IGNORECASE)
_EMPTY = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff\u00ad\ufe0f\u034f]+")  # Signs that nobody sees.
_BLANKS = re.compile(r"[^\S\n]+|\n\s*\n")
# Pictures, which say nothing beside words. Letters in boxes, signs for the blind and what a font may draw as it likes are words.
_PICTURE = re.compile("\U0001f1fb\U0001f1f3|[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")
_PICTURES = re.compile(rf"(?:{_PICTURE.pattern})(?:\s*(?:{_PICTURE.pattern}))+")
_TURNING = "\u202b\u202e\u2067"  # They make a number read backwards.
# A name before a message tells who passed it on, unless it tells what to do.
_NO_NAME = re.compile(r"\b(?:nop|chuyen|tien|goi|ket ban|zalo|tai khoan|stk|otp|bam|nhan|lien he|cai|quet|vao|http)\b")
_NEGATIONS = ("khong", "dung", "cho", "chang", "chua")
_EDGES = " .,;:!?\"'()[]{}<>*_~`|/\\-–—•…"
_DASHES = str.maketrans({sign: "-" for sign in "‐‑‒–—―−"})
_HEAD = re.compile(r"(?:khan( cap)? ?[:!-]* ?)?(?:canh bao|dinh chinh|thong bao|khuyen cao)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`changed`: lines of what was sent that are not in the true text as they stand. `missing`: true lines that are not there."""

    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    links: tuple[str, ...] = ()  # Where nobody can press them any more.
    phones: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()  # Other long numbers.
    is_cut: bool = False  # More was sent than is compared.

    @property
    def is_same(self) -> bool:
        return not (self.changed or self.missing or self.links or self.phones or self.accounts or self.is_cut)


def looks_like_warning(text: str) -> bool:
    """Whether somebody passes on what calls itself a warning by the police, and does not tell of something in their own words."""
    if len(text) < 60 or "cong an" not in " ".join(fold(text).split()):
        return False
    for line in [line for line in text.splitlines() if line.strip()][:4]:
        head = re.sub(r"^\W+", "", _without_frame(line))
        found = _HEAD.match(" ".join(fold(head).split()))
        if found and (head[: len(found[0])].isupper() or head[len(found[0]) :].lstrip().startswith(":")):
            return True
    return False


class Alike:
    """How much of a true warning stands in what was sent, asked of one after the other."""

    def __init__(self, sent: str) -> None:
        self._words = [one for one, _line in _words(_squeezed(sent)[0])]
        self._pairs = set(pairwise(self._words))

    def to(self, core: str) -> float:
        """The part of the true words (without date, number and code, which every warning has) that was sent, in their order. Where not
        even the half of them stand beside the same neighbour it is not worth a closer look, and nought."""
        true = [one for one, _line in _words(core)]
        beside = {at + more for at, pair in enumerate(pairwise(true)) if pair in self._pairs for more in (0, 1)}
        if not true or len(beside) < len(true) * LEAST_ALIKE:
            return 0.0
        matched = sum(block.size for block in _matcher(true, self._words).get_matching_blocks() if block.size > 1)
        return matched / len(true)


def likeness(sent: str, core: str) -> float:
    return Alike(sent).to(core)


def compare(sent: str, posted: str, *, own: str = "") -> Compared:
    """`own`: our own number and address, which are strange nowhere."""
    sent, is_cut = _squeezed(sent)
    lines, true_lines = _lines(sent), _lines(posted)
    plain = not _has_marks(sent)
    words, true = _words(sent, plain=plain), _words(posted, plain=plain)
    changed: set[int] = set()
    missing: set[int] = set()
    for tag, i1, i2, j1, j2 in _matcher([one for one, _ in true], [one for one, _ in words]).get_opcodes():
        if tag == "equal":
            continue
        changed |= {line for _word, line in words[j1:j2]}
        lost = {line for _word, line in true[i1:i2]}
        whole = {line for line in lost if all(i1 <= place < i2 for place, (_w, of) in enumerate(true) if of == line)}
        missing |= whole if j1 < len(words) else lost
        if lost - whole and j1 == j2 < len(words):  # Words are gone from within a line: the line around them is another one.
            changed.add(words[j1 - 1][1] if j1 and true[i1 - 1][1] in lost - whole else words[j1][1])
    known_links, known_numbers = _hosts(posted + "\n" + own), _numbers(posted + "\n" + own)
    numbers = [one for one in _numbers(sent) if one not in known_numbers]
    return Compared(
        changed=_shown(lines, changed),
        missing=_shown(true_lines, missing),
        links=tuple(dict.fromkeys(defanged(one) for one in _links(sent) if _host(one) not in known_links))[:_MOST_SHOWN],
        phones=tuple(one for one in numbers if _is_phone(one))[:_MOST_SHOWN],
        accounts=tuple(one for one in numbers if not _is_phone(one))[:_MOST_SHOWN],
        is_cut=is_cut or len(words) >= MOST_WORDS,
    )


def strange(sent: str, *, own: str = "") -> Compared:
    """Of a text that is like none of ours: where it leads."""
    alone = compare(sent, "", own=own)
    return Compared(links=alone.links, phones=alone.phones, accounts=alone.accounts)


def defanged(text: str) -> str:
    """The same for the eye, and nothing that an app makes into something to press."""

    def broken(found: re.Match[str]) -> str:
        return re.sub(r"^http", "hxxp", found[0], flags=re.IGNORECASE).replace(".", "[.]").replace("://", "[:]//")

    return _END.sub("[.]", _LINK.sub(broken, text))  # What stands behind an "@" as well.


# -- words ---------------------------------------------------------------------------------------------------------------------


def _squeezed(text: str) -> tuple[str, bool]:
    """Without what takes room and says nothing; and whether something is left that will not be read."""
    plain = _PICTURES.sub(" ", _BLANKS.sub(_blank, _EMPTY.sub("", text[:MOST_SENT])))
    return plain[:MOST_SIGNS], len(text) > MOST_SENT or len(plain) > MOST_SIGNS


def _blank(found: re.Match[str]) -> str:
    return "\n" if "\n" in found[0] else " "


def _lines(text: str) -> list[str]:
    """What is too long to be shown is taken sentence by sentence."""
    text = unicodedata.normalize("NFC", text[:MOST_SIGNS])
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [part for line in lines for part in (_SENTENCE.split(line) if len(line) > _MOST_LINE else [line])]


def _words(text: str, *, plain: bool = False) -> list[tuple[str, int]]:
    """Each word with the line it stands in. `plain`: somebody typed all of it without marks, and so it is read."""
    found: list[tuple[str, int]] = []
    lines = _lines(text)
    if lines:
        lines[-1] = _CUT.sub("", lines[-1])
    for place, line in enumerate(lines):
        folded = _PLACE_OF_LINE.sub("", line if found else _without_frame(line))
        for word in _numbers_joined(_tidied(folded)).split():
            bare = word.strip(_EDGES)
            if bare and not _PLACE_WITHIN.fullmatch(word):
                # "Không chuyển tiền" is the opposite of "Không. Chuyển tiền".
                stop = "." if fold(bare) in _NEGATIONS and word.rstrip("\"'*_)”")[-1:] in ",.;:!…" else ""
                found.append(((fold(bare) if plain else bare) + stop, place))
    return found[:MOST_WORDS]


def _without_frame(line: str) -> str:
    """Without what an app writes around a message that is passed on."""
    if (speaker := _SPEAKER.match(line)) and not _NO_NAME.search(fold(speaker[0])):
        line = line[speaker.end() :]
    found = _FORWARDED.match(" ".join(fold(line).split()))
    if not found or _NO_NAME.search(found[0].removeprefix("tin ").replace("chuyen tiep", "")):
        return line
    return "" if found.end() == len(" ".join(fold(line).split())) else line.partition(":")[2]


def _tidied(line: str) -> str:
    """Emoji and invisible signs go, odd letters come home, capitals and dashes mean nothing."""
    line = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", line)).translate(_DASHES).casefold()
    return "".join(" " if _says_nothing(sign) else sign for sign in _PICTURE.sub(" ", line))


def _says_nothing(sign: str) -> bool:
    return sign == "\ufe0f" or (unicodedata.category(sign) in ("Sk", "Cf", "Me", "Zs") and sign not in _TURNING)


def _numbers_joined(line: str) -> str:
    return _NUMBER.sub(lambda found: _digits(found[0]), line)


def _digits(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return "0" + digits[2:] if digits.startswith("84") and len(digits) in (11, 12) else digits


def _has_marks(text: str) -> bool:
    return any(unicodedata.combining(sign) or sign in "đĐ" for sign in unicodedata.normalize("NFD", text))


def _matcher(true: list[str], words: list[str]) -> "SequenceMatcher[str]":
    return SequenceMatcher(None, true, words, autojunk=False)


def _shown(lines: list[str], which: set[int]) -> tuple[str, ...]:
    picked = [defanged(lines[place]) for place in sorted(which) if place < len(lines)]
    return tuple(line if len(line) <= _MOST_LINE else line[: _MOST_LINE - 1] + "…" for line in picked[:_MOST_SHOWN])


# -- where it leads ------------------------------------------------------------------------------------------------------------


def _links(text: str) -> list[str]:
    return [found[0].rstrip(".,;:!?)”\"'") for found in _LINK.finditer(unicodedata.normalize("NFKC", text[:MOST_SIGNS]))]


def _host(link: str) -> str:
    return re.sub(r"^(?:h..ps?:/+)?(?:www\.)?", "", link.casefold()).split("/")[0].split(":")[0].split("?")[0]


def _hosts(text: str) -> set[str]:
    return {_host(one) for one in _links(text)}


def _numbers(text: str) -> list[str]:
    """Long ones, as digits alone; sums of money are none."""
    text = _LINK.sub(" ", re.sub("[\ufe0f\u20e3]", "", unicodedata.normalize("NFKC", text[:MOST_SIGNS])))
    return list(dict.fromkeys(_digits(found[0]) for found in _NUMBER.finditer(text) if not _MONEY.fullmatch(found[0])))


def _is_phone(digits: str) -> bool:
    return (digits.startswith("0") and 10 <= len(digits) <= 11) or re.fullmatch(r"1[89]00\d{4,6}", digits) is not None
