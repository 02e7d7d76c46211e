"""At every start: the master key is there and is the right one, before anything is written."""

from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from storage.master_key import KeyTrouble, fresh_key, masters
from storage.memory import postgres_engine
from storage.migrate import TooOld, is_too_old
from storage.queries.wards import ward_key_place
from storage.vault import Sealed, Vault, WrongMaster


def unlock(url: str, *, given: str, given_file: str, data: Path) -> tuple[Vault, Path | None]:
    """The vault; and where a fresh master key was just put, so that a person can be told to copy it. Raises KeyTrouble."""
    hand_out, own_file = masters(given=given, given_file=given_file, data=data)
    wrapped = _wrapped_keys(url)
    made: Path | None = None
    if own_file is not None and not own_file.path.exists():
        if wrapped:
            raise KeyTrouble(
                f"what is stored is sealed, and its master key is not at {own_file.path}; bring it back from your copy or from the"
                " recovery sheet (KENG_MASTER_KEY); nothing was changed"
            )
        own_file.write((fresh_key(),), only_new=True)
        made = own_file.path
    vault = Vault(hand_out)
    if wrapped:
        _try(vault, wrapped)
    else:
        hand_out()  # A key that cannot be read should be said now.
    return vault, made


def unlock_for_restore(*, given: str, given_file: str, data: Path) -> Vault:
    """The vault of the house a copy came from. Here a key is never made: a fresh one opens nothing."""
    hand_out, own_file = masters(given=given, given_file=given_file, data=data)
    if own_file is not None and not own_file.path.exists():
        raise KeyTrouble(
            f"a restore needs the master key of the house that made the copy: put it at {own_file.path}, or type it from the"
            " recovery sheet (KENG_MASTER_KEY); nothing was changed"
        )
    hand_out()
    return Vault(hand_out)


def _try(vault: Vault, wrapped: list[tuple[int, bytes]]) -> None:
    """Told apart, because what helps differs: the right key, or a copy from before the damage."""
    opens = [_opens(vault, key_id, material) for key_id, material in wrapped]
    if not any(opens):
        raise KeyTrouble("this is not the master key of what is stored here; set the right one; nothing was changed")
    if not all(opens):
        raise KeyTrouble("a key of the ward is damaged in the database; restore a copy from before that; nothing was changed")


def _opens(vault: Vault, key_id: int, material: bytes) -> bool:
    try:
        vault.unwrap(material, ward_key_place(key_id))
    except (WrongMaster, Sealed):
        return False
    return True


def _wrapped_keys(url: str) -> list[tuple[int, bytes]]:
    """The keys of the ward, if there is a database with some. Opens it for reading only."""
    engine = reading_engine(url)
    if engine is None:
        return []
    try:
        with engine.connect() as connection:
            if is_too_old(connection):
                raise TooOld
            if not engine.dialect.has_table(connection, "keys"):
                return []
            return [(row[0], bytes(row[1])) for row in connection.execute(text("SELECT id, material FROM keys ORDER BY id"))]
    finally:
        engine.dispose()


def reading_engine(url: str) -> Engine | None:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return postgres_engine(url, connections=1)
    path = Path(address.database or "")
    if not path.exists():
        return None
    # After a clean stop there is no log beside the database, and a merely reading SQLite would leave an empty one behind.
    quiet = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return create_engine(f"sqlite:///file:{quote(str(path))}?mode=ro{quiet}&uri=true", hide_parameters=True)
