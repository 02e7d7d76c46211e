"""Computers that are trusted, who is known on them, and the sessions that are open, as rows."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick, insert

_ADD = insert("devices", "id", "ward_id", "token_hash", "name", "browser", "made_by", "made_at", "seen_at", "ends_at")
_COUNT = Quick("SELECT count(*) FROM devices WHERE ward_id = :ward_id")
_FIND = Quick("SELECT id, name FROM devices WHERE ward_id = :ward_id AND token_hash = :token_hash AND ends_at > :now")
_SEEN = Quick("UPDATE devices SET seen_at = :now WHERE id = :device_id")
_PROLONG = Quick("UPDATE devices SET seen_at = :now, ends_at = :ends_at WHERE id = :device_id")
_END = Quick("UPDATE devices SET ends_at = :now WHERE id = :device_id AND ward_id = :ward_id AND ends_at > :now")
_ALL = Quick(
    "SELECT d.id, d.name, d.browser, d.made_at, d.seen_at, d.ends_at, k.officer_id, k.full_at"
    " FROM devices d LEFT JOIN known_here k ON k.device_id = d.id"
    " WHERE d.ward_id = :ward_id AND d.ends_at > :now ORDER BY d.id, k.full_at DESC"
)

_KNOW = Quick(
    "INSERT INTO known_here (id, ward_id, device_id, officer_id, full_at, wrong) VALUES (:id, :ward_id, :device_id, :officer_id, :now, 0)"
    " ON CONFLICT (device_id, officer_id) DO UPDATE SET full_at = excluded.full_at, wrong = 0"
)
_KNOWN = Quick("SELECT wrong FROM known_here WHERE device_id = :device_id AND officer_id = :officer_id AND full_at > :since")
_PEOPLE = Quick(
    "SELECT o.id, o.name FROM known_here k JOIN officers o ON o.id = k.officer_id JOIN officer_pins p ON p.officer_id = o.id"
    " WHERE k.device_id = :device_id AND k.full_at > :since AND k.wrong < :most_wrong AND o.disabled_at IS NULL"
)
# Counted before it is looked at: of many at once each is one.
_TRY = Quick(
    "UPDATE known_here SET wrong = wrong + 1 WHERE device_id = :device_id AND officer_id = :officer_id AND full_at > :since"
    " AND wrong < :most_wrong AND officer_id IN (SELECT id FROM officers WHERE ward_id = :ward_id AND disabled_at IS NULL)"
    " RETURNING wrong, (SELECT pin_hash FROM officer_pins p WHERE p.officer_id = known_here.officer_id)"
)
_RIGHT = Quick("UPDATE known_here SET wrong = 0 WHERE device_id = :device_id AND officer_id = :officer_id")
_FORGET = Quick("DELETE FROM known_here WHERE device_id = :device_id AND officer_id = :officer_id")
_FORGET_DEVICE = Quick("DELETE FROM known_here WHERE device_id = :device_id")
_FORGET_OFFICER = Quick("DELETE FROM known_here WHERE officer_id = :officer_id")

_SESSIONS = Quick(
    "SELECT s.id, s.officer_id, s.created_at, s.seen_at, s.locked_at, s.ends_at, s.how, s.browser, s.device_id, d.name, s.token_hash"
    " FROM desk_sessions s JOIN officers o ON o.id = s.officer_id LEFT JOIN devices d ON d.id = s.device_id"
    " WHERE s.ward_id = :ward_id AND s.ends_at > :now AND (s.seen_at > :awake_since OR s.locked_at IS NOT NULL OR o.role = 'leader')"
    " AND o.disabled_at IS NULL ORDER BY s.id DESC"
)
_END_SESSION = Quick("DELETE FROM desk_sessions WHERE id = :session_id AND ward_id = :ward_id RETURNING officer_id")
_END_HERE = Quick("DELETE FROM desk_sessions WHERE device_id = :device_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHere:
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSeen:
    id: int
    name: str
    browser: str
    made_at: int
    seen_at: int
    ends_at: int
    known: dict[int, int]  # When each officer last signed in fully there.


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PinTry:
    wrong: int  # With this try, should it be wrong.
    pin_hash: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpenSession:
    id: int
    officer_id: int
    created_at: int
    seen_at: int
    is_locked: bool
    ends_at: int
    how: str
    browser: str
    device_id: int | None
    device: str
    token_hash: str


def add(session: Session, *, device_id: int, ward_id: int, token_hash: str, browser: str, officer_id: int, now: int, ends_at: int) -> str:
    """What it is called: by the number of those before it."""
    name = f"Máy trực {_COUNT.run(session, ward_id=ward_id).fetchone()[0] + 1}"
    _ADD.run(
        session,
        id=device_id,
        ward_id=ward_id,
        token_hash=token_hash,
        name=name,
        browser=browser,
        made_by=officer_id,
        made_at=now,
        seen_at=now,
        ends_at=ends_at,
    )
    return name


def find(session: Session, ward_id: int, token_hash: str, *, now: int) -> DeviceHere | None:
    row = _FIND.run(session, ward_id=ward_id, token_hash=token_hash, now=now).fetchone()
    return DeviceHere(id=row[0], name=row[1]) if row else None


def seen(session: Session, device_id: int, *, now: int) -> None:
    _SEEN.run(session, device_id=device_id, now=now)


def all_of(session: Session, ward_id: int, *, now: int) -> list[DeviceSeen]:
    found: dict[int, DeviceSeen] = {}
    for row in _ALL.run(session, ward_id=ward_id, now=now).fetchall():
        one = found.setdefault(
            row[0], DeviceSeen(id=row[0], name=row[1], browser=row[2], made_at=row[3], seen_at=row[4], ends_at=row[5], known={})
        )
        if row[6] is not None:
            one.known[row[6]] = row[7]
    return list(found.values())


def end(session: Session, ward_id: int, device_id: int, *, now: int) -> bool:
    """Nobody is known there any more, and whoever is signed in there is out."""
    if not _END.run(session, device_id=device_id, ward_id=ward_id, now=now).rowcount:
        return False
    _FORGET_DEVICE.run(session, device_id=device_id)
    _END_HERE.run(session, device_id=device_id)
    return True


# -- who is known there --------------------------------------------------------------------------------------------------


def know(session: Session, *, row_id: int, ward_id: int, device_id: int, officer_id: int, now: int, ends_at: int) -> None:
    """Signed in fully: another month."""
    _KNOW.run(session, id=row_id, ward_id=ward_id, device_id=device_id, officer_id=officer_id, now=now)
    _PROLONG.run(session, device_id=device_id, now=now, ends_at=ends_at)


def wrong_pins(session: Session, device_id: int, officer_id: int, *, since: int) -> int | None:
    """None where this officer is not known."""
    row = _KNOWN.run(session, device_id=device_id, officer_id=officer_id, since=since).fetchone()
    return int(row[0]) if row else None


def people(session: Session, device_id: int, *, since: int, most_wrong: int) -> list[Person]:
    """Whoever may come in with a PIN."""
    rows = _PEOPLE.run(session, device_id=device_id, since=since, most_wrong=most_wrong).fetchall()
    return [Person(id=row[0], name=row[1]) for row in rows]


def try_pin(session: Session, ward_id: int, device_id: int, officer_id: int, *, since: int, most_wrong: int) -> PinTry | None:
    """None where no PIN is taken: not known, too long ago, wrong too often, none set."""
    given = {"ward_id": ward_id, "device_id": device_id, "officer_id": officer_id}
    row = _TRY.run(session, since=since, most_wrong=most_wrong, **given).fetchone()
    return PinTry(wrong=row[0], pin_hash=row[1]) if row and row[1] else None


def pin_was_right(session: Session, device_id: int, officer_id: int) -> None:
    _RIGHT.run(session, device_id=device_id, officer_id=officer_id)


def forget(session: Session, device_id: int, officer_id: int) -> bool:
    return bool(_FORGET.run(session, device_id=device_id, officer_id=officer_id).rowcount)


def forget_officer(session: Session, officer_id: int) -> None:
    _FORGET_OFFICER.run(session, officer_id=officer_id)


# -- sessions ------------------------------------------------------------------------------------------------------------


def sessions(session: Session, ward_id: int, *, now: int, awake_since: int) -> list[OpenSession]:
    """Newest first."""
    return [
        OpenSession(
            id=row[0],
            officer_id=row[1],
            created_at=row[2],
            seen_at=row[3],
            is_locked=row[4] is not None,
            ends_at=row[5],
            how=row[6],
            browser=row[7],
            device_id=row[8],
            device=row[9] or "",
            token_hash=row[10],
        )
        for row in _SESSIONS.run(session, ward_id=ward_id, now=now, awake_since=awake_since).fetchall()
    ]


def end_session(session: Session, ward_id: int, session_id: int) -> int | None:
    """Whose it was."""
    row = _END_SESSION.run(session, session_id=session_id, ward_id=ward_id).fetchone()
    return int(row[0]) if row else None
