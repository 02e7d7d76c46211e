"""The doors: when each was last alive, since when one is shut, and a look whether its token is good. The token itself is shown nowhere."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from handlers.doors import NeedsPermission, Tried
from storage import moments
from storage.queries import doors as rows
from storage.queries.doors import DoorShut, SignOfLife

CHANNELS = ("webchat", "zalo_oa", "zalo_bot", "telegram")


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


async def ask_permission(desk: Desk, visit: Visit) -> web.StreamResponse:
    """To Zalo goes a link, not an answer of ours that leads there: our pages let no form end anywhere else."""
    door, more = desk.doors().get("zalo_oa"), await seen(desk, visit)
    if isinstance(door, NeedsPermission) and desk.public_url.startswith("https"):
        more |= {"ask_url": await door.ask_permission(f"{desk.public_url.rstrip('/')}/admin/kenh/zalo/ve")}
    return desk.show(visit, "channels.html", **more | {"asked": True})


async def permitted(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Where Zalo sends the administrator's browser. What stands in the address works once."""
    door, query = desk.doors().get("zalo_oa"), visit.request.query
    told = "old"
    if isinstance(door, NeedsPermission):
        told = await door.permitted(nonce=query.get("n", "") or query.get("state", ""), code=query.get("code", ""))
    return desk.show(visit, "channels.html", **await seen(desk, visit) | {"permitted": told})


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
    doors = desk.doors()
    channels = [
        DoorSeen(
            channel=name,
            is_on=name == "webchat" or name in doors,
            link=desk.public_url if name == "webchat" else doors[name].link if name in doors else "",
            sign=signs.get(name, SignOfLife()),
            shut=shut.get(name),
            withheld=doors[name].withheld_count if name in doors else 0,
        )
        for name in CHANNELS
    ]
    return {"channels": channels, "tried": tried or {}, "is_reached": is_reached(desk), "ask_url": "", "asked": False, "permitted": ""}


def is_reached(desk: Desk) -> bool:
    """Whether residents can come in from outside."""
    return bool(desk.public_url or ((desk.link_of("telegram") or desk.link_of("zalo_bot")) and not desk.ward().is_trial))
