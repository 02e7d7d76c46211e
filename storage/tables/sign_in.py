"""What an officer signs in with beside the password, the computers that know them, and who was let in without their phone."""

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, only_where, row_id, sealed, ward_id


class SecondFactor(SQLModel, table=True):
    """The secret that an officer's phone makes its six digits from, under a key of its own."""

    __tablename__ = "second_factors"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = Field(foreign_key="officers.id", sa_type=BigInteger, unique=True)
    data_key: bytes = Field(sa_type=LargeBinary)  # Of this row alone, wrapped by the master key.
    secret: bytes | None = sealed()  # None until the first code was right.
    pending: bytes | None = sealed()  # Shown on the page, not confirmed yet.
    last_step: int = Field(default=0, sa_type=BigInteger)  # The half minute of the last code: it, and all before it, are used up.
    set_at: int | None = maybe_moment()
    due_at: int | None = maybe_moment()  # Until then a password alone is enough; told at the first sign-in that asks for more.


class RecoveryCode(SQLModel, table=True):
    """One of ten on a sheet of paper. Only a keyed hash is here; the row goes when it was used."""

    __tablename__ = "recovery_codes"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id")
    code_hash: str = Field(unique=True)
    made_at: int = moment()


class OfficerPin(SQLModel, table=True):
    """What an officer types where a trusted computer knows them already: argon2 over a keyed hash, so that the table alone tells none."""

    __tablename__ = "officer_pins"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = Field(foreign_key="officers.id", sa_type=BigInteger, unique=True)
    pin_hash: str
    set_at: int = moment()


class Device(SQLModel, table=True):
    """A browser somebody asked to be remembered. Only a hash of its cookie is here."""

    __tablename__ = "devices"

    id: int = row_id()
    ward_id: int = ward_id()
    token_hash: str = Field(unique=True)
    name: str  # "Máy trực 1"
    browser: str = ""  # "Edge · Windows", as it said itself.
    made_by: int = link("officers.id", index=False)
    made_at: int = moment()
    seen_at: int = moment()
    ends_at: int = moment()  # A month after the last full sign-in.


class KnownHere(SQLModel, table=True):
    """An officer who has signed in fully on a trusted computer: theirs alone, whoever else sits there."""

    __tablename__ = "known_here"
    __table_args__ = (UniqueConstraint("device_id", "officer_id", name="uq_known_here_officer"),)

    id: int = row_id()
    ward_id: int = ward_id()
    device_id: int = link("devices.id", index=False)
    officer_id: int = link("officers.id")
    full_at: int = moment()  # The last time with password and code.
    wrong: int = 0  # PINs that were wrong since the last right one.


class LetIn(SQLModel, table=True):
    """Somebody without their phone is let in for one shift, by a number that lives a quarter of an hour. Only its keyed hash is here."""

    __tablename__ = "let_ins"
    # What the chief has not read yet.
    __table_args__ = (only_where("ix_let_ins_unread", "read_at IS NULL", "ward_id", "id"),)

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id")
    by_id: int = link("officers.id", index=False)
    why: str  # One of handlers.letting_in.REASONS.
    number_hash: str
    made_at: int = moment()
    dies_at: int = moment()
    ends_at: int = moment()  # When whoever came in by it is out again.
    wrong: int = 0
    used_at: int | None = maybe_moment()
    read_at: int | None = maybe_moment()
    read_by: int | None = maybe_link("officers.id", index=False)
