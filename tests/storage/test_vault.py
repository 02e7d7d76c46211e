"""Keys, sealed values and sealed files: what opens, what does not, and what stands in the file."""

import os
import stat
from pathlib import Path

import pytest

from storage.master_key import KeyFile, KeyTrouble, fresh_key, read, written
from storage.places import cell_of, coarsened
from storage.sealed_files import Sink, read_sealed, seal_file
from storage.vault import Place, Ring, Sealed, Shredded, Vault, WrongMaster

HERE, THERE = Place("pieces", "words", 7), Place("pieces", "words", 8)


def test_a_value_opens_in_its_own_place_only() -> None:
    ring = Ring.fresh()
    sealed = ring.seal_text("ngõ 12", HERE)

    assert ring.open_text(sealed, HERE) == "ngõ 12"
    assert "ngõ".encode() not in sealed
    for other in (THERE, Place("pieces", "text", 7), Place("tips", "words", 7)):
        with pytest.raises(Sealed):
            ring.open(sealed, other)
    with pytest.raises(Sealed):
        Ring.fresh().open(sealed, HERE)


@pytest.mark.parametrize("at", [0, 1, 5, 20, -1])
def test_a_changed_byte_anywhere_is_noticed(at: int) -> None:
    ring = Ring.fresh()
    sealed = bytearray(ring.seal_text("ngõ 12", HERE))
    sealed[at] ^= 1

    with pytest.raises(Sealed):
        ring.open(bytes(sealed), HERE)


def test_a_renewed_ring_still_opens_what_it_sealed_before() -> None:
    old = Ring.fresh()
    sealed = old.seal_text("một", HERE)
    new = old.grown()

    assert new.open_text(sealed, HERE) == "một"
    with pytest.raises(Sealed):
        old.open(new.seal_text("hai", HERE), HERE)


def test_a_ring_is_wrapped_for_its_place_and_master() -> None:
    master, other = fresh_key(), fresh_key()
    vault, place, ring = Vault(lambda: (master,)), Place("tips", "data_key", 1), Ring.fresh().grown()
    wrapped = vault.wrap(ring, place)

    assert vault.unwrap(wrapped, place) == ring
    assert Vault(lambda: (other, master)).unwrap(wrapped, place) == ring
    with pytest.raises(Sealed):
        vault.unwrap(wrapped, Place("tips", "data_key", 2))
    with pytest.raises(WrongMaster):
        Vault(lambda: (other,)).unwrap(wrapped, place)
    with pytest.raises(Shredded):
        vault.unwrap(None, place)


def test_a_ring_does_not_show_itself() -> None:
    assert "keys" not in repr(Ring.fresh())


def test_a_written_key_is_read_in_any_hand() -> None:
    key = fresh_key()
    text = written(key)

    assert read(text) == read(text.lower().replace("-", " ")) == read(text.replace("0", "O").replace("1", "l")) == read(key.hex()) == key
    for slip in (text[:-1], text.replace(text[7], "A" if text[7] != "A" else "B", 1), "", "KENG-1234"):
        with pytest.raises(KeyTrouble):
            read(slip)


def test_a_key_file_is_ours_alone_and_followed_when_it_changes(tmp_path: Path) -> None:
    file, first, second = KeyFile(tmp_path / "keys" / "master.key"), fresh_key(), fresh_key()
    file.write((first,), only_new=True)
    file.write((second,), only_new=True)  # Somebody was quicker; theirs stays.

    assert file() == (first,)
    assert stat.S_IMODE(os.stat(file.path).st_mode) == 0o600
    file.write((second, first))
    assert file() == (second, first)
    file.path.unlink()
    assert file() == (second, first)
    with pytest.raises(KeyTrouble):
        KeyFile(file.path)()


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 300_000])
def test_a_sealed_file_gives_back_what_went_in(tmp_path: Path, size: int) -> None:
    content, key = os.urandom(size), fresh_key()
    sink = Sink(tmp_path / "f", key=key, name="a")
    for start in range(0, size, 50_000):
        sink.write(content[start : start + 50_000])
    sink.close()

    assert read_sealed(tmp_path / "f", key=key, name="a") == content
    assert sink.size == size
    assert size < 100 or content[:100] not in (tmp_path / "f").read_bytes()


def test_a_sealed_file_that_was_touched_does_not_open(tmp_path: Path) -> None:
    key, path = fresh_key(), tmp_path / "f"
    seal_file(path, os.urandom(200_000), key=key, name="a")
    whole = path.read_bytes()
    chunk = 64 * 1024 + 17
    head, body = whole[:30], whole[30:]
    touched = {
        "cut": whole[:-1],
        "cut at a chunk": head + body[:chunk],
        "longer": whole + b"x",
        "swapped chunks": head + body[chunk : 2 * chunk] + body[:chunk] + body[2 * chunk :],
        "changed": whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:],
        "empty": b"",
    }
    for name, content in touched.items():
        path.write_bytes(content)
        with pytest.raises(Sealed):
            read_sealed(path, key=key, name="a")
            pytest.fail(name)
    path.write_bytes(whole)
    with pytest.raises(Sealed):
        read_sealed(path, key=key, name="b")


def test_a_place_in_clear_is_only_as_fine_as_it_may_be() -> None:
    fine, home = cell_of(20.8449, 106.6881, "TC"), cell_of(20.8449, 106.6881, "BL")

    assert fine == cell_of(20.8441, 106.6889, "") != cell_of(20.8461, 106.6881, "TC")
    assert home == coarsened(fine, "TE") == coarsened(home, "TC") != fine
    assert cell_of(None, None, "") == ""
