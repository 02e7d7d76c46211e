from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_moment, moment, row_id, ward_id


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
    ends_at: int = moment()


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
