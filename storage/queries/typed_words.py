"""What an officer had half written when the desk locked: one for each, under a key of its own, and no longer than a day."""

from dataclasses import dataclass

from sqlmodel import Session

from storage import moments
from storage.quick import Quick
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of

KEPT_FOR = moments.DAY
_FORGET = Quick("DELETE FROM typed_words WHERE officer_id = :officer_id")
_KEEP = Quick(
    "INSERT INTO typed_words (id, ward_id, officer_id, data_key, body, kept_at)"
    " VALUES (:row_id, :ward_id, :officer_id, :data_key, :body, :now)"
    " ON CONFLICT (officer_id) DO UPDATE"
    " SET id = excluded.id, data_key = excluded.data_key, body = excluded.body, kept_at = excluded.kept_at"
)
_OF_OFFICER = Quick("SELECT id, data_key, body FROM typed_words WHERE officer_id = :officer_id AND kept_at > :since")
_OVER = Quick("DELETE FROM typed_words WHERE kept_at <= :before")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    words: str
    page: str


def keep(session: Session, *, row_id: int, ward_id: int, officer_id: int, words: str, page: str, now: int) -> None:
    """In the place of what was kept before."""
    ring = Ring.fresh()
    body = ring.seal_json({"words": words, "page": page}, _body_place(row_id))
    wrapped = vault_of(session).wrap(ring, _key_place(row_id))
    _KEEP.run(session, row_id=row_id, ward_id=ward_id, officer_id=officer_id, data_key=wrapped, body=body, now=now)


def of_officer(session: Session, officer_id: int, *, now: int) -> Typed | None:
    row = _OF_OFFICER.run(session, officer_id=officer_id, since=now - KEPT_FOR).fetchone()
    if row is None:
        return None
    try:
        found = vault_of(session).unwrap(bytes(row[1]), _key_place(row[0])).open_json(bytes(row[2]), _body_place(row[0]))
    except (Sealed, Shredded, WrongMaster):  # Nobody is kept from the desk by a broken cell.
        return None
    return Typed(words=str(found["words"]), page=str(found["page"]))


def forget(session: Session, officer_id: int) -> None:
    _FORGET.run(session, officer_id=officer_id)


def forget_old(session: Session, *, now: int) -> None:
    _OVER.run(session, before=now - KEPT_FOR)


def _key_place(row_id: int) -> Place:
    return Place("typed_words", "data_key", row_id)


def _body_place(row_id: int) -> Place:
    return Place("typed_words", "body", row_id)
