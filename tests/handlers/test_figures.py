"""Periods of report, and how numbers are said and hidden."""

from datetime import date, timedelta

from handlers import figure_rows
from handlers.figure_rows import row_of
from handlers.figure_sheet import change, length, number, percent, veiled
from handlers.terms import KINDS, Term, before, term, term_on, year_ago


def days(one: Term) -> tuple[date, date]:
    return one.first, one.last


def test_every_day_lies_in_one_period_of_each_kind_and_none_between_two() -> None:
    for starts in (1, 15, 28):
        for kind in KINDS:
            one, last = term(kind, 2026, 1, starts=starts), None
            while one.year < 2029:
                assert last is None or one.first == last + timedelta(days=1)
                assert {term_on(kind, day, starts=starts) for day in (one.first, one.last)} == {one}
                last, following = one.last, term_on(kind, one.last + timedelta(days=1), starts=starts)
                assert before(following, starts=starts) == one
                one = following


def test_months_that_close_on_the_14th() -> None:
    assert days(term("month", 2026, 3, starts=15)) == (date(2026, 2, 15), date(2026, 3, 14))
    assert days(term("year", 2026, 1, starts=15)) == (date(2025, 12, 15), date(2026, 12, 14))
    assert days(term("quarter", 2026, 1, starts=15)) == (date(2025, 12, 15), date(2026, 3, 14))
    assert days(year_ago(term("half", 2026, 2, starts=1), starts=1)) == (date(2025, 7, 1), date(2025, 12, 31))
    assert days(year_ago(Term("free", date(2028, 2, 29), date(2028, 3, 1)), starts=1)) == (date(2027, 2, 28), date(2027, 3, 1))
    assert days(before(Term("free", date(2026, 3, 3), date(2026, 3, 9)), starts=1)) == (date(2026, 2, 24), date(2026, 3, 2))


def test_numbers_are_said_as_people_read_them() -> None:
    assert (number(1_234_567, "vi"), number(1234, "en")) == ("1.234.567", "1,234")
    assert [percent(share, "vi") for share in (0.925, 0.9999, 1, 0)] == ["92,5\u00a0%", "99,9\u00a0%", "100\u00a0%", "0\u00a0%"]
    assert [change(12, 15, "vi"), change(15, 12, "vi"), change(5, 5, "vi"), change(5, 0, "vi")] == [
        "ít hơn 3, giảm 20\u00a0%",
        "nhiều hơn 3, tăng 25\u00a0%",
        "bằng nhau",
        "nhiều hơn 5",
    ]
    assert [length(minutes, "vi") for minutes in (12, 130, 180, 5760)] == ["12 phút", "2 giờ 10 phút", "3 giờ", "4 ngày"]


def test_what_is_hidden_cannot_be_reckoned_from_the_sum() -> None:
    assert veiled({"a": 0, "b": 12, "c": 30}) == frozenset()
    assert veiled({"a": 3, "b": 12, "c": 30}) == {"a", "b"}
    assert veiled({"a": 3, "b": 1, "c": 30}) == {"a", "b"}
    assert veiled({"a": 4}) == {"a"}


def test_every_line_of_the_tables_has_a_list() -> None:
    assert {row_of(key) is None for key in ("new", "category.LD", "category.", "weekday.6", "hour.23", "neighbourhood.917")} == {False}
    assert {row_of(key) for key in ("", "x", "weekday.7", "hour.24", "hour.-1", "about.named", "category")} == {None}
    assert figure_rows.all_rows().keys() >= {"carried", "new", "handled", "remaining", "overdue", "due", "took-enter"}
