"""Files as strangers send them: damaged in chosen ways, and handed to the process that opens them."""

import io
import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

CANARIES = (b"CANARY", "CANARY".encode("utf-16-le"), "CANARY".encode("utf-16-be"))
_ROOT = Path(__file__).parents[2]


def corrupted(data: bytes, dice: random.Random) -> bytes:
    wrong = bytearray(data)
    for _ in range(dice.choice((1, 2, 8, 40))):
        wrong[dice.randrange(len(wrong))] = dice.randrange(256)
    if dice.random() < 0.2:
        del wrong[dice.randrange(len(wrong)) :]
    if dice.random() < 0.2:
        at = dice.randrange(len(wrong) + 1)
        wrong[at:at] = dice.randbytes(dice.randrange(1, 60))
    return bytes(wrong)


def asked_of_a_worker(jobs: list[tuple[str, bytes]]) -> bytes:
    """Each job a (kind, content)."""
    return b"".join(json.dumps({"kind": kind, "size": len(content)}).encode() + b"\n" + content for kind, content in jobs)


def answers_of_a_worker(jobs: list[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """As many as it gave before it ended, by itself or in a crash."""
    asked = asked_of_a_worker(jobs)
    done = subprocess.run([sys.executable, "-m", "storage.copy_worker"], input=asked, capture_output=True, cwd=_ROOT, timeout=120)
    assert done.returncode in (0, -signal.SIGSEGV, -signal.SIGABRT)
    said, answers = io.BytesIO(done.stdout), []
    while line := said.readline():
        answer = json.loads(line)
        answer["contents"] = {part["name"]: said.read(part["size"]) for part in answer.get("parts", [])}
        answers.append(answer)
    return answers
