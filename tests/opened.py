"""What stands in a house's tables, with sealed cells opened the way the house itself opens them."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.forgetting import Forgetting
from bot.runtime import Running
from storage import tables
from storage.memory import Memory
from storage.queries import tips
from storage.queries.rings import chat_ring, tip_ring
from storage.vault import Place


def _place(session: Session, row: Any) -> dict[str, Any]:
    return tips.open_place(tips.ring_of(session, row), row)


def _chat(session: Session, chat_id: int, sealed: bytes | None, place: Place) -> str | None:
    return chat_ring(session, chat_id).open_text(sealed, place) if sealed else None


_OPENED: dict[tuple[Any, str], Callable[[Session, Any], Any]] = {
    (tables.Piece, "words"): lambda session, row: tips.open_words(tip_ring(session, row.tip_id), row),
    (tables.Tip, "place_text"): lambda session, row: _place(session, row)["text"],
    (tables.Tip, "latitude"): lambda session, row: _place(session, row)["latitude"],
    (tables.Tip, "longitude"): lambda session, row: _place(session, row)["longitude"],
    (tables.Tip, "code"): lambda session, row: _chat(session, row.chat_id, row.code, tips.code_place(row.id)),
    (tables.Attachment, "sha256"): lambda session, row: tips.open_sha256(tip_ring(session, row.tip_id), row),
    (tables.Attachment, "file_key"): lambda session, row: tip_ring(session, row.tip_id).open(row.file_key, tips.file_key_place(row.id)),
    (tables.Chat, "state"): lambda session, row: _chat(session, row.id, row.state, Place("chats", "state", row.id)),
    (tables.Chat, "address"): lambda session, row: _chat(session, row.id, row.address, Place("chats", "address", row.id)),
}


async def opened(memory: Memory, table: Any, *names: str) -> list[tuple[Any, ...]]:
    def read(session: Session) -> list[tuple[Any, ...]]:
        found = session.execute(select(table).order_by(table.id)).scalars()
        return [tuple(_value(session, table, row, name) for name in names) for row in found]

    return await memory.read(read)


def _value(session: Session, table: Any, row: Any, name: str) -> Any:
    opener = _OPENED.get((table, name))
    return opener(session, row) if opener else getattr(row, name)


async def rows(house: Running, table: Any, *names: str) -> list[tuple[Any, ...]]:
    return await opened(house.memory, table, *names)


async def photos_done(house: Running, many: int) -> list[tuple[Any, ...]]:
    for _ in range(200):
        found = await rows(house, tables.Attachment, "status", "note", "width", "work")
        if len(found) == many and all(row[0] != "waiting" for row in found):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"photos still wait: {found}")


@contextmanager
def nothing_forgotten_meanwhile() -> Iterator[None]:
    """A house whose clock was moved forgets by itself what is due, and might be first."""

    async def rest(_forgetting: Forgetting) -> None:
        pass

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Forgetting, "forget", rest)
        yield
