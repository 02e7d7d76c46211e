"""Genuine or not, over every door and on the page; and warnings in one's own chat."""

import aiohttp
import pytest

from bot.channels.webchat.lookup import MOST_WRONG
from bot.runtime import Running
from handlers import texts
from handlers.warnings import checking, reach
from handlers.warnings.codes import new_code
from handlers.warnings.content import Content
from storage import moments, tables
from storage.queries import warnings
from tests.fakes.telegram import FakeTelegram
from tests.gong import FAKE_POLICE, Gong, gong_in
from tests.journeys.test_groups import until
from tests.opened import rows
from tests.people import Resident


@pytest.fixture
async def gong(house: Running) -> Gong:
    return await gong_in(house)


async def posted(gong: Gong, code: str) -> str:
    ward, now = gong.house.ward(), moments.now()
    checked = await gong.house.memory.read(lambda session: checking.check(session, ward, code, now=now))
    assert checked.known
    return checked.known.posted


async def test_a_warning_is_checked_by_code_and_by_its_words(gong: Gong, resident: Resident) -> None:
    code = new_code()
    original = await gong.releases(code)
    true = await posted(gong, code)

    await resident.say(f"{code[:2].lower()} {code[3:].lower()}")
    said = await resident.hears(f"Mã {code} là của cảnh báo")
    assert "Không chuyển tiền, không đọc mã OTP." in said and said.rstrip().endswith("là giả.")

    forged = true.replace("Gọi trực ban hỏi lại.", "Gọi 0912 345 678 để xác minh.").replace(f"nhắn mã {code}", "nhắn lại")
    await resident.say(forged)
    said = await resident.hears("Dòng khác")
    assert code in said and "0912345678" in said and await rows(gong.house, tables.Tip, "id") == []

    await gong.releases(
        new_code(), Content(kind="correction", headline="Số trực ban ghi nhầm", body="Gọi số in ở cổng."), corrects=original
    )
    await resident.say(true)
    said = await resident.hears("Đã có đính chính")
    assert said.index("Số trực ban ghi nhầm") < said.index("chưa thấy chỗ nào khác")
    assert await rows(gong.house, tables.Tip, "id") == []

    await resident.press("report-this")
    await until(lambda: rows(gong.house, tables.Piece, "id"))
    assert true in [words for (words,) in await rows(gong.house, tables.Piece, "words")]


async def test_whoever_wants_warnings_gets_a_row_and_whoever_does_not_has_none(gong: Gong, resident: Resident) -> None:
    await resident.say("nhan canh bao")
    await resident.hears("Nhận cho nơi nào")
    await resident.press(f"subscribe-area:{gong.nine}")
    await resident.hears("Nhận loại nào")
    await resident.press("subscribe-theme:fraud")
    await resident.hears("Đã chọn: Lừa đảo")
    await resident.press("subscribe-done")
    await resident.hears("Từ giờ nhận cảnh báo ở đây: Tổ dân phố số 9; Lừa đảo")
    assert await rows(gong.house, tables.Subscription, "neighbourhood_id", "themes") == [(gong.nine, ["fraud", "general"])]

    await resident.press("unsubscribe")
    await resident.hears("Đã thôi nhận")
    assert await rows(gong.house, tables.Subscription, "id") == []

    await resident.say("nhận cảnh báo")
    await resident.hears("Nhận cho nơi nào")
    await resident.press("subscribe-area:all")
    await resident.hears("Nhận loại nào")
    await resident.press("subscribe-done")
    await resident.hears("cả phường; mọi loại")
    await resident.say("cắt liên lạc")
    await resident.hears("Cắt liên lạc")
    await resident.press("cut-yes")
    await until(lambda: _none(gong))


async def _none(gong: Gong) -> bool:
    return await rows(gong.house, tables.Subscription, "id") == []


async def test_the_page_says_the_same(gong: Gong) -> None:
    code = new_code()
    await gong.releases(code)
    true, address = await posted(gong, code), gong.house.address
    async with aiohttp.ClientSession() as http:

        async def page(**asked: str) -> tuple[int, str]:
            where = "/tra-cuu/canh-bao" if "text" in asked else "/tra-cuu"
            async with http.post(address + where, data=asked) as answer:
                return answer.status, await answer.text()

        async with http.get(f"{address}/tra-cuu?ma={code.lower()}") as answer:
            by_square = await answer.text()
        assert answer.status == 200 and f"Mã {code} là của cảnh báo" in by_square and "là giả." in by_square
        assert (await page(code=code))[1].count("Nguyên văn:") == 1
        status, said = await page(text=true.replace("Tắt máy", "<b>Giữ máy</b>"))
        assert status == 200 and "• 1. &lt;b&gt;Giữ máy&lt;/b&gt;" in said and "<b>" not in said
        async with http.get(f"{address}/tra-cuu?ma=TB-7K3M-20QX-9DAF") as answer:
            assert "TB-7K3M" not in await answer.text()
        for _ in range(MOST_WRONG):
            assert (await page(code=new_code()))[0] == 404
        assert (await page(code=code))[0] == 429
    told = str(await rows(gong.house, tables.HistoryRow, "what", "detail"))
    assert "Giữ máy" not in told


async def test_what_is_to_go_out_tomorrow_is_known_to_nobody_today(gong: Gong) -> None:
    early, old, over, never = new_code(), new_code(), new_code(), new_code()
    now = moments.now()
    await gong.releases(early, send_at=now + moments.DAY)
    await gong.releases(old, at=now - 200 * moments.DAY, expires_at=now - 100 * moments.DAY)
    ward = gong.house.ward()

    def check(text: str) -> checking.Checked:
        now = moments.now()
        return gong.house.memory._read_now(lambda session: checking.check(session, ward, text, now=now))

    words = "CẢNH BÁO công an: " + " ".join((FAKE_POLICE.headline, FAKE_POLICE.body, *FAKE_POLICE.lines))
    assert check(early).known is None and check(words).known is None
    assert "hết hạn" in checking.answer(_say, check(old), ward, now=now)
    never_id = await gong.releases(never)
    await gong.house.memory.write(lambda session: warnings.change(session, ward.id, never_id, when=("released",), state="cancelled"))
    assert check(never).known is None and check(words).known is None  # Stopped before it went.
    over_id, stopped = await gong.releases(over), {"state": "cancelled", "laid_out_at": now}
    await gong.house.memory.write(lambda session: warnings.change(session, ward.id, over_id, when=("released",), **stopped))
    assert "đã thôi phát" in checking.answer(_say, check(over), ward, now=now)
    found = check(words.replace("đọc mã OTP", "đọc ngay mã OTP"))
    assert found.known and found.known.code == over and found.compared and found.compared.changed


def _say(key: str, **values: object) -> str:
    return texts.say(key, "vi", **values)


async def test_p2_nobody_at_the_desk_learns_who_wants_warnings(gong: Gong, fake_telegram: FakeTelegram) -> None:
    """Numbers alone, and no small ones."""
    ward_id, people = gong.house.ward().id, [fake_telegram.person(f"Canary{many}") for many in range(6)]
    for person in people:
        await person.say("nhận cảnh báo")
        await person.hears("Nhận cho nơi nào")
        await person.press(f"subscribe-area:{gong.seven}")
        await person.hears("Nhận loại nào")
        if person is people[0]:
            await person.press("subscribe-theme:drugs")
            await person.hears("Đã chọn")
        await person.press("subscribe-done")
        await person.hears("Từ giờ nhận")
    found = await gong.house.memory.read(lambda session: reach.reach(session, ward_id))
    [seven, nine, ward] = found

    assert (seven.neighbourhood_id, nine.neighbourhood_id, ward.neighbourhood_id) == (gong.seven, gong.nine, None)
    assert seven.subscribers["fraud"] == "5" and seven.subscribers["drugs"] == "6" and seven.wants == "6"
    assert set(nine.subscribers.values()) == {"dưới 5"} == {nine.wants, ward.wants}
    chats = {str(chat_id) for (chat_id,) in await rows(gong.house, tables.Subscription, "chat_id")}
    assert chats and not any(chat in str(found) for chat in chats)
    assert "subscri" not in str(await rows(gong.house, tables.HistoryRow, "what", "detail"))
