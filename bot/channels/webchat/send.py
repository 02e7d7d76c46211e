"""The thread of a web chat: what delivery puts there, what the page shows, and the bells that make it live."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from handlers.messages import Reply
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries.rings import chat_ring
from storage.quick import Quick, insert
from storage.tables import WebMessage
from storage.tables.columns import table_of
from storage.vault import Place

THREAD_SHOWN = 200
_MESSAGES = table_of(WebMessage)
_KNOWN = Quick("SELECT id FROM web_messages WHERE chat_id = :chat_id AND client_id = :client_id")
_NEXT_SEQ = Quick("UPDATE chats SET thread_seq = thread_seq + 1 WHERE id = :chat_id RETURNING thread_seq")
_INSERT = insert("web_messages", "id", "ward_id", "chat_id", "seq", "direction", "client_id", "body", "created_at")
_THREAD = (
    select(_MESSAGES.c.id, _MESSAGES.c.seq, _MESSAGES.c.direction, _MESSAGES.c.client_id, _MESSAGES.c.body, _MESSAGES.c.created_at)
    .where(_MESSAGES.c.chat_id == bindparam("chat_id"), _MESSAGES.c.seq > bindparam("after"))
    .order_by(_MESSAGES.c.seq.desc())
    .limit(THREAD_SHOWN)
)


class Thread:
    """Webchat's half of a channel that speaks: `send` for delivery, bells for the pages that listen."""

    def __init__(self, memory: Memory, ward_id: Callable[[], int], on_written: Callable[[int], None] | None = None) -> None:
        self._memory, self._ward_id, self._on_written = memory, ward_id, on_written
        self.bells: defaultdict[int, set[asyncio.Event]] = defaultdict(set)

    async def send(self, _address: str, reply: Reply, *, chat_id: int, row_id: int) -> None:
        """Into the thread. The outbox id is the message's client id, so a repeated send adds nothing."""
        body = {
            "text": reply.text,
            "buttons": [{"label": button.label, "data": button.data} for button in reply.buttons],
            "code": reply.code,
            "asks_place": reply.asks_place,
        }
        message_id, now, ward_id, client_id = new_id(), moments.now(), self._ward_id(), f"out:{row_id}"

        def keep(session: Session) -> None:
            if _KNOWN.run(session, chat_id=chat_id, client_id=client_id).fetchone() is None:
                add(session, chat_id, message_id=message_id, ward_id=ward_id, direction="out", client_id=client_id, body=body, now=now)

        await self._memory.write(keep)
        self.ring(chat_id)
        if self._on_written:
            self._on_written(chat_id)

    def ring(self, chat_id: int) -> None:
        for bell in self.bells.get(chat_id, ()):
            bell.set()

    def ring_all(self) -> None:
        for chat_id in list(self.bells):
            self.ring(chat_id)


def add(
    session: Session, chat_id: int, *, message_id: int, ward_id: int, direction: str, client_id: str, body: dict[str, Any], now: int
) -> int:
    """The place in the thread is counted in the chat's row, so places become visible in their order."""
    seq = int(_NEXT_SEQ.run(session, chat_id=chat_id).fetchone()[0])
    _INSERT.run(
        session,
        id=message_id,
        ward_id=ward_id,
        chat_id=chat_id,
        seq=seq,
        direction=direction,
        client_id=client_id,
        body=chat_ring(session, chat_id).seal_json(body, _body_place(message_id)),
        created_at=now,
    )
    return seq


def thread(session: Session, chat_id: int, *, after: int, language: str) -> list[dict[str, Any]]:
    rows = session.execute(_THREAD, {"chat_id": chat_id, "after": after}).all()
    if not rows:
        return []
    ring = chat_ring(session, chat_id)
    return [
        {
            "seq": str(row.seq),
            "direction": row.direction,
            "client_id": row.client_id,
            "clock": moments.clock_face(row.created_at),
            "day": moments.day_name(row.created_at, language),
            "photo": None,
            **ring.open_json(row.body, _body_place(row.id)),
        }
        for row in reversed(rows)
    ]


def _body_place(message_id: int) -> Place:
    return Place("web_messages", "body", message_id)


def clear(session: Session, chat_id: int) -> None:
    """Quick exit: the thread goes at once; the state and an unsent draft follow in the chat's lane."""
    session.execute(delete(_MESSAGES).where(_MESSAGES.c.chat_id == chat_id))
