"""Who holds rights in the console of the ward's Official Account, as the chief told it."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick, insert

_ADD = insert("oa_rights", "id", "ward_id", "told_at", "told_by", "custodian", "deputy", "automatic")
_TOLD = Quick(
    "SELECT told_at, told_by, custodian, deputy, automatic FROM oa_rights WHERE ward_id = :ward_id"
    " ORDER BY told_at DESC, id DESC LIMIT :most"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    told_at: int
    told_by: int
    custodian: str
    deputy: str
    automatic: str


def add(session: Session, ward_id: int, rights: Rights, *, row_id: int) -> None:
    _ADD.run(
        session,
        id=row_id,
        ward_id=ward_id,
        told_at=rights.told_at,
        told_by=rights.told_by,
        custodian=rights.custodian,
        deputy=rights.deputy,
        automatic=rights.automatic,
    )


def told(session: Session, ward_id: int, *, most: int) -> list[Rights]:
    """The newest first."""
    rows = _TOLD.run(session, ward_id=ward_id, most=most).fetchall()
    return [Rights(told_at=row[0], told_by=row[1], custodian=row[2], deputy=row[3], automatic=row[4]) for row in rows]
