"""Puts the halves of this channel together. The library behind it is heavy: only a house that has a bot imports this."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from telegram import Bot

from bot.channels.base import OpenFile
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.receive import TelegramDoor
from bot.channels.telegram.send import TelegramSend
from bot.channels.telegram.wire import AiohttpRequest
from bot.inbox import Inbox
from bot.settings import Settings
from handlers.messages import Ward
from storage.keyed import Keyed
from storage.memory import Memory
from storage.queries.moved import move


@dataclass(frozen=True, slots=True)
class Telegram:
    door: TelegramDoor
    speaker: TelegramSend  # It brings files, too.


def open_telegram(
    settings: Settings,
    http: aiohttp.ClientSession,
    memory: Memory,
    keyed: Keyed,
    inbox: Inbox,
    ward: Callable[[], Ward],
    open_file: OpenFile,
    open_card: OpenFile,
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

    async def moved(chat_id: int, address: int) -> None:
        chat_hash = keyed.hash("chat", "telegram", str(address))
        await memory.write(lambda session: move(session, chat_id, address=str(address), chat_hash=chat_hash))

    limits = Limits(settings.telegram_rate, memory, lambda: ward().id) if settings.telegram_rate else None
    return Telegram(door, TelegramSend(bot, http, limits=limits, open_file=open_file, open_card=open_card, on_moved=moved))
