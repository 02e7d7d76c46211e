"""How often a neighbourhood is warned: who hears a gong every day hears none. A note for whoever releases, and no lock."""

from sqlmodel import Session

from storage import moments
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen

WITHIN = 7 * moments.DAY
_SAID = ("released", "sending", "paused", "done", "cancelled", "expired")
_MOST = 100


def lately(session: Session, ward_id: int, warning: WarningSeen, *, now: int) -> list[WarningSeen]:
    """Ordinary warnings of the last days to one of the same areas, newest first. What cannot wait is never too much."""
    if warning.is_urgent or warning.kind != "warning":
        return []
    found = rows.newest(session, ward_id, states=_SAID, most=_MOST)
    return [one for one in found if one.id != warning.id and _is_ordinary(one, now) and _share(one.areas, warning.areas)]


def _is_ordinary(one: WarningSeen, now: int) -> bool:
    return one.kind == "warning" and not one.is_urgent and (one.released_at or 0) > now - WITHIN


def _share(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """No areas at all are the whole ward."""
    return not one or not other or bool(set(one) & set(other))
