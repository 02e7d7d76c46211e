"""Files under a key of their own: libsodium's secretstream, chunk by chunk, so that no plain byte ever lies on the disk.

Every chunk is bound to the file's name and to its place in the stream: cut, swapped, reordered or renamed files do not open.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from storage.vault import Sealed

_MAGIC = b"KENGF1"
_CHUNK = 64 * 1024
_HEADER = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_EXTRA = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_State = sodium.crypto_secretstream_xchacha20poly1305_state
_init_push = sodium.crypto_secretstream_xchacha20poly1305_init_push
_init_pull = sodium.crypto_secretstream_xchacha20poly1305_init_pull
_push = sodium.crypto_secretstream_xchacha20poly1305_push
_pull = sodium.crypto_secretstream_xchacha20poly1305_pull


class Sink:
    """Takes plain bytes in any portions, writes sealed ones, and counts and hashes the plain ones on the way."""

    def __init__(self, path: Path, *, key: bytes, name: str, head: bytes = b"") -> None:
        """`head` stands in front of the sealed part, in clear: what a reader needs before they have the key."""
        self._state, self._name = _State(), name.encode()
        self._file = path.open("wb")
        self._file.write(head + _MAGIC + _init_push(self._state, key))
        self._rest, self._digest = bytearray(), hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        self.size += len(content)
        self._digest.update(content)
        self._rest += content
        while len(self._rest) > _CHUNK:  # Never the last one: that is marked as the end.
            self._put(bytes(self._rest[:_CHUNK]), _MORE)
            del self._rest[:_CHUNK]

    def close(self) -> None:
        if not self._file.closed:
            self._put(bytes(self._rest), _FINAL)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def give_up(self) -> None:
        self._file.close()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _put(self, chunk: bytes, tag: int) -> None:
        self._file.write(_push(self._state, chunk, self._name, tag))


def seal_file(path: Path, content: bytes, *, key: bytes, name: str) -> None:
    sink = Sink(path, key=key, name=name)
    try:
        sink.write(content)
        sink.close()
    finally:
        sink.give_up()


def read_sealed(path: Path, *, key: bytes, name: str) -> bytes:
    return b"".join(chunks_of(path, key=key, name=name))


def chunks_of(path: Path, *, key: bytes, name: str, after: int = 0) -> Iterator[bytes]:
    """The plain bytes, `after` so many of a head. Raises Sealed for anything that is not exactly the file that was written."""
    with path.open("rb") as file:
        file.seek(after)
        head = file.read(len(_MAGIC) + _HEADER)
        if len(head) != len(_MAGIC) + _HEADER or not head.startswith(_MAGIC):
            raise Sealed("file")
        state, tag = _State(), _MORE
        _init_pull(state, head[len(_MAGIC) :], key)
        while tag != _FINAL:
            chunk = file.read(_CHUNK + _EXTRA)
            try:
                plain, tag = _pull(state, chunk, name.encode())
            except (CryptoError, ValueError):
                raise Sealed("file") from None
            yield plain
        if file.read(1):
            raise Sealed("file")
