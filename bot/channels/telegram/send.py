"""Telegram's outgoing half: answers with buttons, cut to its limits, and the files people sent.

Retrying and order are delivery's; here every refusal becomes one of our two errors.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, KeyboardButton, Message, ReplyKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.base import ORDINARY, WARNING, DeliveryError, FetchError, OpenFile, Turn, may_have_gone, no_card, rank
from bot.channels.fetching import MOST_FILE_BYTES, pour
from bot.channels.pieces import cut, units
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.wire import NeverAsked
from handlers.messages import Button, Reply
from storage.sealed_files import Sink

log = logging.getLogger("keng.telegram")
MOST_UNITS = 4096  # Telegram counts UTF-16 units.
MOST_CAPTION = 1024
_MOST_CARDS = 200
T = TypeVar("T")


class Moved(DeliveryError):
    def __init__(self, new_address: int) -> None:
        super().__init__("migrated", permanent=True)
        self.new_address = new_address


class TelegramSend:
    def __init__(
        self,
        bot: Bot,
        session: aiohttp.ClientSession,
        *,
        limits: Limits | None,
        open_file: OpenFile,
        open_card: OpenFile = no_card,
        on_moved: Callable[[int, int], Awaitable[None]] | None = None,
    ) -> None:
        """`limits`: none for a server of one's own. `on_moved` hears of our chat, and of its new id there."""
        self._bot, self._session, self._limits, self._open_file = bot, session, limits, open_file
        self._open_card, self._on_moved = open_card, on_moved
        self._cards: dict[int, str] = {}  # By warning: how Telegram calls its picture.

    async def turn(self, chat_id: int, *, is_group: bool) -> tuple[Turn | None, float]:
        if self._limits is None:
            return _NO_TURN, 0.0
        return await self._limits.turn(chat_id, is_group=is_group, rank=WARNING)

    async def is_there(self) -> bool:
        try:
            await self._bot.get_me()
        except TelegramError:
            return False
        return True

    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> str:
        may_have_gone.set(False)
        to = _To(int(address), chat_id, has_turn=rank.get() == WARNING)
        if reply.card and (card := await self._card(reply.card)) is not None:
            return await self._send_card(to, reply, card)
        if reply.file:
            await self._send_with_file(to, reply)
            return ""
        return await self._send_text(to, reply)

    async def _send_text(self, to: "_To", reply: Reply) -> str:
        pieces, name = cut(reply.text, MOST_UNITS), ""
        for place, piece in enumerate(pieces):
            is_last = place == len(pieces) - 1
            await self._wait(to)
            keyboard = _keyboard(reply) if is_last else None
            if reply.replaces and len(pieces) == 1 and await self._rewrite(to.id, reply, keyboard):
                return reply.replaces
            if reply.only_rewrites:
                return ""
            sent = await self._say(to, piece, keyboard)
            name = str(sent.message_id)
        return name

    async def _say(self, to: "_To", text: str, keyboard: Any) -> Message:
        return await self._call(to, lambda chat: self._bot.send_message(chat, text, reply_markup=keyboard))

    async def _wait(self, to: "_To") -> None:
        if to.has_turn:  # It was waited for before this was begun.
            to.has_turn = False
        elif self._limits is not None:
            await self._limits.wait(to.chat_id, is_group=to.id < 0, rank=min(rank.get(), ORDINARY))

    async def _call(self, to: "_To", call: Callable[[int], Awaitable[T]]) -> T:
        """A group that has become a supergroup has another id from then on: the same goes there, and so does all that follows."""
        try:
            try:
                sent = await _translate(call(to.id))
            except Moved as moved:
                to.id = moved.new_address
                sent = await _translate(call(to.id))
                to.is_moved = True
        except DeliveryError as error:
            error.partly = to.told > 0
            raise
        to.told += 1
        if to.is_moved and self._on_moved is not None:
            to.is_moved = False
            try:
                await self._on_moved(to.chat_id, to.id)
            except Exception as error:  # It went; the next one finds the way in the same manner.
                log.error("move_not_kept", extra={"chat": to.chat_id, "error": type(error).__name__})
        return sent

    async def _card(self, warning_id: int) -> "str | InputFile | None":
        """As Telegram calls it, once it has it; None where nothing is drawn."""
        if warning_id in self._cards:
            return self._cards[warning_id]
        file = await self._open_card(warning_id)
        return InputFile(file.content, filename="canh-bao.png" if file.mime == "image/png" else "canh-bao.jpg") if file else None

    async def _send_card(self, to: "_To", reply: Reply, card: "str | InputFile") -> str:
        """The words under the picture; longer ones than Telegram puts there follow it, with the buttons. Both are one message of ours: what
        becomes of the second is what became of it."""
        fits = units(reply.text) <= MOST_CAPTION
        given: dict[str, Any] = {"caption": reply.text, "reply_markup": _keyboard(reply)} if fits else {}
        await self._wait(to)
        sent = await self._call(to, lambda chat: self._bot.send_photo(chat, card, **given))
        if sent.photo and reply.card > 0:  # Of a draft the next one is another picture.
            if len(self._cards) > _MOST_CARDS:
                self._cards.clear()
            self._cards[reply.card] = sent.photo[-1].file_id
        return str(sent.message_id) if fits else await self._send_text(to, reply)

    async def _send_with_file(self, to: "_To", reply: Reply) -> None:
        """The words under the photo or paper; longer ones than Telegram puts there go before it, and the buttons stay with the last."""
        file = await self._open_file(reply.file)
        if file is None:
            raise DeliveryError("file_gone", permanent=True)
        caption = reply.text
        if units(caption) > MOST_CAPTION:
            await self._wait(to)
            await self._call(to, lambda chat: self._bot.send_message(chat, reply.text))
            caption = ""
        await self._wait(to)
        given: dict[str, Any] = {"caption": caption or None, "reply_markup": _keyboard(reply)}
        if file.mime.startswith("image/"):
            name = f"anh-{reply.file % 100_000:05}.jpg"
            await self._call(to, lambda chat: self._bot.send_photo(chat, file.content, filename=name, **given))
        else:
            name = f"tep-{reply.file % 100_000:05}.pdf"
            await self._call(to, lambda chat: self._bot.send_document(chat, file.content, filename=name, **given))

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


@dataclass(slots=True)
class _To:
    """To whom one message of ours goes, in however many pieces."""

    id: int  # As Telegram calls them.
    chat_id: int
    has_turn: bool = False
    told: int = 0
    is_moved: bool = False


class _NoTurn:
    async def use(self) -> None:
        """Nobody waits."""

    def give_back(self) -> None:
        """Nobody waits."""


_NO_TURN = _NoTurn()
_SAID_BY_TELEGRAM = {
    "chat not found": "no_chat",
    "message is not modified": "unchanged",
    "not enough rights": "muted",
    "have no rights to send": "muted",
    "chat_write_forbidden": "muted",
}


async def _translate(call: Awaitable[T]) -> T:
    """Telegram's errors as ours. The order matters: BadRequest and TimedOut are NetworkErrors too."""
    may_have_gone.set(True)
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
    except NeverAsked:
        raise DeliveryError("unreachable") from None
    except (NetworkError, TelegramError):  # It timed out, broke off, or failed inside Telegram: it may have been taken before.
        raise DeliveryError("unreachable", maybe_sent=True) from None


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
