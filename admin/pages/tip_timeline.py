"""What happened to a tip, as a page tells it: newest first, by day, each line a sentence.

Newest first, because whoever opens a tip at night asks what was done last; how it began stands at the end. The same thing from the same
hand several times in a row is one line that says how often.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from admin.drawing import clock
from handlers import periods, texts
from handlers.insight import catalogue
from handlers.ward_book import WardBook
from storage import moments
from storage.queries.tips import Happened

# So many stand open; the rest is folded, unless it is but a few more.
SHOWN_FIRST, _FEW_MORE = 10, 4
_OF_PEOPLE = ("resident", "officer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    time: str  # 21:05, or 21:05–22:10 where it was several times.
    sentence: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    days: tuple[Day, ...]
    folded: tuple[Day, ...]
    count: int  # Of all lines.


Say = Callable[..., str]
CategoryName = Callable[[str], str]


def of_tip(book: WardBook, language: str, history: tuple[Happened, ...], names: Mapping[str, str]) -> Timeline:
    known = catalogue.merged(catalogue.load(), book.category_changes)

    def category_name(code: str) -> str:
        return known[code].name[language] if code in known else say("category-unknown")

    def say(key: str, **values: Any) -> str:
        return texts.say(key, language, **values)

    told = [(one.at, _sentence(one, names, say, category_name, language)) for one in reversed(history)]
    lines = [(day, line) for day, some in groupby(told, key=lambda one: moments.local(one[0]).date()) for line in _together(list(some))]
    first = len(lines) if len(lines) <= SHOWN_FIRST + _FEW_MORE else SHOWN_FIRST
    days = [
        tuple(
            Day(name=_day_name(moments.start_of_day(day), say, language), lines=tuple(line for _day, line in some))
            for day, some in groupby(part, key=lambda one: one[0])
        )
        for part in (lines[:first], lines[first:])
    ]
    return Timeline(days=days[0], folded=days[1], count=len(lines))


def told(book: WardBook, language: str, one: Happened, names: Mapping[str, str]) -> str:
    """One line of it, by itself."""
    known = catalogue.merged(catalogue.load(), book.category_changes)
    unknown = texts.say("category-unknown", language)
    sentence = _sentence(
        one,
        names,
        lambda key, **values: texts.say(key, language, **values),
        lambda code: known[code].name[language] if code in known else unknown,
        language,
    )
    return f"{sentence} ({clock(one.at)})"


def _together(day: list[tuple[int, str]]) -> list[Line]:
    lines = []
    for sentence, some in groupby(day, key=lambda one: one[1]):
        times = [moments.clock_face(at) for at, _sentence in some]
        time = times[0] if times[0] == times[-1] else f"{times[-1]}–{times[0]}"
        lines.append(Line(time=time, sentence=sentence, times=len(times)))
    return lines


def _day_name(moment: int, say: Say, language: str) -> str:
    today = moments.local(moments.now()).date()
    when = moments.local(moment).date()
    if when == today:
        return say("timeline-today")
    if (today - when).days == 1:
        return say("timeline-yesterday")
    name = moments.day_name(moment, language)
    name = name[:1].upper() + name[1:]
    return name if when.year == today.year else f"{name}/{when.year}"


def _sentence(one: Happened, names: Mapping[str, str], say: Say, category_name: CategoryName, language: str) -> str:
    """A sentence of its own where one is written (`line-…`), else who and what, as the history names it."""
    kind = one.actor.partition(":")[0].replace(" ", "-")
    is_machines = one.what == "danger_heard" or one.what.startswith("clock_") or kind not in _OF_PEOPLE
    who = names.get(one.actor) or _large(say(f"actor-{kind}"))
    named = one.what.replace("_", "-")
    key = f"line-{named}"
    if key in _own_sentences(language) and not is_machines:
        return say(key, who=who, **_values(one, names, say)) + _after(one, category_name)
    what = _what(one, named, say) + _after(one, category_name)
    if is_machines or what.casefold().startswith(who.casefold()):
        return _large(what) + (f" ({who})" if kind == "restore" else "")
    return say("line-by", who=who, what=what[:1].lower() + what[1:])


def _what(one: Happened, named: str, say: Say) -> str:
    if one.what == "danger_heard" and one.detail.get("urgent"):
        return say("history-became-urgent")
    if one.what.startswith("clock_"):
        kind = str(one.detail.get("kind", ""))
        key = f"history-reminder-{one.what.removeprefix('clock_')}" if kind in periods.reminders() else f"history-{named}"
        return say(key, clock=say(f"period-{kind}"))
    return say(f"history-{named}")


def _values(one: Happened, names: Mapping[str, str], say: Say) -> dict[str, str]:
    if one.what == "moved":
        return {"step": say(f"moved-{one.detail['move']}")}
    if one.what == "assigned":
        return {"whom": names.get(f"officer:{one.detail.get('officer')}") or say("actor-officer")}
    return {}


def _after(one: Happened, category_name: CategoryName) -> str:
    if one.what != "recategorised":
        return ""
    return f": {category_name(str(one.detail.get('before', '')))} → {category_name(str(one.detail.get('category', '')))}"


@cache
def _own_sentences(language: str) -> frozenset[str]:
    return frozenset(key for key in texts.keys(language) if key.startswith("line-"))


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]
