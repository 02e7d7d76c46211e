"""Labelled sentences, and how much of them was heard. A file has a label, a tab and a sentence on each line."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from handlers.insight.danger import KINDS, hear

SENTENCES = Path(__file__).parent / "sentences"


@dataclass(slots=True)
class Count:
    right: int = 0
    all: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, is_right: bool, sentence: str) -> None:
        self.all += 1
        self.right += is_right
        if not is_right:
            self.misses.append(sentence)

    @property
    def share(self) -> float:
        return self.right / self.all if self.all else 0.0

    @property
    def lower_bound(self) -> float:
        """Wilson's, at 95 %: what the share is at least, as far as so many sentences can tell."""
        if not self.all:
            return 0.0
        z, n, p = 1.96, self.all, self.share
        middle = p + z * z / (2 * n)
        spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (middle - spread) / (1 + z * z / n)


def labelled(name: str) -> list[tuple[str, str]]:
    lines = (SENTENCES / name).read_text("utf-8").splitlines()
    return [(label, sentence) for label, _, sentence in (line.partition("\t") for line in lines if line.strip())]


def measured(lines: list[tuple[str, str]]) -> dict[str, Count]:
    """A label that names no kind of danger is harmless, whatever it is called."""
    counts: dict[str, Count] = {}
    for label, sentence in lines:
        kind = label if label in KINDS else "harmless"
        counts.setdefault(kind, Count()).add((hear(sentence) is not None) == (label in KINDS), sentence)
    return counts


def recall_of(counts: dict[str, Count]) -> Count:
    dangers = [count for kind, count in counts.items() if kind != "harmless"]
    return Count(sum(count.right for count in dangers), sum(count.all for count in dangers))


def printed(counts: dict[str, Count]) -> str:
    rows = [f"{kind}: {count.right} of {count.all}" for kind, count in counts.items()]
    return "\n".join([*rows, *(f"  missed as {kind}: {each}" for kind, count in counts.items() for each in count.misses)])
