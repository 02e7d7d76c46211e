"""Puts the halves of this channel together."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bot.channels.fetching import Fetcher
from bot.channels.zalo_bot.receive import ZaloBotDoor
from bot.channels.zalo_bot.send import ZaloBotSend
from bot.channels.zalo_bot.wire import Wire
from bot.inbox import Inbox
from bot.settings import Settings
from handlers.messages import Ward
from storage.memory import Memory


@dataclass(frozen=True, slots=True)
class ZaloBot:
    door: ZaloBotDoor
    speaker: ZaloBotSend
    files: Fetcher


def open_zalo_bot(settings: Settings, http: aiohttp.ClientSession, memory: Memory, inbox: Inbox, ward: Callable[[], Ward]) -> ZaloBot:
    token, api = settings.zalo_bot_token.get_secret_value(), settings.zalo_bot_api
    wire = Wire(http, api=api, token=token)
    webhook_url = f"{settings.public_url.rstrip('/')}/hooks/zalo-bot" if settings.public_url else ""
    secret = settings.zalo_bot_secret.get_secret_value()
    door = ZaloBotDoor(wire, memory, inbox, ward, secret=secret, webhook_url=webhook_url, token=token)
    speaker = ZaloBotSend(wire, memory, ward, on_outcome=door.heard_of_sending)
    return ZaloBot(door, speaker, Fetcher(http, api=api))
