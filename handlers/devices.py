"""Computers the shift shares, who is known on them, and the sessions that are open.

A computer is trusted by somebody who signed in fully (password and code) and said so; for a month whoever has signed in fully there
comes in with their own PIN. Wrong PINs are counted for one officer on one computer: nobody is locked out by somebody else's fingers
anywhere but there, and there the password and the code still open.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from handlers import duty
from handlers.acts import Act, note
from handlers.officers import Mistake
from storage import moments
from storage.queries import devices as rows
from storage.queries import duty as duty_rows
from storage.queries.devices import DeviceHere, Person, PinTry

KNOWN_FOR = 30 * moments.DAY
MOST_WRONG = 5
MOST_BUTTONS = 8


def trust(session: Session, act: Act, *, token_hash: str, browser: str, draw: Callable[[], int]) -> DeviceHere:
    device_id = draw()
    name = rows.add(
        session,
        device_id=device_id,
        ward_id=act.ward_id,
        token_hash=token_hash,
        browser=browser,
        officer_id=act.officer_id,
        now=act.now,
        ends_at=act.now + KNOWN_FOR,
    )
    note(session, act, "signin_device_trusted", history_id=draw(), officer=act.officer_id, device=device_id)
    return DeviceHere(id=device_id, name=name)


def know(session: Session, act: Act, device_id: int, *, draw: Callable[[], int]) -> None:
    """Signed in fully here."""
    rows.know(
        session,
        row_id=draw(),
        ward_id=act.ward_id,
        device_id=device_id,
        officer_id=act.officer_id,
        now=act.now,
        ends_at=act.now + KNOWN_FOR,
    )


def is_known(session: Session, device: DeviceHere | None, officer_id: int, now: int) -> bool:
    """Within the month, and not after five wrong PINs."""
    if device is None:
        return False
    wrong = rows.wrong_pins(session, device.id, officer_id, since=now - KNOWN_FOR)
    return wrong is not None and wrong < MOST_WRONG


def has_been_here(session: Session, device: DeviceHere, officer_id: int, now: int) -> bool:
    return rows.wrong_pins(session, device.id, officer_id, since=now - KNOWN_FOR) is not None


def is_worn_out(session: Session, device: DeviceHere | None, officer_id: int, now: int) -> bool:
    """Five wrong PINs: somebody else may be trying."""
    wrong = rows.wrong_pins(session, device.id, officer_id, since=now - KNOWN_FOR) if device else None
    return wrong is not None and wrong >= MOST_WRONG


def people_here(session: Session, ward_id: int, device: DeviceHere | None, now: int, *, also: int = 0) -> list[Person]:
    """The shift's officers whom this computer knows, and whoever has locked it. With nobody on the roster: all whom it knows."""
    if device is None:
        return []
    known = rows.people(session, device.id, since=now - KNOWN_FOR, most_wrong=MOST_WRONG)
    known.sort(key=lambda one: (one.name.split()[-1:], one.name))  # By the given name, which comes last.
    shifts = duty_rows.to_take(session, ward_id, now=now, early=duty.EARLY) if known else []
    if not shifts:
        return known[:MOST_BUTTONS]
    crew = {also}
    for one in shifts:
        crew |= {one.holder, one.crew.duty_id, one.crew.second_id or 0, one.crew.commander_id or 0}
    return [one for one in known if one.id in crew][:MOST_BUTTONS]


def try_pin(session: Session, ward_id: int, device_id: int, officer_id: int, now: int) -> PinTry | None:
    since = now - KNOWN_FOR
    return rows.try_pin(session, ward_id, device_id, officer_id, since=since, most_wrong=MOST_WRONG)


def pin_was_right(session: Session, device_id: int, officer_id: int, now: int) -> None:
    rows.pin_was_right(session, device_id, officer_id)
    rows.seen(session, device_id, now=now)


# -- ending ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Who ends something: their own, or, for a chief, anybody's."""

    act: Act
    is_chief: bool


def end_session(session: Session, ending: Ending, session_id: int) -> None:
    """Out with the next request. Raises Mistake."""
    act = ending.act
    officer_id = rows.end_session(session, act.ward_id, session_id)
    if officer_id is None:
        raise Mistake("mistake-session-gone")
    if officer_id != act.officer_id and not ending.is_chief:
        raise Mistake("mistake-session-gone")  # Nothing of it happens: the transaction ends here.
    note(session, act, "signin_session_ended", officer=officer_id)


def leave_device(session: Session, act: Act, device_id: int) -> None:
    """It knows this officer no more; everybody else it does. Raises Mistake."""
    if not rows.forget(session, device_id, act.officer_id):
        raise Mistake("mistake-device-gone")
    note(session, act, "signin_device_left", officer=act.officer_id, device=device_id)


def end_device(session: Session, act: Act, device_id: int) -> None:
    """Lost, sold, or not the ward's. Raises Mistake."""
    if not rows.end(session, act.ward_id, device_id, now=act.now):
        raise Mistake("mistake-device-gone")
    note(session, act, "signin_device_ended", officer=act.officer_id, device=device_id)
