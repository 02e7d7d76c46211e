"""Officers who are added at the desk, and links by which somebody sets a password of their own: once, within three days."""

from typing import Any

from sqlmodel import Session

from handlers import officers
from handlers.acts import Act
from handlers.officers import ROLES, Mistake, may
from storage import moments
from storage.queries import moving as rows
from storage.queries import officers as officer_rows
from storage.queries.history import remember

LINK_LIVES = 3 * moments.DAY


def add(
    session: Session,
    act: Act,
    *,
    officer_id: int,
    login: str,
    name: str,
    role: str,
    password_hash: str,
    link_id: int,
    link_history_id: int,
    token_hash: str,
) -> None:
    """`token_hash` empty: a first password was typed, and no link is needed. Raises Mistake."""
    _check(session, act)
    if role not in ROLES:
        raise Mistake("moving-no-role")
    account: dict[str, Any] = {"login": login, "name": name, "role": role, "password_hash": password_hash}
    by = f"officer:{act.officer_id}"
    officers.add_officer(session, act.ward_id, officer_id=officer_id, history_id=act.history_id, by=by, now=act.now, **account)
    if token_hash:
        _keep_link(session, act, officer_id, link_id=link_id, history_id=link_history_id, token_hash=token_hash)


def make_link(session: Session, act: Act, *, officer_id: int, link_id: int, token_hash: str) -> None:
    """A new one for somebody who has forgotten theirs, or did not use it in time. The old password stands until it is used."""
    _check(session, act)
    officer = officer_rows.officer(session, act.ward_id, officer_id)
    if officer is None:
        raise Mistake("mistake-no-officer")
    if officer.is_disabled:
        raise Mistake("mistake-officer-closed")
    _keep_link(session, act, officer_id, link_id=link_id, history_id=act.history_id, token_hash=token_hash)


def whose_link(session: Session, ward_id: int, token_hash: str, *, now: int) -> str | None:
    """The login; None where the link is used, over, or of a closed account."""
    officer_id = rows.officer_of_link(session, ward_id, token_hash, now=now)
    officer = officer_rows.officer(session, ward_id, officer_id) if officer_id is not None else None
    return officer.login if officer is not None and not officer.is_disabled else None


def use_link(session: Session, ward_id: int, *, token_hash: str, password_hash: str, history_id: int, now: int) -> None:
    """The officer's own password from now on; whoever was signed in with the old one is out. Raises Mistake."""
    login, officer_id = whose_link(session, ward_id, token_hash, now=now), rows.use_link(session, ward_id, token_hash, now=now)
    if login is None or officer_id is None:
        raise Mistake("own-password-over")
    by = f"officer:{officer_id}"
    officers.reset_password(session, history_id=history_id, login=login, password_hash=password_hash, by=by, now=now)


def _keep_link(session: Session, act: Act, officer_id: int, *, link_id: int, history_id: int, token_hash: str) -> None:
    ends_at = act.now + LINK_LIVES
    rows.keep_link(
        session,
        act.ward_id,
        link_id=link_id,
        officer_id=officer_id,
        token_hash=token_hash,
        by=act.officer_id,
        now=act.now,
        ends_at=ends_at,
    )
    remember(
        session,
        history_id=history_id,
        ward_id=act.ward_id,
        tip_id=None,
        now=act.now,
        actor=f"officer:{act.officer_id}",
        what="officer_link_made",
        officer=officer_id,
    )


def _check(session: Session, act: Act) -> None:
    officer_rows.one_at_a_time(session)
    if not may(officer_rows.role_of(session, act.ward_id, act.officer_id), "officers"):
        raise Mistake("desk-not-yours")
