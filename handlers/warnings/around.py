"""What stands around the words of a stored warning. One place: what is sent, shown, drawn and compared with a forgery is the same."""

from sqlmodel import Session

from handlers.messages import Ward
from handlers.warnings.content import Content, Posted, as_posted
from handlers.warnings.lifecycle import LASTS
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen


def original_of(session: Session, ward_id: int, found: WarningSeen) -> WarningSeen | None:
    """What a correction puts right."""
    return rows.one(session, ward_id, found.corrects_id) if found.corrects_id is not None else None


def dated(found: WarningSeen) -> int:
    """The day it bears."""
    return found.released_at or found.written_at


def posted_of(found: WarningSeen, original: WarningSeen | None, *, now: int = 0) -> Posted:
    """`now`: of one that was not released yet, as it would be if it were released at this moment."""
    return Posted(
        code=found.code,
        at=found.released_at or now or found.written_at,
        expires_at=found.expires_at,
        corrects=original.code if original else "",
        corrects_at=dated(original) if original else 0,
    )


def text_of(found: WarningSeen, original: WarningSeen | None, ward: Ward, *, now: int = 0) -> str:
    """Word for word as it is posted; empty where it does not open."""
    return "" if found.content is None else as_posted(Content.from_row(found.content), posted_of(found, original, now=now), ward)


def sample(content: Content, ward: Ward, *, now: int) -> str:
    """Of words that are not stored yet."""
    return as_posted(content, Posted(code="CB-······", at=now, expires_at=now + LASTS), ward)
