"""What every messenger offers the house, and the one error it may raise."""

from typing import Protocol

from handlers.messages import Reply


class DeliveryError(Exception):
    """`permanent`: trying again is useless. `retry_after_secs`: the platform asked for a pause."""

    def __init__(self, reason: str, *, permanent: bool = False, retry_after_secs: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.retry_after_secs = reason, permanent, retry_after_secs


class Channel(Protocol):
    name: str

    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> None: ...
