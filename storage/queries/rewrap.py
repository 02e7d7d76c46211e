"""A new master key: every wrapped ring is wrapped anew, a few at a time. What is sealed, and every hash, stays as it is."""

from sqlmodel import Session

from storage.quick import Quick
from storage.vault import Place, vault_of, wrapped_by_in_sql

# Every column that holds a wrapped ring.
HOLDERS = (
    ("keys", "material"),
    ("chats", "data_key"),
    ("tips", "data_key"),
    ("callbacks", "data_key"),
    ("day_keys", "material"),
)
_STEP = 100


def rewrap_some(session: Session, table: str, column: str, *, after: int) -> int | None:
    """The last row that was looked at; None when none of this table is left."""
    vault = vault_of(session)
    find = Quick(
        f"SELECT id, {column} FROM {table} WHERE id > :after AND {column} IS NOT NULL"
        f" AND {wrapped_by_in_sql(column)} <> :master_id ORDER BY id LIMIT {_STEP}",
        postgres="FOR UPDATE",
    )
    change = Quick(f"UPDATE {table} SET {column} = :wrapped WHERE id = :row_id")
    rows = find.run(session, after=after, master_id=vault.master_id).fetchall()
    for row_id, wrapped in rows:
        place = Place(table, column, row_id)
        change.run(session, row_id=row_id, wrapped=vault.wrap(vault.unwrap(bytes(wrapped), place), place))
    return int(rows[-1][0]) if rows else None
