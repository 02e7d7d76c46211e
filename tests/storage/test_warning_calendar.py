"""The calendar of warnings over a year: what comes when, long holidays, marks for one year alone, and the ward's own days."""

from datetime import date, timedelta
from types import MappingProxyType

import pytest
from sqlmodel import Session

from handlers.officers import Mistake
from handlers.ward_book import DayOff, WardBook
from handlers.warnings import calendar, templates
from handlers.warnings.calendar import Occasion, OwnDay
from storage.ids import new_id
from storage.memory import Memory
from tests.storage.test_exchange import OTHER, WARD, act, memory

__all__ = ["memory"]

BOOK = WardBook()


async def coming(memory: Memory, today: date, *, book: WardBook = BOOK, ward: int = WARD) -> dict[str, Occasion]:
    return {one.key: one for one in await memory.read(lambda session: calendar.coming(session, ward, book, today=today))}


async def due(memory: Memory, today: date) -> list[str]:
    def read(session: Session) -> list[str]:
        found = [one.key for one in calendar.due(session, WARD, BOOK, today=today)]
        assert calendar.badge(session, WARD, BOOK, today=today) == len(found)
        return found

    return await memory.read(read)


async def settle(memory: Memory, key: str, year: int, how: str) -> None:
    await memory.write(lambda session: calendar.settle(session, act(), BOOK, key=key, year=year, how=how, row_id=new_id()))


async def test_every_campaign_comes_once_a_year_with_templates_that_exist(memory: Memory) -> None:
    known, seen = {one.key for one in templates.ours()}, dict[tuple[str, int], Occasion]()
    for day in range(0, 730, 5):
        for one in (await coming(memory, date(2026, 1, 1) + timedelta(days=day))).values():
            assert seen.setdefault((one.key, one.year), one) == one and one.remind_on <= one.first <= one.last
            assert one.templates and set(one.templates) <= known
    ours = {one.key for one in calendar._campaigns()}
    assert {key for key, year in seen if year == 2027} >= ours
    peak, tet = seen["tet-peak", 2025], seen["tet", 2027]
    assert (peak.first, peak.last) == (date(2025, 12, 15), date(2026, 3, 16))  # As it was.
    assert (tet.first, calendar.tet(2027)) == (date(2027, 1, 30), date(2027, 2, 6))
    holidays = {one.first: one.last for one in seen.values() if one.key.startswith("holidays-") and one.year == 2026}
    assert holidays == {
        date(2026, 4, 25): date(2026, 4, 27),
        date(2026, 4, 30): date(2026, 5, 3),
        date(2026, 8, 29): date(2026, 9, 2),
    }


async def test_a_mark_holds_for_its_year_alone(memory: Memory) -> None:
    today = date(2026, 8, 10)
    assert "security-day" in await due(memory, today) and "security-day" not in await due(memory, date(2026, 8, 4))
    await settle(memory, "security-day", 2026, "written")
    await settle(memory, "holidays-2026-08-29", 2026, "not_needed")

    assert "security-day" not in await due(memory, today) and (await coming(memory, today))["security-day"].settled == "written"
    assert "holidays-2026-08-29" not in await due(memory, date(2026, 8, 28))
    assert "security-day" in await due(memory, date(2027, 8, 10))
    assert (await coming(memory, today, ward=OTHER))["security-day"].settled == ""
    await settle(memory, "security-day", 2026, "")
    assert "security-day" in await due(memory, today)
    for key, year, how, mistake in (("nothing", 2026, "written", "gone"), ("security-day", 2026, "later", "how")):
        with pytest.raises(Mistake, match=f"campaign-{mistake}"):
            await settle(memory, key, year, how)


async def test_a_ward_has_days_of_its_own_and_moves_ours(memory: Memory) -> None:
    fair = OwnDay(
        name=" Hội  đền Nghè ", first=date(2026, 3, 26), last=date(2026, 3, 28), template="crowds", days_before=10, is_yearly=True
    )
    key = await memory.write(lambda session: calendar.keep_own(session, act(), fair, row_id=new_id()))
    peak = {"key": "tet-peak", "first": date(2026, 12, 12), "last": date(2027, 3, 1), "days_before": 3}
    await memory.write(lambda session: calendar.move_ours(session, act(), **peak, row_id=new_id()))  # type: ignore[arg-type]

    own = (await coming(memory, date(2027, 3, 20)))[key]
    assert (own.name, own.first, own.last, own.remind_on) == ("Hội đền Nghè", date(2027, 3, 26), date(2027, 3, 28), date(2027, 3, 16))
    assert own.templates == ("crowds",) and own.is_own
    assert (await coming(memory, date(2026, 12, 1)))["tet-peak"].first == date(2026, 12, 12)
    assert (await coming(memory, date(2027, 12, 1)))["tet-peak"].first == date(2027, 12, 15)
    off = WardBook(days_off=MappingProxyType({f"2026-10-{day}": DayOff(day=f"2026-10-{day}", name="Lễ hội") for day in (15, 16)}))
    assert (await coming(memory, date(2026, 10, 1), book=off))["holidays-2026-10-15"].last == date(2026, 10, 18)
    await memory.write(lambda session: calendar.drop(session, act(), key=key))
    assert key not in await coming(memory, date(2027, 3, 20))
    for wrong in (
        OwnDay(name="", first=fair.first, last=fair.last),
        OwnDay(name="Hội", first=fair.last, last=fair.first),
        OwnDay(name="Hội", first=fair.first, last=fair.last, days_before=61),
        OwnDay(name="Hội", first=fair.first, last=fair.last, template="nothing"),
    ):
        with pytest.raises(Mistake):
            await memory.write(lambda session, wrong=wrong: calendar.keep_own(session, act(), wrong, row_id=new_id()))  # type: ignore[misc]
