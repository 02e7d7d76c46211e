"""The receipt code: TB-XXXX-XXXX-XXXX, eleven random Crockford base-32 symbols and one that checks them.

The check symbol is the sum of each symbol's value times its weight (1, 3, 5, …, 21: odd numbers), modulo 32. Odd weights
are invertible modulo 32, so every single wrong symbol is noticed; two swapped neighbours are noticed unless their values
differ by 16. The code is typed in any case, with or without dashes; O reads as 0, I and L as 1.
"""

import re
import secrets

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(SYMBOLS)}
FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    return _with_check("".join(secrets.choice(SYMBOLS) for _ in range(11)))


def check_symbol(body: str) -> str:
    return SYMBOLS[sum(_VALUE[symbol] * (2 * place + 1) for place, symbol in enumerate(body)) % 32]


_MEANT = re.compile(r"tb(?=[0-9a-z]*\d)[0-9a-z]{11,13}", re.IGNORECASE)


def looks_like_code(text: str) -> bool:
    """Whether somebody meant to type a code, even where a sign of it is wrong."""
    return read_code(text) is not None or _MEANT.fullmatch(re.sub(r"[\s.–—-]", "", text)) is not None


def read_code(typed: str) -> str | None:
    """The code in its written form, or None if this is not one."""
    plain = "".join(symbol for symbol in typed.upper() if symbol not in " -–—_.\u00a0")
    if plain.startswith("TB") and len(plain) == 14:
        plain = plain[2:]
    plain = plain.translate(FORGIVEN)
    if len(plain) != 12 or any(symbol not in _VALUE for symbol in plain):
        return None
    return _with_check(plain[:11]) if check_symbol(plain[:11]) == plain[11] else None


def _with_check(body: str) -> str:
    whole = body + check_symbol(body)
    return f"TB-{whole[:4]}-{whole[4:8]}-{whole[8:]}"
