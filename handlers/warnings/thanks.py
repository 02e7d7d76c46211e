"""The monthly "Tin của bà con đã giúp gì": how many tips came and what they were about, for the ward and for each neighbourhood.

Only ordinary tips count: none that is fenced or for the chief, none about a home or a child, no test. All drafts of a month are one table
to whoever reads several of them, so what is few is hidden in all of them together (`suppression.py`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session

from handlers import access, figures
from handlers.figure_rows import all_rows
from handlers.messages import Ward
from handlers.terms import Term, before, term_on
from handlers.texts import say
from handlers.warnings.content import Content, tidy
from handlers.warnings.suppression import protect
from storage import moments
from storage.queries import figure_thanks as rows

NEVER_COUNTED = ("BL", "TE", "MB")  # One such tip, even among many, is somebody's neighbour.
_THEMES = {
    "LD": "fraud",
    "MT": "drugs",
    "CB": "gambling",
    "TC": "theft",
    "TD": "credit",
    "TT": "violence",
    "HD": "violence",
    "VK": "fireworks",
    "DX": "traffic",
    "CN": "fire",
}
OTHER = "general"
_MOST_NAMED = 3
_DONE = ("transferred", "fined", "guided")


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """What one reader may be told. None, and what is missing: so few that it is not said, or another could be reckoned from it."""

    received: int | None = None
    themes: Mapping[str, int] = field(default_factory=dict)
    done: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    term: Term
    ward: Helped
    homes: Mapping[int, Helped]  # By neighbourhood; those without anything to tell too.
    is_behind: bool = False  # Figures are still being counted: wait a moment before it is written.


def last_month(today: date) -> Term:
    """By the common calendar, whatever day the ward's own reports begin on."""
    return before(term_on("month", today, starts=1), starts=1)


def read(session: Session, ward: Ward, month: Term) -> Month:
    start, end = moments.start_of_day(month.first), moments.start_of_day(month.last + timedelta(days=1))
    without = frozenset((*NEVER_COUNTED, *access.chiefs_categories()))
    received = rows.counted(session, ward.id, all_rows()["new"].keys, start=start, end=end, without=without)
    done = rows.counted(session, ward.id, [key for name in _DONE for key in all_rows()[name].keys], start=start, end=end, without=without)
    homes = [one.id for one in ward.book.neighbourhoods]
    return _month(month, homes, received, done, is_behind=figures.is_behind(session, ward.id))


def _month(month: Term, homes: list[int], received: Mapping[rows.Part, int], done: Mapping[rows.Part, int], *, is_behind: bool) -> Month:
    came, over = Counter[tuple[int | None, str]](), Counter[tuple[int | None, str]]()
    for part, many in received.items():
        came[_home(part, homes), _THEMES.get(part.category, OTHER)] += many
    for part, many in done.items():
        over[_home(part, homes), "done"] += many
    places = [*homes, None]  # The last: in no neighbourhood that is told anything.
    shown = protect(came, rows=places, columns=sorted({*_THEMES.values(), OTHER}), silent=(None,))
    settled = protect(over, rows=places, columns=("done",), silent=(None,))
    return Month(
        term=month,
        ward=Helped(received=shown.total, themes=_named(shown.columns), done=settled.total if "done" in settled.columns else None),
        homes={
            home: Helped(
                received=shown.rows.get(home),
                themes=_named({theme: many for (row, theme), many in shown.cells.items() if row == home}),
                done=settled.cells.get((home, "done")) if home in settled.rows else None,
            )
            for home in homes
        },
        is_behind=is_behind,
    )


def _home(part: rows.Part, homes: list[int]) -> int | None:
    return part.home if part.home in homes else None


def _named(themes: Mapping[object, int]) -> dict[str, int]:
    """Most first; what has no name of its own comes last."""
    return dict(sorted(((str(theme), many) for theme, many in themes.items()), key=lambda one: (one[0] == OTHER, -one[1], one[0])))


def draft(month: Month, ward: Ward, *, home: int | None = None) -> Content:
    """In Vietnamese, as everything that is posted: for one neighbourhood, or for the whole ward."""
    helped = month.ward if home is None else month.homes.get(home, Helped())
    neighbourhood = ward.book.neighbourhood(home)
    where = say("thanks-where-home", "vi", home=_small(neighbourhood.name)) if neighbourhood else say("thanks-where-ward", "vi")
    name = say("thanks-month", "vi", month=month.term.first.month)
    if helped.received is None:
        headline, first = say("thanks-headline-few", "vi", month=name), say("thanks-count-few", "vi", month=name, where=where)
    else:
        headline = say("thanks-headline", "vi", month=name, count=helped.received)
        first = say("thanks-count", "vi", month=name, where=where, count=helped.received)
    body = [first, _themes_told(helped)]
    if helped.done is not None:
        body.append(say("thanks-done", "vi", count=helped.done))
    lines = (say("thanks-line-more", "vi"), say("thanks-line-urgent", "vi"))
    return tidy(Content(kind="thanks", theme=OTHER, headline=headline, body="\n".join(filter(None, body)), lines=lines))


def _themes_told(helped: Helped) -> str:
    named = [(theme, many) for theme, many in helped.themes.items() if theme != OTHER][:_MOST_NAMED]
    told = (say("thanks-theme", "vi", theme=_small(say(f"theme-{theme}", "vi")), count=many) for theme, many in named)
    return say("thanks-themes", "vi", themes=", ".join(told)) if named else ""


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
