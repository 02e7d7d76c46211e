"""Copies of photos with parts blacked out: who made them, and where they lie. Read as far as their photo may be."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from storage.queries.rings import tip_ring
from storage.queries.sight import Sight
from storage.queries.tips import FileSource, Reader, file_with_tip
from storage.quick import insert
from storage.tables import Attachment, CoveredPhoto, Tip
from storage.vault import Place, Sealed

_INSERT = insert(
    "covered_photos",
    *("id", "ward_id", "tip_id", "attachment_id", "turn", "boxes", "width", "height", "place", "file_key", "made_by", "made_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCovered:
    """Sealed, and on the disk under its name."""

    id: int
    attachment_id: int
    turn: int
    boxes: int
    width: int
    height: int
    place: str
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredSeen:
    id: int
    boxes: int
    width: int
    height: int
    made_by: int
    made_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSeen:
    """A photo of a tip, between its neighbours."""

    id: int
    tip_id: int
    letter_id: int | None
    status: str
    note: str
    width: int
    height: int
    is_shredded: bool
    number: int  # Among the photos that can be looked at, from 1; 0 for one that cannot.
    of: int
    before: int | None
    after: int | None
    covered: tuple[CoveredSeen, ...]  # Newest first.


def photo_of(session: Session, sight: Sight, attachment_id: int) -> PhotoSeen | None:
    """None: it is no photo that was sent in, or not for these eyes."""
    row = file_with_tip(session, sight, attachment_id, col(Attachment.status) != "withdrawn", col(Attachment.sent_by).is_(None))
    if row is None:
        return None
    photo, tip = row
    if (photo.kind != "photo" and not photo.width) or (photo.letter_id is not None and not sight.reads_letters):
        return None
    ids = _neighbours(session, photo)
    at = ids.index(photo.id) if photo.id in ids else None
    return PhotoSeen(
        id=photo.id,
        tip_id=tip.id,
        letter_id=photo.letter_id,
        status=photo.status,
        note=photo.note,
        width=photo.width,
        height=photo.height,
        is_shredded=tip.data_key is None or tip.state == "paper",
        number=0 if at is None else at + 1,
        of=len(ids),
        before=ids[at - 1] if at else None,
        after=ids[at + 1] if at is not None and at + 1 < len(ids) else None,
        covered=_covered(session, photo.id),
    )


def _neighbours(session: Session, photo: Attachment) -> list[int]:
    """In the order in which the tip's page shows them."""
    of_same = col(Attachment.letter_id).is_(None) if photo.letter_id is None else col(Attachment.letter_id) == photo.letter_id
    can_be_seen = (col(Attachment.status) == "stored", col(Attachment.width) > 0, col(Attachment.sent_by).is_(None))
    query = select(col(Attachment.id)).where(col(Attachment.tip_id) == photo.tip_id, of_same, *can_be_seen)
    return list(session.execute(query.order_by(col(Attachment.id))).scalars())


def _covered(session: Session, attachment_id: int) -> tuple[CoveredSeen, ...]:
    query = select(CoveredPhoto).where(col(CoveredPhoto.attachment_id) == attachment_id, col(CoveredPhoto.file_key).is_not(None))
    return tuple(
        CoveredSeen(id=row.id, boxes=row.boxes, width=row.width, height=row.height, made_by=row.made_by, made_at=row.made_at)
        for row in session.execute(query.order_by(col(CoveredPhoto.id).desc())).scalars()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredOfTip:
    """One that may be sent along to the resident."""

    id: int
    attachment_id: int
    photo: int  # The photo's number on the tip's page.
    number: int  # Among the covered copies of that photo, from 1.
    width: int
    height: int
    made_at: int


def of_tip(session: Session, tip_id: int) -> tuple[CoveredOfTip, ...]:
    """Without photos that came with a letter: those are no business of who writes to the resident."""
    query = (
        select(CoveredPhoto, Attachment)
        .join(Attachment, col(Attachment.id) == col(CoveredPhoto.attachment_id))
        .where(col(CoveredPhoto.tip_id) == tip_id, col(CoveredPhoto.file_key).is_not(None), col(Attachment.letter_id).is_(None))
        .order_by(col(CoveredPhoto.attachment_id), col(CoveredPhoto.id))
    )
    found, counted = list(session.execute(query)), Counter[int]()
    photos = _neighbours(session, found[0][1]) if found else []
    seen = []
    for one, photo in found:
        counted[photo.id] += 1
        about = {"photo": photos.index(photo.id) + 1, "number": counted[photo.id], "width": one.width, "height": one.height}
        seen.append(CoveredOfTip(id=one.id, attachment_id=photo.id, made_at=one.made_at, **about))
    return tuple(seen)


def count_covered(session: Session, attachment_id: int) -> int:
    return len(_covered(session, attachment_id))


def covered_copy(session: Session, sight: Sight, attachment_id: int, covered_id: int) -> FileSource | None:
    row = session.execute(
        select(CoveredPhoto, Attachment, Tip)
        .join(Attachment, col(Attachment.id) == col(CoveredPhoto.attachment_id))
        .join(Tip, col(Tip.id) == col(CoveredPhoto.tip_id))
        .where(
            col(CoveredPhoto.ward_id) == sight.ward_id,
            col(CoveredPhoto.id) == covered_id,
            col(CoveredPhoto.attachment_id) == attachment_id,
        )
    ).first()
    if row is None or not sight.reads(row[2]) or (row[1].letter_id is not None and not sight.reads_letters):
        return None
    covered, _photo, tip = row
    ring = Reader.of(session, tip).ring
    if ring is None or covered.file_key is None or not covered.place:
        return None
    try:
        key = ring.open(covered.file_key, covered_key_place(covered.id))
    except Sealed:
        return None
    return FileSource(tip_id=tip.id, place=covered.place, key=key, mime="image/jpeg", kind="photo")


def keep(session: Session, new: NewCovered, *, ward_id: int, tip_id: int, made_by: int, now: int) -> None:
    """Raises Shredded when the tip has no key any more."""
    _INSERT.run(
        session,
        id=new.id,
        ward_id=ward_id,
        tip_id=tip_id,
        attachment_id=new.attachment_id,
        turn=new.turn,
        boxes=new.boxes,
        width=new.width,
        height=new.height,
        place=new.place,
        file_key=tip_ring(session, tip_id).seal(new.key, covered_key_place(new.id)),
        made_by=made_by,
        made_at=now,
    )


def covered_key_place(covered_id: int) -> Place:
    return Place("covered_photos", "file_key", covered_id)
