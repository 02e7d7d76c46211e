"""P2 over Zalo's bot: neither the account nor its name, nor a photo's address, nor the token stands anywhere somebody may look."""

import json
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.runtime import Running
from storage import tables
from tests.bot.telegram.test_door import everything_stored
from tests.factories import jpeg
from tests.fakes.zalo_bot import FakeZaloBot
from tests.opened import photos_done, rows
from tests.people import ZaloBotResident
from tests.promises.behind import behind
from tests.station import Station, stationed

STORY = "Hôm qua xe tôi bị bẻ khóa, mất lúc trưa"


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty", "quan.tri": "administrator"}) as station:
        yield station


async def tells(house: Running, fake: FakeZaloBot) -> tuple[ZaloBotResident, list[str]]:
    """The tip is sent; all that must be seen by nobody."""
    person = fake.person("Kanaryzalo Thị")
    resident = ZaloBotResident(person, house)
    await resident.say(STORY)
    await resident.hears("ạ?")
    photo = await person.send_photo(jpeg())
    await resident.hears("ạ?")
    await resident.sends()
    receipt = await resident.hears("Mã tin")
    await photos_done(house, 1)
    group = fake.group()
    await group.say(person, "@Bot Kẻng Kanarygroup chuyện của nhóm")
    await fake.wait_until_delivered()
    code = re.search(r"TB(-[0-9A-Z]{4}){3}", receipt)
    assert code
    return resident, [
        "Kanaryzalo",
        "Kanarygroup",
        person.id,
        group.id,
        fake.token,
        str(photo["photo_url"]).rpartition("/")[2],
        str(photo["message_id"]),
        code[0],
    ]


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size < 2**24)


async def test_p2_nothing_of_a_zalo_account_stands_in_the_database_on_the_disk_or_in_a_log(
    house: Running, fake_zalo_bot: FakeZaloBot, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    _resident, hidden = await tells(house, fake_zalo_bot)
    async with aiohttp.ClientSession() as http:
        seen = ""
        for path in ("/healthz", "/metrics"):
            async with http.get(house.address + path) as answer:
                seen += await answer.text()
    logged = "\n".join(str(vars(record)) for record in caplog.records if record.name.startswith("keng"))
    stored = await everything_stored(house)
    disk = on_disk(tmp_path)

    for place, text in (("seen", seen), ("logged", logged), ("stored", stored)):
        assert [one for one in hidden if one in text] == [], place
    for form in (str.encode, lambda one: json.dumps(one).encode(), lambda one: one.encode("utf-16-le")):
        assert [one for one in (*hidden, STORY) if form(one) in disk] == []


@behind("start-zalo_bot-privacy")
async def test_p8_officers_see_the_messages_and_not_the_zalo_account(house: Running, station: Station, fake_zalo_bot: FakeZaloBot) -> None:
    _resident, hidden = await tells(house, fake_zalo_bot)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    seen = ""
    for person in station.people.values():
        for path in ("/admin", f"/admin/tin/{tip_id}", "/admin/kenh", "/admin/nhat-ky", "/admin/may-chu"):
            seen += (await person.get(path))[1]

    assert STORY in seen
    assert [one for one in hidden if one in seen] == []


@behind("start-zalo_bot-privacy")
async def test_p8_whoever_holds_the_token_reads_account_and_messages(fake_zalo_bot: FakeZaloBot) -> None:
    """Why the start names the bot's holder: beside the platform, the token alone is enough."""
    await fake_zalo_bot.person("Kanaryzalo").say(STORY)
    async with aiohttp.ClientSession() as http, http.post(f"{fake_zalo_bot.address}/bot{fake_zalo_bot.token}/getUpdates") as answer:
        message = (await answer.json())["result"]["message"]

    assert (message["from"]["display_name"], message["text"]) == ("Kanaryzalo", STORY)
