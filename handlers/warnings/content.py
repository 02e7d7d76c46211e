"""What a warning says, and the one text in which it is posted, read aloud and compared with a forgery."""

import re
import unicodedata
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from handlers.cleaning import clean
from handlers.messages import Ward
from handlers.texts import say
from storage import moments

Kind = Literal["warning", "correction", "thanks"]
KINDS: tuple[Kind, ...] = ("warning", "correction", "thanks")
THEMES = ("fraud", "theft", "drugs", "credit", "gambling", "violence", "children", "fire", "fireworks", "traffic", "campaign", "general")
_MARKS = re.compile(r"^(?:[-–•*+]\s*|\d[.)]\s*)+")  # "1. ", "- ": the number of a line is ours.
_UNSEEN = dict.fromkeys((0x200D, 0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, *range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0)))
MOST_HEADLINE_WORDS, MOST_LINES, MOST_WORDS = 7, 3, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What somebody wrote. Everything around it (date, duty number, code, end) is ours and added when it is posted."""

    kind: Kind = "warning"
    theme: str = "general"  # One of THEMES.
    headline: str = ""  # At most seven words.
    body: str = ""  # What happens, in a few plain sentences.
    lines: tuple[str, ...] = ()  # At most three, each something to do.
    source: str = ""  # Where it is known from; empty: the ward police.

    def as_row(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Content":
        known = {one.name for one in fields(cls)}
        picked: dict[str, Any] = {name: tuple(value) if name == "lines" else value for name, value in row.items() if name in known}
        return cls(**picked)

    @property
    def words(self) -> int:
        return len(" ".join((self.headline, self.body, *self.lines)).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What stands around the words, fixed at the moment of release."""

    code: str
    at: int
    expires_at: int
    corrects: str = ""  # The code of the warning that this one puts right.
    corrects_at: int = 0


def _seen(text: str) -> str:
    """Without signs that nobody sees, behind which a number or a name is none for the checker and one for the eye."""
    return clean(text).translate(_UNSEEN)


def tidy(content: Content) -> Content:
    """Without blanks nobody meant, and without empty lines to do; every letter one sign, however it was typed."""

    def one_line(text: str) -> str:
        return unicodedata.normalize("NFC", re.sub(r"\s+", " ", _seen(text))).strip()

    body = "\n".join(filter(None, map(one_line, _seen(content.body).splitlines())))
    lines = tuple(filter(None, (_MARKS.sub("", one_line(line)) for line in content.lines)))
    return Content(
        kind=content.kind, theme=content.theme, headline=one_line(content.headline), body=body, lines=lines, source=one_line(content.source)
    )


def mistakes(content: Content) -> list[str]:
    """What keeps it from being sent as it stands: keys of sentences."""
    found = []
    if not content.headline:
        found.append("warning-no-headline")
    elif len(content.headline.split()) > MOST_HEADLINE_WORDS:
        found.append("warning-long-headline")
    if not content.body:
        found.append("warning-no-body")
    if not content.lines and content.kind == "warning":
        found.append("warning-no-lines")
    if len(content.lines) > MOST_LINES:
        found.append("warning-many-lines")
    if content.words > MOST_WORDS:
        found.append("warning-too-long")
    if content.theme not in THEMES:
        found.append("warning-no-theme")
    return found


def as_posted(content: Content, posted: Posted, ward: Ward) -> str:
    """Word for word what goes to a group, to a leader and to whoever asks for the code."""
    day = moments.short_date(posted.at)
    if content.kind == "correction":
        head = say(
            "posted-correction",
            "vi",
            headline=content.headline,
            code=posted.corrects,
            day=moments.short_date(posted.corrects_at or posted.at),
        )
    else:
        head = say(f"posted-{content.kind}", "vi", headline=content.headline)
    to_do = "\n".join(f"{place}. {line}" for place, line in enumerate(content.lines, 1))
    source = content.source or say("posted-source", "vi", ward=ward.called)
    foot = [say("posted-foot", "vi", duty_phone=ward.duty_phone) if ward.duty_phone else say("posted-foot-danger", "vi")]
    foot.append(say("posted-dates", "vi", source=source, day=day, expires=moments.short_date(posted.expires_at)))
    how = "posted-check" if ward.public_url else "posted-check-by-code"
    foot.append(say(how, "vi", code=posted.code, **({"address": check_address(ward)} if ward.public_url else {})))
    return "\n\n".join(filter(None, (head, content.body, to_do, "\n".join(foot))))


def check_address(ward: Ward) -> str:
    """Where anyone looks a code up; the bare path where nobody has said how the house is reached."""
    return f"{ward.public_url.split('://')[-1]}/tra-cuu" if ward.public_url else "/tra-cuu"
