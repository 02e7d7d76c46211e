"""The ward's figures against a slow count of another kind, over nights and months drawn by chance: each figure, each list behind it, for
each reader; counted in passing or all at once; and shredding changes none."""

import contextlib
import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from handlers import access, categorising, exchange, figure_rows, figures, lifecycle, restricting, steps, terms
from handlers import tips as tip_changes
from handlers.acts import note
from handlers.figure_rows import Row
from handlers.messages import Change
from handlers.officers import Mistake
from handlers.terms import Term
from storage import facts, moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import chain, figure_lists, shredding
from storage.queries import figures as rows
from storage.queries import steps as step_rows
from storage.queries.sight import Sight
from storage.vault import Shredded
from tests.steps import FORMS, REASON, go
from tests.storage.test_exchange import CHIEF, HERE, WARD, act, memory
from tests.storage.test_steps import arrived

__all__ = ["memory"]

START = 1_800_000_000_000  # 15 January 2027, in the afternoon.
CHIEFS, INSPECTORS = frozenset({"", "chief"}), frozenset({""})
WITH_WARD = ("S1", "S2", "S3", "S4", "S5")
WITH_OTHERS = ("S6", "S7", "S7a", "S7b", "S7c", "S7d")


# -- months by chance ----------------------------------------------------------------------------------------------------------


def live(session: Session, chance: random.Random, tips: list[int], now: int) -> None:
    """One thing that happens; what the house refuses has not happened."""
    tip_id = chance.choice(tips)
    found = step_rows.stands(session, WARD, tip_id)
    moves = [one.name for one in lifecycle.moves_from(found.state if found else "S0") if one.name not in lifecycle.OWN_FORMS]
    what = chance.choices(
        ("move", "close", "reopen", "category", "restrict", "lift", "danger", "letter", "shred", "view"), (60, 9, 3, 4, 2, 2, 1, 2, 1, 4)
    )[0]
    move, category = onward(chance, moves) if moves else "", chance.choice(("MT", "TE", "TN", "KH"))
    done: dict[str, Callable[[], object]] = {
        "move": lambda: go(session, HERE, CHIEF, tip_id, move, now=now, **chosen(chance, move)) if move else None,
        "close": lambda: exchange.close(
            session, HERE, act(now), tip_id=tip_id, done="Đã lập biên bản", done_on=now, unit="tổ tuần tra", result="xong", draw=new_id
        ),
        "reopen": lambda: exchange.reopen(session, HERE, act(now), tip_id=tip_id, reason=REASON["reason"], draw=new_id),
        "category": lambda: categorising.put_right(
            session, HERE.book, act(now), tip_id=tip_id, category=category, knows="category-closes", draw=new_id
        ),
        "restrict": lambda: restricting.restrict(session, act(now), tip_id=tip_id, reason=REASON["reason"], draw=new_id),
        "lift": lambda: restricting.lift(session, act(now), tip_id=tip_id, reason=REASON["reason"]),
        "danger": lambda: heard(session, tip_id, now),
        "letter": lambda: note(session, act(now), chance.choice(("appealed_complaint", "appealed_threat")), tip_id=tip_id, appeal=1),
        "shred": lambda: shredding.shred_tip(session, tip_id, now=now, why="retention") if chance.random() < 0.3 else None,
        "view": lambda: note(session, act(now), "viewed", tip_id=tip_id),
    }  # fmt: skip
    with contextlib.suppress(Mistake, Shredded), session.begin_nested():
        done[what]()


def onward(chance: random.Random, moves: list[str]) -> str:
    """Most tips go on, and few go round in circles."""
    return chance.choices(moves, [1 if name in BACK else 8 for name in moves])[0]


BACK = ("give-back", "set-aside", "classify-anew", "keep", "take-back", "fine", "guide", "report-beside", "approved-by-phone", "suspended")


def chosen(chance: random.Random, name: str) -> dict[str, str]:
    return {
        **({"track": chance.choice("AABBCDEF")} if "track" in FORMS.get(name, {}) else {}),
        **({"kind": chance.choice(lifecycle.KINDS)} if name == "enter" else {}),
        **({"result": chance.choice(steps.RESULTS)} if name == "settled" else {}),
    }


def named(session: Session, tip_id: int, about: str, now: int) -> None:
    if about != "anonymous":
        session.execute(update(tables.Tip).where(col(tables.Tip.id) == tip_id).values(about=about))
        note(session, act(now), "named", tip_id=tip_id, about=about, identity=tip_id)


def heard(session: Session, tip_id: int, now: int) -> None:
    where = tip_changes.Where(ward_id=WARD, chat_id=20, channel="webchat", now=now)
    tip_changes.apply(session, where, [Change("danger", {"tip_id": tip_id, "history_id": new_id(), "danger": "danger", "is_urgent": True})])


async def some_months(memory: Memory, chance: random.Random, *, many: int, counts_meanwhile: bool) -> tuple[list[int], int]:
    now, tips = START, list[int]()

    def some(session: Session) -> None:
        nonlocal now
        for _ in range(20):
            now += int(chance.expovariate(1 / (5 * moments.HOUR)))
            if not tips or chance.random() < 0.1:
                tips.append(arrived(session, 1000 + len(tips), at=now, category=chance.choice(("TC", "TC", "MT", "TN", "TE", ""))))
                named(session, tips[-1], chance.choice(("anonymous", "named", "named_paper")), now)
            else:
                live(session, chance, tips[-12:] if chance.random() < 0.8 else tips, now)

    for _ in range(many // 20):
        await memory.write(some)
        if counts_meanwhile and chance.random() < 0.5:
            await memory.write(lambda session: chain.link_new(session, WARD, most=chance.randint(1, 40)))
            await memory.write(lambda session: figures.catch_up(session, WARD))
    await caught_up(memory)
    return tips, now


async def caught_up(memory: Memory) -> None:
    while await memory.write(lambda session: chain.link_new(session, WARD, everything=True)):
        pass
    while await memory.read(lambda session: figures.is_behind(session, WARD)):
        await memory.write(lambda session: figures.catch_up(session, WARD))


# -- the slow count ------------------------------------------------------------------------------------------------------------


@dataclass
class Known:
    """A tip as the tables have it, and every move of it as the history has it."""

    tip: dict[str, Any]
    entered_at: int | None
    states: list[tuple[int, str, str, dict[str, Any]]]  # when, from where, to where, and what was chosen
    letters: list[tuple[int, str]]
    clocks: list[dict[str, Any]]

    def state_at(self, moment: int) -> str:
        return next((to for at, _from, to, _detail in reversed(self.states) if at < moment), "")

    def is_open_at(self, moment: int) -> bool:
        return self.entered_at is not None and self.entered_at < moment and self.state_at(moment) in WITH_WARD

    def outcome(self, at: int, *kinds: str) -> str:
        found = {clock["outcome"] for clock in self.clocks if clock["kind"] in kinds and clock["settled_at"] == at}
        return "late" if "late" in found else "met" if "met" in found else "none"


def all_known(session: Session) -> list[Known]:
    found = []
    for tip in session.execute(select(tables.Tip).where(col(tables.Tip.ward_id) == WARD)).scalars():
        history = select(tables.HistoryRow).where(col(tables.HistoryRow.tip_id) == tip.id)
        told = session.execute(history.order_by(col(tables.HistoryRow.at), col(tables.HistoryRow.id))).scalars().all()
        states, state, entered = list[tuple[int, str, str, dict[str, Any]]](), "", None
        for row in told:
            to = "S1" if row.what == "arrived" else row.detail.get("to", state) if row.what in ("moved", "closed", "reopened") else state
            if row.what == "danger_heard":
                to = {"S11": "S3", "S12": "S3", "S13": "S3", "test": "S2"}.get(state, state)
            if "entry" in row.detail and entered is None:
                entered = row.at
            if to != state or row.what == "moved":
                states.append((row.at, state, to, {"what": row.what, **row.detail}))
            state = to
        clocks = [
            clock.model_dump() for clock in session.execute(select(tables.Deadline).where(col(tables.Deadline.tip_id) == tip.id)).scalars()
        ]
        letters = [(row.at, row.what) for row in told if row.what.startswith("appealed_")]
        if states:
            found.append(Known(tip.model_dump(), entered, states, letters, clocks))
    return found


def slow(key: str, one: Known, start: int, end: int) -> int:
    """How often this tip counts in a row, for the moments from `start` to before `end`."""
    inside = [(at, source, to, detail) for at, source, to, detail in one.states if start <= at < end]
    is_new = one.entered_at is not None and start <= one.entered_at < end
    tip = one.tip
    match key.split("-", 1) if not key.startswith(("told", "took", "result", "arrived", "due", "fined")) else [key]:
        case ["carried"]:
            return int(one.is_open_at(start))
        case ["remaining"]:
            return int(one.is_open_at(end))
        case ["new", *kind]:
            return int(is_new and (not kind or tip["kind"] == kind[0]))
        case ["reopened"]:
            return sum(source not in WITH_WARD and to in WITH_WARD and source != "" for _at, source, to, _detail in inside)
        case ["handled"]:
            return sum(slow(part, one, start, end) for part in ("carried", "new", "reopened"))
        case ["classified", *track]:
            first = None
            for at, _source, _to, detail in one.states:
                if detail.get("move") == "give-back":
                    first = None
                elif "track" in detail and first is None:
                    first = at
            return int(first is not None and start <= first < end and (not track or tip["track"] == track[0]))
        case ["reported", *how]:
            reports = [at for at, _source, _to, detail in inside if detail.get("move") in ("report", "report-beside")]
            return sum(not how or one.outcome(at, "report12") == how[0] for at in reports)
        case ["transferred", *how]:
            return sum(
                not how or how[0] == f"{track_at(one, at)}-{one.outcome(at, 'transfer-a', 'transfer-b', 'child')}"
                for at, source, to, _detail in inside
                if to == "S6" and source in WITH_WARD
            )
        case ["fined"]:
            return sum(to == "S9" and source in WITH_WARD for _at, source, to, _detail in inside)
        case ["fined-after"]:
            return sum(to == "S9" and source == "S8" for _at, source, to, _detail in inside)
        case ["guided"]:
            return sum(to == "S10" for _at, _source, to, _detail in inside)
        case ["kept", *why]:
            tracks = {"double": "E", "thin": "F", "other": "ABCD"}[why[0]] if why else "ABCDEF"
            return sum(to == "S11" and track_at(one, at) in tracks for at, _source, to, _detail in inside)
        case ["tests"]:
            return sum(to == "test" for _at, _source, to, _detail in inside)
        case ["overdue"]:
            late = [
                clock
                for clock in one.clocks
                if clock["kind"] in ("classify", "classify-a", "report12", "transfer-a", "transfer-b", "child", "inform")
            ]
            return int(
                one.is_open_at(end)
                and any(clock["due_at"] + 1 < end and (clock["settled_at"] is None or clock["settled_at"] >= end) for clock in late)
            )
        case [("result-opened" | "result-not-opened" | "result-ended") as result]:
            return sum(detail.get("result") == result.removeprefix("result-") for *_place, detail in inside)
        case ["suspended"]:
            return sum(detail.get("move") == "suspended" for *_place, detail in inside)
        case ["awaiting"]:
            return int(one.state_at(end) in WITH_OTHERS)
        case ["told-receipt" | "told-result"]:
            return sum(told_in(one, key, start, end).values())
        case [told] if told.startswith("told-"):
            name, _, outcome = told.rpartition("-")
            return told_in(one, name, start, end)[outcome]
        case ["anonymous"]:
            return int(is_new and tip["about"] == "anonymous")
        case ["secret"]:
            return int(is_new and tip["about"] == "named")
        case ["protection" | "complaints"]:
            what = "appealed_threat" if key == "protection" else "appealed_complaint"
            return sum(start <= at < end and letter == what for at, letter in one.letters)
        case ["arrived" | "arrived-entered" | "arrived-waiting"]:
            is_there = tip["arrived_at"] is not None and start <= tip["arrived_at"] < end
            return int(is_there and {"arrived": True, "arrived-entered": one.entered_at is not None}.get(key, one.entered_at is None))
        case [("due" | "due-known" | "due-unknown")]:
            return due_in(one, key, start, end)
    return 0


def track_at(one: Known, moment: int) -> str:
    track = ""
    for at, _source, _to, detail in one.states:
        if at <= moment and detail.get("move") == "give-back":
            track = ""
        elif at <= moment:
            track = detail.get("track", track)
    return track


def told_in(one: Known, name: str, start: int, end: int) -> Counter[str]:
    is_receipt = name == "told-receipt"
    times = [at for at, _source, to, detail in one.states if (detail.get("move") == "acknowledged" if is_receipt else to == "S12")]
    owed = ("receipt",) if is_receipt else ("result", "inform")
    how = [one.outcome(at, *owed) if one.tip["about"] != "anonymous" else "anonymous" for at in times if start <= at < end]
    return Counter(how)


def due_in(one: Known, key: str, start: int, end: int) -> int:
    """Each time it was with the investigating body: by the last term that ran meanwhile, or the result where that came first."""
    found, since = Counter[str](), 0
    ways: list[tuple[int | None, str]] = [*((at, to) for at, _source, to, _detail in one.states), (None, "")]
    for at, to in ways:
        if not since and to in WITH_OTHERS:
            since = at or 0
        elif since and to not in WITH_OTHERS:
            clocks = [
                clock
                for clock in one.clocks
                if clock["kind"] in ("settle", "prolonged", "extended", "resumed") and begun(one, clock, since, at)
            ]
            last = max(clocks, key=lambda clock: clock["id"], default=None)
            if at is not None and to == "S8":
                moment = int(min(at, last["due_at"])) if last else at
                found["due-known"] += start <= moment < end
            elif last and (last["settled_at"] is None or last["settled_at"] > last["due_at"]) and (at is None or at > last["due_at"]):
                found["due-unknown"] += start <= last["due_at"] < end
            since = 0
    return found["due-known"] + found["due-unknown"] if key == "due" else found[key]


def begun(one: Known, clock: dict[str, Any], since: int, until: int | None) -> bool:
    """Ids of clocks are drawn as they start."""
    starts = [at for at, _source, _to, detail in one.states if detail.get("move") in ("acknowledged", "prolonged", "extended", "resumed")]
    order = sorted(one_clock["id"] for one_clock in one.clocks if one_clock["kind"] in ("settle", "prolonged", "extended", "resumed"))
    at = starts[order.index(clock["id"])]
    return since <= at and (until is None or at < until)


# -- the promise -----------------------------------------------------------------------------------------------------------------


def sights() -> list[tuple[Sight, frozenset[str]]]:
    return [
        (Sight(ward_id=WARD, kinds=kinds, sees_stubs=True, chiefs=access.chiefs_categories()), kinds)  # type: ignore[arg-type]
        for kinds in (CHIEFS, INSPECTORS)
    ]


def some_terms(chance: random.Random, first: date, last: date) -> list[Term]:
    days = (last - first).days
    drawn = [sorted(first + timedelta(days=chance.randint(-3, days + 9)) for _ in range(2)) for _ in range(4)]
    free = [Term("free", earlier, later) for earlier, later in drawn]
    presets = [terms.term_on(kind, first + timedelta(days=chance.randint(0, days)), starts=chance.choice((1, 15))) for kind in terms.KINDS]
    return [*free, *presets]


def compare(session: Session, chance: random.Random, now: int) -> dict[str, int]:
    known = all_known(session)
    ever = Counter[str]()
    for sight, kinds in sights():
        readable = [one for one in known if access.kind_of_row(one.tip["restricted"], one.tip["category"]) in kinds]
        terms = some_terms(chance, moments.local(START).date(), moments.local(now).date())
        for term, counted in zip(terms, figures.count(session, sight, terms, now=now), strict=True):
            start = moments.start_of_day(term.first)
            end = max(start, min(moments.start_of_day(term.last + timedelta(days=1)), now + 1))
            if start > now:
                continue
            for key, row in figure_rows.all_rows().items():
                if key.startswith("took-"):
                    continue
                expected = sum(slow(key, one, start, end) for one in readable)
                assert counted.many(row) == expected, (key, term, sorted(kinds))
                if chance.random() < 0.4:
                    assert all_lines(session, sight, row, term, now, chance) == expected, (key, term, sorted(kinds))
                ever[key] += expected
            assert_balanced(counted)
            for split in ("category", "hour", "weekday", "neighbourhood", "channel"):
                lines = [figure_rows.row_of(f"{split}.{value}") for value in SPLIT_VALUES[split]]
                assert sum(counted.many(row) for row in lines if row) == counted.many(figure_rows.all_rows()["new"])
    return dict(ever)


SPLIT_VALUES = {
    "category": ("TC", "MT", "TN", "TE", "KH", ""), "hour": range(24), "weekday": range(7), "neighbourhood": ("",), "channel": ("webchat",),
}  # fmt: skip


def all_lines(session: Session, sight: Sight, row: Row, term: Term, now: int, chance: random.Random) -> int:
    """Through all pages, each line once."""
    seen: list[figure_lists.ListPlace] = []
    size = chance.choice((7, 50))
    while True:
        page = figure_lists.lines(session, sight, figures.wanted(row, term, now=now), after=seen[-1] if seen else None, most=size)
        seen += [line.place for line in page]
        if len(page) < size:
            assert len(set(seen)) == len(seen)
            assert seen == sorted(seen, reverse=True)
            return len(seen)


def assert_balanced(counted: figures.Counted) -> None:
    many = {key: counted.many(row) for key, row in figure_rows.all_rows().items()}
    assert many["handled"] == many["carried"] + many["new"] + many["reopened"]
    assert many["handled"] == sum(many[key] for key in ("transferred", "fined", "guided", "kept", "tests", "paper", "remaining"))


async def test_every_figure_is_what_a_slow_count_finds_and_the_list_behind_it_is_as_long(memory: Memory, is_long: bool) -> None:
    seed = int(os.environ.get("KENG_TEST_SEED") or 20261122)
    print("KENG_TEST_SEED", seed)
    chance = random.Random(seed)
    tips, now = await some_months(memory, chance, many=1200 if is_long else 360, counts_meanwhile=True)
    ever = await memory.read(lambda session: compare(session, chance, now))
    assert {"new", "transferred", "remaining", "overdue", "due", "handled", "classified", "kept"} <= {
        key for key, many in ever.items() if many
    }

    whole = await memory.read(everything)
    assert await memory.read(lambda session: rows.differences(session, WARD)) == []

    def shred(session: Session) -> None:
        for tip_id in tips:
            shredding.shred_tip(session, tip_id, now=now, why="retention")

    await memory.write(shred)
    await caught_up(memory)
    assert await memory.read(everything) == whole

    await memory.write(lambda session: session.execute(delete(tables.FigureCursor)) and None)
    await caught_up(memory)
    assert await memory.read(everything) == whole  # Counted anew, all at once.
    assert await memory.read(lambda session: rows.differences(session, WARD)) == []


def everything(session: Session) -> tuple[Any, Any]:
    of_facts = select(tables.FigureFact.__table__).order_by(col(tables.FigureFact.tip_id), col(tables.FigureFact.nr))  # type: ignore[attr-defined]
    blocks = session.execute(select(tables.FigureBlock)).scalars()
    counts = {(row.block, row.sight, row.part): row.counts for row in blocks if row.counts}
    return [tuple(row) for row in session.execute(of_facts)], counts


async def test_a_count_that_somebody_bent_is_found(memory: Memory) -> None:
    await some_months(memory, random.Random(7), many=60, counts_meanwhile=False)

    def bend(session: Session) -> None:
        fact = session.execute(select(tables.FigureFact).limit(1)).scalar_one()
        fact.value = "other"
        session.flush()

    await memory.write(bend)
    found = await memory.read(lambda session: rows.differences(session, WARD))
    assert {what.split()[0] for _tip, what in found} == {"facts", "count"}


@pytest.mark.parametrize(("first", "behind"), [(0, 0), (5, 6), (0, 4096), (739_000, 739_365), (7, 9001), (511, 4097)])
def test_a_period_is_covered_once_by_few_blocks(first: int, behind: int) -> None:
    blocks = facts.cover(first, behind)
    days = [day for day in range(max(0, first - 20), behind + 20) if len(set(blocks) & set(facts.blocks_of_day(day))) == 1]

    assert days == list(range(first, behind))
    assert len(blocks) <= 64
