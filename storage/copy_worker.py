"""A process that opens what strangers sent, so that a decoder which crashes or eats memory takes nobody else with it.

Spoken over stdin and stdout, by `bot/darkroom.py`. In: one JSON line {"kind", "size"}, then so many bytes; with "cover" in it, the
bytes are a safe copy in which something is to be blacked out (`storage/covering.py`). Out: one JSON line,
either {"unsafe": reason} or {"parts": [{"name", "size"}], "width", "height", "mime"}, then the bytes of the parts. Recordings have a
"note" besides, "in_part" where not all of it could be copied. Images have the parts "work" and "thumb", everything else "work" alone.

Nothing goes to the disk from here: while images, documents and AMR are open, this process may not write a single byte to any file; for
other recordings, FFmpeg gets files that live in memory. No core is dumped when a decoder crashes.
"""

import json
import os
import resource
import sys
from typing import Any, BinaryIO

from storage.images import AUDIO_KINDS, IMAGE_KINDS, VIDEO_KINDS, Unsafe

_MOST_MEMORY = 1536 * 1024 * 1024
# A kernel that hands cores to a program instead of a file asks for none at exactly one byte; at zero it would still hand them over.
_NO_CORE = 1
_MOST_IN_MEMORY_FILE = 64 * 1024 * 1024
_MOVED_KINDS = VIDEO_KINDS | AUDIO_KINDS - {"amr"}
_DOCUMENT_KINDS = frozenset({"pdf", "docx", "xlsx", "pptx", "zip"})  # What a zip is, is found out here.

Parts = dict[str, bytes]


def copy_of(kind: str, content: bytes) -> tuple[dict[str, Any], Parts]:
    """What is said of the copy, and the copy itself. Each kind's libraries are loaded once somebody sends one."""
    if kind in IMAGE_KINDS:
        return _image(content)
    if kind in VIDEO_KINDS | AUDIO_KINDS:
        return _recording(content, kind)
    if kind in _DOCUMENT_KINDS:
        return _document(content, kind)
    raise Unsafe("no_copy")


def _image(content: bytes) -> tuple[dict[str, Any], Parts]:
    from storage.images import make_safe

    copies = make_safe(content)
    about = {"width": copies.width, "height": copies.height, "mime": "image/jpeg"}
    return about, {"work": copies.work, "thumb": copies.thumb}


def _covered(content: bytes, cover: dict[str, Any]) -> tuple[dict[str, Any], Parts]:
    from storage.covering import Cover, burn

    covered = burn(content, Cover.from_json(cover))
    return {"width": covered.width, "height": covered.height, "mime": "image/jpeg"}, {"work": covered.content}


def _recording(content: bytes, kind: str) -> tuple[dict[str, Any], Parts]:
    from storage.recordings import remux

    copy = remux(content, kind)
    about = {"width": 0, "height": 0, "mime": copy.mime, "note": "" if copy.is_whole else "in_part"}
    return about, {"work": copy.content}


def _document(content: bytes, kind: str) -> tuple[dict[str, Any], Parts]:
    from storage.documents import clean

    copy = clean(content, kind)
    return {"width": 0, "height": 0, "mime": copy.mime}, {"work": copy.content}


def _answer(kind: str, content: bytes, cover: dict[str, Any] | None = None) -> tuple[dict[str, Any], Parts]:
    try:
        _limit_files(_MOST_IN_MEMORY_FILE if kind in _MOVED_KINDS else 0)
        about, parts = _covered(content, cover) if cover else copy_of(kind, content)
    except Unsafe as error:
        return {"unsafe": error.reason}, {}
    except MemoryError:
        return {"unsafe": "broken"}, {}
    return {"parts": [{"name": name, "size": len(part)} for name, part in parts.items()], **about}, parts


def _limit_files(most: int) -> None:
    """Files in memory count here as well, which is why recordings need some room; pipes do not."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, _MOST_IN_MEMORY_FILE))


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    while line := jobs.readline():
        job = json.loads(line)
        content = jobs.read(job["size"])
        if len(content) < job["size"]:
            return  # Whoever asked is gone.
        about, parts = _answer(job["kind"], content, job.get("cover"))
        answers.write(json.dumps(about).encode() + b"\n")
        for part in parts.values():
            answers.write(part)
        answers.flush()


def main() -> None:
    os.nice(10)  # A photo may wait for a receipt, never the other way round.
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (_NO_CORE, _NO_CORE))
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
