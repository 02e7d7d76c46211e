"""What the command line does with the database, beside a serving house or without one. Short transactions only."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlmodel import Session

from bot.forgetting import Forgetting
from bot.settings import Settings, SettingsError
from bot.unlocking import unlocked, ward_and_keys
from handlers import figures, keeping, officers, second_factor, tips
from handlers.ward_book import WardBook
from storage import codes, moments, verify
from storage.heads import HeadBook
from storage.ids import new_id
from storage.keyed import Keyed
from storage.media import MediaStore
from storage.memory import Memory
from storage.migrate import is_current, upgrade_here
from storage.passwords import hash_password
from storage.queries import chain, ward_book
from storage.queries import officers as officer_rows
from storage.queries import tips as tip_rows
from storage.queries.chain import Head
from storage.queries.officers import OfficerSeen
from storage.verify import Report

T = TypeVar("T")
COPY_THE_KEY = (
    "A master key was made at {path}. Without it nothing that is stored can ever be read again:"
    " copy it to another place now, or print it with ./keng key export."
)


def add_officer(settings: Settings, *, login: str, role: str, name: str, password: str) -> None:
    login = officers.checked_login(login)
    officers.check_password(password, login)
    hashed, officer_id, history_id, now = hash_password(password), new_id(), new_id(), moments.now()

    async def add(memory: Memory) -> None:
        ward_id, _keys = await ward_and_keys(memory)
        await memory.write(
            lambda session: officers.add_officer(
                session,
                ward_id,
                officer_id=officer_id,
                history_id=history_id,
                login=login,
                name=" ".join(name.split()),
                role=role,
                password_hash=hashed,
                by="command line",
                now=now,
            )
        )

    with_memory(settings, add)


def reset_password(settings: Settings, *, login: str, password: str) -> None:
    login = officers.checked_login(login)
    officers.check_password(password, login)
    hashed, history_id, now = hash_password(password), new_id(), moments.now()

    async def reset(memory: Memory) -> None:
        await memory.write(
            lambda session: officers.reset_password(
                session, history_id=history_id, login=login, password_hash=hashed, by="command line", now=now
            )
        )

    with_memory(settings, reset)


def clear_second_factor(settings: Settings, *, login: str) -> None:
    login, history_id, now = officers.checked_login(login), new_id(), moments.now()

    async def clear(memory: Memory) -> None:
        await ward_and_keys(memory)
        await memory.write(
            lambda session: second_factor.clear_by_login(session, login=login, history_id=history_id, by="command line", now=now)
        )

    with_memory(settings, clear)


def list_officers(settings: Settings) -> list[OfficerSeen]:
    async def read(memory: Memory) -> list[OfficerSeen]:
        ward_id, _keys = await ward_and_keys(memory)
        return await memory.read(lambda session: officer_rows.officers_of(session, ward_id))

    return with_memory(settings, read)


def describe_tips(settings: Settings, typed: list[str], *, words: bool) -> list[dict[str, Any]]:
    async def describe(memory: Memory) -> list[dict[str, Any]]:
        _ward_id, keys = await ward_and_keys(memory)
        return [await _describe(memory, keys.look_up, code, words=words) for code in typed]

    return with_memory(settings, describe)


async def _describe(memory: Memory, keyed: Keyed, typed: str, *, words: bool) -> dict[str, Any]:
    code = codes.read_code(typed)
    code_hash = keyed.hash("code", code) if code else ""

    def find(session: Session) -> tip_rows.TipByCode | None:
        return tip_rows.tip_by_code(session, code_hash)

    tip = await memory.read(find) if code else None
    if tip is None:
        return {"code": code or typed, "found": False}
    line = {
        "code": code,
        "found": True,
        "state": tip.state,
        "accepted": tip.accepted_at is not None,
        "channel": tip.channel,
        "book_number": tip.book_number,
        "latitude": tip.latitude,
        "longitude": tip.longitude,
        "sha256": list(tip.sha256),
    }
    if not words:
        return line
    ward_id, tip_id, now, history_id = tip.ward_id, tip.id, moments.now(), new_id()
    await memory.write(
        lambda session: tips.remember(
            session, history_id=history_id, ward_id=ward_id, tip_id=tip_id, now=now, actor="command line", what="words_read"
        )
    )
    return line | {"words": list(tip.words)}


def forget_now(settings: Settings, *, only_tell: bool) -> dict[str, int]:
    """What is over its time: told, or shredded now instead of with the house's next beat."""

    async def forget(memory: Memory) -> dict[str, int]:
        ward_id, _keys = await ward_and_keys(memory)
        book = WardBook.of_calendar(await memory.read(lambda session: ward_book.load_calendar(session, ward_id)))
        periods = keeping.periods_of(book, settings.kept)
        forgetting = Forgetting(memory, MediaStore(settings.data / "media"), lambda: periods, ward_id, data=settings.data)
        due = await forgetting.due()
        if not only_tell:
            await forgetting.forget()
        return due

    return with_memory(settings, forget)


def verify_all(settings: Settings, *, head: Head | None) -> Report:
    """Everything that is stored, looked at beside a serving house or without one."""

    async def examine(memory: Memory) -> Report:
        ward_id, _keys = await ward_and_keys(memory)
        heads, now = HeadBook(settings.data).all() + ([head] if head else []), moments.now()
        report = await memory.read(lambda session: verify.verify(session, ward_id, now=now, heads=heads))
        await asyncio.to_thread(verify.verify_files, report, MediaStore(settings.data / "media"))
        return report

    return with_memory(settings, examine)


def recount(settings: Settings) -> None:
    """Every figure anew, from the history; beside a serving house, which then does its part of it."""

    async def count(memory: Memory) -> None:
        ward_id, _keys = await ward_and_keys(memory)
        await memory.write(lambda session: figures.count_anew(session, ward_id))
        while await memory.read(lambda session: figures.is_behind(session, ward_id)):
            await memory.write(lambda session: figures.catch_up(session, ward_id))

    with_memory(settings, count)


def head_of(settings: Settings) -> Head:
    async def read(memory: Memory) -> Head:
        ward_id, _keys = await ward_and_keys(memory)
        return await memory.read(lambda session: chain.head(session, ward_id))

    return with_memory(settings, read)


def with_memory(settings: Settings, work: Callable[[Memory], Awaitable[T]]) -> T:
    async def run() -> T:
        memory = Memory(where, vault)
        await memory.start()
        try:
            return await work(memory)
        finally:
            await memory.stop()

    where = settings.where_data_lives()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    vault, fresh_key = unlocked(settings)
    if fresh_key:
        print(COPY_THE_KEY.format(path=fresh_key), file=sys.stderr)
    if where.startswith("sqlite"):
        upgrade_here(where)
    elif not is_current(where):
        raise SettingsError("the database is not at the newest version; run ./keng migrate first")
    return asyncio.run(run())
