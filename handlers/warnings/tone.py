"""What no line of the police says: promises and threats, requests only an impostor makes, summons, arrests. And what reads like an
advertisement, or like an office: that is only warned about.

A warning has to tell what swindlers say, so whose words they are decides: behind "kẻ lừa", "dọa", "hứa" they are told, not said.
"""

import re
from collections.abc import Iterator

from handlers import wordings
from handlers.warnings.findings import Field, Finding, any_of, data

_SENTENCE = re.compile(r"[^.!?;\n]+")
_SUMMONED = re.compile(
    r"(?<!\w)(?:mời|yêu cầu|đề nghị|triệu tập|phải|moi|yeu cau|de nghi|trieu tap|phai)\b[^.?!\n]{0,40}?"
    r"(?:lên|đến|tới|qua|về|len|den|toi|ve)\b"
    r"[^.?!\n]{0,30}?(?:làm việc|trình diện|lấy lời khai|khai báo|lam viec|trinh dien|khai bao)(?!\w)"
    r"|(?<!\w)(?:triệu tập|trieu tap)(?!\w)|(?<!\w)(?:có mặt tại|co mat tai)(?!\w)"
    r"|(?<!\w)lên (?:phường|công an|trụ sở|đồn) làm việc"
)
_NEAR = 40  # Letters between a secret and what is to be done with it.
_DOES = re.compile(
    r"(?:chuyển|nạp|đặt|nộp|đóng|gọi|video|cuộc|ảnh|chụp|chuyen|nap|dat|nop|dong|goi|cuoc|anh|chup|transfer|send|pay|photo)(?!\w)"
)
_HAPPENED = re.compile(r"(?<!\w)(?:lỡ|trót|đã|vừa|từng|bị)(?: [^\W\d_]+){0,3} $")
_ON_PAPER = re.compile(r"(?<!\w)(?:bằng giấy|bằng văn bản|qua giấy|có giấy|gửi giấy)(?!\w)")
_ARRESTED = re.compile(
    r"(?<!\w)(?:đã bắt|vừa bắt|bị bắt|da bat|vua bat|bi bat)(?! (?:đầu|cóc|nạt|chước|buộc|gặp|tay|kịp|dau|coc|nat))(?!\w)"
    r"|(?<!\w)(?:bắt (?:giữ|giam|được|quả tang)|bat (?:giu|giam|duoc|qua tang)|tạm giam|tam giam|khởi tố|khoi to|ra đầu thú|nhận tội)(?!\w)"
    r"|(?<!\w)tạm giữ (?:người|hình sự|đối tượng|nghi phạm|\d)"
)
_SHOUTED = re.compile(r"!{2,}|\?{2,}|(?<!\w)[^\W\d_a-zà-ỹ]{2,}(?: [^\W\d_a-zà-ỹ]{2,}){3,}(?!\w)")
_BLANK = re.compile(r"\{[^{}\n]*\}|\[[^\[\]\n.@]{1,40}\](?!\w)|_{3,}|\.{5,}|(?<!\w)[xX]{3,}(?!\w)")
_CALM = {"🔴", "✋"}
_PICTURE = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2757]")


def tone(field: Field) -> Iterator[Finding]:
    yield from _promises(field)
    yield from _asked(field)
    yield from _summons(field)
    yield from _style(field)


def _promises(field: Field) -> Iterator[Finding]:
    for match in wordings.never_said_in(field.small):
        if not (_is_told(field, match.start()) or wordings.is_refused(_sentence_before(field, match.start()))):
            yield field.finding("promise", "never", *match.span())
    for match in _ARRESTED.finditer(field.small):
        if not _is_told(field, match.start()):
            yield field.finding("arrest", "stops", *match.span())


def _asked(field: Field) -> Iterator[Finding]:
    for match in wordings.secrets_in(field.small):
        before, after = _sentence_before(field, match.start()), re.split(r"[.!?;\n]", field.small[match.end() :])[0]
        is_of_thing = re.search(rf"{any_of('tone', 'nouns').pattern} $", before)
        if is_of_thing or _HAPPENED.search(before) or re.match(r" (?:giả|nhầm)(?!\w)", after) or _is_told(field, match.start()):
            continue
        if _is_wished(before, match[0], after):
            yield field.finding("asks", "never", *match.span())


def _is_wished(before: str, secret: str, after: str) -> bool:
    """Money says by itself what is to be done with it; of a code or a paper somebody has to be told to give it."""
    if _DOES.match(secret):
        return not wordings.is_refused(before)
    givers = [one for one in any_of("tone", "gives").finditer(before) if one.start() >= len(before) - _NEAR]
    if givers:
        return not wordings.is_refused(before)
    behind = any_of("tone", "gives").search(after[:_NEAR])
    return behind is not None and not wordings.is_refused(before + secret + after[: behind.start()])


def _summons(field: Field) -> Iterator[Finding]:
    for match in _SUMMONED.finditer(field.small):
        before = _sentence_before(field, match.start())
        whole = next((one[0] for one in _SENTENCE.finditer(field.small) if one.start() <= match.start() < one.end()), "")
        if not (wordings.is_refused(before) or _ON_PAPER.search(whole) or _is_told(field, match.start())):
            yield field.finding("summons", "never", *match.span())


def _sentence_before(field: Field, at: int) -> str:
    return re.split(r"[.!?;\n]", field.small[:at])[-1]


def _is_told(field: Field, at: int) -> bool:
    """Somebody else says it: the last who speaks in this sentence is none of us."""
    before = _LED_ON.sub(lambda one: "#" * len(one[0]), _sentence_before(field, at))
    others = [one.start() for one in any_of("tone", "others").finditer(before)]
    ours = [one.start() for one in any_of("tone", "ours").finditer(before)]
    return bool(others) and (not ours or max(others) > max(ours))


# Whom somebody else speaks to, or pretends to be, is not who speaks: "họ bảo bà con", "xưng công an phường".
_LED_ON = re.compile(
    r"(?<=bảo )(?:bà con|người dân|mọi người)|(?<=đòi )(?:bà con|người dân|mọi người)|(?<=dụ )(?:bà con|người dân|mọi người)"
    r"|(?<=ép )(?:bà con|người dân|mọi người)|(?<=nhờ )(?:bà con|người dân|mọi người)|(?<=lừa )(?:bà con|người dân|mọi người)"
    r"|(?<=xưng )(?:là )?(?:công an|cán bộ|trực ban)|(?<=giả )(?:làm )?(?:công an|cán bộ|trực ban)|(?<=danh )(?:công an|cán bộ|trực ban)"
)


def _style(field: Field) -> Iterator[Finding]:
    for match in _BLANK.finditer(field.text):
        yield field.finding("blank", "never", *match.span())
    for match in any_of("tone", "blame").finditer(field.small):
        yield field.finding("blame", "warns", *match.span())
    spam = [*any_of("tone", "spam").finditer(field.small), *_SHOUTED.finditer(field.text)]
    spam += [match for match in _PICTURE.finditer(field.text) if match[0] not in _CALM]
    for match in spam:
        yield field.finding("spam", "warns", *match.span())
    for one in data()["plain"]:
        for match in re.finditer(rf"(?<!\w){re.escape(one['typed'])}(?!\w)", field.small):
            yield field.finding("plain", "warns", *match.span(), instead=one["instead"])
