"""What the desk may ask of a channel, without knowing which messenger it is."""

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a look at the platform told, just now. Of the token nothing but whether it is good."""

    outcome: Literal["well", "token", "taken", "unreachable"]
    name: str = ""
    link: str = ""


class Door(Protocol):
    @property
    def withheld_count(self) -> int:
        """Messages of which the platform told nothing but that there were some, since the start: nobody could be answered."""
        ...

    async def tried(self) -> Tried:
        """Asks the platform who we are there. Never raises."""
        ...
