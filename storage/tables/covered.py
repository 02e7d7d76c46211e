from sqlmodel import SQLModel

from storage.tables.columns import link, moment, row_id, sealed, ward_id


class CoveredPhoto(SQLModel, table=True):
    """A copy of a photo with parts blacked out by an officer. The photo it was made from, and the original, stay as they are."""

    __tablename__ = "covered_photos"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    attachment_id: int = link("attachments.id")
    turn: int  # Clockwise: 0, 90, 180, 270.
    boxes: int  # How many; where they were, the picture shows.
    width: int
    height: int
    place: str = ""  # Inside the media folder, sealed; empty once the tip is shredded.
    file_key: bytes | None = sealed()  # Under the tip's ring.
    made_by: int = link("officers.id", index=False)
    made_at: int = moment()
