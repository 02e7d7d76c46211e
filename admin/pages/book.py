"""What the pages of the ward's own book share, and whoever else writes to the history in an officer's name."""

from dataclasses import dataclass

from sqlmodel import Session

from admin.desk import Desk, Visit
from handlers.acts import Act
from storage import moments
from storage.ids import new_id
from storage.queries import history
from storage.queries import officers as officer_rows

_STEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    at: int
    what: str
    about: str
    language: str
    by: str


def act_of(visit: Visit) -> Act:
    return Act(ward_id=visit.officer.ward_id, officer_id=visit.officer.id, history_id=new_id(), now=moments.now())


async def steps_of(desk: Desk, visit: Visit, whats: tuple[str, ...]) -> list[Step]:
    """Who changed what lately, newest first."""
    ward_id = visit.officer.ward_id

    def read(session: Session) -> tuple[list[history.BookStep], dict[int, str]]:
        return history.book_steps(session, ward_id, whats, most=_STEPS), officer_rows.officer_names(session, ward_id)

    steps, names = await desk.memory.read(read)
    by = {f"officer:{officer_id}": name for officer_id, name in names.items()}
    return [
        Step(at=step.at, what=step.what.replace("_", "-"), about=step.about, language=step.language, by=by.get(step.actor, ""))
        for step in steps
    ]
