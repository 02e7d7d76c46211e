"""A fresh database for a test, on either engine, with the tables in it."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from storage.keyed import Keyed
from storage.memory import sqlite_url
from storage.migrate import upgrade_as_owner, upgrade_here
from storage.vault import Ring, Vault
from storage.ward_keys import WardKeys

MASTER = bytes(range(32))
OWNER, APP = "keng_test_owner", "keng_test_app"


@dataclass(frozen=True)
class Database:
    url: str  # What the app uses.
    owner_url: str  # What `keng migrate` uses.

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")


class PostgresServer:
    """Makes databases by copying one that was migrated once."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._template = ""

    @contextmanager
    def database(self) -> Iterator[Database]:
        self._template = self._template or self._make_template()
        name = f"keng_{secrets.token_hex(6)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._template} OWNER {OWNER}")
        try:
            yield self._addresses(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def bare_database(self) -> Iterator[Database]:
        """Not a table in it."""
        self._make_roles()
        name = f"keng_{secrets.token_hex(6)}"
        self._run(f"CREATE DATABASE {name} OWNER {OWNER}")
        try:
            yield self._addresses(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _make_template(self) -> str:
        self._make_roles()
        name = f"keng_template_{secrets.token_hex(4)}"
        self._run(f"CREATE DATABASE {name} OWNER {OWNER}")
        addresses = self._addresses(name)
        upgrade_as_owner(addresses.owner_url, addresses.url)
        return name

    def _make_roles(self) -> None:
        for role in (OWNER, APP):
            self._run(f"DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD '{role}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$")

    def _addresses(self, name: str) -> Database:
        base = make_url(self._admin_url)
        app, owner = (base.set(username=role, password=role, database=name).render_as_string(hide_password=False) for role in (APP, OWNER))
        return Database(app, owner)

    def _run(self, sentence: str) -> None:
        with psycopg.connect(self._admin_url, autocommit=True) as connection:
            connection.execute(sentence)  # Names of our own making, not anybody's input.


def known_vault() -> Vault:
    """For memories that are used without a house: one master key, and the keys of ward 1, the same in every process."""
    vault = Vault(lambda: (MASTER,))
    vault.wards[1] = WardKeys(look_up=Keyed(bytes(32)), search=Ring((bytes(32),)), chain=Keyed(b"c" * 32))
    return vault


def sqlite_database(folder: Path) -> Database:
    """A copy of one that was migrated once: Alembic takes longer than most tests."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "keng.db"
    path.write_bytes(_migrated_file())
    url = sqlite_url(path)
    return Database(url, url)


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keng.db"
        upgrade_here(sqlite_url(path))
        return path.read_bytes()
