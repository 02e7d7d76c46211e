from typing import Any

from sqlalchemy import JSON, BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import row_id, ward_id


class Lease(SQLModel, table=True):
    """Work that exactly one process does at a time, as Telegram's long polling, and what it must remember."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True)
    ward_id: int = ward_id()
    holder: str = ""
    until: int = Field(default=0, sa_type=BigInteger)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Allowance(SQLModel, table=True):
    """Bytes that one network address has uploaded today. The hash is keyed and dated; yesterday's rows are erased."""

    __tablename__ = "allowances"
    __table_args__ = (UniqueConstraint("day", "who_hash", name="uq_allowances_who"),)

    id: int = row_id()
    ward_id: int = ward_id()
    day: str
    who_hash: str
    used_bytes: int = Field(sa_type=BigInteger)
