"""A warning in the writer's own chat: tried there before anybody else gets it, and told of in one message while it goes."""

import asyncio

from sqlalchemy import update
from sqlmodel import Session, col

from bot.runtime import Running
from handlers.texts import say
from handlers.warnings import progress
from storage import moments, tables
from storage.ids import new_id
from tests.admin.test_warnings import laid_out, mark_on, tomorrow, written
from tests.fakes.telegram import FakeTelegram, Person
from tests.journeys.test_officer_chats import links, station
from tests.station import Station, send

__all__ = ["station"]


async def tells(house: Running) -> None:
    """As the beat does; once more while the message before it is not put away yet."""
    ward, now = house.ward(), moments.now()
    for _ in range(100):
        chats = await house.memory.write(lambda session: progress.tell(session, ward, draw=new_id, now=now))
        if chats:
            return house.delivery.take(chats[0], None)
        await asyncio.sleep(0.02)


async def test_it_is_tried_by_its_writer_and_told_in_one_message_that_is_rewritten(station: Station, fake_telegram: FakeTelegram) -> None:
    house, duty, person = station.house, station.people["truc.ban"], fake_telegram.person("Hải")
    warning_id = await written(station, "truc.ban", **tomorrow())
    page = f"/admin/canh-bao/{warning_id}"
    status, refused = await send(duty, f"{page}/gui-thu")
    assert status == 422 and say("warn-no-chat") in refused
    await links(station, "truc.ban", person)
    await send(duty, f"{page}/gui-thu")
    tried = await person.hears(say("warn-trial-mark"))
    assert "CẢNH BÁO: Giả công an gọi video đòi tiền" in tried and tried.startswith(say("warn-trial-mark"))
    assert person.read_messages()[-1]["photo"]  # Drawn anew each time, and marked.

    await send(duty, f"{page}/gui-duyet")
    await send(station.people["chief"], f"{page}/duyet", ban=await mark_on(station.people["chief"], page))
    await laid_out(house, warning_id, ("group", "sent"), ("leader", "sent"))
    await tells(house)
    await person.hears("đang phát")
    await posts(house, warning_id)
    await tells(house)
    await person.hears("đã phát xong")
    assert [words for words in person.reads() if "Giả công an gọi video" in words][1:] == [_last(person)]  # The same message.
    assert say("warn-count-posted", count=1) in _last(person)


def _last(person: Person) -> str:
    return str(person.reads()[-1])


async def posts(house: Running, warning_id: int) -> None:
    """The leader says so, everything has gone, and half a minute with it."""

    def write(session: Session) -> None:
        row = col(tables.WarningTarget.warning_id) == warning_id
        session.execute(update(tables.WarningTarget).where(row, col(tables.WarningTarget.kind) == "leader").values(state="posted"))
        done = {"state": "done", "done_at": moments.now(), "told_at": 0}
        session.execute(update(tables.WarningRow).where(col(tables.WarningRow.id) == warning_id).values(**done))

    await house.memory.write(write)
