"""The second thing an officer signs in with: six digits from their phone, a recovery code from a sheet, or a commander's number.

A code counts for its half minute and the one before and after, and once: whoever looked over a shoulder comes too late.
"""

import itertools
import re
import secrets
from collections.abc import Callable
from typing import Any, Literal

import pyotp
from sqlmodel import Session

from handlers.acts import Act, note
from handlers.officers import Mistake
from storage import moments
from storage.queries import devices, officers
from storage.queries import ladder as setting_rows
from storage.queries import second_factors as rows
from storage.queries.history import remember
from storage.ward_keys import ward_keys

STEP = 30 * moments.SECOND
SKEW = 1  # Half minutes that a phone's clock may be off.
GRACE = 7 * moments.DAY
RECOVERY_CODES = 10
LEAST_PIN, MOST_PIN = 6, 12
_SETTING = "second-factor"  # 1: the ward asks for one; 0: it does not.
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
Proof = Literal["code", "recovery"]


# -- six digits ------------------------------------------------------------------------------------------------------------


def fresh_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, *, login: str, house: str) -> str:
    """What the QR code says to the phone."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=house)


def code_at(secret: str, now: int) -> str:
    return pyotp.HOTP(secret).at(now // STEP)


def step_of(secret: str, typed: str, *, now: int, after: int) -> int | None:
    """The half minute this code is of, if it is one that still counts."""
    if not secret or not re.fullmatch(r"[0-9]{6}", typed):
        return None
    this = now // STEP
    steps = [step for step in range(this - SKEW, this + SKEW + 1) if step > after]
    return next((step for step in steps if secrets.compare_digest(pyotp.HOTP(secret).at(step), typed)), None)


def plain(typed: str) -> str:
    """As it was meant: without blanks and dashes."""
    return re.sub(r"[\s.–—-]", "", typed)[:40].upper()


def prove(session: Session, act: Act, typed: str) -> Proof | None:
    """Uses up what was typed, if it is right."""
    typed = plain(typed)
    factor = rows.of_officer(session, act.officer_id)
    step = step_of(factor.secret, typed, now=act.now, after=factor.last_step)
    if step is not None:
        return "code" if rows.use_step(session, act.officer_id, step) else None
    if factor.is_set and len(typed) == 12 and rows.use_recovery(session, act.officer_id, _recovery_hash(session, act, typed)):
        note(session, act, "signin_recovery_used", officer=act.officer_id, left=rows.recovery_left(session, act.officer_id))
        return "recovery"
    return None


# -- setting it ------------------------------------------------------------------------------------------------------------


def offer(session: Session, act: Act, *, row_id: int, fresh: str) -> str:
    """The secret that is shown: the same until it was confirmed, so that a page may be loaded again."""
    pending = rows.of_officer(session, act.officer_id).pending
    if pending:
        return pending
    rows.keep_pending(session, row_id=row_id, ward_id=act.ward_id, officer_id=act.officer_id, secret=fresh)
    return fresh


def confirm(session: Session, act: Act, typed: str, *, codes: list[str], draw: Callable[[], int]) -> None:
    """The first code was right: from now on one is asked for. Raises Mistake."""
    factor = rows.of_officer(session, act.officer_id)
    step = step_of(factor.pending, plain(typed), now=act.now, after=0)  # Of another secret: none of its codes was used yet.
    if step is None:
        raise Mistake("mistake-second-code")
    rows.set_pending(session, act.officer_id, step=step, now=act.now)
    _keep_codes(session, act, codes, draw)
    note(session, act, "signin_code_set", officer=act.officer_id, renewed=factor.is_set)


def fresh_codes() -> list[str]:
    def group() -> str:
        return "".join(secrets.choice(_SYMBOLS) for _ in range(4))

    return [f"{group()}-{group()}-{group()}" for _ in range(RECOVERY_CODES)]


def renew_codes(session: Session, act: Act, codes: list[str], *, draw: Callable[[], int]) -> None:
    """Raises Mistake."""
    if not rows.of_officer(session, act.officer_id).is_set:
        raise Mistake("mistake-second-first")
    _keep_codes(session, act, codes, draw)
    note(session, act, "signin_recovery_made", officer=act.officer_id)


def clear(session: Session, act: Act, officer_id: int) -> None:
    """The phone is lost for good: the next password leads to setting it anew, and nothing else. Raises Mistake."""
    officers.one_at_a_time(session)
    if officer_id == act.officer_id or officers.officer(session, act.ward_id, officer_id) is None:
        raise Mistake("mistake-no-officer")  # Their own is changed with a code of it: a desk that was left open clears nothing.
    forget(session, officer_id, now=act.now)
    note(session, act, "signin_code_cleared", officer=officer_id)


def begin_anew(session: Session, act: Act, typed: str, *, draw: Callable[[], int]) -> None:
    """Another phone, by whoever still has a code of the old one, or of the sheet. Raises Mistake."""
    if prove(session, act, typed) is None:
        raise Mistake("mistake-second-old")
    rows.clear(session, act.officer_id, due_at=act.now)
    devices.forget_officer(session, act.officer_id)
    note(session, act, "signin_code_cleared", history_id=draw(), officer=act.officer_id)


def clear_by_login(session: Session, *, login: str, history_id: int, by: str, now: int) -> None:
    """From the command line. Raises Mistake."""
    found = officers.password_hash_of(session, login)
    if found is None:
        raise Mistake("mistake-officer-closed" if officers.login_is_taken(session, login) else "mistake-no-officer")
    officer_id, ward_id, _hash = found
    forget(session, officer_id, now=now)
    what: dict[str, Any] = {"history_id": history_id, "ward_id": ward_id, "tip_id": None, "now": now, "actor": by}
    remember(session, what="signin_code_cleared", officer=officer_id, **what)


def forget(session: Session, officer_id: int, *, now: int) -> None:
    rows.clear(session, officer_id, due_at=now)
    rows.drop_pin(session, officer_id)
    devices.forget_officer(session, officer_id)
    officers.end_sessions_of(session, officer_id)


def _keep_codes(session: Session, act: Act, codes: list[str], draw: Callable[[], int]) -> None:
    hashes = [(draw(), _recovery_hash(session, act, plain(code))) for code in codes]
    rows.keep_recovery(session, ward_id=act.ward_id, officer_id=act.officer_id, hashes=hashes, now=act.now)


def _recovery_hash(session: Session, act: Act, typed: str) -> str:
    return ward_keys(session, act.ward_id).look_up.hash("recovery-code", str(act.officer_id), typed.translate(_FORGIVEN))


# -- the PIN ---------------------------------------------------------------------------------------------------------------


def check_pin(pin: str) -> None:
    """Raises Mistake."""
    if not re.fullmatch(rf"[0-9]{{{LEAST_PIN},{MOST_PIN}}}", pin):
        raise Mistake("mistake-pin-digits")
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if len(set(pin)) < 3 or steps in ({1}, {9}) or pin[:3] * (len(pin) // 3) == pin:
        raise Mistake("mistake-pin-easy")


def pin_words(session: Session, ward_id: int, officer_id: int, pin: str) -> str:
    """What is stretched: six digits alone would be guessed in an hour by whoever has the table."""
    return ward_keys(session, ward_id).look_up.hash("desk-pin", str(officer_id), pin)


def keep_pin(session: Session, act: Act, *, row_id: int, pin_hash: str) -> None:
    """Raises Mistake."""
    if not rows.of_officer(session, act.officer_id).is_set:
        raise Mistake("mistake-second-first")
    rows.keep_pin(session, row_id=row_id, ward_id=act.ward_id, officer_id=act.officer_id, pin_hash=pin_hash, now=act.now)
    note(session, act, "signin_pin_set", officer=act.officer_id)


# -- what the ward asks for ------------------------------------------------------------------------------------------------


def is_required(session: Session, ward_id: int, *, fixed: bool | None, usual: bool) -> bool:
    """`fixed` is the environment's word, which wins; `usual` is what holds as long as nobody has said anything."""
    if fixed is not None:
        return fixed
    own = setting_rows.own_minutes(session, ward_id, beginning=_SETTING).get(_SETTING)
    return usual if own is None else bool(own)


def require(session: Session, act: Act, is_wanted: bool, *, draw: Callable[[], int]) -> None:
    setting_rows.keep_minutes(
        session, act.ward_id, row_id=draw(), kind=_SETTING, minutes=int(is_wanted), officer_id=act.officer_id, now=act.now
    )
    note(session, act, "signin_required" if is_wanted else "signin_not_required", officer=act.officer_id)


def days_left(due_at: int, now: int) -> int:
    return max(0, -(-(due_at - now) // moments.DAY))
