"""AMR, which no browser plays, decoded and encoded anew as MP3, which every browser plays, on an office's old PC as well.

MP3, because AAC is missing where a browser brings no codecs of its own and the system has none: Firefox on some editions of Windows,
Chromium as some distributions build it. At 16 kHz, the lowest rate of MPEG-2, because players do not agree on the still lower ones.
The rate of bits is constant, so that a bare row of frames tells its length.

The package `av` (PyAV) brings FFmpeg's libraries with decoders and encoders. None of its readers of files is used: it is given one
frame of speech after the other (`storage/amr.py`), and gives back frames of MP3. Of the decoders of AMR this is the one of OpenCORE,
as phones have it; FFmpeg's own know no pauses. Loading it costs 23 MB: only processes that copy do so (`storage/copy_worker.py`),
once somebody sends such a file. What the package bundles, and under which licences: docs/architecture.md.
"""

import time
from fractions import Fraction

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

from storage.amr import FRAMES_IN_A_SECOND, Speech
from storage.images import Unsafe

_RATE = 16_000
_BITS = {False: 24_000, True: 32_000}


def as_mp3(speech: Speech, *, until: float) -> tuple[bytes, bool]:
    """The sound, and whether all of the speech is in it: what is not done by then is left out, and what cannot be decoded is silent."""
    sound, is_whole = _Sound(speech.is_wide), speech.is_whole
    for number, frame in enumerate(speech.frames):
        if not number % FRAMES_IN_A_SECOND and time.monotonic() > until:
            is_whole = False
            break
        is_whole = sound.add(frame) and is_whole
    if not sound.heard:
        raise Unsafe("broken")
    return sound.done(), is_whole


class _Sound:
    def __init__(self, is_wide: bool) -> None:
        self._rate = 16_000 if is_wide else 8_000
        decoder = av.CodecContext.create("libopencore_amrwb" if is_wide else "libopencore_amrnb", "r")
        assert isinstance(decoder, AudioCodecContext)
        self._decoder, self._encoder = decoder, av.CodecContext.create("libmp3lame", "w")
        self._decoder.sample_rate, self._decoder.layout = self._rate, "mono"
        self._decoder.open()
        self._encoder.sample_rate, self._encoder.layout, self._encoder.format = _RATE, "mono", "s16p"
        self._encoder.bit_rate = _BITS[is_wide]
        self._parts: list[bytes] = []
        self._at = self.heard = 0

    def add(self, frame: bytes) -> bool:
        """False when it could not be decoded."""
        try:
            decoded = self._decoder.decode(av.Packet(frame))
        except av.FFmpegError:
            self._encode(self._silence())
            return False
        for some in decoded:
            self._encode(some)
            self.heard += 1
        return True

    def done(self) -> bytes:
        self._parts += map(bytes, self._encoder.encode(None))
        return b"".join(self._parts)

    def _encode(self, some: AudioFrame) -> None:
        some.pts, some.time_base = self._at, Fraction(1, self._rate)
        self._at += some.samples
        self._parts += map(bytes, self._encoder.encode(some))

    def _silence(self) -> AudioFrame:
        samples = self._rate // FRAMES_IN_A_SECOND
        silence = AudioFrame(format=self._decoder.format, layout="mono", samples=samples)
        silence.sample_rate = self._rate
        silence.planes[0].update(bytes(silence.planes[0].buffer_size))
        return silence
