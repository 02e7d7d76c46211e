"""One resident's side of a conversation, without any house: states and messages in, answers and changes out."""

from dataclasses import dataclass, field, replace
from typing import Any

from handlers import clocks, router
from handlers.flows.conversation import Facts, Found
from handlers.messages import Change, Decision, Incoming, Reply, Ward
from storage.queries.aftercare import Asked, SaidIn

NOW = 1_800_000_000_000


@dataclass
class Talk:
    """The facts never change but for the ids, and what a test sets."""

    channel: str = "telegram"
    ward: Ward = field(default_factory=lambda: Ward(id=1, name="", duty_phone="0225 3123 456"))
    state: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    mine: tuple[Found, ...] = ()
    codes: dict[str, Found] = field(default_factory=dict)
    has_lost_last: bool = False
    asked: Asked | None = None
    said_in: SaidIn | None = None
    blocked_until: int = 0
    now: int = NOW
    count: int = 0

    def facts(self) -> Facts:
        def fresh_id() -> int:
            self.count += 1
            return self.count

        return Facts(
            ward=self.ward,
            channel=self.channel,
            now=self.now,
            fresh_id=fresh_id,
            fresh_code=lambda: f"TB-0000-0000-{fresh_id():04}",
            hash=lambda *parts: "/".join(parts),
            look_up=self.codes.get,
            mine=self.mine,
            has_lost_last=self.has_lost_last,
            asked=self.asked,
            said_in=self.said_in,
            blocked_until=self.blocked_until,
            working_days=lambda many: clocks.end_of_working_days(self.now, many),
        )

    def hear(self, kind: Any, text: str = "", **more: Any) -> Decision:
        self.count += 1
        values = {"sent_at": self.now, "source": f"m{self.count}", **more}
        decision = router.decide(self.state, Incoming(kind=kind, text=text, **values), self.facts())
        self.state, self.last = decision.state, decision
        self.changes += decision.changes
        self.replies += decision.replies
        if decision.replies:
            self.offered = [button.data for button in decision.replies[-1].buttons]
        self._remember_sent(decision)
        return decision

    def _remember_sent(self, decision: Decision) -> None:
        """What the database would tell of this chat's tips from now on."""
        for change in decision.changes:
            if change.what == "send":
                found = Found(tip_id=change.values["tip_id"], tail=change.values["code"][-4:], arrived_at=self.now)
                self.mine, self.codes[change.values["code"]] = (found, *self.mine)[:5], found

    def tell(self, tip_id: int, **more: Any) -> None:
        """Something happened to a tip at the desk."""
        self.mine = tuple(replace(one, **more) if one.tip_id == tip_id else one for one in self.mine)

    def says(self, text: str) -> str:
        return self._read(self.hear("text", text))

    def presses(self, data: str) -> str:
        return self._read(self.hear("button", data, serial=self.state.get("serial", 0), under="77"))

    def is_silent(self) -> str:
        """As long as the conversation wanted to wait."""
        assert self.last.wake is not None
        self.now = self.last.wake.at
        return self._read(self.hear("idle", self.last.wake.reason))

    @staticmethod
    def _read(decision: Decision) -> str:
        return "\n".join(reply.text for reply in decision.replies)

    @property
    def what(self) -> list[str]:
        return [change.what for change in self.changes]

    def values(self, what: str) -> list[dict[str, Any]]:
        return [change.values for change in self.changes if change.what == what]
