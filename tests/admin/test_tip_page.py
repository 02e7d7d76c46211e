"""What officers have on a tip's page for one another: notes, what leads somewhere, who else is there, and who has just answered."""

import asyncio
import json
import re

from bot.runtime import Running
from storage.queries import finding
from tests.admin.test_aftercare import accept, page_of, ripe, tell, tip_of, today
from tests.bot.telegram.test_door import everything_stored
from tests.people import WebResident
from tests.station import Station, send, station

__all__ = ["station"]
STORY = "Tờ rơi cho vay dán ở cột điện ghi 0912.345.678 và https://VCB-XacMinh.top/Login, xe 15B1-234.56 đi dán"
NOTE = "Ghi chú: nhà có hai lối ra, GHICHUCANARY"


async def indexed(house: Running) -> None:
    for _ in range(200):
        if not await house.memory.read(lambda session: finding.is_index_due(session, house.ward().id)):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the words were not indexed within seconds")


async def test_notes_are_for_officers_alone_and_what_was_found_is_looked_for_without_an_address(
    house: Running, station: Station, browser: WebResident
) -> None:
    duty, chief = station.people["truc.ban"], station.people["chief"]
    reader = await station.add("thanh.tra", "inspector")
    await tell(browser, STORY)
    tip_id = await tip_of(house)
    there = f"/admin/tin/{tip_id}"
    await accept(duty, tip_id)

    status, page = await send(duty, f"{there}/ghi-chu", words=NOTE)
    assert status == 200 and NOTE in page and "TRUC.BAN viết ghi chú nội bộ" in page
    assert NOTE in await page_of(reader, there) and "Viết ghi chú" not in await page_of(reader, there)
    status, page = await send(duty, f"{there}/ghi-chu", words="ơ" * 4001)
    assert status == 422 and "Dài quá 4.000 ký tự" in page and "ơ" * 4001 in page
    note_id = re.findall(r"/ghi-chu/(\d+)/gach", page)[0]
    assert (await send(chief, f"{there}/ghi-chu/{note_id}/gach"))[0] == 422 and (await send(duty, f"{there}/ghi-chu/7/gach"))[0] == 404
    status, page = await send(duty, f"{there}/ghi-chu/{note_id}/gach")
    assert status == 200 and "GHICHUCANARY" not in page and "Đã gạch bỏ lúc" in page and "TRUC.BAN gạch một ghi chú nội bộ" in page
    assert f"<s>{NOTE}</s>" in await page_of(chief, there) and "GHICHUCANARY" not in await page_of(reader, there)
    assert "GHICHUCANARY" not in await browser.open_page() and (await send(duty, "/admin/tim", tim="GHICHUCANARY"))[1].count(there) == 0
    assert "GHICHUCANARY" not in await everything_stored(house)

    page = await page_of(duty, there)
    assert "0912 345 678" in page and "hxxps://VCB-XacMinh[.]top/Login" in page
    assert re.findall(r'(?:href|src|action)="[^"]*(?:0912|VCB|vcb)[^"]*"', page) == []
    await indexed(house)
    for asked in re.findall(r'name="tim" value="([^"]+)"', page):
        status, found = await send(duty, "/admin/tim", tim=asked)
        assert status == 200 and there in found, asked


async def test_two_officers_at_one_tip_see_one_another_and_do_not_answer_past_one_another(
    house: Running, station: Station, browser: WebResident
) -> None:
    duty, chief = station.people["truc.ban"], station.people["chief"]
    handler = await station.add("dieu.tra", "handler")
    await tell(browser)
    tip_id = await tip_of(house)
    there = f"/admin/tin/{tip_id}"
    await accept(duty, tip_id)
    await ripe(house, tip_id)
    await page_of(duty, there)
    page = await page_of(chief, there)
    assert re.search(r"TRUC\.BAN đang xem tin này, từ \d\d:\d\d\.", page)
    [seen] = set(re.findall(r'name="seen" value="(\d+)"', page))
    ask = re.findall(r'data-ask="([^"]+)"', page)[0]
    told = json.loads(await page_of(duty, ask.replace(f"thay={seen}", "thay=9")))
    assert "Trần Bình đang xem" in told["here"][0] and told["sent"] == ""
    assert (await handler.get(ask))[0] == 404  # Not theirs: neither told nor shown.
    assert "DIEU.TRA" not in (await page_of(chief, ask))

    assert (await send(duty, f"{there}/nhan", words="Đã nhận tin, đang kiểm tra.", seen="0"))[0] == 200
    told = json.loads(await page_of(chief, ask))
    assert re.fullmatch(r"TRUC\.BAN đã nhắn người báo lúc \d\d:\d\d\.", told["sent"])
    ending = {"done": "Tổ tuần tra đã tới nơi, lập biên bản", "unit": "tổ tuần tra phường", "result": "Đã xong", "date": await today()}
    for path, words in (("nhan", {"words": "Tổ tuần tra đã xem nơi đó."}), ("hoi", {"words": "Lúc đó mấy giờ ạ?"}), ("ket-thuc", ending)):
        status, page = await send(chief, f"{there}/{path}", seen=seen, **words)
        assert status == 422 and "TRUC.BAN đã nhắn người báo" in page and "Xem lại rồi gửi" in page and next(iter(words.values())) in page
    assert await station.history("told") == ["told"] and await station.history("closed") == []
    [seen_now] = set(re.findall(r'name="seen" value="(\d+)"', page))
    assert (await send(chief, f"{there}/ket-thuc", seen=seen_now, **ending))[0] == 200

    # What somebody was about to end is over meanwhile, and their words are not lost with the form.
    mine = {"done": "Đã gặp hai bên và hòa giải xong", "unit": "Tổ hòa giải", "result": "Hai bên đã bắt tay nhau"}
    status, page = await send(duty, f"{there}/ket-thuc", seen="0", **{**ending, **mine})
    assert status == 422 and "Trần Bình đã gửi câu trả lời và kết thúc tin" in page and all(words in page for words in mine.values())
    status, page = await send(duty, f"{there}/buoc", move="transfer", agency="Công an phường bên", reason="Không thuộc địa bàn mình")
    assert status == 422 and "Công an phường bên" in page and "Không thuộc địa bàn mình" in page
    assert await station.history("closed") == ["closed", "closed_result"]


async def test_what_a_resident_tells_comes_to_a_page_that_is_open_and_to_nobody_who_may_not_read_it(
    house: Running, station: Station, browser: WebResident
) -> None:
    duty, chief = station.people["truc.ban"], station.people["chief"]
    await tell(browser)
    there = f"/admin/tin/{await tip_of(house)}"
    await accept(duty, await tip_of(house))
    await send(duty, f"{there}/hoi", words="Xe màu gì ạ?", seen="0")
    found = re.search(r'data-ask="([^"]+)" data-heard="(\d+)"', await page_of(duty, there))
    assert found
    ask, drawn = found[1], int(found[2])
    assert set(json.loads((await duty.get(f"{ask}&nghe={drawn}"))[1])) == {"here", "sent", "changed"}

    await browser.say("xem")
    await browser.hears("Xe màu gì")
    await browser.say("Màu đỏ <b>, MAUCANARY")
    await browser.hears("Đã ghi câu trả lời")
    told = json.loads((await duty.get(f"{ask}&nghe={drawn}"))[1])
    assert "Màu đỏ &lt;b&gt;, MAUCANARY" in told["told"] and "MAUCANARY" in told["turns"] and "đã trả lời" in told["turns"]
    assert re.fullmatch(r"Người báo vừa trả lời, lúc \d\d:\d\d\.", told["came"]) and told["heard"] > drawn
    assert set(json.loads((await duty.get(f"{ask}&nghe={told['heard']}"))[1])) == {"here", "sent", "changed"}
    assert set(json.loads((await duty.get(f"{ask}&nghe=x"))[1])) == {"here", "sent", "changed"}

    assert (await send(chief, f"{there}/han-che", reason="người báo sợ bị lộ"))[0] == 200
    status, page = await duty.get(f"{ask}&nghe={drawn}")
    assert status == 403 and "MAUCANARY" not in page


async def test_who_presses_second_reads_who_was_first_and_an_open_page_is_told_what_others_did(
    house: Running, station: Station, browser: WebResident
) -> None:
    duty, chief = station.people["truc.ban"], station.people["chief"]
    await tell(browser)
    there = f"/admin/tin/{await tip_of(house)}"
    ask = re.findall(r'data-ask="([^"]+)"', await page_of(chief, there))[0]
    assert json.loads(await page_of(chief, ask))["changed"] == ""

    status, page = await send(duty, f"{there}/da-doc")
    assert status == 200 and "nhận tin này trước" not in page
    assert "nhận tin này trước" not in (await send(duty, f"{there}/da-doc"))[1]  # Their own button, pressed twice.
    status, page = await send(chief, f"{there}/da-doc")
    assert status == 200 and re.search(r"TRUC\.BAN đã nhận tin này trước, lúc \d\d:\d\d\. Lần bấm vừa rồi không ghi gì thêm", page)
    assert re.search(r"TRUC\.BAN đã nhận tin này trước", (await send(chief, f"{there}/lo-viec"))[1])
    assert "nhận tin này trước" not in await page_of(duty, f"{there}?truoc=nhan") and "trước, lúc" not in await page_of(chief, there)

    told = json.loads(await page_of(chief, ask))["changed"]
    assert re.fullmatch(r"Từ lúc mở trang này: TRUC\.BAN đã đọc, nhận tin \(\d\d:\d\d\)\.", told)
    await send(duty, f"{there}/ghi-chu", words="Nhà có hai lối ra, GHICHUCANARY")
    told = json.loads(await page_of(chief, ask))["changed"]
    assert "TRUC.BAN viết ghi chú nội bộ" in told and "GHICHUCANARY" not in told
    assert json.loads(await page_of(duty, re.findall(r'data-ask="([^"]+)"', await page_of(duty, there))[0]))["changed"] == ""
    for odd in ("lam=x", "lam=99999", "lam="):
        assert json.loads(await page_of(chief, f"{ask.partition('&')[0]}&{odd}"))["changed"] == ""
