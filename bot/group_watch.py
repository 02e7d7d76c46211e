"""Asks the platforms about the groups in which we stand: once a day, and at once where one said that something changed.

No platform tells how many people are in a group, and none tells a bot that everybody there was muted; a group that was lost while
we were away says nothing either.
"""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers.doors import GroupLook, LooksAtGroups
from handlers.warnings import groups
from storage import moments
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory
from storage.queries import groups as rows
from storage.queries.groups import ToLookAt

_MOST_AT_ONCE = 20  # Three calls each at Telegram: far from its limits, and a beat never lasts long.


class GroupWatch:
    def __init__(self, memory: Memory, keyed: Keyed, platforms: Callable[[], dict[str, Any]], ward_id: Callable[[], int]) -> None:
        """`platforms`: the doors that are on, by channel."""
        self._memory, self._keyed, self._platforms, self._ward_id = memory, keyed, platforms, ward_id

    async def beat(self) -> None:
        doors = {channel: door for channel, door in self._platforms().items() if isinstance(door, LooksAtGroups) and not door_is_shut(door)}
        if not doors:
            return
        ward_id, before, channels = self._ward_id(), moments.now() - moments.DAY, tuple(doors)
        due = await self._memory.read(
            lambda session: rows.to_look_at(session, ward_id, channels=channels, before=before, most=_MOST_AT_ONCE)
        )
        for one in due:
            look = await doors[one.channel].look_at_group(one.address)
            if look is not None:
                await self._keep(ward_id, one, look)

    async def _keep(self, ward_id: int, one: ToLookAt, look: GroupLook) -> None:
        ids, now = (new_id(), new_id()), moments.now()
        moved = {"address": look.moved_to, "chat_hash": self._keyed.hash("chat", one.channel, look.moved_to)}

        def keep(session: Session) -> None:
            if look.moved_to:
                groups.heard(session, ward_id, one.chat_id, now, {"event": "moved", "history_id": ids[0], **moved})
            elif look.is_gone:
                groups.heard(session, ward_id, one.chat_id, now, {"event": "lost", "history_id": ids[0]})
            else:
                told: dict[str, Any] = {"title": look.title, "members": look.members, "may_write": look.may_write}
                groups.looked(session, ward_id, one.group_id, **told, history_ids=ids, now=now)

        await self._memory.write(keep, chore=True)


def door_is_shut(door: Any) -> bool:
    """One that the platform does not let in would ask in vain."""
    return bool(getattr(door, "shut", ""))
