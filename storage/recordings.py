"""Copies of video and sound: the same streams in a new container, with nothing written beside them.

FFmpeg makes them: the small static build of the package `muxer-ffmpeg`, which is LGPL, knows no network and no decoder, and can
only move streams from one container to another. It reads and writes files that live in memory, and is given no environment.

The copy holds the first real video and the first sound. Gone are titles, places, times, devices, covers, chapters, attachments,
subtitles and every other track, such as the one in which cameras note their position. The turn of the picture stays, or videos
taken upright would lie on their side.

What this cannot do, because nothing is encoded anew: remarks *inside* the compressed streams. Those of H.264 and HEVC (SEI) are
blanked afterwards, and Vorbis' comments, see `storage/streams.py`. There stay: the name of the encoder that some programs put into
AAC and MP3 frames ("Lavc", "LAME"), user data inside MPEG-4 Part 2 (old phones) and metadata units inside AV1. And of course all
that is seen and heard.

In a damaged file the promise has an end: where an index points to the wrong bytes, FFmpeg takes those for sound, and without a
decoder nobody can tell.

AMR alone is encoded anew, as MP3, because no browser plays it and Zalo sends voices so: see `storage/voices.py`. What else FFmpeg
cannot move in this way (H.263, Theora, Speex and whatever browsers never play) has no copy.
"""

import os
import struct
import subprocess
import time
from dataclasses import dataclass

from muxer_ffmpeg import find_ffmpeg

from storage import amr, frames, streams
from storage.images import AUDIO_KINDS, MOST_BYTES, VIDEO_KINDS, Unsafe

_PATIENCE_SECS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    content: bytes
    mime: str
    is_whole: bool = True  # Of a damaged or very long voice only a part can be heard.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """From one container, named so that nothing is guessed, into one that browsers play."""

    demuxer: str
    muxer: str
    options: tuple[str, ...] = ()
    audio_only: bool = False


_TO_MP4 = ("-movflags", "+faststart", "-write_tmcd", "0")
_MP4 = _Way(demuxer="mov", muxer="mp4", options=_TO_MP4)
# Browsers record H.264 into Matroska as well, which WebM does not allow.
_WEBM = (_Way(demuxer="matroska", muxer="webm"), _Way(demuxer="matroska", muxer="mp4", options=_TO_MP4))
# Safari plays no Ogg, and plays Opus in WebM (iOS 15, macOS 11.3, and later).
_OGG = (_Way(demuxer="ogg", muxer="webm"), _Way(demuxer="ogg", muxer="flac"))
_WAYS = {
    **dict.fromkeys(("mp4", "mov", "3gp", "m4a"), (_MP4,)),
    "webm": _WEBM,
    **dict.fromkeys(("ogg", "opus"), _OGG),
    "aac": (_Way(demuxer="flv", muxer="mp4", options=_TO_MP4, audio_only=True),),  # By way of `storage/frames.py`.
    "mp3": (_Way(demuxer="mp3", muxer="mp3", options=("-id3v2_version", "0", "-write_id3v1", "0"), audio_only=True),),
    "wav": (_Way(demuxer="wav", muxer="wav", options=("-write_bext", "0"), audio_only=True),),
    "flac": (_Way(demuxer="flac", muxer="flac", audio_only=True),),
}
_MIME = {"mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac"}


def remux(content: bytes, kind: str) -> Recording:
    """`kind` as `storage.images.kind_of` names it."""
    if not content:
        raise Unsafe("empty")
    if len(content) > MOST_BYTES:
        raise Unsafe("too_big")
    if kind not in VIDEO_KINDS | AUDIO_KINDS:
        raise Unsafe("unknown_type")
    until = time.monotonic() + _PATIENCE_SECS
    if kind == "amr":
        return _voice(content, until)
    ways = _WAYS[kind]
    content = _PREPARED.get(kind, bytes)(content)
    for way in ways:
        if copy := _moved(content, way, until):
            return _without_remarks(copy, way.muxer)
    if ways == (_MP4,) and (voice := _amr_of_3gp(content, until)):
        return _voice(voice, until)
    # Matroska takes nearly everything: if it takes this, the file is whole, and only its codec is not one for browsers.
    whole = _moved(content, _Way(demuxer=ways[0].demuxer, muxer="matroska"), until)
    raise Unsafe("no_copy" if whole else "broken")


def _voice(content: bytes, until: float) -> Recording:
    speech = amr.speech_in(content)
    from storage.voices import as_mp3  # Decoders and encoders of everything, loaded once somebody sends a voice that needs them.

    sound, is_whole = as_mp3(speech, until=until)
    return Recording(content=sound, mime="audio/mpeg", is_whole=is_whole)


def _amr_of_3gp(content: bytes, until: float) -> bytes:
    """By way of a container of our own making, because a stranger's tables may point anywhere."""
    moved = _moved(content, _Way(demuxer="mov", muxer="mov"), until)
    try:
        return streams.amr_in_mov(moved)
    except (ValueError, IndexError, struct.error) as error:
        raise Unsafe("broken") from error


def _without_tags_behind(content: bytes) -> bytes:
    """Only a decoder knows where the last frame of FLAC ends; for FFmpeg these tags would be a part of it."""
    if content[-128:-125] == b"TAG":
        content = content[:-128]
    if content[-32:-24] == b"APETAGEX":
        size, _items, flags = struct.unpack("<III", content[-20:-8])
        content = content[: max(0, len(content) - size - (32 if flags >> 31 else 0))]
    return content


_PREPARED = {"aac": frames.aac_as_flv, "mp3": frames.bare_mp3, "flac": _without_tags_behind}


def _without_remarks(copy: bytes, muxer: str) -> Recording:
    if muxer not in ("mp4", "webm"):
        return Recording(content=copy, mime=_MIME[muxer])
    try:
        cleaned, has_video = (streams.clean_mp4 if muxer == "mp4" else streams.clean_webm)(copy)
    except streams.UnknownStream:
        raise Unsafe("no_copy") from None
    except (ValueError, IndexError) as error:
        raise Unsafe("broken") from error
    return Recording(content=cleaned, mime=f"{'video' if has_video else 'audio'}/{muxer}")


def _moved(content: bytes, way: _Way, until: float) -> bytes:
    """The copy, or nothing when FFmpeg could not make one."""
    source, target = os.memfd_create("original"), os.memfd_create("copy")
    try:
        with open(source, "wb", closefd=False) as file:
            file.write(content)
        if not _ffmpeg(_arguments(way, source, target), files=(source, target), until=until):
            return b""
        with open(target, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(source)
        os.close(target)


def _arguments(way: _Way, source: int, target: int) -> list[str]:
    streams_wanted = ["-map", "0:a:0"] if way.audio_only else ["-map", "0:V:0?", "-map", "0:a:0?"]  # V is no cover, a is no text.
    return [
        *("-nostdin", "-loglevel", "quiet", "-y", "-timelimit", str(_PATIENCE_SECS)),
        *("-protocol_whitelist", "file", "-f", way.demuxer, "-i", f"/dev/fd/{source}"),
        *(*streams_wanted, "-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-bitexact", "-fflags", "+bitexact", "-abort_on", "empty_output", *way.options),
        *("-f", way.muxer, f"/dev/fd/{target}"),
    ]


def _ffmpeg(arguments: list[str], *, files: tuple[int, int], until: float) -> bool:
    """What it says of strangers' files is nobody's business, and might name their contents."""
    try:
        done = subprocess.run(
            [str(find_ffmpeg()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            pass_fds=files,
            timeout=max(0.0, until - time.monotonic()),
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
