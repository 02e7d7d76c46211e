"""What residents do beyond typing and pressing, over whichever door; and what happens around them."""

import asyncio
import re
from pathlib import Path
from typing import Any

from sqlmodel import Session, text

from bot.runtime import Running
from handlers import notices, officers, texts, tips
from handlers.messages import Reply
from handlers.notices import Notice
from storage import moments, tables
from storage.ids import new_id
from tests.opened import rows
from tests.people import Resident, TelegramResident

VOICE = (Path(__file__).parents[2] / "fixtures" / "recordings" / "opus.ogg").read_bytes()


async def speak(resident: Resident) -> None:
    """A voice note."""
    await resident.send_voice(VOICE)


async def send_album(resident: Resident, photos: list[bytes], caption: str) -> None:
    """Telegram tells each photo on its own, with the words under the first."""
    for number, photo in enumerate(photos):
        if isinstance(resident, TelegramResident):
            await resident.person.send_photo(photo, "" if number else caption, media_group_id="album-1")
        else:
            await resident.send_photo(photo)
    if not isinstance(resident, TelegramResident):
        await resident.say(caption)


async def starts(resident: Resident, payload: str = "") -> None:
    await resident.say(f"/start {payload}".strip())


async def gets_receipt(resident: Resident) -> str:
    receipt = await resident.hears("Mã tin")
    assert re.search(r"TB(-[0-9A-Z]{4}){3}", receipt)
    return receipt


async def heard(house: Running) -> list[str]:
    """Everything that has been sent or waits to be sent, as the outbox counts it: how many rows, not which words."""
    return [row[0] for row in await rows(house, tables.OutboxRow, "kind")]


async def settled(house: Running) -> None:
    """Until nothing waits any more, neither in nor out."""
    for _ in range(200):
        waiting = [
            row for table in (tables.InboxRow, tables.OutboxRow) for row in await rows(house, table, "status") if row[0] == "waiting"
        ]
        if not waiting:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("something still waits")


async def change(house: Running, sql: str, **values: Any) -> None:
    def run(session: Session) -> None:
        session.execute(text(sql), values)

    await house.memory.write(run)


async def silence_ends(house: Running) -> None:
    """As if the time had come that the conversation waits for."""
    await settled(house)
    await change(house, "UPDATE chats SET wake_at = 1 WHERE wake_at IS NOT NULL")
    await house.inbox.end_silences()
    await settled(house)


async def officer_reads(house: Running) -> None:
    """What the desk does when an officer takes the newest tip."""
    officer_id, now, ward_id = new_id(), moments.now(), house.ward().id
    tip_id = (await rows(house, tables.Tip, "id"))[-1][0]

    def press(session: Session) -> None:
        officers.add_officer(
            session,
            ward_id,
            officer_id=officer_id,
            history_id=new_id(),
            login="truc.ban",
            name="Trực ban",
            role="duty",
            password_hash="-",
            by="command line",
            now=now,
        )
        assert tips.accept_tip(session, ward_id, tip_id=tip_id, officer_id=officer_id, history_id=new_id(), now=now)

        def say(language: str) -> Reply:
            return Reply(text=texts.say("accepted", language, time=moments.clock_face(now)))

        notices.tell(session, house.ward().book, Notice(tip_id=tip_id, kind="accepted", say=say), draw=new_id, now=now)

    await settled(house)
    await house.memory.write(press)


async def stays_silent(house: Running, do: Any) -> None:
    """Nothing is queued for anybody while this happens."""
    await settled(house)
    before = len(await heard(house))
    await do
    assert len(await heard(house)) == before
