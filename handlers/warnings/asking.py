"""What a leader asks for goes through the same checker as what the desk writes, from their page and from their chat alike.

Nothing is compared with tips for them (`traces.py` says why); that is done for whoever releases it.
"""

from collections.abc import Iterable

from sqlmodel import Session

from handlers.acts import Act
from handlers.messages import Ward
from handlers.officers import Mistake
from handlers.warnings import checker, lifecycle, posting, templates
from handlers.warnings.checker import Finding, Insisted
from handlers.warnings.content import Content
from handlers.warnings.lifecycle import Draft
from handlers.warnings.posting import Own
from handlers.warnings.templates import Template
from storage.queries import warnings as rows

MOST_WAITING, MOST_LOOKED_AT = 3, 5


def findings(content: Content, ward: Ward) -> tuple[Finding, ...]:
    return checker.check(content, ward=ward)


def objections(found: tuple[Finding, ...], *, ground: str, words: str) -> list[str]:
    """Keys of sentences; none: it may be proposed."""
    return checker.objections(found, Insisted(ground=ground, words=words) if ground or words else None)


def offered(session: Session, ward_id: int, language: str) -> tuple[Template, ...]:
    """What a leader may begin with. What our tips have helped with only the desk tells."""
    return tuple(one for one in templates.library(session, ward_id, language) if one.content.kind == "warning")


def too_many(own: Iterable[Own]) -> bool:
    """So many of theirs wait for the commander, whom each of them rings."""
    return sum(one.state == "proposed" for one in own) >= MOST_WAITING


def propose(session: Session, ward: Ward, act: Act, draft: Draft, *, row_id: int, code: str, history_id: int) -> None:
    """Written, or written anew, and proposed with what the checker finds in the words as they stand then. Raises Mistake; AlreadyThere
    where the code is taken."""
    if rows.one(session, act.ward_id, row_id, locks=True) is not None:
        lifecycle.rewrite(session, act, row_id, draft)
    elif too_many(posting.own(session, act.ward_id, act.officer_id, most=MOST_LOOKED_AT)):
        raise Mistake("lead-too-many")
    else:
        lifecycle.write(session, act, draft, row_id=row_id, code=code)
    seen = rows.one(session, act.ward_id, row_id)
    assert seen is not None
    found = findings(lifecycle.content_of(seen), ward)
    if wrong := objections(found, ground=seen.ground, words=seen.note):
        raise Mistake(wrong[0])
    proposing = Act(ward_id=act.ward_id, officer_id=act.officer_id, history_id=history_id, now=act.now)
    lifecycle.propose(session, proposing, row_id, stopped_by=[one.key for one in found if one.blocks])
