"""What each channel can carry. The conversation offers nothing that the channel at hand could not bring over; the doors keep the limits.

A channel that is not named here can do everything, as the web page can.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    most_buttons: int | None = None  # None: as many as are offered. 0: none at all, and the choices stand as a list under the words.
    sends_place: bool = True  # A person can send where they are.
    sends_any_file: bool = True  # Video and papers come through too, not photos and voice alone.
    takes_files: bool = True  # What an officer attaches can be sent there.
    edits: bool = False  # A message of ours can be rewritten.
    most_text: int | None = None  # Signs in one message of ours.

    @property
    def has_buttons(self) -> bool:
        return self.most_buttons != 0

    @property
    def lists(self) -> bool:
        """Whether choices may come as lines, always or where there are too many for buttons: what is typed from them chooses."""
        return self.most_buttons is not None


_OF = {
    "webchat": Capabilities(),
    "telegram": Capabilities(edits=True, most_text=4096),
    "zalo_oa": Capabilities(most_buttons=5, most_text=1900),
    "zalo_visitor": Capabilities(most_buttons=0, sends_place=False, most_text=1900),
    "zalo_bot": Capabilities(most_buttons=0, sends_place=False, sends_any_file=False, takes_files=False, most_text=1900),
}
_EVERYTHING = Capabilities()


def of(channel: str) -> Capabilities:
    return _OF.get(channel, _EVERYTHING)


# -- without buttons -----------------------------------------------------------------------------------------------------------

# Our sentences, and a ward's own, speak of pressing. Where nothing can be pressed the same sentence speaks of typing.
_TYPED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\bbấm (?:một )?nút (?:ở )?dưới(?: đây)?,? hoặc gõ\b", "gõ"),
        (r"\bbấm một nút, hoặc gõ\b", "gõ"),
        (r"\bbấm (?:một )?nút (?:ở )?dưới(?: đây)?", "gõ một dòng dưới đây"),
        (r"\bbấm\b", "gõ"),
        (r"\bBấm\b", "Gõ"),
        (r"\bpress (?:the button|one of the buttons|a button)(?: below)?,? or (type|write)\b", r"\1"),
        (r"\bpress (?:the button|one of the buttons|a button) below", "type one of the lines below"),
        (r"\b[Oo]ne of the buttons below\b", "One of the lines below"),
        (r"\bpress\b", "type"),
        (r"\bPress\b", "Type"),
    )
)


def typed(say: Callable[..., str], values: dict[str, Any]) -> str:
    """The sentence for who cannot press. What people said themselves stands in it as they said it."""
    marks = {name: f"\ue002{number}\ue003" for number, name in enumerate(sorted(values)) if _changes(values[name])}
    text = _instead(say(**{**values, **marks}))
    for name, mark in marks.items():
        text = text.replace(mark, values[name])
    return text


def _changes(value: Any) -> bool:
    return isinstance(value, str) and _instead(value) != value


def _instead(text: str) -> str:
    for pattern, instead in _TYPED:
        text = pattern.sub(instead, text)
    return text
