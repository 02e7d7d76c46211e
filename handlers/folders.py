"""Which folders of the queue a role has, and what the law's table says that its rows don't."""

from handlers import lifecycle, officers, periods
from handlers.officers import Right
from storage.queries.folders import Asks, Folder
from storage.queries.sight import Sight

# In the order in which they stand at the side, with the right each needs.
RIGHTS: dict[Folder, Right] = {
    "needs": "read",
    "new": "read",
    "mine": "write",
    "late": "read",
    "unapproved": "books",
    "unanswered": "read",
    "asked": "read",
    "transferred": "read",
    "results": "read",
    "apart": "read",
    "kept": "books",
    "tests": "approve",
    "ended": "read",
    "all": "read",
}


def of_role(role: str) -> tuple[Folder, ...]:
    if not officers.may(role, "read"):
        return ()
    return tuple(folder for folder, right in RIGHTS.items() if officers.may(role, right))


def asks(sight: Sight, officer_id: int, *, now: int) -> Asks:
    return Asks(
        sight=sight,
        officer_id=officer_id,
        now=now,
        elsewhere=lifecycle.AWAITS_RESULT,
        handed_on=lifecycle.HANDED_ON,
        unapproved=lifecycle.AWAITS_APPROVAL,
        reminders=frozenset(periods.reminders()),
        reviewers=tuple(sorted(officers.roles_with("approve"))),
    )
