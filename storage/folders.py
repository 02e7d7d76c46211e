"""What a power cut must not undo: a name in a folder is on the disk when the folder itself was written out."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
