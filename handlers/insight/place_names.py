"""A ward's own names, ready to be found in what people type: without marks, without blanks, with one slip, under short forms.

Everything here works on words (`Word`): small letters without marks, numbers whole. No database, no clock.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from handlers.ward_book import Landmark, Neighbourhood, WardBook
from storage.search import fold

MOST_READ = 1000  # Characters; a place stands near the beginning.
_LEAST_FOR_SLIPS = 7  # Letters: "Lê Lai" is another street than "Lê Lợi", not a slip of it.
_MOST_WORDS = 10
# 12, 12A, 12/3/5, 12A-3: a number as it stands on a door. A small letter behind it may be a time ("5h"), so only some are taken.
_DOOR = r"\d++(?:(?:[A-HK]|[a-f])(?![^\W_]))?"
_WORD = re.compile(rf"{_DOOR}(?:\s?[/-]\s?{_DOOR})*|[^\W\d_]+|[,;.!?\n()–]")
_SPOKEN_SLASH = frozenset({"xet", "set", "xuyet", "suyet", "xiet"})
_SHORT_FORMS = {
    "ubnd": "uy ban nhan dan",
    "th": "tieu hoc",
    "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong",
    "mn": "mam non",
    "nvh": "nha van hoa",
    "bv": "benh vien",
    "tyt": "tram y te",
    "cv": "cong vien",
    "svd": "san van dong",
    "cc": "chung cu",
    "ng": "nguyen",
}
_SCHOOLS = {"1": "tieu hoc", "2": "trung hoc co so", "3": "trung hoc pho thong"}  # "trường cấp 2"
STREET_WORDS = (("duong", "pho"), ("duong",), ("pho",))
LANES = {"ngo": "ngõ", "kiet": "kiệt", "ngach": "ngách", "hem": "hẻm"}
_KINDS = {
    "to": "to dan pho|todanpho|to dp|tdp|to",
    "khu": "khu pho|khupho|khu vuc|khu dan cu|khoi pho|kp|kv|kdc|khu|khoi",
    "thon": "thon|ap|xom|lang|khom|buon|bon|cum dan cu|cum",
}
NEIGHBOURHOOD_WORDS: tuple[tuple[tuple[str, ...], str], ...] = tuple(
    sorted(
        ((tuple(words.split()), kind) for kind, all_words in _KINDS.items() for words in all_words.split("|")),
        key=lambda pair: -len(pair[0]),
    )
)
# What somebody says for the one market or school that everybody there means.
_HEADS = """
    cho|sieu thi|truong tieu hoc|truong trung hoc co so|truong trung hoc pho thong|truong mam non|truong mau giao|truong|tieu hoc
    trung hoc co so|trung hoc pho thong|mam non|uy ban nhan dan phuong|uy ban nhan dan|uy ban phuong|uy ban|cong an phuong
    benh vien|tram y te|tram xa|chua|nha tho|dinh|den|mieu|cong vien|nha van hoa|ben xe|nha ga|ga|cau|ben do|san van dong|san bong
    buu dien|chung cu|nghia trang|cay xang|ho|cho coc|cho dem
"""
HEADS = tuple(
    sorted((tuple(head.split()) for line in _HEADS.split("\n") for head in line.strip().split("|") if head.strip()), key=len, reverse=True)
)
_MARKERS = " ".join([*LANES, *(" ".join(words) for words, _ in NEIGHBOURHOOD_WORDS), *(" ".join(head) for head in HEADS)])
_USUAL = frozenset(f"duong pho so nha {_MARKERS}".split())

Kind = Literal["street", "alley", "landmark", "neighbourhood"]


@dataclass(frozen=True, slots=True)
class Word:
    plain: str  # Small, without marks; a number with its slashes; "," for any stop.
    typed: str = ""

    @property
    def is_stop(self) -> bool:
        return self.plain == ","

    @property
    def is_number(self) -> bool:
        return self.plain[0].isdecimal()

    @property
    def is_large(self) -> bool:
        return self.typed[:1].isupper()


@dataclass(frozen=True, slots=True)
class Known:
    """A street, alley, landmark or neighbourhood of the ward."""

    kind: Kind
    name: str
    words: tuple[Word, ...]
    rows: tuple[Landmark, ...] = ()  # One street may run through several neighbourhoods.
    neighbourhood: Neighbourhood | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    end: int  # The first word after it.
    known: tuple[Known, ...]
    is_slip: bool = False


@dataclass(slots=True)
class PlaceNames:
    """Built once for a book."""

    book: WardBook
    exact: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    near: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    numbered: dict[tuple[str, str], list[Neighbourhood]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    initials: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    alleys: dict[str, list[tuple[str, Landmark]]] = field(default_factory=lambda: defaultdict(list))  # By number: (street, row).
    vocabulary: set[str] = field(default_factory=lambda: set(_USUAL))
    most_words: int = 1

    def exact_at(self, words: Sequence[Word], start: int) -> Hit | None:
        """The longest name that begins here."""
        found: Hit | None = None
        joined = ""
        for end in range(start + 1, min(len(words), start + self.most_words + 2) + 1):
            if words[end - 1].is_stop:
                break
            joined += words[end - 1].plain
            if known := self.exact.get(joined):
                found = Hit(end, tuple(known))
        return found

    def near_at(self, words: Sequence[Word], start: int) -> Hit | None:
        """The longest name that begins here with one letter too many, too few, wrong or swapped. Only if it can be no other."""
        found: Hit | None = None
        joined = ""
        for end in range(start + 1, min(len(words), start + self.most_words + 1) + 1):
            if words[end - 1].is_stop:
                break
            joined += words[end - 1].plain
            if len(joined) < _LEAST_FOR_SLIPS - 1 or joined[0].isdecimal():
                continue
            if len(joined) > 60:
                break
            names = {name for cut in _cuts(joined) for name in self.near.get(cut, ()) if name[0] == joined[0] and is_one_slip(joined, name)}
            if len(names) == 1:
                found = Hit(end, tuple(self.exact[names.pop()]), is_slip=True)
        return found


_built: dict[tuple[int, int], PlaceNames] = {}


def names_of(book: WardBook) -> PlaceNames:
    """The same book asks often. By identity: it holds the book, so that its parts' ids stay theirs."""
    key = (id(book.neighbourhoods), id(book.landmarks))
    names = _built.get(key)
    if names is None:
        while len(_built) >= 4:
            _built.pop(next(iter(_built)), None)
        names = _built[key] = _build(book)
    return names


def words_of(text: str, vocabulary: set[str] | frozenset[str] = frozenset()) -> list[Word]:
    """Short forms written out; what a keyboard left in Telex ("dduowngf") read, where that gives a word we know."""
    words: list[Word] = []
    for typed in _WORD.findall(unicodedata.normalize("NFKC", text[:MOST_READ])):
        if not typed[0].isalnum():
            words.append(Word(","))
        elif typed[0].isdecimal():
            _add_number(words, fold(re.sub(r"\s", "", typed)).replace("-", "/"), typed)
        else:
            words += _written_out(typed, vocabulary)
    return words


def door(number: str) -> str:
    """05 is 5, 12a is 12A."""
    return "/".join(part.lstrip("0").upper() or "0" for part in number.split("/"))


def is_one_slip(typed: str, name: str) -> bool:
    if abs(len(typed) - len(name)) > 1 or typed == name:
        return False
    at = next((place for place, (one, other) in enumerate(zip(typed, name, strict=False)) if one != other), min(len(typed), len(name)))
    if len(typed) == len(name):
        return typed[at + 1 :] == name[at + 1 :] or (typed[at : at + 2] == name[at + 1 : at - 1 : -1] and typed[at + 2 :] == name[at + 2 :])
    longer, shorter = (typed, name) if len(typed) > len(name) else (name, typed)
    return longer[at + 1 :] == shorter[at:]


def marks_agree(typed: Sequence[Word], name: Sequence[Word]) -> bool:
    """Whoever types without marks means any; whoever types some means those, wherever the tone stands (hoà, hòa)."""
    if len(typed) != len(name):
        return True
    return all(
        one.typed.isascii() or not other.typed or _marks(one.typed) == _marks(other.typed) for one, other in zip(typed, name, strict=True)
    )


def _marks(word: str) -> list[str]:
    return sorted(unicodedata.normalize("NFD", word.lower()))


def _add_number(words: list[Word], plain: str, typed: str) -> None:
    plain = door(plain).lower()
    if len(words) > 1 and words[-1].plain in _SPOKEN_SLASH and words[-2].is_number:
        before = words[-2]
        words[-2:] = [Word(f"{before.plain}/{plain}", f"{before.typed}/{typed}")]
    elif words and words[-1].plain in ("cap", "c") and plain in _SCHOOLS:
        words[-1:] = [Word(part) for part in _SCHOOLS[plain].split()]
    else:
        words.append(Word(plain, typed))


def _written_out(typed: str, vocabulary: set[str] | frozenset[str]) -> list[Word]:
    plain = fold(typed)
    if not plain or not plain[0].isalnum():
        return []
    if plain in _SHORT_FORMS:
        return [Word(part) for part in _SHORT_FORMS[plain].split()]
    if typed == "CA":
        return [Word("cong"), Word("an")]
    if plain not in vocabulary and typed.isascii() and (meant := _without_telex(plain)) in vocabulary:
        return [Word(meant)]
    return [Word(plain, typed)]


_VOWEL = re.compile(r"[aeiouy]")
_DOUBLE = re.compile(r"aa|ee|oo")


def _without_telex(plain: str) -> str:
    vowel = _VOWEL.search(plain)
    if vowel is None:
        return plain
    tail = re.sub(r"[sfrxjwz]", "", plain[vowel.start() :])
    return plain[: vowel.start()].replace("dd", "d") + _DOUBLE.sub(lambda match: match[0][0], tail)


def _cuts(joined: str) -> set[str]:
    return {joined, *(joined[:at] + joined[at + 1 :] for at in range(len(joined)))}


# --- building ---


def _build(book: WardBook) -> PlaceNames:
    names = PlaceNames(book)
    for one in book.neighbourhoods:
        _add_neighbourhood(names, one)
    for (kind, _plain), rows in _same_name(book.landmarks).items():
        {"street": _add_street, "alley": _add_alley}.get(kind, _add_landmark)(names, rows)
    for joined in list(names.exact):
        if len(joined) >= _LEAST_FOR_SLIPS and not joined[0].isdecimal():
            for cut in _cuts(joined):
                names.near[cut].add(joined)
    return names


def _same_name(landmarks: Iterable[Landmark]) -> dict[tuple[str, str], tuple[Landmark, ...]]:
    """A row may name a neighbourhood that has ended; then it names none."""
    found: dict[tuple[str, str], list[Landmark]] = defaultdict(list)
    for row in landmarks:
        if plain := "".join(word.plain for word in words_of(row.name)):
            found[row.kind, plain].append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _add(names: PlaceNames, known: Known, *ways: Sequence[Word]) -> None:
    for way in ways:
        parts = [word for word in way if not word.is_stop]
        if not parts or len(parts) > _MOST_WORDS:
            continue
        joined = "".join(word.plain for word in parts)
        same = [one for one in names.exact[joined] if one.kind == known.kind and one.name == known.name]
        if not same:
            names.exact[joined].append(replace(known, words=tuple(parts)))
        names.most_words = max(names.most_words, len(parts))
        names.vocabulary.update(word.plain for word in parts)


def _add_neighbourhood(names: PlaceNames, row: Neighbourhood) -> None:
    words = words_of(row.name)
    known = Known("neighbourhood", row.name, tuple(words), neighbourhood=row)
    rest, kind = after_neighbourhood_word(words)
    if rest and rest[0].is_number:
        names.numbered[kind, rest[0].plain].append(row)
        rest = rest[1:]
    if rest:
        _add(names, known, words, rest) if kind else _add(names, known, words)


def after_neighbourhood_word(words: Sequence[Word]) -> tuple[Sequence[Word], str]:
    """What stands behind "tổ dân phố số", and the kind; the same words and "" without such a beginning."""
    for marker, kind in NEIGHBOURHOOD_WORDS:
        if starts(words, 0, marker):
            rest = words[len(marker) :]
            return (rest[1:] if len(rest) > 1 and rest[0].plain == "so" else rest), kind
    return words, ""


def _add_street(names: PlaceNames, rows: tuple[Landmark, ...]) -> None:
    words = words_of(rows[0].name)
    rest = without_street_word(words)
    known = Known("street", rows[0].name, tuple(words), rows)
    if not rest:
        _add(names, known, words)
    elif rest[0].is_number or rest[0].plain == "so":  # "Đường số 7": without its marker that is a house.
        bare = rest[1:] if rest[0].plain == "so" else rest
        ways = [[*(Word(part) for part in marker), *so, *bare] for marker in STREET_WORDS for so in ([], [Word("so")])]
        _add(names, known, words, *ways)
    else:
        _add(names, known, rest, words)
        if len(rest) >= 3:
            names.initials["".join(word.plain[0] for word in rest)].append(replace(known, words=tuple(rest)))


def without_street_word(words: Sequence[Word]) -> Sequence[Word]:
    for marker in STREET_WORDS:
        if starts(words, 0, marker) and len(words) > len(marker):
            return words[len(marker) :]
    return words


def _add_alley(names: PlaceNames, rows: tuple[Landmark, ...]) -> None:
    """Numbered ones are found by number and street, whatever the ward calls such a lane; named ones by name."""
    words = words_of(rows[0].name)
    path, rest = lane_path(words)
    if path:
        street = "".join(word.plain for word in without_street_word(rest))
        names.alleys[path] += [(street, row) for row in rows]
        names.vocabulary.update(word.plain for word in words)
        return
    known = Known("alley", rows[0].name, tuple(words), rows)
    tail = words[1:] if words and words[0].plain in LANES else words
    _add(names, known, words, *([Word(lane), *tail] for lane in LANES))


def lane_path(words: Sequence[Word]) -> tuple[str, Sequence[Word]]:
    """ "Ngõ 12 ngách 3 Lê Lợi" is 12/3 and what follows; "" if this is no numbered lane."""
    path: list[str] = []
    at = 0
    while at + 1 < len(words) and words[at].plain in LANES and words[at + 1].is_number:
        path.append(words[at + 1].plain)
        at += 2
    return "/".join(path), words[at:]


def _add_landmark(names: PlaceNames, rows: tuple[Landmark, ...]) -> None:
    words = words_of(rows[0].name)
    known = Known("landmark", rows[0].name, tuple(words), rows)
    ways: list[Sequence[Word]] = [words]
    if words and words[0].plain == "truong":
        ways.append(words[1:])
    head = next((head for head in HEADS if starts(words, 0, head) and head != ("truong",)), ())
    if head and head[0] == "truong" and len(words) > len(head):
        ways.append([words[0], *words[len(head) :]])
    _add(names, known, *ways)
    for head in HEADS:
        if starts(words, 0, head) or (words and words[0].plain == "truong" and starts(words, 1, head)):
            names.heads["".join(head)].append(known)


def starts(words: Sequence[Word], at: int, wanted: Sequence[str]) -> bool:
    """Asked thousands of times for one address, nearly always in vain: the first word decides."""
    if at >= len(words) or words[at].plain != wanted[0]:
        return False
    return len(words) >= at + len(wanted) and all(words[at + place].plain == wanted[place] for place in range(1, len(wanted)))
