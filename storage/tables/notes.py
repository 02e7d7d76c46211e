"""What officers write among themselves about a tip, and who has its page open just now."""

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from storage.tables.columns import link, maybe_moment, moment, row_id, sealed, ward_id


class TipNote(SQLModel, table=True):
    """An internal note. It is never changed; its writer may strike it out, and it still stands there."""

    __tablename__ = "tip_notes"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    words: bytes | None = sealed()  # Under the tip's ring.
    written_by: int = link("officers.id", index=False)
    written_at: int = moment()
    struck_at: int | None = maybe_moment()


class TipViewer(SQLModel, table=True):
    """An officer who has a tip's page open. One row for both, renewed while the page is open, and over by itself."""

    __tablename__ = "tip_viewers"
    __table_args__ = (UniqueConstraint("tip_id", "officer_id", name="uq_tip_viewers_who"),)

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id", index=False)
    officer_id: int = link("officers.id", index=False)
    since: int = moment()
    until: int = moment()
