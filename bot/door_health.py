"""How each door is, as `/healthz` tells it: when it was last alive, how long its tokens last, what may still be paid for.

Anybody may ask there. So moments are whole hours: whoever holds somebody's phone must not see that a tip came in this very minute.
"""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from handlers import silence, windows
from handlers.messages import Ward
from storage import moments
from storage.queries import doors, paid, zalo_tokens

_ZALO = "zalo_oa"


def door_parts(session: Session, ward: Ward, channels: Iterable[str], *, now: int) -> dict[str, Any]:
    """Of the doors that are on; every process tells the same, because it is read from the database."""
    signs = doors.signs(session, ward.id)
    silent = {one.channel for one in doors.lasting(session, ward.id, before=now) if one.why in silence.SAID}
    found: dict[str, Any] = {}
    for channel in channels:
        sign = signs.get(channel, doors.SignOfLife())
        found[channel] = {"last_in": _hour(sign.last_in_at), "last_out": _hour(sign.last_out_at), "silent": channel in silent}
        if channel == _ZALO:
            found[channel] |= _zalo(session, ward, now=now)
    return {"channels": found, "silent_doors": len(silent)}


def _zalo(session: Session, ward: Ward, *, now: int) -> dict[str, Any]:
    life, used = zalo_tokens.life(session, ward.id), paid.used(session, ward.id, _ZALO, windows.month_of(now))
    is_known = life is not None and not life.lost_at
    return {
        "access_until": _hour(life.access_until) if life and is_known else None,
        "refresh_until": _hour(life.refresh_until) if life and is_known else None,
        "paid_used": used.many,
        "paid_ceiling": windows.ceiling_of(ward.book),
        "package_left": used.remains,
    }


def _hour(moment: int | None) -> str | None:
    return f"{moments.local(moment):%Y-%m-%dT%H:00%z}" if moment else None
