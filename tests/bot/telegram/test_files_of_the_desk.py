"""What an officer attached goes out under its words, or after them where they are too long for that."""

import aiohttp
import pytest
from telegram import Bot

from bot.channels.base import DeliveryError, FileToSend
from bot.channels.telegram.send import TelegramSend
from bot.channels.telegram.wire import AiohttpRequest
from handlers.messages import Button, Reply
from tests.fakes.telegram import FakeTelegram

PDF = b"%PDF-1.7 clean"


async def sent(fake: FakeTelegram, file: FileToSend | None, text: str) -> list[tuple[str, str]]:
    person = fake.person("Lan")
    await person.say("/start")

    async def open_file(_file_id: int) -> FileToSend | None:
        return file

    async with aiohttp.ClientSession() as session:
        bot = Bot(fake.token, base_url=f"{fake.address}/bot", request=AiohttpRequest(session), get_updates_request=AiohttpRequest(session))
        speaker = TelegramSend(bot, session, limits=None, open_file=open_file)
        reply = Reply(text=text, buttons=(Button("Bỏ qua", "skip"),), file=123_456, file_mime="application/pdf")
        await speaker.send(str(person.chat_id), reply, chat_id=1, row_id=1)
    return [(call.method, str(call.params.get("caption", ""))) for call in fake.heard if call.method.startswith("send")]


async def test_a_paper_goes_as_a_document_with_the_words_and_buttons_under_it(fake_telegram: FakeTelegram) -> None:
    assert await sent(fake_telegram, FileToSend(PDF, "application/pdf"), "Gửi biên nhận.") == [("senddocument", "Gửi biên nhận.")]
    [call] = [call for call in fake_telegram.heard if call.method == "senddocument"]
    assert (call.params["document"].name, call.params["document"].content) == ("tep-23456.pdf", PDF) and "skip" in str(
        call.params["reply_markup"]
    )


async def test_words_too_long_for_a_caption_go_before_the_file(fake_telegram: FakeTelegram) -> None:
    assert await sent(fake_telegram, FileToSend(b"jpeg", "image/jpeg"), "dài " * 300) == [("sendmessage", ""), ("sendphoto", "")]


async def test_a_file_that_is_gone_is_a_failure_the_officer_sees(fake_telegram: FakeTelegram) -> None:
    with pytest.raises(DeliveryError, match="file_gone") as failed:
        await sent(fake_telegram, None, "Gửi biên nhận.")
    assert failed.value.permanent
