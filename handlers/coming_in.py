"""What it takes to come in after the password was right, and the session that is opened then.

With a second factor set: a code; none on a computer that knows the officer, and none to unlock what they opened with one today.
With none set, where the ward asks for one: the password alone for a week, told with its days; after that it opens the page on which
a second factor is set, and nothing else. Nobody's alarm is kept waiting by that: a session that is open stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from sqlmodel import Session

from handlers import devices, letting_in, second_factor
from handlers.acts import Act, note
from storage import moments
from storage.queries import let_ins, officers, typed_words
from storage.queries import second_factors as factor_rows
from storage.queries.devices import DeviceHere
from storage.queries.officers import OwnSession

How = Literal["password", "code", "recovery", "pin", "let_in", "known", "again"]
PROVED_FOR = 24 * moments.HOUR  # The longest shift: so long a lock is opened again with the password alone.
Need = Literal["nothing", "code", "soon", "now"]  # soon, now: a second factor is to be set.


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who comes in, how, and where."""

    act: Act
    how: How
    device: DeviceHere | None = None
    browser: str = ""
    proved_at: int | None = None  # When a code was last typed for this row of sessions.
    let_in_id: int | None = None
    ends_at: int | None = None  # Where it ends before its time.
    is_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    need: Need
    due_at: int = 0


def needed(
    session: Session, act: Act, device: DeviceHere | None, own: OwnSession | None, *, is_required: bool, draw: Callable[[], int]
) -> Needed:
    """`own`: the session this very officer has locked here."""
    factor = factor_rows.of_officer(session, act.officer_id)
    if factor.is_set:
        is_known = devices.is_known(session, device, act.officer_id, act.now)
        return Needed(need="nothing" if is_known or _is_again(session, own, device, act) else "code")
    if not is_required:
        return Needed(need="nothing")
    if factor.due_at is None:
        due_at = act.now + second_factor.GRACE
        factor_rows.ask_until(session, row_id=draw(), ward_id=act.ward_id, officer_id=act.officer_id, due_at=due_at)
        return Needed(need="soon", due_at=due_at)
    return Needed(need="now" if factor.due_at <= act.now else "soon", due_at=factor.due_at)


def _is_again(session: Session, own: OwnSession | None, device: DeviceHere | None, act: Act) -> bool:
    """Their own lock. Where five PINs were wrong the code is asked for all the same."""
    if own is None or not (own.let_in_id or (own.proved_at is not None and act.now - own.proved_at < PROVED_FOR)):
        return False
    if own.let_in_id and let_ins.ends_at(session, own.let_in_id) <= act.now:
        return False
    return not devices.is_worn_out(session, device, act.officer_id, act.now)


def again(arrival: Arrival, own: OwnSession, *, ends_at: int | None) -> Arrival:
    """Back to what they have locked: as long as it was to last, and no better proved than it was."""
    how: How = "let_in" if own.let_in_id else "again"
    return replace(arrival, how=how, proved_at=own.proved_at, let_in_id=own.let_in_id, ends_at=ends_at)


def ends_of(session: Session, own: OwnSession) -> int | None:
    return let_ins.ends_at(session, own.let_in_id) if own.let_in_id else None


def from_browser(arrival: Arrival, browser: str) -> Arrival:
    return replace(arrival, browser=browser)


def proved(session: Session, act: Act, typed: str) -> tuple[How, int | None, int | None] | None:
    """How, and of a commander's number: which, and until when."""
    entry = letting_in.use_number(session, act, typed)
    if entry is not None:
        return "let_in", entry.id, entry.ends_at
    proof = second_factor.prove(session, replace(act), typed)
    return (proof, None, None) if proof is not None else None


def open_session(
    session: Session, arrival: Arrival, *, session_id: int, token_hash: str, before: str | None, lasts: int, what: str
) -> bool:
    """Whether words of theirs wait. The session this browser had before ends with it."""
    act = arrival.act
    if before is not None:
        officers.end_session(session, before)
    ends_at = min(act.now + lasts, arrival.ends_at or act.now + lasts)
    officers.open_session(
        session,
        session_id=session_id,
        ward_id=act.ward_id,
        officer_id=act.officer_id,
        token_hash=token_hash,
        now=act.now,
        ends_at=ends_at,
        how=arrival.how,
        browser=arrival.browser,
        device_id=arrival.device.id if arrival.device else None,
        let_in_id=arrival.let_in_id,
        proved_at=arrival.proved_at,
        is_held=arrival.is_held,
    )
    note(session, act, what, how=arrival.how)
    return typed_words.of_officer(session, act.officer_id, now=act.now) is not None
