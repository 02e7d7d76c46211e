"""The Bot Platform's door: who may knock, what is dropped before it is stored, and what odd bodies get."""

import asyncio
import io
import json
import logging
from typing import Any

import aiohttp
import pytest

from bot.channels.zalo_bot.parse import Malformed, envelope, read
from bot.runtime import Running
from handlers.messages import WITHHELD
from storage import tables
from tests.bot.telegram.test_delivery import settled
from tests.bot.telegram.test_door import everything_stored
from tests.conftest import SECRET
from tests.factories import jpeg
from tests.fakes.zalo_bot import FakeZaloBot
from tests.opened import photos_done, rows
from tests.storage.spoken import amr
from tests.storage.test_recordings import fixture


async def post(house: Running, body: bytes, *, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {"X-Bot-Api-Secret-Token": secret}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{house.address}/hooks/zalo-bot", data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


async def until_introduced(house: Running) -> None:
    for _ in range(200):
        if house.zalo_bot.link:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the door never learnt its own name")


def update(event: str = "text", **content: Any) -> dict[str, Any]:
    """As the reference shows them."""
    message = {
        "from": {"id": "feedfacefeedface0001", "display_name": "Người Dùng Ví Dụ", "is_bot": False},
        "chat": {"id": "feedfacefeedface0001", "chat_type": "PRIVATE"},
        "message_id": "deadbeefdeadbeef0002",
        "date": 1_760_000_000_000,
        **content,
    }
    return {"event_name": f"message.{event}.received", "message": message}


async def test_a_missing_or_wrong_secret_is_refused_and_counted(house: Running) -> None:
    body = json.dumps(update(text="x")).encode()
    statuses = [await post(house, body, secret=secret) for secret in (None, "", "wrong", SECRET + "x", "é")]

    assert statuses == [403] * 5
    assert house.zalo_bot.counts["bad_secret"] == 5
    assert await rows(house, tables.InboxRow, "id") == []


async def test_a_body_that_is_no_update_gets_400_and_is_counted(house: Running, subtests: pytest.Subtests) -> None:
    bodies = (b"{", b"[]", b"null", b"1", b"{}", b'{"event_name":1}', b"\xff\xfe\x00", b"[" * 100_000, b'{"a": 1e400}')
    for number, body in enumerate(bodies, 1):
        with subtests.test(repr(body[:20])):
            assert await post(house, body) == 400
            assert house.zalo_bot.counts["malformed"] == number


async def test_an_empty_probe_is_answered_and_ten_megabytes_are_not(house: Running) -> None:
    assert [await post(house, b""), await post(house, b" \n")] == [200, 200]
    assert await post(house, json.dumps(update(text="a" * 10_000_000)).encode()) == 413
    assert await rows(house, tables.InboxRow, "id") == []


async def test_a_trial_and_a_closed_house_take_nothing(house: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.messages.Ward.answers_platforms", property(lambda _ward: False))

    assert await post(house, json.dumps(update(text="x")).encode()) == 503


@pytest.mark.parametrize("wraps", [False, True])
@pytest.mark.parametrize("photo_field", ["photo_url", "photo"])
async def test_both_shapes_and_both_names_are_read(house: Running, fake_zalo_bot: FakeZaloBot, wraps: bool, photo_field: str) -> None:
    fake_zalo_bot.wraps, fake_zalo_bot.photo_field = wraps, photo_field
    person = fake_zalo_bot.person()
    await person.send_photo(jpeg(), caption="Hôm qua xe tôi bị bẻ khóa")
    await person.hears("ạ?")

    assert [row[0] for row in await photos_done(house, 1)] == ["stored"]
    assert await rows(house, tables.Piece, "words") == [("Hôm qua xe tôi bị bẻ khóa",)]


async def test_a_repeated_message_is_one_message(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    fake_zalo_bot.repeat_updates = 3
    person = fake_zalo_bot.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa")
    await person.hears("ạ?")
    await fake_zalo_bot.wait_until_delivered()

    assert len(await rows(house, tables.InboxRow, "id")) == 1
    assert await rows(house, tables.Piece, "words") == [("Hôm qua xe tôi bị bẻ khóa",)]


async def test_a_voice_note_can_be_played_at_the_desk(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    """As the platform sends it: bare AAC; and the AMR of its other door, should it come here."""
    person = fake_zalo_bot.person()
    await person.send_voice(fixture("aac.aac"))
    await person.hears("lời nói")
    await person.send_voice(amr(1))
    await photos_done(house, 2)

    found = await rows(house, tables.Attachment, "kind", "status", "note", "mime", "copy_mime")
    assert sorted(found) == [("voice", "stored", "", "audio/aac", "audio/mp4"), ("voice", "stored", "", "audio/amr", "audio/mpeg")]


async def test_voice_is_kept_and_stickers_are_answered(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    person = fake_zalo_bot.person()
    await person.send_voice(b"\xff\xf1\x50\x80\x02\x1f\xfc" + b"\x00" * 200)
    await person.hears("lời nói")
    await person.send_sticker()
    await person.hears("máy chưa")

    assert await rows(house, tables.Attachment, "kind") == [("voice",)]


async def test_what_zalo_keeps_back_is_answered_with_another_way(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    person = fake_zalo_bot.person()
    await person.send_unsupported()

    assert "113" in await person.hears("Zalo không chuyển tới")


async def test_what_comes_from_nobody_is_counted(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    """P7: whoever looks after the machine reads that there were such messages; nobody else can be told."""
    await fake_zalo_bot.person().send_unsupported(is_named=False)
    await fake_zalo_bot.wait_until_delivered()
    async with aiohttp.ClientSession() as http, http.get(f"{house.address}/metrics") as answer:
        figures = await answer.text()

    assert house.zalo_bot.counts["withheld"] == 1 and 'keng_events_total{what="zalo_bot_withheld"} 1.0' in figures


async def test_of_a_group_only_that_it_called_is_kept(house: Running, fake_zalo_bot: FakeZaloBot) -> None:
    group, person = fake_zalo_bot.group(), fake_zalo_bot.person("Canaryname")
    await until_introduced(house)
    await group.say(person, "chuyện của nhóm")
    for _ in range(3):
        await group.say(person, "@Bot Kẻng Canaryword nhà số 5")
    await fake_zalo_bot.wait_until_delivered()
    await settled(house, 1)

    assert house.zalo_bot.counts["addressed"] == 3
    [line] = group.reads()  # Once in half an hour, and to where somebody on Zalo can write alone.
    assert "xin đừng viết trong nhóm" in line and "https://bot.zaloplatforms.com/bots/" in line
    assert "Canary" not in await everything_stored(house)
    assert await rows(house, tables.Tip, "id") == []


async def test_a_place_is_told_by_the_code_on_its_sheet() -> None:
    incoming = read(envelope(update(text="O-7k3m2q")).payload)

    assert (incoming.kind, incoming.text, incoming.payload) == ("command", "start", "o-7k3m2q")


def test_no_name_and_no_word_of_a_group_passes_the_door() -> None:
    named = update(text="Tôi muốn báo tin")
    group = update(text="@Bot chuyện riêng", chat={"id": "zgr-1", "chat_type": "GROUP"})

    assert "name" not in json.loads(envelope(named).payload)
    assert json.loads(envelope(named).payload_with_names)["name"] == "Người Dùng Ví Dụ"
    assert json.loads(envelope(group).payload) == {"group": "zgr-1", "kind": "mention", "id": "deadbeefdeadbeef0002"}
    assert "chuyện riêng" not in envelope(group).payload + envelope(group).payload_with_names


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (update(text="Tôi muốn báo tin"), "text", "Tôi muốn báo tin"),
        ({"ok": True, "result": update(text="Tôi muốn báo tin")}, "text", "Tôi muốn báo tin"),
        (update("image", photo_url="https://p.example/a.jpg", caption="hiện trường"), "photo", "hiện trường"),
        (update("image", photo="https://p.example/a.jpg"), "photo", ""),
        (update("voice", voice_url="https://p.example/a.aac"), "voice", ""),
        (update("sticker", sticker="s", url="https://p.example/s.png"), "sticker", ""),
        (update("unsupported"), "unreadable", WITHHELD),
        (update("image"), "unreadable", ""),
        (update("text"), "unreadable", ""),
        (update("hologram"), "unreadable", ""),
        (update("reaction"), "joined", ""),
        (update("text", text="/start"), "command", "start"),
        (update("text", text=7, photo_url=["x"]), "unreadable", ""),
    ],
)
def test_what_comes_is_read(body: dict[str, Any], kind: str, text: str) -> None:
    letter = envelope(body)
    incoming = read(letter.payload)

    assert (letter.verdict, letter.chat_id, letter.message_id) == ("private", "feedfacefeedface0001", "deadbeefdeadbeef0002")
    assert (incoming.kind, incoming.text, incoming.sent_at) == (kind, text, 1_760_000_000_000)


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        ({"chat": {"id": ""}}, "unknown"),
        ({"chat": {"id": None}}, "unknown"),
        ({"chat": {"id": "x" * 500}}, "unknown"),
        ({"chat": {"id": True}}, "unknown"),
        ({"message_id": None}, "unknown"),
        ({"from": {"id": "1", "is_bot": True}}, "unknown"),
        ({"from": None}, "private"),
        ({"chat": {"id": 5}}, "private"),
        ({"date": "yesterday"}, "private"),
        ({"date": 1_760_000_000}, "private"),
    ],
)
def test_odd_messages_break_nothing(message: dict[str, Any], verdict: str) -> None:
    letter = envelope(update(text="x", **message))
    assert letter.verdict == verdict
    if verdict == "private":
        assert read(letter.payload).sent_at in (0, 1_760_000_000_000)


def test_what_is_no_update_is_refused() -> None:
    bodies: tuple[Any, ...] = (None, [], "x", {}, {"event_name": "follow"}, {"result": {"event_name": []}})
    for body in bodies:
        with pytest.raises(Malformed):
            envelope(body)


async def test_the_token_stands_in_no_log(house: Running, fake_zalo_bot: FakeZaloBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fake_zalo_bot.outage = True
    person = fake_zalo_bot.person()
    await person.say("/start")
    await fake_zalo_bot.wait_until_delivered()
    fake_zalo_bot.outage = False
    await person.hears("xin chào")

    said = "\n".join(str(vars(record)) for record in caplog.records if record.name.startswith("keng"))
    assert fake_zalo_bot.token not in said and fake_zalo_bot.token.split(":")[1] not in said
