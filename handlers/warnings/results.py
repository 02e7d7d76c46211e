"""What became of a warning, in one line: for the desk's list, for its page, and for the chat of whoever wrote it.

A bot knows what it sent. Of a group it cannot enter only the leader knows, and so it says that the leader said so.
"""

from collections.abc import Mapping

from handlers.texts import say
from handlers.warnings.reach import FEW

Counts = Mapping[tuple[str, str], int]  # By (kind, state), as `storage/queries/warning_counts.py` tells it.
KINDS = ("leader", "group", "subscriber")
_ANY = KINDS
# In the order in which they are told: the name of the sentence, whose, and in which states.
PARTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("posted", ("leader",), ("posted",)),
    ("not-posted", ("leader",), ("sent", "not_posted")),
    ("to-call", ("leader",), ("to_call",)),
    ("groups", ("group",), ("sent",)),
    ("subscribers", ("subscriber",), ("sent",)),
    ("going", _ANY, ("planned", "queued")),
    ("parked", _ANY, ("parked",)),
    ("failed", _ANY, ("failed",)),
    ("unknown", _ANY, ("unknown",)),
    ("cancelled", _ANY, ("cancelled",)),
)


def parts(counts: Counts) -> list[tuple[str, int]]:
    """Without those of whom there are none."""
    found = [(name, sum(counts.get((kind, state), 0) for kind in kinds for state in states)) for name, kinds, states in PARTS]
    return [(_few(name, many), many) for name, many in found if many]


def _few(name: str, many: int) -> str:
    """Of residents no number is told that could be a person."""
    return f"{name}-few" if name == "subscribers" and many < FEW else name


def line(counts: Counts, language: str) -> str:
    """Empty before anybody was laid out."""
    return " · ".join(say(f"warn-count-{name}", language, count=many) for name, many in parts(counts))


def total(counts: Counts) -> int:
    return sum(counts.values())


def settled(counts: Counts) -> int:
    return sum(many for (_kind, state), many in counts.items() if state not in ("planned", "queued"))
