"""argon2id, slow on purpose: always call these in a thread."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Verified against when there is no such login, so that the answer takes as long.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg"


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_password(stored: str | None, given: str) -> bool:
    try:
        return _hasher.verify(stored or _NOBODY, given) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
