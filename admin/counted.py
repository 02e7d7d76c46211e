"""How many tips wait in each folder of the queue, for the side of every page.

Counted for one officer at a time, as they may see it, in one statement; and remembered for as long as an open page waits before it looks
again (`admin/pages/song.py`): while somebody has a page open, the next one they open counts nothing anew. Whatever is done at the desk
forgets it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlmodel import Session

from handlers import folders, officers
from storage import moments
from storage.queries import folders as rows
from storage.queries.folders import COUNT_MOST
from storage.queries.letters import Waiting
from storage.queries.officers import OfficerSeen
from storage.queries.sight import Sight

LASTS = 4 * moments.SECOND


class _Known(NamedTuple):
    at: int
    numbers: Mapping[str, int]


class Counted:
    def __init__(self) -> None:
        self._known: dict[Sight, dict[int, _Known]] = {}

    def forget(self) -> None:
        self._known = {}

    def of(self, session: Session, sight: Sight, officer: OfficerSeen, mail: Waiting, *, now: int) -> dict[str, str]:
        """As they are written; a folder in which nothing waits is left out."""
        shown = folders.of_role(officer.role)
        if not shown:
            return {}
        people = self._known.setdefault(sight, {})
        known = people.get(officer.id)
        if known is None or not 0 <= now - known.at < LASTS:
            numbers = rows.counts(session, folders.asks(sight, officer.id, now=now), shown)
            known = people[officer.id] = _Known(now, {str(name): number for name, number in numbers.items()})
        complaints = {"complaints": mail.complaints} if officers.may(officer.role, "letters") else {}
        return {name: written(number) for name, number in (*known.numbers.items(), *complaints.items()) if number}


def written(number: int) -> str:
    return f"{COUNT_MOST:,}+".replace(",", ".") if number > COUNT_MOST else str(number)
