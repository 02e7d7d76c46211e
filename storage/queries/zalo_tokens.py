"""The tokens of the ward's Zalo Official Account. A refresh token works once, so every step is a commit of its own:

`claim` says that somebody is about to spend it, `keep` stores what came for it before anybody uses that, `refused` notes that nothing
came. Whoever dies between `claim` and `keep` leaves `asked_at` behind.
"""

import secrets
from dataclasses import dataclass, field

from sqlmodel import Session

from storage import moments
from storage.queries.rewrap import Stepped, renewed
from storage.quick import Quick, as_json, from_json
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of

LEASE_MS = 60_000
REFRESH_LIVES = 89 * moments.DAY  # "Three months", and the shortest three have so many days.

_FIND = Quick(
    "SELECT id, data_key, pair, version, expires_at, got_at, asked_at, lost_at, holder, seeds FROM zalo_tokens WHERE ward_id = :ward_id"
)
_LIFE = Quick("SELECT expires_at, got_at, lost_at FROM zalo_tokens WHERE ward_id = :ward_id AND pair IS NOT NULL")
_FIND_LOCKED = Quick("SELECT id, data_key, pair, seeds FROM zalo_tokens WHERE ward_id = :ward_id", postgres="FOR UPDATE")
_ADD = Quick(
    "INSERT INTO zalo_tokens (id, ward_id, data_key, version, expires_at, got_at, holder, lease, seeds)"
    " VALUES (:id, :ward_id, :data_key, 0, 0, 0, '', 0, '[]')"
    " ON CONFLICT (ward_id) DO NOTHING"
)
_CLAIM = Quick(
    "UPDATE zalo_tokens SET holder = :holder, lease = :until, asked_at = :now"
    " WHERE ward_id = :ward_id AND version = :version AND lease < :now AND pair IS NOT NULL RETURNING id"
)
_KEEP = Quick(
    "UPDATE zalo_tokens SET previous = :previous, pair = :pair, version = version + 1, expires_at = :expires_at, got_at = :now,"
    " asked_at = NULL, lost_at = NULL, holder = '', lease = 0, asking = NULL WHERE id = :id RETURNING version"
)
_ASKING = Quick("UPDATE zalo_tokens SET asking = :asking WHERE id = :id")
_FIND_ASKING = Quick("SELECT id, data_key, asking FROM zalo_tokens WHERE ward_id = :ward_id", postgres="FOR UPDATE")
_SEEDS = Quick("UPDATE zalo_tokens SET seeds = :seeds WHERE id = :id")
_REFUSED = Quick(
    "UPDATE zalo_tokens SET lost_at = COALESCE(lost_at, :now), lease = :until, holder = ''"
    " WHERE ward_id = :ward_id AND version = :version AND holder = :holder"
)
_LET_GO = Quick("UPDATE zalo_tokens SET lease = :until, holder = '' WHERE ward_id = :ward_id AND version = :version AND holder = :holder")
_FREE = Quick("UPDATE zalo_tokens SET lease = 0, holder = '' WHERE holder <> ''")
_ALL = Quick("SELECT id, data_key, pair, previous, asking FROM zalo_tokens WHERE id > :after ORDER BY id LIMIT 100", postgres="FOR UPDATE")
_RENEW = Quick("UPDATE zalo_tokens SET data_key = :wrapped, pair = :pair, previous = :previous, asking = :asking WHERE id = :id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: int  # Of the access token.


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How long they last. Of a pair from the environment nobody knows, until it is renewed for the first time: 0."""

    access_until: int
    refresh_until: int
    lost_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    pair: Pair
    version: int
    got_at: int
    asked_at: int | None
    lost_at: int | None
    is_being_asked: bool  # Some process has sent a refresh and did not say yet what came of it.
    seeds: tuple[str, ...]


def load(session: Session, ward_id: int) -> Kept | None:
    """Nothing where there never was a pair, or where its cell does not open any more: both are mended by a new permission."""
    row = _FIND.run(session, ward_id=ward_id).fetchone()
    if row is None:
        return None
    row_id, data_key, pair, version, expires_at, got_at, asked_at, lost_at, holder, seeds = row
    found = _opened(session, row_id, data_key, pair)
    if found is None:
        return None
    return Kept(
        pair=Pair(access=found["access"], refresh=found["refresh"], expires_at=expires_at),
        version=version,
        got_at=got_at,
        asked_at=asked_at,
        lost_at=lost_at,
        is_being_asked=bool(holder),
        seeds=tuple(from_json(seeds)),
    )


def life(session: Session, ward_id: int) -> Life | None:
    """Nothing where there never was a pair. Opens nothing."""
    row = _LIFE.run(session, ward_id=ward_id).fetchone()
    return Life(access_until=row[0], refresh_until=row[1] + REFRESH_LIVES if row[0] else 0, lost_at=row[2]) if row else None


def claim(session: Session, ward_id: int, *, version: int, holder: str, now: int) -> bool:
    """False when another one is asking, or has asked already."""
    return _CLAIM.run(session, ward_id=ward_id, version=version, holder=holder, now=now, until=now + LEASE_MS).fetchone() is not None


def keep(session: Session, ward_id: int, pair: Pair, *, row_id: int, now: int, seed: str = "") -> int:
    """The pair that counts from now on; the one before stays readable. Which version it is. `seed`: the hash of what the environment
    offered; one that was offered before changes nothing, and tells 0."""
    row = _row(session, ward_id, row_id)
    its_id, data_key, before, seeds = row[0], row[1], row[2], from_json(row[3])
    if seed and seed in seeds:
        return 0
    opened = _opened(session, its_id, data_key, before)
    ring = Ring.fresh()
    _RENEW.run(session, id=its_id, wrapped=vault_of(session).wrap(ring, _key_place(its_id)), pair=None, previous=None, asking=None)
    if seed:
        _SEEDS.run(session, id=its_id, seeds=as_json([*seeds, seed]))
    return int(
        _KEEP.run(
            session,
            id=its_id,
            pair=ring.seal_json({"access": pair.access, "refresh": pair.refresh}, _place(its_id, "pair")),
            previous=ring.seal_json(opened, _place(its_id, "previous")) if opened else None,
            expires_at=pair.expires_at,
            now=now,
        ).fetchone()[0]
    )


def begin_asking(session: Session, ward_id: int, asking: dict[str, str], *, row_id: int) -> None:
    """An administrator is sent to Zalo. Only the newest such way comes back."""
    its_id, data_key, _pair, _seeds = _row(session, ward_id, row_id)
    try:
        ring = vault_of(session).unwrap(bytes(data_key), _key_place(its_id))
    except (Sealed, Shredded, WrongMaster):  # What stood under it does not open either.
        ring = Ring.fresh()
        wrapped = vault_of(session).wrap(ring, _key_place(its_id))
        _RENEW.run(session, id=its_id, wrapped=wrapped, pair=None, previous=None, asking=None)
    _ASKING.run(session, id=its_id, asking=ring.seal_json(asking, _place(its_id, "asking")))


def take_asking(session: Session, ward_id: int, nonce_hash: str) -> dict[str, str] | None:
    """Once, and only for who bears the nonce."""
    row = _FIND_ASKING.run(session, ward_id=ward_id).fetchone()
    if row is None or row[2] is None:
        return None
    try:
        ring = vault_of(session).unwrap(bytes(row[1]), _key_place(row[0]))
        asking: dict[str, str] = ring.open_json(bytes(row[2]), _place(row[0], "asking"))
    except (Sealed, Shredded, WrongMaster):
        return None
    if not secrets.compare_digest(asking["nonce_hash"], nonce_hash):
        return None
    _ASKING.run(session, id=row[0], asking=None)
    return asking


def refused(session: Session, ward_id: int, *, version: int, holder: str, now: int, again_at: int) -> None:
    """Zalo gives nothing for this refresh token. Nobody asks again before `again_at`."""
    _REFUSED.run(session, ward_id=ward_id, version=version, holder=holder, now=now, until=again_at)


def let_go(session: Session, ward_id: int, *, version: int, holder: str, again_at: int) -> None:
    """Nobody answered: whether the token was spent is not known, and `asked_at` stays."""
    _LET_GO.run(session, ward_id=ward_id, version=version, holder=holder, until=again_at)


def free_all(session: Session) -> None:
    """Only for who holds the data lock: whoever was asking is dead, and what they asked for is asked for again at once."""
    _FREE.run(session)


def reseal_some(session: Session, *, after: int) -> Stepped | None:
    """A new ring, when the old keys may be known to somebody."""
    rows, broken = _ALL.run(session, after=after).fetchall(), list[str]()
    for row_id, data_key, *values in rows:
        cells = {_place(row_id, column): value for column, value in zip(("pair", "previous", "asking"), values, strict=True)}
        if fresh := renewed(session, _key_place(row_id), data_key, cells, broken):
            _RENEW.run(session, id=row_id, **fresh)
    return Stepped(int(rows[-1][0]), len(rows), tuple(broken)) if rows else None


def _row(session: Session, ward_id: int, row_id: int) -> tuple[int, bytes, bytes | None, str]:
    row = _FIND_LOCKED.run(session, ward_id=ward_id).fetchone()
    if row is None:
        _ADD.run(session, id=row_id, ward_id=ward_id, data_key=vault_of(session).wrap(Ring.fresh(), _key_place(row_id)))
        row = _FIND_LOCKED.run(session, ward_id=ward_id).fetchone()
    return row[0], row[1], row[2], row[3]


def _opened(session: Session, row_id: int, data_key: bytes, pair: bytes | None) -> dict[str, str] | None:
    if pair is None:
        return None
    try:
        opened: dict[str, str] = (
            vault_of(session).unwrap(bytes(data_key), _key_place(row_id)).open_json(bytes(pair), _place(row_id, "pair"))
        )
    except (Sealed, Shredded, WrongMaster):
        return None
    return opened


def _key_place(row_id: int) -> Place:
    return Place("zalo_tokens", "data_key", row_id)


def _place(row_id: int, column: str) -> Place:
    return Place("zalo_tokens", column, row_id)
