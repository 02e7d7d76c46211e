"""The Bot Platform's outgoing half: plain texts with the choices listed under them.

Retrying and order are delivery's; here every refusal becomes one of our errors. Nothing can be rewritten or uploaded there: what an
officer attaches is named, and read on the ward's own page.
"""

from collections import Counter
from collections.abc import Callable

from bot.channels.base import DeliveryError
from bot.channels.lists import Lists, cut_with, listed
from bot.channels.pieces import cut
from bot.channels.zalo_bot.wire import Kind, Wire, ZaloBotError
from handlers import capabilities
from handlers.messages import Reply, Ward
from handlers.texts import say_as
from storage.memory import Memory

_MOST_FAILED = 5  # "Internal server error" may mean that it never will: so often one message is tried with it.
_QUOTA_PAUSE_SECS = 600.0


class ZaloBotSend:
    def __init__(
        self, wire: Wire, memory: Memory, ward: Callable[[], Ward], *, on_outcome: Callable[[Kind | None], None] = lambda _kind: None
    ) -> None:
        """`on_outcome` hears how each send went: None is well."""
        self._wire, self._lists, self._ward, self._on_outcome = wire, Lists(memory, ward), ward, on_outcome
        self._most = capabilities.of("zalo_bot").most_text or 0
        self._failed: Counter[int] = Counter()  # By row of the outbox.

    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> str:
        if reply.only_rewrites:
            return ""  # What was said there stays said.
        name = ""
        for piece in await self._pieces(reply, chat_id):
            try:
                name = await self._say(address, piece, row_id)
            except DeliveryError as error:
                error.partly = bool(name)
                raise
        return name

    async def is_there(self) -> bool:
        try:
            await self._wire.call("getMe")
        except ZaloBotError:
            return False
        return True

    async def _pieces(self, reply: Reply, chat_id: int) -> list[str]:
        if not reply.buttons and not reply.file:
            return cut(reply.text, self._most)
        ward, language = self._ward(), await self._lists.language(chat_id)
        parts = [part for part in (self._of_file(reply, language), listed(reply, ward, language)) if part]
        return cut_with(reply.text, parts, self._most)

    def _of_file(self, reply: Reply, language: str) -> str:
        if not reply.file:
            return ""
        ward = self._ward()
        if ward.public_url:
            return say_as(ward.book, "file-at-web", language, address=ward.public_url)
        return say_as(ward.book, "file-at-desk", language)

    async def _say(self, address: str, text: str, row_id: int) -> str:
        try:
            sent = await self._wire.call("sendMessage", chat_id=address, text=text)
        except ZaloBotError as error:
            self._on_outcome(error.kind)
            raise self._translated(error, row_id) from None
        self._on_outcome(None)
        self._failed.pop(row_id, None)
        return str(sent.get("message_id", "")) if isinstance(sent, dict) else ""

    def _translated(self, error: ZaloBotError, row_id: int) -> DeliveryError:
        match error.kind:
            case "token":
                return DeliveryError("token", retry_after_secs=60)
            case "quota":
                return DeliveryError("quota", retry_after_secs=_QUOTA_PAUSE_SECS)
            case "refused":
                return DeliveryError("refused", permanent=True)
            case "missing":
                return DeliveryError("no_chat", permanent=True)
            case "failed":
                return self._failed_again(row_id)
            case _:
                return DeliveryError("unreachable", maybe_sent=error.was_asked)

    def _failed_again(self, row_id: int) -> DeliveryError:
        if len(self._failed) > 1000:
            self._failed.clear()
        self._failed[row_id] += 1
        is_over = self._failed[row_id] >= _MOST_FAILED
        if is_over:
            del self._failed[row_id]
        return DeliveryError("failed", permanent=is_over, maybe_sent=True)  # An error inside the platform says nothing of how far it came.
