"""Our own words for what people say and what we answer. From here on nobody knows which messenger it was."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from handlers.ward_book import WardBook

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
    "withdrawn",  # The person asked the platform, not us, that what is known of them goes.
    "deleted",  # The person took a message back, where a platform tells.
    "idle",  # Nobody wrote anything: the clock says that a silence is over (`Decision.wake`).
]


WITHHELD = "withheld"  # The text of what is unreadable because the platform itself hands nothing over.


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    kind: IncomingKind
    source: str  # The platform's own id of the message: an edit names it again.
    text: str = ""  # Words, a caption, a command's name or a button's data.
    payload: str = ""  # Behind a command: what a link carried, as `o-CODE` does for a place.
    source_label: str = ""  # What the person saw on the button they pressed.
    latitude: float | None = None
    longitude: float | None = None
    album: str = ""  # Photos sent together carry the same name here.
    in_group: bool = False  # A group spoke to us; of what it said only the kind was kept.
    # Of a group, and nothing that anybody said there: `code` that links it, `event` (joined, lost, muted, well, renamed, moved), `title`,
    # `to` (its new address).
    group: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # What the platform knows of the person: only while a name is being given.
    file: dict[str, Any] | None = None  # How the channel finds the bytes again.
    sent_at: int = 0
    under: str = ""  # The platform's name of our message that the pressed button stands under.
    serial: int = 0  # Which of our questions that button belongs to.
    is_from_busy_network: bool = False  # Very many chats were opened from there today.


_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


def file_kind(mime: str) -> Literal["photo", "video", "voice", "file"]:
    """What the browser calls it. What it really is, the media queue finds out from its content."""
    kinds: dict[str, Literal["photo", "video", "voice"]] = {"image": "photo", "video": "video", "audio": "voice"}
    return kinds.get(mime.split("/")[0], "file")


def link_payload(typed: str) -> str:
    """What Telegram lets a link carry, and we too; anything else was not ours and is nothing."""
    return typed if _PAYLOAD.fullmatch(typed) else ""


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
    serial: int = 0  # Travels with the buttons, so that a press tells which question it answers.
    quotes: bool = False  # It repeats what the person said: it goes when they take something back.
    file: int = 0  # A photo or paper from the desk that goes along: the row of `attachments`.
    file_mime: str = ""
    card: int = 0  # The picture of this warning goes along, where the channel shows pictures. Below nought: of a draft that is being tried.
    replaces: str = ""  # This message of ours may be rewritten instead of adding one more, where the channel can.
    only_rewrites: bool = False  # What cannot be rewritten any more is left as it is.
    numbered: bool = False  # Where there are no buttons: a typed number chooses. Else a number is an answer, and only the words choose.

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
    is_demo: bool = False  # Everybody and everything in it is made up: it reaches no platform, and every page says so.
    is_closed: bool = False  # Restored from a copy, and nobody has said yet that the old machine is off.
    address: str = ""  # Where people come in person.
    superior: str = ""  # Where people turn with what concerns the ward police themselves: the superior police, with address and phone.
    unit: str = ""  # The police unit as it stands on papers. Empty: made of the name.
    province: str = ""  # The line above it on papers.
    keepers: int = 0  # So many people of the superior police read fenced tips. With none, none is taken.
    custodians: int = 0  # So many people keep a key to names. With none, no name is taken.
    public_url: str = ""  # Where this house is reached from outside, without the last stroke. Empty: nobody said.
    book: WardBook = field(default_factory=WardBook)

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
        "open",
        "say",
        "correct",
        "retract",
        "withdraw",
        "unsay",
        "retell",
        "attach",
        "drop_photos",
        "place",
        "category",
        "restrict",
        "danger",
        "safe",
        "drop",
        "send",
        "name",
        "callback",
        "mask",
        "cut",
        "read_notices",
        "settle_question",
        "appeal",
        "rate",
        "count_procedure",
        "group_link",
        "group_event",
        "subscribe",
        "unsubscribe",
    ]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DutyAct:
    """A wish of an officer or a leader in their own chat app, done in the transaction of the answer. See `handlers.duty_acts.apply`."""

    what: Literal["link", "unlink", "accept", "answer", "ask", "call_commander", "take_shift", "posted", "not_posted", "propose_warning"]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wake:
    """When silence itself becomes news. Every decision sets it anew; none means that silence says nothing."""

    at: int
    reason: Literal["urgent", "remind"]


@dataclass(slots=True, kw_only=True)
class Decision:
    state: dict[str, Any]
    replies: list[Reply] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    acts: list[DutyAct] = field(default_factory=list)
    language: str = "vi"
    wake: Wake | None = None
    has_left: bool = False  # A quick exit, or the bot was blocked: nobody is there to read.
