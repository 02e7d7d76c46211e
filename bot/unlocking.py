"""What a start and a command do before they touch anything: the folder is theirs alone, the vault opens, the ward has its row and keys."""

import fcntl
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from bot.settings import Settings, SettingsError
from storage import moments
from storage.ids import new_id
from storage.master_key import KeyTrouble
from storage.memory import Memory
from storage.migrate import TooOld
from storage.queries import wards
from storage.unlock import unlock
from storage.vault import Vault
from storage.ward_keys import PURPOSES, WardKeys


@contextmanager
def data_lock(data: Path) -> Any:
    """One serving process per SQLite file; `migrate` and `restore` refuse while it is held."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    file: IO[str] = (data / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise SettingsError(f"another Kẻng already serves {data}; stop it first or set KENG_DATA") from None
    try:
        yield
    finally:
        file.close()


def unlocked(settings: Settings) -> tuple[Vault, Path | None]:
    """The vault, before anything is written. A missing or wrong master key is one clear sentence."""
    try:
        return unlock(
            settings.where_data_lives(),
            given=settings.master_key.get_secret_value(),
            given_file=settings.master_key_file,
            data=settings.data,
        )
    except KeyTrouble as trouble:
        raise SettingsError(str(trouble)) from None
    except TooOld:
        raise SettingsError("this database is from before the first release and is not sealed; start with an empty KENG_DATA") from None


async def ward_and_keys(memory: Memory) -> tuple[int, WardKeys]:
    """The ward of this installation and its keys, made by whoever comes first: a start or a command."""
    ward_id, key_ids, now = new_id(), {purpose: new_id() for purpose in PURPOSES}, moments.now()
    ward_id, keys = await memory.write(lambda session: wards.first_rows(session, ward_id=ward_id, key_ids=key_ids, now=now))
    assert memory.vault is not None
    memory.vault.wards[ward_id] = keys
    return ward_id, keys
