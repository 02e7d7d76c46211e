from sqlmodel import Field, SQLModel

from storage.tables.columns import moment, row_id, ward_id


class Ward(SQLModel, table=True):
    __tablename__ = "wards"

    id: int = row_id()
    name: str
    duty_phone: str = ""  # Empty: the line runs as "bản thử".
    created_at: int = moment()


class Key(SQLModel, table=True):
    """Random keys of a ward that never change, by purpose: today the one behind every look-up hash."""

    __tablename__ = "keys"

    id: int = row_id()
    ward_id: int = ward_id()
    purpose: str = Field(unique=True)
    material: bytes
    created_at: int = moment()
