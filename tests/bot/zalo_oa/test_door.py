"""The account's door: who may knock, what is held apart, what is dropped before it is stored, and that nothing comes twice."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.runtime import Running, running
from storage import moments, tables
from storage.queries import held_events
from tests.bot.telegram.test_door import everything_stored
from tests.conftest import house_settings, zalo_oa_settings
from tests.factories import jpeg
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import photos_done, rows
from tests.storage.spoken import amr


async def door_why(house: Running, why: list[tuple[str, str]]) -> None:
    for _ in range(400):
        await house.zalo_oa.beat()
        if await rows(house, tables.DoorTrouble, "channel", "why") == why:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await rows(house, tables.DoorTrouble, "channel", "why"))


@pytest.mark.parametrize("raw", [b"", b"{}", b" {} \n"])
async def test_the_probe_of_the_console_is_answered_and_nothing_is_stored(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, raw: bytes
) -> None:
    assert await fake_zalo_oa.post(raw) == 200
    assert zalo_house.zalo_oa.counts["probe"] == 1
    assert await rows(zalo_house, tables.HeldEvent, "id") == await rows(zalo_house, tables.InboxRow, "id") == []


async def test_a_wrong_signature_is_answered_200_held_and_told_at_the_desk(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    fake_zalo_oa.oa_secret = "another-one"
    await fake_zalo_oa.person().say("Lời chưa ai được đọc")

    assert fake_zalo_oa.attempts == [("user_send_text", 200)]
    assert await rows(zalo_house, tables.InboxRow, "id") == []
    assert len(await rows(zalo_house, tables.HeldEvent, "body")) == 1
    stored = await everything_stored(zalo_house)
    assert "Lời chưa ai" not in stored and fake_zalo_oa.app_id not in stored
    await door_why(zalo_house, [("zalo_oa", "unsigned")])


async def test_what_was_held_is_taken_in_once_our_own_secret_is_right(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> None:
    wrong = zalo_oa_settings(fake_zalo_oa)
    person = fake_zalo_oa.person()
    async with running(house_settings(tmp_path, **{**wrong, "zalo_oa_secret_key": SecretStr("not-yet")})) as house:
        fake_zalo_oa.webhook_url = f"{house.address}/hooks/zalo-oa"
        await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        await door_why(house, [("zalo_oa", "unsigned")])
    async with running(house_settings(tmp_path, **wrong)) as house:
        await person.hears("ạ?")
        assert await rows(house, tables.HeldEvent, "id") == []
        assert house.zalo_oa.counts["taken_after_all"] == 1
        await door_why(house, [])


async def test_held_events_are_few_small_and_gone_after_a_day(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_events, "MOST", 3)
    event = {"app_id": "1", "event_name": "user_send_text", "timestamp": "1"}
    for number in range(5):
        assert await fake_zalo_oa.post(json.dumps({**event, "n": number}).encode()) == 200
    for junk in (b"{", b"[]", b"\xff", b'{"event_name":1}', json.dumps({**event, "fill": "a" * 70_000}).encode()):
        assert await fake_zalo_oa.post(junk) == 200

    assert len(await rows(zalo_house, tables.HeldEvent, "id")) == 3
    assert await rows(zalo_house, tables.DoorMark, "what", "many") == [("unsigned", 5)]
    assert (zalo_house.zalo_oa.counts["unsigned"], zalo_house.zalo_oa.counts["junk"]) == (5, 5)
    old = update(tables.HeldEvent).values(arrived_at=moments.now() - moments.DAY - 1)
    await zalo_house.memory.write(lambda session: session.execute(old) and None)
    await zalo_house.forget()
    assert await rows(zalo_house, tables.HeldEvent, "id") == []


async def test_a_repeat_changes_nothing_and_neither_does_a_follow_that_comes_twice(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    person = fake_zalo_oa.person()
    body = await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    for _ in range(3):
        await fake_zalo_oa.push(body)
    followed = {key: body[key] for key in ("app_id", "timestamp")} | {"event_name": "follow", "follower": {"id": person.id}}
    await fake_zalo_oa.push(followed)
    await fake_zalo_oa.push(followed)

    assert zalo_house.zalo_oa.counts["repeated"] == 4
    assert len(await rows(zalo_house, tables.InboxRow, "id")) == 2
    assert len(person.reads()) == 2


async def test_what_is_answered_late_comes_again_and_counts_once(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    """A disk that takes three seconds: Zalo gives up and posts again."""
    fake_zalo_oa.retry_after_secs, person = (0.5, 1.5), fake_zalo_oa.person()
    write, slow = zalo_house.memory.write, [True]

    async def slowly(*given: Any, **more: Any) -> Any:
        if slow and "store" in getattr(given[0], "__name__", ""):
            slow.clear()
            await asyncio.sleep(2.5)
        return await write(*given, **more)

    zalo_house.memory.write = slowly  # type: ignore[method-assign]
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    assert fake_zalo_oa.attempts[0] == ("user_send_text", None)
    await asyncio.sleep(1.0)
    assert fake_zalo_oa.is_subscribed and len(await rows(zalo_house, tables.Piece, "id")) == 1


async def test_group_talk_echoes_and_receipts_leave_nothing_behind(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    fake, stamp = fake_zalo_oa, {"app_id": fake_zalo_oa.app_id, "timestamp": "1760000000000"}
    group = {"sender": {"id": "9000000000000000002"}, "recipient": {"id": "ab01"}, "message": {"text": "NHOMCANARY", "msg_id": "d1"}}
    await fake.push({**stamp, "event_name": "user_send_group_text", **group})
    await fake.push({**stamp, "event_name": "oa_send_text", "sender": {"id": fake.oa_id}, "message": {"text": "NHOMCANARY"}})  # No id.
    await fake.push({**stamp, "event_name": "user_seen_message", "sender": {"id": "9000000000000000002"}, "message": {"msg_ids": ["b1"]}})
    await fake.push({**stamp, "event_name": "something_of_next_year"})

    assert [status for _name, status in fake.attempts] == [200] * 4
    counts = zalo_house.zalo_oa.counts
    assert (counts["group"], counts["echo"], counts["receipt"], counts["unknown"]) == (1, 1, 1, 1)
    assert await rows(zalo_house, tables.InboxRow, "id") == await rows(zalo_house, tables.Chat, "id") == []
    assert "NHOMCANARY" not in await everything_stored(zalo_house)


async def test_nobodys_id_stands_in_clear_and_none_in_the_log(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = fake_zalo_oa.person("9123456789012345678")
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    await person.send_photo(jpeg())
    await person.hears("Đã nhận 1 ảnh")
    stored = await everything_stored(zalo_house)
    seeds = [token for token in (*fake_zalo_oa.access, *fake_zalo_oa.refresh)]

    for secret in (person.id, fake_zalo_oa.by_app(person.id), *seeds, fake_zalo_oa.app_secret, fake_zalo_oa.oa_secret):
        assert secret not in stored
        assert secret not in caplog.text and not [record for record in caplog.records if secret in str(vars(record))]


async def test_photos_voice_and_papers_are_fetched(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    person = fake_zalo_oa.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    two = [fake_zalo_oa.picture(jpeg()), fake_zalo_oa.picture(jpeg(colour="red"))]
    await person.send_attachments("user_send_image", *two, text="ảnh hiện trường")
    await person.send_voice(amr(1))
    await person.send_file(b"%PDF-1.4 broken", "don.pdf")
    found = sorted((row[0], row[1]) for row in await photos_done(zalo_house, 4))

    assert found == [("refused", "broken"), ("stored", ""), ("stored", ""), ("stored", "")]


async def test_a_voice_that_cannot_be_opened_is_said_in_plain_words(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    person = fake_zalo_oa.person()
    await person.send_voice(b"#!AMR\n" + bytes(200))

    assert "nói lại" in await person.hears("chưa nghe được")
    assert [row[:2] for row in await photos_done(zalo_house, 1)] == [("refused", "broken")]


@pytest.mark.parametrize(
    "address",
    [
        "http://p.example/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://[::1]/a.jpg",
        "https://10.0.0.1/a.jpg",
        "https://169.254.169.254/latest",
    ],
)
async def test_an_address_that_leads_inside_is_not_followed(zalo_house: Running, fake_zalo_oa: FakeZaloOA, address: str) -> None:
    person = fake_zalo_oa.person()
    away = f"{fake_zalo_oa.address}/away/1?to={address}"
    for url in (address, away):
        await person.send_attachments("user_send_image", {"type": "image", "payload": {"url": url}})
    found = await photos_done(zalo_house, 2)

    assert [row[0] for row in found] == ["failed", "failed"]


async def test_a_name_that_leads_inside_is_not_found() -> None:
    from bot.channels.base import FetchError
    from bot.channels.fetching import Fetcher, is_outside

    assert [is_outside(one) for one in ("8.8.8.8", "::ffff:10.0.0.1", "fe80::1%eth0", "0.0.0.0", "100.64.0.1", "224.0.0.1", "x")] == [
        True,
        *[False] * 6,
    ]
    async with aiohttp.ClientSession() as http:
        fetcher = Fetcher(http, api="https://openapi.zalo.me")
        with pytest.raises(FetchError, match="unreachable"):
            await fetcher.fetch({"url": "https://localhost:9/a.jpg", "size": 0}, None)  # type: ignore[arg-type]
        await fetcher.close()


async def test_zalo_finds_the_file_that_proves_the_domain(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> None:
    settings = house_settings(tmp_path, **zalo_oa_settings(fake_zalo_oa, zalo_oa_verifier="JUAbc_12-x"))
    async with running(settings) as house, aiohttp.ClientSession() as http:
        async with http.get(f"{house.address}/zalo_verifierJUAbc_12-x.html") as answer:
            assert answer.status == 200 and "JUAbc_12-x" in await answer.text()
        async with http.get(f"{house.address}/zalo_verifierOther.html") as answer:
            assert answer.status == 404
        async with http.get(f"{house.address}/") as answer:
            assert '<meta name="zalo-platform-site-verification" content="JUAbc_12-x">' in await answer.text()


async def test_a_trial_takes_nothing_and_zalo_keeps_it(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> None:
    fake_zalo_oa.retry_after_secs = ()
    async with running(house_settings(tmp_path, duty_phone="", **zalo_oa_settings(fake_zalo_oa))) as house:
        fake_zalo_oa.webhook_url = f"{house.address}/hooks/zalo-oa"
        assert await fake_zalo_oa.post(b"{}") == 200
        await fake_zalo_oa.person().say("Chào")
        assert fake_zalo_oa.attempts == [("user_send_text", 503)]
        assert await rows(house, tables.InboxRow, "id") == []


async def test_who_withdraws_at_zalo_is_a_wish_for_the_chief(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    person, stranger = fake_zalo_oa.person(), fake_zalo_oa.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    await person.press("send")
    await person.hears("hay cầm máy")
    await person.press("safe:alone")
    await person.hears("Còn vài câu")
    many = len(person.reads())
    for one in (person, stranger):
        body = {"app_id": fake_zalo_oa.app_id, "timestamp": "1760000000000", "event_name": "user_withdraw", "user_id": one.id}
        await fake_zalo_oa.push(body)
    for _ in range(100):
        if found := await rows(zalo_house, tables.Appeal, "kind", "about"):
            break
        await asyncio.sleep(0.05)

    assert found == [("data", "withdraw")]
    assert len(person.reads()) == many and stranger.reads() == []


async def test_health_and_figures_speak_of_the_door(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    await fake_zalo_oa.person().say("Chào")
    await zalo_house.zalo_oa.beat()
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{zalo_house.address}/healthz") as answer:
            assert (await answer.json())["zalo_oa"] == "ok"
        async with http.get(f"{zalo_house.address}/metrics") as answer:
            assert 'keng_events_total{what="zalo_oa_message"} 1.0' in await answer.text()
