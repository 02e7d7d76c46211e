"""Who leads a neighbourhood: their account, which has no password, the link that signs them in once, and how they are called by hand.

A leader's account may do one thing, `lead`. It is no officer's: nothing that lists officers knows it, and it reads no tip. Their phone
number is read by whoever may add leaders, and by whoever has to call one because no chat reached them; each time it stands in the history.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handlers import officer_chats, officers
from handlers.acts import Act, note
from handlers.messages import Ward
from handlers.officers import Mistake, Right, may
from handlers.phones import as_written_here
from storage import moments
from storage.ids import new_id
from storage.queries import leaders as rows
from storage.queries import officer_chats as chat_rows
from storage.queries import officers as officer_rows
from storage.queries import warning_targets as targets
from storage.queries.history import remember

Draw = Callable[[], int]
LINK_LIVES, SIGNED_IN_FOR = moments.DAY, 30 * moments.DAY
COMMAND_LINE = "command line"
MOST_AREAS = 40


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Given:
    """What was typed of a leader, checked."""

    login: str
    name: str
    phone: str
    areas: tuple[int, ...]


def checked(form: Mapping[str, str], areas: Iterable[int], *, has_login: bool = True) -> Given:
    """Raises Mistake."""
    login = officers.checked_login(form.get("login", "")) if has_login else ""
    name, typed = " ".join(form.get("name", "").split())[:80], form.get("phone", "").strip()
    if has_login and not name:
        raise Mistake("officers-name-needed")
    phone = as_written_here(typed) if typed else ""
    if phone is None:
        raise Mistake("mistake-phone")
    chosen = tuple(dict.fromkeys(areas))[:MOST_AREAS]
    if not chosen:
        raise Mistake("leader-no-area")
    return Given(login=login, name=name, phone=phone, areas=chosen)


# -- accounts ------------------------------------------------------------------------------------------------------------------


def add(session: Session, act: Act, given: Given, *, officer_id: int, draw: Draw) -> None:
    """Raises Mistake."""
    _check(session, act)
    put_in(session, act.ward_id, given, officer_id=officer_id, by=f"officer:{act.officer_id}", draw=draw, now=act.now)


def put_in(session: Session, ward_id: int, given: Given, *, officer_id: int, by: str, draw: Draw = new_id, now: int) -> None:
    """From the command line too. Raises Mistake."""
    if officer_rows.login_is_taken(session, given.login):
        raise Mistake("mistake-login-taken")
    _check_areas(session, ward_id, given.areas)
    account: dict[str, Any] = {"login": given.login, "name": given.name, "phone": given.phone, "password_hash": ""}
    rows.add(session, ward_id, officer_id=officer_id, row_id=draw(), now=now, **account)
    rows.set_areas(session, ward_id, officer_id, given.areas, [draw() for _ in given.areas])
    remember(
        session,
        history_id=draw(),
        ward_id=ward_id,
        tip_id=None,
        now=now,
        actor=by,
        what="leader_added",
        officer=officer_id,
        areas=list(given.areas),
    )


def change(session: Session, act: Act, given: Given, *, officer_id: int, keeps_phone: bool, draw: Draw) -> None:
    """Other neighbourhoods, another number; none where the field was emptied. Raises Mistake."""
    _to_change(session, act, officer_id)
    _check_areas(session, act.ward_id, given.areas)
    rows.set_areas(session, act.ward_id, officer_id, given.areas, [draw() for _ in given.areas])
    if not keeps_phone:
        rows.keep_phone(session, act.ward_id, officer_id, given.phone)
    note(session, act, "leader_changed", officer=officer_id, areas=list(given.areas))


def close(session: Session, ward: Ward, act: Act, *, officer_id: int, draw: Draw) -> list[int]:
    """Out everywhere at once. The chats that are told. Raises Mistake."""
    _to_change(session, act, officer_id)
    told = _end_everything(session, ward, act, officer_id, draw)
    officer_rows.set_disabled(session, officer_id, act.now)
    note(session, act, "leader_closed", officer=officer_id)
    return told


def reopen(session: Session, act: Act, *, officer_id: int) -> None:
    """Raises Mistake."""
    _to_change(session, act, officer_id, closed_too=True)
    officer_rows.set_disabled(session, officer_id, None)
    note(session, act, "leader_reopened", officer=officer_id)


def sign_out(session: Session, ward: Ward, act: Act, *, officer_id: int, draw: Draw) -> list[int]:
    """A phone was lost: whoever has it now is out, and the chat on it is linked no more. The chats that are told. Raises Mistake."""
    _to_change(session, act, officer_id)
    told = _end_everything(session, ward, act, officer_id, draw)
    note(session, act, "leader_signed_out", officer=officer_id)
    return told


def _end_everything(session: Session, ward: Ward, act: Act, officer_id: int, draw: Draw) -> list[int]:
    rows.keep_link(session, act.ward_id, officer_id, link_hash=None, until=0)
    officer_rows.end_sessions_of(session, officer_id)
    return officer_chats.end_all(session, ward, act, officer_id=officer_id, draw=draw)


# -- how they come in ----------------------------------------------------------------------------------------------------------


def make_link(session: Session, act: Act, *, officer_id: int, link_hash: str) -> int:
    """Once, within a day; until when. The one before it ends. Raises Mistake."""
    _to_change(session, act, officer_id)
    rows.keep_link(session, act.ward_id, officer_id, link_hash=link_hash, until=act.now + LINK_LIVES)
    note(session, act, "leader_link_made", officer=officer_id)
    return act.now + LINK_LIVES


def make_code(session: Session, act: Act, *, officer_id: int, row_id: int, code_hash: str) -> None:
    """With which they link their own chat app; see `handlers/officer_chats.py`. Raises Mistake."""
    _to_change(session, act, officer_id)
    forget_before = act.now - moments.DAY
    chat_rows.keep_code(
        session, act.ward_id, row_id=row_id, officer_id=officer_id, code_hash=code_hash, now=act.now, forget_before=forget_before
    )
    note(session, act, "leader_code_made", officer=officer_id)


def come_in(
    session: Session,
    ward_id: int,
    *,
    link_hash: str,
    session_id: int,
    token_hash: str,
    before: str | None,
    browser: str,
    history_id: int,
    now: int,
) -> None:
    """The link is used up by a press, never by being looked at: chat apps open links by themselves to draw a preview. `before`: the
    session this browser had, which ends. Raises Mistake."""
    officer_id = rows.use_link(session, ward_id, link_hash, now=now)
    if officer_id is None:
        raise Mistake("leader-link-over")
    if before is not None:
        officer_rows.end_session(session, before)
    opened: dict[str, Any] = {"token_hash": token_hash, "now": now, "ends_at": now + SIGNED_IN_FOR, "how": "link", "browser": browser}
    officer_rows.open_session(session, session_id=session_id, ward_id=ward_id, officer_id=officer_id, **opened)
    note(session, Act(ward_id=ward_id, officer_id=officer_id, history_id=history_id, now=now), "signed_in", how="link")


# -- phones --------------------------------------------------------------------------------------------------------------------


def phones(session: Session, act: Act, wanted: Iterable[int] | None = None) -> dict[int, str]:
    """By officer, for the page of leaders: of all of them, or of these. Raises Mistake."""
    _check(session, act)
    return _phones(session, act, [one.officer_id for one in rows.all_of(session, act.ward_id, now=act.now)] if wanted is None else wanted)


def phone_to_call(session: Session, act: Act, officer_id: int) -> str:
    """For whoever calls one who has a warning to post and was not reached. Raises Mistake."""
    _check(session, act, "warn")
    if officer_id not in {one.officer_id for one in rows.to_call(session, act.ward_id, now=act.now)}:
        raise Mistake("leader-not-to-call")
    return _phones(session, act, [officer_id]).get(officer_id, "")


def _phones(session: Session, act: Act, wanted: Iterable[int]) -> dict[int, str]:
    found = rows.phones(session, act.ward_id, wanted)
    if found:
        note(session, act, "leader_phones_seen", officers=sorted(found))
    return found


# -- helpers -------------------------------------------------------------------------------------------------------------------


def check_leader(session: Session, act: Act) -> tuple[int, ...]:
    """That whoever acts leads a neighbourhood at this moment: which. Raises Mistake."""
    if not may(officer_rows.role_of(session, act.ward_id, act.officer_id), "lead"):
        raise Mistake("desk-not-yours")
    return targets.areas_of_leader(session, act.officer_id)


def _check(session: Session, act: Act, right: Right = "leaders") -> None:
    if not may(officer_rows.role_of(session, act.ward_id, act.officer_id), right):
        raise Mistake("desk-not-yours")


def _to_change(session: Session, act: Act, officer_id: int, *, closed_too: bool = False) -> None:
    _check(session, act)
    if not rows.is_leader(session, act.ward_id, officer_id, closed_too=closed_too):
        raise Mistake("leader-gone")


def _check_areas(session: Session, ward_id: int, areas: Iterable[int]) -> None:
    if not set(areas) <= targets.neighbourhoods(session, ward_id):
        raise Mistake("warning-no-area")
