"""What is printed: that it was is an act, and stands in the history without a word of the paper.

A transfer slip tells nothing of who spoke. Its words are looked through for what could give them away before it is drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from handlers import access
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.insight import names
from handlers.officers import Mistake

Paper = Literal["sheet", "proposal", "slip", "books", "hand_overs"]
MOST_ON_SLIP = 40_000
_AT_ONCE = 15_000  # `names.marks` reads no further than 20,000 signs.


def note_printed(session: Session, act: Act, paper: Paper, *, tip_id: int | None = None) -> None:
    """Raises Mistake where this officer may not read the tip."""
    if tip_id is not None:
        access.check(session, act, tip_id)
    note(session, act, f"printed_{paper}", tip_id=tip_id)


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    exposes: bool = False


def parts_of(text: str) -> list[Part]:
    """The text in parts, each with whether it could give its teller away. However long it is, all of it is looked through."""
    found: list[Part] = []
    for piece in _pieces(text):
        at = 0
        for mark in names.marks(piece):
            found += [Part(piece[at : mark.start]), Part(piece[mark.start : mark.end], True)]
            at = mark.end
        found.append(Part(piece[at:]))
    return [part for part in found if part.text]


def masked(text: str) -> str:
    """Without what could give its teller away."""
    return "".join("…" if part.exposes else part.text for part in parts_of(text))


def for_slip(words: str, *, is_looked_through: bool) -> str:
    """What goes on the slip. Raises Mistake where nothing was written, or where something in it could give the teller away and nobody has
    said that they looked."""
    words = clean(words)
    if not words:
        raise Mistake("slip-empty")
    if len(words) > MOST_ON_SLIP:
        raise Mistake("slip-long")
    if not is_looked_through and any(part.exposes for part in parts_of(words)):
        raise Mistake("slip-exposes")
    return words


def _pieces(text: str) -> Iterator[str]:
    """Cut between sentences or words, so that no name and no number is cut in two."""
    while len(text) > _AT_ONCE:
        cut = max(text.rfind("\n", 0, _AT_ONCE), text.rfind(". ", 0, _AT_ONCE)) + 1 or text.rfind(" ", 0, _AT_ONCE) + 1 or _AT_ONCE
        yield text[:cut]
        text = text[cut:]
    yield text
