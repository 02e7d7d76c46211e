"""P2 over Zalo's Official Account: whatever names somebody there, and every secret of the account, is found nowhere: not in the files
of the house, not in a copy, not in the log, not on a page of the desk."""

import asyncio
import json
import logging
from pathlib import Path

import pytest

from bot import copying
from bot.runtime import Running, running
from storage import tables
from tests.bot.telegram.test_door import everything_stored
from tests.conftest import house_settings, zalo_oa_settings
from tests.factories import jpeg
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import photos_done, rows
from tests.people import ZaloResident
from tests.promises.behind import behind
from tests.station import stationed

USER, PHONE, ADMIN, GROUP = "9876543210987654321", "84987123987", "6111222333444555666", "NHOMCANARY bà con ơi"
STRANGER = "9555444333222111000"
STORY = "Hôm qua xe tôi bị bẻ khóa ở cổng chợ"


async def everybody_speaks(house: Running, fake: FakeZaloOA) -> int:
    person = fake.person(USER)
    resident = ZaloResident(person, house)
    await person.follow()
    await resident.say(STORY)
    await resident.hears("ạ?")
    await resident.send_photo(jpeg())
    card = {"type": "link", "payload": {"description": json.dumps({"phone": PHONE}), "thumbnail": f"https://t.example/{PHONE}"}}
    await person.send_attachments("user_send_business_card", card)
    await resident.sends()
    await resident.hears("Mã tin")
    stamp = {"app_id": fake.app_id, "timestamp": "1760000000000"}
    said = {"message": {"text": GROUP, "msg_id": "d1"}, "sender": {"id": STRANGER}, "recipient": {"id": "ab01"}}
    await fake.push({**stamp, "event_name": "user_send_group_text", **said})
    by_hand = {"sender": {"id": fake.oa_id, "admin_id": ADMIN}, "recipient": {"id": USER}, "message": {"text": GROUP, "msg_id": "d2"}}
    await fake.push({**stamp, "event_name": "oa_send_text", **by_hand})
    right, fake.oa_secret = fake.oa_secret, "another"
    await fake.push({**stamp, "event_name": "user_send_text", "sender": {"id": STRANGER}, "message": {"text": GROUP, "msg_id": "d3"}})
    fake.oa_secret = right
    await photos_done(house, 1)
    await house.zalo_oa.beat()
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    return int(tip_id)


async def test_p2_nobody_and_no_secret_of_the_account_is_found_anywhere(
    tmp_path: Path, fake_zalo_oa: FakeZaloOA, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake, pages = fake_zalo_oa, ""
    settings = house_settings(tmp_path / "house", **zalo_oa_settings(fake), backup_to=str(tmp_path / "copies"))
    async with running(settings) as house:
        fake.webhook_url = f"{house.address}/hooks/zalo-oa"
        tip_id = await everybody_speaks(house, fake)
        async with stationed(house, {"truc.ban": "duty", "may.chu": "administrator"}) as station:
            for officer in station.people.values():
                for path in ("/admin", f"/admin/tin/{tip_id}", "/admin/kenh", "/admin/may-chu", "/admin/nhat-ky"):
                    pages += (await officer.get(path))[1]
        await asyncio.to_thread(copying.back_up_into, settings, tmp_path / "copies", keep=3)
    assert "Hôm qua xe tôi" in pages and await asyncio.to_thread((tmp_path / "copies").is_dir)
    secrets = (*fake.access, *fake.refresh, fake.app_secret, fake.oa_secret)
    named = (USER, fake.by_app(USER), PHONE, ADMIN, GROUP, STRANGER)
    logged = caplog.text + " ".join(str(vars(record)) for record in caplog.records)

    found = [canary for canary in (*secrets, *named) if canary in pages or canary in logged]
    assert found + await asyncio.to_thread(found_in_files, tmp_path, (*secrets, *named)) == []


def found_in_files(folder: Path, canaries: tuple[str, ...]) -> list[str]:
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert "keng.db" in files and any(name.endswith(".keng") for name in files)
    return [f"{name}: {canary}" for name, content in files.items() for canary in canaries if canary.encode() in content]


@behind("start-zalo_visitor-privacy")
async def test_p8_of_a_visitor_nothing_is_known_but_the_talk_and_zalo_holds_it(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> None:
    """Why the start says so: Zalo and whoever manages the account hold what was said as well; officers see words alone."""
    visitor = fake_zalo_oa.visitor()
    async with running(house_settings(tmp_path, **zalo_oa_settings(fake_zalo_oa))) as house:
        fake_zalo_oa.webhook_url = f"{house.address}/hooks/zalo-oa"
        await visitor.say("/start")
        assert "Zalo và người quản lý trang này vẫn thấy được lời nhắn" in await visitor.hears("xin chào")
        await visitor.say(STORY)
        await visitor.hears("ạ?")
        await visitor.say("Gửi ngay")
        await visitor.hears("hay cầm máy")
        await visitor.say("1")
        await visitor.hears("Mã tin")
        async with stationed(house, {"truc.ban": "duty"}) as station:
            [(tip_id,)] = await rows(house, tables.Tip, "id")
            page = (await station.people["truc.ban"].get(f"/admin/tin/{tip_id}"))[1]
        stored = await everything_stored(house)

    assert [one for one in (visitor.id, visitor.conversation_id) if one in stored or one in page] == []
    assert STORY in page
