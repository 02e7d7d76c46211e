"""Boxes, elements and pages by hand, so that a test can put anything into a container, and look where a copy keeps nothing."""

import struct
import zlib
from collections.abc import Iterator


def box(name: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), name) + inside


def full_box(name: bytes, version: int, *content: bytes) -> bytes:
    return box(name, bytes([version, 0, 0, 0]), *content)


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        assert size >= 8
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta", b"dinf"}


def all_boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Of MP4, at every depth that matters here."""
    for name, content in boxes(data):
        yield name, content
        if name in _PARENTS:
            yield from all_boxes(content)


def element(number: int, content: bytes) -> bytes:
    """Of Matroska, with the longest spelling of its size."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big") + (1 << 56 | len(content)).to_bytes(8, "big") + content


def ogg_pages(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The head of each page, with its table of pieces, and its content."""
    at = 0
    while at < len(data):
        assert data[at : at + 4] == b"OggS"
        pieces = data[at + 27 : at + 27 + data[at + 26]]
        begin = at + 27 + len(pieces)
        yield data[at:begin], data[begin : begin + sum(pieces)]
        at = begin + sum(pieces)


def ogg_page(head: bytes, *packets: bytes) -> bytes:
    pieces = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    assert len(pieces) < 256
    page = bytearray(head[:22] + bytes(4) + bytes([len(pieces)]) + pieces + b"".join(packets))
    page[22:26] = struct.pack("<I", _ogg_sum(bytes(page)))
    return bytes(page)


def _ogg_sum(page: bytes) -> int:
    total = 0
    for byte in page:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1 ^ 0x04C11DB7 if total & 0x80000000 else total << 1) & 0xFFFFFFFF
    return total


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
