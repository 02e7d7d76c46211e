"""Officers, their sessions, failed sign-ins, and the single-use set-up link."""

from dataclasses import dataclass

from sqlalchemy import case, delete, func, select, update
from sqlmodel import Session, col

from storage.memory import alone
from storage.quick import Quick
from storage.tables import DeskSession, Officer, SetupLink, SignInTry

LEADER = "leader"  # An account of somebody who is no officer: it is read by `storage/queries/leaders.py`, and by no list here.
_CLOSING = 5_264_906  # Two chiefs may close one another's accounts at the same moment.

_ROLE = Quick("SELECT role FROM officers WHERE ward_id = :ward_id AND id = :officer_id AND disabled_at IS NULL")
_BY_SESSION = Quick(
    "SELECT o.id, o.ward_id, o.login, o.name, o.role, o.disabled_at, s.id, s.seen_at, s.locked_at, s.is_held"
    " FROM desk_sessions s JOIN officers o ON o.id = s.officer_id"
    " WHERE s.token_hash = :token_hash AND s.ends_at > :now"
    f" AND (s.seen_at > :awake_since OR s.locked_at IS NOT NULL OR o.role = '{LEADER}')"
    " AND o.disabled_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSeen:
    id: int
    ward_id: int
    login: str
    name: str
    role: str
    disabled_at: int | None

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None


def one_at_a_time(session: Session) -> None:
    alone(session, _CLOSING)


def _seen(row: Officer) -> OfficerSeen:
    return OfficerSeen(id=row.id, ward_id=row.ward_id, login=row.login, name=row.name, role=row.role, disabled_at=row.disabled_at)


def officers_of(session: Session, ward_id: int) -> list[OfficerSeen]:
    query = select(Officer).where(col(Officer.ward_id) == ward_id, col(Officer.role) != LEADER).order_by(col(Officer.login))
    return [_seen(row) for row in session.execute(query).scalars()]


def officer(session: Session, ward_id: int, officer_id: int) -> OfficerSeen | None:
    query = select(Officer).where(col(Officer.ward_id) == ward_id, col(Officer.id) == officer_id, col(Officer.role) != LEADER)
    row = session.execute(query).scalar_one_or_none()
    return _seen(row) if row else None


def set_disabled(session: Session, officer_id: int, disabled_at: int | None) -> None:
    session.execute(update(Officer).where(col(Officer.id) == officer_id).values(disabled_at=disabled_at))


def set_role(session: Session, officer_id: int, role: str) -> None:
    session.execute(update(Officer).where(col(Officer.id) == officer_id).values(role=role))


def officer_names(session: Session, ward_id: int) -> dict[int, str]:
    """Of everybody whose hand may stand in a history, leaders too."""
    query = select(col(Officer.id), col(Officer.name)).where(col(Officer.ward_id) == ward_id)
    return {row.id: row.name for row in session.execute(query)}


def role_of(session: Session, ward_id: int, officer_id: int) -> str:
    """Empty for an account that is closed, or is none of this ward."""
    row = _ROLE.run(session, ward_id=ward_id, officer_id=officer_id).fetchone()
    return str(row[0]) if row else ""


def password_hash_by_id(session: Session, officer_id: int) -> str:
    return str(session.execute(select(col(Officer.password_hash)).where(col(Officer.id) == officer_id)).scalar_one())


def has_chief(session: Session, ward_id: int) -> bool:
    query = select(col(Officer.id)).where(col(Officer.ward_id) == ward_id, col(Officer.role) == "chief", col(Officer.disabled_at).is_(None))
    return session.execute(query.limit(1)).first() is not None


def login_is_taken(session: Session, login: str) -> bool:
    return session.execute(select(col(Officer.id)).where(col(Officer.login) == login)).first() is not None


def is_leaders_login(session: Session, login: str) -> bool:
    return session.execute(select(col(Officer.id)).where(col(Officer.login) == login, col(Officer.role) == LEADER)).first() is not None


def password_hash_of(session: Session, login: str) -> tuple[int, int, str] | None:
    """(officer, ward, hash) of an account that may sign in with a password."""
    row = session.execute(
        select(col(Officer.id), col(Officer.ward_id), col(Officer.password_hash)).where(
            col(Officer.login) == login, col(Officer.disabled_at).is_(None), col(Officer.role) != LEADER
        )
    ).first()
    return (row.id, row.ward_id, row.password_hash) if row else None


def open_session(
    session: Session,
    *,
    session_id: int,
    ward_id: int,
    officer_id: int,
    token_hash: str,
    now: int,
    ends_at: int,
    how: str = "password",
    browser: str = "",
    device_id: int | None = None,
    let_in_id: int | None = None,
    proved_at: int | None = None,
    is_held: bool = False,
) -> None:
    session.execute(delete(DeskSession).where(col(DeskSession.ends_at) < now))
    session.add(
        DeskSession(
            id=session_id,
            ward_id=ward_id,
            officer_id=officer_id,
            token_hash=token_hash,
            created_at=now,
            seen_at=now,
            ends_at=ends_at,
            how=how,
            browser=browser,
            device_id=device_id,
            let_in_id=let_in_id,
            proved_at=proved_at,
            is_held=is_held,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """How somebody came in who is signed in in this browser."""

    id: int
    officer_id: int
    how: str
    device_id: int | None
    let_in_id: int | None
    proved_at: int | None
    is_held: bool


def session_of(session: Session, token_hash: str) -> OwnSession | None:
    row = session.execute(select(DeskSession).where(col(DeskSession.token_hash) == token_hash)).scalar_one_or_none()
    if row is None:
        return None
    names = ("id", "officer_id", "how", "device_id", "let_in_id", "proved_at", "is_held")
    return OwnSession(**{name: getattr(row, name) for name in names})


def has_proved(session: Session, session_id: int, *, device_id: int | None, now: int) -> None:
    """A code was typed in the middle of it."""
    values = {"how": "code", "proved_at": now, "is_held": False, **({"device_id": device_id} if device_id else {})}
    session.execute(update(DeskSession).where(col(DeskSession.id) == session_id).values(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSeen:
    officer: OfficerSeen
    seen_at: int
    is_locked: bool
    is_held: bool
    session_id: int


def officer_by_session(session: Session, token_hash: str, *, now: int, idle_ms: int) -> SessionSeen | None:
    """None for a session that ended, slept too long, or whose officer may not sign in any more. One that is locked does not sleep: it
    opens nothing, and is there to ring. A leader's opens little, and does not sleep either."""
    row = _BY_SESSION.run(session, token_hash=token_hash, now=now, awake_since=now - idle_ms).fetchone()
    if row is None:
        return None
    officer_id, ward_id, login, name, role, disabled_at, session_id, seen_at, locked_at, is_held = row
    found = OfficerSeen(id=officer_id, ward_id=ward_id, login=login, name=name, role=role, disabled_at=disabled_at)
    return SessionSeen(officer=found, seen_at=seen_at, is_locked=locked_at is not None, is_held=bool(is_held), session_id=session_id)


def lock_session(session: Session, token_hash: str, *, now: int, ends_at: int, unseen_since: int | None = None) -> bool:
    """Whether it was open until now, and nobody has asked for anything after `unseen_since`."""
    is_idle = [col(DeskSession.seen_at) <= unseen_since] if unseen_since is not None else []
    locked = session.execute(
        update(DeskSession)
        .where(col(DeskSession.token_hash) == token_hash, col(DeskSession.locked_at).is_(None), *is_idle)
        .values(locked_at=now, ends_at=case((col(DeskSession.ends_at) > ends_at, col(DeskSession.ends_at)), else_=ends_at))
        .returning(col(DeskSession.id))
    )
    return locked.first() is not None


def touch_session(session: Session, token_hash: str, *, now: int) -> None:
    session.execute(update(DeskSession).where(col(DeskSession.token_hash) == token_hash).values(seen_at=now))


def end_session(session: Session, token_hash: str) -> None:
    session.execute(delete(DeskSession).where(col(DeskSession.token_hash) == token_hash))


def end_sessions_of(session: Session, officer_id: int) -> None:
    session.execute(delete(DeskSession).where(col(DeskSession.officer_id) == officer_id))


def tries_since(session: Session, who_hash: str, since: int) -> int:
    query = select(func.count()).select_from(SignInTry).where(col(SignInTry.who_hash) == who_hash, col(SignInTry.at) > since)
    return int(session.execute(query).scalar_one())


def note_tries(session: Session, ward_id: int, who: list[tuple[int, str]], *, now: int, forget_before: int) -> None:
    session.execute(delete(SignInTry).where(col(SignInTry.at) < forget_before))
    for row_id, who_hash in who:
        session.add(SignInTry(id=row_id, ward_id=ward_id, who_hash=who_hash, at=now))


def forget_tries_of(session: Session, who_hashes: list[str]) -> None:
    session.execute(delete(SignInTry).where(col(SignInTry.who_hash).in_(who_hashes)))


def forget_tries(session: Session, ids: list[int]) -> None:
    session.execute(delete(SignInTry).where(col(SignInTry.id).in_(ids)))


def keep_setup_link(session: Session, *, link_id: int, ward_id: int, token_hash: str, now: int) -> None:
    session.add(SetupLink(id=link_id, ward_id=ward_id, token_hash=token_hash, created_at=now))


def setup_link_is_open(session: Session, ward_id: int, token_hash: str) -> bool:
    query = select(col(SetupLink.id)).where(
        col(SetupLink.ward_id) == ward_id, col(SetupLink.token_hash) == token_hash, col(SetupLink.used_at).is_(None)
    )
    return not has_chief(session, ward_id) and session.execute(query).first() is not None


def use_setup_link(session: Session, token_hash: str, *, now: int) -> None:
    session.execute(update(SetupLink).where(col(SetupLink.token_hash) == token_hash).values(used_at=now))


def count_role(session: Session, ward_id: int, role: str) -> int:
    query = select(func.count()).select_from(Officer).where(col(Officer.ward_id) == ward_id, col(Officer.role) == role)
    return int(session.execute(query.where(col(Officer.disabled_at).is_(None))).scalar_one())
