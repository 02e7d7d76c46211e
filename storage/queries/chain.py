"""The chain over a ward's history: one sealer appends links, each over its row and all before it.

Rows are inserted unchained, so that nobody waits for anybody; within a second they are linked. Whoever changes a row, takes one out
or slips one in between without the chain key is found out; whoever has that key can make the chain anew, and is found out by a head
that was written down elsewhere.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from storage import moments
from storage.ids import first_id_of
from storage.keyed import Keyed
from storage.memory import alone
from storage.quick import Quick, from_json, insert
from storage.ward_keys import ward_keys

START = "start"
_LINKING = 5_264_904
_MARGIN = 10 * moments.MINUTE  # A row whose commit took longer than its younger neighbours' is found by looking back so far.
_HEAD_DIGITS = 16

_LAST = Quick("SELECT seq, mac, history_id FROM history_links WHERE ward_id = :ward_id ORDER BY seq DESC LIMIT 1")
_UNLINKED = Quick(
    "SELECT h.id, h.ward_id, h.tip_id, h.at, h.actor, h.what, h.detail, h.secret FROM history h"
    " LEFT JOIN history_links l ON l.history_id = h.id"
    " WHERE h.ward_id = :ward_id AND h.id > :after AND l.history_id IS NULL ORDER BY h.id LIMIT :most"
)
_LINKED = Quick(
    "SELECT l.seq, l.mac, h.id, h.ward_id, h.tip_id, h.at, h.actor, h.what, h.detail, h.secret"
    " FROM history_links l LEFT JOIN history h ON h.id = l.history_id"
    " WHERE l.ward_id = :ward_id AND l.seq > :after ORDER BY l.seq LIMIT 1000"
)
_BY_SEQ = Quick("SELECT mac FROM history_links WHERE ward_id = :ward_id AND seq = :seq")
_LINK = insert("history_links", "history_id", "ward_id", "seq", "mac")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at some moment, short enough to be copied by hand."""

    seq: int
    mac: str

    def __str__(self) -> str:
        digits = self.mac[:_HEAD_DIGITS]
        return f"{self.seq}-" + "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    @classmethod
    def read(cls, text: str) -> "Head | None":
        seq, _, digits = text.strip().lower().partition("-")
        mac = digits.replace("-", "")
        return cls(int(seq), mac) if seq.isdecimal() and len(mac) == _HEAD_DIGITS else None


def link_new(session: Session, ward_id: int, *, everything: bool = False, most: int = 100) -> int:
    """How many rows were linked: as long as it is `most`, there may be more."""
    alone(session, _LINKING)
    last = _LAST.run(session, ward_id=ward_id).fetchone()
    seq, mac = (last[0], last[1]) if last else (0, START)
    rows = _UNLINKED.run(session, ward_id=ward_id, after=0 if everything else _look_from(last), most=most).fetchall()
    key = ward_keys(session, ward_id).chain
    for row in rows:
        seq, mac = seq + 1, link_mac(key, seq + 1, mac, row)
        _LINK.run(session, history_id=row[0], ward_id=ward_id, seq=seq, mac=mac)
    return len(rows)


def has_unlinked(session: Session, ward_id: int) -> bool:
    last = _LAST.run(session, ward_id=ward_id).fetchone()
    return _UNLINKED.run(session, ward_id=ward_id, after=_look_from(last), most=1).fetchone() is not None


def _look_from(last: tuple[Any, ...] | None) -> int:
    return first_id_of(-_MARGIN, near=int(last[2])) if last else 0


def unlinked(session: Session, ward_id: int) -> list[tuple[int, int]]:
    """(id, moment) of every row outside the chain, however old."""
    return [(row[0], row[3]) for row in _UNLINKED.run(session, ward_id=ward_id, after=0, most=1000).fetchall()]


def linked(session: Session, ward_id: int) -> Iterator[tuple[int, str, tuple[Any, ...]]]:
    """(place in the chain, its mac, the row) in the order of the chain; the row is all None where it is missing."""
    after = 0
    while rows := _LINKED.run(session, ward_id=ward_id, after=after).fetchall():
        for row in rows:
            yield row[0], row[1], tuple(row[2:])
        after = rows[-1][0]


def link_mac(key: Keyed, seq: int, before: str, row: tuple[Any, ...]) -> str:
    row_id, ward_id, tip_id, at, actor, what, detail, secret = row
    values = [row_id, ward_id, tip_id, at, actor, what, from_json(detail), bytes(secret).hex() if secret else None]
    return key.hash("link", str(seq), before, json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def head(session: Session, ward_id: int) -> Head:
    last = _LAST.run(session, ward_id=ward_id).fetchone()
    return Head(last[0], last[1]) if last else Head(0, "0" * _HEAD_DIGITS)


def agrees(session: Session, ward_id: int, given: Head) -> bool:
    """Whether a head that was written down is still in the chain: otherwise its tail was cut, or made anew."""
    if given.seq == 0:
        return True
    row = _BY_SEQ.run(session, ward_id=ward_id, seq=given.seq).fetchone()
    return row is not None and str(row[0]).startswith(given.mac)
