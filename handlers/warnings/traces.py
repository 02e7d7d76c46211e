"""Whether the words of a warning lead back to a tip: by rare words they share, or because a single fresh tip is about the same.

Read for who asks, by their role: a leader reads no tips, so nothing is compared for one (else a neighbour could try out words until they
fit somebody's tip), and fenced tips take no part for anybody of the ward. What a leader wrote is compared when it is released.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sqlmodel import Session

from handlers.messages import Ward
from handlers.warnings.content import Content
from handlers.warnings.findings import Field, Finding, fields_of, words_of
from handlers.warnings.templates import common_tokens, everything
from storage import moments
from storage.queries import warning_traces as rows
from storage.queries.sight import Sight
from storage.search import fold, plain_tokens

LOOKED_BACK = 90 * moments.DAY
WAITED = 48 * moments.HOUR
LEAST_PAIRS = 3
_LEAST_DIGITS = 6
_WORD = re.compile(r"[^\W_]+")
# What a tip's category is called where it is warned about.
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "fraud": ("LD",),
    "theft": ("TC",),
    "drugs": ("MT",),
    "credit": ("TD",),
    "gambling": ("CB",),
    "violence": ("TT", "BL", "HD"),
    "children": ("TE", "ML", "HD"),
    "fire": ("CN",),
    "fireworks": ("VK",),
    "traffic": ("DX",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Rare words of a draft that stand in one and the same tip."""

    tokens: frozenset[str]
    tip_id: int = 0  # 0: whoever asked may not read it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    shared: tuple[Shared, ...] = ()
    is_lone: bool = False  # One single tip of the last two days is about this, there.


NONE = Traces()


def read(session: Session, ward: Ward, sight: Sight, content: Content, *, areas: Collection[int] = (), now: int) -> Traces:
    """`sight`: of the officer who writes, or who releases. `areas`: neighbourhoods it goes to, empty for all."""
    if not sight.kinds:
        return NONE
    tokens = telling(content, common=_common(session, ward))
    found = rows.shared(session, sight, tokens, since=now - LOOKED_BACK)
    leading = {tip_id: some for tip_id, some in found.items() if _leads(some)}
    mine = rows.readable(session, sight, leading)
    shared = (Shared(tokens=some, tip_id=tip_id if tip_id in mine else 0) for tip_id, some in sorted(leading.items()))
    return Traces(shared=tuple(shared), is_lone=_is_lone(session, sight, content, areas=areas, now=now))


def _is_lone(session: Session, sight: Sight, content: Content, *, areas: Collection[int], now: int) -> bool:
    categories = CATEGORIES.get(content.theme, ())
    return bool(categories) and rows.fresh(session, sight, since=now - WAITED, categories=categories, areas=areas) == 1


def _leads(tokens: Iterable[str]) -> bool:
    some = list(tokens)
    return len(some) >= LEAST_PAIRS or any(not token.startswith("w:") for token in some)


def _common(session: Session, ward: Ward) -> frozenset[str]:
    own = (ward.name, *(one.name for one in ward.book.neighbourhoods), *(one.name for one in ward.book.landmarks))
    return common_tokens(everything(session, ward.id)) | plain_tokens((*own, ward.duty_phone, ward.address))


def telling(content: Content, *, common: Collection[str]) -> frozenset[str]:
    """Pairs of words and numbers that could be somebody's own: none of the library's, and no pair with a word that says nothing."""
    texts = (content.headline, content.body, *content.lines, content.source)
    return frozenset(token for token in plain_tokens(texts) if token not in common and _tells(token))


def _tells(token: str) -> bool:
    kind, _, value = token.partition(":")
    if kind == "w":
        words = value.split()
        return len(words) == 2 and not any(word in _little() for word in words)
    return kind in ("p", "b", "u", "e", "@") or (kind == "n" and len(value) >= _LEAST_DIGITS)


def _little() -> frozenset[str]:
    return frozenset(map(fold, words_of("traces", "little")))


def leading_back(content: Content, traces: Traces) -> Iterable[Finding]:
    """Where the shared words stand; joined where they touch."""
    for shared in traces.shared:
        tips = (shared.tip_id,) if shared.tip_id else ()
        for field in fields_of(content):
            for start, end in _places(field, shared.tokens):
                yield field.finding("leads-back", "stops", start, end, tips=tips)
    if traces.is_lone:
        yield Finding(key="too-soon", weight="warns")


def _places(field: Field, tokens: frozenset[str]) -> list[tuple[int, int]]:
    words = list(_WORD.finditer(field.plain))
    spans = []
    for one, other in pairwise(words):
        if f"w:{one[0]} {other[0]}" in tokens:
            spans.append((one.start(), other.end()))
    for match in re.finditer(r"\S*\d\S*(?: \S*\d\S*)*|\S*[@.]\S+", field.plain):
        if any(not token.startswith("w:") for token in plain_tokens((match[0],)) & tokens):
            spans.append(match.span())
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
