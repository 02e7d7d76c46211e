"""A new master key: every wrapped ring is wrapped anew, a few at a time. What is sealed, and every hash, stays as it is.

A ring that does not open any more, because its cell was changed or broke, is left as it is and named: it must not keep all others
under a key that somebody may have.
"""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick
from storage.vault import Place, Ring, Sealed, WrongMaster, vault_of, wrapped_by_in_sql

# Every column that holds a wrapped ring.
HOLDERS = (
    ("keys", "material"),
    ("chats", "data_key"),
    ("tips", "data_key"),
    ("callbacks", "data_key"),
    ("appeals", "data_key"),
    ("day_keys", "material"),
    ("typed_words", "data_key"),
    ("second_factors", "data_key"),
    ("zalo_tokens", "data_key"),
    ("held_events", "data_key"),
    ("warnings", "data_key"),
    ("leaders", "data_key"),
)
_STEP = 100


@dataclass(frozen=True, slots=True)
class Stepped:
    """Some rows of a table: the last one that was looked at, how many changed, and the cells that do not open."""

    last: int
    changed: int
    broken: tuple[str, ...] = ()


def called(place: Place) -> str:
    """A cell by its address, for the operator: never what is in it."""
    return f"{place.table} {place.row_id} {place.column}"


def rewrap_some(session: Session, table: str, column: str, *, after: int) -> Stepped | None:
    """None when none of this table is left."""
    vault = vault_of(session)
    find = Quick(
        f"SELECT id, {column} FROM {table} WHERE id > :after AND {column} IS NOT NULL"
        f" AND {wrapped_by_in_sql(column)} <> :master_id ORDER BY id LIMIT {_STEP}",
        postgres="FOR UPDATE",
    )
    change = Quick(f"UPDATE {table} SET {column} = :wrapped WHERE id = :row_id")
    rows, broken = find.run(session, after=after, master_id=vault.master_id).fetchall(), []
    for row_id, wrapped in rows:
        place = Place(table, column, row_id)
        try:
            change.run(session, row_id=row_id, wrapped=vault.wrap(vault.unwrap(bytes(wrapped), place), place))
        except (Sealed, WrongMaster):
            broken.append(called(place))
    return Stepped(int(rows[-1][0]), len(rows) - len(broken), tuple(broken)) if rows else None


# -- a new ring, when the old keys may be known to somebody --------------------------------------------------------------------


def renewed(
    session: Session, key_place: Place, data_key: bytes, cells: dict[Place, bytes | None], broken: list[str]
) -> dict[str, bytes | None] | None:
    """A new ring, and the cells under it by their columns. None where the ring itself does not open."""
    vault, new = vault_of(session), Ring.fresh()
    try:
        old = vault.unwrap(bytes(data_key), key_place)
    except (Sealed, WrongMaster):
        broken.append(called(key_place))
        return None
    fresh: dict[str, bytes | None] = {"wrapped": vault.wrap(new, key_place)}
    for place, value in cells.items():
        fresh[place.column] = resealed(old, new, value, place, broken) if value is not None else None
    return fresh


def resealed(old: Ring, new: Ring, value: bytes, place: Place, broken: list[str]) -> bytes:
    try:
        return new.seal(old.open(bytes(value), place), place)
    except Sealed:
        broken.append(called(place))
        return bytes(value)
