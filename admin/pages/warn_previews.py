"""How a warning will look where it is read: the same words, as each place shows them."""

from admin.desk import Desk
from handlers.warnings.around import posted_of
from handlers.warnings.content import Content
from handlers.warnings.previews import Preview, previews
from storage import moments
from storage.queries.warnings import WarningSeen


def of(desk: Desk, seen: WarningSeen, said: Content, original: WarningSeen | None) -> tuple[Preview, ...]:
    return previews(said, posted_of(seen, original, now=moments.now()), desk.ward())
