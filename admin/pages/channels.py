"""The doors: when each was last alive, since when one is shut, and a look whether its token is good. The token itself is shown nowhere."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages import paid
from admin.pages.book import act_of, steps_of
from admin.pages.paid import Costs
from handlers import windows
from handlers.acts import note
from handlers.doors import NeedsPermission, Tried
from storage import moments
from storage.queries import doors as rows
from storage.queries import zalo_tokens
from storage.queries.doors import DoorShut, SignOfLife
from storage.queries.zalo_tokens import Life

STEPS = (*windows.STEPS, "zalo_permitted")
CHANNELS = ("webchat", "zalo_oa", "zalo_bot", "telegram")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSeen:
    channel: str
    is_on: bool
    link: str
    sign: SignOfLife
    shut: DoorShut | None
    withheld: int = 0
    life: Life | None = None  # Of its tokens, where they end by themselves.
    costs: Costs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    signs: dict[str, SignOfLife]
    shut: dict[str, DoorShut]
    life: Life | None
    costs: Costs


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
    told, act = "old", act_of(visit)
    if isinstance(door, NeedsPermission):
        told = await door.permitted(
            nonce=query.get("n", "") or query.get("state", ""),
            code=query.get("code", ""),
            then=lambda session: note(session, act, "zalo_permitted"),
        )
    return desk.show(visit, "channels.html", **await seen(desk, visit) | {"permitted": told})


async def set_ceiling(desk: Desk, visit: Visit) -> web.StreamResponse:
    if wrong := await paid.kept(desk, visit):
        return desk.show(visit, "channels.html", status=422, **await seen(desk, visit) | {"wrong_ceiling": wrong})
    return paid.saved(desk)


async def tried_one(desk: Desk, visit: Visit) -> dict[str, Tried]:
    """By channel; nothing where that one is switched off."""
    channel = (await read_form(visit.request)).get("kenh", "")
    door = desk.doors().get(channel)
    return {channel: await door.tried()} if door is not None else {}


async def seen(desk: Desk, visit: Visit, *, tried: dict[str, Tried] | None = None) -> dict[str, Any]:
    """What a page about channels draws."""
    ward_id, now = visit.officer.ward_id, moments.now()

    def read(session: Session) -> _Read:
        return _Read(
            signs=rows.signs(session, ward_id),
            shut={one.channel: one for one in rows.lasting(session, ward_id, before=now)},
            life=zalo_tokens.life(session, ward_id),
            costs=paid.costs(session, desk.ward(), now=now),
        )

    found = await desk.memory.read(read)
    doors = desk.doors()
    channels = [
        DoorSeen(
            channel=name,
            is_on=name == "webchat" or name in doors,
            link=desk.public_url if name == "webchat" else doors[name].link if name in doors else "",
            sign=found.signs.get(name, SignOfLife()),
            shut=found.shut.get(name),
            withheld=doors[name].withheld_count if name in doors else 0,
            life=found.life if name == paid.CHANNEL else None,
            costs=found.costs if name == paid.CHANNEL else None,
        )
        for name in CHANNELS
    ]
    return {
        "channels": channels,
        "tried": tried or {},
        "is_reached": is_reached(desk),
        "channel_steps": await steps_of(desk, visit, STEPS),
        "is_saved": visit.request.query.get("xong") == "1",
        **{"ask_url": "", "asked": False, "permitted": "", "wrong_ceiling": ""},
    }


def is_reached(desk: Desk) -> bool:
    """Whether residents can come in from outside."""
    return bool(desk.public_url or ((desk.link_of("telegram") or desk.link_of("zalo_bot")) and not desk.ward().is_trial))
