"""Telegram's door: who may knock, what is dropped before it is stored, and what bad input gets."""

import asyncio
import io
import json
import logging
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.runtime import Running, running
from storage import tables
from tests.conftest import SECRET, house_settings
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram
from tests.opened import photos_done, rows


async def post(house: Running, body: bytes, *, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{house.address}/hooks/telegram", data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


def update(number: int, **content: Any) -> bytes:
    return json.dumps({"update_id": number, **content}).encode()


def private(number: int, **content: Any) -> bytes:
    chat = {"id": 5, "type": "private", "first_name": "Lan"}
    return update(
        number, message={"message_id": number, "date": int(time.time()), "chat": chat, "from": {"id": 5, "first_name": "Lan"}, **content}
    )


async def test_a_missing_or_wrong_secret_is_refused_and_counted(house: Running) -> None:
    statuses = [await post(house, private(1, text="x"), secret=secret) for secret in (None, "", "wrong", SECRET + "x", "é")]

    assert statuses == [403] * 5
    assert house.telegram.counts["bad_secret"] == 5
    assert await rows(house, tables.InboxRow, "id") == []


NO_UPDATES = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"1",
    b"{}",
    b'{"update_id":"1"}',
    b'{"update_id":true}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"update_id": 1e400}',
)


async def test_a_body_that_is_no_update_gets_400_and_is_counted(house: Running, subtests: pytest.Subtests) -> None:
    for number, body in enumerate(NO_UPDATES, 1):
        with subtests.test(repr(body[:20])):
            assert await post(house, body) == 400
            assert house.telegram.counts["malformed"] == number


async def test_ten_megabytes_get_413(house: Running) -> None:
    assert await post(house, private(1, text="a" * 10_000_000)) == 413


async def test_an_update_of_unknown_kind_is_answered_200_and_counted(house: Running, subtests: pytest.Subtests) -> None:
    contents: tuple[dict[str, Any], ...] = (
        {"poll": {"id": "1"}},
        {"message": None},
        {"message": {"message_id": 1}},
        {"message": {"chat": {"id": "5"}}},
        {"callback_query": {"id": "1", "data": "x"}},
        {"something_of_next_year": {"a": [1, {"b": None}]}},
    )
    for number, content in enumerate(contents, 1):
        with subtests.test(str(content)):
            assert await post(house, update(number, **content)) == 200
            assert house.telegram.counts["unknown"] == number
            assert await rows(house, tables.InboxRow, "id") == []


@pytest.mark.parametrize(
    "content",
    [
        {"dice": {"emoji": "🎲", "value": 3}},
        {"photo": "not a list"},
        {"location": {"latitude": "far"}},
        {"text": 7},
        {"text": "\u0000\u202e\u200b"},
        {"voice": {}},
    ],
)
async def test_a_private_message_nobody_understands_gets_a_polite_answer(
    house: Running, fake_telegram: FakeTelegram, content: dict[str, Any]
) -> None:
    fake_telegram.known.add(5)

    assert await post(house, private(1, **content)) == 200

    await fake_telegram.person(user_id=5).hears("máy chưa hiểu")
    assert await rows(house, tables.InboxRow, "status") == [("done",)]


async def test_odd_letters_are_taken_as_words(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    await person.say("😀" * 1500 + "\u202eabc\u0000 tiếng Việt")
    await person.hears("ạ?")

    [(text,)] = await rows(house, tables.Piece, "words")
    assert text == "😀" * 1500 + "abc tiếng Việt"


async def test_an_album_of_a_hundred_keeps_ten_and_answers_seldom(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    for _ in range(100):
        await person.send_photo(jpeg(40, 30), media_group_id="album")
    await fake_telegram.wait_until_delivered(30)
    await person.hears("Đã đủ 10 ảnh")

    found = await photos_done(house, 10)
    assert [row[0] for row in found] == ["stored"] * 10
    assert len(person.reads()) <= 3


async def test_the_same_update_again_and_out_of_order_makes_one_tip(house: Running, fake_telegram: FakeTelegram) -> None:
    fake_telegram.repeat_updates, fake_telegram.shuffle_updates = 2, True
    person = fake_telegram.person()
    await asyncio.gather(*(person.say(f"chuyện {n}") for n in range(5)))
    await fake_telegram.wait_until_delivered()
    fake_telegram.shuffle_updates = False
    await person.hears("ạ?")
    await person.sends()
    await person.hears("Mã tin")
    await fake_telegram.wait_until_delivered()

    texts = [row[0] for row in await rows(house, tables.Piece, "words")]
    assert sorted(texts) == [f"chuyện {n}" for n in range(5)]
    assert [row[0] for row in await rows(house, tables.Tip, "state")] == ["S1"]


async def everything_stored(house: Running) -> str:
    """Every cell of every table, as text."""

    def read(session: Any) -> str:
        return " ".join(str(tuple(row)) for table in tables.Ward.metadata.sorted_tables for row in session.execute(select(table)))

    return await house.memory.read(read)


async def test_p8_group_chatter_is_neither_stored_nor_logged(
    house: Running, fake_telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    group, person = fake_telegram.group("Tổ 7"), fake_telegram.person("Canaryname")
    await group.say(person, "canary-one chuyện trong nhóm")
    await group.say(person, "canary-two @somebody_else nhìn kìa")
    await group.say(person, "/start@other_bot canary-three")
    await fake_telegram.wait_until_delivered()

    assert house.telegram.counts["chatter"] == 3
    stored = await everything_stored(house)
    # Everything a record carries, our own fields included.
    logged = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith(("keng", "telegram")))
    assert [word for word in ("canary", "Canaryname", str(person.id), str(group.chat_id)) if word in stored or word in logged] == []
    assert group.reads() == []


async def test_a_group_that_speaks_to_us_gets_one_line_in_half_an_hour_and_its_words_are_not_kept(
    house: Running, fake_telegram: FakeTelegram
) -> None:
    group, person = fake_telegram.group("Tổ 7"), fake_telegram.person("Canaryname")
    await group.say(person, "canary @keng_bot có trộm")
    await group.say(person, "/start canary")
    await fake_telegram.wait_until_delivered()
    for _ in range(500):
        if [row[0] for row in await rows(house, tables.InboxRow, "status")] == ["done", "done"] and group.reads():
            break
        await asyncio.sleep(0.02)

    assert len(group.reads()) == 1 and "xin đừng viết trong nhóm" in group.reads()[0]
    stored = await everything_stored(house)
    assert "canary" not in stored and "Canaryname" not in stored and str(person.id) not in stored


async def test_p2_names_are_dropped_at_the_door(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person("Canaryname", username="canaryuser")
    await person.say("Có chuyện")
    await person.hears("ạ?")
    await person.press("category:TC")
    await person.hears("Có ảnh")
    await person.block()
    await person.unblock()
    await fake_telegram.wait_until_delivered()

    assert "anary" not in await everything_stored(house)


async def test_a_late_message_is_told_so(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    await person.say("Có chuyện từ nãy", date=int(time.time()) - 3600)
    await person.hears("ạ?")
    await person.sends()

    assert "vì mất mạng nên" in await person.hears("Mã tin")


async def test_without_a_duty_number_the_door_stays_closed_and_telegram_keeps_what_comes(
    tmp_path: Path, fake_telegram: FakeTelegram
) -> None:
    settings = house_settings(
        tmp_path,
        duty_phone="",
        telegram_token=SecretStr(fake_telegram.token),
        telegram_api=fake_telegram.address,
        telegram_mode="webhook",
        telegram_secret=SecretStr(SECRET),
    )
    async with running(settings) as house:
        assert await post(house, private(1, text="x")) == 503
        assert await rows(house, tables.InboxRow, "id") == []
        assert fake_telegram.heard == []


async def test_long_polling_moves_its_offset_only_after_the_commit(
    tmp_path: Path, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = house_settings(tmp_path, telegram_token=SecretStr(fake_telegram.token), telegram_api=fake_telegram.address, telegram_rate=0)
    person = fake_telegram.person()
    async with running(settings) as house:
        failing = house.inbox.arrived

        async def full_disk(_arrival: object) -> bool:
            raise OSError("no room")

        monkeypatch.setattr(house.inbox, "arrived", full_disk)
        await person.say("Hôm qua cửa bị bẻ khóa")
        await asyncio.sleep(0.5)
        assert fake_telegram._queue != []  # Telegram still has it.
        monkeypatch.setattr(house.inbox, "arrived", failing)
        await person.hears("ạ?")
        await person.sends()
        await person.hears("Mã tin")
        await fake_telegram.wait_until_delivered()

        assert len(await rows(house, tables.Tip, "id")) == 1


async def test_a_platform_that_is_down_does_not_stop_the_start(tmp_path: Path) -> None:
    settings = house_settings(tmp_path, telegram_token=SecretStr("42:x"), telegram_api="http://127.0.0.1:9")
    async with running(settings) as house, aiohttp.ClientSession() as http:
        await asyncio.sleep(0.2)
        async with http.get(f"{house.address}/healthz") as answer:
            assert answer.status == 200
            assert (await answer.json())["telegram"] == "NetworkError"
