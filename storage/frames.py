"""Sound that is a bare row of frames, each with a small head of its own: MP3, and AAC as some messengers send it (ADTS).

Only the frames are taken along, which leaves behind every kind of tag before, between and after them. A frame counts when another
one follows or the file ends: so at most the last one is lost where a tag follows it, a twentieth of a second.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from storage.images import Unsafe

_MOST_BETWEEN = 1024 * 1024  # A tag with a large cover. Whoever has no frame for longer has no more of them.
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_AAC_SAMPLES = 1024
_MP3_RATES = (44100, 48000, 32000)
_MP3_KBITS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBITS_OF_LOW_RATES = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    size: int
    skip: int  # How much of the size is the head itself.
    same: tuple[int, ...]  # What is alike in all frames of one sound.


def bare_mp3(content: bytes) -> bytes:
    frames = [frame for _head, frame in _frames(content, _mp3_head)]
    if not frames:
        raise Unsafe("broken")
    return b"".join(frames)


def aac_as_flv(content: bytes) -> bytes:
    """Our FFmpeg has no decoder, so it does not learn the sample rate from the frames and could write no MP4. FLV names the rate."""
    parts = [b"FLV\1\4\0\0\0\x09\0\0\0\0"]
    for number, (head, frame) in enumerate(_frames(content, _aac_head)):
        profile, rate, channels = head.same
        if not number:
            parts.append(_tag(0, b"\xaf\0" + ((profile + 1) << 11 | rate << 7 | channels << 3).to_bytes(2, "big")))
        parts.append(_tag(number * _AAC_SAMPLES * 1000 // _AAC_RATES[rate], b"\xaf\1" + frame[head.skip :]))
    if len(parts) == 1:
        raise Unsafe("broken")
    return b"".join(parts)


def _frames(content: bytes, read: Callable[[bytes], _Head | None]) -> Iterator[tuple[_Head, bytes]]:
    first: _Head | None = None
    at = last = _after_id3(content)
    while (at := content.find(b"\xff", at)) != -1 and at - last < _MOST_BETWEEN:
        head = read(content[at : at + 7])
        if head and (first is None or head.same == first.same) and _is_followed(content, at, head, read):
            first = head
            yield head, content[at : at + head.size]
            at = last = at + head.size
        else:
            at += 1


def _is_followed(content: bytes, at: int, head: _Head, read: Callable[[bytes], _Head | None]) -> bool:
    end = at + head.size
    following = read(content[end : end + 7])
    return end == len(content) or (following is not None and following.same == head.same)


def _after_id3(content: bytes) -> int:
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    return 10 + sum((byte & 127) << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))


def _aac_head(head: bytes) -> _Head | None:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 >= len(_AAC_RATES):
        return None
    size, skip = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5, 7 if head[1] & 1 else 9
    if head[6] & 3 or size <= skip:  # Several blocks in one frame: nobody writes them.
        return None
    return _Head(size=size, skip=skip, same=(head[2] >> 6, head[2] >> 2 & 15, (head[2] & 1) << 2 | head[3] >> 6))


def _mp3_head(head: bytes) -> _Head | None:
    """Layer III alone. Version 1 has the high sample rates, 2 half of them, 2.5 a quarter."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, kbits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate == 3 or not 1 <= kbits <= 14:
        return None
    is_high = version == 3
    hertz = _MP3_RATES[rate] // {3: 1, 2: 2, 0: 4}[version]
    bits = (_MP3_KBITS if is_high else _MP3_KBITS_OF_LOW_RATES)[kbits - 1] * 1000
    return _Head(size=(144 if is_high else 72) * bits // hertz + (head[2] >> 1 & 1), skip=4, same=(version, rate))


def _tag(at_ms: int, content: bytes) -> bytes:
    time = (at_ms & 0xFFFFFF).to_bytes(3, "big") + bytes([at_ms >> 24 & 0xFF])
    head = b"\x08" + len(content).to_bytes(3, "big") + time + b"\0\0\0"
    return head + content + (len(head) + len(content)).to_bytes(4, "big")
