"""Puts the parts of the Official Account's door together, for the runtime."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bot.channels.base import OpenFile
from bot.channels.fetching import Fetcher
from bot.channels.lists import Lists
from bot.channels.zalo_oa.echoes import Echoes
from bot.channels.zalo_oa.permission import Permission
from bot.channels.zalo_oa.receive import ZaloDoor
from bot.channels.zalo_oa.send import ZaloSend
from bot.channels.zalo_oa.tokens import Tokens
from bot.channels.zalo_oa.window import Windows
from bot.channels.zalo_oa.wire import Wire
from bot.inbox import Inbox
from bot.settings import Settings
from handlers.messages import Ward
from storage.keyed import Keyed
from storage.memory import Memory


@dataclass(frozen=True, slots=True)
class Opened:
    door: ZaloDoor
    speaker: ZaloSend
    files: Fetcher


def open_door(
    settings: Settings,
    http: aiohttp.ClientSession,
    memory: Memory,
    keyed: Keyed,
    inbox: Inbox,
    ward: Callable[[], Ward],
    open_file: OpenFile,
    open_card: OpenFile,
) -> Opened:
    app_id = settings.zalo_oa_app_id
    wire = Wire(
        http,
        api=settings.zalo_oa_api,
        oauth=settings.zalo_oa_oauth,
        app_id=app_id,
        app_secret=settings.zalo_oa_app_secret.get_secret_value(),
    )
    tokens = Tokens(
        memory,
        wire,
        lambda: ward().id,
        keyed.hash,
        seed_access=settings.zalo_oa_access_token.get_secret_value(),
        seed_refresh=settings.zalo_oa_refresh_token.get_secret_value(),
    )

    echoes = Echoes(memory, lambda: ward().id, keyed.hash)
    speaker = ZaloSend(wire, tokens, echoes, Windows(memory, ward), Lists(memory, ward), open_file=open_file, open_card=open_card)
    door = ZaloDoor(
        wire,
        tokens,
        speaker,
        echoes,
        memory,
        inbox,
        ward,
        permission=Permission(memory, wire, tokens, lambda: ward().id, keyed.hash, oauth=settings.zalo_oa_oauth, app_id=app_id),
        app_id=app_id,
        secret=settings.zalo_oa_secret_key.get_secret_value(),
        verifier=settings.zalo_oa_verifier,
    )
    return Opened(door, speaker, Fetcher(http, api=settings.zalo_oa_api))
