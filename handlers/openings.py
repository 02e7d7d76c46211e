"""Two people agree on why: the only ways to an identity and to an original.

1. An officer asks with a reason. A pair of keys is made for this one look; its private half goes into that browser and nowhere else.
2. Another person says yes or no: for an identity a custodian, whose passphrase is what opens it; for originals whoever may release.
3. What was opened is sealed to that browser, for minutes. Every look is a history row of its own.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session

from handlers import access, officers
from handlers.acts import Act, note
from handlers.custodians import active_keeper, unlocked
from handlers.officers import Mistake
from handlers.tips import remember
from storage import custody as keys
from storage import moments
from storage.custody import Pair
from storage.queries import custody as custodian_rows
from storage.queries import officers as officer_rows
from storage.queries import openings as rows
from storage.queries.custody import Keeper, ShareSeen
from storage.queries.openings import OpeningSeen, OriginalFile
from storage.queries.rings import tip_ring
from storage.vault import Sealed, Shredded

What = Literal["identity", "originals"]
LEAST_REASON = 10
MOST_REASON = 1000
ANSWERED_WITHIN = 24 * moments.HOUR
OPEN_FOR: dict[str, int] = {"identity": 10 * moments.MINUTE, "originals": 30 * moments.MINUTE}
_ENDINGS = {
    **{"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif", "image/gif": "gif"},
    **{"video/mp4": "mp4", "video/quicktime": "mov", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a"},
    **{"application/pdf": "pdf", "text/plain": "txt"},
}


# -- asking --------------------------------------------------------------------------------------------------------------------


def checked_reason(text: str) -> str:
    reason = " ".join(text.split())[:MOST_REASON]
    if len(reason) < LEAST_REASON:
        raise Mistake("mistake-reason-short")
    return reason


def ask(session: Session, act: Act, *, opening_id: int, tip_id: int, what: What, reason: str, view_key: bytes) -> None:
    """Asking anew takes the place of one's own request that still waits: the browser that held its key may be gone."""
    access.check(session, act, tip_id)
    _check_there_is_something(session, act.ward_id, tip_id, what)
    rows.withdraw_asked(session, ward_id=act.ward_id, tip_id=tip_id, what=what, officer_id=act.officer_id, now=act.now)
    try:
        ring = tip_ring(session, tip_id)
    except Shredded:
        raise Mistake("custody-nothing") from None
    rows.add_opening(
        session,
        opening_id=opening_id,
        ward_id=act.ward_id,
        tip_id=tip_id,
        what=what,
        reason=reason,
        ring=ring,
        officer_id=act.officer_id,
        view_key=view_key,
        now=act.now,
    )
    note(session, act, f"{what}_asked", tip_id=tip_id, secret=reason, opening=opening_id)


def _check_there_is_something(session: Session, ward_id: int, tip_id: int, what: What) -> None:
    if what == "originals":
        is_there = rows.has_originals(session, ward_id, tip_id)
    else:
        is_there = custodian_rows.count_identities(session, ward_id, tip_id) > 0
    if not is_there:
        raise Mistake("custody-nothing")


# -- the second person ---------------------------------------------------------------------------------------------------------


def may_decide(session: Session, ward_id: int, officer_id: int, what: str) -> bool:
    """Identities: who keeps a key. Originals: who may release them, by role or because they keep a key."""
    if any(one.officer_id == officer_id and one.is_active for one in custodian_rows.keepers(session, ward_id)):
        return True
    return what == "originals" and officers.may(officer_rows.role_of(session, ward_id, officer_id), "release_originals")


def waiting_for(session: Session, ward_id: int, officer_id: int, *, now: int) -> int:
    """How many requests wait for this officer's word. Every page says it, so it opens nothing and mostly ends at the first look."""
    waiting = rows.count_waiting(
        session, access.custody_sight_now(session, ward_id, officer_id), asked_after=now - ANSWERED_WITHIN, not_by=officer_id
    )
    return sum(count for what, count in waiting.items() if may_decide(session, ward_id, officer_id, what))


def to_decide(session: Session, ward_id: int, opening_id: int, *, officer_id: int, now: int) -> OpeningSeen:
    """The request, if this officer may answer it. Never one's own. Raises Mistake."""
    opening = rows.opening(session, ward_id, opening_id)
    if opening is None or not access.may_answer_for(session, ward_id, officer_id, opening.tip_id):
        raise Mistake("custody-no-request")
    if opening.asked_by == officer_id:
        raise Mistake("custody-own-request")
    if not may_decide(session, ward_id, officer_id, opening.what):
        raise Mistake("custody-not-yours")
    if opening.status != "asked" or opening.asked_at <= now - ANSWERED_WITHIN:
        raise Mistake("custody-answered")
    if not officers.may(officer_rows.role_of(session, ward_id, opening.asked_by), f"ask_{opening.what}"):  # type: ignore[arg-type]
        raise Mistake("custody-asker-gone")
    if not access.may_read(session, ward_id, opening.asked_by, opening.tip_id):  # It was restricted since.
        raise Mistake("custody-asker-gone")
    return opening


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ToOpen:
    """Everything a custodian's passphrase is tried on, read in one transaction."""

    opening: OpeningSeen
    keeper: Keeper
    locked: bytes | None
    shares: tuple[ShareSeen, ...]
    view_key: bytes


def to_open(session: Session, ward_id: int, opening_id: int, *, officer_id: int, now: int) -> ToOpen:
    opening = to_decide(session, ward_id, opening_id, officer_id=officer_id, now=now)
    keeper = active_keeper(custodian_rows.keepers(session, ward_id), officer_id)
    shares = tuple(custodian_rows.shares_of_tip(session, ward_id, opening.tip_id, custodian_id=keeper.id))
    if len(shares) != custodian_rows.count_identities(session, ward_id, opening.tip_id):
        raise Mistake("custody-no-share")
    return ToOpen(
        opening=opening,
        keeper=keeper,
        locked=custodian_rows.private_key_of(session, ward_id, keeper.id),
        shares=shares,
        view_key=rows.view_key_of(session, opening_id),
    )


def opened(found: ToOpen, passphrase: str) -> bytes:
    """Slow, for a thread. What comes out can be read by the browser that asked, and by nobody here."""
    pair = unlocked(found.locked, passphrase, keeper=found.keeper)
    try:
        identities = [
            {
                "at": one.created_at,
                "value": keys.open_identity(one.value, one.share, pair, identity_id=one.identity_id, custodian_id=found.keeper.id),
            }
            for one in found.shares
        ]
    except Sealed:
        raise Mistake("custody-key-changed") from None
    return keys.seal_view(identities, found.view_key, opening_id=found.opening.id)


def approve(session: Session, act: Act, *, opening_id: int, content: bytes | None) -> OpeningSeen:
    """Once: of two who press at the same moment one is told that it is answered already. Raises Mistake."""
    opening = to_decide(session, act.ward_id, opening_id, officer_id=act.officer_id, now=act.now)
    is_settled = rows.settle(
        session,
        opening_id,
        status="approved",
        asked_after=act.now - ANSWERED_WITHIN,
        now=act.now,
        officer_id=act.officer_id,
        content=content,
        open_until=act.now + OPEN_FOR[opening.what],
    )
    if not is_settled:
        raise Mistake("custody-answered")
    note(session, act, f"{opening.what}_approved", tip_id=opening.tip_id, opening=opening_id)
    return opening


def refuse(session: Session, act: Act, *, opening_id: int, reason: str) -> None:
    opening = to_decide(session, act.ward_id, opening_id, officer_id=act.officer_id, now=act.now)
    after = act.now - ANSWERED_WITHIN
    if not rows.settle(session, opening_id, status="refused", asked_after=after, now=act.now, officer_id=act.officer_id):
        raise Mistake("custody-answered")
    note(session, act, f"{opening.what}_refused", tip_id=opening.tip_id, secret=reason, opening=opening_id)


# -- looking -------------------------------------------------------------------------------------------------------------------


def identities_in(session: Session, ward_id: int, opening_id: int, pair: Pair | None, *, officer_id: int, now: int) -> list[dict[str, Any]]:
    """Opened with the key of this browser. Nothing is noted yet: see `note_seen`, which comes before anybody sees it."""
    view = _view(session, ward_id, opening_id, pair, officer_id=officer_id, what="identity", now=now)
    assert pair is not None
    try:
        identities: list[dict[str, Any]] = keys.open_view(view.content or b"", pair, opening_id=opening_id)
    except Sealed:
        raise Mistake("custody-other-browser") from None
    return identities


def files_in(session: Session, ward_id: int, opening_id: int, pair: Pair | None, *, officer_id: int, now: int) -> list[OriginalFile]:
    _view(session, ward_id, opening_id, pair, officer_id=officer_id, what="originals", now=now)
    opening = rows.opening(session, ward_id, opening_id)
    return rows.originals_of(session, ward_id, opening.tip_id) if opening else []


def _view(session: Session, ward_id: int, opening_id: int, pair: Pair | None, *, officer_id: int, what: What, now: int) -> rows.ViewSeen:
    view = rows.view_of(session, ward_id, opening_id, officer_id=officer_id, what=what, now=now)
    asked = rows.opening(session, ward_id, opening_id)
    if view is None or asked is None or not access.may_read(session, ward_id, officer_id, asked.tip_id):
        raise Mistake("custody-view-over")
    if pair is None or pair.public != view.view_key:
        raise Mistake("custody-other-browser")
    return view


def note_seen(session: Session, act: Act, *, opening_id: int, what: What, tip_id: int) -> None:
    """Before the page leaves; looks are never merged."""
    if not rows.note_seen(session, opening_id, now=act.now):
        raise Mistake("custody-view-over")
    note(session, act, f"{what}_seen", tip_id=tip_id, opening=opening_id)


# -- by itself -----------------------------------------------------------------------------------------------------------------


def tidy(session: Session, *, now: int, draw: Callable[[], int]) -> int:
    """Minutes that are over, and requests nobody answered. How many requests ran out: while it is not 0, there may be more."""
    rows.erase_views(session, now=now)
    late = rows.run_out(session, asked_before=now - ANSWERED_WITHIN)
    for opening_id, ward_id, tip_id, what in late:
        if rows.expire(session, opening_id, now=now):
            remember(
                session,
                history_id=draw(),
                ward_id=ward_id,
                tip_id=tip_id,
                now=now,
                actor="system",
                what=f"{what}_expired",
                opening=opening_id,
            )
    return len(late)


# -- originals as one file -----------------------------------------------------------------------------------------------------


def packed(files: list[tuple[OriginalFile, bytes | None]], *, tail: str) -> bytes:
    """A ZIP with the exact bytes, what `sha256sum -c` reads, and a table for people. Slow for many files: for a thread."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        table = [["file", "kind", "type", "bytes", "sha256", "arrived", "tip"]]
        sums = []
        for number, (file, content) in enumerate(files, 1):
            name = f"{number}.{_ENDINGS.get(file.mime, 'bin')}"
            arrived = moments.local(file.arrived_at)
            if content is not None:
                archive.writestr(zipfile.ZipInfo(name, date_time=arrived.timetuple()[:6]), content)
                sums.append(f"{file.sha256}  {name}\n")
            shown = name if content is not None else f"{name} (missing)"
            table.append([shown, file.kind, file.mime, str(file.size), file.sha256, arrived.isoformat(timespec="seconds"), f"…{tail}"])
        archive.writestr("SHA256SUMS", "".join(sums))
        text = io.StringIO()
        csv.writer(text).writerows(table)
        archive.writestr("manifest.csv", "\ufeff" + text.getvalue())  # The mark is for spreadsheets, which guess wrong without it.
    return out.getvalue()


def is_exact(file: OriginalFile, content: bytes) -> bool:
    return not file.sha256 or hashlib.sha256(content).hexdigest() == file.sha256
