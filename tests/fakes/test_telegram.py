"""The fake refuses as Telegram does: seen through python-telegram-bot, whose error classes depend on the exact answers."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram, Person

ROOT = Path(__file__).parent.parent.parent
Refused = Callable[[Bot, int], Awaitable[object]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    async with new_bot(fake) as bot:
        yield bot


@pytest.fixture
async def lan(fake: FakeTelegram) -> Person:
    """Somebody who has written to the bot; nothing of it waits any more."""
    person = fake.person("Lan")
    await person.say("/start")
    fake._queue.clear()
    return person


def new_bot(fake: FakeTelegram, token: str | None = None) -> Bot:
    return Bot(token or fake.token, base_url=f"{fake.address}/bot", base_file_url=f"{fake.address}/file/bot")


def keyboard(*data: str, text: str = "Gửi") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=one)] for one in data])


async def call(fake: FakeTelegram, method: str, **params: Any) -> dict[str, Any]:
    """Without a library, for what a library would not send."""
    async with aiohttp.ClientSession() as http, http.post(f"{fake.address}/bot{fake.token}/{method}", json=params) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == (200 if found["ok"] else found["error_code"])
        return found


class Hook:
    """A bot's webhook that keeps what it is told and answers as ordered."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[int] = []
        self.answer: dict[str, Any] = {}
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []

    async def take(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.json_response(self.answer, status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


# -- what is refused ---------------------------------------------------------------------------------------------------

REFUSED: dict[str, Refused] = {
    "message text is empty": lambda bot, chat: bot.send_message(chat, ""),
    "text must be non-empty": lambda bot, chat: bot.send_message(chat, " \n "),
    "message is too long": lambda bot, chat: bot.send_message(chat, "😀" * 2049),
    "text is too long": lambda bot, chat: bot.send_message(chat, "a" * 32_769),
    "message caption is too long": lambda bot, chat: bot.send_photo(chat, b"jpeg", caption="a" * 1025),
    "button_data_invalid": lambda bot, chat: bot.send_message(chat, "a", reply_markup=keyboard("ễ" * 22)),
    "inline keyboard button text must be non-empty": lambda bot, chat: bot.send_message(chat, "a", reply_markup=keyboard("x", text=" ")),
    "reply markup is too long": lambda bot, chat: bot.send_message(chat, "a", reply_markup=keyboard(*map(str, range(101)))),
    "text buttons are unallowed in the inline keyboard": lambda bot, chat: bot.send_message(
        chat, "a", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x")]])
    ),
    "chat not found": lambda bot, _chat: bot.send_message(999, "a"),
    "chat_id is empty": lambda bot, _chat: bot.send_message("", "a"),
    "message to be replied not found": lambda bot, chat: bot.send_message(chat, "a", reply_parameters=ReplyParameters(1)),
    "message to edit not found": lambda bot, chat: bot.edit_message_text("a", chat, 1),
    "message to delete not found": lambda bot, chat: bot.delete_message(chat, 1),
    "query is too old and response timeout expired or query id is invalid": lambda bot, _chat: bot.answer_callback_query("1"),
    "invalid file_id": lambda bot, _chat: bot.get_file("AgACxx"),
    "wrong file identifier/http url specified": lambda bot, chat: bot.send_photo(chat, "AgACxx"),
    "file must be non-empty": lambda bot, chat: bot.send_document(chat, b"", filename="a.txt"),
    "wrong parameter action in request": lambda bot, chat: bot.send_chat_action(chat, "dancing"),
    "chat member status can't be changed in private chats": lambda bot, chat: bot.leave_chat(chat),
    "bot_command_invalid": lambda bot, _chat: bot.set_my_commands([BotCommand("Xin-Chào", "x")]),
    "secret token contains unallowed characters": lambda bot, _chat: bot.set_webhook("https://x.vn/", secret_token="a b"),
    "secret token is too long": lambda bot, _chat: bot.set_webhook("https://x.vn/", secret_token="a" * 257),
    "invalid webhook url specified": lambda bot, _chat: bot.set_webhook("ftp://x.vn/"),
    "unsupported parse_mode": lambda bot, chat: bot.send_message(chat, "a", parse_mode="BBCode"),
}


async def test_what_telegram_refuses_is_a_bad_request_in_its_words(bot: Bot, lan: Person, subtests: pytest.Subtests) -> None:
    for words, asked in REFUSED.items():
        with subtests.test(words):
            with pytest.raises(BadRequest) as caught:
                await asked(bot, lan.id)

            assert caught.value.message.lower().rpartition(": ")[2] == words  # The library writes all but the first letter small.
            assert lan.reads() == []


@pytest.mark.parametrize(
    ("mode", "text", "why"),
    [
        ("HTML", "<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "a</b>", "Unexpected end tag at byte offset 1"),
        ("HTML", "ễ<b>a</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("HTML", "<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("HTML", "3 < 4", "Unclosed start tag at byte offset 2"),
        ("MarkdownV2", "Xong.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("MarkdownV2", "a *b", "Can't find end of Bold entity at byte offset 2"),
        ("MarkdownV2", "`a", "Can't find end of Code entity at byte offset 0"),
        ("Markdown", "a_b", "Can't find end of the entity starting at byte offset 1"),
    ],
)
async def test_broken_marks_are_refused(mode: str, text: str, why: str, bot: Bot, lan: Person) -> None:
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(lan.id, text, parse_mode=mode)

    assert caught.value.message.lower() == f"can't parse entities: {why}".lower()


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        ("HTML", "😀 <b>đậm <i>nghiêng</i></b> &amp; <a href='https://x.vn/?a=1&amp;b=2'>nối</a>"),
        ("MarkdownV2", "😀 *đậm _nghiêng_* & [nối](https://x.vn/?a=1&b=2)"),
    ],
)
async def test_whole_marks_become_entities(mode: str, text: str, bot: Bot, lan: Person) -> None:
    message = await bot.send_message(lan.id, text, parse_mode=mode)

    assert message.text == "😀 đậm nghiêng & nối" and lan.reads() == [message.text]
    found = {entity.type: words for entity, words in message.parse_entities().items()}
    assert found == {"bold": "đậm nghiêng", "italic": "nghiêng", "text_link": "nối"}
    assert message.entities[-1].url == "https://x.vn/?a=1&b=2"


async def test_the_longest_text_is_counted_after_its_marks(bot: Bot, lan: Person) -> None:
    await bot.send_message(lan.id, f"<b>{'a' * 4096}</b>", parse_mode="HTML")

    assert lan.reads() == ["a" * 4096]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "a", "reply_markup": "[]"}, "object expected as reply markup"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [{}]}},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"text": "a", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    ],
)
async def test_what_no_library_sends_is_refused(params: dict[str, Any], description: str, fake: FakeTelegram, lan: Person) -> None:
    answer = await call(fake, "sendMessage", chat_id=lan.id, **params)

    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}


async def test_bytes_that_are_no_utf8_are_refused_in_a_form_and_in_an_address(fake: FakeTelegram, lan: Person) -> None:
    address, form = f"{fake.address}/bot{fake.token}/sendmessage", {"Content-Type": "application/x-www-form-urlencoded"}
    async with aiohttp.ClientSession() as http:
        for data in (f"chat_id={lan.id}&text=%FF".encode(), f"chat_id={lan.id}&text=".encode() + b"\xff"):
            async with http.post(address, data=data, headers=form) as answer:
                assert (await answer.json())["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_an_unknown_method_and_a_wrong_token_are_refused(fake: FakeTelegram) -> None:
    assert await call(fake, "sendDreams") == {"ok": False, "error_code": 404, "description": "Not Found"}
    stranger = new_bot(fake, "43:other")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
    assert [one.status for one in fake.heard] == [404, 401]


async def test_methods_are_known_in_any_case_and_by_get(fake: FakeTelegram, lan: Person) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{fake.address}/bot{fake.token}/SENDmessage?chat_id={lan.id}&text=ch%E1%BB%AF") as answer,
    ):
        assert answer.status == 200

    assert lan.reads() == ["chữ"]


async def test_a_person_who_blocked_the_bot_is_forbidden_until_they_unblock(bot: Bot, lan: Person) -> None:
    await lan.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(lan.id, "a")
    await lan.unblock()
    await bot.send_message(lan.id, "a")

    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change and change.new_chat_member.status for change in changes] == ["kicked", "member"]
    assert [change and change.old_chat_member.status for change in changes] == ["member", "kicked"]


async def test_too_many_requests_say_how_long_to_wait(fake: FakeTelegram, bot: Bot, lan: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # Else the library warns, and here a warning is an error.
    fake.rate_limit, fake.rate_limit_secs = 1, 7
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(lan.id, "a")
    await bot.send_message(lan.id, "b")

    assert caught.value.retry_after == timedelta(seconds=7)
    assert lan.reads() == ["b"]
    assert [one.status for one in fake.heard if one.method == "sendmessage"] == [429, 200]


async def test_a_group_that_moved_says_where(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    group = fake.group("Tổ 7", lan)
    old, new = group.chat_id, await group.migrate()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(old, "a")
    await bot.send_message(new, "a")

    assert caught.value.new_chat_id == new == group.chat_id
    moves = [update.message for update in await bot.get_updates()]
    assert [(move and move.migrate_to_chat_id, move and move.migrate_from_chat_id) for move in moves] == [(new, None), (None, old)]


async def test_a_group_without_the_bot_is_forbidden(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    left, kicked = fake.group("Tổ 7", lan), fake.group("Tổ 8", lan)
    await bot.leave_chat(left.chat_id)
    await kicked.kick_bot()
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(left.chat_id, "a")
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(kicked.chat_id, "a")
    await kicked.say(lan, "nobody hears")

    [update] = await bot.get_updates()
    assert update.my_chat_member and update.my_chat_member.new_chat_member.status == "kicked"


async def test_privacy_lets_through_only_what_is_for_the_bot(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    fake.privacy = True
    group = fake.group("Tổ 7", lan)
    sent = await bot.send_message(group.chat_id, "Chào")
    await group.say(lan, "chuyện riêng @somebody")
    await group.say(lan, "/start@other_bot")
    await group.say(lan, "/start")
    await group.say(lan, "😀 ơi @keng_bot")
    await group.say(lan, "vâng", reply_to=sent.message_id)

    texts = [update.message and update.message.text for update in await bot.get_updates()]
    assert texts == ["/start", "😀 ơi @keng_bot", "vâng"]


async def test_an_outage_and_a_cut_line_are_network_errors(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    fake.outage = True
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(lan.id, "a")
    fake.outage, fake.lose_answers = False, 1
    with pytest.raises(NetworkError):
        await bot.send_message(lan.id, "b")

    assert lan.reads() == ["b"]


async def test_a_slow_answer_times_out_but_is_carried_out(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    fake.delay_secs = 0.3
    with pytest.raises(TimedOut):
        await bot.send_message(lan.id, "a", read_timeout=0.05)

    assert await lan.hears("a") == "a"


async def test_a_picture_may_arrive_in_any_pieces(fake: FakeTelegram, lan: Person) -> None:
    """A short piece before a long one: a busy machine's network cuts so now and then, and it is no trouble of Telegram's."""
    host, _, port = fake.address.removeprefix("http://").partition(":")
    head = b'--cut\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n%d\r\n--cut\r\nContent-Disposition: form-data; ' % lan.id
    head += b'name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    pieces = (head + jpeg(64, 48), b"\0", bytes(20_000) + b"\r\n--cut--\r\n")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /bot%s/sendPhoto HTTP/1.1\r\nHost: t\r\nContent-Type: multipart/form-data; boundary=cut\r\n" % fake.token.encode())
    writer.write(b"Connection: close\r\nContent-Length: %d\r\n\r\n" % sum(map(len, pieces)))
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.1)
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()


# -- messages ----------------------------------------------------------------------------------------------------------


async def test_an_edit_replaces_words_and_buttons(bot: Bot, lan: Person) -> None:
    sent = await bot.send_message(lan.id, "a", reply_markup=keyboard("x"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("a", lan.id, sent.message_id, reply_markup=keyboard("x"))
    await bot.edit_message_text("b", lan.id, sent.message_id)
    [message] = lan.read_messages()
    assert message["text"] == "b" and "reply_markup" not in message

    await bot.edit_message_reply_markup(lan.id, sent.message_id, reply_markup=keyboard("y"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(lan.id, sent.message_id, reply_markup=keyboard("y"))
    await lan.press("y")


async def test_other_peoples_messages_cannot_be_edited_but_may_be_deleted(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    said = await lan.say("a")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("b", lan.id, said["message_id"])
    assert await bot.delete_message(lan.id, said["message_id"])
    old = await lan.say("c", date=1_600_000_000)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(lan.id, old["message_id"])

    assert [message["text"] for message in fake.messages[lan.id]] == ["/start", "c"]


async def test_a_press_brings_its_data_and_is_answered_once(bot: Bot, lan: Person) -> None:
    await bot.send_message(lan.id, "Chọn", reply_markup=keyboard("send", "stop"))
    await lan.press("stop")
    await lan.press("Gửi")
    presses = [update.callback_query for update in await bot.get_updates()]

    assert [press and press.data for press in presses] == ["stop", "send"]
    press = presses[0]
    assert press and press.message and press.message.chat.id == lan.id and press.chat_instance != str(lan.id)
    assert await bot.answer_callback_query(press.id)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(press.id)


async def test_a_button_that_is_not_there_fails_with_those_that_are(bot: Bot, lan: Person) -> None:
    await bot.send_message(lan.id, "Cũ", reply_markup=keyboard("old"))
    await bot.send_message(lan.id, "Mới", reply_markup=keyboard("new"))

    with pytest.raises(AssertionError, match=r"Gửi \(new\)"):
        await lan.press("old")


async def test_a_person_hears_each_message_once_and_waits_for_the_next(bot: Bot, lan: Person) -> None:
    await bot.send_message(lan.id, "một chuyện")
    assert await lan.hears("chuyện") == "một chuyện"
    later = asyncio.create_task(lan.hears("chuyện"))
    await asyncio.sleep(0.05)
    assert not later.done()
    await bot.send_message(lan.id, "hai chuyện")
    assert await later == "hai chuyện"

    with pytest.raises(AssertionError, match="never heard 'ba'"):
        await lan.hears("ba", timeout=0.05)


async def test_a_reply_carries_its_message(bot: Bot, lan: Person) -> None:
    said = await lan.say("a")
    answer = await bot.send_message(lan.id, "b", reply_parameters=ReplyParameters(said["message_id"]))
    loose = await bot.send_message(lan.id, "c", reply_parameters=ReplyParameters(1, allow_sending_without_reply=True))

    assert answer.reply_to_message and answer.reply_to_message.text == "a" and loose.reply_to_message is None


async def test_what_people_send_reads_as_telegram_writes_it(bot: Bot, lan: Person) -> None:
    said = await lan.say("/start mã-1")
    await lan.send_location(20.8, 106.6)
    await lan.send_voice(b"ogg")
    await lan.send_sticker()
    await lan.edit(said["message_id"], "sửa")
    start, place, voice, sticker, edit = await bot.get_updates()

    assert start.message and [(one.type, one.length) for one in start.message.entities] == [("bot_command", 6)]
    assert place.message and place.message.location and place.message.location.latitude == 20.8
    assert voice.message and voice.message.voice and voice.message.voice.file_size == 3
    assert sticker.message and sticker.message.sticker
    assert edit.edited_message and edit.edited_message.text == "sửa" and edit.edited_message.edit_date


async def test_the_bot_tells_about_itself_and_its_chats(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    me, chat = await bot.get_me(), await bot.get_chat(lan.id)
    await bot.set_my_commands([BotCommand("start", "Bắt đầu")])
    await bot.set_my_description("Kẻng")
    await bot.set_my_short_description("K")
    await bot.send_chat_action(lan.id, "typing")

    assert me.is_bot and me.username == fake.username and me.id == fake.bot_id
    assert chat.first_name == "Lan" and chat.type == "private"
    assert fake.profile["description"] == "Kẻng" and fake.profile["commands"][0]["command"] == "start"


# -- files -------------------------------------------------------------------------------------------------------------


async def test_a_photo_comes_in_two_sizes_and_can_be_fetched(bot: Bot, lan: Person) -> None:
    content = bytes(range(256)) * 40
    await lan.send_photo(content, "ngõ 12", media_group_id="7")
    [update] = await bot.get_updates()
    assert update.message and update.message.caption == "ngõ 12" and update.message.media_group_id == "7"
    small, large = update.message.photo
    file = await bot.get_file(large.file_id)

    assert bytes(await file.download_as_bytearray()) == content
    assert large.file_size == len(content) > (small.file_size or 0)
    assert file.file_unique_id == large.file_unique_id != small.file_unique_id


async def test_a_file_over_twenty_megabytes_is_refused(bot: Bot, lan: Person) -> None:
    said = await lan.send_document(b"\x00" * (20 * 1024 * 1024 + 1), name="a.mp4", mime="video/mp4")

    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(said["document"]["file_id"])


async def test_a_file_may_be_known_and_yet_not_come(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    said = await lan.send_document(b"x", name="a.txt", mime="text/plain")
    fake.fail_files = True
    file = await bot.get_file(said["document"]["file_id"])
    with pytest.raises(TelegramError, match="Not Found"):
        await file.download_as_bytearray()
    fake.fail_files = False

    assert await file.download_as_bytearray() == b"x"


async def test_the_bot_sends_files_and_sends_them_again_by_their_id(bot: Bot, lan: Person) -> None:
    sent = await bot.send_photo(lan.id, b"jpeg", caption="<b>Ảnh</b>", parse_mode="HTML", reply_markup=keyboard("x"))
    again = await bot.send_photo(lan.id, sent.photo[-1].file_id)
    paper = await bot.send_document(lan.id, b"pdf", filename="a.pdf")

    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    assert paper.document and paper.document.file_name == "a.pdf"
    assert lan.reads() == ["Ảnh", "", ""]
    with pytest.raises(BadRequest, match="Can't use file of type document as photo"):
        await bot.send_photo(lan.id, paper.document.file_id)


# -- updates -----------------------------------------------------------------------------------------------------------


async def test_long_polling_waits_and_forgets_only_what_the_offset_confirms(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await lan.say("a")
    [first] = await waiting
    await lan.say("b")

    assert [update.message and update.message.text for update in await bot.get_updates()] == ["a", "b"]
    assert [update.message and update.message.text for update in await bot.get_updates(limit=1)] == ["a"]
    [last] = await bot.get_updates(offset=first.update_id + 1)
    with pytest.raises(AssertionError, match="updates were not taken"):
        await fake.wait_until_delivered(timeout=0.05)
    assert await bot.get_updates(offset=last.update_id + 1) == ()
    await fake.wait_until_delivered()


async def test_an_empty_poll_answers_when_its_time_is_over(bot: Bot, lan: Person) -> None:
    started = asyncio.get_running_loop().time()

    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < asyncio.get_running_loop().time() - started < 2


async def test_a_negative_offset_keeps_only_the_newest(bot: Bot, lan: Person) -> None:
    for text in "abc":
        await lan.say(text)

    assert [update.message and update.message.text for update in await bot.get_updates(offset=-1)] == ["c"]
    assert len(await bot.get_updates()) == 1


async def test_only_allowed_kinds_come_from_then_on(bot: Bot, lan: Person) -> None:
    await bot.get_updates(allowed_updates=["message"])
    said = await lan.say("a")
    await lan.edit(said["message_id"], "b")

    assert [bool(update.message) for update in await bot.get_updates()] == [True]


async def test_a_second_poll_ends_the_first(fake: FakeTelegram, bot: Bot, lan: Person) -> None:
    async with new_bot(fake) as other:
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(other.get_updates(timeout=5))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await lan.say("a")
        assert len(await second) == 1


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot, hook: Hook, lan: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    await bot.set_webhook(hook.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()

    assert await bot.get_updates() == ()


async def test_a_webhook_gets_what_waited_with_its_secret(fake: FakeTelegram, bot: Bot, hook: Hook, lan: Person) -> None:
    await lan.say("trước")
    await bot.set_webhook(hook.url, secret_token="kin-", max_connections=1)
    await lan.say("sau")
    await fake.wait_until_delivered()

    assert [update["message"]["text"] for update in hook.updates] == ["trước", "sau"]
    assert hook.secrets == ["kin-", "kin-"]
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (hook.url, 1, 0)


async def test_an_update_comes_again_until_it_is_taken(fake: FakeTelegram, bot: Bot, hook: Hook, lan: Person) -> None:
    hook.statuses = [500, 302, 204]
    await bot.set_webhook(hook.url)
    await lan.say("a")
    await fake.wait_until_delivered()

    assert len({update["update_id"] for update in hook.updates}) == 1 and len(hook.updates) == 3
    info = await bot.get_webhook_info()
    assert info.last_error_message and info.last_error_message.startswith("Wrong response from the webhook: 302")


async def test_what_a_webhook_never_took_waits_for_the_next_reader(bot: Bot, hook: Hook, lan: Person) -> None:
    hook.statuses = [500] * 100
    await bot.set_webhook(hook.url)
    await lan.say("a")
    await lan.say("b")
    await asyncio.sleep(0.05)
    await bot.delete_webhook()

    assert [update.message and update.message.text for update in await bot.get_updates()] == ["a", "b"]


async def test_pending_updates_are_dropped_when_told_so(fake: FakeTelegram, bot: Bot, hook: Hook, lan: Person) -> None:
    await lan.say("a")
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await fake.wait_until_delivered()

    assert hook.updates == []


async def test_updates_may_come_twice_and_in_any_order(fake: FakeTelegram, bot: Bot, hook: Hook, lan: Person) -> None:
    await bot.set_webhook(hook.url)
    fake.repeat_updates, fake.shuffle_updates = 1, True
    for number in range(8):
        await lan.say(str(number))
    await fake.wait_until_delivered()

    texts = [update["message"]["text"] for update in hook.updates]
    assert sorted(texts) == sorted("0011223344556677") and texts != sorted(texts)


async def test_a_webhook_may_call_a_method_in_its_answer(fake: FakeTelegram, bot: Bot, hook: Hook, lan: Person) -> None:
    hook.answer = {"method": "sendMessage", "chat_id": lan.id, "text": "vâng"}
    await bot.set_webhook(hook.url)
    await lan.say("a")

    assert await lan.hears("vâng")


# -- a process of its own ----------------------------------------------------------------------------------------------


async def test_as_a_process_it_is_steered_over_control_and_tells_its_cpu(hook: Hook) -> None:
    command = ["-m", "tests.fakes.telegram", "--port", "0", "--token", "42:T", "--delay-ms", "1", "--webhook", hook.url, "--secret", "s"]
    process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    address = (await process.stdout.readline()).decode().removeprefix("ready ").strip()
    chat = {"id": 5, "type": "private", "first_name": "Lan"}
    said = {"message": {"message_id": 1, "date": 1, "chat": chat, "from": {"id": 5, "is_bot": False, "first_name": "Lan"}, "text": "a"}}
    async with aiohttp.ClientSession(address) as http:
        await http.post("/control/update", json=said)
        await http.post("/bot42:T/sendMessage", json={"chat_id": 5, "text": "b"})
        calls = await (await http.get("/control/calls?method=sendMessage&after=0")).json()
        assert [(one["text"], one["status"]) for one in calls["calls"]] == [("b", 200)] and calls["next"] == 1
        assert (await (await http.get("/control/calls?after=1")).json())["calls"] == []
        messages = await (await http.get("/control/messages?chat=5")).json()
        assert [message["text"] for message in messages["messages"]] == ["b"]
    process.send_signal(signal.SIGTERM)
    rest = await process.stdout.read()

    assert await process.wait() == 0 and json.loads(rest)["cpu_secs"] > 0
    assert [update["message"]["text"] for update in hook.updates] == ["a"] and hook.secrets == ["s"]
