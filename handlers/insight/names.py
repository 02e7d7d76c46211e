"""What in a story could give away who reports: numbers, plates, addresses of one's own, names beside "tôi là" and "mẹ cháu".

For the officer's eye only ("có thể lộ người báo"): nothing is cut out here. A name of somebody else in the story is marked only
beside a word of kinship to the teller, because "chồng tôi tên Hùng" names the teller as surely as her own name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers

from storage.search import fold

KINDS = ("phone", "id", "plate", "self", "name", "address")
_MOST = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """text[start:end] of what was handed in."""

    start: int
    end: int
    kind: str


def marks(text: str) -> list[Mark]:
    """In the order of the text, none within another."""
    text = text[:_MOST]
    readable = letter_by_letter(text)
    found = [*_phones(text), *_ids(readable), *_plates(readable), *_selves(text, readable), *_kin(text, readable), *_addresses(readable)]
    return _apart(found)


def letter_by_letter(text: str) -> str:
    """Folded like the search's words, but each sign stays at its place: what folds into two or none becomes a blank."""
    return "".join(folded if len(folded := fold(sign)) == 1 else " " for sign in text)


def _apart(found: Iterable[Mark]) -> list[Mark]:
    """Of two that overlap the one that begins first, and of those the longer."""
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


# --- Numbers -----------------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"(?<![\d.])(?:\+|00)?\d(?:[ .()–-]{0,2}\d){8,13}(?!\d)")
_ID = re.compile(r"(?<!\d)(?:\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}|\d{9})(?!\d)")
_ID_SAID = re.compile(r"(?:\bcccd|\bcmnd|\bcmt|can cuoc|chung minh|ho chieu|dinh danh)[^\d\n]{0,20}$")
_PLATE = re.compile(r"(?<![0-9a-z])[1-9]\d[ -]?(?:[a-z]\d?|[a-z]{2})[ .-]{0,3}(?:\d{3}[ .-]?\d{2}|\d{4})(?![0-9a-z])")


def _phones(text: str) -> Iterator[Mark]:
    for match in _NUMBER.finditer(text):
        try:
            number = phonenumbers.parse(match.group(), "VN")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            yield Mark(match.start(), match.end(), "phone")


def _ids(readable: str) -> Iterator[Mark]:
    """Twelve digits that begin like a province's, or any nine or twelve right after a word for such a paper."""
    for match in _ID.finditer(readable):
        if is_id(re.sub(r"\D", "", match.group()), readable[max(0, match.start() - 40) : match.start()]):
            yield Mark(match.start(), match.end(), "id")


def is_id(digits: str, before: str) -> bool:
    """`before`: the folded words right before it."""
    if len(digits) not in (9, 12):
        return False
    return bool(_ID_SAID.search(before[-40:])) or (len(digits) == 12 and digits[0] == "0" and digits[3] in "0123")


def _plates(readable: str) -> Iterator[Mark]:
    return (Mark(match.start(), match.end(), "plate") for match in _PLATE.finditer(readable))


# --- Names -------------------------------------------------------------------------------------------------------------------

_TELLER = r"(?:toi|tui|em|chau|con|minh|tao|to|me|bac|co|chu|anh|chi)"
_MINE = r"(?:toi|tui|em|chau|con|minh|to)"
_RELATIVE = (
    r"(?:me|ma|bo|ba|cha|vo|chong|ong xa|ba xa|con gai|con trai|anh trai|chi gai|em gai|em trai|ong noi|ba noi|ong ngoai|ba ngoai"
    r"|con dau|con re|chau noi|chau ngoai|anh re|chi dau|duong|nguoi yeu|ban trai|ban gai)"
)
_SELF = re.compile(
    rf"\b{_TELLER} (?:la|ten la|ten|day la)\b|\b(?:ten|ho ten|ho va ten|nguoi bao|nguoi bao tin) (?:{_MINE} )?(?:la|:)"
    rf"|\b(?:ten|ho ten) {_MINE}\b|\b(?:toi|em|chau|con) day,? (?:la )?|\bky ten\b:?"
    r"|\bmy name is\b|\bthis is\b|\bi am\b|\bi m\b"
)
_KIN = re.compile(rf"\b{_RELATIVE} (?:{_MINE} )?(?:ten|la)\b|\b{_RELATIVE} {_MINE}\b")
_ROLE = re.compile(
    r"\b(?:to truong|to pho|giao vien|bao ve|hang xom|chu nha|chu quan|chu tro|nguoi thue|nhan vien|hoc sinh|sinh vien|cong nhan"
    r"|con gai|con trai|vo|chong|me|bo|ba|em gai|em trai|chi gai|anh trai|hoc lop|the neighbo?u?r|neighbo?u?r|tenant|owner)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[ :,]{0,3}")
_SURNAMES_TYPED = """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao doan vuong trinh dinh mai ta ha cao luong to chu luu
    lam thai tong quach
"""
_MIDDLE_TYPED = "thi van duc huu ngoc minh thanh quoc xuan thu hong kim bao anh"
# What stands after "tôi là" most often is no name.
_NO_NAME_TYPED = """
    nguoi ai gi mot toi tui em anh chi co chu bac ong ba me bo dan cu khach ban la nhung cac da dang se bi khong o nha day do the vay
    cong hang chau con vo chong vi nen thi ma cung rat hoi muon can xin thay nghe biet so sinh hoc giao to bao nhan giam chuyen viec
    qua roi den ve tu trong ngoai nam nu sao lam duoc chua moi van trai gai tenant owner neighbor neighbour student teacher a an the
    not in at from here scared afraid sure sorry very so just looking writing
"""
_SURNAMES, _MIDDLE, _NO_NAME = (frozenset(typed.split()) for typed in (_SURNAMES_TYPED, _MIDDLE_TYPED, _NO_NAME_TYPED))


def _selves(text: str, readable: str) -> Iterator[Mark]:
    """ "tôi là Lan", "em tên Nguyễn Thị Hoa"; also "tôi là tổ trưởng tổ 5": a role may name somebody as well."""
    for match in _SELF.finditer(readable):
        begin = _GAP.match(readable, match.end())
        at = begin.end() if begin else match.end()
        end = _name_end(text, readable, at) or _role_end(readable, at)
        if end:
            yield Mark(match.start(), end, "self")


def _kin(text: str, readable: str) -> Iterator[Mark]:
    for match in _KIN.finditer(readable):
        begin = _GAP.match(readable, match.end())
        end = _name_end(text, readable, begin.end() if begin else match.end(), said=match.group().endswith(" ten"))
        if end:
            yield Mark(match.start(), end, "name")
        elif match.group().endswith(" ten"):
            yield Mark(match.start(), match.end(), "name")  # "mẹ cháu tên": the name may stand in the next message.


def _name_end(text: str, readable: str, at: int, *, said: bool = True) -> int:
    """Where a name of up to five words ends that begins here; 0 for none. In small letters only a surname tells one."""
    end = count = 0
    for match in _words_from(readable, at):
        typed = text[match.start() : match.end()]
        plain = match.group()
        is_capital = typed[:1].isupper() and (count > 0 or plain not in _NO_NAME)
        is_small_name = said and (plain in _SURNAMES | _MIDDLE if count else plain in _SURNAMES and _is_followed(readable, match.end()))
        is_given = count > 0 and count < 4 and end > 0 and not text[at : at + 1].isupper() and plain not in _NO_NAME
        if not (is_capital or is_small_name or is_given):
            break
        end, count = match.end(), count + 1
        if count == 5:
            break
    return end


def _is_followed(readable: str, at: int) -> bool:
    """A surname in small letters counts only before a middle name: "le" alone is many words."""
    following = _WORD.match(readable, at + 1)
    return following is not None and following.group() in _MIDDLE


def _words_from(readable: str, at: int) -> Iterator[re.Match[str]]:
    while match := _WORD.match(readable, at):
        yield match
        at = match.end() + 1
        if readable[match.end() : at] != " ":
            return


def _role_end(readable: str, at: int) -> int:
    match = _ROLE.match(readable, at)
    return match.end() if match else 0


# --- Where somebody lives ----------------------------------------------------------------------------------------------------

_PLACE = r"(?:so nha|so|ngo|hem|ngach|kiet|to|phong|can|can ho|tang|lau|toa|block|duong|pho|khu|ap|thon|xom|lo)"
_ADDRESS = re.compile(
    rf"\b(?:nha|phong tro|phong|can ho|tro|quan|tiem|cua hang) (?:cua )?{_MINE}(?: cung)?(?: dang)?(?: o)?(?: tai)? ?"
    rf"(?:{_PLACE} ?[\w/.-]*\d[\w/.-]*|{_PLACE} \w+ \d+)(?:,? {_PLACE} [\w/.-]{{1,20}}){{0,3}}"
    rf"|\b{_MINE}(?: \w{{1,12}})? (?:o|song o|tro o|thue o|ngu o) {_PLACE} ?[\w/.-]*\d[\w/.-]*(?:,? {_PLACE} [\w/.-]{{1,20}}){{0,3}}"
    rf"|\b(?:o|ngay) (?:canh|sat|doi dien|ben|gan|truoc|sau) nha {_MINE}\b|\b(?:canh|sat vach|doi dien|ke ben|sat) nha {_MINE}\b"
    r"|\bi live (?:at|in|on) [^.,\n]{1,40}|\bmy (?:house|room|apartment) (?:is|number)[^.,\n]{1,40}"
)


def _addresses(readable: str) -> Iterator[Mark]:
    return (Mark(match.start(), match.end(), "address") for match in _ADDRESS.finditer(readable))


# --- Somebody else by name ------------------------------------------------------------------------------------------------------

CAPITALS = "".join(sign for sign in map(chr, (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))) if sign.isupper())
_CALLED = r"(?:ông|bà|anh|chị|cô|chú|bác|cậu|thằng|con|cháu|em|tên|đối tượng|nghi phạm|người tên|mr|mrs|ms)"
_CALLED_BY = re.compile(rf"(?<!\w)(?i:{_CALLED}) (?:(?i:tên|là) )?(?P<name>[{CAPITALS}][^\W\d_]+)(?!\w)")
_FULL = re.compile(rf"(?<!\w)[{CAPITALS}][^\W\d_]*(?: [{CAPITALS}][^\W\d_]*){{1,4}}(?![\w/])")
_SMALL = re.compile(r"\b(?:nguyen|tran|pham|huynh|bui|hoang) (?:van|thi|duc|huu|quoc|thanh|minh|ngoc) [a-z]{2,}\b")
_PLACE_BEFORE = re.compile(
    r"\b(?:duong|pho|ngo|hem|ngach|cho|truong|tieu hoc|thcs|thpt|mam non|phuong|quan|huyen|xa|thi tran|thanh pho|tp|tinh|khu|cau|cong vien"
    r"|chua|nha tho|benh vien|ben xe|nha hang|khach san|cong ty|street|road|market|school|ward)(?: [a-z.]{1,12})?[ ,]*$"
)
_AND = re.compile(r"(?:,| va| hay| hoac| voi| giao| and| or)* *$")
# Capitals that begin an office or the next sentence, and no name.
_OFFICES = frozenset(
    """
    cong an|can bo|truc ban|truong cong|to truong|to dan|to tuan|to bao|doi canh|doi dan|uy ban|ban chi|hoi dong|hoi phu|hoi nguoi|khu pho
    |chi huy|dan phong|phuong xa|anh chi
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_NO_PERSON = frozenset(
    [
        "anh/chi",
        "chi",
        "ong",
        "ba",
        "co",
        "chu",
        "bac",
        "cho",
        "xin",
        "khong",
        "neu",
        "khi",
        "da",
        "dang",
        "se",
        "ubnd",
        "mttq",
        "csgt",
        "tp",
        "viet",
    ]
)
_TWO_PLACES = frozenset(
    """
    ha noi|ha nam|ha giang|ha tinh|ha long|ha dong|ho chi|ho tay|cao bang|phan thiet|phan rang|vu thu|mai chau|mai linh|mai dich|dinh vu
    |luong son|an giang
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)


def persons(text: str) -> list[str]:
    """Whom these words name: a full name, or a given one behind "anh", "bà", "đối tượng". Streets and schools that bear a name are none."""
    text = text[:_MOST]
    found = [text[start:end] for start, end in person_spans(text)]
    return [one for one in dict.fromkeys(found) if not any(one != other and one in other for other in found)]


def person_spans(text: str) -> list[tuple[int, int]]:
    """Where each of these stands; one name may stand within another, longer one."""
    text = text[:_MOST]
    readable = letter_by_letter(text)
    found = []
    for match in _CALLED_BY.finditer(text):
        is_shouted = match["name"].isupper() and text.isupper()
        if not is_shouted and not _is_no_person(readable, match.start("name")) and not _is_place(readable, match.start()):
            found.append(match.span())
    street_ends = -1
    for match in sorted((*_FULL.finditer(text), *_SMALL.finditer(readable)), key=lambda each: each.start()):
        words = readable[match.start() : match.end()].split()
        surname = next(
            (at for at, word in enumerate(words[:-1]) if word in _SURNAMES), None
        )  # "Chị Nguyễn Thị Lan" begins with no surname.
        if surname is None or " ".join(words[surname : surname + 2]) in _TWO_PLACES:
            continue
        second = match.start() + len(" ".join(words[: surname + 1])) + 1
        if _is_no_person(readable, second):
            continue
        is_another_street = street_ends >= 0 and bool(_AND.match(readable[street_ends : match.start()]))
        if is_another_street or _is_place(readable, match.start()) or any(_is_place(f"{word} ", len(word) + 1) for word in words[:surname]):
            street_ends = match.end()
        else:
            found.append(match.span())
    return found


def _is_no_person(readable: str, at: int) -> bool:
    words = readable[at : at + 40].split()[:2]
    return not words or words[0].strip(".,?!") in _NO_PERSON or " ".join(words).strip(".,?!") in _OFFICES


def _is_place(readable: str, at: int) -> bool:
    return bool(_PLACE_BEFORE.search(readable[max(0, at - 60) : at]))
