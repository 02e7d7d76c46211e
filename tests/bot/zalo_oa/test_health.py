"""How the account's door is, at the desk and in /healthz; and that somebody is told when Zalo stops bringing anything."""

import asyncio
import html
import json
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.runtime import Running
from handlers import silence
from storage import moments, tables
from storage.ids import new_id
from tests.bot.zalo_oa.test_door import door_why
from tests.bot.zalo_oa.test_paid import set_ceiling
from tests.bot.zalo_oa.test_send import tells_a_tip
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import rows
from tests.station import stationed


async def healthz(house: Running) -> dict[str, object]:
    async with aiohttp.ClientSession() as http, http.get(f"{house.address}/healthz") as answer:
        return dict(json.loads(await answer.text()))


async def test_healthz_tells_of_every_door_by_the_hour_and_nothing_of_anybody(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    await set_ceiling(zalo_house, 30)
    person = fake_zalo_oa.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    await zalo_house.zalo_oa.beat()
    for _ in range(100):
        told = await healthz(zalo_house)
        channels: dict[str, dict[str, object]] = told["channels"]  # type: ignore[assignment]
        if channels["zalo_oa"]["last_in"] and channels["zalo_oa"]["last_out"]:
            break
        await asyncio.sleep(0.05)
    hour = f"{moments.local(moments.now()):%Y-%m-%dT%H:00+0700}"
    kept = await zalo_house.zalo_oa.tokens._look()

    assert sorted(channels) == ["webchat", "zalo_oa"] and told["silent_doors"] == 0 and told["zalo_oa"] == "ok"
    one = channels["zalo_oa"]
    assert (one["last_in"], one["silent"], one["paid_used"], one["paid_ceiling"], one["package_left"]) == (hour, False, 0, 30, None)
    assert one["access_until"] == f"{moments.local(kept.pair.expires_at):%Y-%m-%dT%H:00+0700}"
    assert str(one["refresh_until"]) > str(one["access_until"])
    text = json.dumps(told)
    assert not [secret for secret in (person.id, kept.pair.access, kept.pair.refresh, fake_zalo_oa.oa_id) if secret in text]


async def test_p7_a_webhook_that_fell_silent_is_told_until_something_comes(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "is_night", lambda _now: False)
    person = fake_zalo_oa.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    for _ in range(200):
        if any(row[0] for row in await rows(zalo_house, tables.DoorSign, "heard_at")):
            break
        await asyncio.sleep(0.05)
    await door_why(zalo_house, [])

    def grow_old(session: Session) -> None:
        today, ward_id = moments.local(moments.now()).date(), zalo_house.ward().id
        for back in range(3, 23):
            day = (today - timedelta(days=back)).isoformat()
            session.add(tables.DoorDay(id=new_id(), ward_id=ward_id, channel="zalo_oa", day=day, longest=9 * moments.HOUR))
        session.execute(update(tables.DoorSign).values(heard_at=moments.now() - 2 * moments.DAY))

    await zalo_house.memory.write(grow_old)
    await door_why(zalo_house, [("zalo_oa", "quiet")])
    assert (await healthz(zalo_house))["silent_doors"] == 1
    async with stationed(zalo_house, {"truc.ban": "duty"}) as station:
        since = update(tables.DoorTrouble).values(since=moments.now() - moments.HOUR)
        await zalo_house.memory.write(lambda session: session.execute(since) and None)
        for who, address in (("truc.ban", "/admin"), ("chief", "/admin/kenh")):
            assert "im lâu hơn hẳn thường lệ" in (await station.people[who].get(address))[1]

    await person.say("Tôi đây")
    await door_why(zalo_house, [])
    assert (await healthz(zalo_house))["silent_doors"] == 0


async def test_receipts_alone_keep_a_door_from_being_silent(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    receipt = {"app_id": fake_zalo_oa.app_id, "sender": {"id": "9000000000000000009"}, "recipient": {"id": fake_zalo_oa.oa_id}}
    receipt |= {"event_name": "user_received_message", "message": {"msg_id": "beef01"}, "timestamp": str(fake_zalo_oa.now())}
    await fake_zalo_oa.push(receipt)
    await door_why(zalo_house, [])
    for _ in range(200):
        found = await rows(zalo_house, tables.DoorDay, "channel", "receipts")
        if found:
            break
        await asyncio.sleep(0.05)

    assert found == [("zalo_oa", 1)] and zalo_house.zalo_oa.receipt_count == 1


async def test_the_poster_leads_to_the_account(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    """On the sheet that hangs in the ward stands the way that the neighbourhood really uses."""
    await tells_a_tip(fake_zalo_oa.person())
    async with stationed(zalo_house, {}) as station:
        page = html.unescape((await station.people["chief"].get("/admin/cai-dat/to-dan"))[1])
        assert zalo_house.zalo_oa is not None and zalo_house.zalo_oa.link
        assert page.count('class="qr"') == 1 and "Hoặc nhắn qua Zalo" in page
        assert zalo_house.zalo_oa.link.removeprefix("https://") in page and "chưa có mã QR" not in page
