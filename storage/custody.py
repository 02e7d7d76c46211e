"""Identities, sealed to people and not to this machine.

Each identity stands under a key of its own, used once. That key is kept only as shares, one for each custodian, sealed to their
public keys (HPKE). A custodian's private key stands under argon2id of a passphrase that nobody writes down; the recovery sheet is
that private key on paper. So the database and the master key together open nothing here.

This module knows no tables, no roles and no requests: who may open what, and when, is decided in `handlers/custodians.py` and
`handlers/openings.py`. Argon2 is slow on purpose: call `lock_away` and `unlock` in a thread.
"""

import base64
import hashlib
import os
import struct
from dataclasses import dataclass
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from storage import master_key
from storage.master_key import KeyTrouble
from storage.quick import as_json, from_json
from storage.vault import KEY_BYTES, Place, Ring, Sealed

SHEET_PREFIX = "KHOA"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LOCKED = b"\x03"
_HEAD = struct.Struct(">BIB")  # Rounds, KiB of memory, lanes.
_SALT_BYTES, _NONCE_BYTES = 16, 12
_START = 1 + _HEAD.size + _SALT_BYTES + _NONCE_BYTES


class WrongPassphrase(Exception):
    """The passphrase does not open this private key."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a passphrase costs. It stands in front of what it sealed, so that it can be raised later."""

    rounds: int = 4
    memory_kib: int = 128 * 1024
    lanes: int = 2

    @property
    def is_sane(self) -> bool:
        """A changed row must not make us fill this machine's memory."""
        return 1 <= self.rounds <= 16 and 8 * self.lanes <= self.memory_kib <= 1024 * 1024 and 1 <= self.lanes <= 16


COST = Cost()


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    private: bytes
    public: bytes

    @classmethod
    def fresh(cls) -> "Pair":
        return cls.of(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def of(cls, private: bytes) -> "Pair":
        return cls(private, X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())


# -- a private key under a passphrase, and on paper --------------------------------------------------------------------------


def lock_away(pair: Pair, passphrase: str, *, custodian_id: int, cost: Cost | None = None) -> bytes:
    cost = cost or COST
    head = _LOCKED + _HEAD.pack(cost.rounds, cost.memory_kib, cost.lanes) + os.urandom(_SALT_BYTES)
    nonce = os.urandom(_NONCE_BYTES)
    return head + nonce + AESGCM(_stretched(passphrase, head)).encrypt(nonce, pair.private, _bound_key(custodian_id, head))


def unlock(locked: bytes, passphrase: str, *, custodian_id: int) -> Pair:
    """Raises WrongPassphrase; whoever moved or changed the row gets the same answer."""
    if len(locked) <= _START or locked[:1] != _LOCKED or not Cost(*_HEAD.unpack_from(locked, 1)).is_sane:
        raise Sealed("custodians.private_key")
    head, nonce, secret = locked[: _START - _NONCE_BYTES], locked[_START - _NONCE_BYTES : _START], locked[_START:]
    try:
        return Pair.of(AESGCM(_stretched(passphrase, head)).decrypt(nonce, secret, _bound_key(custodian_id, head)))
    except InvalidTag:
        raise WrongPassphrase from None


def sheet_code(pair: Pair) -> str:
    """What the recovery sheet shows: KHOA and fourteen groups of four."""
    return master_key.written(pair.private, SHEET_PREFIX)


def mark_of(public: bytes) -> str:
    """Twelve symbols for two people to compare, on the sheet and on the screen: a public key that was swapped on the way shows."""
    symbols = base64.b32encode(hashlib.sha256(b"keng custodian mark|" + public).digest()).decode()[:12]
    return "-".join((symbols[:4], symbols[4:8], symbols[8:]))


def read_sheet(text: str) -> Pair:
    """Raises KeyTrouble for what is no such code."""
    private = master_key.read(text, SHEET_PREFIX)
    if len(private) != KEY_BYTES:
        raise KeyTrouble("this is not the code of a recovery sheet")
    return Pair.of(private)


def _stretched(passphrase: str, head: bytes) -> bytes:
    rounds, memory_kib, lanes = _HEAD.unpack_from(head, 1)
    salt = head[1 + _HEAD.size :]
    return hash_secret_raw(passphrase.encode(), salt, rounds, memory_kib, lanes, KEY_BYTES, Type.ID)


def _bound_key(custodian_id: int, head: bytes) -> bytes:
    return f"keng|custodians|private_key|{custodian_id}|".encode() + head


# -- identities --------------------------------------------------------------------------------------------------------------


def seal_identity(value: dict[str, str], public_keys: dict[int, bytes], *, identity_id: int) -> tuple[bytes, dict[int, bytes]]:
    """The value under a key that exists only here, and a share of that key for each custodian."""
    ring = Ring.fresh()
    return ring.seal_json(value, _value_place(identity_id)), _shares(ring.current, public_keys, identity_id)


def open_identity(sealed: bytes, share: bytes, pair: Pair, *, identity_id: int, custodian_id: int) -> dict[str, str]:
    """Raises Sealed for a value or share that was changed, moved to another row, or is for somebody else."""
    value: dict[str, str] = Ring((_taken(share, pair, identity_id, custodian_id),)).open_json(sealed, _value_place(identity_id))
    return value


def reshare(share: bytes, pair: Pair, public_keys: dict[int, bytes], *, identity_id: int, custodian_id: int) -> dict[int, bytes]:
    """Shares for further custodians, made by one who has one. The value itself is not opened for it."""
    return _shares(_taken(share, pair, identity_id, custodian_id), public_keys, identity_id)


def _shares(key: bytes, public_keys: dict[int, bytes], identity_id: int) -> dict[int, bytes]:
    return {
        custodian_id: _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), info=_bound_share(identity_id, custodian_id))
        for custodian_id, public in public_keys.items()
    }


def _taken(share: bytes, pair: Pair, identity_id: int, custodian_id: int) -> bytes:
    private = X25519PrivateKey.from_private_bytes(pair.private)
    try:
        return _SUITE.decrypt(share, private, info=_bound_share(identity_id, custodian_id))
    except InvalidTag:
        raise Sealed("identity_shares.share") from None


def _bound_share(identity_id: int, custodian_id: int) -> bytes:
    return f"keng|identity_shares|share|{identity_id}|{custodian_id}".encode()


def _value_place(identity_id: int) -> Place:
    return Place("identities", "value", identity_id)


# -- the view of minutes -----------------------------------------------------------------------------------------------------


def seal_view(content: Any, view_key: bytes, *, opening_id: int) -> bytes:
    """To the one browser that asked: only it holds the private half."""
    return _SUITE.encrypt(as_json(content).encode(), X25519PublicKey.from_public_bytes(view_key), info=_bound_view(opening_id))


def open_view(sealed: bytes, pair: Pair, *, opening_id: int) -> Any:
    try:
        plain = _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(pair.private), info=_bound_view(opening_id))
    except InvalidTag:
        raise Sealed("openings.content") from None
    return from_json(plain.decode())


def _bound_view(opening_id: int) -> bytes:
    return f"keng|openings|content|{opening_id}".encode()
