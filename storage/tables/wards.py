from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from storage.tables.columns import moment, row_id, ward_id


class Ward(SQLModel, table=True):
    __tablename__ = "wards"

    id: int = row_id()
    name: str
    duty_phone: str = ""  # Empty: the line runs as "bản thử".
    unit: str = ""  # As it stands on papers: "Công an phường Hồng Bàng". Empty: made of the name.
    province: str = ""  # The line above it on papers: "Công an thành phố Hải Phòng".
    address: str = ""  # Where people come in person.
    superior: str = ""  # Where residents turn with what concerns the ward police themselves.
    book_version: int = 0  # Rises with every change of the ward's own map, words, categories or procedures.
    calendar: int = 0  # Rises with every change of the ward's days off.
    is_demo: bool = False  # Everything in it was made up by `keng demo`. Stands in the row, so that copies say it too.
    created_at: int = moment()


class Key(SQLModel, table=True):
    """A ward's own rings, by purpose: look-up, search, chain. Random, not derived: a new master key changes no hash."""

    __tablename__ = "keys"
    __table_args__ = (UniqueConstraint("ward_id", "purpose", name="uq_keys_purpose"),)

    id: int = row_id()
    ward_id: int = ward_id()
    purpose: str
    material: bytes  # Wrapped.
    created_at: int = moment()
