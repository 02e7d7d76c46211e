"""A ward's own keys, each random and each for one purpose. They stand in the database, wrapped."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.keyed import Keyed
from storage.vault import Ring, vault_of

PURPOSES = ("look-up", "search", "chain")


@dataclass(frozen=True, slots=True, repr=False)
class WardKeys:
    look_up: Keyed  # Chats, messages, codes, cookies: how we know again what we do not keep.
    search: Ring  # Several while a renewed index is being made.
    chain: Keyed  # Links of the history, and the marks in it of what was said.


def ward_keys(session: Session, ward_id: int) -> WardKeys:
    keys: WardKeys = vault_of(session).wards[ward_id]
    return keys
