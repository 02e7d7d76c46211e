"""The command line's half of copies: `keng backup` beside a serving house, `keng restore` where there is none yet."""

import threading
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

from bot.backups import back_up
from bot.offline import with_memory
from bot.settings import Settings
from bot.unlocking import data_lock, ward_and_keys
from storage import moments, shred_list
from storage.backup import Made
from storage.ids import new_id
from storage.media import MediaStore
from storage.memory import Memory
from storage.restore import Restored, bring_back, check_copy, pick_snapshot, refuse_if_used
from storage.shred_list import Entry
from storage.snapshot_files import CopyTrouble
from storage.unlock import unlock_for_restore


def back_up_into(settings: Settings, folder: Path, *, keep: int | None) -> list[str]:
    if not settings.database_url and not (settings.data / "keng.db").exists():
        raise CopyTrouble(f"there is nothing to copy in {settings.data}; set KENG_DATA to the folder of the house")

    async def make(memory: Memory) -> Made:
        ward_id, _keys = await ward_and_keys(memory)
        return await back_up(memory, settings, ward_id, folder=folder, keep=keep or settings.backup_keep, stop=threading.Event())

    return list(_told_of(with_memory(settings, make)))


def restore_from(settings: Settings, source: Path, *, snapshot: str, more_shredded: Path | None) -> list[str]:
    """Whatever can be wrong is found before anything is written."""
    where = settings.where_data_lives()
    is_sqlite = where.startswith("sqlite")
    url = where if is_sqlite else settings.database_owner_url or where
    _refuse_if_served(settings.data, is_sqlite=is_sqlite)
    vault = unlock_for_restore(given=settings.master_key.get_secret_value(), given_file=settings.master_key_file, data=settings.data)
    refuse_if_used(url)
    own_list = settings.data / shred_list.NAME
    lists = [source / shred_list.NAME, own_list, *([more_shredded] if more_shredded else [])]
    entries = _each_once(entry for path in lists for entry in shred_list.read(path))
    try:
        checked = check_copy(pick_snapshot(source, snapshot), vault, entries)
        with data_lock(settings.data) if is_sqlite else nullcontext():
            refuse_if_used(url)  # Reading the copy took a while.
            settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            shred_list.merge(own_list, entries)  # So that the next copy, and the next restore, know of them too.
            store = MediaStore(settings.data / "media")
            restored = bring_back(checked, url=url, vault=vault, store=store, history_id=new_id(), copy_id=new_id(), now=moments.now())
    except OSError as error:
        raise CopyTrouble(f"the copy could not be brought here: {error.strerror or error}; put that right and start again") from None
    return _told(restored)


def _refuse_if_served(data: Path, *, is_sqlite: bool) -> None:
    """Without leaving a lock file in a folder that has none."""
    if is_sqlite and (data / "lock").exists():
        with data_lock(data):
            pass


def _each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.key: entry for entry in entries}.values())


def _told_of(made: Made) -> list[str]:
    lines = [
        f"{made.name}: the database and {made.files} files, {made.size / 1_000_000:.1f} MB, in {made.folder}.",
        f"{len(made.kept)} copies are kept there. They open with the master key alone: keep that somewhere else.",
    ]
    if made.missing:
        lines.append(f"{made.missing} files that tips name are not on this machine's disk any more and are in no copy.")
    if made.unreadable:
        lines.append(f"{made.unreadable} older copies are sealed under another master key; no file was removed because of them.")
    return lines


def _told(restored: Restored) -> list[str]:
    made = f"{moments.clock_face(restored.made_at)}, {moments.short_date(restored.made_at)}"
    lines = [
        f"Restored {restored.snapshot}, made at {made} (ward time): {restored.tips} tips, {restored.files} files, {restored.rows} rows.",
        f"Answers that were waiting and are now held: {restored.held}. Forgotten again from the shred list: {restored.shredded}.",
    ]
    if restored.missing:
        lines.append(f"Gone already when the copy was made: {len(restored.missing)} files.")
    if restored.moved_aside:
        lines.append(f"A database without tips stood here; it is now {restored.moved_aside}.")
    return [
        *lines,
        "",
        "The house is closed: it takes no messages and sends none. Next:",
        "  1. Switch the old machine off for good.",
        "  2. Start this one: ./keng",
        "  3. The chief signs in, opens the page Máy chủ (/admin/may-chu) and confirms.",
    ]
