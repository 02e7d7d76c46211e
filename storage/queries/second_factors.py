"""The secret behind an officer's six digits, the sheet of recovery codes, and the PIN, as rows."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.queries.rewrap import Stepped, renewed
from storage.quick import Quick, insert
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of

_FIND = Quick("SELECT id, data_key, secret, pending, last_step, set_at, due_at FROM second_factors WHERE officer_id = :officer_id")
_ADD = insert("second_factors", "id", "ward_id", "officer_id", "data_key", "pending", "last_step", "due_at")
_PENDING = Quick("UPDATE second_factors SET data_key = :data_key, secret = :secret, pending = :pending WHERE officer_id = :officer_id")
_SET = Quick(
    "UPDATE second_factors SET secret = :secret, pending = NULL, last_step = :step, set_at = :now, due_at = NULL"
    " WHERE officer_id = :officer_id"
)
_USE_STEP = Quick("UPDATE second_factors SET last_step = :step WHERE officer_id = :officer_id AND last_step < :step")
_DUE = Quick("UPDATE second_factors SET due_at = :due_at WHERE officer_id = :officer_id AND due_at IS NULL")
_CLEAR = Quick("UPDATE second_factors SET secret = NULL, pending = NULL, set_at = NULL, due_at = :due_at WHERE officer_id = :officer_id")
_WHO_SET = Quick("SELECT officer_id, set_at FROM second_factors WHERE ward_id = :ward_id AND secret IS NOT NULL")

_ADD_RECOVERY = insert("recovery_codes", "id", "ward_id", "officer_id", "code_hash", "made_at")
_DROP_RECOVERY = Quick("DELETE FROM recovery_codes WHERE officer_id = :officer_id")
_USE_RECOVERY = Quick("DELETE FROM recovery_codes WHERE officer_id = :officer_id AND code_hash = :code_hash")
_LEFT = Quick("SELECT count(*) FROM recovery_codes WHERE officer_id = :officer_id")

_KEEP_PIN = Quick(
    "INSERT INTO officer_pins (id, ward_id, officer_id, pin_hash, set_at) VALUES (:id, :ward_id, :officer_id, :pin_hash, :now)"
    " ON CONFLICT (officer_id) DO UPDATE SET pin_hash = excluded.pin_hash, set_at = excluded.set_at"
)
_PIN = Quick("SELECT set_at FROM officer_pins WHERE officer_id = :officer_id")
_DROP_PIN = Quick("DELETE FROM officer_pins WHERE officer_id = :officer_id")

_ALL = Quick("SELECT id, data_key, secret, pending FROM second_factors WHERE id > :after ORDER BY id LIMIT 100", postgres="FOR UPDATE")
_RENEW = Quick("UPDATE second_factors SET data_key = :wrapped, secret = :secret, pending = :pending WHERE id = :id")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Factor:
    is_set: bool
    secret: str  # Empty where none is set, or where its cell does not open: then a recovery code is the way in.
    pending: str
    last_step: int
    set_at: int | None
    due_at: int | None


NONE = Factor(is_set=False, secret="", pending="", last_step=0, set_at=None, due_at=None)


def of_officer(session: Session, officer_id: int) -> Factor:
    row = _FIND.run(session, officer_id=officer_id).fetchone()
    if row is None:
        return NONE
    row_id, data_key, secret, pending, last_step, set_at, due_at = row
    return Factor(
        is_set=secret is not None,
        secret=_opened(session, row_id, data_key, "secret", secret),
        pending=_opened(session, row_id, data_key, "pending", pending),
        last_step=last_step,
        set_at=set_at,
        due_at=due_at,
    )


def keep_pending(session: Session, *, row_id: int, ward_id: int, officer_id: int, secret: str) -> None:
    """Shown to the officer, and not asked for before a code of it was right. Under a fresh key, with what was set before."""
    row, ring = _FIND.run(session, officer_id=officer_id).fetchone(), Ring.fresh()
    its_id = row[0] if row else row_id
    cells = {
        "data_key": vault_of(session).wrap(ring, _key_place(its_id)),
        "pending": ring.seal_text(secret, _place(its_id, "pending")),
    }
    if row is None:
        _ADD.run(session, id=row_id, ward_id=ward_id, officer_id=officer_id, last_step=0, due_at=None, **cells)
        return
    before = _opened(session, its_id, row[1], "secret", row[2])
    kept = ring.seal_text(before, _place(its_id, "secret")) if row[2] is not None else None
    _PENDING.run(session, officer_id=officer_id, secret=kept, **cells)


def set_pending(session: Session, officer_id: int, *, step: int, now: int) -> None:
    """What was shown is what is asked for from now on."""
    row = _FIND.run(session, officer_id=officer_id).fetchone()
    ring = vault_of(session).unwrap(bytes(row[1]), _key_place(row[0]))
    secret = ring.seal(ring.open(bytes(row[3]), _place(row[0], "pending")), _place(row[0], "secret"))
    _SET.run(session, officer_id=officer_id, secret=secret, step=step, now=now)


def use_step(session: Session, officer_id: int, step: int) -> bool:
    """False for a code that was used before, or is older than one that was."""
    return bool(_USE_STEP.run(session, officer_id=officer_id, step=step).rowcount)


def ask_until(session: Session, *, row_id: int, ward_id: int, officer_id: int, due_at: int) -> None:
    """The first time that more than a password is asked of this officer."""
    if _FIND.run(session, officer_id=officer_id).fetchone() is not None:
        _DUE.run(session, officer_id=officer_id, due_at=due_at)
        return
    data_key = vault_of(session).wrap(Ring.fresh(), _key_place(row_id))
    _ADD.run(session, id=row_id, ward_id=ward_id, officer_id=officer_id, data_key=data_key, pending=None, last_step=0, due_at=due_at)


def clear(session: Session, officer_id: int, *, due_at: int) -> None:
    """The lost phone opens nothing any more."""
    _CLEAR.run(session, officer_id=officer_id, due_at=due_at)
    _DROP_RECOVERY.run(session, officer_id=officer_id)


def who_has_set(session: Session, ward_id: int) -> dict[int, int]:
    """When, by officer."""
    return {row[0]: row[1] for row in _WHO_SET.run(session, ward_id=ward_id).fetchall()}


# -- the sheet -----------------------------------------------------------------------------------------------------------


def keep_recovery(session: Session, *, ward_id: int, officer_id: int, hashes: list[tuple[int, str]], now: int) -> None:
    """In the place of all that were made before."""
    _DROP_RECOVERY.run(session, officer_id=officer_id)
    for row_id, code_hash in hashes:
        _ADD_RECOVERY.run(session, id=row_id, ward_id=ward_id, officer_id=officer_id, code_hash=code_hash, made_at=now)


def use_recovery(session: Session, officer_id: int, code_hash: str) -> bool:
    return bool(_USE_RECOVERY.run(session, officer_id=officer_id, code_hash=code_hash).rowcount)


def recovery_left(session: Session, officer_id: int) -> int:
    return int(_LEFT.run(session, officer_id=officer_id).fetchone()[0])


# -- the PIN -------------------------------------------------------------------------------------------------------------


def keep_pin(session: Session, *, row_id: int, ward_id: int, officer_id: int, pin_hash: str, now: int) -> None:
    _KEEP_PIN.run(session, id=row_id, ward_id=ward_id, officer_id=officer_id, pin_hash=pin_hash, now=now)


def drop_pin(session: Session, officer_id: int) -> None:
    _DROP_PIN.run(session, officer_id=officer_id)


def pin_set_at(session: Session, officer_id: int) -> int | None:
    row = _PIN.run(session, officer_id=officer_id).fetchone()
    return int(row[0]) if row else None


# -- keys ----------------------------------------------------------------------------------------------------------------


def reseal_some(session: Session, *, after: int) -> Stepped | None:
    """A new ring, when the old keys may be known to somebody."""
    rows, broken = _ALL.run(session, after=after).fetchall(), list[str]()
    for row_id, data_key, *values in rows:
        cells = {_place(row_id, column): value for column, value in zip(("secret", "pending"), values, strict=True)}
        if fresh := renewed(session, _key_place(row_id), data_key, cells, broken):
            _RENEW.run(session, id=row_id, **fresh)
    return Stepped(int(rows[-1][0]), len(rows), tuple(broken)) if rows else None


def _opened(session: Session, row_id: int, data_key: bytes, column: str, value: bytes | None) -> str:
    """Empty for a cell that broke: nobody is kept from the desk by it who has a recovery code."""
    if value is None:
        return ""
    try:
        return vault_of(session).unwrap(bytes(data_key), _key_place(row_id)).open_text(bytes(value), _place(row_id, column))
    except (Sealed, Shredded, WrongMaster):
        return ""


def _key_place(row_id: int) -> Place:
    return Place("second_factors", "data_key", row_id)


def _place(row_id: int, column: str) -> Place:
    return Place("second_factors", column, row_id)
