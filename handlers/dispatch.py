"""Cử người: who was sent, when they left and when they were there. For the file and the desk alone: residents read nothing of it.

Every press adds a line to the history; a mistake is corrected by one more line that says what and why.
"""

from dataclasses import dataclass

from sqlmodel import Session

from handlers import access
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.exchange import checked_reason
from handlers.officers import Mistake, may
from storage import moments
from storage.queries import assignment as rows
from storage.queries import officers
from storage.queries.assignment import STEPS, Dispatch

# Whom a ward can send beside its officers; words of ours, so that the history can name them.
FORCES = ("patrol", "area", "security", "militia", "quick", "fire", "medical")
MOST_WORDS = 200
MOST_SENT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    officers: tuple[int, ...] = ()
    forces: tuple[str, ...] = ()
    words: str = ""


def send(session: Session, act: Act, *, tip_id: int, who: Who) -> int:
    """One party sets out for this tip, others may follow. The id under which its further steps are noted. Raises Mistake."""
    _to_change(session, act, tip_id, is_new=True)
    words = " ".join(clean(who.words).split())[:MOST_WORDS]
    known = {one.id for one in officers.officers_of(session, act.ward_id) if not one.is_disabled}
    sent, forces = tuple(dict.fromkeys(who.officers))[:MOST_SENT], tuple(force for force in FORCES if force in who.forces)
    if not set(sent) <= known:
        raise Mistake("mistake-no-officer")
    if not (sent or forces or words):
        raise Mistake("dispatch-nobody")
    for one in rows.dispatches_of(session, act.ward_id, tip_id):  # A button pressed twice sends nobody twice.
        is_new = one.by == f"officer:{act.officer_id}" and one.times.get("sent", 0) > act.now - moments.MINUTE
        if is_new and not one.is_recalled and (one.officers, one.forces, one.words) == (sent, forces, words):
            return one.id
    dispatch_id = act.history_id
    note(
        session,
        act,
        "dispatched",
        tip_id=tip_id,
        secret=words,
        dispatch=dispatch_id,
        step="sent",
        time=act.now,
        officers=list(sent),
        forces=list(forces),
    )
    _keep(session, act, tip_id)
    return dispatch_id


def step(session: Session, act: Act, *, tip_id: int, dispatch_id: int, what: str) -> None:
    """The next button: left, then there. A second press changes nothing. Raises Mistake."""
    one = _to_change(session, act, tip_id, dispatch_id=dispatch_id)
    if what not in STEPS[1:]:
        raise Mistake("dispatch-step")
    if what in one.times:
        return
    if next_step(one) != what:
        raise Mistake("dispatch-order")
    note(session, act, f"dispatch_{what}", tip_id=tip_id, dispatch=dispatch_id, step=what, time=act.now)
    _keep(session, act, tip_id)


def correct(session: Session, act: Act, *, tip_id: int, dispatch_id: int, what: str, time: int, reason: str) -> None:
    """What stood there before stays in the history. Raises Mistake."""
    one = _to_change(session, act, tip_id, dispatch_id=dispatch_id)
    if what not in one.times:
        raise Mistake("dispatch-step")
    reason = checked_reason(reason)
    told = {**one.times, what: time}
    in_order = [told[name] for name in STEPS if name in told]
    if not in_order == sorted(in_order):
        raise Mistake("dispatch-order")
    tip = rows.held(session, act.ward_id, tip_id)
    if time > act.now or tip is None or time < tip.arrived_at - moments.DAY:
        raise Mistake("dispatch-time")
    note(session, act, "dispatch_corrected", tip_id=tip_id, secret=reason, dispatch=dispatch_id, step=what, time=time)
    _keep(session, act, tip_id)


def recall(session: Session, act: Act, *, tip_id: int, dispatch_id: int, reason: str) -> None:
    """They did not go after all, or were called back before they were there. Raises Mistake."""
    one = _to_change(session, act, tip_id, dispatch_id=dispatch_id)
    if "there" in one.times:
        raise Mistake("dispatch-there")
    note(session, act, "dispatch_recalled", tip_id=tip_id, secret=checked_reason(reason), dispatch=dispatch_id)
    _keep(session, act, tip_id)


def next_step(one: Dispatch) -> str:
    """Empty once they are there, or were called back."""
    return "" if one.is_recalled else next((name for name in STEPS if name not in one.times), "")


def _to_change(session: Session, act: Act, tip_id: int, *, dispatch_id: int = 0, is_new: bool = False) -> Dispatch:
    tip = rows.held(session, act.ward_id, tip_id)
    role = officers.role_of(session, act.ward_id, act.officer_id)
    if tip is None or not access.may_read(session, act.ward_id, act.officer_id, tip_id):
        raise Mistake("desk-no-tip")
    if tip.is_shredded:
        raise Mistake("write-shredded")
    if not may(role, "assign"):
        raise Mistake("desk-not-yours")
    if is_new:
        if tip.is_closed:
            raise Mistake("assign-closed")
        return Dispatch(id=0, by="", officers=(), forces=(), words="")
    found = next((one for one in rows.dispatches_of(session, act.ward_id, tip_id) if one.id == dispatch_id), None)
    if found is None or found.is_recalled:
        raise Mistake("dispatch-none")
    return found


def _keep(session: Session, act: Act, tip_id: int) -> None:
    rows.keep_first_times(session, tip_id, rows.dispatches_of(session, act.ward_id, tip_id))
