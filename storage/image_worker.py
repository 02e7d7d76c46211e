"""A process that opens strangers' pictures, so that a decoder which crashes or eats memory takes nobody else with it.

One JSON line in: {"path", "work", "thumb"}. One out: {"width", "height"}, or {"unsafe": reason}, or {"again": true} when the
copies could not be written. Started by `bot/darkroom.py`.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from storage.images import NoRoom, Unsafe, make_safe

_MOST_MEMORY = 1536 * 1024 * 1024


def work_on(job: dict[str, Any]) -> dict[str, Any]:
    try:
        size = make_safe(Path(job["path"]), work=Path(job["work"]), thumb=Path(job["thumb"]))
    except Unsafe as error:
        return {"unsafe": error.reason}
    except (NoRoom, OSError):
        return {"again": True}
    return {"width": size[0], "height": size[1]}


def main() -> None:
    os.nice(10)  # A photo may wait for a receipt, never the other way round.
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    for line in sys.stdin:
        print(json.dumps(work_on(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
