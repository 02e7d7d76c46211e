"""Who wants warnings in their own chat: one row for each chat, kept and deleted with it.

Nothing here hands out a chat to the desk: it gets counts (`counted`), and sending gets rows of its own
(`storage/queries/warning_targets.py`).
"""

from collections import defaultdict

from sqlmodel import Session

from storage.quick import Quick, as_json, from_json, insert

_INSERT = insert("subscriptions", "id", "ward_id", "chat_id", "neighbourhood_id", "themes", "since")
_CHANGE = Quick("UPDATE subscriptions SET neighbourhood_id = :neighbourhood_id, themes = :themes WHERE chat_id = :chat_id RETURNING id")
_DROP = Quick("DELETE FROM subscriptions WHERE chat_id = :chat_id")
_COUNTED = Quick("SELECT neighbourhood_id, CAST(themes AS TEXT), COUNT(*) FROM subscriptions WHERE ward_id = :ward_id GROUP BY 1, 2")


def keep(session: Session, ward_id: int, *, row_id: int, chat_id: int, neighbourhood_id: int | None, themes: list[str], now: int) -> None:
    """Asked again, it is changed: nobody gets a warning twice."""
    values = {"neighbourhood_id": neighbourhood_id, "themes": as_json(sorted(themes))}
    if _CHANGE.run(session, chat_id=chat_id, **values).fetchone() is None:
        _INSERT.run(session, id=row_id, ward_id=ward_id, chat_id=chat_id, since=now, **values)


def drop(session: Session, chat_id: int) -> None:
    _DROP.run(session, chat_id=chat_id)


def counted(session: Session, ward_id: int) -> dict[int | None, dict[tuple[str, ...], int]]:
    """How many want which themes, by neighbourhood; no themes are all of them."""
    found: defaultdict[int | None, dict[tuple[str, ...], int]] = defaultdict(dict)
    for neighbourhood_id, themes, many in _COUNTED.run(session, ward_id=ward_id).fetchall():
        kept = tuple(from_json(themes) or ())
        found[neighbourhood_id][kept] = found[neighbourhood_id].get(kept, 0) + many
    return dict(found)
