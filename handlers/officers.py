"""Accounts of officers: who may be added, what a password must be, and what each role may do at the desk."""

import re
from typing import Literal

from sqlalchemy import update
from sqlmodel import Session, col

from handlers import tips
from storage.queries import officers
from storage.tables import Officer

Role = Literal["chief", "duty", "inspector", "custodian", "administrator"]
Right = Literal["read", "accept", "custody", "ask_identity", "ask_originals", "release_originals", "oversee", "machine", "open_house"]

ROLES: tuple[Role, ...] = ("chief", "duty", "inspector", "custodian", "administrator")
RIGHTS: dict[str, frozenset[Right]] = {
    "chief": frozenset(
        {"read", "accept", "custody", "ask_identity", "ask_originals", "release_originals", "oversee", "machine", "open_house"}
    ),
    "duty": frozenset({"read", "accept", "custody", "ask_identity", "ask_originals"}),
    "inspector": frozenset({"read"}),
    "custodian": frozenset({"custody", "release_originals"}),  # Keeps a key and reads no tips.
    "administrator": frozenset({"machine"}),  # Looks after the machine: no tips, no keys of people.
}
LEAST_PASSWORD = 10
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class Mistake(Exception):
    """Something to put right in what was asked. `key` is the sentence in the texts."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def may(role: str, right: Right) -> bool:
    return right in RIGHTS.get(role, frozenset())


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
    tips.remember(
        session, history_id=history_id, ward_id=ward_id, tip_id=None, now=now, actor=by, what="officer_added", officer=officer_id, role=role
    )


def reset_password(session: Session, *, history_id: int, login: str, password_hash: str, by: str, now: int) -> None:
    """The new password; everybody who was signed in with the old one is out."""
    changed = session.execute(
        update(Officer)
        .where(col(Officer.login) == login)
        .values(password_hash=password_hash, disabled_at=None)
        .returning(col(Officer.id), col(Officer.ward_id))
    ).first()
    if changed is None:
        raise Mistake("mistake-no-officer")
    officers.end_sessions_of(session, changed.id)
    tips.remember(
        session,
        history_id=history_id,
        ward_id=changed.ward_id,
        tip_id=None,
        now=now,
        actor=by,
        what="password_reset",
        officer=changed.id,
    )
