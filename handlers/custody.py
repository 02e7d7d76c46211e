"""Taking an identity in: the only thing that can be done with one without a custodian.

The caller's transaction seals it at once, so that nothing of it is ever stored in a form this machine could read back.
"""

from collections.abc import Callable

from sqlmodel import Session

from storage.custody import seal_identity
from storage.queries import custody
from storage.queries.custody import active_custodians as active_custodians


class NoCustodian(Exception):
    """Nobody keeps a key, so nothing can be sealed: only anonymous may be offered."""


def take_in(
    session: Session,
    *,
    ward_id: int,
    tip_id: int,
    identity_id: int,
    draw: Callable[[], int],
    value: dict[str, str],
    now: int,
) -> None:
    """One identity and a share for each active custodian; `draw` makes the ids of shares. Raises NoCustodian.

    The caller notes in the tip's history that a name was given, and keeps nothing else of `value` anywhere.
    """
    custody.one_at_a_time(session)
    keys = active_custodians(session, ward_id)
    if not keys:
        raise NoCustodian
    sealed, shares = seal_identity(value, keys, identity_id=identity_id)
    custody.add_identity(session, identity_id=identity_id, ward_id=ward_id, tip_id=tip_id, value=sealed, now=now)
    for custodian_id, share in shares.items():
        custody.add_share(session, share_id=draw(), ward_id=ward_id, identity_id=identity_id, custodian_id=custodian_id, share=share)
