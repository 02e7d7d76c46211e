"""Rows of warnings: the words under a key of their own, everything else in clear. Who may do what says `handlers/warnings/lifecycle.py`."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import RowMapping, func, select, update
from sqlmodel import Session, col

from storage.quick import AlreadyThere, from_json
from storage.tables import WarningRow
from storage.tables.columns import table_of
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of

WARNINGS = table_of(WarningRow)
_IN_CLEAR = [column for column in WARNINGS.columns if column.name not in ("data_key", "content", "ward_id")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningSeen:
    id: int
    code: str
    state: str
    kind: str
    theme: str
    template: str
    is_urgent: bool
    is_for_life: bool
    areas: tuple[int, ...]
    reaches: tuple[str, ...]
    ground: str
    written_by: int
    written_at: int
    proposed_at: int | None
    released_by: int | None
    released_at: int | None
    approved_by: int | None
    approved_at: int | None
    send_at: int
    expires_at: int
    laid_out_at: int | None
    done_at: int | None
    corrects_id: int | None
    content: dict[str, Any] | None = None  # None: it was not asked for, or does not open.
    note: str = ""  # Why somebody insisted on it as it is.


def add(session: Session, ward_id: int, *, row_id: int, code: str, content: dict[str, Any], note: str, now: int, **values: Any) -> None:
    """Raises AlreadyThere where the code is taken."""
    if session.execute(select(col(WarningRow.id)).where(col(WarningRow.code) == code)).first() is not None:
        raise AlreadyThere
    ring = Ring.fresh()
    sealed = ring.seal_json({"content": content, "note": note}, _content_place(row_id))
    wrapped = vault_of(session).wrap(ring, _key_place(row_id))
    session.add(WarningRow(id=row_id, ward_id=ward_id, code=code, data_key=wrapped, content=sealed, written_at=now, **values))
    session.flush()


def rewrite(session: Session, ward_id: int, warning_id: int, *, content: dict[str, Any], note: str, **values: Any) -> bool:
    """Another wording of what nobody has released yet."""
    row = session.execute(
        select(WARNINGS.c.data_key)
        .where(WARNINGS.c.id == warning_id, WARNINGS.c.ward_id == ward_id, WARNINGS.c.state.in_(("draft", "proposed", "declined")))
        .with_for_update()
    ).scalar_one_or_none()
    if row is None:
        return False
    ring = vault_of(session).unwrap(row, _key_place(warning_id))
    sealed = ring.seal_json({"content": content, "note": note}, _content_place(warning_id))
    session.execute(update(WARNINGS).where(WARNINGS.c.id == warning_id).values(content=sealed, **values))
    return True


def change(session: Session, ward_id: int, warning_id: int, *, when: tuple[str, ...], **values: Any) -> bool:
    """Another state, if it is still in one of these: of two who press at once one changes it."""
    done = session.execute(
        update(WARNINGS)
        .where(WARNINGS.c.id == warning_id, WARNINGS.c.ward_id == ward_id, WARNINGS.c.state.in_(when))
        .values(**values)
        .returning(WARNINGS.c.id)
    )
    return done.first() is not None


def one(session: Session, ward_id: int, warning_id: int, *, locks: bool = False) -> WarningSeen | None:
    """With its words. `locks`: nobody changes them until the transaction is over."""
    return _one(session, WARNINGS.c.id == warning_id, WARNINGS.c.ward_id == ward_id, locks=locks)


def by_code(session: Session, ward_id: int, code: str) -> WarningSeen | None:
    return _one(session, WARNINGS.c.code == code, WARNINGS.c.ward_id == ward_id)


def newest(
    session: Session,
    ward_id: int,
    *,
    states: tuple[str, ...] = (),
    written_by: int | None = None,
    before: int | None = None,
    most: int = 50,
) -> list[WarningSeen]:
    """Newest first, with their words."""
    query = select(*_IN_CLEAR, WARNINGS.c.data_key, WARNINGS.c.content).where(WARNINGS.c.ward_id == ward_id)
    if states:
        query = query.where(WARNINGS.c.state.in_(states))
    if written_by is not None:
        query = query.where(WARNINGS.c.written_by == written_by)
    if before is not None:
        query = query.where(WARNINGS.c.id < before)
    return [_seen(session, row) for row in session.execute(query.order_by(WARNINGS.c.id.desc()).limit(most)).mappings()]


def corrections_of(session: Session, ward_id: int, warning_id: int) -> list[WarningSeen]:
    """Those that were released, oldest first."""
    query = select(*_IN_CLEAR, WARNINGS.c.data_key, WARNINGS.c.content).where(
        WARNINGS.c.ward_id == ward_id, WARNINGS.c.corrects_id == warning_id, WARNINGS.c.released_at.is_not(None)
    )
    return [_seen(session, row) for row in session.execute(query.order_by(WARNINGS.c.released_at)).mappings()]


def count(session: Session, ward_id: int, *, states: tuple[str, ...]) -> int:
    query = select(func.count()).select_from(WARNINGS).where(WARNINGS.c.ward_id == ward_id, WARNINGS.c.state.in_(states))
    return int(session.execute(query).scalar_one())


def to_approve(session: Session, ward_id: int) -> list[WarningSeen]:
    """Released by the chief alone because of danger to life, and nobody has approved it since."""
    query = select(*_IN_CLEAR, WARNINGS.c.data_key, WARNINGS.c.content).where(
        WARNINGS.c.ward_id == ward_id, WARNINGS.c.is_for_life, WARNINGS.c.released_at.is_not(None), WARNINGS.c.approved_at.is_(None)
    )
    return [_seen(session, row) for row in session.execute(query.order_by(WARNINGS.c.id)).mappings()]


def seen_of(session: Session, *which: Any, most: int) -> list[WarningSeen]:
    """Those of which all of this is so, newest first."""
    query = select(*_IN_CLEAR, WARNINGS.c.data_key, WARNINGS.c.content).where(*which).order_by(WARNINGS.c.id.desc()).limit(most)
    return [_seen(session, row) for row in session.execute(query).mappings()]


def to_strike(session: Session, ward_id: int, *, now: int) -> list[int]:
    """Released, not over, and its time has come: the urgent ones first."""
    query = (
        select(WARNINGS.c.id)
        .where(WARNINGS.c.ward_id == ward_id, WARNINGS.c.state.in_(("released", "sending")), WARNINGS.c.send_at <= now)
        .order_by(WARNINGS.c.is_urgent.desc(), WARNINGS.c.released_at, WARNINGS.c.id)
    )
    return list(session.execute(query).scalars())


def _one(session: Session, *which: Any, locks: bool = False) -> WarningSeen | None:
    query = select(*_IN_CLEAR, WARNINGS.c.data_key, WARNINGS.c.content).where(*which)
    row = session.execute(query.with_for_update() if locks else query).mappings().first()
    return _seen(session, row) if row else None


def _seen(session: Session, row: RowMapping) -> WarningSeen:
    known = {name.name for name in fields(WarningSeen)}
    values = {name: value for name, value in row.items() if name in known and name != "content"}
    values |= {name: tuple(from_json(values[name]) or ()) for name in ("areas", "reaches")}
    said = _opened(session, row)
    return WarningSeen(**values, content=said.get("content"), note=str(said.get("note", "")))


def _opened(session: Session, row: RowMapping) -> dict[str, Any]:
    if row["data_key"] is None or row["content"] is None:
        return {}
    try:
        ring = vault_of(session).unwrap(row["data_key"], _key_place(row["id"]))
        opened: dict[str, Any] = ring.open_json(row["content"], _content_place(row["id"]))
    except (Sealed, Shredded, WrongMaster):
        return {}
    return opened


def _key_place(warning_id: int) -> Place:
    return Place("warnings", "data_key", warning_id)


def _content_place(warning_id: int) -> Place:
    return Place("warnings", "content", warning_id)
