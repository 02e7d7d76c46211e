"""What an officer's phone is told: that something waits, how urgent it is and how long there is. Never a word of what was said."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["tip", "urgent", "urgents", "morning", "roster", "clock", "threat", "door", "proposed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    kind: Kind
    tip_id: int | None = None
    number: str = ""  # As the book writes it, "12/2026"; empty while it stands in none.
    tail: str = ""  # The last four characters of the receipt code.
    is_urgent: bool = False
    category: str = ""  # Its code; empty where it must be hidden. What is delicate is hidden by `officer_chats.ring` as well.
    neighbourhood: str = ""
    left: int | None = None  # Milliseconds until it is due; below nothing once that is over.
    is_reminder: bool = False  # Of a clock card: nothing is late, it is time to ask somebody once more.
    tips: tuple[int, ...] = ()  # Of a list: of the night's, or of urgent ones that are too many for a card each.
    arrived_at: int | None = None  # Shown in a list of urgent ones.
    warning_id: int | None = None  # Of a warning that a leader has proposed; with it who, and for which neighbourhoods.
    leader: str = ""
    areas: str = ""
    shift_id: int | None = None  # Of a roster card: the shift that "Vào ca" takes. None: nobody is on the roster.
