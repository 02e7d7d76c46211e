"""Voice as AMR, narrow and wide band, as Zalo's voice notes and old phones have it: a word that names the band, then frames.

A frame is 20 ms, and its first byte tells how long it is (RFC 4867, 5.3). So a file is measured and its damage found before anything
is decoded. Nothing but such frames is taken along: what stands between them or behind them stays behind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from storage.images import Unsafe

MOST_FRAMES = 90_000  # Half an hour. As bytes without any sound, twenty megabytes could be days.
FRAMES_IN_A_SECOND = 50
_WORDS = ((b"#!AMR\n", False), (b"#!AMR-WB\n", True))
_EMPTY = 13  # What a download has not filled is all zeros, and would be frames of the lowest rate, so long at least.
_RUN = 5  # So many frames in a row are no chance.
# Bytes of a frame by its kind: speech at rising rates, then the sound of a pause. 14 was lost on its way, 15 holds nothing.
_NARROW = {**dict(enumerate((13, 14, 16, 18, 20, 21, 27, 32))), 8: 6, 15: 1}
_WIDE = {**dict(enumerate((18, 24, 33, 37, 41, 47, 51, 59, 61))), 9: 6, 14: 1, 15: 1}
_PAUSE = {False: 8, True: 9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    is_wide: bool
    frames: list[bytes]
    is_whole: bool  # Nothing had to be left out.


def speech_in(content: bytes) -> Speech:
    """Raises Unsafe: `broken` for a file that only has the word, `no_copy` for several channels, which nobody records."""
    for word, is_wide in _WORDS:
        if content.startswith(word):
            return _speech(content[len(word) :], is_wide=is_wide)
    raise Unsafe("no_copy")


def _speech(body: bytes, *, is_wide: bool) -> Speech:
    sizes = {kind << 3 | quality << 2: size for kind, size in (_WIDE if is_wide else _NARROW).items() for quality in (0, 1)}
    some = body[: MOST_FRAMES * max(sizes.values())]
    frames = list(islice(_frames(some, sizes), MOST_FRAMES))
    kept = sum(map(len, frames))
    # In any other kind of file a row of frames is found now and then, but hardly right behind the word.
    begins_well = _is_run(body, 0, sizes)
    if not any(frame[0] >> 3 < _PAUSE[is_wide] for frame in frames) or (kept < len(some) // 2 and not begins_well):
        raise Unsafe("broken")
    return Speech(is_wide=is_wide, frames=frames, is_whole=kept == len(body))


def _frames(body: bytes, sizes: dict[int, int]) -> Iterator[bytes]:
    """After damage it goes on where a row of frames begins again."""
    heads, at = re.compile(b"(?!\\0{%d})[%b]" % (_EMPTY, re.escape(bytes(sizes)))), 0
    while at < len(body):
        if size := _size(body, at, sizes):
            yield body[at : at + size]
            at += size
        else:
            at = next((found.start() for found in heads.finditer(body, at + 1) if _is_run(body, found.start(), sizes)), len(body))


def _size(body: bytes, at: int, sizes: dict[int, int]) -> int:
    """Zero where no frame begins."""
    size = sizes.get(body[at], 0)
    is_empty = not body[at] and not any(body[at : at + size])
    return size if at + size <= len(body) and not is_empty else 0


def _is_run(body: bytes, at: int, sizes: dict[int, int]) -> bool:
    for _ in range(_RUN):
        if at == len(body):
            return True
        size = _size(body, at, sizes)
        if not size:
            return False
        at += size
    return True
