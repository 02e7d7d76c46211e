"""What the desk may ask of a channel, without knowing which messenger it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from sqlmodel import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a look at the platform told, just now. Of the token nothing but whether it is good."""

    outcome: Literal["well", "token", "taken", "unreachable"]
    name: str = ""
    link: str = ""


class Door(Protocol):
    @property
    def link(self) -> str:
        """Where people find us there; empty while nobody knows."""
        ...

    @property
    def withheld_count(self) -> int:
        """Messages of which the platform told nothing but that there were some, since the start: nobody could be answered."""
        ...

    async def tried(self) -> Tried:
        """Asks the platform who we are there. Never raises."""
        ...


@runtime_checkable
class TellsWhatItHears(Protocol):
    """A door that is brought everything, and cannot ask its platform whether that is still so (`handlers/silence.py`)."""

    @property
    def heard_at(self) -> int:
        """When this process last heard anything there that was surely the platform's; 0 for never."""
        ...

    @property
    def receipt_count(self) -> int:
        """How many receipts of our own messages this process has heard."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLook:
    """What a platform tells of a group of ours. `moved_to`: it goes on under this address."""

    is_gone: bool = False  # We are not in it any more, or it is over.
    moved_to: str = ""
    title: str = ""
    members: int | None = None
    may_write: bool = True


@runtime_checkable
class LooksAtGroups(Protocol):
    """A platform that can be asked about a group in which we stand."""

    async def look_at_group(self, address: str) -> GroupLook | None:
        """None: it could not be asked just now, and nothing is known. Never raises."""
        ...


Permitted = Literal["well", "old", "refused", "unreachable"]


@runtime_checkable
class NeedsPermission(Protocol):
    """A platform at which somebody has to allow this house to speak, in their own browser."""

    async def ask_permission(self, back: str) -> str:
        """Where that browser is sent. `back`: our page to which the platform sends it again."""
        ...

    async def permitted(self, *, nonce: str, code: str, then: Callable[[Session], None]) -> Permitted:
        """The browser is back. `then` is done in the very transaction that takes the permission. Never raises for what stands in its
        address."""
        ...
