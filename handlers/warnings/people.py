"""Names of people in a warning. Streets, schools, neighbourhoods and offices bear names too, and may stand."""

import re
from collections.abc import Iterator
from functools import lru_cache

from handlers.insight import names
from handlers.messages import Ward
from handlers.warnings.findings import Field, Finding, any_of, words_of
from handlers.warnings.personal import street_names
from storage.search import fold

_HONOUR = re.compile(r"^(?:ông|bà|anh|chị|cô|chú|bác|cậu|thằng|con|cháu|em|tên|đối tượng|nghi phạm|người tên|mr|mrs|ms)\s", re.IGNORECASE)
_LARGE = f"[{names.CAPITALS}]"
_WORD = rf"{_LARGE}[^\W\d_]*"
_CALLED = re.compile(
    rf"(?<!\w)(?i:tên là|tên thật là|biệt danh|biệt hiệu|tự là|thường gọi là|họ tên|nick) ?:? ?[“\"']?"
    rf"(?P<name>{_LARGE}[^\W\d_]+(?: {_WORD}){{0,3}})"
)
_NICKNAME = re.compile(rf"(?<!\w)(?P<name>{_LARGE}[^\W\d_]+) ?(?:[“\"'(][^\W\d_]+(?: [^\W\d_]+)?[”\"')])")
_INITIALS = re.compile(
    rf"(?<![\w.])(?:{_LARGE}\.[ ]?){{2,3}}(?:{_LARGE}[^\W\d_]*)?(?!\w)|(?<!\w)(?i:ông|bà|anh|chị|cô|chú|em|cháu) {_LARGE}\.(?=[ ,)])"
)
_SHOUTED = re.compile(rf"(?<!\w){_LARGE}{{2,}}(?: {_LARGE}{{2,}}){{3,}}(?!\w)")
_ROW = re.compile(rf"(?<!\w){_WORD}(?: {_WORD}){{2,4}}(?!\w)")
_SMALL = re.compile(r"(?<!\w)(?P<family>[^\W\d_]+) (?:văn|thị|đức|hữu|quốc|thanh|minh|ngọc) [^\W\d_]+")
_PLACE_BEFORE = re.compile(r"\b(?:công ty|ngân hàng|trường|thpt|thcs|tiểu học|mầm non|chợ|chùa|đình|cầu|đường|phố|ngõ|hẻm|phường|quận|xã|tỉnh|công viên|bệnh viện|tp\.?)(?: [^\W\d_]+)? $")  # fmt: skip  # noqa: E501


def people(field: Field, ward: Ward) -> Iterator[Finding]:
    places = [match.span() for match in _known_places(ward).finditer(field.plain)]
    for start, end in (*names.person_spans(field.text), *_rows(field), *_in_small_letters(field)):
        start = _behind_bystanders(field, start, end)
        if start < end and not _is_no_person(field, start, end) and not _is_place(field, start, end, places):
            yield field.finding("name", "stops", start, end)
    for start, end in (*_by_role(field), *_called(field)):
        if not _is_no_person(field, start, end):
            yield field.finding("name", "stops", start, end)
    for match in _INITIALS.finditer(field.text):
        yield field.finding("initials", "warns", *match.span())


def _behind_bystanders(field: Field, start: int, end: int) -> int:
    """ "bà con Tổ 5", "ứng dụng mang tên Dịch vụ công", "ĐỐI TƯỢNG LỪA ĐẢO": nobody is called so."""
    told, before = field.small[start:end], field.small[max(0, start - 5) : start]
    is_no_call = (told.startswith("con ") and before.endswith("bà ")) or (
        told.startswith("tên ") and before.endswith(("mang ", "đặt ", "đổi ", "đúng ", "hiện ", "giả ", "lấy "))
    )
    is_shouted = field.text[start:end].isupper() and any(one.start() <= start < one.end() for one in _SHOUTED.finditer(field.text))
    return end if is_no_call or (is_shouted and _HONOUR.match(told)) else start


def _is_no_person(field: Field, start: int, end: int) -> bool:
    words = _HONOUR.sub("", field.text[start:end]).lower().split()
    if not words or {words[0], " ".join(words[:2])} & set(words_of("names", "none")):
        return True
    return fold(" ".join(words[:2])) in words_of("names", "not_people")


def _is_place(field: Field, start: int, end: int, places: list[tuple[int, int]]) -> bool:
    """A street of the ward or of half the country; or no family's name once its marks are looked at ("Đồ Sơn")."""
    told = field.text[start:end]
    if any(first <= start and end <= last for first, last in places):
        return True
    return not (_HONOUR.match(told) or told.isascii() or any(word in _families() for word in told.lower().split()[:-1]))


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    return frozenset(one.lower() for one in words_of("names", "families"))


def _by_role(field: Field) -> Iterator[tuple[int, int]]:
    for match in any_of("names", "roles").finditer(field.small):
        rest = re.compile(rf"(?: (?:tên|là)|:)? (?P<name>{_WORD}(?: {_WORD}){{0,3}})(?!\w)").match(field.text, match.end())
        if rest and not _begins_sentence(field, rest.start("name")):
            yield rest.span("name")


def _called(field: Field) -> Iterator[tuple[int, int]]:
    for match in (*_CALLED.finditer(field.text), *_NICKNAME.finditer(field.text)):
        if not _begins_sentence(field, match.start("name")) or match.re is _CALLED:
            yield match.span("name")


def _rows(field: Field) -> Iterator[tuple[int, int]]:
    """Three large words and more of which the first is a family's, with its marks."""
    for match in _ROW.finditer(field.text):
        words = match[0].split()
        for at in range(len(words) - 2):
            if (words[at].lower() in _families() or words[at + 1] in ("Văn", "Thị")) and (
                not match[0].isupper() or not field.text.isupper()
            ):
                start = match.start() + len(" ".join(words[:at])) + (at > 0)
                if not _PLACE_BEFORE.search(field.small[:start]):
                    yield start, match.end()
                break


def _in_small_letters(field: Field) -> Iterator[tuple[int, int]]:
    for match in _SMALL.finditer(field.text):
        if match["family"] in _families() and not match["family"].isascii() and not _PLACE_BEFORE.search(field.small[: match.start()]):
            yield match.span()


def _begins_sentence(field: Field, at: int) -> bool:
    before = field.text[:at].rstrip(" “\"'(")
    return not before or before[-1] in ".!?\n"


def _known_places(ward: Ward) -> re.Pattern[str]:
    book = ward.book
    return _places((*(one.name for one in book.landmarks), *(one.name for one in book.neighbourhoods), ward.name), street_names(ward))


@lru_cache(maxsize=8)
def _places(own: tuple[str, ...], streets: frozenset[str]) -> re.Pattern[str]:
    """Each as it is called, and without the word for what it is."""
    found = set(streets)
    for name in map(fold, own):
        found |= {name, re.sub(r"^(?:duong|pho|to dan pho|to|khu pho|khu|cho|truong|chua|phuong) ", "", name)}
    longest_first = sorted((name for name in found if len(name) > 2), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
