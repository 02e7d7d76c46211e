"""One journey at the desk: a tip that came in person, its slip, its code on the page and in a chat, and how it is linked."""

import asyncio
import html
import io
import re

import aiohttp

from bot.runtime import Running
from storage import tables
from storage.verify import verify
from tests.admin.test_custody import station
from tests.admin.test_desk import Officer
from tests.bot.telegram.test_door import everything_stored
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram
from tests.journeys.test_look_up import Reader, reader
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.station import NAME, PHONE, Station, send, token_of
from tests.storage.test_verify import until_linked

__all__ = ["reader", "station"]
FORM = "f" * 32
STORY = "Hôm qua bà cụ mất túi ở đầu ngõ chợ, xe biển 15B1-123.45"


async def enter(person: Officer, **given: str) -> str:
    status, page = await send(person, "/admin/nhap-tin", **{"form": FORM, "way": "walk_in", "words": STORY, "urgent": "no", **given})
    assert status == 200, page
    return page


async def upload(person: Officer, tip_id: int, content: bytes, csrf: str = "") -> int:
    form = aiohttp.FormData({"csrf": csrf or token_of(person)})
    form.add_field("file", io.BytesIO(content), filename="don.jpg", content_type="image/jpeg")
    async with person.http.post(f"{person.house.address}/admin/tin/{tip_id}/them-tep", data=form) as answer:
        return answer.status


def code_on(page: str) -> str:
    found = re.search(r'class="code number">(.*?)</p>', page, re.DOTALL)
    assert found, page
    return re.sub(r"<[^>]+>|\s", "", found[1])


async def page_of(person: Officer, path: str) -> str:
    status, page = await person.get(path)
    assert status == 200, page
    return html.unescape(page)


async def test_somebody_comes_in_is_handed_a_slip_and_writes_on_from_home(
    house: Running, station: Station, fake_telegram: FakeTelegram, reader: Reader
) -> None:
    duty = station.people["truc.ban"]
    await house.ward.refresh()
    assert "Đến gặp" in await page_of(duty, "/admin/nhap-tin")
    slip = await enter(
        duty, name=f"{NAME}, số {PHONE}", callback="0976 543 210", category="TC", received="08:05 20/11/2026", known="victim"
    )
    code = code_on(slip)
    [(tip_id, accepted_by, about)] = await rows(house, tables.Tip, "id", "accepted_by", "about")

    assert "mất túi" not in slip and "Trộm cắp" not in slip and "08:05" in slip  # The paper tells nothing of the matter.
    assert (accepted_by, about) == (station.ids["truc.ban"], "named")
    page = await page_of(duty, f"/admin/tin/{tip_id}")
    assert (
        "bà cụ mất túi ở đầu ngõ chợ" in page
        and "08:05\N{NO-BREAK SPACE}· 20/11/2026" in page
        and "Là người bị hại" in page
        and code[-4:] in page
    )
    again = await enter(duty, words="Gửi lại cùng tờ đó")
    assert "đã được nhập trước đó" in again and len(await rows(house, tables.Tip, "id")) == 1

    seen = [
        page,
        again,
        *[await page_of(duty, path) for path in ("/admin", f"/admin/tin/{tip_id}/su-viec")],
        await everything_stored(house),
    ]
    for secret in (code, NAME, PHONE, "543 210"):
        assert [secret in one for one in seen] == [False] * len(seen), secret

    assert await reader.opens(code) == 200 and "đã đọc" in reader.page
    await reader.adds("Người đó đội mũ đỏ")
    person = fake_telegram.person()
    await person.say(code)
    await person.hears("đã đọc")
    await person.say("Người đó đi về phía cầu")
    await person.hears("Đã ghi thêm")
    await person.send_photo(jpeg())  # Fetched where it was sent, whichever way the tip came.
    assert (await photos_done(house, 1))[0][0] == "stored"
    page = await page_of(duty, f"/admin/tin/{tip_id}")
    assert "mũ đỏ" in page and "phía cầu" in page

    assert [await upload(duty, tip_id, content) for content in (jpeg(), b"", b"x" * (20 * 2**20 + 1))] == [200, 422, 413]
    assert await upload(duty, tip_id, jpeg(), csrf="0" * 40) == 403
    assert [row[0] for row in await photos_done(house, 2)] == ["stored", "stored"]
    assert not [*(house.media_store.root / "incoming").iterdir()]

    fresh = code_on((await send(duty, f"/admin/tin/{tip_id}/ma-moi"))[1])
    assert (await reader.opens(code), await reader.opens(fresh)) == (404, 200)
    await until_linked(house)
    now = (await rows(house, tables.HistoryRow, "at"))[-1][0]
    assert (await house.memory.read(lambda session: verify(session, house.ward().id, now=now, heads=[]).differences)) == []


async def test_two_tips_of_one_event_are_linked_and_counted_on_both_pages(house: Running, station: Station, browser: WebResident) -> None:
    duty = station.people["truc.ban"]
    await browser.say("Hôm qua túi của bà cụ mất, có xe 15B1 12345 gần đó")
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")
    await enter(duty)
    (first, tail), (second, _tail) = await rows(house, tables.Tip, "id", "code_tail")
    for _ in range(100):  # The index looks at new words twice a second.
        if not any(due for (due,) in await rows(house, tables.Tip, "index_due")):
            break
        await asyncio.sleep(0.05)
    page = await page_of(duty, f"/admin/tin/{second}/su-viec")
    assert f"…{tail}" in page and "cùng số, biển số" in page
    found = (await send(duty, f"/admin/tin/{second}/su-viec/tim", tim=tail))[1]
    assert f'value="{first}"' in found
    await send(duty, f"/admin/tin/{second}/su-viec/noi", other=str(first))
    await send(duty, f"/admin/tin/{first}/biet-ro", how="seen")

    for tip_id in (first, second):
        page = await page_of(duty, f"/admin/tin/{tip_id}")
        assert "2 tin" in page and "từ 1 tài khoản, chưa kiểm chứng" in page and "1 tận mắt · 0 nghe kể" in page
        assert "cùng một nguồn" not in page
    status, page = await send(duty, f"/admin/tin/{first}/su-viec/tach", reason="nhầm")
    assert status == 422 and "nhầm" in page
    page = (await send(duty, f"/admin/tin/{first}/su-viec/tach", reason="Hai vụ khác nhau, khác ngày"))[1]
    assert "Hai vụ khác nhau" in page and "tài khoản, chưa kiểm chứng" not in page


async def test_who_may_not_enter_tips_may_not_link_them_either(house: Running, station: Station) -> None:
    await enter(station.people["truc.ban"], known="heard")
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    for role in ("custodian", "administrator", "inspector"):
        person = await station.add(f"vai.{role}", role)
        answers = [(await person.get(path))[0] for path in ("/admin/nhap-tin", f"/admin/tin/{tip_id}/su-viec")]
        for path in ("biet-ro", "ma-moi", "su-viec/noi"):
            answers.append((await send(person, f"/admin/tin/{tip_id}/{path}", how="seen", other="1"))[0])
        assert answers == [403] * 5, role

    page = await page_of(person, f"/admin/tin/{tip_id}")  # Reads, and changes nothing.
    assert "Nghe kể lại" in page and "Cấp mã mới" not in page and "/su-viec" not in page
