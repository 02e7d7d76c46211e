"""Which clocks run for a tip: started and settled by its moves, and by themselves where none runs that should."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from handlers import access, clocks, deadlines, duty, ladder, lifecycle, officer_chats, periods
from handlers.acts import Act
from handlers.deadlines import Warned
from handlers.lifecycle import Move
from handlers.messages import Ward
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import deadlines as rows
from storage.queries.deadlines import Clockless
from storage.queries.steps import Stands, is_childs

MOST_AT_ONCE = 50
Ring = Callable[..., int | None]
# Counted from when they had it, not from when somebody here wrote it down.
_FROM_THEIR_DAY = ("acknowledged", "resumed")
_BY_RESULT = {"not-opened": "file"}  # From the day of the decision.
# What the law counts from the end, or the beginning, of another period.
_FROM_START_OF, _FROM_END_OF = {"prolonged": "settle", "extension-request": "settle"}, {"extended": ("prolonged", "settle")}
_CALLS = ("before", "over")
_BY_TRACK = ("report12", "transfer-a", "transfer-b", "child", "inform")
_TRANSFERS = ("transfer-a", "transfer-b", "child")
_SORTED = ("S3", "S4", "S5")


def moved(
    session: Session, book: WardBook, act: Act, tip_id: int, tip: Stands, way: Move, chosen: dict[str, Any], draw: Callable[[], int]
) -> None:
    """In the transaction of the move, after it."""
    actor = f"officer:{act.officer_id}"
    kinds_of_way = ["classify-a" if kind == "classify" and tip.is_urgent else kind for kind in way.starts]
    starts = {kind: _start_of(session, tip_id, kind, way, chosen, act.now) for kind in kinds_of_way}
    if result := _BY_RESULT.get(str(chosen.get("result"))):
        starts[result] = int(chosen["day"])
    deadlines.settle(session, tip_id, way.settles, now=act.now, actor=actor)
    if (way.to or tip.state) in lifecycle.ENDED:
        deadlines.void(session, tip_id, now=act.now, actor=actor)
    if way.name in ("classify", "classify-anew", "give-back"):
        track = str(chosen.get("track", ""))
        kinds = lifecycle.clocks_of(track, is_child=tip.is_child, is_reported=tip.reported_at is not None) if track else ()
        deadlines.void(session, tip_id, [kind for kind in _BY_TRACK if kind not in kinds], now=act.now, actor=actor)
        starts |= {kind: act.now if kind == "inform" else tip.received_at for kind in kinds}
    for kind, starts_at in starts.items():
        values: dict[str, Any] = {"ward_id": act.ward_id, "tip_id": tip_id, "row_id": draw(), "now": act.now, "actor": actor}
        deadlines.start(session, book, kind=kind, starts_at=starts_at, **values)


def _start_of(session: Session, tip_id: int, kind: str, way: Move, chosen: dict[str, Any], now: int) -> int:
    if way.name in _FROM_THEIR_DAY:
        return int(chosen.get("day", now))
    if kind in _FROM_START_OF:
        return rows.last_of(session, tip_id, (_FROM_START_OF[kind],), otherwise=(now, now))[0]
    if kind in _FROM_END_OF:
        return rows.last_of(session, tip_id, _FROM_END_OF[kind], otherwise=(now, now))[1]
    return now


def recategorised(session: Session, book: WardBook, act: Act, tip_id: int, tip: Stands, *, category: str, draw: Callable[[], int]) -> None:
    """A child's matter has a day of its own to be passed on. Another clock of that kind counts from where this one did."""
    if is_childs(category) == tip.is_child or tip.state not in _SORTED:
        return
    kinds = lifecycle.clocks_of(tip.track, is_child=is_childs(category), is_reported=tip.reported_at is not None)
    starts_at, _ = rows.last_of(session, tip_id, _TRANSFERS, otherwise=(tip.received_at, 0))
    actor = f"officer:{act.officer_id}"
    if deadlines.void(session, tip_id, [kind for kind in _TRANSFERS if kind not in kinds], now=act.now, actor=actor):
        [kind] = [kind for kind in kinds if kind in _TRANSFERS]
        values: dict[str, Any] = {"ward_id": act.ward_id, "tip_id": tip_id, "row_id": draw(), "now": act.now, "actor": actor}
        deadlines.start(session, book, kind=kind, starts_at=starts_at, **values)


def ring(session: Session, ward: Ward, warned: list[Warned], ring: Ring, *, draw: Callable[[], int], now: int) -> None:
    """The owner's phone, for what is nearly over or over; at night for urgent tips alone. All of it stands on the page "Hạn"."""
    for one in warned:
        card = officer_chats.card_of(session, ward, one.tip_id, kind="clock", now=now) if one.stage in _CALLS else None
        if card is None or (clocks.is_night(now) and not card.is_urgent):
            continue
        is_reminder = periods.load()[one.kind].is_reminder
        card = replace(card, left=None if is_reminder else one.left, is_reminder=is_reminder)
        for officer_id in _to_tell(session, ward.id, one.tip_id, now):
            ring(session, ward, officer_id, card, draw=draw, now=now)


def _to_tell(session: Session, ward_id: int, tip_id: int, now: int) -> tuple[int, ...]:
    """Its owner; where nobody has it who may read it, whoever is called first for such a tip."""
    owner = rows.owner_of(session, tip_id)
    if owner is not None and access.may_read(session, ward_id, owner, tip_id):
        return (owner,)
    return ladder.rungs_of(duty.on_duty(session, ward_id, now), access.kind(session, ward_id, tip_id))[0]


def opened_again(session: Session, book: WardBook, act: Act, tip_id: int, tip: Stands, *, draw: Callable[[], int]) -> None:
    """In the transaction that opens it: what the law counts for such a tip counts once more, from now."""
    for kind in lifecycle.clocks_of(tip.track, is_child=tip.is_child, is_reported=tip.reported_at is not None):
        values: dict[str, Any] = {"ward_id": act.ward_id, "tip_id": tip_id, "row_id": draw(), "actor": f"officer:{act.officer_id}"}
        deadlines.start(session, book, kind=kind, starts_at=act.now, now=act.now, **values)


def start_missing(session: Session, book: WardBook, ward_id: int, *, draw: Callable[[], int], now: int) -> int:
    """A beat: what has just arrived, what danger has opened again, and whatever an older house left without a clock. How many."""
    found = rows.without_clock(session, ward_id, most=MOST_AT_ONCE)
    for one in found:
        for kind in _missing(one):
            starts_at = one.received_at if kind == "enter" else now
            deadlines.start(session, book, ward_id=ward_id, tip_id=one.tip_id, kind=kind, starts_at=starts_at, row_id=draw(), now=now)
    return len(found)


def _missing(one: Clockless) -> tuple[str, ...]:
    if one.state == "S1":
        return ("enter",)
    if one.state == "S2":
        return ("classify-a" if one.is_urgent else "classify",)
    if one.state in _SORTED:
        return lifecycle.clocks_of(one.track, is_child=one.is_child, is_reported=one.is_reported)
    return ("inform",)  # Whatever stands further on: somebody waits for a word.


def hurry(session: Session, book: WardBook, ward_id: int, *, draw: Callable[[], int], now: int) -> int:
    """A beat: what has become urgent while it waited to be sorted is sorted within minutes, from the moment of the danger. How many."""
    minutes = periods.amount_of(book, "classify-a")
    found = rows.urgent_unsorted(session, ward_id, within=minutes * moments.MINUTE, most=MOST_AT_ONCE)
    for tip_id, urgent_at in found:
        if deadlines.void(session, tip_id, ("classify",), now=now):
            values: dict[str, Any] = {"ward_id": ward_id, "tip_id": tip_id, "row_id": draw(), "now": now}
            deadlines.start(session, book, kind="classify-a", starts_at=urgent_at, **values)
    return len(found)
