"""How long the page of figures and the lists behind it take, with 10 thousand, 100 thousand and 1 million tips behind them.

    python -m tests.bench.figures [10000 100000 1000000]

Asked of the real memory on SQLite; the template and HTTP are apart, for they are the same with any number. The tips lie in three years;
their facts are told by the house's own rules from 400 stories, each used again on other days. Prints milliseconds, one asked after the
other: half of the answers and 95 of 100 by the clock on the wall, then the same by the processor's, which a busy machine disturbs less.
"""

import asyncio
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlmodel import Session

from handlers import access, figures
from handlers.figures import Term
from storage import facts, moments, tables
from storage.facts import Fact
from storage.memory import Memory
from storage.queries import figures as rows
from storage.queries.sight import Sight
from storage.quick import as_json
from storage.replay import Happening
from tests.databases import known_vault, sqlite_database

DAYS, STORIES, ASKED = 3 * 365, 400, 20
CATEGORIES = ("LD", "MT", "CB", "TC", "TD", "TT", "BL", "TE", "MR", "MD", "DX", "CN", "MN", "CT", "KH", "TN")
_HOUR, _DAY = moments.HOUR, moments.DAY


def story(chance: random.Random) -> list[Happening]:
    """One tip from its arrival on, at moment nought: at midnight of a day in Hà Nội."""
    at, told, clock = int(chance.uniform(0, _DAY)), list[Happening](), 0

    def tell(what: str, **detail: object) -> None:
        told.append(Happening(at, "officer:1", what, detail))

    def start(kind: str, length: int) -> int:
        nonlocal clock
        clock += 1
        tell("clock_started", clock=clock, kind=kind, amount=1, starts=at, due=at + length)
        return clock

    tell("draft_opened", category=chance.choice(CATEGORIES))
    tell("placed", mark="", cell="", neighbourhood=chance.randint(900, 917))
    tell("arrived", tail="ABCD", code="")
    at += int(chance.expovariate(1 / (0.3 * _HOUR)))
    tell(
        "moved",
        move="enter",
        to="S2",
        kind=chance.choice(("denunciation", "report", "feedback")),
        book="crime",
        number=1,
        year=2026,
        entry=1,
    )
    at += int(chance.expovariate(1 / (5 * _HOUR)))
    track = chance.choice("AABBBBCCDDEF")
    tell("moved", move="classify", to="S3", track=track)
    if track in "AB":
        reports, transfers = start("report12", 12 * _HOUR), start(f"transfer-{track.lower()}", _DAY if track == "A" else 7 * _DAY)
        at += int(chance.expovariate(1 / (6 * _HOUR)))
        tell("moved", move="report", to="S4")
        tell("clock_met" if chance.random() < 0.8 else "clock_late", clock=reports)
        at += int(chance.expovariate(1 / (60 * _HOUR)))
        tell("moved", move="transfer", to="S6")
        tell("clock_met" if chance.random() < 0.9 else "clock_late", clock=transfers)
        at += 2 * _DAY
        tell("moved", move="acknowledged", to="S7")
        start("settle", 20 * _DAY)
        if chance.random() < 0.9:
            at += int(chance.uniform(3, 30)) * _DAY
            tell("moved", move="settled", to="S8", result=chance.choice(("opened", "not-opened")))
    elif chance.random() < 0.98:
        at += int(chance.expovariate(1 / (40 * _HOUR)))
        tell("moved", move="fine", to={"C": "S9", "D": "S10"}.get(track, "S11"))
        if track in "CD":
            at += _DAY
            tell("closed", to="S12")
    return told


def moved(some: tuple[Fact, ...], by: int) -> Iterator[Fact]:
    return (fact._replace(at=fact.at + by, until=None if fact.until is None else fact.until + by) for fact in some)


def fill(path: Path, ward_id: int, many: int, now: int) -> None:
    chance = random.Random(1)
    stories = [facts.told_of(story(chance), channel="webchat", chiefs=access.chiefs_categories()) for _ in range(STORIES)]
    categories = [next(fact.value for fact in told.facts if fact.what == "entered-category") for told in stories]
    midnight = moments.start_of_day(moments.local(now).date())  # What is told of day nought begins at 7 in the morning there.
    blocks: dict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
    database = sqlite3.connect(path)
    database.executescript("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-200000;")
    for number in range(18):  # Tổ dân phố.
        database.execute(
            "INSERT INTO neighbourhoods (id, ward_id, position, name) VALUES (?, ?, ?, ?)",
            (900 + number, ward_id, number, f"Tổ {number + 1}"),
        )
    tips, found = list[tuple[object, ...]](), list[tuple[object, ...]]()
    of_day: dict[tuple[int, int], int] = defaultdict(int)
    for number in range(many):
        which, ago = number % STORIES, DAYS - number * DAYS // many
        by, tip_id = midnight - ago * _DAY, 10_000 + number
        of_day[which, ago] += 1
        tips.append((tip_id, ward_id, categories[which], by, by, "S12"))
        for nr, fact in enumerate(moved(stories[which].facts, by)):
            found.append((tip_id, nr, ward_id, stories[which].sight, fact.what, fact.value, fact.at, fact.until, fact.is_long, fact.took))
        if len(tips) == 20_000 or number == many - 1:
            _keep(database, tips, found)
            tips.clear()
            found.clear()
    for (which, ago), times in of_day.items():
        for mark, of_mark in facts.marks_of(moved(stories[which].facts, midnight - ago * _DAY)).items():
            for block in facts.blocks_of_day(mark.day):
                blocks[block, stories[which].sight, mark.part][mark.key] += of_mark * times
    kept = [(ward_id, *place, as_json(counts)) for place, counts in blocks.items()]
    database.executemany("INSERT INTO figure_blocks (ward_id, block, sight, part, counts) VALUES (?, ?, ?, ?, ?)", kept)
    database.execute("DELETE FROM figure_cursors")
    database.execute("INSERT INTO figure_cursors (ward_id, seq, rules) VALUES (?, 1000000000, ?)", (ward_id, figures.rules()))
    database.commit()
    database.close()


def _keep(database: sqlite3.Connection, tips: list[tuple[object, ...]], found: list[tuple[object, ...]]) -> None:
    database.executemany(
        "INSERT INTO tips (id, ward_id, channel, category, created_at, arrived_at, state, cell, about, code_tail, danger, is_unfinished,"
        " safe, held_why, track, kind, book, restricted, paper_number, known_how, index_due, reseal_due, closed_at)"
        " VALUES (?1, ?2, 'webchat', ?3, ?4, ?5, ?6, '', 'anonymous', 'ABCD', '', 0, '', '', '', '', '', '', '', '', 0, 0, ?5)",
        tips,
    )
    database.executemany(
        "INSERT INTO figure_facts (tip_id, nr, ward_id, sight, what, value, at, until_at, is_long, took)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        found,
    )
    database.commit()


async def measure(many: int) -> dict[str, list[tuple[float, float]]]:
    now = moments.now()
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(sqlite_database(Path(folder)).url, known_vault())
        await memory.start()
        await memory.write(lambda session: session.add(tables.Ward(id=1, name="", created_at=0)))
        began = time.perf_counter()
        await asyncio.to_thread(fill, Path(folder) / "keng.db", 1, many, now)
        print(f"{many:>9} tips laid in {time.perf_counter() - began:.0f} s", flush=True)
        found = {}
        for name, ask in asked(now).items():
            found[name] = [await memory.read(lambda session, ask=ask: _once(session, ask)) for _ in range(ASKED)]  # type: ignore[misc]
        await memory.stop()
        return found


def asked(now: int) -> dict[str, Callable[[Session], object]]:
    """What the page and the lists ask of the memory, and what is made of it for the template."""
    sight = Sight(ward_id=1, kinds=frozenset({"", "chief"}), sees_stubs=True, chiefs=access.chiefs_categories())
    today = moments.local(now).date()
    terms = {kind: figures.before(figures.term_on(kind, today, starts=1), starts=1) for kind in figures.KINDS}
    terms["free"] = figures.term("year", today.year - 1, 1, starts=15)

    def page(one: Term) -> Callable[[Session], object]:
        given = {"now": now, "language": "vi", "is_outside": False, "names": lambda split, value: value}
        return lambda session: figures.read(session, sight, one, starts=15 if one is terms["free"] else 1, **given)  # type: ignore[arg-type]

    def behind(key: str) -> Callable[[Session], object]:
        row = figures.row_of(key)
        assert row is not None
        return lambda session: rows.lines(session, sight, figures.wanted(row, terms["year"], now=now), after=None, most=51)

    lists = ("new", "handled", "carried", "remaining", "transferred-B-late", "category.LD", "hour.7")
    return {f"page {kind}": page(one) for kind, one in terms.items()} | {f"list {key}": behind(key) for key in lists}


def _once(session: Session, ask: Callable[[Session], object]) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.thread_time()
    ask(session)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000


def main() -> None:
    for many in [int(one) for one in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        for name, times in asyncio.run(measure(many)).items():
            told = [f"{statistics.median(some):7.1f} {sorted(some)[int(len(some) * 0.95)]:7.1f}" for some in zip(*times[3:], strict=True)]
            print(f"{many:>9}  {name:<24} {'  '.join(told)}", flush=True)


if __name__ == "__main__":
    main()
