"""Sights for tests of queries: who may read what is tested in tests/promises/test_access.py."""

from sqlalchemy import select
from sqlmodel import Session, col

from handlers import access, folders
from storage.queries import queue
from storage.queries.folders import Asks, Folder
from storage.queries.queue import ALL, Filters, Place
from storage.queries.sight import Sight
from storage.queries.tips import TipLine
from storage.tables import Officer


def all_of(ward_id: int) -> Sight:
    """Whoever reads all that is not fenced, as the chief does."""
    return Sight(ward_id=ward_id, kinds=frozenset({"", "chief"}), sees_stubs=True)


def readers(session: Session, ward_id: int, tip_id: int) -> set[int]:
    """Officers who may read this tip."""
    known = session.execute(select(col(Officer.id)).where(col(Officer.ward_id) == ward_id)).scalars()
    return {officer_id for officer_id in known if access.may_read(session, ward_id, officer_id, tip_id)}


def asking(sight: Sight, *, now: int, officer_id: int = 0) -> Asks:
    return folders.asks(sight, officer_id, now=now)


def in_folder(
    session: Session, asks: Asks, folder: Folder = "all", *, filters: Filters = ALL, after: Place | None = None, limit: int = 9
) -> list[TipLine]:
    return [row.tip for row in queue.page(session, asks, folder, filters, after=after, limit=limit).rows]
