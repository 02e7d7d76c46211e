"""What every messenger offers the house, and the two errors it may raise."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from handlers.messages import Reply
from storage.sealed_files import Sink


class DeliveryError(Exception):
    """`permanent`: trying again is useless. `retry_after_secs`: the platform asked for a pause. `until_they_write`: nobody may write to
    this person before they have written again; the answer waits for that. `of_account`: the trouble is ours with the
    platform and no fault of this answer, which waits as long as that lasts. `waits_after`: after so many tries it waits until they write.
    `maybe_sent`: no answer came, and it may have gone out all the same. `partly`: a part of it surely went."""

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after_secs: float | None = None,
        until_they_write: bool = False,
        of_account: bool = False,
        waits_after: int = 0,
        maybe_sent: bool = False,
        partly: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.retry_after_secs = reason, permanent, retry_after_secs
        self.until_they_write, self.of_account = until_they_write, of_account
        self.waits_after, self.maybe_sent, self.partly = waits_after, maybe_sent, partly


class FetchError(Exception):
    """A file could not be brought. `reason` is one of our words: gone, too_big, unreachable."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A clean copy of what an officer attached."""

    content: bytes = field(repr=False)
    mime: str


OpenFile = Callable[[int], Awaitable[FileToSend | None]]  # None: it is gone.


async def no_card(_warning_id: int) -> FileToSend | None:
    """Where nobody draws a warning's picture, its words go alone."""
    return None


class Channel(Protocol):
    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> str:
        """How the platform calls what was sent, where it can be rewritten later."""
        ...


# What goes first where a platform takes only so much at a time: what is pressing, other answers, warnings.
PRESSING, ORDINARY, WARNING = range(3)
# Of what this task sends just now. A warning has had its platform's turn before it was begun (`Paced`).
rank: ContextVar[int] = ContextVar("rank", default=ORDINARY)

# Whether what this task sends just now may have reached the platform. Whoever sends says so where they know better: not before the call.
may_have_gone: ContextVar[bool] = ContextVar("may_have_gone", default=True)


class Turn(Protocol):
    """A place in the order in which a platform takes our messages."""

    async def use(self) -> None:
        """Right before the call."""
        ...

    def give_back(self) -> None:
        """Nothing was sent."""
        ...


@runtime_checkable
class Paced(Protocol):
    """A channel that is told beforehand that a warning wants to go."""

    async def turn(self, chat_id: int, *, is_group: bool) -> tuple[Turn | None, float]:
        """None, and in how many seconds it may be asked for again, where this chat has had its share."""
        ...


@runtime_checkable
class Probed(Protocol):
    """A channel whose platform can be asked something harmless."""

    async def is_there(self) -> bool: ...


class Files(Protocol):
    async def fetch(self, source: dict[str, Any], into: Sink) -> None:
        """Bring the bytes into the sink, which seals them on their way to the disk."""
