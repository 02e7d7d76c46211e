"""What an officer writes to a resident, checked before it is taken: an impostor would ask for just these things.

Money that is gone may be asked about ("đã chuyển tiền chưa?"), to send some may not. Nobody is summoned here: that goes by paper.
"""

import re
from collections.abc import Iterator

from handlers.cleaning import clean
from handlers.flows.conversation import fold
from handlers.insight import names
from handlers.insight.dodges import odd_letters, respelled
from handlers.officers import Mistake
from handlers.texts import say
from handlers.wordings import asked_secrets, written_complaints

MOST_WRITTEN = 500
FAR_TOO_LONG = 2_000
LEAST_WRITTEN = 3
MOST_UNIT = 120
_MONEY = frozenset(
    (
        *("chuyển tiền", "chuyển khoản", "nạp tiền", "đặt cọc", "nộp phí", "đóng phí", "nộp tiền", "transfer money", "send money"),
        "pay a fee",
    )
)
# Spelled as usual wherever they were dodged, before anything else is looked at.
_DODGED = (
    *("otp", "mật khẩu", "mã xác thực", "mã xác nhận", "mã kích hoạt", "mã pin", "số thẻ", "cvv", "thẻ ngân hàng", "chuyển tiền"),
    *("chuyển khoản", "nạp tiền", "đặt cọc", "nộp phí", "đóng phí", "nộp tiền", "căn cước", "cccd", "cmnd", "hộ chiếu", "giấy tờ"),
    *("gọi video", "video call", "video", "password", "passcode", "card number", "transfer money", "send money", "triệu tập", "giấy mời"),
    *(
        "lên phường",
        "lên công an",
        "lên trụ sở",
        "làm việc",
        "trụ sở",
        "công an",
        "phường",
        "đã bắt",
        "bị bắt",
        "bắt giữ",
        "bắt giam",
        "bắt được",
        "bắt quả tang",
        "tạm giam",
    ),
    *("khởi tố", "arrested", "summon", "yên tâm", "cam kết", "http", "www", "zalo", "telegram"),
)
_SAID_SO = re.compile(
    r"\b(?:xin |vui long |hay |giup |lam on )?(?:cho biet|cho hoi|hoi them|noi ro|noi giup|ke giup|ke them|ke lai)\b|\bxin hoi\b"
)
_HAPPENED = re.compile(r"\b(?:da|lo|vua|tung|chua|bi|hom|luc|sau khi|truoc khi|bien lai|lan)\b|\b(?:have|has|did|already|was|were)\b")
_WISHED = re.compile(r"\b(?:hay|xin|vui long|phai|can|giup|please|must)\b")
_PAPERS = re.compile(
    r"\b(?:anh|hinh|chup|gui|photo|picture|scan)\b[^.?!\n]{0,30}\b(?:can cuoc|cccd|cmnd|giay to tuy than|ho chieu|passport)\b"
)
_SUMMONED = re.compile(
    r"\b(?:moi|yeu cau|de nghi|trieu tap)\b[^.?!\n]{0,40}\b(?:len|den|toi|qua|ve)\b[^.?!\n]{0,20}\b(?:phuong|tru so|don|cong an|lam viec)\b"
    r"|\b(?:len|den|toi|qua)\b[^.?!\n]{0,12}\b(?:tru so|don cong an|cong an phuong|phuong)\b[^.?!\n]{0,12}\blam viec\b"
    r"|\blen (?:phuong|cong an|tru so|don)\b|\bgiay (?:moi|trieu tap)\b|\btrieu tap\b|\bco mat tai\b"
    r"|\bcome to the (?:police )?station\b|\bsummon"
)
_ARRESTED = re.compile(
    r"đã bắt(?! đầu)|bị bắt(?! đầu)|bắt (?:giữ|giam|được|quả tang)|tạm giam|tạm giữ (?:người|đối tượng|nghi phạm|\d)|khởi tố"
    r"|\bda bat(?! (?:dau|den|dien|lai|may|coi|loa)\b)|\bbi bat(?! dau\b)|\bbat (?:giu|giam|duoc|qua tang)\b|\btam giam\b"
    r"|\btam giu (?:nguoi|doi tuong|nghi pham|\d)|\barrested\b|in custody"
)
_NEGATED = re.compile(r"\b(?:khong|dung|chua tung|chang|never|not|don't|nobody)\b")
_MORE_SECRETS = {
    "code": re.compile(
        r"\bma (?:6|sau|4|bon|kich hoat|vua|duoc gui|trong tin nhan)\b|\b(?:6|sau) (?:so|chu so) (?:vua|trong|trong tin|ve may)\b"
    ),
    "card": re.compile(r"\b(?:anh|hinh|chup|so|mat|doc)\b[^.?!\n]{0,20}\bthe (?:ngan hang|atm|tin dung|visa)\b"),
    "video": re.compile(
        r"\bgoi\b[^.?!\n]{0,15}\b(?:video|co hinh|hinh anh|thay mat|facetime)\b"
        r"|\bfacetime\b|\bvideo (?:zalo|messenger)\b|\bbat cam(?:era)? len\b"
    ),
    "money": re.compile(
        r"\b(?:ck|chuyen|gui|nop|dong)\b[^.?!\n]{0,25}\b(?:\d+ ?(?:k|nghin|ngan|trieu|tr)\b|tien\b|momo\b|le phi\b|vao tai khoan)"
    ),
}
# An answer that is nothing else tells nothing: words.md 12.
_EMPTY = (
    *(
        "tiep nhan",
        "ghi nhan",
        "da nhan",
        "xu ly",
        "giai quyet",
        "xem xet",
        "kiem tra",
        "xac minh",
        "nam thong tin",
        "nam duoc",
        "hoan thanh",
    ),
    *("theo dung quy dinh", "theo quy dinh", "theo tham quyen", "theo quy trinh", "quy dinh", "phap luat", "hien hanh", "nghiem tuc"),
    *("vu viec", "su viec", "noi dung", "thong tin", "tin bao", "phan anh", "kien nghi", "trinh bao", "cam on", "xin cam on", "nguoi dan"),
    *("cong dan", "cong an phuong", "cong an", "can bo", "don vi", "co quan", "chuc nang", "received", "noted", "handled", "processed"),
)
_SAYS_NOTHING = frozenset(
    (
        *("da", "dang", "se", "va", "cua", "cho", "nay", "do", "theo", "duoc", "roi", "a", "anh", "chi", "ong", "ba", "tin", "xong", "ok"),
        *("day", "du", "kip", "thoi", "tren", "the", "is", "has", "been", "was", "it", "we", "according", "to"),
    )
)
_LEAST_TOLD = 3  # Words that say something.


class Refused(Mistake):
    """Words that may not go out; each reason is a sentence for who wrote them. `why`: what the chief alone may let pass, where nothing
    else stands against them."""

    def __init__(self, *reasons: str, why: tuple[str, ...] = ()) -> None:
        super().__init__("write-refused")
        self.reasons, self.why = reasons, why


def checked(text: str, *, site: str, spoken: str, by_chief: bool = False) -> str:
    """A question or a message, as it may go out; what the chief says yes to may name a person. Raises Refused."""
    text = clean(text)
    _refuse_far_too_long(text, spoken)
    reasons = [*_length(text, spoken), *_wrong(text, site, spoken)]
    if _SUMMONED.search(fold(respelled(text, _DODGED))):
        reasons.append(say("write-summons", spoken))
    _refuse(reasons, text, spoken, by_chief=by_chief)
    return text


def checked_ending(done: str, unit: str, *, site: str, spoken: str, by_chief: bool = False) -> tuple[str, str]:
    """What was done, and by whom. Raises Refused; an answer that says nothing gets the one long sentence about it."""
    done, unit = " ".join(clean(done).split()).rstrip(" .,;"), " ".join(clean(unit).split()).rstrip(" .,;")
    _refuse_far_too_long(f"{done}{unit}", spoken)
    if tells_nothing(done) or sum(sign.isalpha() for sign in unit) < 3:
        raise Refused(say("close-empty", spoken))
    reasons = [*_length(done, spoken), *_wrong(f"{done}. {unit}", site, spoken)]
    if len(unit) > MOST_UNIT:
        reasons.append(say("write-long", spoken, most=MOST_UNIT))
    _refuse(reasons, f"{done}. {unit}", spoken, by_chief=by_chief)
    return done, unit


def needs_chief(text: str) -> dict[str, str]:
    """What the chief alone may let go out, and the words that say it: a person's name, that somebody was arrested."""
    text, found = clean(text), dict[str, str]()
    if named := names.persons(text):
        found["name"] = named[0]
    if arrest := _ARRESTED.search(respelled(text, _DODGED).casefold()):
        found["arrest"] = arrest[0]
    return found


def _refuse(reasons: list[str], text: str, spoken: str, *, by_chief: bool) -> None:
    asks_chief = {} if by_chief else needs_chief(text)
    told = [*reasons, *(say(f"write-{why}", spoken, what=what) for why, what in asks_chief.items())]
    if told:
        raise Refused(*told, why=() if reasons else tuple(asks_chief))


def tells_nothing(done: str) -> bool:
    left = f" {' '.join(re.findall(r'[a-z0-9]+', fold(done)))} "
    for phrase in sorted(_EMPTY, key=len, reverse=True):
        left = left.replace(f" {phrase} ", " ")
    return sum(word not in _SAYS_NOTHING for word in left.split()) < _LEAST_TOLD


def _refuse_far_too_long(text: str, spoken: str) -> None:
    """Before it is read: what is pasted by mistake may be a whole file, and reading that would hold up everybody else for minutes."""
    if len(text) > FAR_TOO_LONG:
        raise Refused(say("write-long", spoken, most=MOST_WRITTEN))


def _length(text: str, spoken: str) -> Iterator[str]:
    if sum(sign.isalnum() for sign in text) < LEAST_WRITTEN:
        yield say("write-short", spoken)
    if len(text) > MOST_WRITTEN:
        yield say("write-long", spoken, most=MOST_WRITTEN)


def _links_joined(text: str) -> str:
    """An address that was pulled apart: "bit . ly", "bit [.] ly", "b i t . l y", "bit chấm ly"."""
    text = re.sub(r"(?<!\w)[a-z](?: [a-z](?!\w)){1,}", lambda run: run[0].replace(" ", ""), text, flags=re.IGNORECASE)
    return re.sub(r"\s*(?:\[\.\]|\(\.\)|(?<=\s)\.|(?<!\w)(?:chấm|cham|dot)(?!\w))\s*", ".", text, flags=re.IGNORECASE)


def _wrong(text: str, site: str, spoken: str) -> Iterator[str]:
    found: dict[str, None] = {}
    usual = respelled(text, _DODGED)
    for one in dict.fromkeys((text, usual, _links_joined(text))):
        found.update(dict.fromkeys(written_complaints(one, site=site, spoken=spoken)))
    yield from found
    if odd := odd_letters(text):
        yield say("write-odd-letters", spoken, what=odd[:10])
    yield from (say("wording-secret", spoken, what=word) for word in dict.fromkeys(_asked(usual)))
    yield from dict.fromkeys(say(f"write-{kind}", spoken) for kind in _private(text))


def _asked(text: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.!?;\n])", text):
        plain = fold(sentence)
        is_past = bool(_HAPPENED.search(plain)) and not _WISHED.search(_SAID_SO.sub(" ", plain))
        known = [word for word in asked_secrets(sentence) if not (is_past and word in _MONEY)]
        yield from known
        patterns = {"papers": _PAPERS, **_MORE_SECRETS}
        for kind, pattern in patterns.items():
            found = pattern.search(plain)
            if not found or known or _NEGATED.search(plain[: found.start()]):
                continue
            if kind != "money" or (not is_past and _WISHED.search(plain)):
                yield found[0]


def _private(text: str) -> Iterator[str]:
    """Numbers of persons: of papers, of plates, of mobiles. Agencies have landlines, and short numbers."""
    for mark in names.marks(text):
        number = re.sub(r"\D", "", text[mark.start : mark.end])
        if mark.kind in ("id", "plate") or (mark.kind == "phone" and re.match(r"(?:84|0)?[35789]\d{8}$", number)):
            yield "number"
