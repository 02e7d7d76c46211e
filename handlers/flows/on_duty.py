"""What a linked chat does: an officer accepts a tip, asks about it, passes it up, takes a shift. It is not a sign-in, and nothing that
is typed here becomes a tip.

Plain decisions like every flow: facts are handed in, wishes go out as `DutyAct`s. Sentences are for officers; what a resident will
read (`asked-…`) is said in the resident's language.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from handlers import capabilities, officer_chats, typed_duty, writing
from handlers.card_words import called, tip_buttons, where
from handlers.flows import lead_facts, leading
from handlers.flows.conversation import fold
from handlers.flows.lead_facts import LeadFacts
from handlers.messages import Button, Decision, DutyAct, Incoming, Reply, Ward
from handlers.officers import LEADER
from handlers.texts import say, say_as
from handlers.writing import Refused
from storage import moments
from storage.queries.officer_chats import CardTip, CodeRow, LinkRow, ShiftRow

READY = ("where", "now", "who", "vehicle", "photo")  # asked-where, …: what is asked most, none of it about the teller.
CALLED_LATELY = 2 * moments.MINUTE
_COMMANDS = {"english": "language:en", "tiengviet": "language:vi", "thoi": "duty:leave", "huongdan": "duty:help", "help": "duty:help"}
_SILENT = ("edited", "deleted", "joined", "left", "withdrawn", "idle")


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFacts:
    """All that a decision may know beside the state."""

    ward: Ward
    channel: str
    now: int
    fresh_id: Callable[[], int]
    hash: Callable[..., str]
    link: LinkRow | None = None  # Whose chat this is; None when it is nobody's, or not any more.
    code: CodeRow | None = None  # Whose code was sent, if it is one that lives.
    has_spoken: bool = False  # Something was told from this chat as a resident.
    may_accept: bool = False
    tip: CardTip | None = None  # Which the button is about, if this officer may know of it.
    why_no_question: str = ""  # Why nothing can be asked about it.
    is_quiet: bool = False  # What is asked waits until the resident writes.
    commanders: tuple[tuple[str, bool], ...] = ()  # Who would be rung, other than this officer, and whether a chat is linked.
    called_at: int | None = None  # When the commander was called for this tip before.
    shift: ShiftRow | None = None
    lead: LeadFacts | None = None  # Whose chat this is leads a neighbourhood, and is no officer.


def is_meant(state: dict[str, Any], incoming: Incoming) -> bool:
    """Whether this message is an officer's: from a chat that was linked, or with a code that links one."""
    return not incoming.in_group and ("duty" in state or bool(code_in(incoming)))


def code_in(incoming: Incoming) -> str:
    if incoming.kind == "command" and incoming.text == "start" and incoming.payload.startswith("l-"):
        return officer_chats.read_code(incoming.payload)
    return officer_chats.read_code(incoming.text) if incoming.kind == "text" else ""


def tip_meant(state: dict[str, Any], incoming: Incoming) -> int | None:
    """The tip that the message is about: the button's, or the one that a question is being written for."""
    wish, _, value = _wish(incoming).partition(":")
    number = value.partition(":")[2].partition(":")[0] if wish == "duty" else ""
    if _is_number(number):
        return int(number)
    found = state.get("ask", {}).get("tip")
    return int(found) if found is not None else None


def shift_meant(incoming: Incoming) -> int | None:
    number = _wish(incoming).removeprefix("shift:take:")
    return int(number) if _is_number(number) and number != _wish(incoming) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) < 2**63


def _wish(incoming: Incoming) -> str:
    return incoming.text if incoming.kind == "button" else _COMMANDS.get(fold(incoming.text), "") if incoming.kind == "command" else ""


def decide(state: dict[str, Any], incoming: Incoming, facts: DutyFacts) -> Decision:
    talk = _Talk(state=dict(state), incoming=incoming, facts=facts)
    if code_in(incoming):
        talk.hear_code()
    elif facts.link is None:
        talk.hear_after_the_end()
    elif incoming.kind not in _SILENT:
        talk.hear()
    typed_duty.offer(talk.state, talk.replies, facts.channel)
    return Decision(state=talk.state, replies=talk.replies, acts=talk.acts, language=talk.language, has_left=incoming.kind == "left")


@dataclass(slots=True, kw_only=True)
class _Talk:
    state: dict[str, Any]
    incoming: Incoming
    facts: DutyFacts
    replies: list[Reply] = field(default_factory=list)
    acts: list[DutyAct] = field(default_factory=list)

    @property
    def language(self) -> str:
        return str(self.state.get("language", "vi"))

    def say(self, key: str, **values: Any) -> str:
        if not capabilities.of(self.facts.channel).has_buttons:
            return capabilities.typed(partial(say, key, self.language), values)
        return say(key, self.language, **values)

    def answer(self, text: str, *buttons: Button, rewrites: bool = False) -> None:
        """`rewrites`: the card under which the button was pressed becomes the answer, where the platform can."""
        self.replies.append(Reply(text=text, buttons=buttons, replaces=self.incoming.under if rewrites else ""))

    def button(self, name: str, data: str) -> Button:
        return Button(self.say(f"linked-button-{name}"), data)

    def act(self, what: Any, **values: Any) -> None:
        self.acts.append(DutyAct(what, values))

    # -- linking -----------------------------------------------------------------------------------------------------

    def hear_code(self) -> None:
        """Wrong ones are counted in the chat itself; a chat that waits is told nothing about the code it brought."""
        facts, now = self.facts, self.facts.now
        wrong = [at for at in self.state.get("wrong_links", []) if now - at < officer_chats.WRONG_WITHIN]
        if facts.channel in ("webchat", "zalo_visitor"):  # Whoever opens that page next would be the officer.
            is_leader = facts.code is not None and facts.code.role == LEADER
            self.answer(self.say("lead-not-here" if is_leader else "linked-not-here"))
        elif len(wrong) >= officer_chats.MOST_WRONG:
            self.answer(self.say("linked-slow"))
        elif facts.code is None:
            self.state["wrong_links"] = [*wrong, now]
            self.answer(self.say("linked-wrong"))
        elif facts.link is not None:
            is_same = facts.link.officer_id == facts.code.officer_id
            self.answer(self.say("linked-already") if is_same else self.say("linked-other", name=facts.link.name), self._leave_button())
        elif facts.has_spoken:  # Nothing is noted, and the code stays good: the desk must not learn of it.
            self.state["wrong_links"] = [*wrong, now]
            self.answer(self.say("linked-spoken"))
        else:
            link_id = facts.fresh_id()
            self.act("link", link_id=link_id, code_hash=facts.hash("chat-code", code_in(self.incoming)))
            self.state = {"duty": link_id, "language": self.language}
            if facts.code.role == LEADER:
                self.answer(self.say("lead-linked", name=facts.code.name), *lead_facts.ways(self.say))
            else:
                self.answer(f"{self.say('linked-done', name=facts.code.name)}\n\n{self.say('ring-standing')}", self._leave_button())

    def hear_after_the_end(self) -> None:
        """The account was closed, or the link ended while this was on its way. What was typed is nobody's tip; what comes next is."""
        if self.incoming.kind not in _SILENT:
            self.act("unlink")
            self.answer(self.say("linked-over"))

    def _leave_button(self) -> Button:
        return self.button("leave", "duty:leave")

    # -- buttons and words -------------------------------------------------------------------------------------------

    def hear(self) -> None:
        wish, asking = _wish(self.incoming), self.state.pop("ask", None)
        if self.facts.lead is not None and leading.hear(self, self.facts.lead, wish):
            return
        if wish.startswith("language:") and wish[9:] in ("vi", "en"):
            self.state["language"] = wish[9:]
            self.answer(self.say("linked-help"), self._leave_button())
        elif wish.startswith("shift:take:"):
            self._take_shift()
        elif wish.startswith("duty:"):
            name, _, value = wish[5:].partition(":")
            self._press(name, value.partition(":")[2], asking)
        elif self.incoming.kind == "text" and asking and asking.get("types"):
            self._hear_question(self.incoming.text)
        elif self.incoming.kind == "command":
            self.answer(self.say("linked-help"), self._leave_button())
        else:
            self.answer(self._only(), self._leave_button())

    def _only(self) -> str:
        site = self.facts.ward.public_url
        return self.say("linked-only-at", site=site) if site else self.say("linked-only")

    def _press(self, name: str, value: str, asking: dict[str, Any] | None) -> None:
        match name:
            case "leave":
                buttons = (self.button("leave-now", "duty:leave-now"), self.button("stay", "duty:help"))
                self.answer(self.say("linked-leave-ask"), *buttons)
            case "leave-now":
                self.act("unlink")
                self.state = {"language": self.language}
                self.answer(self.say("linked-ended"), rewrites=True)
            case "help":
                self.answer(self.say("linked-help"), self._leave_button(), rewrites=True)
            case "which":
                self.answer(self.say("linked-which"))
            case _ if self.facts.tip is None:
                self.answer(self.say("linked-no-tip"))
            case "open":
                self.state |= {"ask": asking} if asking else {}  # A question that is being written goes on.
                self.answer(self.say("linked-open", where=self._where(self.facts.tip)))
            case _ if not self.facts.may_accept:
                self.answer(self.say("linked-may-not"))
            case "accept":
                self._accept(self.facts.tip)
            case "answer":
                self._answer(self.facts.tip)
            case "commander":
                self._call_commander(self.facts.tip)
            case "ask" | "question" | "type" | "send" | "no":
                self._ask(self.facts.tip, name, value, asking or {})
            case _:
                self.answer(self.say("linked-help"), self._leave_button())

    def _where(self, tip: CardTip) -> str:
        return where(self.facts.ward, self.language, f"/admin/tin/{tip.id}")

    def _called(self, tip: CardTip) -> str:
        return called(tip.number, tip.tail)

    def _accept(self, tip: CardTip) -> None:
        assert self.facts.link is not None
        known = {"called": self._called(tip)}
        if tip.accepted_at is not None:
            is_mine, time = tip.accepted_by == self.facts.link.officer_id, moments.clock_face(tip.accepted_at)
            text = self.say("linked-yours", time=time, **known) if is_mine else self._taken(tip, time)
            self.answer(text, *self._buttons(tip), rewrites=True)
        else:
            self.act("accept", tip_id=tip.id)
            text = self.say("linked-accepted", time=moments.clock_face(self.facts.now), **known)
            self.answer(f"{text}\n{self.say('ring-standing')}\n\n{self._where(tip)}", *self._buttons(tip), rewrites=True)

    def _answer(self, tip: CardTip) -> None:
        if tip.accepted_at is None or not tip.is_called:  # Somebody was faster, or nobody has accepted it at all.
            self._accept(tip)
            return
        self.act("answer", tip_id=tip.id)
        text = self.say("linked-answered", time=moments.clock_face(self.facts.now), called=self._called(tip))
        buttons = tip_buttons(tip.id, self.language, may_accept=True, is_taken=True)
        self.answer(f"{text}\n{self.say('ring-standing')}\n\n{self._where(tip)}", *buttons, rewrites=True)

    def _taken(self, tip: CardTip, time: str) -> str:
        return self.say("linked-taken", called=self._called(tip), name=tip.accepted_name, time=time)

    def _buttons(self, tip: CardTip) -> tuple[Button, ...]:
        return tip_buttons(tip.id, self.language, may_accept=True, is_taken=True, is_called=tip.accepted_at is not None and tip.is_called)

    def _call_commander(self, tip: CardTip) -> None:
        facts, known = self.facts, {"called": self._called(tip)}
        names = ", ".join(name for name, is_linked in facts.commanders if is_linked)
        if facts.called_at is not None and facts.now - facts.called_at < CALLED_LATELY:
            self.answer(self.say("linked-commander-before", time=moments.clock_face(facts.called_at), **known))
        elif not names:
            others = ", ".join(name for name, _is_linked in facts.commanders)
            self.answer(self.say("linked-commander-away", names=others, **known) if others else self.say("linked-commander-none"))
        else:
            self.act("call_commander", tip_id=tip.id)
            self.answer(self.say("linked-commander-called", names=names, time=moments.clock_face(facts.now), **known))

    # -- questions ---------------------------------------------------------------------------------------------------

    def _ask(self, tip: CardTip, name: str, value: str, asking: dict[str, Any]) -> None:
        if name == "no":
            self.answer(self.say("linked-not-asked"), rewrites=True)
        elif self.facts.why_no_question == "write-not-accepted":
            accept = Button(self.say("ring-button-accept"), f"duty:accept:{tip.id}")
            self.answer(self.say("linked-accept-first", called=self._called(tip)), accept)
        elif self.facts.why_no_question:
            self.answer(self.say(self.facts.why_no_question))
        elif name == "question" and value in READY:
            self._send(tip, say_as(self.facts.ward.book, f"asked-{value}", tip.language))
        elif name == "type":
            self.state["ask"] = {"tip": tip.id, "types": True}
            self.answer(self.say("linked-type", called=self._called(tip)), self._no(tip))
        elif name == "send" and asking.get("tip") == tip.id and asking.get("words"):
            self._send(tip, asking["words"])
        else:
            ready = (Button(self._ready(key), f"duty:question:{tip.id}:{key}") for key in READY)
            self.answer(self.say("linked-ask", called=self._called(tip)), *ready, self.button("type", f"duty:type:{tip.id}"), self._no(tip))

    def _ready(self, key: str) -> str:
        return say_as(self.facts.ward.book, f"asked-{key}", self.language)

    def _no(self, tip: CardTip) -> Button:
        return self.button("no", f"duty:no:{tip.id}")

    def _hear_question(self, typed: str) -> None:
        """As at the desk: what an impostor would ask for is not asked; and it is read once more before it goes."""
        tip, site = self.facts.tip, urlsplit(self.facts.ward.public_url).hostname or ""
        if tip is None or not self.facts.may_accept or self.facts.why_no_question:
            self.answer(self.say(self.facts.why_no_question or "linked-no-tip"))
            return
        try:
            words = writing.checked(typed, site=site, spoken=self.language)
        except Refused as refused:
            self.state["ask"] = {"tip": tip.id, "types": True}
            self.answer("\n".join((self.say("linked-refused"), *refused.reasons)), self._no(tip))
            return
        self.state["ask"] = {"tip": tip.id, "types": True, "words": words}
        send = self.button("send", f"duty:send:{tip.id}")
        self.answer(self.say("linked-confirm", called=self._called(tip), words=words), send, self._no(tip))

    def _send(self, tip: CardTip, words: str) -> None:
        self.act("ask", tip_id=tip.id, words=words, question_id=self.facts.fresh_id())
        key = "linked-asked-waits" if self.facts.is_quiet else "linked-asked"
        self.answer(self.say(key, called=self._called(tip), words=words), rewrites=True)

    # -- shifts ------------------------------------------------------------------------------------------------------

    def _take_shift(self) -> None:
        assert self.facts.link is not None
        shift, officer_id = self.facts.shift, self.facts.link.officer_id
        if shift is None or shift.ends_at <= self.facts.now or officer_id not in shift.officers:
            self.answer(self.say("linked-no-shift"))
        elif shift.taken_by is not None:
            key = "linked-shift-yours" if shift.taken_by == officer_id else "linked-shift-taken"
            self.answer(self.say(key, name=shift.taken_name), rewrites=True)
        else:
            self.act("take_shift", shift_id=shift.id)
            until = moments.clock_face(shift.ends_at)
            self.answer(self.say("linked-shift-begun", time=moments.clock_face(self.facts.now), until=until), rewrites=True)
