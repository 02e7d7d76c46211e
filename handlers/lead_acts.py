"""What a leader's own chat may know before it decides, and what its decisions do (`handlers/flows/leading.py`)."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers.acts import Act
from handlers.flows import leading
from handlers.flows.lead_facts import LeadFacts
from handlers.messages import Incoming, Ward
from handlers.warnings import asking, posting
from handlers.warnings.content import Content
from handlers.warnings.lifecycle import Draft
from storage.queries import warning_targets as targets

Draw = Callable[[], int]


def facts_for(session: Session, ward: Ward, officer_id: int, incoming: Incoming, *, now: int, writes: str = "") -> LeadFacts:
    """`writes`: in which language a warning is being written here; empty: none is."""
    own = targets.areas_of_leader(session, officer_id)
    found = posting.kits(session, ward, officer_id, now=now)
    meant = leading.target_meant(incoming)
    if meant is not None and meant not in {one.target_id for one in found}:  # A button of long ago.
        older = posting.kit(session, ward, officer_id, meant, now=now)
        found += [older] if older is not None else []
    return LeadFacts(
        ward=ward,
        now=now,
        areas=tuple((one.id, one.name) for one in ward.book.neighbourhoods if one.id in own),
        kits=tuple(found),
        own=tuple(posting.own(session, ward.id, officer_id, most=asking.MOST_LOOKED_AT)),
        templates=asking.offered(session, ward.id, writes) if writes else (),
    )


def posted(session: Session, ward: Ward, act: Act, values: dict[str, Any], _draw: Draw) -> None:
    posting.posted(session, ward, act, values["target_id"])


def not_posted(session: Session, ward: Ward, act: Act, values: dict[str, Any], _draw: Draw) -> None:
    posting.not_posted(session, ward, act, values["target_id"])


def propose(session: Session, ward: Ward, act: Act, values: dict[str, Any], draw: Draw) -> None:
    draft = Draft(content=Content.from_row(values["content"]), areas=tuple(values["areas"]), template=values.get("template", ""))
    asking.propose(session, ward, act, draft, row_id=values["warning_id"], code=values["code"], history_id=draw())
