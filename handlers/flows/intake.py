"""The way of a tip: words → category → photos → place → about oneself → (a number to call) → review → receipt.

Only the words are needed. From the first words on every screen carries "Gửi ngay". Plain decisions: nothing here reads a
clock, draws a random number or touches the database.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.messages import Button, Change, Decision, Incoming, Reply, Ward
from handlers.texts import say
from storage import moments

# Where a call soon after helps: a fresh theft, somebody hurt.
CALL_HELPS = frozenset({"TC", "TT"})
CATEGORIES = ("LD", "MT", "CB", "TC", "TT", "KH")
MOST_PHOTOS = 10
MOST_CHARACTERS = 20_000
LATE_AFTER = 10 * moments.MINUTE
_YES = {"gui", "ok", "da", "u", "xong", "dung roi", "vang", "send", "yes", "gui ngay"}


@dataclass(frozen=True, slots=True)
class Found:
    """What a receipt code shows of its tip."""

    arrived_at: int
    accepted_at: int | None


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
    last_tip: Found | None = None  # The tip this chat sent last, as it stands now.
    private_link: str = ""  # Where somebody in a group may write to us alone.


def fold(text: str) -> str:
    """Lower case without diacritics: how we compare what people type with what we offered."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).lower().split())


_OF_DRAFT = frozenset(
    (
        "tip_id",
        "pieces",
        "photos",
        "place",
        "category",
        "step",
        "started_at",
        "sent_at",
        "offered",
        "replacing",
        "from_review",
        "album",
        "full_album",
        "choosing",
        "name_hint",
        "number_hint",
    )
)


def without_draft(state: dict[str, Any]) -> dict[str, Any]:
    """What is left of a conversation when its draft was sent, given up or forgotten."""
    return {key: value for key, value in state.items() if key not in _OF_DRAFT}


class Conversation:
    """One step of one chat: reads the state, gathers replies and changes, hands back a Decision."""

    def __init__(self, state: dict[str, Any], incoming: Incoming, facts: Facts) -> None:
        self.state = {**state}
        self.incoming = incoming
        self.facts = facts
        self.replies: list[Reply] = []
        self.changes: list[Change] = []
        self.language: str = self.state.get("language", "vi")

    # -- speaking ------------------------------------------------------------------------------------------------

    def say(self, key: str, **values: Any) -> str:
        return say(key, self.language, **values)

    def answer(self, text: str, *buttons: tuple[str, str], asks_place: bool = False, code: str | None = None) -> None:
        offered = tuple(Button(self.say(label), data) for label, data in buttons)
        self.state["offered"] = [[button.label, button.data] for button in offered]
        place_label = self.say("button-send-place") if asks_place else ""
        self.replies.append(Reply(text=text, buttons=offered, asks_place=asks_place, place_label=place_label, code=code))

    def change(self, what: Any, **values: Any) -> None:
        """About the open draft, unless the values name another tip."""
        tip_id = values.pop("tip_id", None) or self.state["tip_id"]
        self.changes.append(Change(what, {"tip_id": tip_id, "history_id": self.facts.fresh_id(), **values}))

    def decided(self) -> Decision:
        if self.state.get("step") != "name":
            self.state.pop("takes_names", None)  # The door lets names in for this one question and no longer.
        return Decision(state=self.state, replies=self.replies, changes=self.changes, language=self.language)

    # -- the draft -----------------------------------------------------------------------------------------------

    @property
    def has_draft(self) -> bool:
        return "tip_id" in self.state

    @property
    def story(self) -> str:
        return "\n".join(self.state.get("pieces", {}).values())

    def open_draft(self) -> None:
        if self.has_draft:
            return
        self.state |= {
            "tip_id": self.facts.fresh_id(),
            "pieces": {},
            "photos": 0,
            "place": "",
            "started_at": self.facts.now,
            "sent_at": self.incoming.sent_at,
        }
        self.change("open", category=self.state.get("category", ""))

    def add_words(self, text: str) -> bool:
        if len(self.story) + len(text) > MOST_CHARACTERS:
            self.answer(self.say("too-long", limit=MOST_CHARACTERS), ("button-send-now", "send"), ("button-cancel", "cancel"))
            return False
        self.open_draft()
        if self.state.get("replacing") == "words":
            self.change("retell")
            self.state["pieces"] = {}
            del self.state["replacing"]
        source_hash = self.facts.hash("piece", self.incoming.source)
        self.state["pieces"] = {**self.state["pieces"], source_hash: text}
        self.change("say", piece_id=self.facts.fresh_id(), source_hash=source_hash, text=text)
        return True

    def add_file(self) -> bool:
        if self.has_draft and self.state.get("replacing") == "photos":
            self.change("drop_photos")
            self.state["photos"] = 0
            del self.state["replacing"]
        if self.state.get("photos", 0) >= MOST_PHOTOS:
            self.answer(self.say("too-many-photos"), ("button-send-now", "send"), ("button-done-photos", "photos-done"))
            return False
        self.open_draft()
        self.state["photos"] = self.state.get("photos", 0) + 1
        self.change("attach", attachment_id=self.facts.fresh_id(), kind=self.incoming.kind, file=self.incoming.file)
        return True

    def forget_draft(self) -> None:
        self.state = without_draft(self.state)

    # -- the questions -------------------------------------------------------------------------------------------

    def ask_words(self) -> None:
        self.state["step"] = "words"
        back = [("button-back", "back")] if self.state.get("from_review") else []
        self.answer(self.say("what-happened"), *back, *self.ways_out())

    def ask_category(self) -> None:
        self.state["step"] = "category"
        choices = [(f"category-{code}", f"category:{code}") for code in CATEGORIES]
        self.answer(self.say("category-ask"), *choices, ("button-send-now", "send"), ("button-cancel", "cancel"))

    def ask_photos(self) -> None:
        self.state["step"] = "photos"
        self.answer(
            self.say("photos-ask"),
            ("button-skip", "photos-done"),
            ("button-send-now", "send"),
            ("button-back", "back"),
            ("button-cancel", "cancel"),
        )

    def ask_place(self) -> None:
        self.state["step"] = "place"
        self.answer(
            self.say("place-ask"),
            ("button-skip", "place-skip"),
            ("button-send-now", "send"),
            ("button-back", "back"),
            ("button-cancel", "cancel"),
            asks_place=True,
        )

    def ask_about(self) -> None:
        self.state["step"] = "about"
        has_custodians = self.facts.ward.custodians > 0
        choices = [(f"button-{one}", f"about:{one}") for one in (("anonymous", "named", "paper") if has_custodians else ("anonymous",))]
        key = "about-choice" if has_custodians else "about-ask"
        self.answer(self.say(key), *choices, ("button-send-now", "send"), ("button-back", "back"), ("button-cancel", "cancel"))

    def ask_callback(self) -> None:
        self.state["step"] = "callback"
        self.answer(self.say("callback-ask"), ("button-no-call", "callback:none"), *self.ways_out())

    def ask_callback_or_review(self) -> None:
        if self.state.get("category") in CALL_HELPS and "number_hint" not in self.state:
            self.ask_callback()
        else:
            self.ask_review()

    def ask_review(self) -> None:
        self.state["step"] = "review"
        story = self.story if len(self.story) <= 200 else self.story[:197].rsplit(" ", 1)[0] + "…"
        started = self.state["started_at"]
        text = self.say(
            "review",
            story=story or "…",
            place=self.state.get("place") or self.say("place-none"),
            photos=self.state.get("photos", 0),
            time=f"{moments.clock_face(started)}, {moments.short_date(started)}",
            about="; ".join(filter(None, (self.state.get("name_hint") or self.say("about-anonymous"), self.state.get("number_hint")))),
        )
        self.answer(text, ("button-send", "send"), ("button-edit", "edit"), ("button-back", "back"), ("button-cancel", "cancel"))

    def ask_edit(self) -> None:
        self.state["step"] = "edit"
        self.answer(
            self.say("edit-ask"),
            ("button-edit-words", "edit:words"),
            ("button-edit-category", "edit:category"),
            ("button-edit-photos", "edit:photos"),
            ("button-edit-place", "edit:place"),
            ("button-send-now", "send"),
            ("button-back", "back"),
        )

    def ask_next(self) -> None:
        """What comes after the present step; after a correction it is the review again."""
        self.state.pop("replacing", None)
        if self.state.pop("from_review", False):
            self.ask_review()
            return
        _AFTER[self.state.get("step", "words")](self)

    def go_back(self) -> None:
        self.state.pop("replacing", None)
        if self.state.pop("from_review", False):
            self.ask_review()
            return
        _BEFORE[self.state.get("step", "words")](self)

    # -- the end -------------------------------------------------------------------------------------------------

    def send(self) -> None:
        if self.has_draft and not (self.story or self.state.get("photos")):
            self.state["step"] = "words"
            self.answer(self.say("nothing-to-send"), ("button-back", "back"), ("button-cancel", "cancel"))
            return
        if not self.has_draft:
            sent_before = self.state.get("last_tip") is not None
            self.answer(
                self.say("already-sent" if sent_before else "nothing-to-send"), ("button-report", "report"), ("button-my-tips", "my-tips")
            )
            return
        facts, code, tip_id = self.facts, self.facts.fresh_code(), self.state["tip_id"]
        self.change("send", code=code, code_hash=facts.hash("code", code))
        came = moments.clock_face(facts.now)
        parts = [line] if (line := self.late_line().strip()) else []
        parts.append(self.say("receipt", time=came, date=moments.short_date(facts.now), code=code))
        parts.append(
            self.say("receipt-urgent-trial") if facts.ward.is_trial else self.say("receipt-urgent", duty_phone=facts.ward.duty_phone)
        )
        self.forget_draft()
        self.state["last_tip"] = {"tip_id": tip_id, "tail": code[-4:], "at": facts.now}
        self.answer("\n".join(parts), ("button-report", "report"), ("button-my-tips", "my-tips"), code=code)

    def late_line(self) -> str:
        """Said first where a message was long under way: the first one of this draft, or this very one."""
        sent_at = self.state.get("sent_at") or self.incoming.sent_at
        if not sent_at or self.facts.now - sent_at <= LATE_AFTER:
            return ""
        came = moments.clock_face(self.facts.now)
        return self.say("receipt-late", sent_time=moments.clock_face(sent_at), time=came) + "\n"

    def leave(self) -> None:
        """Quick exit: whoever left cannot come back to this draft, so nothing of it is kept."""
        if self.has_draft:
            self.change("drop")
        self.state = {}

    def ways_out(self) -> list[tuple[str, str]]:
        """On every screen from the first words on."""
        sends = [("button-send-now", "send")] if self.has_draft and (self.story or self.state.get("photos")) else []
        return [*sends, ("button-cancel", "cancel")]

    def ways_on(self) -> list[tuple[str, str]]:
        """After a word in between: back to the open question."""
        return [("button-go-on", "cancel-no"), *self.ways_out()]

    def cancel(self) -> None:
        if not self.has_draft:
            self.forget_draft()
            self.answer(self.say("nothing-to-cancel"), ("button-report", "report"), ("button-my-tips", "my-tips"))
            return
        choices = [("button-yes-cancel", "cancel-yes"), ("button-no-keep", "cancel-no"), *self.ways_out()[:-1]]
        self.answer(self.say("cancel-ask"), *choices)

    def cancel_for_good(self) -> None:
        if not self.has_draft:
            # An old button: what it meant to drop was sent long ago, or never was.
            key = "already-sent" if self.state.get("last_tip") else "nothing-to-cancel"
            self.answer(self.say(key), ("button-report", "report"), ("button-my-tips", "my-tips"))
            return
        self.change("drop")
        self.forget_draft()
        self.answer(self.say("cancelled"), ("button-report", "report"), ("button-my-tips", "my-tips"))

    def ask_again(self) -> None:
        """Repeat the present question, for somebody who came back to it."""
        _ASK.get(self.state.get("step", "words"), Conversation.ask_words)(self)


_ASK: dict[str, Callable[[Conversation], None]] = {
    "words": Conversation.ask_words,
    "category": Conversation.ask_category,
    "photos": Conversation.ask_photos,
    "place": Conversation.ask_place,
    "about": Conversation.ask_about,
    "name": Conversation.ask_about,
    "callback": Conversation.ask_callback,
    "review": Conversation.ask_review,
    "edit": Conversation.ask_edit,
}
_AFTER: dict[str, Callable[[Conversation], None]] = {
    "words": Conversation.ask_category,
    "category": Conversation.ask_photos,
    "photos": Conversation.ask_place,
    "place": Conversation.ask_about,
    "about": Conversation.ask_callback_or_review,
    "name": Conversation.ask_callback_or_review,
    "callback": Conversation.ask_review,
    "review": Conversation.ask_review,
    "edit": Conversation.ask_review,
}
_BEFORE: dict[str, Callable[[Conversation], None]] = {
    "words": Conversation.ask_words,
    "category": Conversation.ask_words,
    "photos": Conversation.ask_category,
    "place": Conversation.ask_photos,
    "about": Conversation.ask_place,
    "name": Conversation.ask_about,
    "callback": Conversation.ask_about,
    "review": Conversation.ask_about,
    "edit": Conversation.ask_review,
}


def means_yes(text: str) -> bool:
    return fold(text).strip(" .!") in _YES
