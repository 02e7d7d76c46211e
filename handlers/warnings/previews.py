"""What a warning will look like in each place it goes to: which picture, which words under it, and where longer words are parted.

The doors decide when they send; here the same rules are told beforehand, by values, and a test holds both to one another.
"""

from dataclasses import dataclass
from typing import Literal

from handlers import capabilities
from handlers.messages import Ward
from handlers.pieces import cut, units
from handlers.warnings.card import Shape
from handlers.warnings.content import Content, Posted, as_posted

Place = Literal["telegram", "zalo_oa", "zalo_group", "zalo_bot", "pasted", "web"]
MOST_CAPTION = 1024  # Telegram, under a picture, in UTF-16 units.


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One bubble: a picture with what stands under it, or words alone."""

    picture: Shape | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`zalo_oa` is a chat with one person, `zalo_group` a group of the account; `pasted` is any group, by a leader's own thumb."""

    place: Place
    messages: tuple[Message, ...]

    @property
    def is_parted(self) -> bool:
        """Whether the words themselves come in more than one bubble."""
        return sum(bool(message.text) for message in self.messages) > 1

    @property
    def has_picture(self) -> bool:
        return any(message.picture for message in self.messages)


def previews(content: Content, posted: Posted, ward: Ward, *, has_card: bool = True) -> tuple[Preview, ...]:
    """`has_card`: whether pictures go along."""
    text = as_posted(content, posted, ward)
    picture = (Message(picture="tall"),) if has_card else ()
    return (
        Preview(place="telegram", messages=_on_telegram(text, has_card=has_card)),
        Preview(place="zalo_oa", messages=picture + _words("zalo_oa", text)),  # The button goes with words alone: the picture before them.
        Preview(place="zalo_group", messages=_words("zalo_oa", text)),  # What a group takes besides words is said nowhere.
        Preview(place="zalo_bot", messages=_words("zalo_bot", text)),  # Takes no picture of ours.
        Preview(place="pasted", messages=(*picture, Message(text=text))),
        Preview(place="web", messages=_words("webchat", text)),
    )


def _on_telegram(text: str, *, has_card: bool) -> tuple[Message, ...]:
    if has_card and units(text) <= MOST_CAPTION:
        return (Message(picture="tall", text=text),)
    return ((Message(picture="tall"),) if has_card else ()) + _words("telegram", text)


def _words(channel: str, text: str) -> tuple[Message, ...]:
    most = capabilities.of(channel).most_text
    return tuple(Message(text=piece) for piece in (cut(text, most) if most else [text]))
