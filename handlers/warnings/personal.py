"""Numbers, plates, links and addresses in a warning: whatever could be somebody's stops it; what is the ward's or the State's may stand."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from handlers.insight import names
from handlers.insight.found import is_card
from handlers.messages import Ward
from handlers.warnings.findings import Field, Finding, data, words_of
from storage.search import fold

_EMERGENCY = r"(?<!\d)(?<!\d[ .–-])11[1-5](?:[ ,/–-]{1,3}11[1-5])*(?![ .–-]?\d)"
_GAP = r"(?:[ ()_–-]{1,3}|\.|[ \u20e3\ufe0f]{1,4})?"
_NUMBER = re.compile(rf"(?<![\w#])\+?\(?\d(?:{_GAP}\d){{5,}}(?!\w)|(?<![\w#])\+?\d(?:{_GAP}\d){{5,}}")
_SPOILED = re.compile(r"(?<![a-z0-9])(?=[0-9oli .()–-]*[oli])[0-9o](?:[ .()–-]{0,2}[0-9oli]){8,12}(?![a-z0-9])")
_DIGIT_WORD = r"(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)"
_SPELLED = re.compile(rf"\b{_DIGIT_WORD}(?:[ ,.-]{{1,3}}{_DIGIT_WORD}){{6,}}\b")
# What somebody can call is somebody's, whatever stands between the figures: "09, 12, 34, 56, 78", "0912 / 345 / 678", one under another.
_PULLED = re.compile(r"(?<![\w#])\d(?:[^\w#]{0,4}\d){9,11}(?![^\w#]{0,4}\d|\w)")
_LEAST_DIGITS = 6
_ACCOUNT_SAID = re.compile(r"\b(?:stk|so tk|tk|tai khoan|account|acc|vi momo|momo|zalopay)\b[^\d\n]{0,40}$")

# -- figures that are nobody's -------------------------------------------------------------------------------------------------

_UNIT = r"(?:d|dong|vnd|k|trieu|nghin|ngan(?! hang)|ty|usd|do la|nguoi|ho|vu|luot)\b"
_HARMLESS = re.compile(
    r"(?<![\d.\-/])(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])(?:[./-](?:19|20)\d\d)?(?![.\-/]?\d)"
    r"|(?<![\d.])(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d(?![.\-]?\d)"
    rf"|(?<![\d.])[1-9]\d{{0,2}}(?:[., ]\d{{3}})+(?= ?{_UNIT})|(?<![\d.])[1-9]\d{{0,2}}(?:[.,]\d{{3}}){{1,3}}(?![.,]?\d)"
    rf"|(?<![\d.])[1-9]\d{{3,11}}(?= ?{_UNIT})"
    r"|(?<![\d:])\d{1,2}(?:h|g|:)\d{2}(?: ?[-–] ?\d{1,2}(?:h|g|:)\d{2})?(?!\d|:\d)"
)


def numbers(field: Field, ward: Ward) -> Iterator[Finding]:
    left = field.without(*(match.span() for match in _allowed(ward).finditer(field.plain)))
    yield from _plates(left)
    left = left.without(*(match.span() for match in _HARMLESS.finditer(left.plain)))
    taken = [match.span() for match in _SPOILED.finditer(left.plain) if _is_spoiled(field, match)]
    taken += [match.span() for match in _SPELLED.finditer(left.plain)]
    taken += [match.span() for match in _PULLED.finditer(left.plain) if _is_pulled(match[0])]
    for start, end in taken:
        yield field.finding("phone", "stops", start, end)
    left = left.without(*taken)
    for match in _NUMBER.finditer(left.plain):
        digits = re.sub(r"\D", "", match[0])
        yield field.finding(_kind(digits, match[0], left.plain[max(0, match.start() - 60) : match.start()]), "stops", *match.span())


def _is_pulled(told: str) -> bool:
    digits = re.sub(r"\D", "", told)
    return re.search(r"[^\d ()_.–-]", told) is not None and digits[0] in "08" and _is_phone(digits, "+" if digits.startswith("84") else "")


def _is_spoiled(field: Field, match: re.Match[str]) -> bool:
    """Letters for digits: "O912", and no "ở" behind a number."""
    return sum(sign.isdigit() for sign in match[0]) >= _LEAST_DIGITS and field.text[match.start() : match.end()].isascii()


def _kind(digits: str, told: str, before: str) -> str:
    if names.is_id(digits, before):
        return "id"
    if is_card(digits):
        return "card"
    if _ACCOUNT_SAID.search(before):
        return "account"
    return "phone" if _is_phone(digits, told) else "account" if len(digits) >= 9 else "number"


def _is_phone(digits: str, told: str) -> bool:
    if re.fullmatch(r"1[89]00\d{4,6}", digits):
        return True
    try:
        number = phonenumbers.parse(f"+{digits}" if told.startswith("+") else digits, "VN")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


@lru_cache(maxsize=64)
def _allowed_of(duty_phone: str, superior: str) -> re.Pattern[str]:
    """The ward's own numbers and the State's, however they are written; not where more digits follow."""
    typed = [duty_phone, *re.findall(r"\+?\d[\d .()-]{4,}\d", superior), *data()["numbers"]["official"]]
    known = {re.sub(r"^84(?=\d{9,10}$)", "0", re.sub(r"\D", "", one)) for one in typed if one}
    ways = sorted((_written(one) for one in known if one), key=len, reverse=True)
    return re.compile(rf"(?<![\d+])\(?(?:{'|'.join(ways)})(?![.–-]?\d)|{_EMERGENCY}")


def _written(digits: str) -> str:
    """Any way to write this number, with the country's before it or without."""
    first = r"(?:0|\+?84[ .()–-]{0,2}0?)" if digits[0] == "0" else digits[0]
    return r"[ .()–-]{0,2}".join((first, *digits[1:]))


def _allowed(ward: Ward) -> re.Pattern[str]:
    return _allowed_of(ward.duty_phone, ward.superior)


_PLATE = re.compile(r"(?<![0-9a-z])[1-9]\d[ -]?(?:[a-z]\d?|[a-z]{2}\d?)[ .-]{0,3}(?:\d{3}[ .-]?\d{2}|\d{4})(?![0-9a-z])")
_PLATE_SAID = re.compile(
    r"\b(?:bien so|bien kiem soat|bks|bien xe|mang bien|deo bien|bien)(?: xe)?(?: la|:)? ?(?:duoi |cuoi )?([\da-z]{0,4}[ .-]?\d[\d .-]*\d)"
)


def _plates(field: Field) -> Iterator[Finding]:
    for match in _PLATE.finditer(field.plain):
        yield field.finding("plate", "stops", *match.span())
    for match in _PLATE_SAID.finditer(field.plain):
        yield field.finding("plate", "stops", *match.span(1))


# -- links and mail ------------------------------------------------------------------------------------------------------------

_DOT = r"(?:[.\u2024\u3002\ufe52\uff0e\uff61]| \. | ?[\[({] ?(?:\.|dot|cham) ?[\])}] ?| (?:cham|dot) )"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ENDINGS = (
    "vn|com|net|org|info|biz|edu|gov|xyz|top|vip|club|online|site|shop|store|app|link|live|pro|asia|icu|cc|tv|me|io|co|ly|gl|gg|win|bet|fun|cn|ru"
    "|us|uk|eu|jp|kr|th|kh|hk|tw|sg|page|space|website|tech|mobi|casino|game|games|tk|ga|ml|cf|dev|at|gle|do|to"
    "|cfd|sbs|bond|click|zip|cloud|world|today|life|ink|cyou|buzz|rest|monster|quest|lol|host|press|bid|loan|work|support|help|center"
    "|email|group|team|zone|pw|ws|fr"
)
_LINK = re.compile(
    rf"(?<![\w@.-])(?P<scheme>(?:https?|hxxps?)[: ]{{1,3}}//? ?)?(?P<host>{_LABEL}(?:{_DOT}{_LABEL}){{0,6}}{_DOT}(?P<end>[a-z]{{2,12}}))"
    r"(?![\w@])(?P<path>/[^\s\"“”,;]*)?"
)
_SCHEME = re.compile(r"(?:https?|hxxps?|tg|zalo)://[^\s\"“”,;]+")
_MAIL = re.compile(rf"[a-z0-9][\w.+-]* ?(?:@|\[at\]|\(at\)|\ba cong\b) ?{_LABEL}(?:{_DOT}{_LABEL})*{_DOT}[a-z]{{2,12}}")
_HANDLE = re.compile(r"(?<![\w@./])@[a-z0-9_][a-z0-9_.]{2,}")
_OFFICIAL = re.compile(r"(?:^|\.)gov\.vn$|^(?:[a-z]+\.)?chinhphu\.vn$")


def links(field: Field, ward: Ward) -> Iterator[Finding]:
    mails = [match.span() for match in _MAIL.finditer(field.plain)]
    for start, end in mails:
        yield field.finding("mail", "stops", start, end)
    left = field.without(*mails)
    found = list(_LINK.finditer(left.plain))
    for match in _SCHEME.finditer(left.plain):
        if not any(one.start() <= match.start() < one.end() for one in found):
            yield field.finding("link", "stops", *match.span())
    for match in found:
        host = re.sub(_DOT, ".", match["host"])
        if _is_link(field, match) and not _is_known(host, ward):
            yield field.finding("link", "stops", match.start(), match.start() + len(match[0].rstrip(".,;:!?)]}'…")))
    for match in _HANDLE.finditer(left.plain):
        yield field.finding("handle", "stops", *match.span())


def _is_link(field: Field, match: re.Match[str]) -> bool:
    """People forget the blank behind a full stop ("hết tiền.Có người"): names of sites have no marks and do not go on in capitals."""
    typed = re.sub("[\u2024\u3002\ufe52\uff0e\uff61]", ".", field.text[match.start("host") : match.end("host")])
    if not re.sub("chấm", "", typed, flags=re.IGNORECASE).isascii():
        return False
    if match["scheme"] or match["host"].startswith("www"):
        return True
    if re.search(r" (?:cham|dot) ", match["host"]) and match["end"] not in ("vn", "com", "net", "org", "info", "xyz", "top", "vip"):
        return False
    is_next_sentence = typed[-len(match["end"]) :][:1].isupper() and not typed.isupper()
    is_site = match["end"] in _ENDINGS.split("|") or "-" in typed  # A row of words with a stroke and a dot is no sentence.
    return is_site and (bool(match["path"]) or not is_next_sentence)


def _is_known(host: str, ward: Ward) -> bool:
    own = ward.public_url.split("://")[-1].split("/")[0].split(":")[0].lower()
    return bool(_OFFICIAL.search(host)) or (own != "" and host.removeprefix("www.") == own.removeprefix("www."))


# -- addresses -----------------------------------------------------------------------------------------------------------------

_DOOR = r"\d{1,4}[a-h]?(?:[/-]\d{1,4}[a-h]?)*"
_HOUSE = re.compile(rf"(?<!\w)(?:so nha|nha so|nha o so|nha tro so|can nha so|sn)[ .:]{{0,2}}{_DOOR}(?!\w)")
_LANE = re.compile(rf"(?<!\w)(?P<lane>ngo|ngach|hem|kiet)(?: so)? {_DOOR}(?!\w)")
_ROOM = re.compile(
    rf"(?<!\w)(?P<room>phong|can ho|can|ki[ -]?ot|sap|lo)(?: so)? (?:[a-z]{{1,2}}[ -]?)?{_DOOR}(?!\w)"
    r"(?! ?(?:ngay|nguoi|khach|met|m2|gio|lop|hoc))"
)
_MARKED = {"ngo": "ngõ", "ngach": "ngách", "hem": "hẻm", "kiet": "kiệt", "phong": "phòng", "can": "căn", "sap": "sạp", "lo": "lô"}
_AT_DOOR = re.compile(rf"(?<!\w)(?:nha|o|tai|so) (?P<door>{_DOOR}),? ")
_WITH_STREET_WORD = re.compile(rf"(?<![\w/.-])(?:so )?{_DOOR},? (?P<word>duong|pho) (?=(?P<next>\w))")


def addresses(field: Field, ward: Ward) -> Iterator[Finding]:
    """House numbers, lanes and rooms. A neighbourhood ("tổ 5") is no address, and the ward's own office is everybody's."""
    found = [match.span() for match in _HOUSE.finditer(field.plain)]
    for match in (*_LANE.finditer(field.plain), *_ROOM.finditer(field.plain)):
        first = match.groupdict().get("lane") or match.groupdict().get("room") or ""
        typed = field.small[match.start() : match.start() + len(first)]
        if typed.isascii() or typed == _MARKED.get(first, typed):  # "phòng 5", and no "phóng 5".
            found.append(match.span())
    found += [match.span() for match in _streets(ward).finditer(field.plain)]
    for match in _WITH_STREET_WORD.finditer(field.plain):
        typed = field.small[match.start("word") : match.end("word")]
        if typed in ("đường", "phố", "duong", "pho") and field.text[match.start("next")].isupper():
            found.append((match.start(), match.end() + len(field.text[match.end() :].split(" ")[0].rstrip(".,;:!?"))))
    for match in _AT_DOOR.finditer(field.plain):
        beside = re.match(r"[^\W\d_]+ [^\W\d_]+", field.text[match.end() :])
        if beside and all(word[0].isupper() for word in beside[0].split()):
            found.append((match.start("door"), match.end() + beside.end()))
    public = fold(f"{ward.address} | {ward.superior}")
    for start, end in found:
        if not re.search(rf"(?<!\w){re.escape(field.plain[start:end])}(?!\w)", public):
            yield field.finding("address", "stops", start, end)


def _streets(ward: Ward) -> re.Pattern[str]:
    return _numbered_streets(street_names(ward))


@lru_cache(maxsize=8)
def _numbered_streets(known: frozenset[str]) -> re.Pattern[str]:
    """ "12 Lê Lợi", where the street is the ward's own or one that half the country has."""
    ways = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.compile(rf"(?<![\w/.-])(?:so )?{_DOOR},? (?:duong |pho )?(?:{ways})(?!\w)")


def street_names(ward: Ward) -> frozenset[str]:
    """Folded, without the word before them."""
    own = (fold(one.name) for one in ward.book.landmarks if one.kind in ("street", "alley"))
    return frozenset(re.sub(r"^(?:duong|pho) ", "", name) for name in own if len(name) > 2) | _everywhere()


@lru_cache(maxsize=1)
def _everywhere() -> frozenset[str]:
    return frozenset(map(fold, words_of("names", "streets")))
