"""A stored file's name leads nowhere but into the store."""

from pathlib import Path

import pytest

from storage.media import MediaStore


@pytest.mark.parametrize("name", ["../secret", "originals/../../secret", "/etc/passwd", "copies/2026/../../../secret"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    store = MediaStore(tmp_path / "media")
    (tmp_path / "secret").write_bytes(b"not yours")
    with pytest.raises(ValueError, match="outside"):
        store.read(name, key=bytes(32))
