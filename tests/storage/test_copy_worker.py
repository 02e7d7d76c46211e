"""The process that opens strangers' files: what it says, and that it leaves nothing on the disk."""

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests import environment
from tests.storage import papers
from tests.storage.spoken import amr
from tests.storage.strangers import answers_of_a_worker, asked_of_a_worker
from tests.storage.test_images import heic, jpeg_with_canaries
from tests.storage.test_recordings import fixture

_ROOT = Path(__file__).parents[2]
_ONE_OF_EACH = {
    "jpeg": jpeg_with_canaries(),
    "heic": heic(),
    "mp4": fixture("h264-aac.mp4"),
    "aac": fixture("aac.aac"),
    "opus": fixture("opus.ogg"),
    "amr": amr(1),
    "pdf": papers.pdf_with_canaries(),
    "zip": papers.docx(),
}


def test_one_worker_copies_whatever_comes() -> None:
    answers = answers_of_a_worker([*_ONE_OF_EACH.items(), ("amr", b"#!AMR\n"), ("amr", b"#!AMR_MC1.0\n"), ("jpeg", b""), ("exe", b"MZ")])
    said = [answer.get("unsafe") or (answer["mime"], sorted(answer["contents"])) for answer in answers]
    assert said == [
        ("image/jpeg", ["thumb", "work"]),
        ("image/jpeg", ["thumb", "work"]),
        ("video/mp4", ["work"]),
        ("audio/mp4", ["work"]),
        ("audio/webm", ["work"]),
        ("audio/mpeg", ["work"]),
        ("application/pdf", ["work"]),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ["work"]),
        "broken",
        "no_copy",
        "empty",
        "no_copy",
    ]
    assert [answer["width"] for answer in answers[:3]] == [200, 64, 0]


def test_p4_no_byte_of_a_file_is_written_to_the_disk(tmp_path: Path) -> None:
    """Read from the system calls: of the worker, and of the FFmpeg that it starts."""
    trace = tmp_path / "trace"
    watched = [environment.strace(), "-f", "-s", "4096", "-e", "trace=open,openat,creat,memfd_create", "-o", str(trace)]
    answers = subprocess.run(
        [*watched, sys.executable, "-B", "-m", "storage.copy_worker"],
        input=asked_of_a_worker(list(_ONE_OF_EACH.items())),
        capture_output=True,
        cwd=_ROOT,
        check=True,
    )
    assert answers.stdout.count(b'"parts"') == len(_ONE_OF_EACH)
    calls = trace.read_text().splitlines()
    written = [call for call in calls if re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(", call)]
    assert {re.sub(r"fd/\d+", "fd/N", call.split('"')[1]) for call in written} <= {"/dev/fd/N", "/dev/null"}
    assert sum("memfd_create" in call for call in calls) == 6  # Two for each recording that FFmpeg moves.


@pytest.mark.parametrize("kind", ["jpeg", "pdf", "amr"])
def test_while_pictures_documents_and_voices_are_decoded_no_file_can_be_written(kind: str, tmp_path: Path) -> None:
    script = (
        "import resource, sys\n"
        "from storage import copy_worker\n"
        f"copy_worker._answer({kind!r}, b'')\n"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE)[0])\n"
        f"open({str(tmp_path / 'leak')!r}, 'wb', buffering=0).write(b'x')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=_ROOT)
    assert done.stdout == "0\n" and "File too large" in done.stderr
    assert (tmp_path / "leak").read_bytes() == b""


def test_a_worker_dumps_no_core(monkeypatch: pytest.MonkeyPatch) -> None:
    from storage import copy_worker

    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", lambda which, pair: limits.update({which: pair}))
    monkeypatch.setattr(os, "nice", lambda _by: 0)
    monkeypatch.setattr(copy_worker, "serve", lambda _jobs, _answers: None)
    copy_worker.main()
    assert limits[resource.RLIMIT_CORE] == (1, 1) and limits[resource.RLIMIT_AS][0] < 2 << 30
