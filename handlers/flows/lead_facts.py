"""What is known before a decision about a leader's message, and what the talk with them can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.messages import Button, Incoming, Ward
from handlers.warnings.codes import new_code
from handlers.warnings.posting import Kit, Own
from handlers.warnings.templates import Template

MOST_LISTED = 8
PAGE = "/admin/to-truong"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFacts:
    """All that a decision about a leader's message may know."""

    ward: Ward
    now: int
    areas: tuple[tuple[int, str], ...]  # Their own neighbourhoods.
    kits: tuple[Kit, ...]  # Newest first; with the one whose button was pressed.
    own: tuple[Own, ...]  # What they have asked for, newest first.
    templates: tuple[Template, ...] = ()  # Where a warning is being written.
    fresh_code: Callable[[], str] = new_code

    @property
    def page(self) -> str:
        return f"{self.ward.public_url}{PAGE}" if self.ward.public_url else PAGE

    def kit(self, target_id: int) -> Kit | None:
        return next((one for one in self.kits if one.target_id == target_id), None)

    @property
    def open(self) -> list[Kit]:
        return [one for one in self.kits if one.is_open][:MOST_LISTED]


class _Facts(Protocol):
    @property
    def fresh_id(self) -> Callable[[], int]: ...


class Talk(Protocol):
    """What is used here of `on_duty`."""

    state: dict[str, Any]

    @property
    def incoming(self) -> Incoming: ...
    @property
    def facts(self) -> _Facts: ...
    @property
    def language(self) -> str: ...
    def say(self, key: str, **values: Any) -> str: ...
    def answer(self, text: str, *buttons: Button, rewrites: bool = False) -> None: ...
    def act(self, what: Any, **values: Any) -> None: ...


def ways(say: Callable[..., str]) -> tuple[Button, ...]:
    names = (("list", "lead:list"), ("new", "lead:new"))
    return (*(Button(say(f"lead-button-{name}"), data) for name, data in names), Button(say("linked-button-leave"), "duty:leave"))
