"""Words that went out in the account's name and were not ours: somebody answered a resident in Zalo's own console, or a program that is
not this house did. They stand in no tip, so they are told to a person.

Never of our own: an answer whose id has not come yet, or never came because we died in that moment, is waited for and taken for ours.
"""

from collections.abc import Iterator

from sqlmodel import Session

from storage import moments
from storage.queries import held_events, zalo_posts
from storage.queries.history import remember
from storage.queries.zalo_posts import Told, ToldBy

CHANNEL = "zalo_oa"
WAIT_FOR_ANSWER = moments.MINUTE  # An answer of Zalo's that names our message takes a quarter of that at most.
_AROUND = 5 * moments.MINUTE  # How far their clock and ours may be apart.
MOST = 50  # In one go.
# What was proved: that the ids Zalo tells of are the ones it gave us. Before that, a strange id means nothing.
_PROOF = {"event": "ids_told", "fetched": "ids_fetched"}


def prove(session: Session, ward_id: int, by: ToldBy, *, row_id: int, now: int) -> None:
    if by in _PROOF and _PROOF[by] not in held_events.marks(session, ward_id, CHANNEL):
        held_events.mark(session, ward_id, CHANNEL, _PROOF[by], row_id=row_id, now=now)


def judge(session: Session, ward_id: int, *, ids: Iterator[int], now: int) -> int:
    """What nobody claimed in time. How many were not ours. `ids`: two for each of `MOST`, drawn before."""
    before = now - WAIT_FOR_ANSWER
    told = zalo_posts.unsure(session, ward_id, before=before, most=MOST)
    if not told:
        return 0
    known_from, proved = zalo_posts.known_from(session, ward_id, now=now), held_events.marks(session, ward_id, CHANNEL)
    found = 0
    for one in sorted(told, key=lambda one: one.told_by == "person"):
        is_somebodys = one.told_by == "person" or (one.at >= known_from and _PROOF[one.told_by] in proved)
        # Zalo names the person who typed it: then it is not taken for an answer of ours.
        if one.told_by != "person" and zalo_posts.take_for_ours(session, ward_id, one, within=_AROUND, before=before):
            continue
        if zalo_posts.settle(session, one.id, "outside" if is_somebodys else "passed") and is_somebodys:
            _note(session, ward_id, one, ids=ids, now=now)
            found += 1
    return found


def _note(session: Session, ward_id: int, one: Told, *, ids: Iterator[int], now: int) -> None:
    """Of what was said nothing, and to whom neither."""
    held_events.mark(session, ward_id, CHANNEL, "by_hand", row_id=next(ids), now=now)
    who = {"actor": "system", "what": "answered_outside"}
    remember(session, history_id=next(ids), ward_id=ward_id, tip_id=None, now=now, said_at=one.at, by=one.told_by, **who)
