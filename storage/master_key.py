"""The master key: found, made at the first start, written so that a person can print it and type it again.

It stands outside the database: in the settings, in a file that the service manager provides, or in `keys/master.key` of the data
folder. A list of keys means a rotation under way: the first wraps, the others still open.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from storage.folders import sync_folder
from storage.vault import KEY_BYTES

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(_SYMBOLS)}
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_KEY_SYMBOLS, _CHECK_SYMBOLS = 52, 4
_PREFIX = "KENG"
_NAMES = {_PREFIX: "master key", "KHOA": "custodian's key"}  # What each prefix opens.


class KeyTrouble(Exception):
    """One sentence for the operator."""


def fresh_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def written(key: bytes, prefix: str = _PREFIX) -> str:
    """KENG-XXXX-…: 52 symbols of the key and 4 that check them, in the alphabet of the receipt codes. The prefix says what it opens."""
    number = int.from_bytes(key, "big") << 4
    symbols = "".join(_SYMBOLS[(number >> (5 * place)) & 31] for place in reversed(range(_KEY_SYMBOLS)))
    whole = symbols + _check(key, prefix)
    return "-".join([prefix, *(whole[at : at + 4] for at in range(0, len(whole), 4))])


def read(text: str, prefix: str = _PREFIX) -> bytes:
    """The written form in any case, with or without dashes; or 64 hexadecimal digits. One kind of key is never taken for another."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    if len(plain) == 2 * KEY_BYTES and not set(plain) - set("0123456789ABCDEF"):
        return bytes.fromhex(plain)
    plain = plain.removeprefix(prefix).translate(_FORGIVEN)
    if len(plain) != _KEY_SYMBOLS + _CHECK_SYMBOLS or any(symbol not in _VALUE for symbol in plain):
        raise KeyTrouble(f"this is not a {_NAMES[prefix]}; it is written {prefix}-XXXX-… with fourteen groups of four")
    number = 0
    for symbol in plain[:_KEY_SYMBOLS]:
        number = number << 5 | _VALUE[symbol]
    key = (number >> 4).to_bytes(KEY_BYTES, "big")
    if _check(key, prefix) != plain[_KEY_SYMBOLS:]:
        raise KeyTrouble(f"the {_NAMES[prefix]} has a slip in it; compare it with the sheet, group by group")
    return key


def read_list(text: str) -> tuple[bytes, ...]:
    keys = tuple(read(part) for part in text.replace(",", "\n").splitlines() if part.strip())
    if not keys:
        raise KeyTrouble("the master key is empty")
    return keys


def _check(key: bytes, prefix: str) -> str:
    number = int.from_bytes(hashlib.sha256(f"keng {_NAMES[prefix]} check|".encode() + key).digest()[:3], "big") >> 4
    return "".join(_SYMBOLS[(number >> (5 * place)) & 31] for place in reversed(range(_CHECK_SYMBOLS)))


class KeyFile:
    """Read again when it changes, so that a running house follows a rotation."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._keys: tuple[bytes, ...] = ()

    def __call__(self) -> tuple[bytes, ...]:
        try:
            status = os.stat(self.path)
            stamp = (status.st_mtime_ns, status.st_ino)
            if stamp != self._seen:
                self._keys, self._seen = read_list(self.path.read_text()), stamp
        except OSError:
            if not self._keys:  # A file that goes away while we serve takes nothing from us; the next start will say so.
                raise KeyTrouble(f"the master key file {self.path} cannot be read") from None
        return self._keys

    def write(self, keys: tuple[bytes, ...], *, only_new: bool = False) -> None:
        """Whole or not at all. With `only_new`, whoever is second keeps the first one's key."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("".join(f"{written(key)}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        try:
            if only_new:
                os.link(fresh, self.path)
            else:
                os.replace(fresh, self.path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(self.path.parent)


def masters(*, given: str, given_file: str, data: Path) -> tuple[Callable[[], tuple[bytes, ...]], KeyFile | None]:
    """Where the master keys come from. The file of the data folder may not exist yet; then it is handed back to be made."""
    if given and given_file:
        raise KeyTrouble("KENG_MASTER_KEY and KENG_MASTER_KEY_FILE are both set; keep one")
    if given:
        keys = read_list(given)
        return lambda: keys, None
    if given_file:
        file = KeyFile(Path(given_file))
        file()
        return file, None
    file = KeyFile(data / "keys" / "master.key")
    return file, file
