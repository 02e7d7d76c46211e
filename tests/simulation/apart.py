"""What not everybody reads: behind the fence, for the chief alone, of public concern; and what goes to a paper file by two people."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from handlers import access, dispatch, duty, lifecycle, officers, paper_file, restricting, steps
from handlers.acts import Act
from handlers.dispatch import Who
from storage.ids import new_id
from storage.moments import HOUR, SECOND
from storage.queries import assignment as assigned
from storage.queries import retention, shredding
from tests.simulation.town import LAST_LOOK, OPEN, Happening, Part, Said, Town, by_day, says, tip_told
from tests.simulation.year import BEAT, COMMANDS, CRIES, DUTIES, PEOPLE, REASON, WARD, Duty, Event, Open, World
from tests.steps import FORMS

ABOUT_POLICE = "Anh cán bộ phường nhận tiền của quán karaoke để bỏ qua"
ASKED = 3 * HOUR  # So long until the second person looks at what the first has asked.


def _day(number: int, chance: random.Random, _is_holiday: bool) -> Iterator[Happening]:
    if number % 4 == 1:
        yield from says(by_day(chance), chance.randrange(PEOPLE), *tip_told(ABOUT_POLICE, "restricted:fence"))
    if number % 9 == 4:
        words: tuple[Said, ...] = (
            (0, "button", "report"),
            (SECOND, "button", "restricted:fence"),
            (SECOND, "text", chance.choice(CRIES)),
            (20 * SECOND, "button", "danger-send"),
        )
        yield from says(chance.randrange(24) * HOUR, chance.randrange(PEOPLE), *words)
    if number % 5 == 2:
        yield from says(by_day(chance), chance.randrange(PEOPLE), *tip_told("Vợ chồng chủ quán thuê người đòi nợ", "restricted:chief"))
    yield Happening(by_day(chance), "keeper", number % 2)
    if number % 12 == 7:
        yield Happening(LAST_LOOK + HOUR, "keeper leaves", number // 12 % 2)
    if number % 6 == 1:
        yield Happening(by_day(chance), "restricts")
    if number % 6 == 3:
        yield Happening(by_day(chance), "lifts")
    if number % 5 == 1:
        yield Happening(by_day(chance), "concern")
    if number % 5 == 3:
        yield Happening(by_day(chance), "calm")
    if number % 3 == 2:
        asked = by_day(chance)
        yield Happening(asked, "asks paper", number)
        yield Happening(asked + ASKED, "decides paper", number)
    if number % 8 == 6:
        asked = by_day(chance)
        yield Happening(asked, "asks paper behind the fence", number)
        yield Happening(asked + ASKED, "decides paper behind the fence", number)


# -- who reads it ----------------------------------------------------------------------------------------------------------------


def _keeper(town: Town, event: Event) -> None:
    """Of the superior body, far away: one of them looks in once a day."""
    keeper_id = town.keepers[event.who]
    if keeper_id in town.away:
        return
    town.look_through(keeper_id, town.duties("keeper"))
    town.look_back(keeper_id, tuple(one for one in town.duties("ended") if one.name != "take back"))  # Which the ward's chief decides.
    town.done["keeper looked"] += 1
    officer_id, fenced = town.on_shift(), town.pick(f"{OPEN} AND restricted = 'fence'")
    if officer_id is not None and fenced is not None:
        act = town.act(officer_id)
        town.refuses(
            "turned away", "desk-restricted", lambda session: restricting.restrict(session, act, tip_id=fenced, reason=REASON, draw=new_id)
        )


def _keeper_leaves(town: Town, event: Event) -> None:
    """Whoever has something in hand, if one has; it is the other one's then. With "comes back" they are here again."""
    busy = [one for one in town.keepers if town.find(f"{OPEN} AND handler_id = {one}")]
    leaving, history_id = (*busy, town.keepers[event.who])[0], new_id()
    [stays] = [one for one in town.keepers if one != leaving]
    by: dict[str, Any] = {"officer_id": leaving, "by": town.officers[0], "why": "away", "history_id": history_id, "now": town.now}
    theirs = town.find(f"{OPEN} AND handler_id = {leaving}")
    town.write(lambda session: officers.close_account(session, WARD, **by))
    town.away.add(leaving)
    assert set(theirs) <= set(town.find(f"{OPEN} AND handler_id = {stays}"))
    town.done["keeper left"] += 1
    town.done["handed behind the fence"] += len(theirs)
    town.look()


def _restricts(town: Town, _event: Event) -> None:
    officer_id, tip_id = town.on_shift(), town.pick(f"{OPEN} AND restricted = '' AND accepted_at IS NOT NULL")
    if officer_id is None or tip_id is None:
        return
    act, again = town.act(officer_id), town.act(officer_id)
    town.attempt("restricted", lambda session: restricting.restrict(session, act, tip_id=tip_id, reason=REASON, draw=new_id))
    town.soon(town.now + BEAT)  # If it was taken from whoever had it, somebody is called.
    town.refuses("not lifted", "desk-restricted", lambda session: restricting.lift(session, again, tip_id=tip_id, reason=REASON))


def _lifts(town: Town, _event: Event) -> None:
    tip_id = town.pick(f"{OPEN} AND restricted = 'chief'")
    if tip_id is not None:
        act = town.act(town.officers[0])
        town.attempt("lifted", lambda session: restricting.lift(session, act, tip_id=tip_id, reason=REASON))


def _concern(town: Town, _event: Event) -> None:
    officer_id, tip_id = town.on_shift(), town.pick(f"{OPEN} AND restricted = '' AND concern_at IS NULL")
    if officer_id is not None and tip_id is not None:
        act = town.act(officer_id)
        town.attempt("concern", lambda session: restricting.raise_concern(session, town.ward.book, act, tip_id=tip_id, draw=new_id))


def _calm(town: Town, _event: Event) -> None:
    tip_id = town.pick(f"{OPEN} AND restricted <> 'fence' AND concern_at IS NOT NULL")
    if tip_id is not None:
        act = town.act(town.officers[0])
        town.attempt("calm", lambda session: restricting.calm_concern(session, act, tip_id=tip_id))


# -- paper -----------------------------------------------------------------------------------------------------------------------


def _asks_paper(town: Town, event: Event) -> None:
    officer_id, tip_id = town.on_shift(), town.pick(f"{OPEN} AND restricted = '' AND paper_asked_by IS NULL")
    if officer_id is not None and tip_id is not None:
        _ask(town, officer_id, tip_id, event.who)


def _asks_paper_fenced(town: Town, event: Event) -> None:
    tip_id = town.pick(f"{OPEN} AND restricted = 'fence' AND paper_asked_by IS NULL")
    if tip_id is not None and town.keepers[0] not in town.away:
        _ask(town, town.keepers[0], tip_id, event.who)


def _ask(town: Town, officer_id: int, tip_id: int, number: int) -> None:
    act = town.act(officer_id)
    town.attempt("paper asked", lambda session: paper_file.ask(session, act, tip_id=tip_id, number=f"{number}/HS"))


def _decides_paper(town: Town, event: Event) -> None:
    commander = town.memory.read(lambda session: duty.on_duty(session, WARD, town.now).commander)
    _decide(town, event.who // 3, (town.officers[0], *([commander] if commander is not None else [])))


def _decides_paper_fenced(town: Town, event: Event) -> None:
    _decide(town, event.who // 8, tuple(one for one in town.keepers if one not in town.away))


def _decide(town: Town, turn: int, people: tuple[int, ...]) -> None:
    """Mostly yes; now and then no, and now and then who asked has thought better of it. Never who asked."""
    for officer_id in people:
        act = town.act(officer_id)
        asked = town.memory.read(lambda session, act=act: _waiting(session, act))  # type: ignore[misc]
        for one in asked:
            by = town.act(officer_id)
            if one.asked_by == officer_id:
                town.refuses("own paper", "paper-own", _confirm(by, one.tip_id))
            elif turn % 4 == 1:
                town.attempt("paper refused", lambda session, by=by, one=one: paper_file.refuse(session, by, tip_id=one.tip_id))  # type: ignore[misc]
            elif turn % 4 == 2 and one.asked_by not in town.away:
                who = town.act(one.asked_by)
                town.attempt("paper withdrawn", lambda session, who=who, one=one: paper_file.withdraw(session, who, tip_id=one.tip_id))  # type: ignore[misc]
            else:
                town.attempt("to paper behind the fence" if one.is_fenced else "to paper", _confirm(by, one.tip_id))
                town.stirs()


def _waiting(session: Session, act: Act) -> Any:
    return paper_file.to_decide(session, act, access.sight_now(session, act.ward_id, act.officer_id))


def _confirm(act: Act, tip_id: int) -> Any:
    return lambda session: paper_file.confirm(session, act, tip_id=tip_id, draw=new_id)


def _shred_papers(world: World) -> int:
    """As `bot/forgetting.py` does it; the shred list is looked at elsewhere."""
    found = world.memory.read(lambda session: retention.paper_tips(session, WARD, most=20))
    for tip_id in found:
        world.write(lambda session, tip_id=tip_id: shredding.shred_tip(session, tip_id, now=world.now, why="paper"))  # type: ignore[misc]
    return len(found)


# -- who was sent, and did not go --------------------------------------------------------------------------------------------------


def _recall(_world: World, session: Session, act: Act, tip: Open) -> None:
    one = assigned.dispatches_of(session, WARD, tip.id)[-1]
    if "there" not in one.times and not one.is_recalled:
        dispatch.recall(session, act, tip_id=tip.id, dispatch_id=one.id, reason="Người báo nói đã hết việc")
        dispatch.send(session, replace(act, history_id=new_id()), tip_id=tip.id, who=Who(officers=(act.officer_id,)))


def _classify(world: World, session: Session, act: Act, tip: Open) -> None:
    """What is merely kept in view only the ward's chief decides, who does not read it."""
    way = lifecycle.BY_NAME["classify"]
    form = {**FORMS["classify"], "track": "A" if tip.is_urgent else world.chance.choice("BCD")}
    steps.move(session, world.ward, act, tip_id=tip.id, name=way.name, given=steps.checked(way, form, now=act.now), draw=new_id)


_SORTED = next(one for one in DUTIES if one.name == "classify")
# Nobody of the ward: neither sent there nor handed to others.
_NOT_BEHIND_THE_FENCE = frozenset(("send", "left", "there", "correct", "recall", "assign", "other book", "classify", "by phone"))
_KEEPERS = (
    replace(_SORTED, does=_classify, name="classify behind the fence"),
    *(one for one in (*DUTIES, *COMMANDS) if one.name not in _NOT_BEHIND_THE_FENCE),
)

PART = Part(
    name="apart",
    day=_day,
    happens={
        "keeper": _keeper,
        "keeper leaves": _keeper_leaves,
        "restricts": _restricts,
        "lifts": _lifts,
        "concern": _concern,
        "calm": _calm,
        "asks paper": _asks_paper,
        "decides paper": _decides_paper,
        "asks paper behind the fence": _asks_paper_fenced,
        "decides paper behind the fence": _decides_paper_fenced,
    },
    duties={
        "keeper": _KEEPERS,
        "duty": (Duty("recall", 0.05, lambda tip: tip.left_at is not None and tip.there_at is None, _recall),),
    },
    beats={"papers shredded": _shred_papers},
)
HAPPENED = (
    *(
        "keeper left",
        "handed behind the fence",
        "keeper looked",
        "turned away",
        "restricted",
        "not lifted",
        "lifted",
        "concern",
        "calm",
        "classify behind the fence",
    ),
    *("paper asked", "paper refused", "paper withdrawn", "to paper", "to paper behind the fence", "papers shredded", "own paper", "recall"),
)
