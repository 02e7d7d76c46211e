"""What an officer is shown when something rings: what it is and how urgent, never a word of what was said."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["tip", "urgent", "morning", "roster", "clock", "threat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    kind: Kind
    tip_id: int | None = None
    number: str = ""  # In its book, once it stands there.
    tail: str = ""  # The last four characters of the code.
    is_urgent: bool = False
    category: str = ""  # Its code; empty where it must not be seen.
    neighbourhood: str = ""
    left: int | None = None  # Milliseconds to the nearest of its clocks.
    tips: tuple[int, ...] = ()  # Of a list.
