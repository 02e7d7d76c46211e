"""Custodians, identities and their shares as rows. Nothing here opens anything; the keys for that are people's."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from storage.custody import mark_of
from storage.memory import alone
from storage.quick import Quick, insert
from storage.tables import Custodian, Identity, IdentityShare, Officer

_CUSTODY = 5_264_905  # Whoever takes in an identity and whoever makes a custodian wait for one another, or a share would be missing.
_ACTIVE = Quick(
    "SELECT c.id, c.public_key FROM custodians c JOIN officers o ON o.id = c.officer_id"
    " WHERE c.ward_id = :ward_id AND c.status = 'active' AND o.disabled_at IS NULL ORDER BY c.id"
)
_PROPOSED = Quick(
    "SELECT c.officer_id, c.public_key IS NOT NULL, o.name, EXISTS (SELECT 1 FROM custodians m"
    " WHERE m.ward_id = c.ward_id AND m.officer_id = :officer_id AND m.status = 'active')"
    " FROM custodians c JOIN officers o ON o.id = c.officer_id"
    " WHERE c.ward_id = :ward_id AND c.status = 'proposed' AND o.disabled_at IS NULL ORDER BY c.id"
)
_COUNT_IDENTITIES = Quick("SELECT count(*) FROM identities WHERE ward_id = :ward_id AND tip_id = :tip_id AND value IS NOT NULL")
_INSERT_IDENTITY = insert("identities", "id", "ward_id", "tip_id", "value", "created_at")
_INSERT_SHARE = insert("identity_shares", "id", "ward_id", "identity_id", "custodian_id", "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """A pair of keys and whose it is."""

    id: int
    officer_id: int
    name: str
    status: str
    public_key: bytes | None  # None: proposed, and no passphrase set yet.
    is_gone: bool  # The officer's account is closed.
    created_at: int
    confirmed_at: int | None

    @property
    def mark(self) -> str:
        return mark_of(self.public_key) if self.public_key else ""

    @property
    def is_active(self) -> bool:
        return self.status == "active" and not self.is_gone


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What an officer has to do before somebody keeps a key."""

    what: Literal["make", "confirm"]  # One's own passphrase; another's pair.
    name: str  # Whose pair it is.


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSeen:
    """What one custodian needs to open one identity."""

    identity_id: int
    value: bytes
    share: bytes
    created_at: int


def one_at_a_time(session: Session) -> None:
    alone(session, _CUSTODY)


def active_custodians(session: Session, ward_id: int) -> dict[int, bytes]:
    """Public keys, by custodian. An officer whose account is closed keeps none."""
    return {row[0]: bytes(row[1]) for row in _ACTIVE.run(session, ward_id=ward_id).fetchall()}


def next_steps(session: Session, ward_id: int, *, officer_id: int) -> list[NextStep]:
    """Of everybody who was proposed: what this officer has to do now. Every page asks, and hardly ever is anybody proposed."""
    found: list[NextStep] = []
    for proposed_id, has_key, name, keeps_one in _PROPOSED.run(session, ward_id=ward_id, officer_id=officer_id).fetchall():
        if proposed_id == officer_id and not has_key:
            found.append(NextStep(what="make", name=name))
        elif proposed_id != officer_id and has_key and keeps_one:
            found.append(NextStep(what="confirm", name=name))
    return found


def keepers(session: Session, ward_id: int) -> list[Keeper]:
    """Everybody who holds a pair or was proposed to, oldest first; not those whose pair has ended."""
    query = (
        select(Custodian, col(Officer.name), col(Officer.disabled_at))
        .join(Officer, col(Officer.id) == col(Custodian.officer_id))
        .where(col(Custodian.ward_id) == ward_id, col(Custodian.status) != "ended")
        .order_by(col(Custodian.id))
    )
    return [
        Keeper(
            id=row.id,
            officer_id=row.officer_id,
            name=name,
            status=row.status,
            public_key=row.public_key,
            is_gone=disabled_at is not None,
            created_at=row.created_at,
            confirmed_at=row.confirmed_at,
        )
        for row, name, disabled_at in session.execute(query)
    ]


def private_key_of(session: Session, ward_id: int, custodian_id: int) -> bytes | None:
    """As it lies there: under its owner's passphrase."""
    query = select(col(Custodian.private_key)).where(col(Custodian.ward_id) == ward_id, col(Custodian.id) == custodian_id)
    found: bytes | None = session.execute(query).scalar_one_or_none()
    return found


def add_custodian(
    session: Session, *, custodian_id: int, ward_id: int, officer_id: int, now: int, public_key: bytes | None, private_key: bytes | None
) -> None:
    session.add(
        Custodian(id=custodian_id, ward_id=ward_id, officer_id=officer_id, public_key=public_key, private_key=private_key, created_at=now)
    )
    session.flush()


def give_keys(session: Session, custodian_id: int, *, public_key: bytes, private_key: bytes) -> bool:
    """False: it has keys already. A pair is never replaced under the same number."""
    changed = session.execute(
        update(Custodian)
        .where(col(Custodian.id) == custodian_id, col(Custodian.status) == "proposed", col(Custodian.public_key).is_(None))
        .values(public_key=public_key, private_key=private_key)
        .returning(col(Custodian.id))
    )
    return changed.first() is not None


def change_lock(session: Session, custodian_id: int, *, private_key: bytes) -> None:
    """The same key under another passphrase."""
    session.execute(update(Custodian).where(col(Custodian.id) == custodian_id).values(private_key=private_key))


def activate(session: Session, custodian_id: int, *, confirmed_by: int | None, now: int) -> bool:
    changed = session.execute(
        update(Custodian)
        .where(col(Custodian.id) == custodian_id, col(Custodian.status) == "proposed", col(Custodian.public_key).is_not(None))
        .values(status="active", confirmed_at=now, confirmed_by=confirmed_by)
        .returning(col(Custodian.id))
    )
    return changed.first() is not None


def end(session: Session, custodian_id: int, *, now: int) -> bool:
    """The row stays; its private key and all its shares go."""
    changed = session.execute(
        update(Custodian)
        .where(col(Custodian.id) == custodian_id, col(Custodian.status) != "ended")
        .values(status="ended", ended_at=now, private_key=None)
        .returning(col(Custodian.id))
    )
    if changed.first() is None:
        return False
    session.execute(delete(IdentityShare).where(col(IdentityShare.custodian_id) == custodian_id))
    return True


# -- identities --------------------------------------------------------------------------------------------------------------


def add_identity(session: Session, *, identity_id: int, ward_id: int, tip_id: int, value: bytes, now: int) -> None:
    _INSERT_IDENTITY.run(session, id=identity_id, ward_id=ward_id, tip_id=tip_id, value=value, created_at=now)


def add_share(session: Session, *, share_id: int, ward_id: int, identity_id: int, custodian_id: int, share: bytes) -> None:
    _INSERT_SHARE.run(session, id=share_id, ward_id=ward_id, identity_id=identity_id, custodian_id=custodian_id, share=share)


def count_identities(session: Session, ward_id: int, tip_id: int) -> int:
    return int(_COUNT_IDENTITIES.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()[0])


def shares_of_tip(session: Session, ward_id: int, tip_id: int, *, custodian_id: int) -> list[ShareSeen]:
    query = (
        select(Identity, col(IdentityShare.share))
        .join(IdentityShare, col(IdentityShare.identity_id) == col(Identity.id))
        .where(
            col(Identity.ward_id) == ward_id,
            col(Identity.tip_id) == tip_id,
            col(Identity.value).is_not(None),
            col(IdentityShare.custodian_id) == custodian_id,
        )
        .order_by(col(Identity.id))
    )
    return [
        ShareSeen(identity_id=row.id, value=bytes(row.value or b""), share=bytes(share), created_at=row.created_at)
        for row, share in session.execute(query)
    ]


def shares_to_pass_on(session: Session, ward_id: int, *, giver: int, taker: int, most: int) -> list[tuple[int, bytes]]:
    """(identity, the giver's share) of what the giver can open and the taker cannot yet; of what was shredded there is none."""
    has_one = select(col(IdentityShare.identity_id)).where(col(IdentityShare.custodian_id) == taker)
    query = (
        select(col(IdentityShare.identity_id), col(IdentityShare.share))
        .where(
            col(IdentityShare.ward_id) == ward_id,
            col(IdentityShare.custodian_id) == giver,
            col(IdentityShare.share).is_not(None),
            col(IdentityShare.identity_id).not_in(has_one),
        )
        .order_by(col(IdentityShare.identity_id))
        .limit(most)
    )
    return [(row.identity_id, bytes(row.share)) for row in session.execute(query)]


def held_by(session: Session, custodian_id: int, identity_ids: list[int]) -> set[int]:
    query = select(col(IdentityShare.identity_id)).where(
        col(IdentityShare.custodian_id) == custodian_id, col(IdentityShare.identity_id).in_(identity_ids)
    )
    return set(session.execute(query).scalars())
