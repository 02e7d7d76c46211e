"""Searching 10 thousand, 100 thousand and a million tips, on SQLite and on PostgreSQL.

    ./keng bench search [--sizes 10000,100000] [--postgres URL]

Tips are made of 20 to 60 words from a vocabulary of 30,000 with a long tail; every fifth names a phone. Words are sealed, tokens,
rows and queries are the real ones, through the real bridge; only the filling takes short cuts. Measured is what the desk asks for:
candidates found, opened, checked, and the lines of the page drawn from them; and the count.
"""

import argparse
import asyncio
import itertools
import multiprocessing
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy.engine import make_url
from sqlmodel import Session

from storage.keyed import Keyed
from storage.memory import Memory
from storage.queries import finding, search
from storage.queries.rings import tip_key_place
from storage.queries.tips import words_place
from storage.search import Query, SearchKey
from storage.vault import Ring, Vault
from storage.ward_keys import WardKeys
from tests import environment
from tests.databases import MASTER, PostgresServer, sqlite_database
from tests.sights import all_of

WARD = 1
BATCH = 2_000
VOCABULARY = 30_000
FIRST_ID = 1 << 58
BETWEEN_TIPS = 95_000 << 22  # A million tips in three years: ids are as far apart as those of `storage.ids`.
GOAL_MS = 50.0
PAGE = 50
_KEY_BYTES = b"a key for the bench only, noward"
KEY = SearchKey(_KEY_BYTES)
VAULT = Vault(lambda: (MASTER,))
VAULT.wards[WARD] = WardKeys(look_up=Keyed(bytes(32)), search=Ring((_KEY_BYTES,)), chain=Keyed(bytes(32)))


@dataclass(frozen=True, slots=True)
class Row:
    """A tip as it is stored."""

    tip_id: int
    tokens: str
    data_key: bytes
    words: bytes


# --- The tips ---


_ONSETS = "b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_VOWELS = "a e i o u ia oa uo ie ye"
_ENDS = "c ch m n ng nh p t i u"


@lru_cache(maxsize=1)
def vocabulary() -> list[str]:
    """Folded syllables first, as they are most frequent; behind them names, slips and foreign words, made of two."""
    onsets = _ONSETS.split()
    rimes = [vowel + end for vowel in _VOWELS.split() for end in ["", *_ENDS.split()]]
    syllables = [onset + rime for onset in onsets for rime in rimes]
    draw = random.Random(1)
    draw.shuffle(syllables)
    doubles = (one + other for one, other in itertools.product(syllables[:200], syllables[200:500]))
    words = list(dict.fromkeys([*syllables, *doubles]))
    return words[:VOCABULARY]


@lru_cache(maxsize=1)
def shares() -> list[float]:
    """The most frequent word is every eightieth one, as in Vietnamese; the others follow Zipf with Mandelbrot's correction."""
    weights = [1 / (rank + 10) for rank in range(1, VOCABULARY + 1)]
    return list(itertools.accumulate(weight / sum(weights) for weight in weights))


def words_of(number: int) -> tuple[list[str], str]:
    """The words of a tip and its phone: always the same for the same number."""
    draw = random.Random(number)
    words = draw.choices(vocabulary(), cum_weights=shares(), k=draw.randint(20, 60))
    return words, f"+849{draw.randrange(50_000):08}" if number % 5 == 0 else ""


@lru_cache(maxsize=VOCABULARY)
def _sealed_word(word: str) -> str:
    return KEY.seal_tokens([f"w:{word}"])[0]


def tokens_of(number: int) -> str:
    words, phone = words_of(number)
    others = [f"w:{one} {other}" for one, other in itertools.pairwise(words)]
    if phone:
        others += [f"p:{phone}", f"n:0{phone[3:]}"]
    return " ".join(sorted({*map(_sealed_word, words), *KEY.seal_tokens(others)}))


def tip_id_of(number: int) -> int:
    return FIRST_ID + number * BETWEEN_TIPS


def batch_of(start: int) -> list[Row]:
    return [_row(number) for number in range(start, start + BATCH)]


def _row(number: int) -> Row:
    tip_id, ring = tip_id_of(number), Ring.fresh()
    words, phone = words_of(number)
    sealed = ring.seal_text(" ".join([*words, phone]).strip(), words_place(tip_id))
    return Row(tip_id, tokens_of(number), VAULT.wrap(ring, tip_key_place(tip_id)), sealed)


# --- The questions ---


def questions(size: int, *, each: int) -> dict[str, list[str]]:
    """By kind, as an officer would type them."""
    draw = random.Random(size)
    some = [words_of(draw.randrange(size)) for _ in range(each)]
    starts = [draw.randrange(len(words) - 2) for words, _ in some]
    with_phone = [words_of(draw.randrange(0, size, 5))[1] for _ in range(each)]
    return {
        "common word": draw.choices(_words_in(0.25, 0.40), k=each),
        "middling word": draw.choices(_words_in(0.005, 0.02), k=each),
        "rare word": draw.choices(vocabulary()[-1_000:], k=each),
        "phrase of 3": [f'"{" ".join(words[start : start + 3])}"' for (words, _), start in zip(some, starts, strict=True)],
        "phone": [f"0{phone[3:6]} {phone[6:9]} {phone[9:]}" for phone in with_phone],
    }


def hard_questions(*, each: int) -> dict[str, list[str]]:
    """Outside the mix: where an index has most to do for least."""
    draw = random.Random(5)
    common, less = _words_in(0.25, 0.40), _words_in(0.05, 0.15)
    return {
        "word in 5-15 %": draw.choices(less, k=each),
        "two common words": [" ".join(draw.sample(common, 2)) for _ in range(each)],
        "pair of common words": [f'"{" ".join(draw.sample(common, 2))}"' for _ in range(each)],
        "four words, common to middling": [" ".join(draw.sample(less, 2) + draw.sample(_words_in(0.01, 0.03), 2)) for _ in range(each)],
    }


def _words_in(low: float, high: float) -> list[str]:
    """Words that stand in such a share of all tips."""
    own = [after - before for before, after in itertools.pairwise([0.0, *shares()])]
    return [word for word, share in zip(vocabulary(), own, strict=True) if low <= 1 - (1 - share) ** 40 <= high]


# --- The engines ---


class Engine(Protocol):
    name: str
    url: str

    def add(self, rows: list[Row]) -> None: ...

    def prepare_fill(self) -> None: ...

    def end_fill(self) -> None: ...

    def size_mb(self) -> float: ...


_TIP: dict[str, object] = {
    **{"ward_id": WARD, "channel": "webchat", "state": "S1", "category": "", "cell": "", "about": "anonymous", "code_tail": ""},
    **{"created_at": 0, "arrived_at": 0, "index_due": False, "reseal_due": False},
}
_PIECE: dict[str, object] = {"ward_id": WARD, "source_hash": "", "said_at": 0, "is_addition": False}
_FIRST_ROWS = (f"INSERT INTO wards (id, name, duty_phone, created_at) VALUES ({WARD}, '', '', 0)",)


def tables_of(rows: list[Row]) -> Iterator[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
    """(table, columns, values) for a batch; a piece bears the id of its tip."""
    yield "tips", ("id", "data_key", *_TIP), [(row.tip_id, row.data_key, *_TIP.values()) for row in rows]
    yield "pieces", ("id", "tip_id", "words", *_PIECE), [(row.tip_id, row.tip_id, row.words, *_PIECE.values()) for row in rows]
    columns = ("tip_id", "ward_id", "indexed_at", "key_id", "tokens")
    yield "search_docs", columns, [(row.tip_id, WARD, 0, KEY.id, row.tokens) for row in rows]


class OnSqlite:
    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keng.db"
        self.url = sqlite_database(folder).url
        self._raw = sqlite3.connect(self._path, isolation_level=None)
        for sentence in ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000", *_FIRST_ROWS):
            self._raw.execute(sentence)

    def prepare_fill(self) -> None:
        self._raw.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 67108864)")

    def add(self, rows: list[Row]) -> None:
        self._raw.execute("BEGIN")
        for table, columns, values in tables_of(rows):
            self._raw.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", values)
        self._raw.executemany("INSERT INTO search_index (rowid, tokens) VALUES (?, ?)", [(row.tip_id, row.tokens) for row in rows])
        self._raw.execute("COMMIT")

    def end_fill(self) -> None:
        """The segments stay as they grew: no 'optimize'."""
        self._raw.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 1048576)")
        self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def size_mb(self) -> float:
        return self._path.stat().st_size / 1e6


class OnPostgres:
    name = "postgres"

    def __init__(self, url: str, admin_url: str) -> None:
        self.url = url
        # As the superuser, who may leave the foreign keys unchecked; and the index is made when all rows are there.
        self._raw = psycopg.connect(admin_url, autocommit=True)
        self._raw.execute("SET session_replication_role = replica")
        self._raw.execute("SET maintenance_work_mem = '512MB'")
        for sentence in _FIRST_ROWS:
            self._raw.execute(sentence.encode())
        found = self._raw.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_docs_tokens'").fetchone()
        assert found
        self._index = str(found[0])

    def prepare_fill(self) -> None:
        self._raw.execute("DROP INDEX ix_search_docs_tokens")

    def add(self, rows: list[Row]) -> None:
        for table, columns, values in tables_of(rows):
            self._copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN", values)

    def _copy(self, sentence: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self._raw.cursor() as cursor, cursor.copy(sentence.encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def end_fill(self) -> None:
        self._raw.execute(self._index.encode())
        self._raw.execute("VACUUM ANALYZE tips")
        self._raw.execute("VACUUM ANALYZE pieces")
        self._raw.execute("VACUUM ANALYZE search_docs")

    def size_mb(self) -> float:
        row = self._raw.execute("SELECT pg_database_size(current_database())").fetchone()
        return float(row[0]) / 1e6 if row else 0.0


@contextmanager
def engines(postgres_url: str, *, only: str) -> Iterator[list[Engine]]:
    with ExitStack() as stack:
        found: list[Engine] = []
        if only != "postgres":
            found.append(OnSqlite(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keng-bench-")))))
        if only != "sqlite":
            admin_url = postgres_url or stack.enter_context(environment.postgres())
            database = stack.enter_context(PostgresServer(admin_url).database())
            name = make_url(database.url).database
            found.append(OnPostgres(database.url, make_url(admin_url).set(database=name).render_as_string(hide_password=False)))
        yield found


def fill(found: list[Engine], *, start: int, end: int) -> dict[str, float]:
    """Both engines from the same tips, made in processes beside; seconds that each engine took for itself."""
    spent = dict.fromkeys((engine.name for engine in found), 0.0)
    with multiprocessing.Pool(2) as pool:
        for engine in found:
            engine.prepare_fill()
        for rows in pool.imap(batch_of, range(start, end, BATCH)):
            for engine in found:
                spent[engine.name] += _secs(engine.add, rows)
        for engine in found:
            spent[engine.name] += _secs(engine.end_fill)
    return spent


def _secs(work: Callable[..., None], *given: object) -> float:
    started = time.perf_counter()
    work(*given)
    return time.perf_counter() - started


# --- Measuring ---


@dataclass(frozen=True, slots=True)
class Figures:
    page_p50: float
    page_p95: float
    count_p50: float
    count_p95: float
    found: float  # The median of the count: 1001 stands for more.


async def measure(url: str, asked: dict[str, list[str]]) -> dict[str, Figures]:
    memory = Memory(url, VAULT)
    await memory.start()
    kinds: dict[str, list[tuple[float, float, int]]] = {kind: [] for kind in asked}
    for round_number, texts in enumerate(zip(*asked.values(), strict=True)):
        for kind, text in zip(asked, texts, strict=True):
            taken = await _ask(memory, text)
            if round_number >= 5:  # The first ones warm connections and caches.
                kinds[kind].append(taken)
    await memory.stop()
    return {kind: _figures(taken) for kind, taken in {**kinds, "mix": list(itertools.chain(*kinds.values()))}.items()}


async def _ask(memory: Memory, text: str) -> tuple[float, float, int]:
    query = Query.typed(text)
    assert query is not None
    started = time.perf_counter()
    page = await memory.read(lambda session: finding.find_tips(session, all_of(WARD), query, before=None, limit=PAGE))
    paged = time.perf_counter()
    many = await memory.read(lambda session: finding.count_tips(session, all_of(WARD), query))
    assert len(page.lines) == min(many, PAGE)
    return (paged - started) * 1000, (time.perf_counter() - paged) * 1000, many


def _figures(taken: list[tuple[float, float, int]]) -> Figures:
    pages, counts, found = zip(*taken, strict=True)
    return Figures(statistics.median(pages), _p95(pages), statistics.median(counts), _p95(counts), statistics.median(found))


def _p95(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]


def show(engine: str, size: int, figures: dict[str, Figures], smaller: dict[str, Figures] | None) -> None:
    for kind, now in figures.items():
        growth = f"{now.page_p95 / smaller[kind].page_p95:>6.1f}x" if smaller and kind in smaller else "      -"
        numbers = " ".join(f"{value:>8.2f}" for value in (now.page_p50, now.page_p95, now.count_p50, now.count_p95))
        print(f"{engine:9}{size:>9,} {kind:31}{numbers} {growth} {now.found:>6.0f}", flush=True)
    if "mix" in figures and "phone" in figures:
        share = figures["mix"].page_p95 / GOAL_MS
        print(f"    p95 of the first page: {share:.2f} of the goal of {GOAL_MS:.0f} ms{'' if share <= 1 else ', MISSED'}", flush=True)


async def measure_changes(engine: str, url: str, *, size: int, each: int = 50) -> None:
    """Tips whose words change, and what it then takes until the old tokens have left the file."""
    memory, draw = Memory(url, VAULT), random.Random(size)
    await memory.start()
    puts: list[float] = []
    steps: list[float] = []

    def put(session: Session, number: int) -> None:
        tokens = tokens_of(number + size).split()
        started = time.perf_counter()
        search.put(session, tip_id_of(number), ward_id=WARD, tokens=tokens, now=1)
        puts.append((time.perf_counter() - started) * 1000)

    def step(session: Session) -> bool:
        started = time.perf_counter()
        goes_on = search.tidy(session)
        steps.append((time.perf_counter() - started) * 1000)
        return goes_on

    for number in draw.sample(range(size), each):
        await memory.write(partial(put, number=number))
    started = time.perf_counter()
    while await memory.write(step, chore=True):
        pass
    secs = time.perf_counter() - started
    await memory.stop()
    print(f"{engine}: putting a tip again p50 {statistics.median(puts):.1f} ms, p95 {_p95(puts):.1f} ms", flush=True)
    if len(steps) > 1:
        each_step = f"a step p50 {statistics.median(steps):.1f} ms, p95 {_p95(steps):.1f}, longest {max(steps):.1f}"
        print(f"{engine}: until the old tokens have left the file, {len(steps)} steps in {secs:.0f} s; {each_step}", flush=True)


def main(arguments: argparse.Namespace) -> None:
    sizes = sorted({max(BATCH, int(size) // BATCH * BATCH) for size in arguments.sizes.split(",")})
    with engines(arguments.postgres, only=arguments.only) as found:
        before: dict[str, dict[str, Figures]] = {}
        for start, size in itertools.pairwise([0, *sizes]):
            spent = fill(found, start=start, end=size)
            for engine in found:
                print(
                    f"\n{engine.name}: {size - start:,} tips added in {spent[engine.name]:.0f} s; now {engine.size_mb():,.0f} MB",
                    flush=True,
                )
                print("engine       tips kind                            page p50      p95 count p50    p95   p95 grew  found", flush=True)
                figures = asyncio.run(measure(engine.url, questions(size, each=arguments.each)))
                show(engine.name, size, figures, before.get(engine.name))
                before[engine.name] = figures
                hard = asyncio.run(measure(engine.url, hard_questions(each=arguments.each // 2)))
                hard.pop("mix")
                show(engine.name, size, hard, None)
        for engine in found:  # Last of all: a sweep leaves the index tidier than a house that grows has it.
            asyncio.run(measure_changes(engine.name, engine.url, size=sizes[-1]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="First page and count over a sealed index, by size.")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--postgres", default="", help="a superuser's address; otherwise a server of our own for this run")
    parser.add_argument("--only", choices=("sqlite", "postgres"), default="")
    parser.add_argument("--each", type=int, default=205, help="questions of each kind")
    main(parser.parse_args())
