"""What officers get of voices, videos and documents: copies, in parts or as a logged download, and nothing else."""

import re

import pytest

from bot.runtime import Running
from storage import tables
from tests.admin.test_desk import Officer, officer
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.storage import papers
from tests.storage.spoken import amr
from tests.storage.test_recordings import fixture

__all__ = ["officer"]


async def send_in(house: Running, browser: WebResident, content: bytes, mime: str) -> tuple[int, int]:
    assert (await browser.post_file(content, mime=mime))[0] == 200
    await browser.hears("Đã nhận")
    await browser.sends()
    await browser.hears("Mã tin")
    await photos_done(house, 1)
    [(tip_id, attachment_id)] = await rows(house, tables.Attachment, "tip_id", "id")
    return tip_id, attachment_id


@pytest.mark.parametrize(
    ("sent", "mime"),
    [(fixture("opus.ogg"), "audio/webm"), (fixture("h264-aac.mp4"), "video/mp4"), (amr(1), "audio/mpeg")],
    ids=["voice", "video", "amr"],
)
async def test_a_recording_is_heard_in_parts(house: Running, officer: Officer, browser: WebResident, sent: bytes, mime: str) -> None:
    tip_id, attachment_id = await send_in(house, browser, sent, mime)
    address = f"{house.address}/admin/nghe-xem/{attachment_id}"

    page = (await officer.get(f"/admin/tin/{tip_id}"))[1]
    async with officer.http.get(address) as whole:
        content, kind = await whole.read(), whole.content_type
    async with officer.http.get(address, headers={"Range": "bytes=10-19"}) as part:
        some, said = await part.read(), (part.status, part.headers["Content-Range"])
    async with officer.http.get(address, headers={"Range": f"bytes={len(content)}-"}) as beyond:
        refused = beyond.status

    assert f'src="/admin/nghe-xem/{attachment_id}"' in page
    assert kind == mime and content != sent
    assert (some, said) == (content[10:20], (206, f"bytes 10-19/{len(content)}"))
    assert refused == 416


async def test_a_document_is_downloaded_never_opened_and_the_download_is_noted(
    house: Running, officer: Officer, browser: WebResident
) -> None:
    tip_id, attachment_id = await send_in(house, browser, papers.docx(), "application/octet-stream")
    page = (await officer.get(f"/admin/tin/{tip_id}"))[1]
    csrf = re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0]

    async with officer.http.post(f"{house.address}/admin/tai-ve/{attachment_id}", data={"csrf": csrf}) as answer:
        content, disposition = await answer.read(), answer.headers["Content-Disposition"]
    without_csrf = (await officer.post(f"/admin/tai-ve/{attachment_id}"))[0]
    as_picture, as_sound = [
        (await officer.get(f"/admin/{way}/{attachment_id}{size}"))[0] for way, size in (("anh", "/vua"), ("nghe-xem", ""))
    ]

    assert b"CANARY" not in papers.everything_in(content)
    assert re.fullmatch(r'attachment; filename="tep-[0-9]{5}.docx"', disposition)
    assert (without_csrf, as_picture, as_sound) == (403, 404, 404)
    assert [row[0] for row in await rows(house, tables.HistoryRow, "what")].count("file_downloaded") == 1


async def test_looking_again_and_again_is_one_line_in_the_history(house: Running, officer: Officer, browser: WebResident) -> None:
    tip_id, _attachment = await send_in(house, browser, jpeg(), "image/jpeg")
    for _ in range(3):
        page = (await officer.get(f"/admin/tin/{tip_id}"))[1]

    assert [row[0] for row in await rows(house, tables.HistoryRow, "what")].count("viewed") == 1
    assert page.count("Trần Bình xem tin") == 1
