"""How long the way to the receipt is, door by door."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from sqlmodel import Session

from storage.quick import Quick, insert

MOST_KEPT = 100
MEANT = 3  # The plainest tip needs no more.
_KEEP = insert("ways", "id", "ward_id", "channel", "taps", "messages")
_FORGET = Quick(
    "DELETE FROM ways WHERE ward_id = :ward_id AND channel = :channel AND id <="
    " (SELECT id FROM ways WHERE ward_id = :ward_id AND channel = :channel ORDER BY id DESC LIMIT 1 OFFSET :most)"
)
_ALL = Quick("SELECT channel, taps, messages FROM ways WHERE ward_id = :ward_id ORDER BY channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    channel: str
    tips: int
    taps: float
    messages: float
    together: float  # The median of both, which is not the sum of the medians.
    short: int  # So many of the tips needed no more than was meant.


def keep(session: Session, ward_id: int, *, way_id: int, channel: str, taps: int, messages: int) -> None:
    _KEEP.run(session, id=way_id, ward_id=ward_id, channel=channel, taps=taps, messages=messages)
    _FORGET.run(session, ward_id=ward_id, channel=channel, most=MOST_KEPT)


def lengths(session: Session, ward_id: int) -> list[Length]:
    by_channel: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for channel, taps, messages in _ALL.run(session, ward_id=ward_id).fetchall():
        by_channel[channel].append((taps, messages))
    return [
        Length(
            channel=channel,
            tips=len(ways),
            taps=median(taps for taps, _messages in ways),
            messages=median(messages for _taps, messages in ways),
            together=median(map(sum, ways)),
            short=sum(sum(way) <= MEANT for way in ways),
        )
        for channel, ways in by_channel.items()
    ]
