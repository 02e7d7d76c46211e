"""The web chat's speaking half: what delivery puts into the thread, and the bells that make it live."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers.messages import Reply
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import web_thread


class Thread:
    """Webchat's half of a channel that speaks: `send` for delivery, bells for the pages that listen."""

    def __init__(self, memory: Memory, ward_id: Callable[[], int], on_written: Callable[[int], None] | None = None) -> None:
        self._memory, self._ward_id, self._on_written = memory, ward_id, on_written
        self.bells: defaultdict[int, set[asyncio.Event]] = defaultdict(set)

    async def send(self, _address: str, reply: Reply, *, chat_id: int, row_id: int) -> str:
        """Into the thread. The outbox id is the message's client id, so a repeated send adds nothing."""
        body: dict[str, Any] = {
            "text": reply.text,
            "buttons": [{"label": button.label, "data": button.data} for button in reply.buttons],
            "code": reply.code,
            "asks_place": reply.asks_place,
            "quotes": reply.quotes,
        }
        if reply.file:  # Shown only where this thread shows it: see `web_thread.shows_file`.
            body |= {"file": reply.file, "photo" if reply.file_mime.startswith("image/") else "paper": f"/chat/tep/{reply.file}"}
        message_id, now, ward_id, client_id = new_id(), moments.now(), self._ward_id(), f"out:{row_id}"

        def keep(session: Session) -> None:
            if not web_thread.is_known(session, chat_id, client_id, ward_id=ward_id):
                web_thread.add(
                    session, chat_id, message_id=message_id, ward_id=ward_id, direction="out", client_id=client_id, body=body, now=now
                )

        await self._memory.write(keep)
        self.ring(chat_id)
        if self._on_written:
            self._on_written(chat_id)
        return ""

    def ring(self, chat_id: int) -> None:
        for bell in self.bells.get(chat_id, ()):
            bell.set()

    def ring_all(self) -> None:
        for chat_id in list(self.bells):
            self.ring(chat_id)
