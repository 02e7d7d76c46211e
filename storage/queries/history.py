"""The history: rows that are only ever added, and the chain over them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from storage.queries.rings import tip_ring
from storage.quick import as_json, insert
from storage.tables import HistoryRow
from storage.vault import Place
from storage.ward_keys import ward_keys

_INSERT = insert("history", "id", "ward_id", "tip_id", "at", "actor", "what", "detail", "secret")


def remember(
    session: Session,
    *,
    history_id: int,
    ward_id: int,
    tip_id: int | None,
    now: int,
    actor: str,
    what: str,
    secret: str = "",
    **detail: Any,
) -> None:
    """`secret` is what somebody wrote; it is sealed under the tip's ring. `detail` is ids, words of ours and marks alone."""
    sealed = tip_ring(session, tip_id).seal_text(secret, secret_place(history_id)) if secret and tip_id is not None else None
    _INSERT.run(
        session,
        id=history_id,
        ward_id=ward_id,
        tip_id=tip_id,
        at=now,
        actor=actor,
        what=what,
        detail=as_json(detail),
        secret=sealed,
    )


_OF_TIP = (
    select(HistoryRow)
    .where(
        col(HistoryRow.ward_id) == bindparam("ward"),
        col(HistoryRow.tip_id) == bindparam("tip"),
        col(HistoryRow.what).in_(bindparam("whats", expanding=True)),
    )
    .order_by(col(HistoryRow.at), col(HistoryRow.id))
)


def lines_of_tip(session: Session, ward_id: int, tip_id: int, whats: Collection[str]) -> Iterable[HistoryRow]:
    """Those that say one of `whats`, oldest first."""
    return session.execute(_OF_TIP, {"ward": ward_id, "tip": tip_id, "whats": list(whats)}).scalars()


def was_noted(session: Session, tip_id: int, *, actor: str, what: str, since: int) -> bool:
    query = select(col(HistoryRow.id)).where(
        col(HistoryRow.tip_id) == tip_id, col(HistoryRow.actor) == actor, col(HistoryRow.what) == what, col(HistoryRow.at) > since
    )
    return session.execute(query.limit(1)).first() is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened to an officer's account, or to the key of identities that an officer keeps."""

    at: int
    actor: str
    what: str
    officer_id: int
    why: str


def steps(session: Session, ward_id: int, *, about: str, most: int) -> list[Step]:
    """Newest first. `about`: "custodian" or "officer"."""
    query = (
        select(HistoryRow)
        .where(
            col(HistoryRow.ward_id) == ward_id,
            col(HistoryRow.tip_id).is_(None),
            col(HistoryRow.what).startswith(f"{about}_", autoescape=True),
        )
        .order_by(col(HistoryRow.id).desc())
        .limit(most)
    )
    return [
        Step(at=row.at, actor=row.actor, what=row.what, officer_id=int(row.detail.get("officer", 0)), why=str(row.detail.get("why", "")))
        for row in session.execute(query).scalars()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookStep:
    """Somebody changed what the ward says. `about` is a key or a code of ours, or a number; never the words."""

    at: int
    actor: str
    what: str
    about: str
    language: str


def book_steps(session: Session, ward_id: int, whats: tuple[str, ...], *, most: int) -> list[BookStep]:
    """Newest first."""
    query = (
        select(HistoryRow)
        .where(col(HistoryRow.ward_id) == ward_id, col(HistoryRow.tip_id).is_(None), col(HistoryRow.what).in_(whats))
        .order_by(col(HistoryRow.id).desc())
        .limit(most)
    )
    return [
        BookStep(
            at=row.at, actor=row.actor, what=row.what, about=str(row.detail.get("about", "")), language=str(row.detail.get("language", ""))
        )
        for row in session.execute(query).scalars()
    ]


def secret_place(history_id: int) -> Place:
    return Place("history", "secret", history_id)


def mark(session: Session, ward_id: int, *parts: str) -> str:
    """A keyed hash of what was said, for the history: it tells nothing, and a change of the words shows."""
    return ward_keys(session, ward_id).chain.hash("mark", *parts)
