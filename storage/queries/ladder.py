"""Tips that wait for somebody to accept them, and every call that was made."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, case, false, func, not_, or_, select
from sqlmodel import Session, col

from storage.memory import alone
from storage.prepared import KEPT_MOST, Prepared
from storage.queries.sight import Sight, readable_ids
from storage.quick import Quick, as_json, from_json, insert
from storage.tables import Alarm, Ladder, Tip

_CLIMBING = 5_264_908  # One list at 06:00 is one list, however many processes beat.
CHIEF_RUNG, LAST_RUNG = 3, 4
_FAR = 2**62

# What was held rings nobody; what was accepted is called for again only when it becomes urgent after all, or danger wakes it anew.
_BEGIN = Quick(
    "INSERT INTO ladders (tip_id, ward_id, is_urgent, rung, since, next_at)"
    " SELECT id, ward_id, (:is_urgent OR urgent_at IS NOT NULL), 0, :now, :now FROM tips"
    " WHERE id = :tip_id AND ward_id = :ward_id AND arrived_at IS NOT NULL AND held_why = '' AND (accepted_at IS NULL OR :is_urgent)"
    " ON CONFLICT (tip_id) DO UPDATE"
    " SET is_urgent = excluded.is_urgent, rung = 0, since = excluded.since, next_at = excluded.next_at, settled_at = NULL"
    " WHERE excluded.is_urgent AND (:was_over OR NOT ladders.is_urgent"
    " OR (ladders.settled_at IS NOT NULL AND (:is_another OR ladders.settled_at NOT BETWEEN :pressed_after AND :now)))"
)
_IS_RUNNING = Quick("SELECT 1 FROM ladders WHERE tip_id = :tip_id AND next_at IS NOT NULL")
_HEARD_DANGERS = Quick("SELECT detail FROM history WHERE tip_id = :tip_id AND what = 'danger_heard'")
# From the first rung, whatever was pressed before.
_CALL_AGAIN = Quick(
    "INSERT INTO ladders (tip_id, ward_id, is_urgent, rung, since, next_at)"
    " SELECT id, ward_id, urgent_at IS NOT NULL, 0, :now, :now FROM tips"
    " WHERE id = :tip_id AND ward_id = :ward_id AND arrived_at IS NOT NULL AND closed_at IS NULL"
    " ON CONFLICT (tip_id) DO UPDATE SET rung = 0, since = excluded.since, next_at = excluded.next_at, settled_at = NULL"
)
_DUE = (
    "SELECT l.tip_id, l.is_urgent, l.rung, l.since, t.code_tail, t.category, t.neighbourhood_id, t.restricted, t.due_at, t.book_number,"
    " t.book_year, (t.closed_at IS NOT NULL OR t.shredded_at IS NOT NULL OR t.held_why <> '') AS is_over,"
    " CASE WHEN t.accepted_at IS NOT NULL THEN f.id END"
    " FROM ladders l JOIN tips t ON t.id = l.tip_id LEFT JOIN officers f ON f.id = t.handler_id AND f.disabled_at IS NULL"
    " WHERE l.ward_id = :ward_id AND (l.next_at <= :now OR l.next_at > :latest) AND {which} ORDER BY l.next_at, l.tip_id LIMIT {most}"
)
_DUE_URGENT = Quick(_DUE.format(which="l.is_urgent", most=50), postgres="FOR UPDATE OF l SKIP LOCKED")
_DUE_ORDINARY = Quick(_DUE.format(which="NOT l.is_urgent", most=500), postgres="FOR UPDATE OF l SKIP LOCKED")
_MOVE = Quick("UPDATE ladders SET rung = :rung, since = :since, next_at = :next_at WHERE tip_id = :tip_id AND settled_at IS NULL")
_SETTLE = Quick("UPDATE ladders SET next_at = NULL, settled_at = :now WHERE tip_id = :tip_id AND settled_at IS NULL")
_PRESSED = Quick(
    "UPDATE alarms SET outcome = 'pressed', settled_at = :now"
    " WHERE tip_id = :tip_id AND officer_id = :officer_id AND outcome IN ('waiting', 'started', 'sent')"
)
# A card that is still on its way would call somebody to what is done.
_OVER = Quick(
    "UPDATE alarms SET settled_at = :now, outcome = CASE WHEN EXISTS"
    " (SELECT 1 FROM outbox WHERE outbox.id = alarms.outbox_id AND outbox.status = 'sent') THEN 'sent' ELSE 'over' END"
    " WHERE tip_id = :tip_id AND settled_at IS NULL RETURNING outbox_id"
)
# Not the list that calls for others as well.
_RECALL = Quick(
    "UPDATE outbox SET status = 'cancelled', reply = NULL, settled_at = :now"
    " WHERE id = :outbox_id AND status IN ('waiting', 'held', 'parked')"
    " AND NOT EXISTS (SELECT 1 FROM alarms WHERE ward_id = outbox.ward_id AND settled_at IS NULL AND outbox_id = :outbox_id)"
)
_ALARM = insert(
    "alarms",
    *("id", "ward_id", "tip_id", "officer_id", "rung", "why", "way", "at", "tips", "outcome", "outbox_id", "settled_at"),
)
_FOLLOW = Quick(
    "SELECT a.id, a.tip_id, a.tips, a.rung, a.at, a.why, o.status FROM alarms a LEFT JOIN outbox o ON o.id = a.outbox_id"
    " WHERE a.ward_id = :ward_id AND a.settled_at IS NULL"
    " AND ((a.way = 'chat' AND (o.id IS NULL OR o.status <> 'waiting')) OR (a.way = 'command' AND (a.at < :stuck_before OR a.at > :ahead)))"
    " ORDER BY a.id LIMIT 200"
)
_END = Quick("UPDATE alarms SET outcome = :outcome, settled_at = :now WHERE id = :alarm_id AND settled_at IS NULL")
_REACHED = Quick(
    "SELECT 1 FROM alarms WHERE ward_id = :ward_id AND at = :at AND COALESCE(tip_id, 0) = COALESCE(:tip_id, 0)"
    " AND (rung = :rung OR :on_any_rung) AND why = :why AND CAST(tips AS TEXT) = CAST(:tips AS TEXT)"
    " AND outcome IN ('waiting', 'started', 'sent', 'pressed') LIMIT 1"
)
_CLIMB_AT_ONCE = Quick(
    "UPDATE ladders SET rung = rung + 1, since = :now, next_at = :now"
    f" WHERE tip_id = :tip_id AND settled_at IS NULL AND rung = :rung AND rung < {LAST_RUNG}"
)
_ON_ITS_WAY = Quick(
    "SELECT MIN(at) FROM alarms WHERE ward_id = :ward_id AND settled_at IS NULL AND way = 'chat' AND officer_id = :officer_id"
    " AND COALESCE(tip_id, 0) = COALESCE(:tip_id, 0) AND why = :why"
)
_CARDS = Quick(
    "SELECT COUNT(DISTINCT outbox_id) FROM alarms WHERE ward_id = :ward_id AND officer_id = :officer_id AND way = 'chat' AND why = 'urgent'"
    " AND at BETWEEN :since AND :now"
)
_CARDS_WAITING = Quick(
    "SELECT COUNT(DISTINCT outbox_id) FROM alarms WHERE ward_id = :ward_id AND officer_id = :officer_id AND way = 'chat' AND why = 'urgent'"
    " AND settled_at IS NULL"
)
_LIST_WAITING = Quick(
    "SELECT a.outbox_id, a.tip_id FROM alarms a JOIN outbox o ON o.id = a.outbox_id WHERE a.ward_id = :ward_id AND a.settled_at IS NULL"
    " AND a.officer_id = :officer_id AND a.way = 'chat' AND a.why = 'urgent' AND o.tip_id IS NULL AND o.status = 'waiting' ORDER BY a.id"
)
_MOVE_TO_LIST = Quick(
    "UPDATE alarms SET outbox_id = :newer"
    " WHERE ward_id = :ward_id AND settled_at IS NULL AND officer_id = :officer_id AND outbox_id = :older"
)
_SINCE = Quick("SELECT 1 FROM alarms WHERE ward_id = :ward_id AND at BETWEEN :since AND :until AND why = :why LIMIT 1")
# A page that was heard long after now was heard before the clock was set back: nobody knows whether it is open still.
_LISTENING = Quick(
    "SELECT DISTINCT officer_id FROM desk_sessions WHERE ward_id = :ward_id AND heard_at BETWEEN :since AND :until AND ends_at > :now"
)
_WAS_HEARD = "token_hash = :token_hash AND (heard_at IS NULL OR heard_at < :before OR heard_at > :now)"
_HEARD = Quick(f"UPDATE desk_sessions SET heard_at = :now WHERE {_WAS_HEARD}")
_HEARD_BEFORE = Quick(f"SELECT 1 FROM desk_sessions WHERE {_WAS_HEARD}")
_START = Quick("UPDATE alarms SET outcome = 'started' WHERE id = :alarm_id AND outcome = 'waiting' AND settled_at IS NULL RETURNING id")
_COMMANDS = Quick(
    "SELECT a.id, a.why, a.rung, a.tips, t.code_tail, l.is_urgent, o.login FROM alarms a JOIN officers o ON o.id = a.officer_id"
    " LEFT JOIN tips t ON t.id = a.tip_id LEFT JOIN ladders l ON l.tip_id = a.tip_id"
    " WHERE a.ward_id = :ward_id AND a.settled_at IS NULL AND a.way = 'command' AND a.outcome = 'waiting' ORDER BY a.id LIMIT 20"
)
_PERIODS = Quick("SELECT kind, amount FROM periods WHERE ward_id = :ward_id")
_KEEP_MINUTES = Quick(
    "INSERT INTO periods (id, ward_id, kind, amount, changed_at, changed_by)"
    " VALUES (:id, :ward_id, :kind, :amount, :now, :officer_id)"
    " ON CONFLICT (ward_id, kind) DO UPDATE"
    " SET amount = excluded.amount, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A tip whose next call is due."""

    tip_id: int
    is_urgent: bool
    rung: int
    since: int
    tail: str
    category: str
    neighbourhood_id: int | None
    restricted: str
    due_at: int | None
    number: str
    is_over: bool  # It ended, or was set apart: nobody is called any more.
    owner_id: int | None  # Who has it, where somebody accepted it before.


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of an alarm that was on its way."""

    id: int
    tip_ids: list[int]
    tip_id: int | None
    rung: int
    at: int
    why: str
    has_arrived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What the alarm command is told: no word, no identity."""

    alarm_id: int
    why: str
    rung: int
    tail: str
    tips: int
    is_urgent: bool
    login: str


def one_at_a_time(session: Session) -> None:
    alone(session, _CLIMBING)


def begin(
    session: Session,
    ward_id: int,
    tip_id: int,
    *,
    is_urgent: bool,
    now: int,
    was_over: bool = False,
    is_another: bool = False,
    pressed_after: int = 0,
) -> None:
    """One that somebody has pressed for is called for again if it was over, if this is another danger than those heard before, or if
    nobody has pressed since `pressed_after`."""
    _BEGIN.run(
        session,
        ward_id=ward_id,
        tip_id=tip_id,
        is_urgent=is_urgent,
        was_over=was_over,
        is_another=is_another,
        pressed_after=pressed_after,
        now=now,
    )


def dangers_heard(session: Session, tip_id: int) -> frozenset[str]:
    found = (from_json(row[0]) for row in _HEARD_DANGERS.run(session, tip_id=tip_id).fetchall())
    return frozenset(one.get("heard") or one["danger"] for one in found)


def call_again(session: Session, ward_id: int, tip_id: int, *, now: int) -> None:
    _CALL_AGAIN.run(session, ward_id=ward_id, tip_id=tip_id, now=now)


def settle(session: Session, tip_id: int, *, officer_id: int | None, now: int) -> bool:
    was_running = bool(_SETTLE.run(session, tip_id=tip_id, now=now).rowcount)
    if officer_id is not None:
        _PRESSED.run(session, tip_id=tip_id, officer_id=officer_id, now=now)
    for (outbox_id,) in _OVER.run(session, tip_id=tip_id, now=now).fetchall():
        if outbox_id is not None:
            _RECALL.run(session, outbox_id=outbox_id, now=now)
    return was_running


def accepted_by(session: Session, tip_id: int) -> int | None:
    return session.execute(select(col(Tip.accepted_by)).where(col(Tip.id) == tip_id)).scalar_one_or_none()


def is_called_for(session: Session, tip_id: int) -> bool:
    return _IS_RUNNING.run(session, tip_id=tip_id).fetchone() is not None


def due(session: Session, ward_id: int, *, is_urgent: bool, now: int, latest: int = _FAR) -> list[Due]:
    """Claimed: nobody else moves them until this transaction ends, and what is just being accepted is left alone. What was put beyond
    `latest` is due as well."""
    found = (_DUE_URGENT if is_urgent else _DUE_ORDINARY).run(session, ward_id=ward_id, now=now, latest=latest).fetchall()
    return [
        Due(
            tip_id=row[0],
            is_urgent=bool(row[1]),
            rung=row[2],
            since=row[3],
            tail=row[4],
            category=row[5],
            neighbourhood_id=row[6],
            restricted=row[7],
            due_at=row[8],
            number=f"{row[9]}/{row[10]}" if row[9] is not None else "",
            is_over=bool(row[11]),
            owner_id=row[12],
        )
        for row in found
    ]


def move(session: Session, tip_id: int, *, rung: int, since: int, next_at: int | None) -> None:
    _MOVE.run(session, tip_id=tip_id, rung=rung, since=since, next_at=next_at)


def keep_alarm(
    session: Session,
    ward_id: int,
    *,
    row_id: int,
    tip_id: int | None,
    officer_id: int | None,
    rung: int,
    why: str,
    way: str,
    tips: tuple[int, ...],
    outcome: str,
    outbox_id: int | None,
    now: int,
) -> None:
    _ALARM.run(
        session,
        id=row_id,
        ward_id=ward_id,
        tip_id=tip_id,
        officer_id=officer_id,
        rung=rung,
        why=why,
        way=way,
        at=now,
        tips=as_json(list(tips)),
        outcome=outcome,
        outbox_id=outbox_id,
        settled_at=None if outcome == "waiting" else now,
    )


def settled_alarms(session: Session, ward_id: int, *, stuck_before: int, now: int) -> list[Settled]:
    """Cards that were sent or could not be, and commands that never came back; noted as such. A card that a restored copy holds back
    is one that could not: who decides about it may be asleep."""
    found = []
    for row in _FOLLOW.run(session, ward_id=ward_id, stuck_before=stuck_before, ahead=2 * now - stuck_before).fetchall():
        has_arrived = row[6] == "sent"
        if _END.run(session, alarm_id=row[0], outcome="sent" if has_arrived else "failed", now=now).rowcount:
            tips = from_json(row[2]) or ([row[1]] if row[1] else [])
            found.append(Settled(id=row[0], tip_ids=tips, tip_id=row[1], rung=row[3], at=row[4], why=row[5], has_arrived=has_arrived))
    return found


def has_reached(session: Session, ward_id: int, one: Settled, *, on_any_rung: bool) -> bool:
    """Whether anybody else of the same rung, or of any, was called in the same breath by a way that has not failed."""
    tips = as_json(one.tip_ids if one.tip_id is None else [])
    known = {
        "ward_id": ward_id,
        "at": one.at,
        "rung": one.rung,
        "tip_id": one.tip_id,
        "why": one.why,
        "tips": tips,
        "on_any_rung": on_any_rung,
    }
    return _REACHED.run(session, **known).fetchone() is not None


def climb_at_once(session: Session, tip_id: int, *, rung: int, now: int) -> None:
    _CLIMB_AT_ONCE.run(session, tip_id=tip_id, rung=rung, now=now)


def on_its_way(session: Session, ward_id: int, *, officer_id: int, tip_id: int | None, why: str) -> int | None:
    """Since when a card for the same waits to be sent: a second one would only come with it."""
    row = _ON_ITS_WAY.run(session, ward_id=ward_id, officer_id=officer_id, tip_id=tip_id, why=why).fetchone()
    return int(row[0]) if row[0] is not None else None


def cards_lately(session: Session, ward_id: int, *, officer_id: int, since: int, now: int) -> int:
    """How many messages about urgent tips have gone to this chat since then, or wait to go: a list is one."""
    lately = _CARDS.run(session, ward_id=ward_id, officer_id=officer_id, since=since, now=now).fetchone()[0]
    return max(int(lately), int(_CARDS_WAITING.run(session, ward_id=ward_id, officer_id=officer_id).fetchone()[0]))


def list_waiting(session: Session, ward_id: int, *, officer_id: int) -> dict[int, int]:
    """The tips of a list that is not out yet, and the outbox row that carries each."""
    return {row[1]: row[0] for row in _LIST_WAITING.run(session, ward_id=ward_id, officer_id=officer_id).fetchall()}


def take_into_list(session: Session, ward_id: int, *, officer_id: int, older: int, newer: int, now: int) -> None:
    """What the older list calls for stands in the newer one, and only that goes out."""
    _MOVE_TO_LIST.run(session, ward_id=ward_id, officer_id=officer_id, older=older, newer=newer)
    _RECALL.run(session, outbox_id=older, now=now)


def was_rung(session: Session, ward_id: int, why: str, *, since: int, until: int) -> bool:
    return _SINCE.run(session, ward_id=ward_id, why=why, since=since, until=until).fetchone() is not None


def _called_for(sight: Sight) -> tuple[Any, ...]:
    """Tips on the ladder that somebody may know of."""
    is_open = col(Ladder.next_at).is_not(None), col(Tip.closed_at).is_(None), col(Tip.held_why) == ""
    return col(Ladder.ward_id) == sight.ward_id, *is_open, sight.readable()


def ringing(session: Session, sight: Sight, officer_id: int, *, rung: int, is_day: bool, now: int) -> tuple[int, int, int | None]:
    """How many tips call for this officer, who stands on this rung, how many of them are urgent, and the oldest. What only some read
    calls for them from the first rung on, and so does what this officer has, where it has become urgent since."""
    [row] = _ringing_query(sight, rung, is_day).rows(session, officer_id=officer_id, now=now)
    return int(row[0]), int(row[1]), row[2]


@lru_cache(maxsize=KEPT_MOST)
def _ringing_query(sight: Sight, rung: int, is_day: bool) -> Prepared:
    query = select(func.count(), func.count(case((col(Ladder.is_urgent), 1))), func.min(col(Ladder.tip_id)))
    waits = col(Ladder.since) <= bindparam("now", type_=BigInteger) if is_day else false()
    is_theirs = col(Tip.handler_id) == bindparam("officer_id", type_=BigInteger)
    has_it = and_(is_theirs, col(Tip.accepted_at).is_not(None), col(Ladder.is_urgent))
    is_mine = or_(col(Ladder.rung) >= rung, not_(sight.ordinary()), has_it)
    query = query.join(Tip, col(Tip.id) == col(Ladder.tip_id)).where(*_called_for(sight), is_mine, or_(col(Ladder.is_urgent), waits))
    return Prepared(query)


# -- open desks and the command ---------------------------------------------------------------------------------------------


def listening(session: Session, ward_id: int, *, since: int, now: int) -> frozenset[int]:
    """Officers with a page open that can sound."""
    return frozenset(row[0] for row in _LISTENING.run(session, ward_id=ward_id, since=since, until=2 * now - since, now=now).fetchall())


def heard_before(session: Session, token_hash: str, *, before: int, now: int) -> bool:
    return _HEARD_BEFORE.run(session, token_hash=token_hash, before=before, now=now).fetchone() is not None


def note_heard(session: Session, token_hash: str, *, before: int, now: int) -> None:
    _HEARD.run(session, token_hash=token_hash, before=before, now=now)


def has_commands(session: Session, ward_id: int) -> bool:
    return bool(_COMMANDS.run(session, ward_id=ward_id).fetchone())


def take_commands(session: Session, ward_id: int) -> list[Command]:
    """Each is taken once; whoever takes it and dies leaves it to be noted as failed."""
    found = []
    for row in _COMMANDS.run(session, ward_id=ward_id).fetchall():
        if _START.run(session, alarm_id=row[0]).fetchone() is not None:
            found.append(
                Command(
                    alarm_id=row[0],
                    why=row[1],
                    rung=row[2],
                    tips=len(from_json(row[3])),
                    tail=row[4] or "",
                    is_urgent=bool(row[5]),
                    login=row[6],
                )
            )
    return found


def end_command(session: Session, ward_id: int, alarm_id: int, *, has_arrived: bool, now: int) -> Settled | None:
    if not _END.run(session, alarm_id=alarm_id, outcome="sent" if has_arrived else "failed", now=now).rowcount:
        return None
    row = session.execute(select(Alarm).where(col(Alarm.id) == alarm_id, col(Alarm.ward_id) == ward_id)).scalar_one()
    tips = row.tips or ([row.tip_id] if row.tip_id else [])
    return Settled(id=row.id, tip_ids=list(tips), tip_id=row.tip_id, rung=row.rung, at=row.at, why=row.why, has_arrived=has_arrived)


# -- minutes -----------------------------------------------------------------------------------------------------------------


def own_minutes(session: Session, ward_id: int, *, beginning: str = "ladder-") -> dict[str, int]:
    return {kind: amount for kind, amount in _PERIODS.run(session, ward_id=ward_id).fetchall() if kind.startswith(beginning)}


def keep_minutes(session: Session, ward_id: int, *, row_id: int, kind: str, minutes: int, officer_id: int, now: int) -> None:
    _KEEP_MINUTES.run(session, id=row_id, ward_id=ward_id, kind=kind, amount=minutes, officer_id=officer_id, now=now)


# -- what was rung ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSeen:
    id: int
    at: int
    tip_id: int | None
    tail: str
    officer_id: int | None
    rung: int
    why: str
    way: str
    outcome: str
    tips: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSeen:
    tip_id: int
    tail: str
    is_urgent: bool
    rung: int
    since: int
    next_at: int


def waiting(session: Session, sight: Sight) -> list[WaitingSeen]:
    names = (Ladder.tip_id, Tip.code_tail, Ladder.is_urgent, Ladder.rung, Ladder.since, Ladder.next_at)
    query = select(*(col(name) for name in names)).join(Tip, col(Tip.id) == col(Ladder.tip_id)).where(*_called_for(sight))
    found = session.execute(query.order_by(col(Ladder.is_urgent).desc(), col(Ladder.since)).limit(200))
    return [WaitingSeen(tip_id=row[0], tail=row[1], is_urgent=row[2], rung=row[3], since=row[4], next_at=row[5]) for row in found]


def alarms(session: Session, sight: Sight, *, before: int | None, most: int) -> list[AlarmSeen]:
    """Newest first. Of tips that somebody may not read there is no line either, nor are they counted in a list."""
    found: list[AlarmSeen] = []
    while len(found) < most:
        lines = _alarms(session, sight, before=before, most=most)
        listed = [tip_id for row, _tail in lines for tip_id in row.tips]
        readable = set(readable_ids(session, sight, listed)) if listed else set()
        for row, tail in lines:
            tips = len([tip_id for tip_id in row.tips if tip_id in readable])
            if tips or not row.tips:
                found.append(_alarm_seen(row, tail or "", tips))
        if len(lines) < most:
            break
        before = lines[-1][0].id
    return found[:most]


def _alarms(session: Session, sight: Sight, *, before: int | None, most: int) -> list[tuple[Alarm, str | None]]:
    query: Any = (
        select(Alarm, col(Tip.code_tail))
        .join(Tip, col(Tip.id) == col(Alarm.tip_id), isouter=True)
        .where(col(Alarm.ward_id) == sight.ward_id, or_(col(Alarm.tip_id).is_(None), sight.readable()))
        .order_by(col(Alarm.id).desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(col(Alarm.id) < before)
    return [(row, tail) for row, tail in session.execute(query)]


def _alarm_seen(row: Alarm, tail: str, tips: int) -> AlarmSeen:
    return AlarmSeen(
        id=row.id,
        at=row.at,
        tip_id=row.tip_id,
        tail=tail,
        officer_id=row.officer_id,
        rung=row.rung,
        why=row.why,
        way=row.way,
        outcome=row.outcome,
        tips=tips,
    )
