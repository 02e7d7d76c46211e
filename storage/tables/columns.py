"""The column shapes every table shares."""

from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, Table, text
from sqlmodel import Field, SQLModel


def row_id() -> Any:
    """An id made by `storage.ids.new_id` before the insert."""
    return Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})


def ward_id() -> Any:
    return Field(foreign_key="wards.id", sa_type=BigInteger)


def moment(*, index: bool = False) -> Any:
    """Milliseconds since 1970, UTC."""
    return Field(sa_type=BigInteger, index=index)


def maybe_moment(*, index: bool = False) -> Any:
    return Field(default=None, sa_type=BigInteger, index=index, nullable=True)


def link(target: str, *, index: bool = True) -> Any:
    return Field(foreign_key=target, sa_type=BigInteger, index=index)


def maybe_link(target: str, *, index: bool = True) -> Any:
    return Field(default=None, foreign_key=target, sa_type=BigInteger, index=index, nullable=True)


def sealed() -> Any:
    """Ciphertext, or nothing. Under which key, and bound to what, says `storage/vault.py`."""
    return Field(default=None, sa_type=LargeBinary, nullable=True)


def only_where(name: str, flag: str, *columns: str) -> Index:
    """An index over the few rows that something is owed to."""
    return Index(name, *(columns or ("id",)), sqlite_where=text(flag), postgresql_where=text(flag))


def only_once_where(name: str, flag: str, *columns: str) -> Index:
    """Among these rows, no two alike."""
    return Index(name, *columns, unique=True, sqlite_where=text(flag), postgresql_where=text(flag))


def table_of(model: type[SQLModel]) -> Table:
    """The plain table behind a model, for statements on the hot path that need no objects."""
    return SQLModel.metadata.tables[str(model.__tablename__)]
