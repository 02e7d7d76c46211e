"""A card that was sent is rewritten where Telegram still can; older ones that it cannot are left alone."""

import aiohttp
from telegram import Bot

from bot.channels.base import FileToSend
from bot.channels.telegram.send import TelegramSend
from bot.channels.telegram.wire import AiohttpRequest
from handlers.messages import Reply
from tests.fakes.telegram import FakeTelegram


async def no_file(_file_id: int) -> FileToSend | None:
    return None


async def test_a_card_is_rewritten_by_the_name_it_was_sent_as(fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person("Hải")
    await person.say("/start")
    known = {"chat_id": 1, "row_id": 1}
    async with aiohttp.ClientSession() as session:
        request = AiohttpRequest(session)
        bot = Bot(fake_telegram.token, base_url=f"{fake_telegram.address}/bot", request=request, get_updates_request=request)
        speaker = TelegramSend(bot, session, limits=None, open_file=no_file)
        name = await speaker.send(str(person.chat_id), Reply(text="Tin đang chờ nhận"), **known)
        again = await speaker.send(str(person.chat_id), Reply(text="Sơn đã nhận tin", replaces=name, only_rewrites=True), **known)
        gone = await speaker.send(str(person.chat_id), Reply(text="Sơn đã nhận tin", replaces="999999", only_rewrites=True), **known)
        line = await speaker.send(str(person.chat_id), Reply(text="Sơn đã nhận tin", replaces="999999"), **known)

    assert (again, gone) == (name, "") and line not in ("", name)
    assert person.reads() == ["Sơn đã nhận tin", "Sơn đã nhận tin"]  # The card, and the line that takes the place of one.
