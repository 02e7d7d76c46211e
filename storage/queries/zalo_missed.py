"""Up to which moment every message to the Official Account is known to be in our inbox."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick, as_json, from_json

# In `data`, because a restore sets every lease's own `until` back: a restored house asks for all that came since its copy.
_FIND = Quick("SELECT data FROM leases WHERE name = :name")
_ADD = Quick("INSERT INTO leases (name, ward_id, holder, until, data) VALUES (:name, :ward_id, '', 0, :data) ON CONFLICT (name) DO NOTHING")
_KEEP = Quick("UPDATE leases SET data = :data WHERE name = :name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`first`: when this house first looked; what is older was never ours to answer. `until`: everything before it is here."""

    first: int
    until: int


def known(session: Session, ward_id: int, oa_id: str, *, now: int) -> Known:
    """The first look of all begins now."""
    name = _name(oa_id)
    _ADD.run(session, name=name, ward_id=ward_id, data=as_json({"first": now, "until": now}))
    data = from_json(_FIND.run(session, name=name).fetchone()[0])
    return Known(first=int(data["first"]), until=int(data["until"]))


def keep(session: Session, oa_id: str, known: Known) -> None:
    """Only once all of it is on the disk: whoever dies before begins at the old moment, and what is there already is recognised."""
    _KEEP.run(session, name=_name(oa_id), data=as_json({"first": known.first, "until": known.until}))


def _name(oa_id: str) -> str:
    return f"zalo-missed:{oa_id}"
