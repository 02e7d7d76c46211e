"""How a warning will look where it is read: the same words, as each place shows them."""

from admin.desk import Desk
from handlers.warnings.content import Content, Posted
from handlers.warnings.previews import Preview, previews
from storage import moments
from storage.queries.warnings import WarningSeen


def posted_of(seen: WarningSeen, original: WarningSeen | None) -> Posted:
    """What stands around the words; of a draft as it would if it were released now."""
    return Posted(
        code=seen.code,
        at=seen.released_at or moments.now(),
        expires_at=seen.expires_at,
        corrects=original.code if original else "",
        corrects_at=(original.released_at or 0) if original else 0,
    )


def of(desk: Desk, seen: WarningSeen, said: Content, original: WarningSeen | None) -> tuple[Preview, ...]:
    return previews(said, posted_of(seen, original), desk.ward())
