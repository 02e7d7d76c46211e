"""What keeps wrong words out of a warning: everything about one person, what leads back to a tip, and what no line of the police says.

Plain: words in, findings out. What has to be looked up among the tips is read before (`traces.read`) and handed in. What only warns is for
whoever writes to weigh; what stops may be insisted on with a ground in law (`objections`); what is `never` said cannot.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from handlers.cleaning import clean
from handlers.insight.dodges import odd_letters
from handlers.messages import Ward
from handlers.texts import say
from handlers.warnings import people, personal, tone, traces
from handlers.warnings.content import Content
from handlers.warnings.findings import Field, Finding, apart, composed, fields_of, is_too_long_to_read

__all__ = ["GROUNDS", "Finding", "Insisted", "check", "composed", "objections", "told"]

GROUNDS = ("consent", "life", "wanted", "missing", "published", "asked", "law")  # `ground-…` in the texts.
_JOINTS = re.compile(r"(?<=[^\W\d_])[-_·•\n~=+/|](?=[^\W\d_])")
LEAST_REASON, MOST_REASON = 15, 500  # Signs of what is said for it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Insisted:
    """Why personal data goes out all the same. `ground` is the column of the warning; the words stand sealed beside its content."""

    ground: str
    words: str

    def as_row(self) -> dict[str, Any]:
        return {"ground": self.ground, "words": self.words}


def check(content: Content, *, ward: Ward, tips: traces.Traces = traces.NONE) -> tuple[Finding, ...]:
    """In the order of the text. Nothing: it may go to whoever releases it."""
    found: list[Finding] = []
    for field in fields_of(content):
        found += personal.numbers(field, ward)
        found += personal.links(field, ward)
        found += personal.addresses(field, ward)
        found += people.people(field, ward)
        found += _joined(field, ward)
        found += tone.tone(field)
        found += _odd(field)
    found += traces.leading_back(content, tips)
    if is_too_long_to_read(content):
        found.append(Finding(key="unread", weight="never"))
    return apart(found)


def _joined(field: Field, ward: Ward) -> list[Finding]:
    """Names whose words something else than a blank holds together: "Nguyễn-Văn-Bình", or one word under another."""
    blanked = replace(field, text=_JOINTS.sub(" ", field.text), small=_JOINTS.sub(" ", field.small), plain=_JOINTS.sub(" ", field.plain))
    if blanked.text == field.text:
        return []
    names = [one for one in people.people(blanked, ward) if one.key == "name" and _JOINTS.search(field.text[one.start : one.end])]
    return [field.finding(one.key, one.weight, one.start, one.end) for one in names]


def _odd(field: Field) -> list[Finding]:
    """Letters that only look like ours: behind them anything could stand."""
    return [field.finding("odd-letters", "never", at, at + 1) for sign in odd_letters(field.text) if (at := field.text.find(sign)) >= 0]


def objections(findings: tuple[Finding, ...], insisted: Insisted | None) -> list[str]:
    """Keys of sentences; none: it may be proposed, or released."""
    if any(one.weight == "never" for one in findings):
        return ["warning-never-said"]
    if not any(one.blocks for one in findings):
        return []
    if insisted is None:
        return ["warning-needs-ground"]
    if insisted.ground not in GROUNDS:
        return ["warning-no-ground"]
    reason = clean(insisted.words)
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        return ["warning-ground-words"]
    return []


def told(finding: Finding, language: str) -> str:
    return say(f"found-{finding.key}", language, words=finding.words, instead=finding.instead)
