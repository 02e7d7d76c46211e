"""Statements of the hot path, handed to the driver as they are.

SQLAlchemy's own way costs about ten times as much as the statement itself, and a message takes a dozen of them. Written once
with `:names`; PostgreSQL's spelling is made from it. JSON goes in as text and comes out as a value on both engines.
"""

import json
import re
import sqlite3
from typing import Any

from sqlmodel import Session

_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


class AlreadyThere(Exception):
    """A row with this unique value exists."""


class Quick:
    def __init__(self, sql: str, *, postgres: str = "", is_planned_anew: bool = False) -> None:
        """`postgres` is added there alone: the locks that SQLite, with its one writer, does not need.

        `is_planned_anew` keeps PostgreSQL from settling on one plan for all values.
        """
        self._prepare = False if is_planned_anew else None  # None: the driver prepares what comes often.
        self._sqlite = sql
        self._postgres = re.sub(r"(?<!:):([a-z_][a-z0-9_]*)", r"%(\1)s", f"{sql} {postgres}")

    def run(self, session: Session, **values: Any) -> Any:
        """The driver's cursor."""
        raw = raw_of(session)
        try:
            if isinstance(raw, sqlite3.Connection):
                return raw.execute(self._sqlite, values)
            return raw.execute(self._postgres, values, prepare=self._prepare)
        except Exception as error:
            if getattr(error, "sqlite_errorname", "") in _UNIQUE or getattr(error, "sqlstate", None) == "23505":
                raise AlreadyThere from error
            raise


def raw_of(session: Session) -> Any:
    """The driver's connection under this session, inside its transaction."""
    raw = session.info.get("raw")
    if raw is None:
        raw = session.info["raw"] = session.connection().connection.driver_connection
    return raw


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(value: Any) -> Any:
    """SQLite keeps JSON as text, PostgreSQL's driver has read it already."""
    return json.loads(value) if isinstance(value, str) else value


def insert(table: str, *columns: str) -> Quick:
    return Quick(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})")
