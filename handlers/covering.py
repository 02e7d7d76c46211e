"""An officer blacks out faces and plates in a copy of a photo, before anything of it leaves the desk. What was sent in stays untouched."""

import math
import re
from collections.abc import Mapping

from sqlmodel import Session

from handlers import access
from handlers.acts import Act, note
from handlers.officers import Mistake
from storage.covering import MOST_BOXES, TURNS, Box, Cover
from storage.queries import covered as rows
from storage.queries.covered import NewCovered
from storage.vault import Shredded

SIDES = ("trai", "tren", "rong", "cao")  # Left, top, width, height, in percent; each with the number of its box behind it.
MOST_COPIES = 20  # Of one photo.
_ROW = re.compile(r"trai(\d{1,3})")


def typed_boxes(form: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The boxes as they were typed, those that stand empty left out."""
    numbers = sorted(int(found[1]) for name in form if (found := _ROW.fullmatch(name)))
    typed = [tuple(form.get(f"{side}{number}", "").strip() for side in SIDES) for number in numbers]
    return [box for box in typed if any(box)]


def turn_of(value: str) -> int | None:
    return int(value) if value in {str(turn) for turn in TURNS} else None


def checked(form: Mapping[str, str]) -> Cover:
    """Raises Mistake."""
    turn, typed = turn_of(form.get("xoay", "")), typed_boxes(form)
    if turn is None:  # The boxes would lie elsewhere than where they were seen.
        raise Mistake("cover-turn")
    if not typed:
        raise Mistake("cover-none")
    if len(typed) > MOST_BOXES:
        raise Mistake("cover-many")
    boxes = tuple(_box(one) for one in typed)
    if not any(box.clipped() for box in boxes):
        raise Mistake("cover-outside")
    return Cover(turn=turn, boxes=boxes)


def _box(typed: tuple[str, ...]) -> Box:
    try:
        left, top, width, height = (float(side.removesuffix("%").replace(",", ".")) for side in typed)
    except ValueError:
        raise Mistake("cover-numbers") from None
    if not all(math.isfinite(side) and abs(side) <= 1000 for side in (left, top, width, height)) or width <= 0 or height <= 0:
        raise Mistake("cover-numbers")
    return Box(left=left, top=top, width=width, height=height)


def keep(session: Session, act: Act, new: NewCovered, *, tip_id: int) -> None:
    """The copy lies on the disk already. Raises Mistake."""
    access.check(session, act, tip_id)
    if rows.count_covered(session, new.attachment_id) >= MOST_COPIES:
        raise Mistake("cover-enough")
    try:
        rows.keep(session, new, ward_id=act.ward_id, tip_id=tip_id, made_by=act.officer_id, now=act.now)
    except Shredded:
        raise Mistake("write-shredded") from None
    note(session, act, "photo_covered", tip_id=tip_id, attachment=new.attachment_id, covered=new.id, turn=new.turn, boxes=new.boxes)


def note_download(session: Session, act: Act, *, tip_id: int, attachment_id: int, covered_id: int) -> None:
    note(session, act, "covered_downloaded", tip_id=tip_id, attachment=attachment_id, covered=covered_id)
