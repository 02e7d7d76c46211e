"""The thread of a web chat: what the page shows again after a reload. Under the chat's ring."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from storage import moments
from storage.queries.rings import chat_ring
from storage.quick import Quick, insert
from storage.tables import WebMessage
from storage.tables.columns import table_of
from storage.vault import Place
from storage.ward_keys import ward_keys

THREAD_SHOWN = 200
_MESSAGES = table_of(WebMessage)
_KNOWN = Quick("SELECT id FROM web_messages WHERE chat_id = :chat_id AND client_id = :client_id")
_ONE = Quick("SELECT id, body, seq FROM web_messages WHERE chat_id = :chat_id AND client_id = :client_id AND body IS NOT NULL")
_OWN = Quick(
    "SELECT id, body FROM web_messages WHERE chat_id = :chat_id AND client_id = :client_id AND direction = 'in' AND body IS NOT NULL"
)
_OWN_SINCE = Quick(
    "SELECT id, body FROM web_messages WHERE chat_id = :chat_id AND direction = 'in' AND created_at >= :moment AND body IS NOT NULL"
)
_ANSWERS_SINCE = Quick(
    "SELECT id, body FROM web_messages WHERE chat_id = :chat_id AND direction = 'out' AND seq > :seq AND body IS NOT NULL"
)
_OUT = Quick("SELECT id, body FROM web_messages WHERE chat_id = :chat_id AND direction = 'out' AND body IS NOT NULL ORDER BY seq DESC")
_MASK = Quick("UPDATE web_messages SET body = :body WHERE id = :message_id")
_NEXT_SEQ = Quick("UPDATE chats SET thread_seq = thread_seq + 1 WHERE id = :chat_id RETURNING thread_seq")
_INSERT = insert("web_messages", "id", "ward_id", "chat_id", "seq", "direction", "client_id", "body", "created_at")
_THREAD = (
    select(_MESSAGES.c.id, _MESSAGES.c.seq, _MESSAGES.c.direction, _MESSAGES.c.body, _MESSAGES.c.created_at)
    .where(_MESSAGES.c.chat_id == bindparam("chat_id"), _MESSAGES.c.seq > bindparam("after"), _MESSAGES.c.body.is_not(None))
    .order_by(_MESSAGES.c.seq.desc())
    .limit(THREAD_SHOWN)
)


def is_known(session: Session, chat_id: int, client_id: str, *, ward_id: int) -> bool:
    return _KNOWN.run(session, chat_id=chat_id, client_id=_known_as(session, ward_id, client_id)).fetchone() is not None


def _known_as(session: Session, ward_id: int, client_id: str) -> str:
    """The browser made it, and may have put anything into it: what stands in clear is a keyed hash."""
    return ward_keys(session, ward_id).look_up.hash("thread", client_id)


def add(
    session: Session, chat_id: int, *, message_id: int, ward_id: int, direction: str, client_id: str, body: dict[str, Any], now: int
) -> int:
    """The place in the thread is counted in the chat's row, so places become visible in their order."""
    seq = int(_NEXT_SEQ.run(session, chat_id=chat_id).fetchone()[0])
    _INSERT.run(
        session,
        id=message_id,
        ward_id=ward_id,
        chat_id=chat_id,
        seq=seq,
        direction=direction,
        client_id=_known_as(session, ward_id, client_id),
        body=chat_ring(session, chat_id).seal_json({**body, "client_id": client_id}, _body_place(message_id)),
        created_at=now,
    )
    return seq


def thread(session: Session, chat_id: int, *, after: int, language: str) -> list[dict[str, Any]]:
    rows = session.execute(_THREAD, {"chat_id": chat_id, "after": after}).all()
    if not rows:
        return []
    ring = chat_ring(session, chat_id)
    return [
        {
            "seq": str(row.seq),
            "direction": row.direction,
            "clock": moments.clock_face(row.created_at),
            "day": moments.day_name(row.created_at, language),
            "photo": None,
            "paper": None,
            **ring.open_json(row.body, _body_place(row.id)),
        }
        for row in reversed(rows)
    ]


def _body_place(message_id: int) -> Place:
    return Place("web_messages", "body", message_id)


def mask(session: Session, chat_id: int, client_id: str, shown: str, *, ward_id: int, mask_id: int, now: int) -> None:
    """What the person said there stands in the thread no more, only that it was said. On other channels there is no such row."""
    row = _ONE.run(session, chat_id=chat_id, client_id=_known_as(session, ward_id, client_id)).fetchone()
    if row is not None:
        _rewrite(session, chat_id, (row[0], row[1]), {"text": shown}, ward_id=ward_id, mask_id=mask_id, now=now)


def unsay(
    session: Session, chat_id: int, client_id: str, shown: str, instead: str, *, ward_id: int, draw: Callable[[], int], now: int
) -> None:
    """The same for what was taken back; and `instead` of every answer of ours since then that repeats what was said."""
    row = _ONE.run(session, chat_id=chat_id, client_id=_known_as(session, ward_id, client_id)).fetchone()
    if row is None:
        return
    message_id, sealed, seq = row
    gone = {"text": shown, "taken_back": True}
    _rewrite(session, chat_id, (message_id, sealed), gone, ward_id=ward_id, mask_id=draw(), now=now)
    ring = chat_ring(session, chat_id)
    for answer_id, body in _ANSWERS_SINCE.run(session, chat_id=chat_id, seq=seq).fetchall():
        if ring.open_json(bytes(body), _body_place(answer_id)).get("quotes"):
            old = {"text": instead, "quotes": False}
            _rewrite(session, chat_id, (answer_id, body), old, ward_id=ward_id, mask_id=draw(), now=now)


def _rewrite(session: Session, chat_id: int, row: tuple[int, Any], change: dict[str, Any], *, ward_id: int, mask_id: int, now: int) -> None:
    """A row of its own tells it to pages that are open and have drawn the words already; it is never drawn itself."""
    message_id, sealed = row
    ring, place = chat_ring(session, chat_id), _body_place(message_id)
    body = ring.open_json(bytes(sealed), place) | change
    _MASK.run(session, message_id=message_id, body=ring.seal_json(body, place))
    add(
        session,
        chat_id,
        message_id=mask_id,
        ward_id=ward_id,
        direction="mask",
        client_id=f"mask:{mask_id}",
        body={**change, "masks": body["client_id"]},
        now=now,
    )


def own(session: Session, chat_id: int, client_id: str, *, ward_id: int) -> dict[str, Any] | None:
    """A message of the person's own in this very thread."""
    row = _OWN.run(session, chat_id=chat_id, client_id=_known_as(session, ward_id, client_id)).fetchone()
    return chat_ring(session, chat_id).open_json(bytes(row[1]), _body_place(row[0])) if row else None


def shows_file(session: Session, chat_id: int, file_id: int) -> bool:
    """Whether a message of this thread brought it: whoever has left quickly, or never was told, finds nothing."""
    ring, rows = chat_ring(session, chat_id), _OUT.run(session, chat_id=chat_id).fetchall()
    return any(ring.open_json(bytes(body), _body_place(row_id)).get("file") == file_id for row_id, body in rows)


def own_since(session: Session, chat_id: int, moment: int) -> list[str]:
    """What the browser calls them."""
    ring = chat_ring(session, chat_id)
    rows = _OWN_SINCE.run(session, chat_id=chat_id, moment=moment).fetchall()
    return [str(ring.open_json(bytes(body), _body_place(row_id))["client_id"]) for row_id, body in rows]


def forget_since(session: Session, chat_id: int, moment: int) -> None:
    """A draft that was left lying is said nowhere any more, not in the thread either."""
    session.execute(delete(_MESSAGES).where(_MESSAGES.c.chat_id == chat_id, _MESSAGES.c.created_at >= moment))


def clear(session: Session, chat_id: int) -> None:
    """Quick exit: the thread goes at once; the state and an unsent draft follow in the chat's lane."""
    session.execute(delete(_MESSAGES).where(_MESSAGES.c.chat_id == chat_id))
