"""One snapshot of the database as a file: lines of JSON, compressed, sealed under a key of its own.

In clear stand a mark, and that key wrapped by the master key, which bears the master's id. Everything else is sealed chunk by
chunk (`sealed_files.py`), so a copy that was cut or changed anywhere does not open. No plain byte is ever written, not even for
a moment.

The first line is the manifest; then one line per row, `[table, [values]]`, in the order in which rows may be inserted again.
"""

import json
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from storage.sealed_files import Sink, chunks_of
from storage.vault import Place, Ring, Sealed, Vault, WrongMaster

_MARK = b"KENGB1"
_KEY_PLACE = Place("snapshot", "key", 0)
_BOUND_TO = "keng snapshot"
_MOST_KEY_BYTES = 4_096
VERSION = 1


class CopyTrouble(Exception):
    """One sentence for the operator: what is wrong with a copy, and what to do. `kind` is the same for the desk, as a word of ours."""

    def __init__(self, sentence: str, kind: Literal["folder", "busy", "other"] = "other") -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A media file as it lies on the disk: its sealed bytes."""

    place: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableDump:
    columns: list[str]
    rows: int


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last link over a ward's history."""

    ward_id: int
    seq: int
    mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    version: int
    schema: str  # The number of the newest migration.
    made_at: int
    ward_id: int
    ward_name: str
    tables: dict[str, TableDump]
    files: list[NamedFile]
    missing: list[str]  # Named by a row, and not on the disk when the copy was made.
    chain: list[ChainHead]


def write_snapshot(path: Path, vault: Vault, manifest: Manifest, rows: Iterable[bytes]) -> None:
    """Whole and on the disk when this returns; the caller gives it its name."""
    ring = Ring.fresh()
    wrapped = vault.wrap(ring, _KEY_PLACE)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # Not `chmod`: a stick may not let us.
    sink = Sink(path, key=ring.current, name=_BOUND_TO, head=_MARK + struct.pack(">H", len(wrapped)) + wrapped)
    try:
        packer = zlib.compressobj(6)
        sink.write(packer.compress(_line(asdict(manifest))))
        for row in rows:
            sink.write(packer.compress(row))
        sink.write(packer.flush())
        sink.close()
    finally:
        sink.give_up()


def row_line(table: str, values: list[Any]) -> bytes:
    return _line([table, values])


def read_manifest(path: Path, vault: Vault) -> Manifest:
    return _manifest(next(lines_of(path, vault)))


def lines_of(path: Path, vault: Vault) -> Iterator[bytes]:
    """Manifest and rows. Raises CopyTrouble for a copy that is not whole, or that another master key sealed."""
    try:
        key, after = _key_of(path, vault)
        yield from _split(_unpacked(chunks_of(path, key=key, name=_BOUND_TO, after=after)))
    except WrongMaster:
        raise CopyTrouble(f"{path.name} was sealed under another master key; set the one of the house it came from") from None
    except (Sealed, zlib.error):
        raise CopyTrouble(f"{path.name} is damaged or was changed, and does not open; take another copy") from None


def manifest_and_rows(path: Path, vault: Vault) -> tuple[Manifest, Iterator[tuple[str, list[Any]]]]:
    lines = lines_of(path, vault)
    return _manifest(next(lines)), ((row[0], row[1]) for row in map(json.loads, lines))


def _key_of(path: Path, vault: Vault) -> tuple[bytes, int]:
    with path.open("rb") as file:
        head = file.read(len(_MARK) + 2)
        if len(head) != len(_MARK) + 2 or not head.startswith(_MARK):
            raise Sealed("snapshot")
        (length,) = struct.unpack(">H", head[len(_MARK) :])
        wrapped = file.read(min(length, _MOST_KEY_BYTES))
    return vault.unwrap(wrapped, _KEY_PLACE).current, len(head) + len(wrapped)


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for chunk in chunks:
        yield unpacker.decompress(chunk)
    if not unpacker.eof:
        raise Sealed("snapshot")


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    parts: list[bytes] = []
    for chunk in chunks:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield b"".join([*parts, end])
            parts = []
        parts.append(rest)
    if any(parts):
        raise Sealed("snapshot")


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _manifest(line: bytes) -> Manifest:
    found = json.loads(line)
    if found.get("version") != VERSION:
        raise CopyTrouble("this copy was made by a newer Kẻng; restore it with that one")
    return Manifest(
        **found
        | {
            "tables": {name: TableDump(**dump) for name, dump in found["tables"].items()},
            "files": [NamedFile(**file) for file in found["files"]],
            "chain": [ChainHead(**head) for head in found["chain"]],
        }
    )
