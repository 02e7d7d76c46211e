"""Who somebody is, sealed to people and not to this machine; and the requests of two people to see it."""

from sqlmodel import SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, row_id, sealed, ward_id


class Custodian(SQLModel, table=True):
    """A pair of keys of one officer. The private one is under that officer's passphrase; no key of this machine opens it."""

    __tablename__ = "custodians"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id")
    public_key: bytes | None = sealed()  # Plain: it can only seal.
    private_key: bytes | None = sealed()  # Under argon2id of the passphrase; cost and salt stand in front. Erased when it ends.
    status: str = "proposed"  # proposed, active, ended
    created_at: int = moment()
    confirmed_at: int | None = maybe_moment()
    confirmed_by: int | None = maybe_link("custodians.id", index=False)  # None for the first.
    ended_at: int | None = maybe_moment()


class Identity(SQLModel, table=True):
    """A name or a number that was given, under a key of its own which only custodians hold."""

    __tablename__ = "identities"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    value: bytes | None = sealed()
    created_at: int = moment()


class IdentityShare(SQLModel, table=True):
    """The key of one identity, sealed to one custodian (HPKE)."""

    __tablename__ = "identity_shares"

    id: int = row_id()
    ward_id: int = ward_id()
    identity_id: int = link("identities.id")
    custodian_id: int = link("custodians.id")
    share: bytes | None = sealed()


class Opening(SQLModel, table=True):
    """A request to see an identity or an original, its reason, the second person's word, and the view of minutes."""

    __tablename__ = "openings"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    what: str  # identity, originals
    reason: bytes | None = sealed()  # Under the tip's ring.
    asked_by: int = link("officers.id")
    asked_at: int = moment()
    view_key: bytes | None = sealed()  # Public; the private half lies only in the browser that asked.
    status: str = "asked"  # asked, approved, refused, expired, withdrawn (asked anew by the same officer), ended (with the account)
    decided_by: int | None = maybe_link("officers.id", index=False)
    decided_at: int | None = maybe_moment()
    open_until: int | None = maybe_moment()
    content: bytes | None = sealed()  # Sealed to the view key; erased when the minutes are over.
    first_seen_at: int | None = maybe_moment()
