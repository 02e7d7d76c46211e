"""Who of those the ladder calls can be reached now, by what, and until when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlmodel import Session

from handlers import duty, windows
from handlers.ladder import HEARD_WITHIN
from storage import moments
from storage.queries import duty as duty_rows
from storage.queries import officer_chats, reach

HERE_WITHIN = 5 * moments.MINUTE  # Hands were on a page so lately: somebody sits there.
# Until when a channel lets us write to somebody who last spoke at this moment; None: for ever. A channel that is not named has no end.
Window = Callable[[int], int | None]
WINDOWS: Mapping[str, Window] = MappingProxyType({"zalo_oa": lambda spoke_at: spoke_at + windows.FREE_FOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    officer_id: int
    parts: tuple[str, ...]  # duty, second, commander, chief.
    until: int | None  # The end of the shift; None: a chief is called at any hour.
    seen_at: int | None  # When hands were last on a page of theirs that is still signed in.
    is_here: bool
    is_locked: bool  # Every such page.
    can_hear: bool  # A page that can sound is open, locked or not.
    channel: str  # Of the linked phone; empty: none.
    has_failed: bool  # The last message to it did not arrive.
    chat_until: int | None  # None: without an end.
    is_chat_over: bool

    @property
    def has_phone(self) -> bool:
        return bool(self.channel) and not self.has_failed and not self.is_chat_over

    @property
    def is_reachable(self) -> bool:
        return self.can_hear or self.has_phone


def chat_until(channel: str, spoke_at: int, known: Mapping[str, Window] = WINDOWS) -> int | None:
    window = known.get(channel)
    return window(spoke_at) if window else None


def people(session: Session, ward_id: int, *, now: int, known: Mapping[str, Window] = WINDOWS) -> list[Person]:
    """In the order in which they are called; each once."""
    who, shifts = duty.on_duty(session, ward_id, now), duty_rows.running(session, ward_id, now)
    parts: dict[int, list[str]] = {}
    on_shift = (("duty", who.duty), ("second", who.second), ("commander", who.commander)) if not who.is_empty else ()
    for part, officer_id in (*on_shift, *(("chief", chief) for chief in who.chiefs)):
        if officer_id is not None:
            parts.setdefault(officer_id, []).append(part)
    crews = [(shift.ends_at, (shift.holder, shift.crew.second_id, shift.crew.commander_id)) for shift in reversed(shifts)]
    ends = {one: ends_at for ends_at, crew in crews for one in crew if one}
    browsers, chats = reach.browsers(session, ward_id, now=now), reach.chats(session, ward_id)
    failed = {one.link.officer_id for one in officer_chats.all_seen(session, ward_id) if one.status == "failed"}
    found = []
    for officer_id, named in parts.items():
        own, chat = [one for one in browsers if one.officer_id == officer_id], chats.get(officer_id)
        seen_at = max((one.seen_at for one in own), default=None)
        end = chat_until(chat.channel, chat.spoke_at, known) if chat else None
        found.append(
            Person(
                officer_id=officer_id,
                parts=tuple(named),
                until=ends.get(officer_id) if named != ["chief"] else None,
                seen_at=seen_at,
                is_here=any(not one.is_locked and now - one.seen_at < HERE_WITHIN for one in own),
                is_locked=bool(own) and all(one.is_locked for one in own),
                can_hear=any(one.heard_at is not None and abs(now - one.heard_at) < HEARD_WITHIN for one in own),
                channel=chat.channel if chat else "",
                has_failed=officer_id in failed,
                chat_until=end,
                is_chat_over=end is not None and end <= now,
            )
        )
    return found
