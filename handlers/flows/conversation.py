"""One step of one chat: reads the state, gathers answers and changes, hands back a Decision.

The flows beside this file are plain functions over it: nothing here or there reads a clock, draws a random number or touches
the database.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from handlers import capabilities
from handlers.capabilities import Capabilities
from handlers.insight import catalogue
from handlers.insight.catalogue import Category
from handlers.insight.categories import recognise
from handlers.messages import Button, Change, Decision, Incoming, Reply, Wake, Ward
from handlers.texts import for_readers, say_as
from handlers.ward_book import Procedure
from handlers.warnings.checking import Checked
from storage import moments
from storage.queries.aftercare import Asked, SaidIn
from storage.queries.groups import CodeSeen, GroupSeen

MOST_FILES = 10
MOST_CHARACTERS = 20_000
LATE_AFTER = 10 * moments.MINUTE
REMIND_AFTER = moments.HOUR
URGENT_AFTER = moments.MINUTE  # The danger card names this very figure.
URGENT_AT_LATEST = 3 * moments.MINUTE  # Whoever cries again and again is never silent for a minute.
ADDITION_WITHIN = 24 * moments.HOUR
SERIALS = 10_000
_YES = {"gui", "ok", "oke", "da", "u", "uh", "um", "xong", "dung roi", "dung", "vang", "co", "send", "yes", "gui ngay", "gui di"}
_UNKNOWN = {
    *("khong biet", "ko biet", "k biet", "khong ro", "ko ro", "k ro", "khong nho", "ko nho", "chiu", "hong biet", "chua biet"),
    *("bo qua", "thoi", "skip", "dont know", "i dont know", "i don't know", "idk"),
    *("het", "het roi", "chi vay thoi", "chi the thoi", "vay thoi", "the thoi"),  # To "Có ảnh thì cứ gửi", mostly.
}
_NO = {"khong", "ko", "khong co", "ko co", "no", "none"}
_POLITE_BEFORE, _POLITE_AFTER = ("da", "vang", "thua"), ("a", "nhe", "nha", "nhi")
FREE = (("button-report", "report"), ("button-my-tips", "my-tips"))


@dataclass(frozen=True, slots=True)
class Unread:
    """Something we have to tell about a tip, which waited until the person asked."""

    id: int
    kind: str  # status, question, answer
    reply: Reply
    question_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a chat, or a receipt code, shows of a tip: its state and our messages, never what was sent."""

    tip_id: int
    tail: str
    arrived_at: int
    accepted_at: int | None = None
    closed_at: int | None = None
    category: str = ""
    restricted: str = ""
    is_on_paper: bool = False  # A paper file holds it now.
    is_urgent: bool = False
    is_shredded: bool = False
    rating: int | None = None
    state: str = "S1"
    number: str = ""  # In the book.
    is_chiefs_work: bool = False  # A chief has worked on it, and would read a complaint about it.
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision may know beside the state: the ward, one `now`, and what chance has drawn for it."""

    ward: Ward
    channel: str
    now: int
    fresh_id: Callable[[], int]
    fresh_code: Callable[[], str]
    hash: Callable[..., str]
    look_up: Callable[[str], Found | None]  # Answers from what was loaded before: a code typed in this very message.
    mine: tuple[Found, ...] = ()  # The tips this chat has sent, newest first.
    has_lost_last: bool = False  # What it sent or took up last, be it by a code, is shredded or stands on paper.
    asked: Asked | None = None  # By an officer, of this chat, and not answered yet.
    said_in: SaidIn | None = None  # For an edit or a deletion: the tip in which the message stands, if that was sent.
    answers: tuple[str, ...] = ()  # Of the chief, to letters that were about no tip.
    checked: Checked | None = None  # Where a warning, or the code of one, was sent.
    group: GroupSeen | None = None  # The group that speaks, if it is or was linked.
    group_code: CodeSeen | None = None  # That it typed, if it counts.
    private_link: str = ""  # Where somebody in a group may write to us alone.
    blocked_until: int = 0
    working_days: Callable[[int], int] = field(default=lambda many: 0)  # The end of so many working days from now.

    @property
    def can(self) -> Capabilities:
        """What the channel at hand carries."""
        return capabilities.of(self.channel)


def fold(text: str) -> str:
    """Lower case without diacritics: how we compare what people type with what we offered."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).lower().split())


def bare(text: str) -> str:
    """Folded, without the small words of politeness around it: "Dạ không ạ" says what "không" says."""
    words = fold(text).replace(",", " ").strip(" .!?").split()
    while len(words) > 1 and words[0] in _POLITE_BEFORE:
        words = words[1:]
    while len(words) > 1 and words[-1] in _POLITE_AFTER:
        words = words[:-1]
    return " ".join(words)


def means_yes(text: str) -> bool:
    return bare(text) in _YES


def means_no(text: str) -> bool:
    return bare(text) in _NO


def means_unknown(text: str) -> bool:
    """No answer to a question for a thing. Where yes or no is asked, "không" is one: `means_no`."""
    return bare(text) in _UNKNOWN or means_no(text)


_OF_DRAFT = frozenset(
    (
        *("tip_id", "pieces", "photos", "place", "category", "started_at", "sent_at", "replacing", "from_review", "album", "full_album"),
        "told_instead",
        *(
            "place_parts",
            "files",
            "choosing",
            "name_hint",
            "number_hint",
            "asked",
            "hurry",
            "danger",
            "danger_at",
            "is_calm",
            "safe",
            "about",
            "reminded",
            "step",
            "missed",
        ),
        *("restricted", "offered", "spot", "shows_story", "places_page", "taps", "messages", "cheated_at", "advised"),
    )
)
_OF_MOMENT = frozenset(
    ("subscribing", "passed_on", "step", "offered", "missed", "after", "question", "complaint", "letter", "data", "spot", "told_instead")
)


def without_draft(state: dict[str, Any]) -> dict[str, Any]:
    """What is left of a conversation when its draft was sent, given up or forgotten."""
    return {key: value for key, value in state.items() if key not in _OF_DRAFT}


def without_tip(state: dict[str, Any], tip_id: int) -> dict[str, Any]:
    """The same for one draft among those of a chat: the open one, or the one that was laid aside."""
    if state.get("tip_id") == tip_id:
        return without_draft(state)
    if state.get("aside", {}).get("tip_id") == tip_id:
        return {key: value for key, value in state.items() if key != "aside"}
    return state


_ASKED_WHEN_AT = {"photos": 1, "place": 1, "about": 2, "name": 2, "callback": 3, "review": 3, "edit": 3}


def _taken_over(state: dict[str, Any]) -> dict[str, Any]:
    """A draft from before this conversation (database 0002), which noted only where it stood and asked in one fixed order."""
    if "tip_id" not in state or "asked" in state:
        return {**state}
    many = 3 if state.get("from_review") else _ASKED_WHEN_AT.get(state.get("step", ""), 0)
    return {**state, "asked": ["category", "place", "about"][:many]}


class Conversation:
    def __init__(self, state: dict[str, Any], incoming: Incoming, facts: Facts) -> None:
        self.state = _taken_over(state)
        self.incoming = incoming
        self.facts = facts
        self.replies: list[Reply] = []
        self.changes: list[Change] = []
        self.language: str = self.state.get("language", "vi")
        self._leave_shredded()

    def _leave_shredded(self) -> None:
        """The tip that was sent last may stand on paper alone by now: nothing joins it, and what is said next is a new one."""
        gone = {found.tip_id for found in self.facts.mine if found.is_shredded}
        if self.last_tip and (self.facts.has_lost_last or self.last_tip["tip_id"] in gone):
            del self.state["last_tip"]
            if not self.has_draft:
                self.leave_moment()

    # -- speaking ------------------------------------------------------------------------------------------------

    def say(self, key: str, **values: Any) -> str:
        if not self.facts.can.has_buttons:
            return capabilities.typed(partial(say_as, self.facts.ward.book, key, self.language), values)
        return say_as(self.facts.ward.book, key, self.language, **values)

    def say_of(self, key: str, **values: Any) -> str:
        """About the tip at hand, in the words that are true of who alone reads it."""
        return self.say(for_readers(key, self.readers), **values)

    @property
    def readers(self) -> str:
        """Who alone reads the draft, or else the tip that was sent last: fence, chief; empty where it is whoever is on duty."""
        if not self.has_draft:
            last = self.last_tip or {}
            return "fence" if last.get("no_names") == "fence" else "chief" if "reader" in last else ""
        return self.state.get("restricted") or ("chief" if self.category is not None and self.category.restricted else "")

    def answer(
        self,
        text: str,
        *buttons: tuple[str, str],
        asks_place: bool = False,
        code: str | None = None,
        stays: bool = False,
        quotes: bool = False,
    ) -> None:
        """`buttons`: (key of a label, or "=a label as it is"; data). `stays`: never written over an older message. `quotes`: it
        repeats what the person said."""
        offered = tuple(Button(self._label(label), data) for label, data in buttons)
        self.state["offered"] = [[button.label, button.data] for button in offered]
        asks_place = asks_place and self.facts.can.sends_place
        place_label = self.say("button-send-place") if asks_place else ""
        replaces = self._pressed_under() if not (self.replies or asks_place or code or stays) else ""
        serial = self.state["serial"] = (self.state.get("serial", 0) + 1) % SERIALS
        self.replies.append(
            Reply(
                text=text,
                buttons=offered,
                asks_place=asks_place,
                place_label=place_label,
                code=code,
                serial=serial,
                replaces=replaces,
                quotes=quotes,
            )
        )

    def _label(self, label: str) -> str:
        return label[1:] if label.startswith("=") else self.say(label)

    def _pressed_under(self) -> str:
        """Only the newest question is written over: what stands above it is what the person has read."""
        incoming = self.incoming
        is_newest = incoming.kind == "button" and incoming.serial == self.state.get("serial")
        return incoming.under if is_newest else ""

    def is_of_long_ago(self) -> bool:
        """A button under an older question of ours, where the platform tells which."""
        serial = self.incoming.serial if self.incoming.kind == "button" else 0
        return bool(serial) and "serial" in self.state and serial != self.state["serial"]

    def change(self, what: Any, **values: Any) -> None:
        """About the open draft, unless the values name another tip."""
        tip_id = values.pop("tip_id", None) or self.state.get("tip_id")
        self.changes.append(Change(what, {"tip_id": tip_id, "history_id": self.facts.fresh_id(), **values}))

    def appeal(self, kind: str, text: str, *, tip_id: int | None, about: str = "", due_at: int | None = None) -> int:
        """To the chief; about a tip, or about none. The letter's id."""
        history_id, appeal_id = self.facts.fresh_id(), self.facts.fresh_id()
        ids = {"tip_id": tip_id, "history_id": history_id, "appeal_id": appeal_id}
        self.state["wrote_to_chief"] = True
        self.changes.append(Change("appeal", {**ids, "kind": kind, "text": text, "about": about, "due_at": due_at}))
        return appeal_id

    def count_procedure(self, procedure: Procedure) -> None:
        self.changes.append(Change("count_procedure", {"procedure": procedure.handle}))

    def mask(self, shown: str) -> None:
        """What was typed just now stands in no thread as it is."""
        self.changes.append(Change("mask", {"source": self.incoming.source, "shown": shown}))

    def take_from_thread(self, shown: str) -> None:
        """What was said in the message at hand stands in no thread any more, nor does an answer of ours that repeats what was said."""
        self.changes.append(Change("unsay", {"source": self.incoming.source, "shown": shown, "instead": self.say("review-old")}))

    def cut(self) -> None:
        self.changes.append(Change("cut"))  # About the chat and every tip it has sent.

    def decided(self) -> Decision:
        if self.state.get("step") != "name":
            self.state.pop("takes_names", None)  # The door lets names in for this one question and no longer.
        if self.replies and self.replies[-1].serial and self.takes_numbers:
            self.replies[-1] = replace(self.replies[-1], numbered=True)
        return Decision(state=self.state, replies=self.replies, changes=self.changes, language=self.language, wake=self._wake())

    @property
    def takes_numbers(self) -> bool:
        """Whether a typed number chooses. "Tổ mấy?" "2". "Mấy người?" "3": there it is an answer, and only a label chooses."""
        return self.step not in ("place", "after", "question", "subscribe-area")

    def _wake(self) -> Wake | None:
        if self.danger_runs:
            latest = self.state.get("danger_at", self.facts.now) + URGENT_AT_LATEST
            return Wake(min(self.facts.now + URGENT_AFTER, latest), "urgent")
        waiting = self.state if self.has_draft else self.state.get("aside", {})
        if not waiting or self.state.get("step") == "name":
            return None
        category = self.categories.get(waiting.get("category", ""))
        is_quiet = waiting.get("danger") or waiting.get("safe") == "shared" or (category is not None and category.sensitive)
        return None if is_quiet or waiting.get("reminded") else Wake(self.facts.now + REMIND_AFTER, "remind")

    # -- the draft -----------------------------------------------------------------------------------------------

    @property
    def step(self) -> str:
        return str(self.state.get("step", ""))

    @property
    def has_draft(self) -> bool:
        return "tip_id" in self.state

    @property
    def danger_runs(self) -> bool:
        """The card was shown and nobody has said "Đang an toàn": whatever else is asked meanwhile, its minute counts."""
        return self.has_draft and self.state.get("danger", "") not in ("", "cheated") and not self.state.get("is_calm")

    @property
    def has_something(self) -> bool:
        return self.has_draft and bool(self.story or self.state.get("photos"))

    @property
    def story(self) -> str:
        return "\n".join(self.state.get("pieces", {}).values())

    @property
    def categories(self) -> Mapping[str, Category]:
        return catalogue.merged(catalogue.load(), self.facts.ward.book.category_changes)

    @property
    def category(self) -> Category | None:
        return self.categories.get(self.state.get("category", ""))

    def recognised(self, text: str) -> str:
        """The code of the kind that the words tell, or nothing."""
        code = recognise(text)
        return code if code in self.categories else ""

    @property
    def category_is_sensitive(self) -> bool:
        return self.category is not None and self.category.sensitive

    def open_draft(self) -> None:
        if self.has_draft:
            return
        for key in _OF_MOMENT:
            self.state.pop(key, None)
        self.state |= {
            "tip_id": self.facts.fresh_id(),
            "pieces": {},
            "photos": 0,
            "place": "",
            "asked": [],
            "started_at": self.facts.now,
            "sent_at": self.incoming.sent_at,
        }
        self.change("open", category=self.state.get("category", ""))
        if self.state.get("restricted"):  # Chosen before the first word.
            self.change("restrict", kind=self.state["restricted"])
        if "cheated_at" in self.state:  # "Bị lừa tiền" has brought its card before the first word.
            self.state["danger"] = "cheated"
            self.change("danger", danger="cheated", is_urgent=False)

    def add_words(self, text: str, *, most: int = MOST_CHARACTERS) -> bool:
        if len(self.story) + len(text) > most:
            self.answer(self.say("too-long", limit=MOST_CHARACTERS), ("button-send-now", "send"), ("button-cancel", "cancel"))
            return False
        self.open_draft()
        if self.state.get("replacing") == "words":
            self.change("retell")
            self.state["pieces"] = {}
            del self.state["replacing"]
        source_hash = self.piece_hash()
        self.state["pieces"] = {**self.state["pieces"], source_hash: text}
        self.change("say", piece_id=self.facts.fresh_id(), source_hash=source_hash, text=text)
        return True

    def piece_hash(self) -> str:
        return self.facts.hash("piece", self.incoming.source)

    def add_file(self) -> bool:
        if self.has_draft and self.state.get("replacing") == "photos":
            self.change("drop_photos")
            self.state |= {"photos": 0, "files": {}}
            del self.state["replacing"]
        if self.state.get("photos", 0) >= MOST_FILES:
            self.answer(self.say("too-many-photos"), ("button-send-now", "send"), ("button-go-on", "go-on"))
            return False
        self.open_draft()
        self.state["photos"] = self.state.get("photos", 0) + 1
        attachment_id = self.facts.fresh_id()
        self.state["files"] = {**self.state.get("files", {}), self.piece_hash(): attachment_id}
        self.change("attach", attachment_id=attachment_id, kind=self.incoming.kind, file=self.incoming.file)
        return True

    def place_told_by(self) -> dict[str, str]:
        """Goes along with the tip that is sent: in which message its place was typed."""
        words = self.state.get("place_parts", {}).get("words", {})
        return {"place_from": words["from"]} if words else {}

    def forget_draft(self) -> None:
        self.state = without_draft(self.state)

    def lay_aside(self) -> None:
        """Another matter comes in between: this draft waits as it is."""
        self.state["aside"] = {key: value for key, value in self.state.items() if key in _OF_DRAFT}
        self.state = without_draft(self.state)

    def take_up_again(self) -> None:
        """The draft that waits is told again; one that is being told waits in its place."""
        waiting = self.state.pop("aside")
        if self.has_draft:
            self.lay_aside()
        self.leave_moment()  # What was asked about the other one is over.
        self.state |= waiting

    def missed(self, first: str, *others: str) -> str:
        """What is said of an answer that does not fit: the first time so, then in other words, and never the same twice in a row."""
        step, count = self.state.get("missed", [self.step, 0])
        count = count + 1 if step == self.step else 1
        self.state["missed"] = [self.step, count]
        return self.say(first if count == 1 else others[count % len(others)])

    # -- ways on -------------------------------------------------------------------------------------------------

    def ways_out(self) -> list[tuple[str, str]]:
        """On every screen from the first words on."""
        sends = [("button-send-now", "send")] if self.has_something else []
        return [*sends, ("button-cancel", "cancel")]

    def ways_on(self) -> list[tuple[str, str]]:
        """After a word in between: back to the open question, or to where everything begins."""
        return [("button-go-on", "go-on"), *self.ways_out()] if self.has_draft else list(FREE)

    def leave_moment(self) -> None:
        """A question that was open beside a draft is over."""
        for key in _OF_MOMENT - {"offered"}:
            self.state.pop(key, None)

    # -- how long the way was ------------------------------------------------------------------------------------

    def count_turn(self) -> None:
        """Taps and messages until the receipt, for the figures: how many, and never whose."""
        name = {"button": "taps", "text": "messages"}.get(self.incoming.kind, "messages")
        is_start = self.incoming.kind == "command" and self.incoming.text == "start"
        if self.incoming.kind not in ("idle", "edited", "deleted", "joined", "left", "withdrawn") and not is_start:
            self.state[name] = self.state.get(name, 0) + 1

    def turns(self) -> dict[str, int]:
        return {"way_id": self.facts.fresh_id(), "taps": self.state.get("taps", 0), "messages": self.state.get("messages", 0)}

    def forget_turns(self) -> None:
        """Only what led to a tip counts: the question "Có chuyện gì vậy?" does, a word long before it does not."""
        if not self.has_draft and self.step != "words":
            for name in ("taps", "messages"):
                self.state.pop(name, None)

    def late_line(self) -> str:
        """Said first where a message was long under way: the first one of this draft, or this very one."""
        sent_at = self.state.get("sent_at") or self.incoming.sent_at
        if not sent_at or self.facts.now - sent_at <= LATE_AFTER:
            return ""
        came = moments.clock_face(self.facts.now)
        return self.say("receipt-late", sent_time=moments.clock_face(sent_at), time=came) + "\n"

    # -- tips that were sent -------------------------------------------------------------------------------------

    @property
    def last_tip(self) -> dict[str, Any] | None:
        last: dict[str, Any] | None = self.state.get("last_tip")
        return last

    def joins_last_tip(self, *, within: int = ADDITION_WITHIN) -> bool:
        return self.last_tip is not None and self.facts.now - self.last_tip["at"] < within

    def add_to_tip(self, tip_id: int, text: str) -> None:
        self.change(
            "say",
            tip_id=tip_id,
            piece_id=self.facts.fresh_id(),
            source_hash=self.piece_hash(),
            text=text[:MOST_CHARACTERS],
            is_addition=True,
        )

    def becomes_quiet(self, text: str) -> bool:
        """Whether a tip that was sent turns, with these words, into one of which nobody is written to unasked."""
        last, code = self.last_tip, self.recognised(text)
        if last is None or not code or not self.categories[code].sensitive or last.get("is_quiet"):
            return False
        self.state["last_tip"] = {**last, "is_quiet": True}
        self.change("safe", tip_id=last["tip_id"], safe="shared")
        return True

    def add_file_to_tip(self, tip_id: int, *, letter_id: int | None = None) -> None:
        """With a letter: it stands there, and not among what the tip's readers see."""
        self.change(
            "attach",
            tip_id=tip_id,
            attachment_id=self.facts.fresh_id(),
            kind=self.incoming.kind,
            file=self.incoming.file,
            is_addition=True,
            letter_id=letter_id,
        )
