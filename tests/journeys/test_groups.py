"""A group is linked to its neighbourhood by a code, and watched: renamed, moved, muted, put out, let in again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import Session

from bot.runtime import Running
from handlers.warnings import groups
from storage import moments, tables
from storage.ids import new_id
from storage.queries import retention
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.gong import Gong, gong_in
from tests.opened import rows


@pytest.fixture
async def gong(house: Running) -> Gong:
    return await gong_in(house)


async def until(what: Callable[[], Awaitable[Any]]) -> Any:
    for _ in range(200):
        if found := await what():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it never came")


async def the_groups(gong: Gong) -> list[tuple[Any, ...]]:
    names = ("channel", "title", "neighbourhood_id", "trouble", "members")
    return [(*row[:-1], row[-1] is None) for row in await rows(gong.house, tables.ChatGroup, *names, "ended_at")]


async def history(gong: Gong) -> list[str]:
    return [what for (what,) in await rows(gong.house, tables.HistoryRow, "what") if what.startswith("group_")]


async def look(gong: Gong) -> None:
    """As the clock does, a day later."""

    def forget(session: Session) -> None:
        for group in groups.listed(session, gong.house.ward().id):
            groups.heard(session, gong.house.ward().id, group.chat_id, 1, {"event": "people", "history_id": new_id()})

    await gong.house.memory.write(forget)
    await gong.house.look_at_groups()


async def test_a_telegram_group_is_linked_once_and_watched(gong: Gong, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person("Canaryname")
    group, other = fake_telegram.group("Tổ 7 - Canary", person), fake_telegram.group("Nhóm lạ", person)
    code, late = await gong.group_code(gong.seven), await gong.group_code(gong.nine, now=moments.now() - moments.DAY - 1)

    await group.say(person, f"canary chào cả nhà {code}")  # Not said to us.
    await group.say(person, f"/noi@keng_bot {late} canary quá hạn")
    await until(lambda: _said(group, "không dùng được"))
    await group.say(person, f"/noi@keng_bot {code.upper()} canary của tổ mình nhé")
    await until(lambda: _said(group, "đã được nối với Tổ dân phố số 7"))
    await other.say(person, f"@keng_bot {code}")
    await until(lambda: _said(other, "không dùng được"))

    assert await the_groups(gong) == [("telegram", "Tổ 7 - Canary", gong.seven, "", None, True)]
    assert code[2:] not in "".join(group.reads() + other.reads()) and len(group.reads()) == 2
    told = str(await rows(gong.house, tables.InboxRow, "payload")) + str(await rows(gong.house, tables.HistoryRow, "detail"))
    assert "canary" not in told.lower()

    fake_telegram.people[group.chat_id] = 214
    await look(gong)
    assert await the_groups(gong) == [("telegram", "Tổ 7 - Canary", gong.seven, "", 214, True)]

    await group.rename("Tổ 7 vui vẻ")
    await other.rename("Canary không ai nối")
    await until(lambda: _is(gong, "renamed"))
    moved_to = await group.migrate()
    await until(lambda: _lives_at(gong, str(moved_to)))
    await group.mute_bot()
    await until(lambda: _is(gong, "muted"))
    await group.mute_bot(False)
    await until(lambda: _is(gong, ""))

    await group.say(person, f"/noi@keng_bot {await gong.group_code(gong.nine)}")  # The same chat, under its new address.
    await until(lambda: _said(group, "Tổ dân phố số 9"))
    assert await the_groups(gong) == [("telegram", "Tổ 7 vui vẻ", gong.nine, "", 214, True)]

    await group.kick_bot()
    await until(lambda: _is(gong, "lost"))
    await group.let_bot_in()
    await until(lambda: _is(gong, "back"))
    assert (await the_groups(gong))[0][3:] == ("back", 214, False)
    await group.say(person, f"/start@keng_bot n-{(await gong.group_code(gong.seven))[2:].replace('-', '')}")  # t.me/…?startgroup=n-…
    await until(lambda: _is(gong, ""))
    assert (await the_groups(gong))[0][2:] == (gong.seven, "", 214, True)
    assert [what for what in await history(gong) if what != "group_code_made"] == [
        *("group_linked", "group_renamed", "group_moved", "group_muted", "group_unmuted", "group_linked", "group_lost", "group_back"),
        "group_linked",
    ]
    assert "Canary" not in str(await rows(gong.house, tables.ChatGroup, "title"))


async def test_a_look_finds_what_nobody_told(gong: Gong, fake_telegram: FakeTelegram) -> None:
    """Moved, muted or put out while the house was away."""
    person = fake_telegram.person()
    group, gone = fake_telegram.group("Tổ 7", person), fake_telegram.group("Tổ 9", person)
    for one, area in ((group, gong.seven), (gone, gong.nine)):
        await one.say(person, f"/noi@keng_bot {await gong.group_code(area)}")
        await until(lambda one=one: _said(one, "đã được nối"))  # type: ignore[misc]
    fake_telegram.gone[gone.chat_id] = "bot was kicked from the group chat"
    old, webhook = group.chat_id, fake_telegram.webhook_url
    fake_telegram.webhook_url = ""
    new = await group.migrate()
    fake_telegram.muted.add(new)
    fake_telegram._queue.clear()
    fake_telegram.webhook_url = webhook

    await look(gong)
    await look(gong)

    assert old != new and await _lives_at(gong, str(new))
    assert sorted(row[3:] for row in await the_groups(gong)) == [("lost", None, False), ("muted", 2, True)]


async def test_a_linked_group_is_not_forgotten_because_it_is_silent(gong: Gong, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    group = fake_telegram.group("Tổ 7", person)
    await group.say(person, f"/noi@keng_bot {await gong.group_code(gong.seven)}")
    await until(lambda: _said(group, "đã được nối"))
    ward_id, later = gong.house.ward().id, moments.now() + 9999 * moments.DAY

    assert await gong.house.memory.read(lambda session: retention.silent_chats(session, ward_id, before=later)) == []
    await gong.house.memory.write(lambda session: groups.end(session, gong.act(), groups.listed(session, ward_id)[0].id))
    assert len(await gong.house.memory.read(lambda session: retention.silent_chats(session, ward_id, before=later))) == 1


async def test_a_group_of_the_account_is_linked_and_watched(gong: Gong, fake_zalo_oa: FakeZaloOA) -> None:
    person, group = fake_zalo_oa.person(), fake_zalo_oa.group()
    code = await gong.group_code(None)
    await group.say(person, f"canary {code}")
    await group.say(person, f"[@{fake_zalo_oa.oa_id}] {code} canary")
    await until(lambda: _said(group, "đã được nối với cả phường"))
    await look(gong)
    assert await the_groups(gong) == [("zalo_oa", "Nhóm của tổ", None, "", 2, True)]

    group.name = "Khu phố 7"
    await group.tell("update_group_info")
    await until(lambda: _due(gong))
    await gong.house.look_at_groups()
    assert await the_groups(gong) == [("zalo_oa", "Khu phố 7", None, "renamed", 2, True)]
    group.status = "disabled"
    await look(gong)
    assert await the_groups(gong) == [("zalo_oa", "Khu phố 7", None, "muted", 2, True)]
    await group.tell("disperse_group")
    await until(lambda: _is(gong, "lost"))


async def test_a_group_of_the_bot_platform_is_linked(gong: Gong, fake_zalo_bot: FakeZaloBot) -> None:
    group = fake_zalo_bot.group()
    await group.say(fake_zalo_bot.person(), f"@Bot Kẻng {await gong.group_code(gong.seven)} canary")
    await until(lambda: _said(group, "đã được nối với Tổ dân phố số 7"))

    [(channel, _title, area, *_)] = await the_groups(gong)
    assert (channel, area) == ("zalo_bot", gong.seven)


async def _said(group: Any, words: str) -> bool:
    return any(words in text for text in group.reads())


async def _is(gong: Gong, trouble: str) -> bool:
    return [row[3] for row in await the_groups(gong)] == [trouble]


async def _due(gong: Gong) -> bool:
    return [looked for (looked,) in await rows(gong.house, tables.ChatGroup, "looked_at")] == [None]


async def _lives_at(gong: Gong, address: str) -> bool:
    chats = {chat_id for (chat_id,) in await rows(gong.house, tables.ChatGroup, "chat_id")}
    return any(kept == address for chat_id, kept in await rows(gong.house, tables.Chat, "id", "address") if chat_id in chats)
