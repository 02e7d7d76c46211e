"""What somebody does in an officer's name, and the line of the history that says so."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handlers.officers import Mistake
from storage.queries.history import remember
from storage.vault import Shredded


class Overtaken(Exception):
    """Something changed since the facts of a decision were read: decide once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who does it, when, and the id of the history row that says so. Ids are drawn before the transaction."""

    ward_id: int
    officer_id: int
    history_id: int
    now: int


def note(session: Session, act: Act, what: str, *, tip_id: int | None = None, secret: str = "", history_id: int = 0, **detail: Any) -> None:
    """`history_id`: of a second line for the same act. Raises Mistake where a `secret` is to stand under a key that was shredded: what
    nobody can give a reason for, nobody does."""
    try:
        remember(
            session,
            history_id=history_id or act.history_id,
            ward_id=act.ward_id,
            tip_id=tip_id,
            now=act.now,
            actor=f"officer:{act.officer_id}",
            what=what,
            secret=secret,
            **detail,
        )
    except Shredded:
        raise Mistake("write-shredded") from None
