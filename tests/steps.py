"""The way of a tip to where it can be ended, as officers would go it."""

from sqlmodel import Session

from handlers import lifecycle, steps, tips
from handlers.acts import Act
from handlers.messages import Ward
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import steps as rows

REASON = {"reason": "đã xem kỹ nội dung"}
FORMS: dict[str, dict[str, str]] = {
    "enter": {"kind": "report"},
    "set-aside": REASON,
    "classify": {"track": "C", **REASON},
    "approved-by-phone": {"adviser": "Trung tá Bình", "hour": "21:30"},
    "give-back": REASON,
    "classify-anew": {"track": "A", **REASON},
    "report": {"agency": "Cơ quan Cảnh sát điều tra", "way": "phone"},
    "report-beside": {"agency": "Cơ quan Cảnh sát điều tra", "way": "phone"},
    "transfer": {
        **{f"paper-{paper}": "there" for paper in lifecycle.PAPERS},
        "agency": "Cơ quan Cảnh sát điều tra",
        "receiver": "Đại úy Nam, đội 3",
        "number": "12/PC",
        "day": "2027-01-15",
    },
    "acknowledged": {"agency": "Cơ quan Cảnh sát điều tra", "day": "2027-01-15"},
    **{name: {"number": "7/QĐ", "day": "2027-01-15"} for name in ("prolonged", "extended", "resumed")},
    "suspended": {"awaited": "expertise", "number": "7/QĐ", "day": "2027-01-15"},
    "settled": {"result": "opened", "number": "8/TB", "day": "2027-01-15"},
    "fine": REASON,
    "fine-after": {"agency": "Chủ tịch Ủy ban nhân dân phường", "number": "9/HS", "day": "2027-01-15"},
    "guide": {"agency": "Ủy ban nhân dân phường", "contact": "số 5 phố Chợ, 0225 3456 789"},
    "keep": REASON,
    "take-back": REASON,
}


def go(session: Session, ward: Ward, officer_id: int, tip_id: int, *names: str, now: int, **changed: str) -> None:
    """Each move with a plain form. A tip nobody has accepted is accepted first."""
    for name in names:
        tip = rows.stands(session, ward.id, tip_id)
        if tip is not None and not tip.is_accepted:
            tips.accept_tip(session, ward.id, tip_id=tip_id, officer_id=officer_id, history_id=new_id(), now=now)
        form = {**FORMS.get(name, {}), **changed}
        if "day" in form and "day" not in changed:
            form["day"] = _today(now)
        given = steps.checked(lifecycle.BY_NAME[name], form, now=now)
        act = Act(ward_id=ward.id, officer_id=officer_id, history_id=new_id(), now=now)
        steps.move(session, ward, act, tip_id=tip_id, name=name, given=given, draw=new_id)


def ripen(session: Session, ward: Ward, officer_id: int, tip_id: int, *, now: int) -> None:
    """Entered, classified as administrative, approved and handled: it can be ended now."""
    go(session, ward, officer_id, tip_id, "enter", "classify", "approve", "fine", now=now)


def refused(session: Session, ward: Ward, officer_id: int, tip_id: int, name: str, *, now: int, **changed: str) -> str:
    try:
        go(session, ward, officer_id, tip_id, name, now=now, **changed)
    except Mistake as mistake:
        return mistake.key
    return ""


def _today(now: int) -> str:
    return moments.local(now).date().isoformat()
