"""What waits for an officer, as the side of every page says it: in each folder of the queue, and at nobody's.

Counted for one officer at a time, as they may see it; and remembered for as long as an open page waits before it looks again
(`admin/pages/song.py`): while somebody has a page open, the next one they open counts nothing anew. Whatever is done at the desk
forgets it.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlmodel import Session

from handlers import assignment, folders, officers
from storage import moments
from storage.queries import folders as rows
from storage.queries import leaders
from storage.queries.assignment import Tasks
from storage.queries.folders import COUNT_MOST
from storage.queries.letters import Waiting
from storage.queries.officers import OfficerSeen
from storage.queries.sight import Sight
from storage.queries.warning_counts import waiting as waiting_warnings

LASTS = 4 * moments.SECOND

T = TypeVar("T")


class Counted:
    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[int, Any]] = {}

    def forget(self) -> None:
        self._known = {}

    def folders(self, session: Session, sight: Sight, officer: OfficerSeen, mail: Waiting, *, now: int) -> dict[str, str]:
        """As they are written; a folder in which nothing waits is left out."""
        shown = folders.of_role(officer.role)
        if not shown:
            return {}
        numbers = self._remembered(
            ("folders", sight, officer.id), now, lambda: rows.counts(session, folders.asks(sight, officer.id, now=now), shown)
        )
        complaints = {"complaints": mail.complaints} if officers.may(officer.role, "letters") else {}
        return {str(name): written(number) for name, number in (*numbers.items(), *complaints.items()) if number}

    def tasks(self, session: Session, sight: Sight, officer: OfficerSeen, *, now: int) -> Tasks:
        return self._remembered(("tasks", sight, officer.id), now, lambda: assignment.tasks_of(session, officer, now=now))

    def warnings(self, session: Session, officer: OfficerSeen, *, now: int) -> int:
        """Those that wait for somebody's word of release, or of approval afterwards."""
        return self._remembered(("warnings", officer.ward_id), now, lambda: waiting_warnings(session, officer.ward_id))

    def calls(self, session: Session, officer: OfficerSeen, *, now: int) -> int:
        """Leaders whom somebody has to telephone about a warning."""
        return self._remembered(("calls", officer.ward_id), now, lambda: leaders.count_to_call(session, officer.ward_id, now=now))

    def _remembered(self, key: Hashable, now: int, count: Callable[[], T]) -> T:
        known = self._known.get(key)
        if known is None or not 0 <= now - known[0] < LASTS:
            known = self._known[key] = now, count()
        told: T = known[1]
        return told


def written(number: int) -> str:
    return f"{COUNT_MOST:,}+".replace(",", ".") if number > COUNT_MOST else str(number)
