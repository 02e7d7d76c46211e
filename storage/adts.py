"""Bare AAC, as some messengers send voices: a row of frames, each with a small head of its own (ADTS).

Our FFmpeg has no decoder and so does not learn the sample rate from them, without which it writes no MP4. Put into FLV, which
names the rate at its beginning, it does. Whatever stands between or after the frames (ID3, APE) is left out on the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from storage.images import Unsafe

_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_SAMPLES_IN_A_FRAME = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    profile: int
    rate: int  # Its place in the table.
    channels: int


def as_flv(content: bytes) -> bytes:
    parts = [b"FLV\1\4\0\0\0\x09\0\0\0\0"]
    number = 0
    for head, frame in _frames(content):
        if not number:
            parts.append(_tag(0, b"\xaf\0" + _setup(head)))
        parts.append(_tag(number * _SAMPLES_IN_A_FRAME * 1000 // _RATES[head.rate], b"\xaf\1" + frame))
        number += 1
    if not number:
        raise Unsafe("broken")
    return b"".join(parts)


def _frames(content: bytes) -> Iterator[tuple[_Head, bytes]]:
    first: _Head | None = None
    at = 0
    while (at := content.find(b"\xff", at)) != -1 and at + 7 <= len(content):
        head, size, skip = _read(content[at : at + 7])
        if head is None or size <= skip or at + size > len(content) or head != (first or head):
            at += 1
            continue
        first = head
        yield head, content[at + skip : at + size]
        at += size


def _read(head: bytes) -> tuple[_Head | None, int, int]:
    """What the frame is, its size, and how much of that is its head."""
    rate = head[2] >> 2 & 15
    if head[1] & 0xF6 != 0xF0 or rate >= len(_RATES) or head[6] & 3:  # Several blocks in one frame: nobody writes them.
        return None, 0, 0
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    channels = (head[2] & 1) << 2 | head[3] >> 6
    return _Head(profile=head[2] >> 6, rate=rate, channels=channels), size, 7 if head[1] & 1 else 9


def _setup(head: _Head) -> bytes:
    return ((head.profile + 1) << 11 | head.rate << 7 | head.channels << 3).to_bytes(2, "big")


def _tag(at_ms: int, content: bytes) -> bytes:
    time = (at_ms & 0xFFFFFF).to_bytes(3, "big") + bytes([at_ms >> 24 & 0xFF])
    head = b"\x08" + len(content).to_bytes(3, "big") + time + b"\0\0\0"
    return head + content + (len(head) + len(content)).to_bytes(4, "big")
