"""Who may answer in the Official Account's name in Zalo's own console: one custodian and one deputy, asked of the chief every month.

Whoever holds rights there reads what residents write, with their accounts, past everything that this house keeps apart. Zalo tells
nobody who they are, so the chief looks there and says it here.
"""

import re
from dataclasses import dataclass

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.officers import Mistake, may
from storage import moments
from storage.queries import oa_rights as rows
from storage.queries import officers as officer_rows
from storage.queries.oa_rights import Rights

EVERY = 30 * moments.DAY
PATIENCE = 7 * moments.DAY
LONGEST = {"custodian": 120, "deputy": 120, "automatic": 4000}
SHOWN = 24  # Two years.


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the monthly question stands."""

    last: Rights | None
    due_at: int
    is_due: bool
    is_overdue: bool


def asked(session: Session, ward_id: int, *, now: int) -> Asked:
    """Never told is due at once, and overdue at once: nobody knows who reads there."""
    told = rows.told(session, ward_id, most=1)
    if not told:
        return Asked(last=None, due_at=0, is_due=True, is_overdue=True)
    due_at = told[0].told_at + EVERY
    return Asked(last=told[0], due_at=due_at, is_due=now >= due_at, is_overdue=now >= due_at + PATIENCE)


def tell(session: Session, act: Act, given: dict[str, str], *, row_id: int) -> None:
    """Raises Mistake. The history says that it was told and whether anything changed; the names stand in their own row."""
    if not may(officer_rows.role_of(session, act.ward_id, act.officer_id), "oa_rights"):
        raise Mistake("desk-not-yours")
    named = {name: " ".join(given.get(name, "").split())[: LONGEST[name]] for name in ("custodian", "deputy")}
    automatic = given.get("automatic", "").replace("\r\n", "\n").strip()[: LONGEST["automatic"]]
    if not named["custodian"]:
        raise Mistake("oa-rights-custodian-needed")
    if named["deputy"] and _plain(named["deputy"]) == _plain(named["custodian"]):
        raise Mistake("oa-rights-same")
    before = rows.told(session, act.ward_id, most=1)
    fresh = Rights(told_at=act.now, told_by=act.officer_id, automatic=automatic, **named)
    rows.add(session, act.ward_id, fresh, row_id=row_id)
    is_same = bool(before) and (before[0].custodian, before[0].deputy) == (fresh.custodian, fresh.deputy)
    note(session, act, "oa_rights_told", is_same=is_same)


def is_automatic(session: Session, ward_id: int, text: str) -> bool:
    """What the account says by itself, set in Zalo's console: a greeting, an answer while nobody is in. Parted by an empty line."""
    if not text.strip():
        return False
    told = rows.told(session, ward_id, most=1)
    known = {_plain(part) for part in re.split(r"\n\s*\n", told[0].automatic)} | {_plain(told[0].automatic)} if told else set()
    return _plain(text) in known


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
