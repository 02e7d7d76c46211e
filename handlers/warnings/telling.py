"""A leader hears in their own chat what became of the warning they proposed: released, or handed back with a word why.

Officers see it at the desk. Nothing is told where no chat is linked: the leader's own page says the same.
"""

from sqlmodel import Session

from handlers import officer_chats
from handlers.messages import Button, Reply, Ward
from handlers.officers import LEADER
from handlers.texts import say
from handlers.warnings.lifecycle import content_of, declined_why
from storage import moments
from storage.queries import officer_chats as links
from storage.queries import officers as officer_rows
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen

PAGE = "/admin/to-truong"


def tell_proposer(session: Session, ward: Ward, warning_id: int, *, row_id: int, now: int) -> int | None:
    """In the transaction of the decision. The chat that has something to be sent."""
    found = rows.one(session, ward.id, warning_id)
    if found is None or officer_rows.role_of(session, ward.id, found.written_by) != LEADER:
        return None
    link = links.link_of_officer(session, ward.id, found.written_by)
    if link is None:
        return None
    return officer_chats.write_to(session, ward, found.written_by, _reply(found, ward, link.language, now), row_id=row_id, now=now)


def _reply(found: WarningSeen, ward: Ward, language: str, now: int) -> Reply:
    told = {"headline": content_of(found).headline, "time": moments.clock_face(now)}
    button = Button(say("lead-button-list", language), "lead:list")
    if found.state == "declined":
        words = say("lead-told-declined", language, **told, why=declined_why(found), page=f"{ward.public_url}{PAGE}")
        return Reply(text=words, buttons=(button,))
    if found.send_at > now + moments.MINUTE:
        when = f"{moments.clock_face(found.send_at)}, {moments.short_date(found.send_at)}"
        return Reply(text=say("lead-told-released-later", language, **told, code=found.code, when=when), buttons=(button,))
    return Reply(text=say("lead-told-released", language, **told, code=found.code), buttons=(button,))
