"""The same house with sealing switched off, for the bench alone: nothing in the product can do this.

    python -m tests.bench.unsealed serve

Rings hand back what they are given, files lie as they are; everything else, the queries, the rows and their order, is the same.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.__main__ import main
from storage import sealed_files
from storage.sealed_files import Sink
from storage.vault import Place, Ring, Vault

_open_sink = Sink.__init__


def _open_plain(sink: Sink, path: Path, *, key: bytes, name: str, head: bytes = b"") -> None:
    _open_sink(sink, path, key=key, name=name, head=head)
    sink._file.seek(0)
    sink._file.truncate()


def _put_plain(sink: Sink, chunk: bytes, _tag: int) -> None:
    sink._file.write(chunk)


def _read(path: Path, *, key: bytes, name: str, **_more: Any) -> Iterator[bytes]:
    yield path.read_bytes()


def _seal(_ring: Ring, value: bytes, _place: Place) -> bytes:
    return value


def _wrap(_vault: Vault, ring: Ring, _place: Place) -> bytes:
    return b"".join(ring.keys)


def _unwrap(_vault: Vault, wrapped: bytes | None, _place: Place) -> Ring:
    return Ring((wrapped or bytes(32),))


def switch_off() -> None:
    Ring.seal = Ring.open = _seal  # type: ignore[assignment, method-assign]
    Vault.wrap, Vault.unwrap = _wrap, _unwrap  # type: ignore[assignment, method-assign]
    Sink.__init__, Sink._put = _open_plain, _put_plain  # type: ignore[assignment, method-assign]
    sealed_files.chunks_of = _read


if __name__ == "__main__":
    switch_off()
    main()
