"""The doors: when each was last alive, since when one is shut, and a look whether its token is good. The token itself is shown nowhere."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit, read_form
from handlers.doors import Tried
from storage import moments
from storage.queries import doors as rows
from storage.queries.doors import DoorShut, SignOfLife

_MESSENGERS = ("telegram", "zalo_bot")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSeen:
    channel: str
    is_on: bool
    link: str
    sign: SignOfLife
    shut: DoorShut | None
    withheld: int = 0


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return desk.show(visit, "channels.html", **await seen(desk, visit))


async def test(desk: Desk, visit: Visit) -> web.StreamResponse:
    return desk.show(visit, "channels.html", **await seen(desk, visit, tried=await tried_one(desk, visit)))


async def tried_one(desk: Desk, visit: Visit) -> dict[str, Tried]:
    """By channel; nothing where that one is switched off."""
    channel = (await read_form(visit.request)).get("kenh", "")
    door = desk.doors().get(channel)
    return {channel: await door.tried()} if door is not None else {}


async def seen(desk: Desk, visit: Visit, *, tried: dict[str, Tried] | None = None) -> dict[str, Any]:
    """What a page about channels draws."""
    ward_id, now = visit.officer.ward_id, moments.now()

    def read(session: Session) -> tuple[dict[str, SignOfLife], dict[str, DoorShut]]:
        return rows.signs(session, ward_id), {one.channel: one for one in rows.lasting(session, ward_id, before=now)}

    signs, shut = await desk.memory.read(read)
    on = {"webchat": True, **{name: name in desk.doors() for name in _MESSENGERS}}
    links = {"webchat": desk.public_url, "telegram": desk.telegram_link(), "zalo_bot": desk.zalo_bot_link()}
    withheld = {name: door.withheld_count for name, door in desk.doors().items()}
    channels = [
        DoorSeen(
            channel=name,
            is_on=is_on,
            link=links[name],
            sign=signs.get(name, SignOfLife()),
            shut=shut.get(name),
            withheld=withheld.get(name, 0),
        )
        for name, is_on in on.items()
    ]
    return {"channels": channels, "tried": tried or {}, "is_reached": is_reached(desk)}


def is_reached(desk: Desk) -> bool:
    """Whether residents can come in from outside."""
    return bool(desk.public_url or ((desk.telegram_link() or desk.zalo_bot_link()) and not desk.ward().is_trial))
