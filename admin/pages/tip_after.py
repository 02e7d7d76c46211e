"""The part of a tip's page that is about what goes back and forth with the resident, its end, and a sender who is set apart."""

from dataclasses import dataclass

from sqlmodel import Session

from admin.desk import Desk, Visit
from handlers import exchange as handling
from handlers import lifecycle, officers
from handlers.blocks import DAYS
from handlers.exchange import LEAST_REASON
from handlers.writing import MOST_UNIT, MOST_WRITTEN
from storage import moments
from storage.queries import blocks, exchange
from storage.queries.blocks import BlockSeen
from storage.queries.exchange import QuestionSeen, WrittenSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class TipAfter:
    may_write: bool
    why_not: str  # Why nobody can write to the resident; empty where they can.
    may_close: bool
    questions: tuple[QuestionSeen, ...]
    written: tuple[WrittenSeen, ...]
    may_block: bool
    block: BlockSeen | None  # For who may set one.
    today: str
    days: tuple[int, ...] = DAYS
    least: int = LEAST_REASON
    most: int = MOST_WRITTEN
    most_unit: int = MOST_UNIT

    @property
    def lines(self) -> list[QuestionSeen | WrittenSeen]:
        """What was asked, told and ended, in its order."""
        return sorted((*self.questions, *self.written), key=lambda one: one.asked_at if isinstance(one, QuestionSeen) else one.at)

    @property
    def answered_at(self) -> frozenset[int | None]:
        """The moments of answers: an addition of that moment is one."""
        return frozenset(one.settled_at for one in self.questions if one.outcome == "answered")


async def of_tip(desk: Desk, visit: Visit, tip_id: int) -> TipAfter:
    officer, now = visit.officer, moments.now()
    may_write, may_block = officers.may(officer.role, "write"), officers.may(officer.role, "block")

    def find(session: Session) -> TipAfter:
        tip = exchange.standing(session, officer.ward_id, tip_id)
        assert tip is not None
        return TipAfter(
            may_write=may_write,
            why_not=handling.why_not(tip),
            may_close=may_write and tip.state in lifecycle.BY_NAME["close"].sources and not tip.is_shredded,
            questions=tuple(exchange.questions_of(session, officer.ward_id, tip_id)),
            written=tuple(exchange.written_of(session, officer.ward_id, tip_id)),
            may_block=may_block and tip.has_chat and not tip.is_shredded,
            block=blocks.block_of_tip(session, officer.ward_id, tip_id, now=now) if may_block else None,
            today=moments.local(now).date().isoformat(),
        )

    return await desk.memory.read(find)
