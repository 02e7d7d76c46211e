"""What in a story leads somewhere: phones, accounts, plates, links. Found by the search's own reading (`storage/search.py`), so that
whatever stands here is found again when it is looked for.

Shown as people read it, and links so that nobody can follow them. Typed into the search, each says the same thing again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import phonenumbers

from handlers.insight import names
from storage.search import QUERY_MOST, Thing, things_in

Kind = Literal["phone", "account", "plate", "link", "handle"]
KINDS: tuple[Kind, ...] = ("phone", "account", "plate", "link", "handle")
MOST = 40
_MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    kind: Kind
    shown: str
    asked: str  # For the search.


def in_texts(texts: Iterable[str]) -> list[Found]:
    """By kind, then in the order in which they were told; each once."""
    found: dict[str, Found] = {}
    left = _MOST_READ
    for text in texts:
        for thing in things_in(text[:left]):
            if thing.token not in found and (one := _read(thing)):
                found[thing.token] = one
        left -= min(left, len(text))
    return sorted(found.values(), key=lambda one: KINDS.index(one.kind))[:MOST]


def _read(thing: Thing) -> Found | None:
    sign, _colon, value = thing.token.partition(":")
    if sign == "p":
        return _phone(value) if _PHONE.match(re.sub(r"[^+\d]", "", thing.told)) else None
    if sign == "b":
        shown = _plate(value, thing.told)
        return Found("plate", shown, shown)
    if sign in ("h", "u"):
        return _link(thing)
    if sign in ("@", "e"):
        shown = f"@{value}" if sign == "@" else _defanged_mail(value)
        return Found("handle", shown, shown)
    return Found("account", value, value) if _is_account(thing, value) else None


# As people dial: others that could exist are dates and prices ("12.03.2026").
_PHONE = re.compile(r"0|\+|84\d{9}|1[89]00")


def _phone(value: str) -> Found:
    """0912 345 678; of other countries with their number before it."""
    number = phonenumbers.parse(value)
    ours = number.country_code == 84
    form = phonenumbers.PhoneNumberFormat.NATIONAL if ours else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    shown = phonenumbers.format_number(number, form)
    return Found("phone", shown, shown)


# --- Plates ---

_PARTED = re.compile(r"(\d\d)[ -]?([a-z]{1,2}\d?)[ .-]+(\d[\d .-]*)")
_JOINED = re.compile(r"(\d\d)([a-z](?=\d{4,5}$)|[a-z]{2}|[a-z]\d)(\d{4,5})")


def _plate(value: str, told: str) -> str:
    """15A-123.45, 15B1-234.56, 15A-1234. Where no blank parts the series from the number, five digits behind a letter are a number."""
    parts = _PARTED.fullmatch(told.lower()) or _JOINED.fullmatch(value)
    if not parts:
        return value.upper()
    digits = re.sub(r"\D", "", parts[3])
    number = digits if len(digits) == 4 else f"{digits[:3]}.{digits[3:]}"
    return f"{parts[1]}{parts[2].upper()}-{number}"


# --- Links ---

# Sites of everybody: what is one person's there is the whole link. Anywhere else the site itself says most.
_SHARED_SITES_TYPED = """
    facebook.com fb.com fb.me m.me messenger.com zalo.me t.me telegram.me youtube.com youtu.be tiktok.com vt.tiktok.com instagram.com x.com
    twitter.com threads.net discord.gg google.com docs.google.com drive.google.com forms.gle goo.gl maps.app.goo.gl bit.ly tinyurl.com
    cutt.ly shorturl.at shopee.vn lazada.vn chotot.com wa.me
"""
_SHARED_SITES = frozenset(_SHARED_SITES_TYPED.split())


def _link(thing: Thing) -> Found:
    """As it was told, letter by letter, but for what makes a browser follow it."""
    shown = _defanged(thing.told.rstrip(".,;:!?)}'…"))
    host = thing.site.removeprefix("m.")
    whole = shown.split("?")[0] if host in _SHARED_SITES else _defanged_host(thing.site)
    return Found("link", shown, whole if len(whole) <= QUERY_MOST else _defanged_host(thing.site))


def _defanged(link: str) -> str:
    scheme, mark, rest = link.rpartition("://")
    end = next((at for at, sign in enumerate(rest) if sign in "/?#"), len(rest))
    scheme = re.sub("^http", "hxxp", scheme, flags=re.IGNORECASE)
    return f"{scheme}{mark}{_defanged_host(rest[:end])}{rest[end:]}"


def _defanged_mail(address: str) -> str:
    name, _at, host = address.rpartition("@")
    return f"{name}@{_defanged_host(host)}"


def _defanged_host(host: str) -> str:
    return host.replace("[.]", ".").replace(".", "[.]")


# --- Accounts ---

_SAID = re.compile(r"(?:\bstk|\bso tk|\btk|\btai khoan|\bso tai khoan|\bacc(?:ount)?|\bac no)\b[^\d\n]{0,40}$")
_MONEY = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_MONEY_AFTER = re.compile(r"^ ?(?:d|dong|vnd|k|tr|trieu|nghin|ngan|ty|usd)\b")
_LEAST, _LEAST_UNSAID = 6, 9


def _is_account(thing: Thing, digits: str) -> bool:
    """What was called one; or a number too long for anything else. A card or an identity number is none."""
    if names.is_id(digits, thing.before) or is_card(digits) or _MONEY_AFTER.match(thing.after):
        return False
    if _SAID.search(thing.before):
        return len(digits) >= _LEAST
    is_written_as_one = not _MONEY.fullmatch(thing.told) and all(len(group) >= 3 for group in re.findall(r"\d+", thing.told)[:-1])
    return len(digits) >= _LEAST_UNSAID and is_written_as_one


def is_card(digits: str) -> bool:
    if digits.startswith("9704") and len(digits) in (16, 19):
        return True
    return len(digits) == 16 and digits[0] in "2345" and _sums_to_ten(digits)


def _sums_to_ten(digits: str) -> bool:
    """Luhn's check, which every card passes."""
    doubled = [int(sign) * (1 + at % 2) for at, sign in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
