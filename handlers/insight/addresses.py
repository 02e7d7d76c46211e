"""An address as people type it, found on the ward's own map: "so 5 ngo 12 le loi to 7", "sau trường cấp 1", "12/3/5 Lê Lợi".

It never refuses: what it does not know stays as it was typed, and the answer says how sure it is. Nothing here decides; whoever
asks shows the short form back. Time grows with the length of the text alone (`tests/insight/test_addresses.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from handlers.insight.place_names import (
    HEADS,
    LANES,
    NEIGHBOURHOOD_WORDS,
    STREET_WORDS,
    Hit,
    Known,
    PlaceNames,
    Word,
    door,
    marks_agree,
    names_of,
    starts,
    words_of,
)
from handlers.ward_book import Landmark, Neighbourhood, WardBook


class Sure(IntEnum):
    GUESS = 1  # Written like an address, but the ward's map does not know it, or knows several.
    LIKELY = 2  # On the map after a slip was forgiven, or as the only one of its kind; or two parts do not agree.
    CERTAIN = 3  # On the map as it was typed.


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    shown: str  # Short, from small to large, to be shown back.
    sure: Sure
    house: str = ""  # 12A, 12/3/5
    lanes: tuple[str, ...] = ()  # From small to large: ngách 3, ngõ 12
    street: str = ""
    landmark: str = ""
    neighbourhood_id: int | None = None
    neighbourhood: str = ""
    latitude: float | None = None
    longitude: float | None = None


_HOUSE_WORDS = (("so", "nha"), ("nha", "so"), ("nha",), ("sn",), ("so",), ("can", "so"))
_BEFORE = {
    ("truoc", "cong"): "trước cổng",
    ("sau", "cong"): "sau cổng",
    ("sau", "lung"): "sau lưng",
    ("phia", "sau"): "phía sau",
    ("phia", "truoc"): "phía trước",
    ("doi", "dien"): "đối diện",
    ("ben", "hong"): "bên hông",
    ("ben", "canh"): "bên cạnh",
    ("ben", "trong"): "bên trong",
    ("nga", "ba"): "ngã ba",
    ("nga", "tu"): "ngã tư",
    ("nga", "nam"): "ngã năm",
    ("cong",): "cổng",
    ("sau",): "sau",
    ("truoc",): "trước",
    ("gan",): "gần",
    ("canh",): "cạnh",
    ("dau",): "đầu",
    ("cuoi",): "cuối",
    ("giua",): "giữa",
    ("goc",): "góc",
    ("trong",): "trong",
    ("ngoai",): "ngoài",
    ("sat",): "sát",
    ("ngay",): "ngay",
    ("canh", "cong"): "cạnh cổng",
    ("gan", "cong"): "gần cổng",
}
_BEFORE_LONGEST_FIRST = sorted(_BEFORE, key=len, reverse=True)
_COUNTED = "nguoi con cai chiec tang met m h gio gi phut giay trieu nghin ngan k tr dong ngay thang nam tuoi lan xe dua"
_UNITS = frozenset(_COUNTED.split())
_COUNTING = "mot hai ba bon nam sau bay tam chin muoi"
_NUMBER_WORDS = {word: str(place) for place, word in enumerate(_COUNTING.split(), 1)} | {"tu": "4"}
_LARGER = {"phuong": "phường", "quan": "quận", "xa": "xã", "tinh": "tỉnh", "huyen": "huyện", "p": "p", "q": "q", "tp": "tp"}
_AMBIGUOUS = frozenset(("quan", "xa", "tinh"))  # Without marks also a shop, far away, a state of affairs.
# What the names of streets begin with, mostly families; and words that stand in what is told, never in a name.
_BEGIN = (
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho duong ly luong dinh trinh cao mai lam ha dao doan ton thai truong trieu"
    " phung quach chu tong ta hai dien cach hung hong quang lach kien bach"
)
_FIRST_OF_NAMES = frozenset(_BEGIN.split())
_TOLD = (
    "nay kia day ay no toi minh tao em anh chi ong bac co la bi rat dang thi ma va voi cho o di ve cung khong ko k nguoi xe ca het vao ra"
    " lam nhieu moi nha on ao danh nhau cai gi luc dem sang trua chieu hom qua dau choi uong ban hut rac tu"
)
_SPOKEN = frozenset(_TOLD.split())
_LANE_ORDER = {"ngo": 0, "kiet": 0, "ngach": 1, "hem": 2}
_MOST_STREET_WORDS = 4
# One common word is a market or a verb, a pagoda or "not yet": then the marks or the words around must tell.
_ONE_WORD_HEADS = {"cho": "chợ", "chua": "chùa", "dinh": "đình", "den": "đền", "mieu": "miếu", "ga": "ga", "cau": "cầu", "ho": "hồ"}


def read_address(text: str, book: WardBook) -> Address | None:
    """None when nothing of it is on the map or written like an address; the words then stay as they were typed."""
    names = names_of(book)
    words = words_of(text, names.vocabulary)
    if not words:
        return None
    reading = _Reading(names, words)
    reading.read()
    return _resolved(reading)


def name_of(book: WardBook, neighbourhood_id: int | None) -> str:
    """What a neighbourhood is called; "" when it is none, or has ended."""
    found = book.neighbourhood(neighbourhood_id)
    return found.name if found else ""


@dataclass(slots=True)
class _Reading:
    """One walk over the words, left to right; what was found, as it was found."""

    names: PlaceNames
    words: Sequence[Word]
    house: str = ""
    lanes: list[tuple[str, str]] = field(default_factory=list)  # (ngo, 12)
    streets: list[Known] = field(default_factory=list)
    typed_street: str = ""
    places: list[tuple[str, Known]] = field(default_factory=list)  # (sau, the school): landmarks and named alleys
    neighbourhoods: list[Neighbourhood] = field(default_factory=list)
    before: str = ""  # Of the house, lane or street.
    is_slip: bool = False
    _waiting: str = ""  # "sau", until what follows is known.
    _number: tuple[int, str] = (-1, "")  # A bare number, and the word after it: a house if a street or lane comes next.

    def read(self) -> None:
        at, last = 0, len(self.words)
        if self._only_a_number():
            return
        while at < last:
            at = self._step(at)

    def _step(self, at: int) -> int:
        words = self.words
        if words[at].is_stop:
            if self._number[0] == at:
                self._number = (at + 1, self._number[1])  # "12, Lê Lợi"
            return at + 1
        exact = self.names.exact_at(words, at)
        if end := self._neighbourhood(at, exact):
            return end
        if exact and (end := self._known(at, exact)):
            return end
        for read in (self._lane, self._house, self._head, self._before, self._street_word, self._larger, self._near):
            if end := read(at):
                return end
        if words[at].is_number:
            self._number = (at + 1, words[at].plain)
            return at + 1
        self._waiting = ""
        return at + 1

    # -- each of these gives the word after what it took, or 0 -----------------------------------------------------------

    def _neighbourhood(self, at: int, exact: Hit | None) -> int:
        for marker, kind in NEIGHBOURHOOD_WORDS:
            if not starts(self.words, at, marker):
                continue
            after = at + len(marker)
            after += after < len(self.words) and self.words[after].plain == "so"
            if after >= len(self.words):
                continue
            number, end = self._counted(after)
            found = self.names.numbered.get((kind, number), []) if number else []
            if found and not (exact and exact.end > end):
                self.neighbourhoods += found
                self._waiting = ""
                return end
            named = self.names.exact_at(self.words, after)
            known = [one for one in named.known if one.kind == "neighbourhood"] if named else []
            if named and known and not (exact and exact.end > named.end):
                self._note(known[0], named, after)
                return named.end
            if number and self.words[after].is_number and len(self.words[after].plain) <= 3:
                return end  # A neighbourhood that the map does not know is no house.
        return 0

    def _counted(self, at: int) -> tuple[str, int]:
        """The number that stands here, in figures or as a word; ("", at) if it counts something ("to 5 tầng")."""
        word = self.words[at]
        number = word.plain if word.is_number else _NUMBER_WORDS.get(word.plain, "")
        if not number or self._counts_something(at + 1):
            return "", at
        if number == "10" and not word.is_number and at + 1 < len(self.words) and (unit := _NUMBER_WORDS.get(self.words[at + 1].plain)):
            return str(10 + int(unit)), at + 2
        return number, at + 1

    def _counts_something(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].plain in _UNITS

    def _known(self, at: int, hit: Hit) -> int:
        typed = self.words[at : hit.end]
        order = {"street": 0, "landmark": 1, "neighbourhood": 2, "alley": 3}
        for known in sorted(hit.known, key=lambda one: order[one.kind]):
            if len(typed) == 1 and not self._is_meant(at, known):
                continue
            self._note(known, hit, at)
            return hit.end
        return 0

    def _is_meant(self, at: int, known: Known) -> bool:
        """A name of one word may be any word: only alone, after a street's marker or a house, or written large with its marks."""
        word = self.words[at]
        if len(known.words) > 1:
            return True  # "leloi"
        alone = len(self.words) == 1
        after_marker = at > 0 and self.words[at - 1].plain in ("duong", "pho", "ngo", "hem")
        return marks_agree([word], known.words) and (alone or after_marker or self._number[0] == at or bool(self._waiting) or word.is_large)

    def _note(self, known: Known, hit: Hit, at: int) -> None:
        self.is_slip |= hit.is_slip or not marks_agree(self.words[at : hit.end], known.words)
        if known.kind == "neighbourhood" and known.neighbourhood:
            self.neighbourhoods.append(known.neighbourhood)
        elif known.kind == "street":
            self._take_number(at)
            if known not in self.streets:
                self.streets.append(known)
            self.before = self.before or self._waiting
        else:
            self.places.append((self._waiting, known))
            if known.kind == "alley":
                self._take_number(at)
        self._waiting = ""

    def _take_number(self, at: int) -> None:
        """A bare number right before a street or a lane is a house."""
        while at > 0 and self.words[at - 1].plain in ("duong", "pho"):
            at -= 1
        if self._number[0] == at and not self.house:
            self.house = self._number[1]
        self._number = (-1, "")

    def _lane(self, at: int) -> int:
        word = self.words[at].plain
        lane = "kiet" if word == "k" and self.words[at].is_large else word
        after = at + 1 + (at + 1 < len(self.words) and self.words[at + 1].plain == "so")
        if lane not in LANES or after >= len(self.words) or not self.words[after].is_number or self._counts_something(after + 1):
            return 0
        self._take_number(at)
        self.lanes.append((lane, self.words[after].plain))
        self.before, self._waiting = self.before or self._waiting, ""
        return self._rest_of_street(after + 1)

    def _house(self, at: int) -> int:
        for marker in _HOUSE_WORDS:
            after = at + len(marker)
            if starts(self.words, at, marker) and after < len(self.words) and self.words[after].is_number:
                if self._counts_something(after + 1) or len(self.words[after].plain) > 12 or self.house:
                    return after + 1
                self.house = self.words[after].plain
                self.before, self._waiting = self.before or self._waiting, ""
                return self._rest_of_street(after + 1)
        return 0

    def _rest_of_street(self, at: int) -> int:
        """ "ngõ 12 Trần Phú" names a street even if the map does not: some words and then nothing more before the next stop."""
        if at >= len(self.words) or self.words[at].is_stop or self.words[at].is_number:
            return at
        end = at
        while end < len(self.words) and not self.words[end].is_stop:
            if self._begins_something(end) or self.words[end].is_number or self._is_beside(end):
                break
            end += 1
        named = self.words[at:end]
        is_whole = end == len(self.words) or self.words[end].is_stop or self._begins_something(end) or self._is_beside(end)
        if not self.typed_street and 2 <= len(named) <= _MOST_STREET_WORDS and is_whole and _is_name(named, needs_family=True):
            self.typed_street = _typed(named)
            return end
        return at

    def _begins_something(self, at: int) -> bool:
        word = self.words[at].plain
        return (
            word in LANES
            or word in ("duong", "pho", "so", "nha", *_LARGER)
            or any(starts(self.words, at, marker) for marker, _kind in NEIGHBOURHOOD_WORDS)
            or self.names.exact_at(self.words, at) is not None
            or self.names.near_at(self.words, at) is not None
        )

    def _is_beside(self, at: int) -> bool:
        """ "… gần chợ": in small letters only such a word tells where a name ends."""
        return not self.words[at].is_large and any(starts(self.words, at, said) for said in _BEFORE)

    def _before(self, at: int) -> int:
        for said in _BEFORE_LONGEST_FIRST:
            if starts(self.words, at, said):
                self._waiting = f"{self._waiting} {_BEFORE[said]}".strip() if len(self._waiting) < 20 else _BEFORE[said]
                return at + len(said)
        return 0

    def _street_word(self, at: int) -> int:
        marker = next((marker for marker in STREET_WORDS if starts(self.words, at, marker)), ())
        after = at + len(marker)
        if not marker or after >= len(self.words) or self.words[after].is_stop:
            return 0
        by_initials = self.names.initials.get(self.words[after].plain, [])
        if len(by_initials) == 1:
            self._note(by_initials[0], Hit(after + 1, (by_initials[0],), is_slip=True), after)
            return after + 1
        if self.names.exact_at(self.words, after) or self.names.near_at(self.words, after):
            return after
        named: list[Word] = []
        for word in self.words[after : after + _MOST_STREET_WORDS]:
            if word.is_stop or word.is_number or not word.is_large:
                break
            named.append(word)
        if not named and _is_marker(self.words[at : at + len(marker)]):
            named = self._small_name(after)
        if named and not self.typed_street:
            self._take_number(at)
            self.typed_street = f"{'phố' if marker[-1] == 'pho' else 'đường'} {_typed(named)}"
            self.before, self._waiting = self.before or self._waiting, ""
            return after + len(named)
        return after

    def _small_name(self, at: int) -> list[Word]:
        """A street in small letters that the map does not know: some words, none of them of a story, up to where something begins."""
        end = at
        while end < len(self.words) and not (
            self.words[end].is_stop or self.words[end].is_number or self._begins_something(end) or self._is_beside(end)
        ):
            end += 1
        named = list(self.words[at:end])
        return named if 2 <= len(named) <= _MOST_STREET_WORDS and _is_name(named, needs_family=False) else []

    def _larger(self, at: int) -> int:
        """Ward, district and city say nothing here; the street that a district is named after must not be found in them."""
        word = self.words[at]
        is_city = starts(self.words, at, ("thanh", "pho"))
        if word.plain not in _LARGER and not is_city:
            return 0
        end = at + 1 + is_city
        end += len(word.plain) <= 2 and end < len(self.words) and self.words[end].is_stop  # "P. Hồng Phong"
        begin = end
        while (
            end < len(self.words)
            and end - at <= 5
            and (self.words[end].is_large or self.words[end].is_number)
            and not self.words[end].is_stop
        ):
            if self.words[end].plain in _LARGER:
                break
            end += 1
        return end if end > begin else self._larger_in_small_letters(at, begin)

    def _larger_in_small_letters(self, at: int, begin: int) -> int:
        """ "phuong an bien to 5": two words, three where nothing else follows."""
        word = self.words[at]
        if not word.typed.isascii() and word.typed.lower() not in (*_LARGER.values(), "thành"):
            return 0  # "quán", "phương tiện"
        named = self.names.exact_at(self.words, begin)
        if len(word.plain) == 1 and (self._number[0] == at or (named and any(one.kind == "neighbourhood" for one in named.known))):
            return 0  # "5 p": minutes. "p hồng phong", where a neighbourhood is called so.
        end, last = begin, min(begin + 3, len(self.words))
        while end < last and not (self.words[end].is_stop or self.words[end].is_number or self._is_marked(end)):
            if end - begin == 2 and (
                self._begins_something(end) or self._is_beside(end) or any(starts(self.words, end, one) for one in HEADS)
            ):
                break
            end += 1
        is_whole = end == len(self.words) or self.words[end].is_stop or self._is_marked(end)
        if word.plain in _AMBIGUOUS and word.typed.isascii() and not (is_whole and at > 0 and end - begin == 2):
            return 0
        end = end if is_whole else min(end, begin + 2)
        return end if end > begin else 0

    def _is_marked(self, at: int) -> bool:
        """A lane, a street, a neighbourhood or a larger place begins here, whatever it is called."""
        word = self.words[at].plain
        return (
            word in LANES
            or word in ("duong", "pho", *_LARGER)
            or starts(self.words, at, ("thanh", "pho"))
            or any(starts(self.words, at, marker) for marker, _kind in NEIGHBOURHOOD_WORDS)
        )

    def _head(self, at: int) -> int:
        """ "cổng chợ", where the ward has one market."""
        for head in HEADS:
            if not starts(self.words, at, head):
                continue
            found = self.names.heads.get("".join(head), [])
            if len(found) == 1 and (len(head) > 1 or self._names_a_place(at)):
                self._note(found[0], Hit(at + len(head), (found[0],), is_slip=True), at)
                return at + len(head)
        return 0

    def _names_a_place(self, at: int) -> bool:
        word = self.words[at]
        meant = _ONE_WORD_HEADS.get(word.plain, "")
        if meant and word.typed.lower() == meant and meant != word.plain:
            return True
        is_last = at + 1 == len(self.words) or self.words[at + 1].is_stop
        return (word.typed.isascii() or not meant) and (bool(self._waiting) or (at == 0 and is_last))

    def _near(self, at: int) -> int:
        if any(self.names.exact_at(self.words, inside) for inside in range(at + 1, min(at + 3, len(self.words)))):
            return 0  # A name that stands there as it is comes first.
        hit = self.names.near_at(self.words, at)
        return self._known(at, hit) if hit else 0

    def _only_a_number(self) -> bool:
        """At "tổ mấy?" a bare number is the answer."""
        parts = [word for word in self.words if not word.is_stop]
        if len(parts) == 2 and parts[0].plain in ("so", "to"):
            parts = parts[1:]
        if len(parts) != 1:
            return False
        number = parts[0].plain if parts[0].is_number else _NUMBER_WORDS.get(parts[0].plain, "")
        found = [row for (_kind, named), rows in self.names.numbered.items() if named == number for row in rows]
        if len(found) == 1:
            self.neighbourhoods, self.is_slip = found, self.words[0].plain != "to"
        return len(found) == 1


# --- what it comes to ---


def _resolved(reading: _Reading) -> Address | None:
    alley, rows, is_doubtful = _alley(reading), _rows(reading), reading.is_slip
    named = list(dict.fromkeys(one.id for one in reading.neighbourhoods))
    home = named[0] if len(named) == 1 else None
    spots = [*([alley] if alley else []), *rows]
    if named and home is None:
        is_doubtful = True
    if home is None and not named:
        home = _one_home(reading, alley)
    homes = [found for rows in _by_name(reading, alley) if (found := _homes(reading, rows))]
    if home is not None and any(home not in found for found in homes):
        is_doubtful = True
    is_known = bool(spots or named)
    if not is_known and not (reading.lanes or reading.typed_street or (reading.house and "/" in reading.house)):
        return None
    book = reading.names.book
    neighbourhood = book.neighbourhood(home)
    latitude, longitude = _point(reading, alley, home, neighbourhood)
    return Address(
        shown=_shown(reading, [neighbourhood] if neighbourhood else reading.neighbourhoods),
        sure=(Sure.LIKELY if is_doubtful else Sure.CERTAIN) if is_known else Sure.GUESS,
        house=door(reading.house) if reading.house else "",
        lanes=_lanes(reading),
        street=reading.streets[0].name if reading.streets else reading.typed_street,
        landmark=next((known.name for _before, known in reading.places), ""),
        neighbourhood_id=neighbourhood.id if neighbourhood else None,
        neighbourhood=neighbourhood.name if neighbourhood else "",
        latitude=latitude,
        longitude=longitude,
    )


def _rows(reading: _Reading) -> list[Landmark]:
    return [row for known in (*(known for _before, known in reading.places), *reading.streets) for row in known.rows]


def _by_name(reading: _Reading, alley: Landmark | None) -> list[tuple[Landmark, ...]]:
    return [*([(alley,)] if alley else []), *(known.rows for _before, known in reading.places), *(known.rows for known in reading.streets)]


def _homes(reading: _Reading, rows: Sequence[Landmark]) -> set[int]:
    """Without neighbourhoods that have ended."""
    book = reading.names.book
    return {row.neighbourhood_id for row in rows if row.neighbourhood_id is not None and book.neighbourhood(row.neighbourhood_id)}


def _one_home(reading: _Reading, alley: Landmark | None) -> int | None:
    """The neighbourhood that the exactest part lies in, if that is one alone."""
    for rows in _by_name(reading, alley):
        homes = _homes(reading, rows)
        if homes:
            return homes.pop() if len(homes) == 1 else None
    return None


def _path(reading: _Reading) -> str:
    """Lanes from large to small, as they are numbered on a wall: ngõ 12 ngách 3 is 12/3."""
    return "/".join(number for _lane, number in sorted(reading.lanes, key=lambda lane: _LANE_ORDER[lane[0]]))


def _alley(reading: _Reading) -> Landmark | None:
    """The lane on the map, or the larger one it leaves from. A house 12/3/5 stands in lane 12/3."""
    path = _path(reading) or reading.house.rpartition("/")[0]
    streets = {"".join(word.plain for word in known.words) for known in reading.streets}
    wanted = {one.id for one in reading.neighbourhoods}
    while path:
        found = reading.names.alleys.get(path, [])
        fitting = [row for street, row in found if not street or not streets or street in streets]
        if wanted and (inside := [row for row in fitting if row.neighbourhood_id in wanted]):
            fitting = inside
        if streets and (there := [row for street, row in found if street in streets and row in fitting]):
            fitting = there
        if len(fitting) == 1 and (reading.lanes or streets):
            return fitting[0]
        path = path.rpartition("/")[0]
    return None


def _point(
    reading: _Reading, alley: Landmark | None, home: int | None, neighbourhood: Neighbourhood | None
) -> tuple[float | None, float | None]:
    """The exactest point that is known: lane, landmark, street, neighbourhood. Of a street in several parts, the one in question."""
    parts = [rows for rows in _by_name(reading, alley)]
    if len(reading.streets) > 1:
        parts = parts[: len(parts) - len(reading.streets)]  # A corner lies in the middle of neither street.
    for rows in parts:
        here = [row for row in rows if row.latitude is not None and (len(rows) == 1 or row.neighbourhood_id == home)]
        if len(here) == 1:
            return here[0].latitude, here[0].longitude
    return (neighbourhood.latitude, neighbourhood.longitude) if neighbourhood else (None, None)


def _lanes(reading: _Reading) -> tuple[str, ...]:
    small_first = sorted(reading.lanes, key=lambda lane: -_LANE_ORDER[lane[0]])
    return tuple(f"{LANES[lane]} {door(number)}" for lane, number in small_first)


def _shown(reading: _Reading, neighbourhoods: Sequence[Neighbourhood]) -> str:
    street = " – ".join(_small_first(known.name) for known in reading.streets) or reading.typed_street
    way = [f"số {door(reading.house)}" if reading.house else "", *_lanes(reading), _small_first(street) if street else ""]
    way_shown = " ".join(filter(None, [reading.before, *way] if any(way) else []))
    places = [" ".join(filter(None, (before, known.name))) for before, known in reading.places]
    parts = dict.fromkeys(part for part in (*places[:1], way_shown, *(_small_first(one.name) for one in neighbourhoods[:3])) if part)
    return ", ".join(parts)


def _small_first(name: str) -> str:
    """ "Tổ dân phố số 5" stands within a sentence; "Lê Lợi" stays a name."""
    first = words_of(name.split(" ", 1)[0]) if name else []
    is_marker = bool(first) and (
        first[0].plain in ("duong", "pho", *LANES) or any(first[0].plain == marker[0] for marker, _kind in NEIGHBOURHOOD_WORDS)
    )
    return name[0].lower() + name[1:] if is_marker and not name.isupper() and not name.split(" ", 1)[0].isupper() else name


def _is_name(named: Sequence[Word], *, needs_family: bool) -> bool:
    """Written large, or in small letters with nothing of a story in it."""
    if all(word.is_large for word in named):
        return True
    return not any(word.plain in _SPOKEN for word in named) and (not needs_family or named[0].plain in _FIRST_OF_NAMES)


def _is_marker(words: Sequence[Word]) -> bool:
    """ "phố" and "pho", but no "phở"."""
    return all(word.typed.isascii() or word.typed.lower() in ("đường", "phố") for word in words)


def _typed(words: Sequence[Word]) -> str:
    return " ".join((word.typed or word.plain).capitalize() if not word.is_large else word.typed for word in words)
