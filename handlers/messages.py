"""Our own words for what people say and what we answer. From here on nobody knows which messenger it was."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

IncomingKind = Literal[
    "text",
    "button",
    "photo",
    "video",
    "voice",
    "file",
    "location",
    "contact",
    "sticker",
    "command",
    "edited",
    "joined",
    "left",
    "unreadable",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    kind: IncomingKind
    source: str  # The platform's own id of the message: an edit names it again.
    text: str = ""  # Words, a caption, a command's name or a button's data.
    source_label: str = ""  # What the person saw on the button they pressed.
    latitude: float | None = None
    longitude: float | None = None
    album: str = ""  # Photos sent together carry the same name here.
    in_group: bool = False  # A group spoke to us; of what it said only the kind was kept.
    names: dict[str, str] = field(default_factory=dict)  # What the platform knows of the person: only while a name is being given.
    file: dict[str, Any] | None = None  # How the channel finds the bytes again.
    sent_at: int = 0


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: str
    buttons: tuple[Button, ...] = ()
    asks_place: bool = False
    place_label: str = ""  # On the button that sends the position, where a channel has one.
    code: str | None = None  # A receipt: the channel may show it large.

    def as_row(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Reply":
        return cls(**{**row, "buttons": tuple(Button(**button) for button in row["buttons"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """What a flow may know of its ward."""

    id: int
    name: str
    duty_phone: str
    files_wait: bool = False  # The disk is nearly full: files stay at their platform for now.
    is_closed: bool = False  # Restored from a copy, and nobody has said yet that the old machine is off.
    custodians: int = 0  # So many people keep a key to names. With none, no name is taken.

    @property
    def called(self) -> str:
        """The name with the blank before it, so that a ward without one still makes a sentence."""
        return f" {self.name}" if self.name else ""

    @property
    def is_trial(self) -> bool:
        return not self.duty_phone

    @property
    def answers_platforms(self) -> bool:
        """Whether messengers' messages are taken. They keep what comes meanwhile."""
        return not self.is_trial and not self.is_closed


@dataclass(frozen=True, slots=True)
class Change:
    """A wish: something that happens to tips in the same transaction as the answer. See `handlers.tips.apply`."""

    what: Literal[
        "open", "say", "correct", "retell", "attach", "drop_photos", "place", "category", "drop", "send", "name", "callback", "mask", "cut"
    ]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Decision:
    state: dict[str, Any]
    replies: list[Reply] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    language: str = "vi"
