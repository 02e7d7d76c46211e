"""Tips with a place, sealed as the house seals them, for what is told of places."""

from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from storage import tables
from storage.ids import new_id
from storage.memory import Memory
from storage.places import cell_of
from storage.queries.rings import tip_key_place
from storage.queries.tips import place_place
from storage.vault import Ring, vault_of

MARKET, SCHOOL = (20.8451, 106.6890), (20.8551, 106.6990)


def placed(ward_id: int, at: int, where: tuple[float, float] | None = MARKET, category: str = "TC", **more: Any) -> dict[str, Any]:
    """A tip to `keep`, that arrived at this moment."""
    cell = cell_of(*where, category) if where else ""
    values = {"id": new_id(), "ward_id": ward_id, "channel": "webchat", "state": "S1", "created_at": at, "arrived_at": at}
    return {**values, "category": category, "cell": cell, "where": where} | more


async def keep(memory: Memory, *tips: dict[str, Any]) -> list[int]:
    def write(session: Session) -> None:
        vault = vault_of(session)
        for one in tips:
            ring = Ring.fresh()
            row = {name: value for name, value in one.items() if name != "where"} | {"data_key": vault.wrap(ring, tip_key_place(one["id"]))}
            if one["where"]:
                place = {"text": "", "latitude": one["where"][0], "longitude": one["where"][1]}
                row["place"] = ring.seal_json(place, place_place(one["id"]))
            session.execute(insert(tables.Tip), [row])

    await memory.write(write)
    return [one["id"] for one in tips]
