"""What goes back and forth after a tip was sent: notices, questions, appeals, and what a chat or a code may see of its tips."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from storage.queries.rings import tip_ring
from storage.quick import Quick, insert
from storage.vault import Place, Ring, Sealed, Shredded, vault_of

# A chief took it, had it to do, or acted on it: what is said against that goes to the very officer it is about.
_IS_CHIEFS_WORK = (
    "EXISTS (SELECT 1 FROM officers o WHERE o.ward_id = tips.ward_id AND o.role = 'chief' AND o.disabled_at IS NULL"
    " AND (o.id = tips.accepted_by OR o.id = tips.handler_id OR EXISTS (SELECT 1 FROM history h WHERE h.tip_id = tips.id"
    " AND h.what IN ('accepted', 'moved', 'question_asked', 'told', 'closed', 'reopened')"
    " AND h.actor = 'officer:' || CAST(o.id AS TEXT))))"
)
# What a paper file holds instead reads as shredded from the moment two people agreed.
_SEEN = (
    "id, code_tail, arrived_at, accepted_at, closed_at, category, restricted, urgent_at,"
    " CASE WHEN state = 'paper' THEN NULL ELSE data_key END, rating, state, book_number, book_year,"
    f" {_IS_CHIEFS_WORK}"
)
# Something to be read brings an older tip among the newest: "xem" must find it.
_MINE = Quick(
    f"SELECT {_SEEN} FROM tips WHERE chat_id = :chat_id AND arrived_at IS NOT NULL"
    " ORDER BY EXISTS (SELECT 1 FROM notices n WHERE n.tip_id = tips.id AND n.read_at IS NULL AND n.body IS NOT NULL) DESC,"
    " arrived_at DESC LIMIT :most"
)
_BY_CODE = Quick(f"SELECT {_SEEN} FROM tips WHERE code_hash = :code_hash")
_CHIEFS_WORK = Quick(f"SELECT {_IS_CHIEFS_WORK} FROM tips WHERE id = :tip_id")
_IS_GONE = Quick("SELECT data_key IS NULL OR state = 'paper' FROM tips WHERE id = :tip_id")
_UNREAD = Quick(
    "SELECT id, kind, body, question_id FROM notices WHERE tip_id = :tip_id AND read_at IS NULL AND body IS NOT NULL ORDER BY id"
)
_TOLD = Quick(
    "SELECT n.id, n.body, n.question_id, n.created_at, n.read_at, q.settled_at, q.outcome"
    " FROM notices n LEFT JOIN questions q ON q.id = n.question_id"
    " WHERE n.tip_id = :tip_id AND n.body IS NOT NULL ORDER BY n.id"
)
_ASKED = Quick(
    "SELECT q.id, q.tip_id, t.code_tail, n.read_at FROM tips t JOIN questions q ON q.tip_id = t.id"
    " JOIN notices n ON n.tip_id = t.id AND n.question_id = q.id"
    " WHERE t.chat_id = :chat_id AND t.data_key IS NOT NULL AND q.settled_at IS NULL AND n.read_at > :since"
    " ORDER BY n.read_at DESC LIMIT 1"
)
_SAID = Quick("SELECT 1 FROM pieces WHERE tip_id = :tip_id AND source_hash = :source_hash LIMIT 1")
_SAID_IN = Quick(
    "SELECT t.id, t.code_tail, t.danger FROM pieces p JOIN tips t ON t.id = p.tip_id"
    " WHERE p.source_hash = :source_hash AND t.chat_id = :chat_id AND t.arrived_at IS NOT NULL AND t.data_key IS NOT NULL"
    " ORDER BY t.arrived_at DESC LIMIT 1"
)
_READ = Quick("UPDATE notices SET read_at = :now WHERE id = :notice_id AND tip_id = :tip_id AND read_at IS NULL")
_ALL_READ_BUT = Quick("SELECT 1 FROM notices WHERE tip_id = :tip_id AND read_at IS NULL AND knocked_at IS NOT NULL LIMIT 1")
# What waits because it would cost is tried again; what a platform itself has refused waits for the person all the same.
_PRESS_KNOCK = Quick(
    "UPDATE outbox SET is_pressing = :yes, due_at = CASE WHEN status = 'parked' THEN :now ELSE due_at END, status = 'waiting'"
    " WHERE id IN (SELECT outbox_id FROM notices WHERE tip_id = :tip_id AND read_at IS NULL AND knocked_at IS NOT NULL)"
    " AND ((status = 'waiting' AND NOT is_pressing) OR (status = 'parked' AND error IN ('paid_off', 'ceiling', 'no_money')))"
)
_INSERT_NOTICE = insert(
    "notices", "id", "ward_id", "tip_id", "kind", "body", "question_id", "created_at", "knocked_at", "read_at", "outbox_id"
)
_INSERT_QUESTION = insert("questions", "id", "ward_id", "tip_id", "asked_by", "words", "asked_at", "outcome")
_SETTLE = Quick(
    "UPDATE questions SET settled_at = :now, outcome = :outcome WHERE id = :question_id AND tip_id = :tip_id AND settled_at IS NULL"
)
_INSERT_APPEAL = insert("appeals", "id", "ward_id", "kind", "about", "tip_id", "chat_id", "data_key", "words", "asked_at", "due_at")
_ANSWERS = Quick(
    "SELECT id, data_key, answer FROM appeals WHERE chat_id = :chat_id AND answered_at > :since AND answer IS NOT NULL"
    " ORDER BY answered_at DESC LIMIT 5"
)
_ADDRESSEE = Quick(
    "SELECT t.ward_id, t.chat_id, t.safe, t.category, t.urgent_at, c.language, c.last_in_at"
    " FROM tips t LEFT JOIN chats c ON c.id = t.chat_id"
    " WHERE t.id = :tip_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    id: int
    kind: str
    reply: dict[str, Any]
    question_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTip:
    """What a chat, or a code, shows of a tip: never what was sent."""

    tip_id: int
    tail: str
    arrived_at: int
    accepted_at: int | None
    closed_at: int | None
    category: str
    restricted: str
    is_on_paper: bool
    is_urgent: bool
    is_shredded: bool
    rating: int | None
    state: str
    number: str  # In the book, as people write it; empty until it is entered.
    is_chiefs_work: bool
    unread: tuple[UnreadRow, ...]


def tips_of_chat(session: Session, chat_id: int, *, most: int = 5) -> list[SeenTip]:
    """Newest first."""
    rows = _MINE.run(session, chat_id=chat_id, most=most).fetchall()
    return sorted((_seen(session, row) for row in rows), key=lambda tip: tip.arrived_at, reverse=True)


def tip_of_code(session: Session, code_hash: str) -> SeenTip | None:
    row = _BY_CODE.run(session, code_hash=code_hash).fetchone()
    return _seen(session, row) if row else None


def is_chiefs_work(session: Session, tip_id: int) -> bool:
    row = _CHIEFS_WORK.run(session, tip_id=tip_id).fetchone()
    return row is not None and bool(row[0])


def is_gone(session: Session, tip_id: int) -> bool:
    """Shredded, or on paper: nothing can be added to it any more."""
    row = _IS_GONE.run(session, tip_id=tip_id).fetchone()
    return row is None or bool(row[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An officer's question that stands in the chat and has no answer yet."""

    question_id: int
    tip_id: int
    tail: str
    at: int


def asked_in_chat(session: Session, chat_id: int, *, since: int) -> Asked | None:
    row = _ASKED.run(session, chat_id=chat_id, since=since).fetchone()
    return Asked(question_id=row[0], tip_id=row[1], tail=row[2], at=row[3]) if row else None


def _seen(session: Session, row: tuple[Any, ...]) -> SeenTip:
    tip_id, tail, arrived_at, accepted_at, closed_at, category, restricted, urgent_at, data_key, rating, state, number, year, chiefs = row
    return SeenTip(
        tip_id=tip_id,
        tail=tail,
        arrived_at=arrived_at or 0,
        accepted_at=accepted_at,
        closed_at=closed_at,
        category=category,
        restricted=restricted,
        is_on_paper=state == "paper",
        is_urgent=urgent_at is not None,
        is_shredded=data_key is None,
        rating=rating,
        state=state,
        number=f"{number}/{year}" if number else "",
        is_chiefs_work=bool(chiefs),
        unread=_unread(session, tip_id) if data_key is not None else (),
    )


def _unread(session: Session, tip_id: int) -> tuple[UnreadRow, ...]:
    rows = _UNREAD.run(session, tip_id=tip_id).fetchall()
    if not rows:
        return ()
    found = []
    try:
        ring = tip_ring(session, tip_id)
        for row_id, kind, body, question_id in rows:
            found.append(UnreadRow(id=row_id, kind=kind, reply=ring.open_json(bytes(body), body_place(row_id)), question_id=question_id))
    except (Sealed, Shredded):
        return ()  # Damaged cells are the business of `keng verify`; the conversation goes on.
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One of our messages about a tip, read or not."""

    id: int
    reply: dict[str, Any]
    at: int
    is_read: bool
    open_question: int | None  # A question of an officer's that waits for its answer.
    outcome: str  # Of a question: waiting, answered, skipped, withdrawn. Empty where nothing was asked.


def all_told(session: Session, tip_id: int) -> tuple[Told, ...]:
    """Everything we have said about a tip, oldest first: for who comes with its code and has no chat to read it in."""
    rows = _TOLD.run(session, tip_id=tip_id).fetchall()
    try:
        ring = tip_ring(session, tip_id) if rows else None
        return tuple(
            Told(
                id=row_id,
                reply=ring.open_json(bytes(body), body_place(row_id)) if ring else {},
                at=created_at,
                is_read=read_at is not None,
                open_question=question_id if settled_at is None else None,
                outcome=(outcome or "waiting") if question_id is not None else "",
            )
            for row_id, body, question_id, created_at, read_at, settled_at, outcome in rows
        )
    except (Sealed, Shredded):
        return ()


def was_said(session: Session, tip_id: int, source_hash: str) -> bool:
    return _SAID.run(session, tip_id=tip_id, source_hash=source_hash).fetchone() is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidIn:
    """A tip of this chat, sent already, in which a message stands."""

    tip_id: int
    tail: str
    danger: str


def said_in(session: Session, chat_id: int, source_hash: str) -> SaidIn | None:
    """Messages are numbered in each chat anew: only this chat's own tips are looked through."""
    row = _SAID_IN.run(session, chat_id=chat_id, source_hash=source_hash).fetchone()
    return SaidIn(tip_id=row[0], tail=row[1], danger=row[2]) if row else None


# -- notices -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a notice about a tip is for, and what is known of their safety."""

    ward_id: int
    chat_id: int | None
    safe: str
    category: str
    is_urgent: bool
    language: str
    last_in_at: int


def addressee(session: Session, tip_id: int) -> Addressee | None:
    row = _ADDRESSEE.run(session, tip_id=tip_id).fetchone()
    if row is None:
        return None
    ward_id, chat_id, safe, category, urgent_at, language, last_in_at = row
    return Addressee(
        ward_id=ward_id,
        chat_id=chat_id,
        safe=safe,
        category=category,
        is_urgent=urgent_at is not None,
        language=language or "vi",
        last_in_at=last_in_at or 0,
    )


def has_knocked(session: Session, tip_id: int) -> bool:
    """A knock that nobody has answered yet: one is enough."""
    return _ALL_READ_BUT.run(session, tip_id=tip_id).fetchone() is not None


def press_knock(session: Session, tip_id: int, *, now: int) -> bool:
    """The knock that waits carries something pressing now. Whether there was one that had not come out yet."""
    return bool(_PRESS_KNOCK.run(session, tip_id=tip_id, yes=True, now=now).rowcount)


def keep_notice(
    session: Session,
    *,
    notice_id: int,
    ward_id: int,
    tip_id: int,
    kind: str,
    reply: dict[str, Any],
    question_id: int | None,
    now: int,
    knocked: bool,
    is_said: bool,
    outbox_id: int | None = None,
) -> None:
    body = tip_ring(session, tip_id).seal_json(reply, body_place(notice_id))
    _INSERT_NOTICE.run(
        session,
        id=notice_id,
        ward_id=ward_id,
        tip_id=tip_id,
        kind=kind,
        body=body,
        question_id=question_id,
        created_at=now,
        knocked_at=now if knocked else None,
        read_at=now if is_said else None,
        outbox_id=outbox_id,
    )


def mark_read(session: Session, tip_id: int, ids: list[int], *, now: int) -> None:
    for notice_id in ids:
        _READ.run(session, notice_id=notice_id, tip_id=tip_id, now=now)


def body_place(notice_id: int) -> Place:
    return Place("notices", "body", notice_id)


# -- questions -----------------------------------------------------------------------------------------------------------------


def keep_question(session: Session, *, question_id: int, ward_id: int, tip_id: int, asked_by: int, words: str, now: int) -> None:
    sealed = tip_ring(session, tip_id).seal_text(words, question_place(question_id))
    _INSERT_QUESTION.run(session, id=question_id, ward_id=ward_id, tip_id=tip_id, asked_by=asked_by, words=sealed, asked_at=now, outcome="")


def settle_question(session: Session, *, question_id: int, tip_id: int, outcome: str, now: int) -> bool:
    return bool(_SETTLE.run(session, question_id=question_id, tip_id=tip_id, outcome=outcome, now=now).rowcount)


def question_place(question_id: int) -> Place:
    return Place("questions", "words", question_id)


# -- appeals -------------------------------------------------------------------------------------------------------------------


def keep_appeal(
    session: Session,
    *,
    appeal_id: int,
    ward_id: int,
    chat_id: int | None,
    tip_id: int | None,
    kind: str,
    about: str,
    words: str,
    now: int,
    due_at: int | None,
) -> None:
    ring = Ring.fresh()
    _INSERT_APPEAL.run(
        session,
        id=appeal_id,
        ward_id=ward_id,
        kind=kind,
        about=about,
        tip_id=tip_id,
        chat_id=chat_id,
        data_key=vault_of(session).wrap(ring, appeal_key_place(appeal_id)),
        words=ring.seal_text(words, appeal_words_place(appeal_id)) if words else None,
        asked_at=now,
        due_at=due_at,
    )


def waiting_answers(session: Session, chat_id: int, *, since: int) -> list[str]:
    """What the chief answered where no tip could bring it; newest last."""
    found = []
    for appeal_id, data_key, answer in _ANSWERS.run(session, chat_id=chat_id, since=since).fetchall():
        try:
            told = vault_of(session).unwrap(data_key, appeal_key_place(appeal_id)).open_json(answer, appeal_answer_place(appeal_id))
        except (Sealed, Shredded):
            continue
        if told["how"] == "waits":
            found.append(str(told["text"]))
    return found[::-1]


def appeal_key_place(appeal_id: int) -> Place:
    return Place("appeals", "data_key", appeal_id)


def appeal_words_place(appeal_id: int) -> Place:
    return Place("appeals", "words", appeal_id)


def appeal_answer_place(appeal_id: int) -> Place:
    return Place("appeals", "answer", appeal_id)
