"""The part of a tip's page that is about what goes back and forth with the resident, its end, and a sender who is set apart."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from admin.desk import Desk, Visit
from handlers import access, lifecycle, officers, ready_sentences, windows
from handlers import exchange as handling
from handlers.blocks import DAYS
from handlers.exchange import LEAST_REASON
from handlers.messages import Ward
from handlers.reached import Reached, other_ways
from handlers.reached import by_notice as by_id
from handlers.ready_sentences import Ready
from handlers.texts import say
from handlers.windows import Window
from handlers.writing import MOST_UNIT, MOST_WRITTEN
from storage import moments
from storage.queries import blocks, covered, exchange, held_texts
from storage.queries.blocks import BlockSeen
from storage.queries.covered import CoveredOfTip
from storage.queries.exchange import QuestionSeen, WrittenSeen
from storage.queries.held_texts import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class TipAfter:
    may_write: bool
    why_not: str  # Why nobody can write to the resident; empty where they can.
    may_close: bool
    questions: tuple[QuestionSeen, ...]
    written: tuple[WrittenSeen, ...]
    reached: dict[int, Reached]  # By notice: what became of what was written.
    reached_question: dict[int, Reached]  # The same by question.
    other_ways: tuple[str, ...]  # How else the resident may be reached, where that is worth a thought.
    window: Window | None  # Where nobody may be written to for ever: until when, and whether it costs.
    held: tuple[Held, ...]  # What waits for the chief, and what came back.
    may_release: bool
    ready: tuple[Ready, ...]  # Filled in, in the resident's language.
    may_block: bool
    block: BlockSeen | None  # For who may set one.
    today: str
    now: int
    covered: tuple[CoveredOfTip, ...]  # Copies of photos that may go along with what is written.
    days: tuple[int, ...] = DAYS
    least: int = LEAST_REASON
    most: int = MOST_WRITTEN
    most_unit: int = MOST_UNIT

    @property
    def lines(self) -> list[QuestionSeen | WrittenSeen]:
        """What was asked, told and ended, in its order."""
        return sorted((*self.questions, *self.written), key=lambda one: one.asked_at if isinstance(one, QuestionSeen) else one.at)

    def reached_by(self, one: QuestionSeen | WrittenSeen) -> Reached | None:
        if isinstance(one, QuestionSeen):
            return None if one.outcome == "withdrawn" else self.reached_question.get(one.id)
        return self.reached.get(one.notice)

    @property
    def answered_at(self) -> frozenset[int | None]:
        """The moments of answers: an addition of that moment is one."""
        return frozenset(one.settled_at for one in self.questions if one.outcome == "answered")


def ready_of(session: Session, ward: Ward, tip_id: int, *, tail: str, now: int) -> list[Ready]:
    values = {"code": tail, "date": moments.short_date(now), "duty": ward.duty_phone or "113"}
    language = exchange.language_of(session, ward.id, tip_id)
    is_fenced = access.kind(session, ward.id, tip_id) == "fence"
    values["unit"] = say("ready-unit-fence", language) if is_fenced else say("ready-unit", language, ward=ward.called)
    known = [one for one in ready_sentences.effective(session, ward.id, language) if not (is_fenced and one.names_duty)]
    return [replace(one, text=ready_sentences.filled(one.text, values)) for one in known]


def of_tip(session: Session, desk: Desk, visit: Visit, tip_id: int) -> TipAfter:
    officer, now = visit.officer, moments.now()
    may_write, may_block = officers.may(officer.role, "write"), officers.may(officer.role, "block")

    ward = desk.ward()
    tip = exchange.standing(session, officer.ward_id, tip_id)
    assert tip is not None
    sent = exchange.sent_of(session, officer.ward_id, tip_id)
    by_notice, last = by_id(sent), sent[-1].created_at if sent else None
    window = windows.of_tip(session, ward, tip_id, now=now) if may_write and not handling.why_not(tip) else None
    ways = other_ways(
        list(by_notice.values()),
        exchange.ways_left(session, officer.ward_id, tip_id),
        has_chat=tip.has_chat,
        written_at=last,
        is_shut=window is not None and not window.is_open,
        now=now,
    )
    return TipAfter(
        may_write=may_write,
        why_not=handling.why_not(tip),
        may_close=may_write and tip.state in lifecycle.BY_NAME["close"].sources and not tip.is_shredded,
        questions=tuple(exchange.questions_of(session, officer.ward_id, tip_id)),
        written=tuple(exchange.written_of(session, officer.ward_id, tip_id)),
        reached=by_notice,
        reached_question={one.question_id: by_notice[one.id] for one in sent if one.question_id is not None},
        other_ways=() if tip.is_shredded else tuple(ways),
        window=window,
        held=tuple(held_texts.of_tip(session, officer.ward_id, tip_id)) if may_write else (),
        may_release=officers.may(officer.role, "release_texts"),
        ready=tuple(ready_of(session, ward, tip_id, tail=tip.tail, now=now)) if may_write else (),
        may_block=may_block and tip.has_chat and not tip.is_shredded,
        block=blocks.block_of_tip(session, officer.ward_id, tip_id, now=now) if may_block else None,
        covered=covered.of_tip(session, tip_id) if may_write else (),
        today=moments.local(now).date().isoformat(),
        now=now,
    )
