"""Puts the halves of this channel together. The library behind it is heavy: only a house that has a bot imports this."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from telegram import Bot

from bot.channels.base import OpenFile
from bot.channels.telegram.receive import TelegramDoor
from bot.channels.telegram.send import TelegramSend
from bot.channels.telegram.wire import AiohttpRequest
from bot.inbox import Inbox
from bot.settings import Settings
from handlers.messages import Ward
from storage.memory import Memory


@dataclass(frozen=True, slots=True)
class Telegram:
    door: TelegramDoor
    speaker: TelegramSend  # It brings files, too.


def open_telegram(
    settings: Settings, http: aiohttp.ClientSession, memory: Memory, inbox: Inbox, ward: Callable[[], Ward], open_file: OpenFile
) -> Telegram:
    request = AiohttpRequest(http)
    api = settings.telegram_api.rstrip("/")
    bot = Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=request,
        get_updates_request=request,
    )
    webhook_url = f"{settings.public_url.rstrip('/')}/hooks/telegram" if settings.public_url else ""
    door = TelegramDoor(bot, memory, inbox, ward, secret=settings.telegram_secret.get_secret_value(), webhook_url=webhook_url)
    return Telegram(door, TelegramSend(bot, http, per_sec=settings.telegram_rate, open_file=open_file))
