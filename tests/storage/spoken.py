"""Voices as phones and Zalo record them: AMR, spoken by OpenCORE's own encoder, and 3GP around it.

There is no free encoder of the wide band in any package. Its frames are put together by hand: any bits are speech to a decoder.
"""

import array
import io
import math
import random
from fractions import Fraction
from functools import cache
from itertools import pairwise

import av
from av.audio.frame import AudioFrame
from av.video.stream import VideoStream

NARROW, WIDE = b"#!AMR\n", b"#!AMR-WB\n"
FRAME = 160
NO_DATA, LOST_WIDE, PAUSE = b"\x7c", b"\x74", b"\x44" + bytes(5)


def tone(number: int, hertz: int) -> AudioFrame:
    """Twenty milliseconds of it."""
    frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
    frame.sample_rate, frame.pts, frame.time_base = 8000, number * FRAME, Fraction(1, 8000)
    heights = (math.sin(2 * math.pi * hertz * (number * FRAME + at) / 8000) for at in range(FRAME))
    frame.planes[0].update(array.array("h", [int(9000 * height) for height in heights]).tobytes())
    return frame


@cache
def amr(seconds: int = 1, *, hertz: int = 400, bits: int = 12_200, container: str = "amr", picture: str = "") -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        shown = file.add_stream(picture, rate=10) if picture else None
        voice = file.add_stream("libopencore_amrnb", rate=8000)
        voice.layout, voice.bit_rate = "mono", bits
        if isinstance(shown, VideoStream):
            shown.width, shown.height, shown.pix_fmt = 176, 144, "yuv420p"
            still = av.VideoFrame(176, 144, "yuv420p")
            still.pts = 0
            file.mux([*shown.encode(still), *shown.encode(None)])
        for number in range(seconds * 50):
            file.mux(voice.encode(tone(number, hertz)))
        file.mux(voice.encode(None))
    return out.getvalue()


def amr_wide(frames: int = 100, *, kind: int = 2) -> bytes:
    size = (18, 24, 33, 37, 41, 47, 51, 59, 61)[kind]
    dice = random.Random(kind)
    return WIDE + b"".join(bytes([kind << 3 | 4]) + dice.randbytes(size - 1) for _ in range(frames))


def heard(mp3: bytes) -> tuple[float, int, list[int]]:
    """As somebody hears it: how many seconds, at which rate, and the heights of the wave."""
    heights: list[int] = []
    rate = 0
    with av.open(io.BytesIO(mp3), "r", format="mp3") as file:
        as_numbers = av.AudioResampler(format="s16", layout="mono")
        for frame in file.decode(audio=0):
            rate = frame.sample_rate
            for plain in as_numbers.resample(frame):
                heights += memoryview(plain.planes[0]).cast("h")[: plain.samples]
    return len(heights) / rate, rate, heights


def pitch_of(heights: list[int], rate: int) -> float:
    """How often the wave goes up through the middle in a second, between the first and the last quarter."""
    middle = heights[len(heights) // 4 : 3 * len(heights) // 4]
    ups = sum(before < 0 <= after for before, after in pairwise(middle))
    return ups * rate / len(middle)
