"""Opening a house that was restored: a person says that the old machine is off, and what shall become of held answers. And how long a
house did not run."""

from sqlmodel import Session

from storage import moments
from storage.queries import house, leases, zalo_posts
from storage.queries.history import remember


def open_house(session: Session, ward_id: int, *, officer_id: int, send_held: bool, history_id: int, now: int) -> bool:
    """False when somebody else was first: then nothing changes, and held answers go as the first one said."""
    if not house.open_house(session):
        return False
    zalo_posts.know_from_now(session, ward_id, now=now)
    held = house.count_held(session, ward_id)
    sent = house.release_held(session, ward_id, now=now) if send_held else 0
    remember(
        session,
        history_id=history_id,
        ward_id=ward_id,
        tip_id=None,
        now=now,
        actor=f"officer:{officer_id}",
        what="house_opened",
        held=held,
        released=sent,
    )
    return True


AWAY_AFTER = 5 * moments.MINUTE  # It says that it runs every minute.


def note_alive(session: Session, ward_id: int, *, history_id: int, now: int) -> None:
    """Once a minute. Where the last time is long ago, that stretch stands in the history."""
    last = leases.note_alive(session, ward_id=ward_id, now=now)
    if last and now - last > AWAY_AFTER:  # A house that was restored says so itself: its time begins anew.
        who = {"actor": "system", "what": "house_away"}
        remember(session, history_id=history_id, ward_id=ward_id, tip_id=None, now=now, since=last, until=now, **who)
