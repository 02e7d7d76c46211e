"""What stands on the poster, gathered from the settings and, where they are silent, from what the set-up page was told."""

import asyncio
from pathlib import Path

import aiohttp
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram.wire import AiohttpRequest
from bot.offline import with_memory
from bot.settings import Settings, SettingsError
from bot.unlocking import ward_and_keys
from handlers import poster
from handlers.phones import as_written_here
from storage.memory import Memory
from storage.queries import wards


def write_poster(settings: Settings, out: Path, *, is_a5: bool) -> list[str]:
    """Sentences for the operator: what was left out, and why."""
    name, phone, address = _ward(settings)
    if not phone:
        raise SettingsError("a poster needs a number to ring; set KENG_DUTY_PHONE, or write it down at the desk, first")
    told = [] if settings.public_url else ["Left out: the web page, because KENG_PUBLIC_URL is not set."]
    link = ""
    if settings.telegram_token:
        link = asyncio.run(_telegram_link(settings))
        told += [] if link else ["Left out: Telegram, because it did not say the bot's name; try again when it can be reached."]
    sheet = poster.Poster(
        ward=f" {name}" if name else "",
        duty_phone=as_written_here(phone) or phone,
        zalo=settings.poster_zalo,
        web=settings.public_url.rstrip("/"),
        address=address,
        telegram=link,
    )
    out.write_bytes(poster.draw(sheet, is_a5=is_a5))
    return [*told, f"Print {out} on {'A5' if is_a5 else 'A4'}, at its own size."]


def _ward(settings: Settings) -> tuple[str, str, str]:
    """Its name, duty number and address."""
    if settings.ward_name and settings.duty_phone:
        return settings.ward_name, settings.duty_phone, settings.ward_address

    async def read(memory: Memory) -> tuple[str, str, str]:
        await ward_and_keys(memory)  # Where nothing was ever started, there is a nameless ward now.
        known = await memory.read(wards.ward_facts)
        return settings.ward_name or known.name, settings.duty_phone or known.duty_phone, settings.ward_address or known.address

    return with_memory(settings, read)


async def _telegram_link(settings: Settings) -> str:
    """ "" when the platform is away: the rest of the sheet does not wait for it."""
    async with aiohttp.ClientSession() as http:
        request = AiohttpRequest(http)
        address = f"{settings.telegram_api.rstrip('/')}/bot"
        bot = Bot(settings.telegram_token.get_secret_value(), base_url=address, request=request, get_updates_request=request)
        try:
            async with asyncio.timeout(15):
                me = await bot.get_me()
        except (TelegramError, TimeoutError):
            return ""
    return f"https://t.me/{me.username}" if me.username else ""
