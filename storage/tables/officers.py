from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, row_id, ward_id


class Officer(SQLModel, table=True):
    __tablename__ = "officers"

    id: int = row_id()
    ward_id: int = ward_id()
    login: str = Field(unique=True)
    name: str
    role: str  # One of handlers.officers.ROLES.
    password_hash: str  # argon2id
    created_at: int = moment()
    disabled_at: int | None = maybe_moment()


class DeskSession(SQLModel, table=True):
    """A signed-in browser. Only a hash of its cookie is here, so the table opens no desk."""

    __tablename__ = "desk_sessions"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id")
    token_hash: str = Field(unique=True)
    created_at: int = moment()
    seen_at: int = moment()
    heard_at: int | None = maybe_moment()  # When a page that can sound last asked whether something rings. It keeps nobody signed in.
    locked_at: int | None = maybe_moment()  # Since then this browser opens nothing but the lock page, until a password is given.
    ends_at: int = moment()
    how: str = "password"  # password, code, recovery, pin, let_in, known: what it took to come in; see handlers/coming_in.py.
    browser: str = ""  # "Edge · Windows", as it said itself.
    device_id: int | None = maybe_link("devices.id")
    let_in_id: int | None = maybe_link("let_ins.id", index=False)  # It ends with the shift, and unlocking does not prolong it.
    proved_at: int | None = maybe_moment()  # When a code was last typed, here or before the lock.
    is_held: bool = False  # It opens nothing but the page on which a second factor is set.


class TypedWords(SQLModel, table=True):
    """What stood half written on an officer's page when the desk locked: theirs alone, and gone within a day."""

    __tablename__ = "typed_words"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = Field(foreign_key="officers.id", sa_type=BigInteger, unique=True)
    data_key: bytes = Field(sa_type=LargeBinary)  # Of this row alone, wrapped by the master key.
    body: bytes = Field(sa_type=LargeBinary)  # The words, and the page they stood on.
    kept_at: int = moment()


class SignInTry(SQLModel, table=True):
    """A failed sign-in, kept for a quarter of an hour under keyed hashes of login and address."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index("ix_sign_in_tries_who", "who_hash", "at"),)

    id: int = row_id()
    ward_id: int = ward_id()
    who_hash: str
    at: int = moment()


class SetupLink(SQLModel, table=True):
    """The single-use way to the first chief's account; it ends when there is one."""

    __tablename__ = "setup_links"

    id: int = row_id()
    ward_id: int = ward_id()
    token_hash: str = Field(unique=True)
    created_at: int = moment()
    used_at: int | None = maybe_moment()


class Responsibility(SQLModel, table=True):
    """Whose a neighbourhood is, or a kind of matter: who is proposed first when a tip is handed out. One of the two is set."""

    __tablename__ = "responsibilities"
    __table_args__ = (
        UniqueConstraint("ward_id", "neighbourhood_id", name="uq_responsibilities_neighbourhood"),
        UniqueConstraint("ward_id", "category", name="uq_responsibilities_category"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id", index=False)
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id", index=False)
    category: str | None = None
    named_at: int = moment()
    named_by: int = link("officers.id", index=False)
