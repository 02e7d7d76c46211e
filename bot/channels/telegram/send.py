"""Telegram's outgoing half: answers with buttons, cut to its limits, and the files people sent.

Retrying and order are delivery's; here every refusal becomes one of our two errors.
"""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, TypeVar

import aiohttp
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.base import DeliveryError, FetchError, OpenFile
from bot.channels.fetching import MOST_FILE_BYTES, pour
from bot.channels.pieces import cut, units
from handlers.messages import Button, Reply
from storage.sealed_files import Sink

MOST_UNITS = 4096  # Telegram counts UTF-16 units.
MOST_CAPTION = 1024
T = TypeVar("T")


class Moved(DeliveryError):
    def __init__(self, new_address: int) -> None:
        super().__init__("migrated", permanent=True)
        self.new_address = new_address


class Pace:
    """So many at once, then one every `gap_secs`."""

    def __init__(self, *, burst: int, gap_secs: float) -> None:
        self._gap, self._slack = gap_secs, gap_secs * burst
        self.next_at = 0.0

    async def wait(self) -> None:
        now = time.monotonic()
        self.next_at = max(self.next_at + self._gap, now - self._slack + self._gap)
        if self.next_at > now:
            await asyncio.sleep(self.next_at - now)


class Limits:
    """Telegram's advice: 30 a second in all, about one a second in a chat, 20 a minute in a group. 0 a second is no limit at all,
    for a server of one's own. A 429 that comes all the same is obeyed by delivery."""

    _MOST_CHATS = 10_000

    def __init__(self, per_sec: int) -> None:
        self._all = Pace(burst=per_sec, gap_secs=1 / per_sec) if per_sec else None
        self._chats: dict[int, Pace] = {}

    async def wait(self, chat: int) -> None:
        if self._all is None:
            return
        if chat not in self._chats:
            if len(self._chats) >= self._MOST_CHATS:
                now = time.monotonic()
                self._chats = {one: pace for one, pace in self._chats.items() if pace.next_at > now - 60}
            self._chats[chat] = Pace(burst=5, gap_secs=1.0) if chat > 0 else Pace(burst=20, gap_secs=3.0)
        await self._chats[chat].wait()
        await self._all.wait()


class TelegramSend:
    def __init__(self, bot: Bot, session: aiohttp.ClientSession, *, per_sec: int, open_file: OpenFile) -> None:
        self._bot, self._session, self._limits, self._open_file = bot, session, Limits(per_sec), open_file

    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> str:
        if reply.file:
            await self._send_with_file(int(address), reply)
            return ""
        pieces, name = cut(reply.text, MOST_UNITS), ""
        for place, piece in enumerate(pieces):
            is_last = place == len(pieces) - 1
            await self._limits.wait(int(address))
            keyboard = _keyboard(reply) if is_last else None
            if reply.replaces and len(pieces) == 1 and await self._rewrite(int(address), reply, keyboard):
                return reply.replaces
            if reply.only_rewrites:
                return ""
            try:
                sent = await _translate(self._bot.send_message(int(address), piece, reply_markup=keyboard))
            except Moved as moved:  # A group that has become a supergroup has another id from then on.
                sent = await _translate(self._bot.send_message(moved.new_address, piece, reply_markup=keyboard))
            name = str(sent.message_id)
        return name

    async def _send_with_file(self, chat: int, reply: Reply) -> None:
        """The words under the photo or paper; longer ones than Telegram puts there go before it, and the buttons stay with the last."""
        file = await self._open_file(reply.file)
        if file is None:
            raise DeliveryError("file_gone", permanent=True)
        caption = reply.text
        if units(caption) > MOST_CAPTION:
            await self._limits.wait(chat)
            await _translate(self._bot.send_message(chat, caption))
            caption = ""
        await self._limits.wait(chat)
        given: dict[str, Any] = {"caption": caption or None, "reply_markup": _keyboard(reply)}
        if file.mime.startswith("image/"):
            await _translate(self._bot.send_photo(chat, file.content, filename=f"anh-{reply.file % 100_000:05}.jpg", **given))
        else:
            await _translate(self._bot.send_document(chat, file.content, filename=f"tep-{reply.file % 100_000:05}.pdf", **given))

    async def _rewrite(self, chat: int, reply: Reply, keyboard: Any) -> bool:
        """The question that was answered with a button becomes the next one, so that the chat is not flooded. False: it cannot be
        rewritten any more, and a new message says the same."""
        try:
            await _translate(self._bot.edit_message_text(reply.text, chat_id=chat, message_id=int(reply.replaces), reply_markup=keyboard))
        except DeliveryError as error:
            if str(error) not in ("refused", "unchanged"):
                raise
            return str(error) == "unchanged"  # It was rewritten before, and only the answer was lost.
        return True

    async def fetch(self, source: dict[str, Any], into: Sink) -> None:
        try:
            if int(source.get("size") or 0) > MOST_FILE_BYTES:
                raise FetchError("too_big", permanent=True)
            file = await self._bot.get_file(str(source["file_id"]))
            if not file.file_path:
                raise FetchError("gone", permanent=True)
            await self._download(file.file_path, into)
        except BadRequest as error:
            raise FetchError("too_big" if "too big" in str(error).lower() else "gone", permanent=True) from None
        except (TelegramError, aiohttp.ClientError, TimeoutError, OSError):
            raise FetchError("unreachable") from None

    async def _download(self, address: str, into: Sink) -> None:
        async with self._session.get(address, timeout=aiohttp.ClientTimeout(total=60)) as answer:
            if answer.status != 200:
                # Paths live an hour; a refused one is asked for anew with the next try.
                raise FetchError("unreachable")
            await pour(answer, into, most=MOST_FILE_BYTES)


_SAID_BY_TELEGRAM = {"chat not found": "no_chat", "message is not modified": "unchanged"}


async def _translate(call: Awaitable[T]) -> T:
    """Telegram's errors as ours. The order matters: BadRequest and TimedOut are NetworkErrors too."""
    try:
        return await call
    except RetryAfter as error:
        pause = error.retry_after
        raise DeliveryError("rate", retry_after_secs=pause if isinstance(pause, int | float) else pause.total_seconds()) from None
    except Forbidden:
        raise DeliveryError("blocked", permanent=True) from None
    except ChatMigrated as error:
        raise Moved(error.new_chat_id) from None
    except BadRequest as error:
        known = next((name for said, name in _SAID_BY_TELEGRAM.items() if said in str(error).lower()), "refused")
        raise DeliveryError(known, permanent=True) from None
    except InvalidToken:
        raise DeliveryError("token", retry_after_secs=60) from None
    except (NetworkError, TelegramError):
        raise DeliveryError("unreachable") from None


def _keyboard(reply: Reply) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if reply.asks_place:
        # Only an ordinary keyboard may ask for the position; its other labels work because typed labels do.
        ask = KeyboardButton(reply.place_label, request_location=True)
        rows = [[ask]] + [[KeyboardButton(button.label) for button in row] for row in _rows(reply.buttons)]
        return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    if not reply.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=_stamped(button.data, reply.serial)) for button in row]
            for row in _rows(reply.buttons)
        ]
    )


def _stamped(data: str, serial: int) -> str:
    """Which question a button stands under goes along with the press (`parse.read` takes it off again)."""
    return f"{data}~{serial}" if serial else data


def _rows(buttons: tuple[Button, ...]) -> list[tuple[Button, ...]]:
    """Two beside each other where both labels are short enough to be read whole on a small phone."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and len(rows[-1][0].label) <= 14 and len(button.label) <= 14:
            rows[-1] = (rows[-1][0], button)
        else:
            rows.append((button,))
    return rows
