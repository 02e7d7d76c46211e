"""Keys and sealed values. Small and boring on purpose.

A ring is what one tip, one chat or one ward keeps its values under: a random key, and the keys it had before. Rings stand in the
database wrapped by the master key, which never does. Every sealed value is bound to its place (table, column, row): moved to
another place it does not open. This module reads no files and knows no tables; `master_key.py` finds the master key.

AES-256-GCM with random nonces; a nonce is the one bit of chance that is drawn inside a transaction, because a repeat must draw
another one.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session

from storage.quick import as_json, from_json

KEY_BYTES = 32
_NONCE_BYTES = 12
_VALUE, _WRAPPED = b"\x01", b"\x02"
_MASTER_ID_BYTES = 8
_MOST_VERSIONS = 250


class Sealed(Exception):
    """A value that does not open: changed, moved, or sealed under another key."""


class Shredded(Exception):
    """The key is gone for good, and what it sealed with it."""


class WrongMaster(Exception):
    """None of the master keys at hand wrapped this."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands. It goes into the seal, so that no cell can take another's place."""

    table: str
    column: str
    row_id: int

    def bound(self, version: int) -> bytes:
        return f"keng|{self.table}|{self.column}|{self.row_id}|{version}".encode()


@dataclass(frozen=True, slots=True, repr=False)
class Ring:
    """The keys of one owner, oldest first; the last one seals."""

    keys: tuple[bytes, ...]

    @classmethod
    def fresh(cls) -> "Ring":
        return cls((os.urandom(KEY_BYTES),))

    def grown(self) -> "Ring":
        """With a new key in front of all others; what the old ones sealed still opens."""
        if len(self.keys) >= _MOST_VERSIONS:
            raise ValueError("this ring has been renewed too often")
        return Ring((*self.keys, os.urandom(KEY_BYTES)))

    @property
    def version(self) -> int:
        return len(self.keys)

    @property
    def current(self) -> bytes:
        return self.keys[-1]

    def seal(self, value: bytes, place: Place) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return _VALUE + bytes((self.version,)) + nonce + AESGCM(self.current).encrypt(nonce, value, place.bound(self.version))

    def open(self, sealed: bytes, place: Place) -> bytes:
        version = sealed[1] if len(sealed) > _NONCE_BYTES + 2 and sealed[:1] == _VALUE else 0
        if not 1 <= version <= self.version:
            raise Sealed(f"{place.table}.{place.column}")
        nonce, secret = sealed[2 : 2 + _NONCE_BYTES], sealed[2 + _NONCE_BYTES :]
        try:
            return AESGCM(self.keys[version - 1]).decrypt(nonce, secret, place.bound(version))
        except InvalidTag:
            raise Sealed(f"{place.table}.{place.column}") from None

    def seal_text(self, text: str, place: Place) -> bytes:
        return self.seal(text.encode(), place)

    def open_text(self, sealed: bytes, place: Place) -> str:
        return self.open(sealed, place).decode()

    def seal_json(self, value: Any, place: Place) -> bytes:
        return self.seal(as_json(value).encode(), place)

    def open_json(self, sealed: bytes, place: Place) -> Any:
        return from_json(self.open(sealed, place).decode())


def master_id(master: bytes) -> bytes:
    """Names a master key without telling it."""
    return hashlib.sha256(b"keng master key id|" + master).digest()[:_MASTER_ID_BYTES]


def wrapped_by(wrapped: bytes) -> bytes:
    return wrapped[1 : 1 + _MASTER_ID_BYTES]


def wrapped_by_in_sql(column: str) -> str:
    """The same for a statement; SQL counts from one."""
    return f"substr({column}, 2, {_MASTER_ID_BYTES})"


class Vault:
    """`masters` hands out the master keys of this moment, the one that wraps first: a rotation may change them under way."""

    def __init__(self, masters: Callable[[], tuple[bytes, ...]]) -> None:
        self._masters = masters
        self.wards: dict[int, Any] = {}  # By ward, once its keys were read: see `ward_keys.py`.

    @property
    def master_id(self) -> bytes:
        return master_id(self._masters()[0])

    def wrap(self, ring: Ring, place: Place) -> bytes:
        master, nonce = self._masters()[0], os.urandom(_NONCE_BYTES)
        name = master_id(master)
        return _WRAPPED + name + nonce + AESGCM(master).encrypt(nonce, b"".join(ring.keys), place.bound(0) + name)

    def unwrap(self, wrapped: bytes | None, place: Place) -> Ring:
        if wrapped is None:
            raise Shredded(place.table)
        name = wrapped_by(wrapped)
        master = next((one for one in self._masters() if master_id(one) == name), None)
        if master is None:
            raise WrongMaster
        start = 1 + _MASTER_ID_BYTES
        nonce, secret = wrapped[start : start + _NONCE_BYTES], wrapped[start + _NONCE_BYTES :]
        try:
            keys = AESGCM(master).decrypt(nonce, secret, place.bound(0) + name)
        except (InvalidTag, ValueError):  # The second one says that it was cut in its nonce.
            raise Sealed(f"{place.table}.{place.column}") from None
        return Ring(tuple(keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES)))


def vault_of(session: Session) -> Vault:
    """The bridge hands the vault to every session, as it hands it the connection."""
    vault: Vault = session.info["vault"]
    return vault
