"""Accounts of officers: who may be added, what a password must be, and what each role may do at the desk."""

import re
from typing import Any, Literal, get_args

from sqlalchemy import update
from sqlmodel import Session, col

from storage.ids import new_id
from storage.queries import assignment, devices, officers, openings, special
from storage.queries.history import remember
from storage.queries.officers import OfficerSeen
from storage.tables import Officer

Role = Literal["chief", "duty", "handler", "keeper", "inspector", "custodian", "administrator", "leader"]
Right = Literal[
    "read",
    "accept",
    "areas",
    "assign",
    "custody",
    "ask_identity",
    "ask_originals",
    "release_originals",
    "oversee",
    "officers",
    "machine",
    "open_house",
    "see_book",
    "change_book",
    "periods",
    "places",
    "write",
    "letters",
    "block",
    "work",
    "approve",
    "decide",
    "books",
    "roster",
    "bring_in",
    "link",
    "release_texts",
    "read_struck",
    "restrict",
    "lift_restriction",
    "concern",
    "paper",
    "confirm_paper",
    "keep_books",
    "shift",
    "see_roster",
    "figures",
    "map",
    "pins",
    "journal",
    "explain",
    "settings",
    "set_up",
    "let_in",
    "phone",
    "oa_rights",
    "warn",
    "release_warnings",
    "see_warnings",
    "leaders",
    "see_groups",
    "groups",
    "lead",
]

# Of the house. Who leads a neighbourhood has an account too, and is no officer: no list of officers knows them, they sign in by a link,
# and every address that is not theirs by name is closed to them (`admin/desk.py`, `handlers/warnings/leaders.py`).
ROLES: tuple[Role, ...] = ("chief", "duty", "handler", "keeper", "inspector", "custodian", "administrator")
LEADER: Role = "leader"
RIGHTS: dict[str, frozenset[Right]] = {
    # Who answers for everything may do everything but what a leader does; the second person stays a second person.
    "chief": frozenset(get_args(Right)) - {"lead"},
    "duty": frozenset(
        {
            *("read", "accept", "assign", "custody", "ask_identity", "ask_originals", "write", "work", "books", "bring_in", "link"),
            *("restrict", "concern", "paper", "confirm_paper", "keep_books", "shift", "see_roster", "map", "pins"),
            "figures",  # While they command the shift: handlers/figures.py.
            "let_in",  # While the roster names them commander: handlers/letting_in.py.
            "phone",
            *("warn", "see_warnings", "see_groups", "groups"),
            "release_warnings",  # While the roster names them commander: handlers/warnings/lifecycle.py.
        }
    ),
    # Works on the tips that were given to them, and reads no others: handlers/access.py.
    "handler": frozenset({"read", "write", "work", "custody", "ask_identity", "ask_originals", "restrict", "paper", "see_roster", "phone"}),
    # Of the superior body: reads the fenced tips and nothing else of the ward. Nobody is named through them: the keys are the ward's.
    # No chief reads what they write to a resident, so they answer for it themselves.
    "keeper": frozenset(
        {"read", "accept", "write", "work", "approve", "letters", "paper", "confirm_paper", "release_texts", "read_struck", "phone"}
    ),
    # Nothing of the ward's calls them, so nothing of it goes to their phone.
    "inspector": frozenset({"read", "books", "see_roster", "figures", "map", "journal", "see_warnings", "see_groups"}),
    "custodian": frozenset({"custody", "release_originals"}),  # Keeps a key and reads no tips.
    "administrator": frozenset(
        {"machine", "see_book", "places", "settings", "leaders", "see_groups", "groups"}
    ),  # Looks after the machine: no tips, no keys of people.
    LEADER: frozenset({"lead"}),  # Posts the warnings of their own neighbourhood, asks for one, brings a neighbour's tip and reads none.
}
LEAST_PASSWORD = 10
# Words of ours: the history of a ward, unlike that of a tip, has no key under which somebody's own sentence could stand.
CLOSING_REASONS = ("left", "away", "exposed", "other")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class Mistake(Exception):
    """Something to put right in what was asked. `key` is the sentence in the texts."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def may(role: str, right: Right) -> bool:
    return right in RIGHTS.get(role, frozenset())


def roles_with(right: Right) -> tuple[str, ...]:
    return tuple(role for role in ROLES if may(role, right))


def checked_login(login: str) -> str:
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise Mistake("mistake-login")
    return login


def check_password(password: str, login: str) -> None:
    if len(password) < LEAST_PASSWORD or len(password) > 200 or len(set(password)) < 4:
        raise Mistake("mistake-password-short")
    if login and login in password.lower():
        raise Mistake("mistake-password-login")


def add_officer(
    session: Session,
    ward_id: int,
    *,
    officer_id: int,
    history_id: int,
    login: str,
    name: str,
    role: str,
    password_hash: str,
    by: str,
    now: int,
) -> None:
    if officers.login_is_taken(session, login):
        raise Mistake("mistake-login-taken")
    session.add(
        Officer(id=officer_id, ward_id=ward_id, login=login, name=name or login, role=role, password_hash=password_hash, created_at=now)
    )
    session.flush()
    remember(
        session, history_id=history_id, ward_id=ward_id, tip_id=None, now=now, actor=by, what="officer_added", officer=officer_id, role=role
    )


def reset_password(session: Session, *, history_id: int, login: str, password_hash: str, by: str, now: int) -> None:
    """The new password; everybody who was signed in with the old one is out. A closed account stays closed."""
    changed = session.execute(
        update(Officer)
        .where(col(Officer.login) == login, col(Officer.disabled_at).is_(None), col(Officer.role) != LEADER)
        .values(password_hash=password_hash)
        .returning(col(Officer.id), col(Officer.ward_id))
    ).first()
    if changed is None:
        if officers.is_leaders_login(session, login):
            raise Mistake("leader-no-password")
        raise Mistake("mistake-officer-closed" if officers.login_is_taken(session, login) else "mistake-no-officer")
    officers.end_sessions_of(session, changed.id)
    devices.forget_officer(session, changed.id)
    remember(
        session,
        history_id=history_id,
        ward_id=changed.ward_id,
        tip_id=None,
        now=now,
        actor=by,
        what="password_reset",
        officer=changed.id,
    )


def close_account(session: Session, ward_id: int, *, officer_id: int, by: int, why: str, history_id: int, now: int) -> None:
    """Out everywhere at once; whatever they had asked to open is closed, and their open tips stand on the chief's list; what the chief
    does not read is another keeper's.
    A chief always stays. Raises Mistake."""
    if why not in CLOSING_REASONS:
        raise Mistake("mistake-closing-reason")
    officer = _to_change(session, ward_id, officer_id, by=by)
    if officer.is_disabled:
        return
    if officer.role == "chief" and not _has_other_chief(session, ward_id, officer_id):
        raise Mistake("mistake-last-chief")
    if officer.role == "keeper" and officers.count_role(session, ward_id, "keeper") == 1 and special.has_fenced(session, ward_id):
        raise Mistake("mistake-last-keeper")  # Somebody has told them what nobody else may read.
    officers.set_disabled(session, officer_id, now)
    officers.end_sessions_of(session, officer_id)
    devices.forget_officer(session, officer_id)
    ended, actor = openings.end_running(session, ward_id, officer_id, now=now), f"officer:{by}"
    for opening_id, tip_id, what in ended:
        remember(
            session, history_id=new_id(), ward_id=ward_id, tip_id=tip_id, now=now, actor=actor, what=f"{what}_ended", opening=opening_id
        )
    given_back = assignment.give_back(session, ward_id, officer_id)
    keepers = [one.id for one in officers.officers_of(session, ward_id) if one.role == "keeper" and not one.is_disabled]
    for tip_id in given_back:
        told: dict[str, Any] = {"ward_id": ward_id, "tip_id": tip_id, "now": now, "actor": actor}
        remember(session, history_id=new_id(), what="given_back", officer=officer_id, **told)
        if officer.role == "keeper" and keepers:
            assignment.hand(session, tip_id, keepers[0])
            remember(session, history_id=new_id(), what="assigned", officer=keepers[0], before=None, **told)
    remember(
        session,
        history_id=history_id,
        ward_id=ward_id,
        tip_id=None,
        now=now,
        actor=actor,
        what="officer_closed",
        officer=officer_id,
        why=why,
        ended=len(ended),
        given_back=len(given_back),
    )


def reopen_account(session: Session, ward_id: int, *, officer_id: int, by: int, history_id: int, now: int) -> None:
    """With the password it had. What was closed with it stays closed and is asked for anew. Raises Mistake."""
    if not _to_change(session, ward_id, officer_id, by=by).is_disabled:
        return
    officers.set_disabled(session, officer_id, None)
    remember(
        session,
        history_id=history_id,
        ward_id=ward_id,
        tip_id=None,
        now=now,
        actor=f"officer:{by}",
        what="officer_reopened",
        officer=officer_id,
    )


def _to_change(session: Session, ward_id: int, officer_id: int, *, by: int) -> OfficerSeen:
    """Whoever changes an account is asked again in here: their own may have been closed while they pressed."""
    officers.one_at_a_time(session)
    if not may(officers.role_of(session, ward_id, by), "officers"):
        raise Mistake("desk-not-yours")
    officer = officers.officer(session, ward_id, officer_id)
    if officer is None:
        raise Mistake("mistake-no-officer")
    return officer


def _has_other_chief(session: Session, ward_id: int, officer_id: int) -> bool:
    return any(one.role == "chief" and not one.is_disabled and one.id != officer_id for one in officers.officers_of(session, ward_id))
