"""Who was let in for one shift without their phone, as rows."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick, insert

_ADD = insert("let_ins", "id", "ward_id", "officer_id", "by_id", "why", "number_hash", "made_at", "dies_at", "ends_at", "wrong")
_OVER = Quick("UPDATE let_ins SET dies_at = :now WHERE officer_id = :officer_id AND used_at IS NULL AND dies_at > :now")
_USE = Quick(
    "UPDATE let_ins SET used_at = :now WHERE officer_id = :officer_id AND number_hash = :number_hash AND used_at IS NULL"
    " AND dies_at > :now AND wrong < :most_wrong RETURNING id, ends_at"
)
_WRONG = Quick("UPDATE let_ins SET wrong = wrong + 1 WHERE officer_id = :officer_id AND used_at IS NULL AND dies_at > :now")
_UNREAD = Quick("SELECT count(*) FROM let_ins WHERE ward_id = :ward_id AND read_at IS NULL AND by_id <> :reader")
_LATELY = Quick(
    "SELECT id, officer_id, by_id, why, made_at, dies_at, ends_at, used_at, read_at FROM let_ins"
    " WHERE ward_id = :ward_id AND (read_at IS NULL OR made_at > :since) ORDER BY id DESC LIMIT :most"
)
_READ = Quick(
    "UPDATE let_ins SET read_at = :now, read_by = :officer_id WHERE ward_id = :ward_id AND read_at IS NULL AND by_id <> :officer_id"
)
_ENDS = Quick("SELECT ends_at FROM let_ins WHERE id = :let_in_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetInSeen:
    id: int
    officer_id: int
    by_id: int
    why: str
    made_at: int
    dies_at: int
    ends_at: int
    used_at: int | None
    read_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A number that was right."""

    id: int
    ends_at: int


def add(
    session: Session,
    *,
    row_id: int,
    ward_id: int,
    officer_id: int,
    by_id: int,
    why: str,
    number_hash: str,
    now: int,
    dies_at: int,
    ends_at: int,
) -> None:
    """In the place of a number that this officer has not used yet."""
    _OVER.run(session, officer_id=officer_id, now=now)
    _ADD.run(
        session,
        id=row_id,
        ward_id=ward_id,
        officer_id=officer_id,
        by_id=by_id,
        why=why,
        number_hash=number_hash,
        made_at=now,
        dies_at=dies_at,
        ends_at=ends_at,
        wrong=0,
    )


def use(session: Session, officer_id: int, number_hash: str, *, most_wrong: int, now: int) -> Entry | None:
    """Once; what is wrong too often is used up, too."""
    row = _USE.run(session, officer_id=officer_id, number_hash=number_hash, most_wrong=most_wrong, now=now).fetchone()
    if row is None:
        _WRONG.run(session, officer_id=officer_id, now=now)
        return None
    return Entry(id=row[0], ends_at=row[1])


def ends_at(session: Session, let_in_id: int) -> int:
    return int(_ENDS.run(session, let_in_id=let_in_id).fetchone()[0])


def unread(session: Session, ward_id: int, *, reader: int) -> int:
    """What a chief did is no news to that chief."""
    return int(_UNREAD.run(session, ward_id=ward_id, reader=reader).fetchone()[0])


def lately(session: Session, ward_id: int, *, since: int, most: int) -> list[LetInSeen]:
    """Newest first; and whatever no chief has read."""
    names = ("id", "officer_id", "by_id", "why", "made_at", "dies_at", "ends_at", "used_at", "read_at")
    rows = _LATELY.run(session, ward_id=ward_id, since=since, most=most).fetchall()
    return [LetInSeen(**dict(zip(names, row, strict=True))) for row in rows]


def mark_read(session: Session, ward_id: int, officer_id: int, *, now: int) -> None:
    _READ.run(session, ward_id=ward_id, officer_id=officer_id, now=now)
