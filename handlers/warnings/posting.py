"""The leader's kit: what there is to post in the neighbourhood's own group, and what the leader says became of it.

The line does not see those groups. All it knows is what a leader tells it: "tổ trưởng báo đã đăng", and never that anything was sent.
"""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.messages import Ward
from handlers.officers import Mistake, may
from handlers.warnings import leaders, lifecycle
from handlers.warnings.around import original_of, posted_of, text_of
from handlers.warnings.content import Content, Posted
from storage.queries import officers as officer_rows
from storage.queries import warning_targets as targets
from storage.queries import warnings as rows
from storage.queries.warning_targets import Target

Answer = Literal["posted", "not_posted"]
GOES_ON = ("released", "sending", "done")  # What is paused, taken back or over nobody is to post any more.
# A press may be faster than the line's own note that the kit arrived; and whoever reads it on the web page waits for no chat.
_OPEN = ("planned", "queued", "sent", "failed", "unknown", "parked", "to_call")
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """One warning, as a leader sees it."""

    target_id: int
    warning_id: int
    state: str  # Of the row: `posted`, `not_posted`, or one of those in which nothing was said yet.
    posted_at: int | None
    headline: str
    theme: str
    code: str
    is_urgent: bool
    released_at: int
    expires_at: int
    text: str  # Word for word what is to be posted; empty where it does not open.
    goes_on: bool

    @property
    def is_open(self) -> bool:
        """Somebody waits for a word about it."""
        return self.goes_on and self.state != "posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a leader has asked for, and what became of it."""

    warning_id: int
    state: str
    headline: str
    written_at: int
    why: str  # Of what was handed back.


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    kit: Kit
    is_news: bool  # False: it had been said before.


# -- what there is ---------------------------------------------------------------------------------------------------------------


def drawn(session: Session, ward: Ward, act: Act, target_id: int) -> tuple[Content, Posted] | None:
    """All that the picture of a leader's own kit is drawn from; None where it does not open. Raises Mistake."""
    target = _own_target(session, act, target_id)
    warning = rows.one(session, ward.id, target.warning_id)
    if warning is None or warning.content is None or kit(session, ward, act.officer_id, target_id, now=act.now) is None:
        return None
    corrects = original_of(session, ward.id, warning)
    return lifecycle.content_of(warning), posted_of(warning, corrects)


def kits(session: Session, ward: Ward, officer_id: int, *, now: int, most: int = MOST_SHOWN) -> list[Kit]:
    """Newest first. What is released and waits for its hour is not there yet."""
    found = [_kit(session, ward, one, now=now) for one in targets.of_leader(session, ward.id, officer_id, most=most)]
    return [kit for kit in found if kit is not None]


def kit(session: Session, ward: Ward, officer_id: int, target_id: int, *, now: int) -> Kit | None:
    """None: it is nobody's, or another leader's."""
    target = targets.one(session, ward.id, target_id)
    return _kit(session, ward, target, now=now) if target is not None and target.officer_id == officer_id else None


def own(session: Session, ward_id: int, officer_id: int, *, most: int = 10) -> list[Own]:
    """Newest first, without what was taken back."""
    found = rows.newest(session, ward_id, written_by=officer_id, most=most)
    return [
        Own(
            warning_id=one.id,
            state=one.state,
            headline=lifecycle.content_of(one).headline,
            written_at=one.written_at,
            why=lifecycle.declined_why(one) if one.state == "declined" else "",
        )
        for one in found
        if one.state != "dropped"
    ]


def _kit(session: Session, ward: Ward, target: Target, *, now: int) -> Kit | None:
    warning = rows.one(session, ward.id, target.warning_id)
    if warning is None or warning.released_at is None or target.state == "cancelled" or warning.send_at > now:
        return None
    corrects = original_of(session, ward.id, warning)
    return Kit(
        target_id=target.id,
        warning_id=warning.id,
        state=target.state,
        posted_at=target.posted_at,
        headline=lifecycle.content_of(warning).headline,
        theme=warning.theme,
        code=warning.code,
        is_urgent=warning.is_urgent,
        released_at=warning.released_at,
        expires_at=warning.expires_at,
        text=text_of(warning, corrects, ward),
        goes_on=warning.state in GOES_ON and warning.expires_at > now,
    )


# -- what a leader says ----------------------------------------------------------------------------------------------------------


def posted(session: Session, ward: Ward, act: Act, target_id: int) -> Said:
    """ "Đã đăng", by the leader whose kit it is. As often as they like. Raises Mistake."""
    return _say(session, ward, act, _own_target(session, act, target_id), "posted")


def not_posted(session: Session, ward: Ward, act: Act, target_id: int) -> Said:
    """ "Chưa đăng được", also by who pressed the other button by mistake. Raises Mistake."""
    return _say(session, ward, act, _own_target(session, act, target_id), "not_posted")


def heard_by_phone(session: Session, ward: Ward, act: Act, target_id: int, answer: Answer) -> Said:
    """What a leader told the officer who called them. Raises Mistake."""
    if not may(officer_rows.role_of(session, act.ward_id, act.officer_id), "warn"):
        raise Mistake("desk-not-yours")
    target = targets.one(session, act.ward_id, target_id)
    if target is None or target.kind != "leader":
        raise Mistake("warning-gone")
    return _say(session, ward, act, target, answer)


def _own_target(session: Session, act: Act, target_id: int) -> Target:
    """Their own, of a neighbourhood that is still theirs."""
    areas = leaders.check_leader(session, act)
    target = targets.one(session, act.ward_id, target_id)
    if target is None or target.kind != "leader" or target.officer_id != act.officer_id:
        raise Mistake("warning-gone")
    warning = rows.one(session, act.ward_id, target.warning_id)
    if warning is None or (warning.areas and not set(warning.areas) & set(areas)):
        raise Mistake("warning-not-your-area")
    return target


def _say(session: Session, ward: Ward, act: Act, target: Target, answer: Answer) -> Said:
    assert target.officer_id is not None
    if target.state == "cancelled":
        raise Mistake("warning-not-running")
    other = "not_posted" if answer == "posted" else "posted"
    values = {"state": answer, "posted_at": act.now if answer == "posted" else None, "reason": ""}
    is_news = targets.change(session, target.id, when=(*_OPEN, other), **values)
    if is_news:
        note(session, act, f"leader_{answer}", officer=target.officer_id, warning=target.warning_id, target=target.id)
    found = kit(session, ward, target.officer_id, target.id, now=act.now)
    if found is None:
        raise Mistake("warning-not-running")
    return Said(kit=found, is_news=is_news)
