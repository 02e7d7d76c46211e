"""Words that only the chief may let go out: an officer hands them over, the chief says yes, or gives them back with a reason.

Until then they stand sealed under the tip's ring, with the file that was to go along, and nobody is told anything.
"""

from collections.abc import Callable
from typing import Any, Literal

from sqlmodel import Session

from handlers import access, exchange
from handlers.acts import Act, note
from handlers.exchange import KnownFile, checked_reason
from handlers.messages import Ward
from handlers.officers import Mistake, may
from storage.queries import attachments, officers
from storage.queries import exchange as exchange_rows
from storage.queries import held_texts as rows
from storage.queries.held_texts import Held
from storage.queries.sent_files import NewFile

Kind = Literal["question", "answer", "ending"]
Draw = Callable[[], int]


def hold(
    session: Session,
    act: Act,
    *,
    tip_id: int,
    kind: Kind,
    why: tuple[str, ...],
    body: dict[str, Any],
    held_id: int,
    draw: Draw,
    file: NewFile | None = None,
) -> None:
    """Raises Mistake where it could not go out even with the chief's yes."""
    access.check(session, act, tip_id)
    tip = exchange_rows.standing(session, act.ward_id, tip_id)
    if tip is None:
        raise Mistake("desk-no-tip")
    if key := _why_not(tip, kind):
        raise Mistake(key)
    if file is not None:
        exchange.keep_file(session, act, tip_id, file, draw)
        body = body | {"file": file.id, "file_mime": file.mime}
    rows.keep(session, held_id=held_id, ward_id=act.ward_id, tip_id=tip_id, kind=kind, why=why, body=body, by=act.officer_id, now=act.now)
    note(session, act, "text_held", tip_id=tip_id, held=held_id, kind=kind, why=list(why))


def _why_not(tip: exchange_rows.Standing, kind: Kind) -> str:
    if kind != "ending":
        return exchange.why_not(tip)
    if tip.is_shredded:
        return "write-shredded"
    if tip.is_closed:
        return "close-closed"
    return "" if tip.is_accepted else "write-not-accepted"


def release(session: Session, ward: Ward, act: Act, held_id: int, *, question_id: int, draw: Draw) -> int | None:
    """It goes out now, as its writer's words and by the chief's act. The chat that has something to be sent. Raises Mistake."""
    held = _to_decide(session, act, held_id)
    if not rows.decide(session, held, outcome="released", officer_id=act.officer_id, now=act.now):
        raise Mistake("handed-decided")
    note(session, act, "text_released", tip_id=held.tip_id, history_id=draw(), held=held_id)
    body: dict[str, Any] = {"tip_id": held.tip_id, "draw": draw, "written_by": held.written_by}
    if held.kind == "ending":
        told = {name: held.body[name] for name in ("done", "done_on", "unit", "result")}
        return exchange.close(session, ward, act, **told, **body)
    file = KnownFile(int(held.body.get("file", 0)), str(held.body.get("file_mime", "")))
    if held.kind == "question":
        return exchange.ask(session, ward, act, words=held.body["words"], question_id=question_id, file=file, **body)
    return exchange.tell(session, ward, act, words=held.body["words"], file=file, **body)


def give_back(session: Session, act: Act, held_id: int, *, reason: str, draw: Draw) -> None:
    """Its writer reads why on the tip's page. A file that was to go along goes. Raises Mistake."""
    held, reason = _to_decide(session, act, held_id), checked_reason(reason)
    if not rows.decide(session, held, outcome="returned", officer_id=act.officer_id, now=act.now, reason=reason):
        raise Mistake("handed-decided")
    note(session, act, "text_returned", tip_id=held.tip_id, held=held_id)
    if file_id := int(held.body.get("file", 0)):
        attachments.withdraw_one(session, held.tip_id, file_id)
        note(session, act, "file_withdrawn", tip_id=held.tip_id, history_id=draw(), attachment=file_id)


def _to_decide(session: Session, act: Act, held_id: int) -> Held:
    """The same answer for what is not there and for what somebody may not read."""
    held = rows.one(session, act.ward_id, held_id)
    if held is None or not held.body or not access.may_read(session, act.ward_id, act.officer_id, held.tip_id):
        raise Mistake("handed-none")
    if not may(officers.role_of(session, act.ward_id, act.officer_id), "release_texts"):
        raise Mistake("desk-not-yours")
    if held.decided_at is not None:
        raise Mistake("handed-decided")
    access.check(session, act, held.tip_id)
    return held
