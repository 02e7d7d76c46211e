"""The beginning of a ward, in eight steps that can be left and taken up again. What is done shows in the ward itself; a step that was
left out for now keeps one of a few words why, and counts as missing until it is done."""

from dataclasses import dataclass

from sqlmodel import Session

from handlers import duty
from handlers.acts import Act, note
from handlers.messages import Ward
from handlers.officers import Mistake, may
from handlers.phones import as_written_here
from storage.queries import custody as custody_rows
from storage.queries import moving, wards
from storage.queries import officers as officer_rows
from storage.queries import set_up as rows

# As they stand in the address.
STEPS = ("phuong", "so-truc", "dia-ban", "can-bo", "niem-phong", "giu-rao", "kenh", "to-dan")
WHY_SKIPPED = ("later", "waiting", "superior", "small")
LONGEST = {"name": 80, "unit": 120, "province": 120, "address": 120, "superior": 160, "duty_phone": 30}
LEAST_KEEPERS = 2
_DONE = "done"  # Of the poster alone: that it hangs, nobody but a person can know.


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeen:
    slug: str
    number: int
    is_done: bool
    why: str  # Why it was left out for now; empty where nobody said so, or it is done.


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How many there are for each part."""

    serving: int  # Who can stand on the roster.
    all: int
    waiting: int  # With a link that was not used yet.
    keepers: int  # Of keys to identities.
    proposed: int
    fence: int


def people(session: Session, ward_id: int, *, now: int) -> People:
    awake = [one for one in officer_rows.officers_of(session, ward_id) if not one.is_disabled]
    keys = custody_rows.keepers(session, ward_id)
    return People(
        serving=sum(duty.may_serve(one) for one in awake),
        all=len(awake),
        waiting=len(moving.waiting_links(session, ward_id, now=now)),
        keepers=sum(one.is_active for one in keys),
        proposed=sum(one.status == "proposed" and not one.is_gone for one in keys),
        fence=sum(one.role == "keeper" for one in awake),
    )


def steps(session: Session, ward: Ward, found: People, *, is_reached: bool) -> list[StepSeen]:
    """`is_reached`: residents can come in from outside, by the web or by a messenger."""
    said = rows.skips(session, ward.id)
    done = {
        "phuong": bool(ward.name),
        "so-truc": not ward.is_trial,
        "dia-ban": bool(ward.book.neighbourhoods),
        "can-bo": found.serving > 1,
        "niem-phong": found.keepers >= LEAST_KEEPERS,
        "giu-rao": found.fence > 0,
        "kenh": is_reached,
        "to-dan": said.get("to-dan") == _DONE,
    }
    return [
        StepSeen(slug=slug, number=number, is_done=done[slug], why="" if done[slug] else said.get(slug, ""))
        for number, slug in enumerate(STEPS, 1)
    ]


def skip(session: Session, act: Act, step: str, why: str, *, row_id: int) -> None:
    """Raises Mistake."""
    _check(session, act)
    if step not in STEPS or why not in WHY_SKIPPED:
        raise Mistake("begin-why-needed")
    rows.keep_skip(session, act.ward_id, row_id=row_id, step=step, why=why, officer_id=act.officer_id, now=act.now)
    note(session, act, "set_up_skipped", about=step, why=why)


def hang_poster(session: Session, act: Act, *, row_id: int) -> None:
    """Raises Mistake."""
    _check(session, act)
    rows.keep_skip(session, act.ward_id, row_id=row_id, step="to-dan", why=_DONE, officer_id=act.officer_id, now=act.now)
    note(session, act, "poster_hung")


def change_ward(session: Session, act: Act, given: dict[str, str]) -> None:
    """What the ward is called, whom to ring, and where people turn. Only what was given changes. Raises Mistake."""
    _check(session, act)
    before = wards.ward_facts(session)
    facts = {name: checked(name, value) for name, value in given.items() if name in LONGEST}
    changed = {name: value for name, value in facts.items() if getattr(before, name) != value}
    if changed:
        wards.change_facts(session, act.ward_id, changed)
        note(session, act, "ward_changed", about=",".join(sorted(changed)))


def checked(name: str, value: str) -> str:
    value = " ".join(value.split())[: LONGEST[name]]
    if name == "name" and not value:
        raise Mistake("begin-name-needed")
    if name != "duty_phone" or not value:
        return value
    written = as_written_here(value)
    if written is None:
        raise Mistake("mistake-phone")
    return written


def _check(session: Session, act: Act) -> None:
    if not may(officer_rows.role_of(session, act.ward_id, act.officer_id), "set_up"):
        raise Mistake("desk-not-yours")
