"""What encoders remark inside the streams of a copy, blanked in place, so that no size and no table has to change.

These functions read only what our own FFmpeg has written, never a stranger's container; but what lies inside the streams is the
stranger's, and each length in there is doubted.

H.264 and HEVC carry such remarks as SEI messages: encoders put their name and settings there, cameras their position and clock.
Messages that players need stay; every other one becomes filler of the same length.
"""

import struct
from collections.abc import Iterator

# Timing, recovery points, how the picture is to be shown, and its brightness.
_HARMLESS_SEI = frozenset({0, 1, 3, 6, 19, 45, 47, 129, 132, 136, 137, 142, 144, 147})
_MOST_HARMLESS_BYTES = 64
_SEI_OF_H264 = frozenset({6})
_SEI_OF_HEVC = frozenset({39, 40})
_VIDEO_ENTRIES = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"vp08", b"vp09", b"av01", b"mp4v"})
_MPEG4_PART_2 = 0x20
_VISUAL_ENTRY_BYTES = 78
_SEGMENT, _TRACKS, _TRACK, _TRACK_TYPE, _CLUSTER = 0x18538067, 0x1654AE6B, 0xAE, 0x83, 0x1F43B675


class UnknownStream(Exception):
    """A video codec in which we could not find remarks, and which no browser plays."""


def clean_mp4(content: bytes) -> tuple[bytes, bool]:
    """The content without remarks, and whether it has a picture."""
    copy = bytearray(content)
    has_video = False
    for moov in _boxes(copy, 0, len(copy), b"moov"):
        _blank_vorbis_comments(copy, *moov)
        for trak in _boxes(copy, *moov, b"trak"):
            media = _only(copy, *trak, b"mdia")
            handler = _only(copy, *media, b"hdlr")
            if copy[handler[0] + 8 : handler[0] + 12] == b"vide":
                has_video = True
                _clean_video(copy, _only(copy, *_only(copy, *media, b"minf"), b"stbl"))
    return bytes(copy), has_video


def clean_webm(content: bytes) -> tuple[bytes, bool]:
    copy = bytearray(content)
    has_video = False
    for number, start, end in _elements(copy, 0, len(copy)):
        if number != _SEGMENT:
            continue
        for inner, inner_start, inner_end in _elements(copy, start, end):
            if inner == _CLUSTER:
                break
            if inner == _TRACKS:
                _blank_vorbis_comments(copy, inner_start, inner_end)
                has_video = has_video or 1 in _track_types(copy, inner_start, inner_end)
    return bytes(copy), has_video


def amr_in_mov(content: bytes) -> bytes:
    """What phones of old wrote into 3GP, as a file of AMR; nothing where another sound is in it, or pictures are beside it."""
    copy, words = bytearray(content), {b"samr": b"#!AMR\n", b"sawb": b"#!AMR-WB\n"}
    traks = [trak for moov in _boxes(copy, 0, len(copy), b"moov") for trak in _boxes(copy, *moov, b"trak")]
    if len(traks) != 1:
        return b""
    table = _only(copy, *_only(copy, *_only(copy, *traks[0], b"mdia"), b"minf"), b"stbl")
    described = _only(copy, *table, b"stsd")
    word = next((words[name] for name, _start, _end in _all_boxes(copy, described[0] + 8, described[1]) if name in words), b"")
    return word + b"".join(copy[at : at + size] for at, size in _samples(copy, table)) if word else b""


def _clean_video(copy: bytearray, table: tuple[int, int]) -> None:
    for entry, start, end in _all_boxes(copy, _only(copy, *table, b"stsd")[0] + 8, _only(copy, *table, b"stsd")[1]):
        if entry not in _VIDEO_ENTRIES:
            raise UnknownStream(entry)
        inside = start + _VISUAL_ENTRY_BYTES, end
        if entry == b"mp4v" and not _is_mpeg4_part_2(copy, inside):
            raise UnknownStream(entry)  # Such as a row of JPEGs, each with its own EXIF.
        for place in _boxes(copy, *inside, b"avcC"):
            _clean_samples(copy, table, (copy[place[0] + 4] & 3) + 1, _SEI_OF_H264)
        for place in _boxes(copy, *inside, b"hvcC"):
            _clean_hevc_setup(copy, *place)
            _clean_samples(copy, table, (copy[place[0] + 21] & 3) + 1, _SEI_OF_HEVC)


def _is_mpeg4_part_2(copy: bytearray, inside: tuple[int, int]) -> bool:
    start, _end = _only(copy, *inside, b"esds")
    return copy[start + 17] == _MPEG4_PART_2  # FFmpeg writes each length before it with four bytes.


def _clean_hevc_setup(copy: bytearray, start: int, end: int) -> None:
    """x265 writes its settings even here, beside the parameter sets."""
    at = start + 23
    for _ in range(copy[start + 22]):
        count, at = _number(copy, at + 1, 2), at + 3
        for _ in range(count):
            size, at = _number(copy, at, 2), at + 2
            if at + size > end:
                return
            _clean_unit(copy, at, at + size, _SEI_OF_HEVC)
            at += size


def _clean_samples(copy: bytearray, table: tuple[int, int], length_bytes: int, sei: frozenset[int]) -> None:
    for start, size in _samples(copy, table):
        at, end = start, min(start + size, len(copy))
        while at + length_bytes < end:
            length = _number(copy, at, length_bytes)
            if at + length_bytes + length > end:
                copy[at:end] = bytes(end - at)  # No units, but some other bytes of a damaged file: no player shows them.
                break
            _clean_unit(copy, at + length_bytes, at + length_bytes + length, sei)
            at += length_bytes + length


def _samples(copy: bytearray, table: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Where each sample lies, from the tables of sizes, of chunks and of samples in a chunk."""
    sizes_at = _only(copy, *table, b"stsz")[0]
    same, count = _number(copy, sizes_at + 4, 4), _number(copy, sizes_at + 8, 4)
    runs_at = _only(copy, *table, b"stsc")[0]
    runs = [struct.unpack_from(">II", copy, runs_at + 8 + 12 * i) for i in range(_number(copy, runs_at + 4, 4))]
    sample = run = 0
    for chunk, at in enumerate(_chunks(copy, table), 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= chunk:
            run += 1
        for _ in range(runs[run][1]):
            if sample == count:
                return
            size = same or _number(copy, sizes_at + 12 + 4 * sample, 4)
            yield at, size
            at += size
            sample += 1


def _chunks(copy: bytearray, table: tuple[int, int]) -> Iterator[int]:
    for name, width in ((b"stco", 4), (b"co64", 8)):
        for start, _end in _boxes(copy, *table, name):
            for i in range(_number(copy, start + 4, 4)):
                yield _number(copy, start + 8 + width * i, width)


def _clean_unit(copy: bytearray, start: int, end: int, sei: frozenset[int]) -> None:
    if start >= end:
        return
    of_hevc = sei is _SEI_OF_HEVC
    kind, body = ((copy[start] >> 1) & 0x3F, start + 2) if of_hevc else (copy[start] & 0x1F, start + 1)
    if kind in sei and end - body >= 3 and not _is_harmless(bytes(copy[body:end])):
        copy[body:end] = _filler(end - body)


def _is_harmless(message: bytes) -> bool:
    content, at = message.replace(b"\0\0\3", b"\0\0"), 0
    while at + 2 < len(content):
        kind, at = _chained(content, at)
        size, at = _chained(content, at)
        if kind not in _HARMLESS_SEI or size > _MOST_HARMLESS_BYTES:
            return False
        at += size
    return at < len(content) and content[at:].rstrip(b"\0") == b"\x80"


def _chained(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    while at < len(content) and content[at] == 0xFF:
        value, at = value + 255, at + 1
    return (value + content[at], at + 1) if at < len(content) else (value, at)


def _filler(size: int) -> bytes:
    """So many bytes of SEI messages of the kind "filler", and the bit that ends them."""
    left, out = size - 1, b""
    while left:
        piece = min(left, 256 if left != 257 else 255)  # A message has two bytes at least, so one may never be left over.
        out += b"\3" + bytes([piece - 2]) + b"\xff" * (piece - 2)
        left -= piece
    return out + b"\x80"


def _blank_vorbis_comments(copy: bytearray, start: int, end: int) -> None:
    """The comments become one long empty vendor. Their length is told by the header that follows, so it must stay."""
    at = copy.find(b"\3vorbis", start, end)
    if at == -1 and copy.find(b"A_VORBIS", start, end) != -1:
        raise ValueError("a setup of Vorbis in which its comments are not to be found")
    while at != -1:
        following = copy.find(b"\5vorbis", at, end)
        size = (following if following != -1 else end) - at
        if size >= 16:
            vendor = size - 16
            copy[at + 7 : at + size] = struct.pack("<I", vendor) + b" " * vendor + struct.pack("<I", 0) + b"\1"
        at = copy.find(b"\3vorbis", at + 7, end)


def _track_types(copy: bytearray, start: int, end: int) -> set[int]:
    tracks = [(first, last) for number, first, last in _elements(copy, start, end) if number == _TRACK]
    return {copy[first] for track in tracks for number, first, _last in _elements(copy, *track) if number == _TRACK_TYPE}


def _elements(copy: bytearray, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Matroska's elements: number, and where the content begins and ends."""
    at = start
    while at + 2 <= end:
        number_bytes = 9 - copy[at].bit_length()
        number, at = _number(copy, at, number_bytes), at + number_bytes
        size_bytes = 9 - copy[at].bit_length()
        size = _number(copy, at, size_bytes) & ((1 << 7 * size_bytes) - 1)
        at += size_bytes
        last = min(at + size, end)  # A size that is not known is all ones, and so reaches to the end.
        yield number, at, last
        at = last


def _all_boxes(copy: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    at = start
    while at + 8 <= end:
        size, head = _number(copy, at, 4), 8
        if size == 1:
            size, head = _number(copy, at + 8, 8), 16
        if size == 0:
            size = end - at
        if size < head or at + size > end:
            raise ValueError("a box of no possible size")
        yield bytes(copy[at + 4 : at + 8]), at + head, at + size
        at += size


def _boxes(copy: bytearray, start: int, end: int, name: bytes) -> list[tuple[int, int]]:
    return [(first, last) for found, first, last in _all_boxes(copy, start, end) if found == name]


def _only(copy: bytearray, start: int, end: int, name: bytes) -> tuple[int, int]:
    return _boxes(copy, start, end, name)[0]


def _number(copy: bytearray, at: int, size: int) -> int:
    if at + size > len(copy):
        raise ValueError("past the end")
    return int.from_bytes(copy[at : at + size], "big")
