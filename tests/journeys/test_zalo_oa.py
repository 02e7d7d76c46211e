"""What is peculiar to a resident's way over Zalo's Official Account; the journeys of every channel go over it as well."""

import asyncio

import pytest
from sqlalchemy import update

from bot.runtime import Running
from storage import moments, tables
from tests.factories import jpeg
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import photos_done, rows
from tests.people import ZaloResident
from tests.station import Station, send, stationed
from tests.storage.spoken import amr, heard, pitch_of


async def test_a_tip_by_words_photo_and_place_and_the_officers_question_comes_back(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    house, person = zalo_house, fake_zalo_oa.person()
    resident = ZaloResident(person, house)
    await resident.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await resident.hears("Zalo và người quản lý trang này thấy được tài khoản")
    await resident.send_photo(jpeg())
    await resident.send_place(20.8449, 106.6881)
    await resident.sends()
    await resident.hears("Mã tin")
    await resident.says_enough()
    assert [row[:3] for row in await photos_done(house, 1)] == [("stored", "", 640)]
    [(tip_id, channel, latitude)] = await rows(house, tables.Tip, "id", "channel", "latitude")
    assert (channel, latitude) == ("zalo_oa", 20.8449)

    async with stationed(house, {"truc.ban": "duty"}) as station:
        officer = station.people["truc.ban"]
        await send(officer, f"/admin/tin/{tip_id}/da-doc")
        await asks_back(station, tip_id, "Xe màu gì ạ?")
        await resident.hears("Có cập nhật")
        await resident.say("xem")
        await resident.hears("Xe màu gì ạ?")
        await resident.say("Xe màu đỏ")
        await said(house, "Xe màu đỏ")
        page = (await officer.get(f"/admin/tin/{tip_id}"))[1]
        assert "Xe màu đỏ" in page and "Zalo OA" in page
        for text in (person.id, fake_zalo_oa.by_app(person.id)):
            assert text not in page

        # Three days later the officer asks again: nothing goes out, nothing is billed, and the page says why.
        long_ago = moments.now() - 3 * moments.DAY
        back = update(tables.Chat).values(last_in_at=long_ago, window_from=long_ago)
        await house.memory.write(lambda session: session.execute(back) and None)
        await asks_back(station, tip_id, "Có biển số không ạ?")
        await until_parked(house)
        assert fake_zalo_oa.billed == 0
        assert "Lời này chờ, họ nhắn lại là gửi đi trước" in (await officer.get(f"/admin/tin/{tip_id}"))[1]
        many = len(person.reads())
        await resident.say("/start")
        await resident.hears("xin chào")
        assert person.reads()[many].startswith("Có cập nhật")  # What waited goes first.
        await resident.say("xem")
        await resident.hears("Có biển số không ạ?")


async def test_a_grandmother_speaks_and_the_officer_hears_her(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    """As Zalo hands voices on, which no browser plays; one of them broke off on its way."""
    house = zalo_house
    resident = ZaloResident(fake_zalo_oa.person(), house)
    await resident.send_voice(amr(3, hertz=220))
    await resident.hears("Đã nhận lời nói")
    await resident.send_voice(amr(2)[:-2000])
    await resident.hears("Đã nhận thêm lời nói")
    await resident.sends()
    await resident.hears("Mã tin")
    await photos_done(house, 2)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    whole, part = sorted(await rows(house, tables.Attachment, "note", "id"))

    async with stationed(house, {"truc.ban": "duty"}) as station:
        officer = station.people["truc.ban"]
        page = (await officer.get(f"/admin/tin/{tip_id}"))[1]
        async with officer.http.get(f"{house.address}/admin/nghe-xem/{whole[1]}") as answer:
            kind, (seconds, rate, heights) = answer.content_type, heard(await answer.read())

    assert (whole[0], part[0]) == ("", "in_part") and page.count("<audio") == 2
    assert page.count("Chỉ nghe được một phần") == 1 and page.count("Giọng nói") >= 1
    assert kind == "audio/mpeg" and 3 <= seconds < 3.2 and pitch_of(heights, rate) == pytest.approx(220, rel=0.03)


async def asks_back(station: Station, tip_id: int, text: str) -> None:
    status, page = await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/hoi", words=text)
    assert status == 200, page


async def said(house: Running, words: str) -> None:
    for _ in range(100):
        if any(words in row[0] for row in await rows(house, tables.Piece, "words")):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await rows(house, tables.Piece, "words"))


async def until_parked(house: Running) -> None:
    for _ in range(100):
        if ("parked",) in await rows(house, tables.OutboxRow, "status"):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await rows(house, tables.OutboxRow, "status"))
