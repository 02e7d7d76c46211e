"""The media queue under bad luck: two holders of one file, orphans, a worker that dies."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import darkroom
from bot.darkroom import Darkroom
from bot.runtime import Running
from storage import tables
from storage.images import Unsafe
from storage.queries import attachments
from storage.queries.attachments import Outcome, Wanted
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.storage import papers
from tests.storage.spoken import amr, heard
from tests.storage.test_recordings import fixture


async def test_a_holder_that_lost_its_claim_changes_nothing_and_deletes_nothing(house: Running, browser: WebResident) -> None:
    await browser.send_photo(jpeg())
    await photos_done(house, 1)
    [(row_id, tip_id, original, work)] = await rows(house, tables.Attachment, "id", "tip_id", "original", "work")
    claim = Wanted(
        id=row_id,
        ward_id=1,
        tip_id=tip_id,
        chat_id=None,
        channel="webchat",
        language="vi",
        kind="photo",
        source={},
        tries=1,
        created_at=0,
    )

    noted = await house.memory.write(lambda session: attachments.note_outcome(session, claim, Outcome(status="failed", note="gone")))

    assert noted is False
    assert [row[0] for row in await rows(house, tables.Attachment, "status")] == ["stored"]
    assert all(house.media_store.path(place).is_file() for place in (original, work))


async def test_an_upload_whose_message_never_came_is_erased_after_days(house: Running, browser: WebResident) -> None:
    await browser.send_photo(jpeg())
    await photos_done(house, 1)
    [(original,)] = await rows(house, tables.Attachment, "original")
    orphan = house.media_store.root / "originals" / "2026" / "orphan"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    long_ago = time.time() - 5 * 86_400
    for path in (orphan, house.media_store.path(original)):
        os.utime(path, (long_ago, long_ago))

    await house.media.forget_orphans()

    assert not orphan.exists() and house.media_store.path(original).is_file()


async def test_a_dead_worker_costs_one_file_and_the_next_is_fine() -> None:
    darkroom = Darkroom(workers=1)
    await darkroom.develop(jpeg(), "jpeg")
    worker = darkroom._free.get_nowait()
    assert worker is not None
    worker.kill()
    await asyncio.sleep(0.1)
    darkroom._free.put_nowait(worker)
    with contextlib.suppress(Unsafe):
        await darkroom.develop(jpeg(), "jpeg")
    copies = await darkroom.develop(jpeg(), "jpeg")
    await darkroom.stop()

    assert (copies.width, copies.height, copies.mime) == (640, 480, "image/jpeg")
    assert copies.work.startswith(b"\xff\xd8\xff") and copies.thumb.startswith(b"\xff\xd8\xff")


async def test_what_has_no_copy_is_said_to_have_none() -> None:
    darkroom = Darkroom(workers=1)
    with pytest.raises(Unsafe) as none:
        await darkroom.develop(fixture("speex.ogg"), "ogg")
    copies = await darkroom.develop(jpeg(), "jpeg")  # By the same worker.
    await darkroom.stop()

    assert none.value.reason == "no_copy" and copies.width == 640


async def test_photos_of_a_dropped_draft_leave_the_disk(house: Running, browser: WebResident) -> None:
    await browser.send_photo(jpeg())
    await photos_done(house, 1)
    await browser.press("cancel-yes")
    await browser.hears("Đã bỏ tin")

    await house.media.tidy()

    assert [row[0] for row in await rows(house, tables.Attachment, "original")] == [""]
    assert [path for path in house.media_store.root.rglob("*") if path.is_file()] == []


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("make", "mime", "shown_as", "kept_as"),
    [
        (lambda: fixture("h264-aac.mp4"), "video/mp4", "video/mp4", "video/mp4"),
        (lambda: fixture("opus.ogg"), "audio/ogg", "audio/webm", "audio/ogg"),
        (papers.pdf_with_canaries, "application/pdf", "application/pdf", "application/pdf"),
        (papers.docx, "application/zip", DOCX, DOCX),
    ],
    ids=["video", "voice", "pdf", "docx"],
)
async def test_recordings_and_documents_get_a_copy_beside_the_original(
    house: Running, browser: WebResident, make: Callable[[], bytes], mime: str, shown_as: str, kept_as: str
) -> None:
    sent = make()
    assert (await browser.post_file(sent, mime=mime, name="a"))[0] == 200
    await photos_done(house, 1)

    names = ("status", "note", "mime", "copy_mime", "thumb", "original", "work", "file_key")
    [(status, note, said, shown, thumb, original, work, key)] = await rows(house, tables.Attachment, *names)
    assert (status, note, said, shown, thumb) == ("stored", "", kept_as, shown_as, "")
    assert house.media_store.read(original, key=key) == sent
    assert b"CANARY" not in papers.everything_in(house.media_store.read(work, key=key))


async def test_a_recording_that_cannot_be_copied_is_kept_and_the_officer_finds_a_note(house: Running, browser: WebResident) -> None:
    assert (await browser.post_file(fixture("speex.ogg"), mime="audio/ogg", name="a.ogg"))[0] == 200

    assert await photos_done(house, 1) == [("stored", "no_copy", 0, "")]


@pytest.mark.parametrize(("sent", "note"), [(amr(1), ""), (amr(1) + bytes(500), "in_part")], ids=["whole", "in part"])
async def test_a_voice_as_amr_is_copied_as_mp3_and_kept_as_it_came(house: Running, browser: WebResident, sent: bytes, note: str) -> None:
    assert (await browser.post_file(sent, mime="audio/amr", name="a.amr"))[0] == 200
    await photos_done(house, 1)

    names = ("status", "note", "mime", "copy_mime", "original", "work", "file_key")
    [(status, said, mime, shown, original, work, key)] = await rows(house, tables.Attachment, *names)
    assert (status, said, mime, shown) == ("stored", note, "audio/amr", "audio/mpeg")
    assert house.media_store.read(original, key=key) == sent
    assert 1 <= heard(house.media_store.read(work, key=key))[0] < 1.2


async def test_a_voice_that_cannot_be_opened_is_kept_sealed_as_it_came(house: Running, browser: WebResident) -> None:
    sent = b"#!AMR\n" + bytes(300)
    assert (await browser.post_file(sent, mime="audio/amr", name="a.amr"))[0] == 200

    assert await photos_done(house, 1) == [("refused", "broken", 0, "")]
    [(original, key)] = await rows(house, tables.Attachment, "original", "file_key")
    assert house.media_store.read(original, key=key) == sent


async def test_a_decoder_that_dies_over_a_voice_costs_that_voice_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    workers: list[asyncio.subprocess.Process] = []
    start, started = darkroom._start, asyncio.Event()

    async def watched() -> asyncio.subprocess.Process:
        workers.append(await start())
        started.set()
        return workers[-1]

    monkeypatch.setattr(darkroom, "_start", watched)
    room = Darkroom(workers=1)
    long = asyncio.create_task(room.develop(amr(1) + amr(1)[6:] * 1000, "amr"))
    await started.wait()
    await asyncio.to_thread(until_it_decodes, workers[0].pid)
    os.kill(workers[0].pid, signal.SIGSEGV)
    with pytest.raises(Unsafe) as refused:
        await long
    copies = await room.develop(amr(1), "amr")
    await room.stop()

    assert refused.value.reason == "broken" and workers[0].returncode == -signal.SIGSEGV
    assert (copies.mime, copies.note, len(workers)) == ("audio/mpeg", "", 2)


def until_it_decodes(pid: int) -> None:
    for _ in range(1000):
        if "libopencore-amrnb" in Path(f"/proc/{pid}/maps").read_text():
            return
        time.sleep(0.02)
    raise AssertionError("no decoder was loaded")


async def test_a_plain_archive_is_refused_as_before(house: Running, browser: WebResident) -> None:
    assert (await browser.post_file(papers.zipped({"a.txt": "a"}), mime="application/zip", name="a.zip"))[0] == 200

    assert await photos_done(house, 1) == [("refused", "unknown_type", 0, "")]


async def test_ten_photos_that_do_not_open_are_said_once(house: Running, browser: WebResident) -> None:
    for _ in range(3):
        assert (await browser.post_file(b"no photo at all", mime="image/jpeg", name="a.jpg"))[0] == 200
    await photos_done(house, 3)
    await browser.hears("không mở ra được")
    await asyncio.sleep(0.5)

    assert (await browser.open_page()).count("không mở ra được") == 1
