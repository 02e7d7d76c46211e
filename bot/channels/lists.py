"""The choices as lines under the words, where nothing can be pressed. What is typed from them, the conversation takes like a press."""

import re
from collections.abc import Callable

from sqlmodel import Session, col, select

from bot.channels.pieces import cut, units
from handlers.messages import Reply, Ward
from handlers.texts import say_as
from storage.memory import Memory
from storage.tables import Chat

_COUNTED = re.compile(r"^\d · ")


class Lists:
    def __init__(self, memory: Memory, ward: Callable[[], Ward]) -> None:
        self._memory, self._ward = memory, ward

    async def language(self, chat_id: int) -> str:
        return await self._memory.read(lambda session: _language(session, chat_id))

    async def under(self, reply: Reply, chat_id: int) -> str:
        return listed(reply, self._ward(), await self.language(chat_id))


def listed(reply: Reply, ward: Ward, language: str) -> str:
    """By number; or by their words alone, where a number would be an answer."""
    if not reply.buttons:
        return ""
    if reply.numbered:
        lines = [f"{number}. {button.label}" for number, button in enumerate(reply.buttons, 1)]
    else:
        lines = [f"• {_COUNTED.sub('', button.label)}" for button in reply.buttons]
    head = say_as(ward.book, "choose-number" if reply.numbered else "choose-words", language)
    return "\n".join((head, *lines))


def cut_with(text: str, parts: list[str], most: int) -> list[str]:
    """A list is never torn: whoever reads "3" must see what 3 is."""
    pieces = cut(text, most)
    for part in parts:
        if pieces and units(pieces[-1]) + 2 + units(part) <= most:
            pieces[-1] = f"{pieces[-1]}\n\n{part}"
        else:
            pieces += cut(part, most)
    return pieces


def _language(session: Session, chat_id: int) -> str:
    return session.execute(select(col(Chat.language)).where(col(Chat.id) == chat_id)).scalar_one_or_none() or "vi"
