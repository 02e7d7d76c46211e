"""The code of a warning: CB-XXXXXX, five random Crockford base-32 symbols and one that checks them (see `storage/codes.py`).

It is public and proves nothing by itself: who forges a warning can copy a code. It finds the true words, to compare with.
"""

import re
import secrets

from storage.codes import FORGIVEN, SYMBOLS, check_symbol

_IN_TEXT = re.compile(r"\bCB\s?[-–—.:_]?\s?([0-9A-Z]{3})[\s–—-]?([0-9A-Z]{3})\b", re.IGNORECASE)


def new_code() -> str:
    body = "".join(secrets.choice(SYMBOLS) for _ in range(5))
    return f"CB-{body}{check_symbol(body)}"


def codes_in(text: str) -> tuple[str, ...]:
    """The codes that stand in what somebody sent, each once, as they are written. Those with a wrong sign are none."""
    found = []
    for one in _IN_TEXT.finditer(text):
        plain = (one[1] + one[2]).upper().translate(FORGIVEN)
        if all(sign in SYMBOLS for sign in plain) and check_symbol(plain[:5]) == plain[5]:
            found.append(f"CB-{plain}")
    return tuple(dict.fromkeys(found))


def looks_like_code(text: str) -> bool:
    """Whether nothing but a code was meant, even one with a wrong sign."""
    return _IN_TEXT.fullmatch(text.strip(" .\"'")) is not None
