"""A worker process for the order test: an inbox whose decisions only write down what they saw.

python -m tests.bot.order_worker DATABASE_URL
"""

import asyncio
import signal
import sys
from typing import Any

from bot.inbox import Inbox, from_payload
from handlers import router
from handlers.flows.conversation import Facts
from handlers.messages import Change, Decision, Incoming, Ward
from storage.keyed import Keyed
from storage.memory import Memory
from tests.databases import known_vault

WARD = Ward(id=1, name="", duty_phone="0225 3123 456")
KEYED = Keyed(bytes(32))


def decide_by_writing_down(state: dict[str, Any], incoming: Incoming, facts: Facts) -> Decision:
    """Instead of a conversation: one tip per chat, one piece per message, so that the order can be read afterwards."""
    if incoming.text.endswith("breaks"):
        raise ValueError("our own mistake")
    tip_id = state.get("tip") or facts.fresh_id()
    opening = [] if "tip" in state else [Change("open", {"tip_id": tip_id, "history_id": facts.fresh_id()})]
    ids = {"tip_id": tip_id, "piece_id": facts.fresh_id(), "history_id": facts.fresh_id()}
    said = Change("say", {**ids, "source_hash": "x", "text": incoming.text})
    return Decision(state={"tip": tip_id}, changes=[*opening, said])


def make_inbox(memory: Memory, *, workers: int) -> Inbox:
    return Inbox(memory, KEYED, lambda: WARD, {"test": from_payload}, lambda _chat, _lane: None, new_out_token=None, workers=workers)


async def main(url: str) -> None:
    router.decide = decide_by_writing_down
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    memory = Memory(url, known_vault())
    await memory.start()
    inbox = make_inbox(memory, workers=2)
    inbox.start()
    print("ready", flush=True)
    await stop.wait()
    await inbox.stop()
    await memory.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
