"""The journal on both engines: by tip, person, kind and time, each found by an index, and nothing of what somebody may not read. And the
stretches in which something should have happened and did not."""

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import pytest
from sqlalchemy import event, text, update
from sqlmodel import Session, col

from handlers import access, gaps, journal, texts
from handlers import house as house_acts
from handlers.acts import Act, note
from handlers.gaps import Gap
from handlers.officers import Mistake
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import journal as rows
from storage.queries import steps as step_rows
from storage.queries.journal import Place, Wanted
from storage.queries.sight import Sight
from tests.steps import go
from tests.storage.test_exchange import CHIEF, HERE, NOW, WARD, memory
from tests.storage.test_steps import DUTY, arrived, person

__all__ = ["memory"]
DAY, HOUR, MINUTE = moments.DAY, moments.HOUR, moments.MINUTE


def chiefs(session: Session) -> Sight:
    return access.sight_now(session, WARD, CHIEF)


def inspectors(session: Session) -> Sight:
    return access.sight_of(WARD, "inspector", 99)


def told(session: Session, sight: Sight, wanted: Wanted, *, most: int = 50) -> list[tuple[str, int | None]]:
    """Page after page."""
    found, before = [], None
    while True:
        page, before = rows.rows(session, sight, wanted, but=journal.left_out(sight), before=before, most=most)
        found += [(row.what, row.tip_id) for row in page]
        if before is None:
            return found


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_whatever_can_be_asked_for_has_words(language: str) -> None:
    wanted = {f"journal-kind-{group}" for group in journal.GROUPS} | {f"gap-why-{why}" for why in gaps.WHYS}
    wanted |= {f"gap-{kind}{end}" for kind in get_args(gaps.Kind) for end in ("", "-help")}
    whats = {what.replace("_", "-") for several in journal.GROUPS.values() for what in several}
    keys = texts.keys(language)
    assert wanted - keys == set() and gaps.KINDS and set(gaps.KINDS) == set(get_args(gaps.Kind))
    assert {what for what in whats if not {f"history-{what}", f"step-{what}"} & keys} == set()


async def test_the_journal_is_read_by_tip_person_kind_and_time_and_only_what_one_may_read(memory: Memory) -> None:
    def live(session: Session) -> None:
        person(session)
        for tip_id, at in ((100, NOW), (101, NOW + HOUR), (102, NOW + DAY), (103, NOW + 2 * DAY)):
            arrived(session, tip_id, at=at)
        go(session, HERE, DUTY, 100, "enter", now=NOW + 2 * HOUR)
        session.execute(update(tables.Tip).where(col(tables.Tip.id) == 101).values(restricted="chief"))
        session.execute(update(tables.Tip).where(col(tables.Tip.id) == 102).values(restricted="fence"))
        for nth in range(450):  # More than one look, and nothing that anybody is shown.
            note(session, Act(ward_id=WARD, officer_id=DUTY, history_id=new_id(), now=NOW + 3 * HOUR + nth), "viewed", tip_id=102)
        note(session, Act(ward_id=WARD, officer_id=CHIEF, history_id=new_id(), now=NOW + 4 * HOUR), "letter_read", tip_id=100)
        note(session, Act(ward_id=WARD, officer_id=CHIEF, history_id=new_id(), now=NOW + 5 * HOUR), "period_changed")

    await memory.write(live)

    def read(session: Session) -> None:
        chief, inspector = chiefs(session), inspectors(session)
        everything = told(session, chief, Wanted(), most=3)
        assert everything == told(session, chief, Wanted())
        assert everything[:4] == [("arrived", 103), ("period_changed", None), ("letter_read", 100), ("moved", 100)]
        assert everything[-2:] == [("arrived", 101), ("arrived", 100)] and 102 not in {tip_id for _what, tip_id in everything}
        seen = told(session, inspector, Wanted())
        assert seen == [one for one in everything if one != ("letter_read", 100) and one[1] != 101]
        assert told(session, inspector, Wanted(whats=journal.asked_for("talk", inspector))) == []
        assert told(session, chief, Wanted(whats=journal.asked_for("talk", chief))) == [("letter_read", 100)]
        assert told(session, chief, Wanted(actor=f"officer:{CHIEF}")) == [("period_changed", None), ("letter_read", 100)]
        assert told(session, chief, Wanted(actor=f"officer:{DUTY}", whats=frozenset({"moved", "viewed"}))) == [("moved", 100)]
        assert told(session, chief, Wanted(tips=(100,), whats=frozenset({"arrived"}))) == [("arrived", 100)]
        assert told(session, inspector, Wanted(tips=(101,))) == [] == told(session, chief, Wanted(tips=(102,)))
        assert told(session, chief, Wanted(since=NOW + HOUR, until=NOW + 2 * HOUR)) == [("arrived", 101)]
        year = moments.local(NOW).year
        assert rows.tips_by_number(session, chief, 1, year) == (100,) and rows.tips_by_number(session, chief, 2, year) == ()

    await memory.read(read)


async def test_each_way_to_ask_has_an_index_of_its_own_and_nobody_else_is_led_astray_by_it(memory: Memory) -> None:
    """Else a journal of millions of rows would be read through for one page; or all that ever moved for the steps of one tip."""
    asked: list[tuple[str, Any]] = []

    def look(session: Session) -> dict[str, str]:
        bind = session.get_bind()
        if bind.dialect.name != "sqlite":
            return {}
        event.listen(bind, "before_cursor_execute", lambda _one, _two, statement, values, *_more: asked.append((statement, values)))
        sight, told = chiefs(session), {}
        ways = {
            "when": Wanted(),
            "actor": Wanted(actor="officer:1"),
            "what": Wanted(whats=frozenset({"viewed"})),
            "tip_id": Wanted(tips=(1,)),
        }

        def ask(way: Wanted) -> None:
            rows.rows(session, sight, way, but=(), before=Place(9, 9), most=5)

        questions: dict[str, Callable[[], Any]] = {name: partial(ask, way) for name, way in ways.items()}
        questions["tip_id of steps"] = partial(step_rows.steps_of, session, WARD, 100)
        for name, question in questions.items():
            asked.clear()
            question()
            [(statement, values)] = [one for one in asked if "FROM history" in one[0]]
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            told[name] = " ".join(str(row[3]) for row in plan)
        return told

    plans = await memory.read(look)
    assert all(f"ix_history_{name.split()[0]}" in plan for name, plan in plans.items()), str(plans)
    assert not any("TEMP B-TREE" in plans[name] for name in ("when", "actor", "what") if plans), plans


def keys(found: list[Gap]) -> list[str]:
    return [gap.key for gap in found]


async def test_where_nothing_happened_that_should_have_stands_a_gap_until_the_chief_says_why(memory: Memory) -> None:
    now = moments.start_of_day(moments.local(NOW).date()) + 7 * DAY + 12 * HOUR

    def live(session: Session) -> None:
        person(session)
        for tip_id, at in ((100, now - 2 * HOUR), (101, now - 3 * HOUR), (102, now - 4 * HOUR), (103, now - 26 * HOUR)):
            arrived(session, tip_id, at=at)
        session.execute(update(tables.Tip).where(col(tables.Tip.id) == 102).values(restricted="fence"))
        act = {"ward_id": WARD, "officer_id": DUTY}
        note(session, Act(**act, history_id=new_id(), now=now - 2 * HOUR + 59 * MINUTE), "viewed", tip_id=100)
        note(session, Act(**act, history_id=new_id(), now=now - HOUR), "viewed", tip_id=101)
        for row_id, kind, settled in ((70, "enter", now - HOUR), (71, "ask-receipt", None)):  # The second is a mere reminder.
            clock: dict[str, Any] = {"tip_id": 100, "kind": kind, "amount": 15, "starts_at": now - 2 * HOUR, "due_at": now - 105 * MINUTE}
            session.add(tables.Deadline(id=row_id, ward_id=WARD, settled_at=settled, **clock))
            note(session, Act(**act, history_id=new_id(), now=now - 105 * MINUTE), "clock_over", tip_id=100, clock=row_id, kind=kind)
        for row_id, starts, ends, taken in ((80, 30, 20, 30), (81, 10, 2, None), (82, 2, -6, 3)):
            begins, ends_at = now - starts * HOUR, now - ends * HOUR
            times: dict[str, Any] = {"starts_at": begins, "ends_at": ends_at, "taken_at": now - taken * HOUR if taken else None}
            session.add(tables.Shift(id=row_id, ward_id=WARD, duty_id=DUTY, taken_by=DUTY if taken else None, **times))
        calls = ((90, 100, HOUR, "failed"), (91, 100, HOUR, "unreachable"), (92, 101, HOUR, "failed"), (93, 101, HOUR, "sent"))
        for row_id, tip_id, ago, outcome in (*calls, (94, 102, HOUR, "failed")):
            session.add(tables.Alarm(id=row_id, ward_id=WARD, tip_id=tip_id, why="tip", way="chat", at=now - ago, outcome=outcome))
        for row_id, answered in ((60, None), (61, now - 3 * DAY)):
            when: dict[str, Any] = {"asked_at": now - 5 * DAY, "due_at": now - 2 * DAY, "answered_at": answered}
            session.add(tables.Appeal(id=row_id, ward_id=WARD, kind="data", about="know", data_key=b"k", **when))
        for minutes in (900, 899, 890):  # Away for nine minutes.
            house_acts.note_alive(session, WARD, history_id=new_id(), now=now - minutes * MINUTE)

    await memory.write(live)
    since = moments.start_of_day(moments.local(now).date()) - 6 * DAY

    def look(session: Session) -> list[Gap]:
        return gaps.gaps(session, chiefs(session), since=since, until=now, now=now)

    found = await memory.read(look)
    yesterday = moments.local(now - 26 * HOUR).date().isoformat()
    away = next(gap for gap in found if gap.kind == "house")
    expected = {"clock:70", "unread:101", "unread:103", f"roster:{now - 20 * HOUR}", "untaken:81", "call:90", "data:60", f"day:{yesterday}"}
    assert {*keys(found)} == expected | {away.key} and len(found) == 9
    assert (away.found.began_at, away.found.ended_at) == (now - 899 * MINUTE, now - 890 * MINUTE)
    lasts = {gap.key: gap.found.ended_at for gap in found}
    assert (lasts["clock:70"], lasts["unread:101"], lasts["unread:103"]) == (now - HOUR, now - HOUR, None)
    assert lasts[f"roster:{now - 20 * HOUR}"] == now - 10 * HOUR

    def explain(session: Session, key: str, *, by: int = CHIEF, why: str = "busy", words: str = "") -> None:
        act = Act(ward_id=WARD, officer_id=by, history_id=new_id(), now=now)
        gaps.explain(session, act, key, since=since, until=now, why=why, words=words)

    for key, mistake, given in (
        ("clock:71", "gap-none", {}),
        ("clock:70", "gap-needs-why", {"why": "lười"}),
        ("clock:70", "gap-long", {"words": "a" * 1001}),
        ("clock:70", "desk-not-yours", {"by": DUTY}),
    ):
        with pytest.raises(Mistake, match=mistake):
            await memory.write(lambda session, key=key, given=given: explain(session, key, **given))  # type: ignore[misc]
    await memory.write(lambda session: explain(session, "clock:70", words="Đang ở đám cháy phố Chợ"))
    await memory.write(lambda session: explain(session, "untaken:81", why="absent", words="Ghi ở đây thì không có khóa nào giữ"))
    said = {gap.key: [(one.why, one.words) for one in gap.explained] for gap in await memory.read(look) if gap.explained}
    assert said == {"clock:70": [("busy", "Đang ở đám cháy phố Chợ")], "untaken:81": [("absent", "")]}

    def stored(session: Session) -> list[tuple[str, bytes | None]]:
        return [(str(row[0]), row[1]) for row in session.execute(text("SELECT detail, secret FROM history WHERE what = 'gap_explained'"))]

    assert all("cháy" not in detail and "cháy".encode() not in bytes(secret or b"") for detail, secret in await memory.read(stored))
