"""What the form of a warning holds, from wherever it comes: typed, from a draft, from a template, or nothing yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from handlers.officers import Mistake
from handlers.warnings.content import MOST_LINES, THEMES, Content, Kind
from handlers.warnings.lifecycle import LASTS, REACHES, Draft, content_of
from storage import moments
from storage.queries.warnings import WarningSeen

_AREA = re.compile(r"to-(\d{1,19})", re.ASCII)
MOST_HEADLINE, MOST_BODY, MOST_LINE, MOST_REASON, MOST_SOURCE = 120, 1200, 200, 500, 120
_END_OF_DAY = moments.DAY - moments.MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Names as they stand in the page; `text` and `reason` are what a browser brings back after a sign-in (`admin/kept.py`)."""

    headline: str = ""
    text: str = ""
    lines: tuple[str, ...] = ("",) * MOST_LINES
    source: str = ""
    theme: str = "general"
    areas: frozenset[int] = frozenset()  # Empty: the whole ward.
    is_whole: bool = True  # The whole ward was ticked. Where neighbourhoods are ticked beside it, they are what is meant.
    reaches: frozenset[str] = frozenset(REACHES)
    is_urgent: bool = False
    is_later: bool = False
    day: str = ""
    time: str = ""
    until: str = ""
    template: str = ""
    ground: str = ""
    reason: str = ""
    corrects: int | None = None
    kind: Kind = "warning"

    @classmethod
    def typed(cls, form: Mapping[str, str]) -> "Form":
        def words(name: str, most: int) -> str:
            return form.get(name, "").strip()[:most]

        areas = frozenset(area for name in form if (found := _AREA.fullmatch(name)) and (area := int(found[1])) < 2**63)
        corrects = words("dinh-chinh", 19)
        kind = words("loai", 20)
        return cls(
            headline=words("headline", MOST_HEADLINE),
            text=words("text", MOST_BODY).replace("\r\n", "\n"),
            lines=tuple(words(f"line{number}", MOST_LINE) for number in range(1, MOST_LINES + 1)),
            source=words("source", MOST_SOURCE),
            theme=theme if (theme := words("theme", 20)) in THEMES else "general",
            areas=areas,
            is_whole=form.get("ca-phuong") == "1",
            reaches=frozenset(one for one in REACHES if form.get(f"den-{one}") == "1"),
            is_urgent=form.get("gap") == "1",
            is_later=form.get("luc") == "sau",
            day=words("ngay", 10),
            time=words("gio", 5),
            until=words("den-ngay", 10),
            template=words("mau", 60),
            ground=words("ground", 20),
            reason=words("reason", MOST_REASON),
            corrects=int(corrects) if corrects.isascii() and corrects.isdigit() and len(corrects) < 19 else None,
            kind="correction" if corrects else "thanks" if kind == "thanks" else "warning",
        )

    @classmethod
    def of_warning(cls, seen: WarningSeen) -> "Form":
        content, starts = content_of(seen), moments.local(seen.send_at)
        return cls(
            **_words(content),
            areas=frozenset(seen.areas),
            reaches=frozenset(seen.reaches),
            is_urgent=seen.is_urgent,
            is_later=seen.send_at > 0,
            day=starts.date().isoformat() if seen.send_at else "",
            time=f"{starts:%H:%M}" if seen.send_at else "",
            until=moments.local(seen.expires_at).date().isoformat(),
            template=seen.template,
            ground=seen.ground,
            reason=seen.note,
            corrects=seen.corrects_id,
        )

    @classmethod
    def of_content(cls, content: Content, *, template: str = "", now: int, until: int = 0, corrects: int | None = None) -> "Form":
        return cls(**_words(content), template=template, until=_day(until or now + LASTS), corrects=corrects)

    def draft(self) -> Draft:
        """Raises Mistake where a day or an hour cannot be read, or nobody said where it goes."""
        if not (self.areas or self.is_whole or self.corrects):
            raise Mistake("warn-no-area-chosen")
        content = Content(kind=self.kind, theme=self.theme, headline=self.headline, body=self.text, lines=self.lines, source=self.source)
        send_at = _moment(self.day, self.time) if self.is_later else 0
        return Draft(
            content=content,
            areas=tuple(sorted(self.areas)),
            reaches=tuple(one for one in REACHES if one in self.reaches),
            is_urgent=self.is_urgent,
            send_at=send_at,
            expires_at=_moment(self.until, "00:00") + _END_OF_DAY if self.until else 0,
            template=self.template,
            ground=self.ground,
            note=self.reason,
        )


def _words(content: Content) -> dict[str, Any]:
    lines = (*content.lines, *("",) * MOST_LINES)[:MOST_LINES]
    named = {"headline": content.headline, "text": content.body, "lines": lines, "source": content.source}
    return {**named, "theme": content.theme, "kind": content.kind}


def _day(moment: int) -> str:
    return moments.local(moment).date().isoformat()


def _moment(day: str, clock: str) -> int:
    try:
        found, hour = date.fromisoformat(day), time.fromisoformat(clock)
    except ValueError:
        raise Mistake("warn-no-day") from None
    if not 2020 <= found.year <= 2100:
        raise Mistake("warn-no-day")
    return moments.start_of_day(found) + (hour.hour * 60 + hour.minute) * moments.MINUTE
