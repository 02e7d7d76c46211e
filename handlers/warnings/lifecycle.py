"""The way of a warning: written by one, released by another, sent, stopped, put right.

draft → proposed → released → sending → done. On the way: declined (back to whoever wrote it), paused, cancelled, expired.
Who writes does not release. Danger to life is the exception: the chief alone, noted, and another person approves it afterwards.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handlers import duty
from handlers.acts import Act, note
from handlers.officers import Mistake, may
from handlers.warnings import quiet
from handlers.warnings.checker import GROUNDS
from handlers.warnings.content import Content, mistakes, tidy
from storage import moments
from storage.queries import officers as officer_rows
from storage.queries import warning_targets as targets
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen

REACHES = ("leaders", "groups", "subscribers")
LASTS, LASTS_LONGEST, FURTHEST = 30 * moments.DAY, 180 * moments.DAY, 60 * moments.DAY
OPEN = ("draft", "proposed", "declined")
RUNNING = ("released", "sending", "paused")
PUBLIC = (*RUNNING, "done", "cancelled", "expired")  # Released once: whoever has its code may read it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wrote, and to whom and until when it is to go."""

    content: Content
    areas: tuple[int, ...] = ()  # Neighbourhoods. Empty: the whole ward.
    reaches: tuple[str, ...] = REACHES
    is_urgent: bool = False
    send_at: int = 0  # 0: at once.
    expires_at: int = 0  # 0: in a month.
    template: str = ""
    ground: str = ""  # One of GROUNDS.
    note: str = ""  # In their own words why it is right to say it all the same.


def areas_of(session: Session, ward_id: int, officer_id: int) -> tuple[int, ...] | None:
    """The neighbourhoods somebody may write to. None: all of them."""
    role = officer_rows.role_of(session, ward_id, officer_id)
    if role == "leader":
        return targets.areas_of_leader(session, officer_id)
    return None if may(role, "warn") else ()


def may_release(session: Session, ward_id: int, officer_id: int, now: int) -> bool:
    role = officer_rows.role_of(session, ward_id, officer_id)
    return role == "chief" or (may(role, "release_warnings") and duty.is_commander(session, ward_id, officer_id, now))


def may_read(role: str, found: WarningSeen) -> bool:
    """Whoever writes warnings reads all of them, others what was released: a draft may still say what nobody should have read."""
    return may(role, "warn") or found.state in PUBLIC


# -- writing -------------------------------------------------------------------------------------------------------------------


def write(session: Session, act: Act, draft: Draft, *, row_id: int, code: str, corrects_id: int | None = None) -> None:
    """A draft. Raises Mistake; AlreadyThere where the code is taken."""
    values = _checked(session, act, draft)
    if corrects_id is not None:
        original = _found(session, act, corrects_id)
        if original.state not in PUBLIC:
            raise Mistake("warning-not-released")
        values |= {"corrects_id": corrects_id, "kind": "correction", "areas": list(original.areas), "reaches": list(original.reaches)}
    content = _row(draft, values["kind"])
    rows.add(
        session, act.ward_id, row_id=row_id, code=code, content=content, note=draft.note, now=act.now, written_by=act.officer_id, **values
    )
    note(session, act, "warning_written", warning=row_id)


def rewrite(session: Session, act: Act, warning_id: int, draft: Draft) -> None:
    """By whoever wrote it; whoever may release it hands it back instead, so that two people always stand behind it. A draft again."""
    found = _found(session, act, warning_id, locks=True)
    if found.written_by != act.officer_id:
        raise Mistake("warning-not-yours")
    values = _checked(session, act, draft)
    if found.corrects_id is not None:
        values |= {"kind": "correction", "areas": list(found.areas), "reaches": list(found.reaches)}
    content = {**_of_return(found), **_row(draft, values["kind"])}
    if not rows.rewrite(session, act.ward_id, warning_id, content=content, note=draft.note, state="draft", **values):
        raise Mistake("warning-released-already")
    note(session, act, "warning_rewritten", warning=warning_id)


def propose(session: Session, act: Act, warning_id: int, *, stopped_by: Iterable[str] = ()) -> None:
    """For release. `stopped_by`: what the checker found; it goes on only with a legal ground and words of one's own."""
    found = _found(session, act, warning_id, locks=True)
    if found.written_by != act.officer_id:
        raise Mistake("warning-not-yours")
    if wrong := mistakes(content_of(found)):
        raise Mistake(wrong[0])
    if tuple(stopped_by) and not (found.ground in GROUNDS and found.note):
        raise Mistake("warning-stopped")
    if found.expires_at <= max(act.now, found.send_at):
        raise Mistake("warning-expired")
    if not rows.change(session, act.ward_id, warning_id, when=("draft", "declined"), state="proposed", proposed_at=act.now):
        raise Mistake("warning-released-already")
    note(session, act, "warning_proposed", warning=warning_id, ground=found.ground)


def drop(session: Session, act: Act, warning_id: int) -> None:
    """What was never released is taken back by whoever wrote it."""
    found = _found(session, act, warning_id)
    if found.written_by != act.officer_id:
        raise Mistake("warning-not-yours")
    if not rows.change(session, act.ward_id, warning_id, when=OPEN, state="dropped", done_at=act.now):
        raise Mistake("warning-released-already")
    note(session, act, "warning_dropped", warning=warning_id)


# -- release -------------------------------------------------------------------------------------------------------------------


def mark_of(found: WarningSeen) -> str:
    """Names what whoever releases it has before their eyes: the words, and to whom, when and on which ground they go."""
    around = (found.note, found.ground, found.areas, found.reaches, found.is_urgent, found.send_at, found.expires_at, found.corrects_id)
    said = json.dumps([content_of(found).as_row(), found.written_by, *around], sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def release(
    session: Session, act: Act, warning_id: int, *, stopped_by: Iterable[str] = (), for_life: bool = False, mark: str | None = None
) -> None:
    """By a second person. `for_life`: the chief alone, of what they wrote themself, because somebody's life is in danger. `mark`: of what
    they were shown; other words do not go by the same press."""
    found = _found(session, act, warning_id, locks=True)
    if not may_release(session, act.ward_id, act.officer_id, act.now):
        raise Mistake("warning-not-yours-to-release")
    if found.state in PUBLIC:
        raise Mistake("warning-released-already")
    is_chief = officer_rows.role_of(session, act.ward_id, act.officer_id) == "chief"
    if for_life and not is_chief:
        raise Mistake("warning-life-chief")
    if found.written_by == act.officer_id and not for_life:
        raise Mistake("warning-second-person")
    if mark is not None and mark != mark_of(found):
        raise Mistake("warning-changed-since")
    if wrong := mistakes(content_of(found)):
        raise Mistake(wrong[0])
    if tuple(stopped_by) and not (found.ground in GROUNDS and found.note):
        raise Mistake("warning-stopped")
    is_urgent = found.is_urgent or for_life
    send_at = quiet.not_before(max(found.send_at, act.now), is_urgent=is_urgent)
    if found.expires_at <= send_at:
        raise Mistake("warning-expired")
    alone = for_life and found.written_by == act.officer_id
    values: dict[str, Any] = {"released_by": act.officer_id, "released_at": act.now, "send_at": send_at}
    values |= {"is_urgent": is_urgent, "is_for_life": alone}
    when = OPEN if alone else ("proposed",)  # What somebody else is still writing nobody sends, not even for a life.
    if not rows.change(session, act.ward_id, warning_id, when=when, state="released", **values):
        raise Mistake("warning-released-already" if _found(session, act, warning_id).state in PUBLIC else "warning-not-proposed")
    note(session, act, "warning_released_alone" if alone else "warning_released", warning=warning_id, ground=found.ground)


def decline(session: Session, act: Act, warning_id: int, *, why: str) -> None:
    """Back to whoever wrote it, with a word why. It stands sealed beside the draft."""
    found = _found(session, act, warning_id, locks=True)
    if not may_release(session, act.ward_id, act.officer_id, act.now):
        raise Mistake("warning-not-yours-to-release")
    if found.written_by == act.officer_id:
        raise Mistake("warning-second-person")
    if not why.strip():
        raise Mistake("warning-why")
    if found.state != "proposed":
        raise Mistake("warning-not-proposed")
    content = {**(found.content or {}), "declined": why.strip()[:500], "before": content_of(found).as_row()}
    rows.rewrite(session, act.ward_id, warning_id, content=content, note=found.note, state="declined")
    note(session, act, "warning_declined", warning=warning_id)


def approve(session: Session, act: Act, warning_id: int) -> None:
    """Afterwards, of what the chief released alone."""
    found = _found(session, act, warning_id)
    if not may_release(session, act.ward_id, act.officer_id, act.now) or found.released_by == act.officer_id:
        raise Mistake("warning-second-person")
    if not found.is_for_life or found.approved_at is not None:
        raise Mistake("warning-nothing-to-approve")
    rows.change(session, act.ward_id, warning_id, when=PUBLIC, approved_by=act.officer_id, approved_at=act.now)
    note(session, act, "warning_approved", warning=warning_id)


# -- while it goes -------------------------------------------------------------------------------------------------------------


def pause(session: Session, act: Act, warning_id: int) -> None:
    """Whoever may write may stop it: stopping harms nobody. What a platform has in hand goes; what waits is taken back."""
    _may_stop(session, act, _found(session, act, warning_id))
    if not rows.change(session, act.ward_id, warning_id, when=("released", "sending"), state="paused"):
        raise Mistake("warning-not-running")
    targets.take_back(session, warning_id, now=act.now)
    note(session, act, "warning_paused", warning=warning_id)


def resume(session: Session, act: Act, warning_id: int) -> None:
    if not may_release(session, act.ward_id, act.officer_id, act.now):
        raise Mistake("warning-not-yours-to-release")
    found = _found(session, act, warning_id)
    if found.expires_at <= act.now:
        raise Mistake("warning-expired")
    send_at = quiet.not_before(max(found.send_at, act.now), is_urgent=found.is_urgent)
    if not rows.change(session, act.ward_id, warning_id, when=("paused",), state="released", send_at=send_at):
        raise Mistake("warning-not-running")
    note(session, act, "warning_resumed", warning=warning_id)


def cancel(session: Session, act: Act, warning_id: int) -> None:
    """What has not gone never goes; the rows that say so are written bit by bit (`bot/striking.py`)."""
    _may_stop(session, act, _found(session, act, warning_id))
    if not rows.change(session, act.ward_id, warning_id, when=RUNNING, state="cancelled"):
        raise Mistake("warning-not-running")
    targets.take_back(session, warning_id, now=act.now)
    note(session, act, "warning_cancelled", warning=warning_id)


def decide(session: Session, act: Act, target_id: int, *, sends_again: bool) -> None:
    """About a send whose outcome nobody knows: it counts as sent, or goes once more, on this person's word."""
    target = targets.one(session, act.ward_id, target_id)
    if target is None:
        raise Mistake("warning-gone")
    found = _found(session, act, target.warning_id)
    _may_stop(session, act, found)
    if sends_again and (found.state not in ("released", "sending", "paused", "done") or found.expires_at <= act.now):
        raise Mistake("warning-not-running")
    changes: dict[str, Any] = {"state": "planned", "tries": 0} if sends_again else {"state": "sent"}
    if sends_again and target.kind == "leader":
        changes["channel"] = ""  # By whichever way reaches them now.
    if not targets.change(session, target_id, when=("unknown",), reason="", decided_by=act.officer_id, **changes):
        raise Mistake("warning-decided")
    if sends_again:
        rows.change(session, act.ward_id, found.id, when=("done",), state="sending", done_at=None)
    note(session, act, "warning_unknown_again" if sends_again else "warning_unknown_sent", warning=found.id, target=target_id)


# -- helpers -------------------------------------------------------------------------------------------------------------------


def content_of(found: WarningSeen) -> Content:
    return Content.from_row(found.content or {})


def declined_why(found: WarningSeen) -> str:
    return str((found.content or {}).get("declined", ""))


def before_return(found: WarningSeen) -> Content | None:
    """The words as they were when it went back last, to see what was changed since."""
    before = (found.content or {}).get("before")
    return Content.from_row(before) if before else None


def _of_return(found: WarningSeen) -> dict[str, Any]:
    """Why it went back and how it was then stays with it while it is written anew."""
    return {name: value for name, value in (found.content or {}).items() if name in ("declined", "before")}


def _row(draft: Draft, kind: Any) -> dict[str, Any]:
    return {**tidy(draft.content).as_row(), "kind": kind}


def _found(session: Session, act: Act, warning_id: int, *, locks: bool = False) -> WarningSeen:
    found = rows.one(session, act.ward_id, warning_id, locks=locks)
    if found is None:
        raise Mistake("warning-gone")
    return found


def _may_stop(session: Session, act: Act, found: WarningSeen) -> None:
    role = officer_rows.role_of(session, act.ward_id, act.officer_id)
    if not (may(role, "warn") or found.written_by == act.officer_id):
        raise Mistake("warning-not-yours")


def _checked(session: Session, act: Act, draft: Draft) -> dict[str, Any]:
    """The columns of a draft. Raises Mistake for an area that is not theirs."""
    own = areas_of(session, act.ward_id, act.officer_id)
    if own is not None and not (draft.areas and set(draft.areas) <= set(own)):
        raise Mistake("warning-not-your-area")
    known = targets.neighbourhoods(session, act.ward_id)
    if not set(draft.areas) <= known:
        raise Mistake("warning-no-area")
    if not draft.reaches or not set(draft.reaches) <= set(REACHES):
        raise Mistake("warning-nobody")
    if draft.ground and draft.ground not in GROUNDS:
        raise Mistake("warning-no-ground")
    starts = max(draft.send_at, act.now)
    expires_at = draft.expires_at or starts + LASTS
    if starts > act.now + FURTHEST or expires_at > starts + LASTS_LONGEST:
        raise Mistake("warning-too-far")
    return {
        "kind": draft.content.kind,
        "theme": draft.content.theme,
        "template": draft.template,
        "is_urgent": draft.is_urgent,
        "areas": sorted(draft.areas),
        "reaches": [one for one in REACHES if one in draft.reaches],
        "ground": draft.ground,
        "send_at": draft.send_at,
        "expires_at": expires_at,
    }
