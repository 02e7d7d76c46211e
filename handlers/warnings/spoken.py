"""Numbers as people say them: 113 is "một một ba", a phone number goes digit by digit, 12/3/2026 is a day, 5.000.000 đ an amount.

For a text that somebody reads aloud from a sheet, at a loudspeaker, without stopping to think. What follows is done in this order,
because a phone number, a date and an amount all look like numbers.
"""

import re
from collections.abc import Callable

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ", "nghìn tỷ")
_EMERGENCY = frozenset(("111", "112", "113", "114", "115"))
_COUNTED = (
    r"(?:người|xe|vụ|tin|hộ|nhà|lần|cuộc|đồng|nghìn|ngàn|triệu|tỷ|tỉ|tuổi|ngày|tháng|năm|giờ|phút|mét|m|km|kg|cháu|em|trường|con|cái|chiếc)"
)
_SHORT_FORMS = {
    "OTP": "ô tê pê",
    "CCCD": "căn cước công dân",
    "CSKV": "cảnh sát khu vực",
    "CSGT": "cảnh sát giao thông",
    "UBND": "Ủy ban nhân dân",
    "TDP": "tổ dân phố",
    "TP": "thành phố",
    "PCCC": "phòng cháy chữa cháy",
    "ANTT": "an ninh trật tự",
    "VNĐ": "đồng",
    "VND": "đồng",
}
_MEASURES = {
    "km/h": "ki lô mét trên giờ",
    "km": "ki lô mét",
    "kg": "ki lô gam",
    "cm": "xăng ti mét",
    "m": "mét",
    "°C": "độ xê",
    "đ": "đồng",
}
_CODE = re.compile(r"\b(?:mã\s+)?CB-[0-9A-Z]{6}\b")
_ADDRESS = re.compile(r"\b(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w./?=&-]*\w)?", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\d.,/])(?:\+84|0)(?:[ .-]?\d){8,10}(?!\d)"
    r"|(?<!\d)1[89]00[ .-]?\d{4}(?:[ .-]?\d{2})?(?!\d)"
    r"|(?<![\d.,])\d{7,}(?![\d.,]\d)"
)
_CALLED = re.compile(r"(?P<before>\b(?:gọi|số|tổng đài|đầu số|nhắn|bấm|soạn)\s+)(?P<number>\d{3,6})(?![\d.,/:]?\d)", re.IGNORECASE)
_EMERGENCY_NUMBER = re.compile(rf"(?<![\d.,/:])11[1-5](?![\d.,/:]?\d|\s+{_COUNTED}\b)")
_RANGE = re.compile(r"(?<=\d)(?P<unit>\s?(?:h|g|%))?\s*[-–]\s*(?=\d)")
_DATE = re.compile(r"(?P<day_word>\b[Nn]gày\s+)?(?<![\d/.,])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?(?![\d/])")
_DAY = re.compile(r"\b(?P<word>[Nn]gày)\s+0?(?P<day>\d|10)(?![\d/.,:]?\d)")
_MONTH = re.compile(r"\b(?P<word>[Tt]háng)\s+(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?(?![\d/.,]\d|\d)")
_TIME = re.compile(r"(?<![\d.,/])(?P<hour>[01]?\d|2[0-4])(?:(?:[:hg]|\s?giờ\s?)(?P<minute>[0-5]\d)(?!\d)(?:\s?phút\b)?|[hg]\b)")
_WEEKDAY = re.compile(r"\b(?P<word>[Tt]hứ)\s+(?P<day>[2-7])\b")
_THOUSANDS = re.compile(r"(?<![\d.,])(?P<number>\d{1,3}(?:[.\s]\d{3})+)(?![\d])(?P<unit>\s?đ\b)?")
_LETTERED = re.compile(r"(?<![\d.,\w])(?P<number>\d{1,4})\s?(?P<letter>k|tr)\b")
_PERCENT = re.compile(r"\s?%")
_DECIMAL = re.compile(r"(?<![\d.,])(?P<whole>\d+)[.,](?P<part>\d{1,2})(?!\d|[.,]\d)")
_MEASURED = re.compile(r"(?<=\d)\s?(km/h|km|kg|cm|m|°C|đ)(?!\w)")
_BEGINS = re.compile(rf"(?<=[.!?…]\s)(?:{'|'.join((*DIGITS, 'mười'))})\b")  # A numeral has no capital.
_WHOLE = re.compile(r"(?<![\w])\d+(?![\w])")


def spoken(text: str) -> str:
    """The same sentence without a numeral in it, except where it is part of a name ("4G")."""
    begins_with_number = text[:1].isdigit()
    text = _CODE.sub("mã in trên tờ thông báo", text)
    text = _ADDRESS.sub(lambda found: _address(found[0]), text)
    text = _PHONE.sub(lambda found: digit_by_digit(found[0]), text)
    text = _CALLED.sub(lambda found: found["before"] + digit_by_digit(found["number"]), text)
    text = _EMERGENCY_NUMBER.sub(lambda found: digit_by_digit(found[0]), text)
    text = re.sub(r"\b24/7\b", "hai mươi bốn trên bảy", text)
    text = _RANGE.sub(lambda found: f"{found['unit'] or ''} đến ", text)
    for pattern, said in _STEPS:
        text = pattern.sub(said, text)
    text = re.sub(r"\b[A-ZĐ]{2,4}\b", lambda found: _SHORT_FORMS.get(found[0], found[0]), text)
    text = re.sub(r"\s+", " ", text.replace("&", " và ")).strip()
    text = _BEGINS.sub(lambda found: found[0].capitalize(), text)
    return text[:1].upper() + text[1:] if begins_with_number else text


def in_words(number: int) -> str:
    """Up to thousands of billions; what is larger nobody says."""
    if number < 0 or number >= 10**15:
        return " ".join(DIGITS[int(sign)] for sign in str(number) if sign.isdigit())
    if number == 0:
        return DIGITS[0]
    groups = []
    while number:
        groups.append(number % 1000)
        number //= 1000
    said = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            is_first = place == len(groups) - 1
            said.append(f"{_hundreds(groups[place], is_first=is_first)} {_SCALES[place]}".strip())
    return " ".join(said)


def digit_by_digit(number: str) -> str:
    """In the groups in which it is written, or in such as can be remembered."""
    groups = re.findall(r"\d+", number.replace("+84", "0").replace("+", ""))
    if number.startswith("+84") and len(groups) > 1 and groups[0] == "0":
        groups = [groups[0] + groups[1], *groups[2:]]
    if len(groups) == 1 and len(groups[0]) > 5:
        whole = groups[0]
        groups = [whole[:4], *(whole[at : at + 3] for at in range(4, len(whole), 3))]
    return ", ".join(" ".join(DIGITS[int(sign)] for sign in group) for group in groups)


def in_day(day: int, month: int, year: int = 0) -> str:
    """`mồng` up to the tenth: "ngày năm tháng mười" might be a year."""
    first = f"ngày {'mồng ' if day <= 10 else ''}{in_words(day)} tháng {_month(month)}"
    return first + (f" năm {in_words(year)}" if year else "")


def _hundreds(number: int, *, is_first: bool) -> str:
    hundred, rest = divmod(number, 100)
    said = [f"{DIGITS[hundred]} trăm"] if hundred or not is_first else []
    ten, one = divmod(rest, 10)
    if ten == 0 and one:
        said += ["linh"] if said else []
        said.append(DIGITS[one])
    elif ten:
        said.append("mười" if ten == 1 else f"{DIGITS[ten]} mươi")
        if one:
            said.append({1: "mốt" if ten > 1 else "một", 5: "lăm"}.get(one, DIGITS[one]))
    return " ".join(said)


def _month(month: int) -> str:
    return "tư" if month == 4 else in_words(month)


def _date(found: re.Match[str]) -> str:
    day, month = int(found["day"]), int(found["month"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return f"{found['day_word'] or ''}{in_words(day)} trên {in_words(month)}"
    said = in_day(day, month, int(found["year"] or 0))
    return said if not found["day_word"] else found["day_word"][0] + said[1:]


def _named_month(found: re.Match[str]) -> str:
    month = int(found["month"])
    if not 1 <= month <= 12:
        return found[0]
    return f"{found['word']} {_month(month)}" + (f" năm {in_words(int(found['year']))}" if found["year"] else "")


def _time(found: re.Match[str]) -> str:
    minute = int(found["minute"] or 0)
    return f"{in_words(int(found['hour']))} giờ" + (f" {in_words(minute)} phút" if minute else "")


def _weekday(found: re.Match[str]) -> str:
    return f"{found['word']} {'tư' if found['day'] == '4' else in_words(int(found['day']))}"


def _thousands(found: re.Match[str]) -> str:
    return in_words(int(re.sub(r"\D", "", found["number"]))) + (" đồng" if found["unit"] else "")


def _lettered(found: re.Match[str]) -> str:
    return in_words(int(found["number"])) + (" nghìn đồng" if found["letter"] == "k" else " triệu đồng")


def _decimal(found: re.Match[str]) -> str:
    part = found["part"]
    tail = in_words(int(part)) if not part.startswith("0") else " ".join(DIGITS[int(sign)] for sign in part)
    return f"{in_words(int(found['whole']))} phẩy {tail}"


def _whole(found: re.Match[str]) -> str:
    number = found[0]
    return digit_by_digit(number) if number.startswith("0") and len(number) > 2 else in_words(int(number))


def _address(address: str) -> str:
    bare = re.sub(r"^https?://", "", address, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", bare.replace(".", " chấm ").replace("/", " gạch chéo "))


_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_DATE, _date),
    (_DAY, lambda found: f"{found['word']} mồng {in_words(int(found['day']))}"),
    (_MONTH, _named_month),
    (_TIME, _time),
    (_WEEKDAY, _weekday),
    (_LETTERED, _lettered),
    (_MEASURED, lambda found: " " + _MEASURES[found[1]]),
    (_PERCENT, lambda _found: " phần trăm"),
    (_THOUSANDS, _thousands),
    (_DECIMAL, _decimal),
    (_WHOLE, _whole),
)
