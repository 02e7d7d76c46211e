"""A house of many tips for a bench: rows as the house itself would have left them, made by short cuts.

The tips lie in three years, as many each day. What happened to each is a story (`stories.py`): one of two thousand, moved to its day; the
tips of the last ten weeks have one of their own, told only as far as it has come. State, clocks and books follow from the story by the
house's own rules, words and places are sealed by the house's own keys, figures and the map's counts are made by the house's own code.
Left out are: the old tips' history but for two rows each, files' contents, and conversations.
"""

import itertools
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

from handlers import access, figures
from storage import facts, moments
from storage.facts import Fact, Told
from storage.places import coarsened
from storage.queries.rings import tip_key_place
from storage.queries.tips import place_place, words_place
from storage.quick import as_json
from storage.replay import Happening, TipBelieved, replay
from storage.search import SearchKey, plain_tokens
from storage.vault import Ring, Vault
from storage.ward_keys import WardKeys
from tests.bench.stories import HOMES, OFFICERS, story

DAYS, STORIES, TEXTS, AT_ONCE = 3 * 365, 2_000, 5_000, 20_000
_OWN_STORY = 70  # Days back from now: older ones are over, or wait for ever.
_DAY = moments.DAY
_EPOCH_MS = 1_704_067_200_000  # As in `storage.ids`.
_SOUTH, _WEST, _ROWS, _COLUMNS = 10_350, 55_850, 24, 20  # Squares of the ward, which lies in the open sea.
_ONSETS = "b c ch d g gh h k kh l m n ng nh ph qu s t th tr v x"
_RIMES = "a ac ai an ang anh ao e em en i ia iem ien inh o oan oc oi ong u ua uc un uy"
_SOUNDS = [onset + rime for onset in _ONSETS.split() for rime in _RIMES.split()]
_WORDS = [f"{one}{two}" for one in _SOUNDS[:60] for two in ("", *_SOUNDS[::7])]

Rows = Sequence[tuple[object, ...]]


class Store(Protocol):
    def put(self, table: str, columns: Sequence[str], rows: Rows) -> None: ...

    def begin(self) -> None:
        """Indexes are made when all is there."""

    def end(self) -> None: ...


@dataclass(slots=True)
class SqliteStore:
    path: Path
    _raw: sqlite3.Connection = field(init=False)
    _later: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self._raw = sqlite3.connect(self.path, isolation_level=None)
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            self._raw.execute(f"PRAGMA {pragma}")
        indexes = self._raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
        self._later = [sql for _name, sql in indexes]
        for name, _sql in indexes:
            self._raw.execute(f'DROP INDEX "{name}"')
        self._raw.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 67108864)")

    def put(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        self._raw.execute("BEGIN")
        marks = ", ".join("?" * len(columns))
        self._raw.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        if table == "search_docs":
            self._raw.executemany("INSERT INTO search_index (rowid, tokens) VALUES (?, ?)", [(row[0], row[-1]) for row in rows])
        self._raw.execute("COMMIT")

    def end(self) -> None:
        for sql in self._later:
            self._raw.execute(sql)
        self._raw.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 1048576)")
        self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._raw.close()


@dataclass(slots=True)
class PostgresStore:
    """As the superuser, who may leave the foreign keys unchecked."""

    admin_url: str
    _raw: psycopg.Connection[Any] = field(init=False)
    _later: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self._raw = psycopg.connect(self.admin_url, autocommit=True)
        self._raw.execute("SET session_replication_role = replica")
        self._raw.execute("SET maintenance_work_mem = '512MB'")
        found = self._raw.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)"
        ).fetchall()
        self._later = [str(row[1]) for row in found]
        for row in found:
            self._raw.execute(f'DROP INDEX "{row[0]}"'.encode())

    def put(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        with self._raw.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def end(self) -> None:
        for sql in self._later:
            self._raw.execute(sql.encode())
        self._raw.execute("VACUUM ANALYZE")
        self._raw.close()


@dataclass(frozen=True, slots=True)
class Life:
    """A story told as far as it has come, and what follows from it."""

    told: tuple[Happening, ...]
    tip: TipBelieved
    facts: Told


def _life(told: Iterable[Happening]) -> Life:
    known = tuple(told)
    return Life(known, replay(known), facts.told_of(known, channel="webchat", chiefs=access.chiefs_categories()))


def _moved(told: Iterable[Happening], by: int) -> Iterator[Happening]:
    for one in told:
        clock: dict[str, Any] = {key: one.detail[key] + by for key in ("starts", "due") if key in one.detail}
        yield Happening(one.at + by, one.actor, one.what, {**one.detail, **clock})


def moved_facts(some: Iterable[Fact], by: int) -> Iterator[Fact]:
    return (fact._replace(at=fact.at + by, until=None if fact.until is None else fact.until + by) for fact in some)


def _with_cell(some: Iterable[Fact], cell: str) -> Iterator[Fact]:
    """Squares are drawn for each tip, not told by its story."""
    for fact in some:
        yield fact._replace(value=f"{fact.value.rpartition('/')[0]}/{cell}") if fact.what == facts.PLACED else fact


def _without_place(some: Iterable[Fact]) -> Iterator[Fact]:
    return (fact for fact in some if fact.what != facts.PLACED)


def texts(many: int = TEXTS) -> list[str]:
    """Invented words with a long tail, in sentences as long as residents write; every fifth names a phone."""
    chance, often = random.Random(2), list(itertools.accumulate(1 / (rank + 10) for rank in range(len(_WORDS))))
    drawn = [" ".join(chance.choices(_WORDS, cum_weights=often, k=chance.randint(10, 40))) for _ in range(many)]
    return [f"{text} 09{chance.randrange(10**8):08}" if number % 5 == 0 else text for number, text in enumerate(drawn)]


class Filling:
    """`fill` once for a house; the same number gives the same house, but for its keys."""

    def __init__(self, store: Store, vault: Vault, ward_id: int, keys: WardKeys, *, now: int, variety: int = STORIES) -> None:
        self._store, self._vault, self._ward_id, self._now = store, vault, ward_id, now
        self._chance = random.Random(1)
        self._stories = [_life(story(self._chance)) for _ in range(variety)]
        key = SearchKey(keys.search.current)
        self._key_id, self._texts = key.id, texts(variety * TEXTS // STORIES)
        self._tokens = [" ".join(sorted(key.seal_tokens(plain_tokens([text])))) for text in self._texts]
        self._squares = [f"f{_SOUTH + row}:{_WEST + column}" for row in range(_ROWS) for column in range(_COLUMNS)]
        self._chance.shuffle(self._squares)
        self._often = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(self._squares))))
        self._rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        self._columns: dict[str, tuple[str, ...]] = {}
        self._days: dict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
        self._shifted: Counter[tuple[int, int]] = Counter()
        self._numbers: Counter[tuple[str, int]] = Counter()
        self._seq = self._next_row = 0

    def fill(self, many: int) -> None:
        self._store.begin()
        for number, home in enumerate(HOMES):
            self._put("neighbourhoods", id=home, ward_id=self._ward_id, position=number, name=f"Tổ {number + 1}")
        for number, officer in enumerate(OFFICERS):
            named = {"login": f"can-bo-{number}", "name": f"Cán bộ {number + 1}", "role": "duty", "password_hash": "!", "created_at": 0}
            self._put("officers", id=officer, ward_id=self._ward_id, **named)
        midnight = moments.start_of_day(moments.local(self._now).date())
        for number in range(many):
            self._tip(number, midnight - (DAYS - 1 - number * DAYS // many) * _DAY)
            if number % AT_ONCE == AT_ONCE - 1:
                self._flush()
        self._figures()
        for (book, year), last in self._numbers.items():
            self._put("book_counters", ward_id=self._ward_id, book=book, year=year, last=last)
        self._flush()
        self._store.end()

    def _put(self, table: str, **values: object) -> None:
        self._columns.setdefault(table, tuple(values))
        self._rows[table].append(tuple(values.values()))

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                self._store.put(table, self._columns[table], rows)
        self._rows.clear()

    def _tip(self, number: int, midnight: int) -> None:
        which = self._chance.randrange(len(self._stories))
        is_young = self._now - midnight < _OWN_STORY * _DAY
        if is_young:
            told = [one for one in _moved(self._stories[which].told, midnight) if one.at <= self._now]
            life, by = _life(told), 0
            if life.tip.arrived_at is None:
                return
        else:
            life, by = self._stories[which], midnight
        arrived = (life.tip.arrived_at or 0) + by
        tip_id = ((arrived - _EPOCH_MS) << 22) | (number & 0x3FFFFF)
        cell = self._tip_row(tip_id, life, by)
        self._said(tip_id, number, arrived)
        self._told(tip_id, life, by, is_whole=is_young)
        self._counted(tip_id, life, by, cell=cell, which=which, is_young=is_young)

    def _tip_row(self, tip_id: int, life: Life, by: int) -> str:
        """Answers with its square: a story has none."""
        tip, chance, ring = life.tip, self._chance, Ring.fresh()

        def at(moment: int | None) -> int | None:
            return None if moment is None else moment + by

        fine = "" if chance.random() < 0.08 else chance.choices(self._squares, cum_weights=self._often)[0]
        place = {"text": f"Ngõ {number_of(fine)}", "latitude": None, "longitude": None} if fine else None
        cell = coarsened(fine, tip.category)
        year = moments.local((tip.entered_at or 0) + by).year
        number = None
        if tip.book:
            self._numbers[tip.book, year] += 1
            number = self._numbers[tip.book, year]
        self._put(
            "tips",
            **{"id": tip_id, "ward_id": self._ward_id, "channel": chance.choice(("webchat", "webchat", "telegram", "phone"))},
            data_key=self._vault.wrap(ring, tip_key_place(tip_id)),
            place=ring.seal_json(place, place_place(tip_id)) if place else None,
            **{
                "state": tip.state,
                "category": tip.category,
                "cell": cell,
                "about": tip.about,
                "code_tail": "ABCD",
            },
            **{"created_at": (tip.arrived_at or 0) + by, "arrived_at": at(tip.arrived_at), "accepted_at": at(tip.accepted_at)},
            accepted_by=int(tip.accepted_by.removeprefix("officer:")) if tip.accepted_by else None,
            **{
                "closed_at": at(tip.closed_at),
                "danger": tip.danger,
                "urgent_at": at(tip.urgent_at),
                "is_unfinished": False,
                "safe": "alone",
            },
            **{
                "neighbourhood_id": tip.neighbourhood_id,
                "held_why": "",
                "track": tip.track,
                "track_approved_at": at(tip.track_approved_at),
            },
            **{"kind": tip.kind, "book": tip.book, "book_number": number, "book_year": year if tip.book else None},
            **{"entered_at": at(tip.entered_at), "reported_at": at(tip.reported_at), "handler_id": tip.handler_id},
            **{"due_at": at(tip.due_at), "restricted": tip.restricted, "paper_number": "", "known_how": ""},
            unanswered_at=at(tip.accepted_at) if tip.closed_at is None and chance.random() < 0.05 else None,
            **{"index_due": False, "reseal_due": False},
        )
        text = chance.randrange(len(self._texts))
        words = ring.seal_text(self._texts[text], words_place(tip_id))
        said = {"source_hash": "", "said_at": (tip.arrived_at or 0) + by, "is_addition": False}
        self._put("pieces", id=tip_id, ward_id=self._ward_id, tip_id=tip_id, words=words, **said)
        self._put("search_docs", tip_id=tip_id, ward_id=self._ward_id, indexed_at=0, key_id=self._key_id, tokens=self._tokens[text])
        if number is not None:
            entry = {"book": tip.book, "year": year, "number": number, "entered_at": at(tip.entered_at), "entered_by": tip.handler_id}
            self._put("book_entries", id=tip_id, ward_id=self._ward_id, tip_id=tip_id, **entry, paper_number="", sector_number="")
        return cell

    def _said(self, tip_id: int, number: int, arrived: int) -> None:
        if number % 3 == 0:
            size = {"size": 200_000, "width": 1280, "height": 960, "original": "", "work": "", "thumb": ""}
            kept = {"status": "stored", "note": "", "mime": "image/jpeg", "copy_mime": "image/jpeg", "fingerprint": f"{number}"}
            moved = {"tries": 1, "due_at": arrived, "created_at": arrived}
            self._put("attachments", id=tip_id, ward_id=self._ward_id, tip_id=tip_id, kind="photo", **kept, **size, **moved)
        is_urgent, rung = False, {"rung": 0, "since": arrived, "next_at": None, "settled_at": arrived}
        self._put("ladders", tip_id=tip_id, ward_id=self._ward_id, is_urgent=is_urgent, **rung)

    def _told(self, tip_id: int, life: Life, by: int, *, is_whole: bool) -> None:
        shown = life.told if is_whole else [one for one in life.told if one.what in ("arrived", "closed")]
        for one in shown:
            self._seq, row_id = self._seq + 1, self._row_id(one.at + by)
            row = {"at": one.at + by, "actor": one.actor, "what": one.what, "detail": as_json(one.detail)}
            self._put("history", id=row_id, ward_id=self._ward_id, tip_id=tip_id, **row)
            self._put("history_links", history_id=row_id, ward_id=self._ward_id, seq=self._seq, mac="")
        for clock in life.tip.clocks.values():
            ends = {"due_at": clock.due_at + by, "next_at": None, "warned": 0, "outcome": clock.outcome, "calendar": 0}
            settled = None if clock.settled_at is None else clock.settled_at + by
            row_id, of = self._row_id(clock.starts_at + by), {"kind": clock.kind, "amount": 1, "starts_at": clock.starts_at + by}
            self._put("deadlines", id=row_id, ward_id=self._ward_id, tip_id=tip_id, **of, **ends, settled_at=settled)

    def _row_id(self, at: int) -> int:
        """Young rows have high numbers, as in a house that was lived in."""
        self._next_row += 1
        return ((at - _EPOCH_MS) << 22) | (self._next_row & 0x3FFFFF)

    def _counted(self, tip_id: int, life: Life, by: int, *, cell: str, which: int, is_young: bool) -> None:
        told, sight = tuple(_with_cell(life.facts.facts, cell)), life.facts.sight
        for nr, fact in enumerate(moved_facts(told, by)):
            values = {"what": fact.what, "value": fact.value, "at": fact.at, "until_at": fact.until}
            self._put(
                "figure_facts", tip_id=tip_id, nr=nr, ward_id=self._ward_id, sight=sight, **values, is_long=fact.is_long, took=fact.took
            )
        if is_young:
            self._mark(told, sight)
        else:
            self._shifted[which, by] += 1
            self._mark(moved_facts((fact for fact in told if fact.what == facts.PLACED), by), sight)

    def _mark(self, told: Iterable[Fact], sight: str) -> None:
        for mark, many in facts.marks_of(told).items():
            self._days[mark.day, sight, mark.part][mark.key] += many

    def _figures(self) -> None:
        """By day, and from days to blocks. A story that is moved by whole days leaves its marks so many days further on."""
        midnight = moments.start_of_day(moments.local(0).date())
        marks = [list(facts.marks_of(moved_facts(_without_place(life.facts.facts), midnight)).items()) for life in self._stories]
        for (which, by), times in self._shifted.items():
            sight, days = self._stories[which].facts.sight, facts.day_of(by) - facts.day_of(midnight)
            for mark, many in marks[which]:
                self._days[mark.day + days, sight, mark.part][mark.key] += many * times
        blocks: dict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
        for (day, sight, part), counts in self._days.items():
            for block in facts.blocks_of_day(day):
                blocks[block, sight, part].update(counts)
        for (block, sight, part), counts in blocks.items():
            self._put("figure_blocks", ward_id=self._ward_id, block=block, sight=sight, part=part, counts=as_json(counts))
        self._put("figure_cursors", ward_id=self._ward_id, seq=self._seq, after_tip=None, rules=figures.rules())


def number_of(cell: str) -> int:
    return sum(map(ord, cell)) % 200 + 1
