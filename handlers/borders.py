"""Changes of the borders the map is drawn on. Each stands in the history with who did it and for which neighbourhoods."""

from collections.abc import Sequence

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.border_files import Area
from storage.queries import borders as rows


def keep(session: Session, act: Act, areas: Sequence[Area], *, ids: list[int]) -> None:
    """`ids` are as many as areas, drawn before."""
    rows.keep_borders(session, act.ward_id, {area.home: area.shape for area in areas}, ids=ids, officer_id=act.officer_id, now=act.now)
    note(session, act, "borders_imported", count=len(areas), homes=[area.home for area in areas if area.home is not None])


def drop(session: Session, act: Act) -> None:
    if count := rows.drop_borders(session, act.ward_id):
        note(session, act, "borders_dropped", count=count)
