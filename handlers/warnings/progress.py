"""How a warning fares, in the chat of whoever wrote it: one message that is rewritten, and no more than one in half a minute.

Where a channel rewrites nothing, they hear of the beginning and of the end. The chat is their own, linked like that of any officer.
"""

from collections.abc import Callable

from sqlmodel import Session

from handlers import officer_chats
from handlers.messages import Reply, Ward
from handlers.texts import say
from handlers.warnings import results
from handlers.warnings.lifecycle import content_of
from storage import moments
from storage.queries import officer_chats as links
from storage.queries import warning_counts, warning_telling
from storage.queries import warnings as rows
from storage.queries.warning_telling import Told

EVERY = 30 * moments.SECOND
_OVER = ("done", "cancelled", "expired")


def tell(session: Session, ward: Ward, *, draw: Callable[[], int], now: int) -> list[int]:
    """Whatever there is to tell of all warnings that go, or went lately. The chats that get something."""
    found = []
    for told in warning_telling.due(session, ward.id, before=now - EVERY, since=now - moments.DAY):
        chat_id = _tell_of(session, ward, told, draw=draw, now=now)
        if chat_id is not None:
            found.append(chat_id)
    return found


def _tell_of(session: Session, ward: Ward, told: Told, *, draw: Callable[[], int], now: int) -> int | None:
    link, seen = links.link_of_officer(session, ward.id, told.written_by), rows.one(session, ward.id, told.warning_id)
    if link is None or seen is None or warning_telling.is_under_way(session, told.last_row):
        return None
    counts = warning_counts.counts_of(session, [seen.id])[seen.id]
    line = results.line(counts, link.language)
    mark = f"{seen.state} {line}"
    if not line or mark == told.mark:
        warning_telling.looked(session, seen.id, now=now)
        return None
    words = say(
        f"warn-told-{seen.state}",
        link.language,
        headline=content_of(seen).headline,
        code=seen.code,
        line=line,
        time=moments.clock_face(now),
    )
    is_news = told.first_row is None or (seen.state in _OVER and not told.mark.startswith(seen.state))
    first = warning_telling.sent_as(session, told.first_row)
    reply, row_id = Reply(text=words, replaces=first, only_rewrites=not is_news), draw()
    if officer_chats.write_to(session, ward, told.written_by, reply, row_id=row_id, now=now, kind="card") is None:
        return None
    warning_telling.keep(session, seen.id, first_row=told.first_row or row_id, last_row=row_id, mark=mark, now=now)
    return link.chat_id
