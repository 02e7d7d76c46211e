"""Answers reach a Bot Platform that is slow, refuses, limits, loses answers, or is away."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bot.channels.base import FetchError
from bot.channels.fetching import Fetcher
from bot.channels.zalo_bot.send import ZaloBotSend
from bot.channels.zalo_bot.wire import Wire
from bot.runtime import Running
from handlers.messages import Button, Reply
from storage import tables
from storage.sealed_files import Sink
from tests.bot.telegram.test_delivery import outbox, settled
from tests.factories import jpeg
from tests.fakes.zalo_bot import MOST_TEXT, FakeZaloBot
from tests.opened import photos_done, rows


async def test_an_outage_holds_answers_back_and_keeps_their_order(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    person = fake_zalo_bot.person()
    fake_zalo_bot.outage = True
    await person.say("/start")
    await person.say("Hôm qua xe tôi bị bẻ khóa")
    await asyncio.sleep(0.6)
    assert person.reads() == []
    fake_zalo_bot.outage = False

    await person.hears("ạ?")
    assert "xin chào" in person.reads()[0]


async def test_a_lost_answer_is_sent_again_rather_than_lost(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    person = fake_zalo_bot.person()
    fake_zalo_bot.lose_answers = 1
    await person.say("/start")
    await settled(house, 1)

    assert len(person.reads()) == 2  # The rule `repeat`: twice is better than never.


async def test_a_failure_of_theirs_is_tried_again_and_not_for_ever(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    person, other = fake_zalo_bot.person(), fake_zalo_bot.person()
    fake_zalo_bot.fail_403 = 2
    await person.say("/start")
    await person.hears("xin chào")
    await settled(house, 1)
    fake_zalo_bot.fail_403 = 5
    await other.say("/start")
    found = await settled(house, 2)

    assert sorted(status for status, _error in found) == ["failed", "sent"] and ("failed", "failed") in found


async def test_a_used_up_quota_waits_long_and_is_told(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    person = fake_zalo_bot.person()
    fake_zalo_bot.rate_limit = 1
    await person.say("/start")
    for _ in range(200):
        if await rows(house, tables.DoorTrouble, "channel", "why") == [("zalo_bot", "quota")]:
            break
        await asyncio.sleep(0.02)

    assert await rows(house, tables.DoorTrouble, "channel", "why") == [("zalo_bot", "quota")]
    assert await outbox(house) == [("waiting", "quota")]
    async with aiohttp.ClientSession() as http, http.get(f"{house.address}/healthz") as answer:
        assert (await answer.json())["zalo_bot"] == "the platform's quota is used up"

    await fake_zalo_bot.person().say("/start")  # The next month: whatever goes out first says that it is over.
    for _ in range(200):
        if not await rows(house, tables.DoorTrouble, "channel"):
            break
        await asyncio.sleep(0.02)
    assert house.zalo_bot.shut == "" and await rows(house, tables.DoorTrouble, "channel") == []


async def test_whom_the_platform_does_not_know_is_noted_and_holds_nothing_up(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    person, other = fake_zalo_bot.person(), fake_zalo_bot.person()
    await person.say("Có chuyện")
    await person.hears("ạ?")
    fake_zalo_bot.known.discard(person.id)
    chat = {"id": person.id, "chat_type": "PRIVATE"}
    message = {"from": {"id": person.id}, "chat": chat, "message_id": "m2", "text": "Thêm nữa"}
    await fake_zalo_bot.push({"event_name": "message.text.received", "message": message})
    await other.say("/start")
    await other.hears("xin chào")

    assert ("failed", "no_chat") in await settled(house, 4)


async def speaks(house: Running, fake: FakeZaloBot, reply: Reply) -> list[str]:
    person = fake.person()
    fake.known.add(person.id)
    async with aiohttp.ClientSession() as http:
        speaker = ZaloBotSend(Wire(http, api=fake.address, token=fake.token), house.memory, house.ward)
        await speaker.send(person.id, reply, chat_id=1, row_id=1)
    return person.reads()


async def test_choices_stand_under_the_words_and_are_never_torn(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    choices = tuple(Button(f"Lựa chọn thứ {number}", f"x:{number}") for number in range(1, 7))
    [short] = await speaks(house, fake_zalo_bot, Reply(text="Chọn giúp ạ?", buttons=choices[:2], numbered=True))
    long = await speaks(house, fake_zalo_bot, Reply(text="chữ " * 700, buttons=choices, numbered=True))
    [words] = await speaks(house, fake_zalo_bot, Reply(text="Mấy người ạ?", buttons=(Button("5 · Rất tốt", "rate:1-5"),)))

    assert short == "Chọn giúp ạ?\n\nGõ số để chọn:\n1. Lựa chọn thứ 1\n2. Lựa chọn thứ 2"
    assert len(long) == 2 and all(len(piece) <= MOST_TEXT for piece in long) and long[-1].count("Lựa chọn") == 6
    assert words == "Mấy người ạ?\n\nHoặc gõ:\n• Rất tốt"


async def test_a_file_of_the_desk_is_named_and_read_elsewhere(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    [said] = await speaks(house, fake_zalo_bot, Reply(text="Có phải xe này không ạ?", file=7, file_mime="image/jpeg"))

    assert "kênh này không gửi được" in said


async def test_what_only_rewrites_is_not_said(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    assert await speaks(house, fake_zalo_bot, Reply(text="x", replaces="1", only_rewrites=True)) == []


async def test_p7_a_photo_that_cannot_be_fetched_is_told_to_the_person(
    house: Running, fake_zalo_bot: FakeZaloBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.media.GIVE_UP_AFTER", 0)
    fake_zalo_bot.fail_files = True
    person = fake_zalo_bot.person()
    await person.send_photo(jpeg())
    await person.hears("gửi lại giúp")

    assert await rows(house, tables.Attachment, "status", "note") == [("failed", "gone")]


@pytest.mark.parametrize(
    "address",
    [
        "http://photo.example.vn/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://[::1]/a.jpg",
        "https://2130706433/a.jpg",
        "https://0x7f000001/a.jpg",
        "https://169.254.169.254/latest",
        "https://localhost/a.jpg",
        "file:///etc/passwd",
        "ftp://photo.example.vn/a",
        "//x",
        "",
        "https://",
        "http://127.0.0.1:1/a.jpg",
    ],
)
async def test_no_address_of_our_own_network_is_asked(tmp_path: Path, fake_zalo_bot: FakeZaloBot, address: str) -> None:
    async with aiohttp.ClientSession() as http:
        files = Fetcher(http, api=fake_zalo_bot.address)
        sink = Sink(tmp_path / "x", key=b"k" * 32, name="x")
        with pytest.raises(FetchError):
            await files.fetch({"url": address}, sink)
        sink.give_up()
        await files.close()
    assert sink.size == 0


async def test_a_file_over_the_limit_is_left(house: Running, fake_zalo_bot: FakeZaloBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.fetching.MOST_FILE_BYTES", 1000)
    person = fake_zalo_bot.person()
    await person.send_photo(jpeg(800, 600))
    await person.hears("lớn quá")

    assert [row[:2] for row in await photos_done(house, 1)] == [("failed", "too_big")]
