"""What happens to tips: the one place that changes them, for the doors and the desk alike.

Each change stands in the history with a mark of what it made, so that `keng verify` can tell what ought to be there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handlers import access, custody, deadlines
from handlers.messages import Change
from handlers.warnings import groups
from storage import moments
from storage.ids import new_id
from storage.places import cell_of, coarsened
from storage.queries import aftercare, attachments, callbacks, contact, exchange, ladder, subscriptions, ward_book, ways, web_thread
from storage.queries.history import mark
from storage.queries.history import remember as remember
from storage.queries.rings import chat_ring, tip_key_place, tip_ring
from storage.queries.shredding import drop_draft
from storage.queries.tips import code_place, place_place, source_place, viewed_lately, words_place
from storage.quick import Quick, as_json, insert
from storage.vault import Ring, vault_of

SAME_DANGER_AFTER = 5 * moments.MINUTE  # A cry is many messages, and whoever has just pressed is reading them.

_INSERT_TIP = insert(
    "tips",
    *("id", "ward_id", "chat_id", "channel", "data_key", "state", "category", "cell", "about", "code_tail", "created_at"),
    *("index_due", "reseal_due", "danger", "safe", "held_why", "is_unfinished"),
)
_INSERT_PIECE = insert("pieces", "id", "ward_id", "tip_id", "source_hash", "words", "said_at", "is_addition")
_INSERT_ATTACHMENT = insert(
    "attachments",
    *("id", "ward_id", "tip_id", "kind", "source", "status", "note", "mime", "copy_mime", "fingerprint", "size"),
    *("width", "height", "original", "work", "thumb", "tries", "due_at", "created_at", "letter_id"),
)
_ACCEPT = Quick(
    "UPDATE tips SET accepted_at = :now, accepted_by = :officer_id, handler_id = COALESCE(handler_id, :officer_id)"
    " WHERE id = :tip_id AND ward_id = :ward_id AND arrived_at IS NOT NULL AND accepted_at IS NULL AND state <> 'paper' RETURNING id"
)
_CORRECT = Quick("SELECT id FROM pieces WHERE tip_id = :tip_id AND source_hash = :source_hash")
_NEW_WORDS = Quick("UPDATE pieces SET words = :words WHERE id = :piece_id")
_INDEX = Quick("UPDATE tips SET index_due = :is_due WHERE id = :tip_id")
_FORGET_WORDS = Quick("DELETE FROM pieces WHERE tip_id = :tip_id")
_PLACE = Quick("UPDATE tips SET place = :place, cell = :cell, neighbourhood_id = :neighbourhood_id, index_due = :is_due WHERE id = :tip_id")
_RETRACT = Quick("DELETE FROM pieces WHERE id = :piece_id")
_DANGER = Quick("UPDATE tips SET danger = :danger, held_why = '' WHERE id = :tip_id")
# A tip that was ended is open again: among those that are over nobody would see it.
_URGENT = Quick(
    "UPDATE tips SET danger = :danger, urgent_at = COALESCE(urgent_at, :now), closed_at = NULL, held_why = '',"
    " state = CASE WHEN state IN ('S11', 'S12', 'S13') THEN 'S3' WHEN state = 'test' THEN 'S2' ELSE state END WHERE id = :tip_id"
)
_IS_OVER = Quick("SELECT closed_at IS NOT NULL FROM tips WHERE id = :tip_id", postgres="FOR NO KEY UPDATE")
_SAFE = Quick("UPDATE tips SET safe = :safe WHERE id = :tip_id")
_RATE = Quick("UPDATE tips SET rating = :rating WHERE id = :tip_id AND closed_at IS NOT NULL")
_KIND = Quick("SELECT category, cell, place, neighbourhood_id FROM tips WHERE id = :tip_id")
_RESTRICT = Quick("UPDATE tips SET restricted = :kind WHERE id = :tip_id AND arrived_at IS NULL")
_ABOUT = Quick("UPDATE tips SET about = :about WHERE id = :tip_id")
_CATEGORY = Quick("UPDATE tips SET category = :category, cell = :cell WHERE id = :tip_id")
_ARRIVE = Quick(
    "UPDATE tips SET state = 'S1', arrived_at = :now, code = :code, code_hash = :code_hash, code_tail = :code_tail, index_due = :is_due,"
    " is_unfinished = :is_unfinished, held_why = :held_why"
    " WHERE id = :tip_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Whose tips these are. All ids are drawn before the transaction, so a repeat of it makes the same rows."""

    ward_id: int
    chat_id: int
    channel: str
    now: int
    actor: str = "resident"


def apply(session: Session, where: Where, changes: list[Change]) -> None:
    for change in changes:
        _APPLY[change.what](session, where, change.values)


def accept_tip(session: Session, ward_id: int, *, tip_id: int, officer_id: int, history_id: int, now: int) -> bool:
    """Whether this officer is the first; a second press changes nothing, nor does one by somebody who may not read it. It is theirs
    until somebody is named for it."""
    if not access.may_read(session, ward_id, officer_id, tip_id):
        return False
    if _ACCEPT.run(session, tip_id=tip_id, ward_id=ward_id, officer_id=officer_id, now=now).fetchone() is None:
        return False
    ladder.settle(session, tip_id, officer_id=officer_id, now=now)
    remember(session, history_id=history_id, ward_id=ward_id, tip_id=tip_id, now=now, actor=f"officer:{officer_id}", what="accepted")
    return True


def note_view(session: Session, ward_id: int, *, tip_id: int, officer_id: int, history_id: int, now: int) -> None:
    if not viewed_lately(session, tip_id, officer_id, now=now):  # Asked again here: two windows may have opened at once.
        remember(session, history_id=history_id, ward_id=ward_id, tip_id=tip_id, now=now, actor=f"officer:{officer_id}", what="viewed")


def _by_resident(session: Session, where: Where, values: dict[str, Any], what: str, **detail: Any) -> None:
    remember(
        session,
        history_id=values["history_id"],
        ward_id=where.ward_id,
        tip_id=values["tip_id"],
        now=where.now,
        actor=where.actor,
        what=what,
        **detail,
    )


def _open(session: Session, where: Where, values: dict[str, Any]) -> None:
    tip_id, category = values["tip_id"], values.get("category", "")
    _INSERT_TIP.run(
        session,
        id=tip_id,
        ward_id=where.ward_id,
        chat_id=where.chat_id,
        channel=where.channel,
        data_key=vault_of(session).wrap(Ring.fresh(), tip_key_place(tip_id)),
        state="S0",
        category=category,
        cell="",
        about="anonymous",
        code_tail="",
        created_at=where.now,
        index_due=False,
        reseal_due=False,
        danger="",
        safe="",
        held_why="",
        is_unfinished=False,
    )
    _by_resident(session, where, values, "draft_opened", category=category)


def _say(session: Session, where: Where, values: dict[str, Any]) -> None:
    tip_id, piece_id, text = values["tip_id"], values["piece_id"], values["text"]
    is_addition = values.get("is_addition", False)
    _INSERT_PIECE.run(
        session,
        id=piece_id,
        ward_id=where.ward_id,
        tip_id=tip_id,
        source_hash=values["source_hash"],
        words=tip_ring(session, tip_id).seal_text(text, words_place(piece_id)),
        said_at=where.now,
        is_addition=is_addition,
    )
    if is_addition:
        _INDEX.run(session, tip_id=tip_id, is_due=True)
        exchange.note_resident_wrote(session, tip_id, now=where.now)
    told = mark(session, where.ward_id, "words", str(piece_id), text)
    _by_resident(session, where, values, "added" if is_addition else "said", piece=piece_id, mark=told)


def _correct(session: Session, where: Where, values: dict[str, Any]) -> None:
    tip_id, text = values["tip_id"], values["text"]
    ring = tip_ring(session, tip_id)
    for (piece_id,) in _CORRECT.run(session, tip_id=tip_id, source_hash=values["source_hash"]).fetchall():
        _NEW_WORDS.run(session, piece_id=piece_id, words=ring.seal_text(text, words_place(piece_id)))
        told = mark(session, where.ward_id, "words", str(piece_id), text)
        _by_resident(session, where, values, "corrected", piece=piece_id, mark=told)


def _retell(session: Session, where: Where, values: dict[str, Any]) -> None:
    _FORGET_WORDS.run(session, tip_id=values["tip_id"])
    _by_resident(session, where, values, "retold")


def _attach(session: Session, where: Where, values: dict[str, Any]) -> None:
    tip_id, attachment_id = values["tip_id"], values["attachment_id"]
    nothing = dict.fromkeys(("note", "mime", "copy_mime", "fingerprint", "original", "work", "thumb"), "")
    _INSERT_ATTACHMENT.run(
        session,
        id=attachment_id,
        ward_id=where.ward_id,
        tip_id=tip_id,
        kind=values["kind"],
        # Whoever has the code may add a file from another channel than the one the tip came by.
        source=tip_ring(session, tip_id).seal_text(as_json({**values["file"], "channel": where.channel}), source_place(attachment_id)),
        status="waiting",
        due_at=where.now,
        created_at=where.now,
        letter_id=values.get("letter_id"),
        **nothing,
        **dict.fromkeys(("size", "width", "height", "tries"), 0),
    )
    if values.get("is_addition") and not values.get("letter_id"):
        exchange.note_resident_wrote(session, values["tip_id"], now=where.now)
    what = "letter_file" if values.get("letter_id") else "file_added" if values.get("is_addition") else "attached"
    _by_resident(session, where, values, what, attachment=attachment_id)


def _retract(session: Session, where: Where, values: dict[str, Any]) -> None:
    """Taken back before it was sent: the words go, that there were some stays."""
    for (piece_id,) in _CORRECT.run(session, tip_id=values["tip_id"], source_hash=values["source_hash"]).fetchall():
        _RETRACT.run(session, piece_id=piece_id)
        _by_resident(session, where, values, "retracted", piece=piece_id)


def _withdraw(session: Session, where: Where, values: dict[str, Any]) -> None:
    """The same for one photo or file."""
    attachments.withdraw_one(session, values["tip_id"], values["attachment_id"])
    _by_resident(session, where, values, "file_withdrawn", attachment=values["attachment_id"])


def _unsay(session: Session, where: Where, values: dict[str, Any]) -> None:
    web_thread.unsay(
        session, where.chat_id, values["source"], values["shown"], values["instead"], ward_id=where.ward_id, draw=new_id, now=where.now
    )


def _danger(session: Session, where: Where, values: dict[str, Any]) -> None:
    """The gravest that was heard. Urgent: it is with duty from now on, and no brake holds it."""
    was_over = values["is_urgent"] and bool(_IS_OVER.run(session, tip_id=values["tip_id"]).fetchone()[0])
    if values["is_urgent"]:
        _URGENT.run(session, tip_id=values["tip_id"], danger=values["danger"], now=where.now)
        deadlines.void(session, values["tip_id"], ("archive",), now=where.now, actor=where.actor)  # It has just been taken out of it.
    else:
        _DANGER.run(session, tip_id=values["tip_id"], danger=values["danger"])
    heard = values.get("heard", values["danger"])
    _ring_for_danger(session, where, values["tip_id"], heard, is_urgent=values["is_urgent"], was_over=was_over)
    _by_resident(session, where, values, "danger_heard", danger=values["danger"], heard=heard, urgent=values["is_urgent"])


def _ring_for_danger(session: Session, where: Where, tip_id: int, heard: str, *, is_urgent: bool, was_over: bool) -> None:
    """Nothing while it is a draft, and nothing more while it rings. One that was over calls again, however urgent it was before; one that
    somebody has pressed for does so for danger of another kind, and for the same where it is still told some minutes later."""
    ladder.begin(
        session,
        where.ward_id,
        tip_id,
        is_urgent=is_urgent,
        was_over=was_over,
        is_another=heard not in ladder.dangers_heard(session, tip_id),
        pressed_after=where.now - SAME_DANGER_AFTER + 1,
        now=where.now,
    )


def _safe(session: Session, where: Where, values: dict[str, Any]) -> None:
    _SAFE.run(session, tip_id=values["tip_id"], safe=values["safe"])
    _by_resident(session, where, values, "safe_said", safe=values["safe"])


def _read_notices(session: Session, where: Where, values: dict[str, Any]) -> None:
    aftercare.mark_read(session, values["tip_id"], values["ids"], now=where.now)
    _by_resident(session, where, values, "notices_read", notices=values["ids"])


def _settle_question(session: Session, where: Where, values: dict[str, Any]) -> None:
    question_id, outcome = values["question_id"], values["outcome"]
    if aftercare.settle_question(session, question_id=question_id, tip_id=values["tip_id"], outcome=outcome, now=where.now):
        _by_resident(session, where, values, f"question_{outcome}", question=question_id)
        deadlines.settle(session, values["tip_id"], ("answer",), now=where.now, actor="resident")


def _appeal(session: Session, where: Where, values: dict[str, Any]) -> None:
    """To the chief, in the same breath as the words that it was noted."""
    aftercare.keep_appeal(
        session,
        appeal_id=values["appeal_id"],
        ward_id=where.ward_id,
        chat_id=where.chat_id,
        tip_id=values["tip_id"],
        kind=values["kind"],
        about=values["about"],
        words=values["text"],
        now=where.now,
        due_at=values["due_at"],
    )
    appeal_id, text = values["appeal_id"], values["text"]
    _by_resident(
        session,
        where,
        values,
        f"appealed_{values['kind']}",
        appeal=appeal_id,
        about=values["about"],
        due=values["due_at"],
        mark=mark(session, where.ward_id, "appeal", str(appeal_id), text) if text else "",
    )


def _rate(session: Session, where: Where, values: dict[str, Any]) -> None:
    if _RATE.run(session, tip_id=values["tip_id"], rating=values["rating"]).rowcount:
        _by_resident(session, where, values, "rated", rating=values["rating"])


def _count_procedure(session: Session, where: Where, values: dict[str, Any]) -> None:
    """That it was asked, and never by whom."""
    ward_book.count_asked(session, where.ward_id, values["procedure"])


def _drop_photos(session: Session, where: Where, values: dict[str, Any]) -> None:
    attachments.withdraw(session, values["tip_id"])
    _by_resident(session, where, values, "photos_dropped")


def _place(session: Session, where: Where, values: dict[str, Any]) -> None:
    tip_id = values["tip_id"]
    spot = {"text": values.get("text", ""), "latitude": values.get("latitude"), "longitude": values.get("longitude")}
    category, _cell, before, neighbourhood_before = _KIND.run(session, tip_id=tip_id).fetchone()
    ring, is_due = tip_ring(session, tip_id), values.get("is_addition", False)
    neighbourhood_id = values.get("neighbourhood_id")
    if is_due and before:
        spot = _with_addition(ring.open_json(bytes(before), place_place(tip_id)), spot)
        neighbourhood_id = neighbourhood_id or neighbourhood_before
    cell = cell_of(spot["latitude"], spot["longitude"], category)
    sealed = ring.seal_json(spot, place_place(tip_id))
    _PLACE.run(session, tip_id=tip_id, place=sealed, cell=cell, neighbourhood_id=neighbourhood_id, is_due=is_due)
    _by_resident(
        session,
        where,
        values,
        "placed",
        cell=cell,
        neighbourhood=neighbourhood_id,
        mark=mark(session, where.ward_id, "place", str(tip_id), as_json(spot)),
    )


def _with_addition(told: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """What was said first stands; what came after the receipt stands beside it."""
    texts, spot = [told["text"]], more if told["latitude"] is None else told
    if told["latitude"] is not None and more["latitude"] is not None:
        texts.append(f"{more['latitude']:.5f}, {more['longitude']:.5f}")
    texts.append(more["text"])
    text = "; ".join(dict.fromkeys(filter(None, texts)))
    return {"text": text, "latitude": spot["latitude"], "longitude": spot["longitude"]}


def _category(session: Session, where: Where, values: dict[str, Any]) -> None:
    tip_id, category = values["tip_id"], values["category"]
    cell = coarsened(_KIND.run(session, tip_id=tip_id).fetchone()[1], category)
    _CATEGORY.run(session, tip_id=tip_id, category=category, cell=cell)
    _by_resident(session, where, values, "categorised", category=category, cell=cell)


def _restrict(session: Session, where: Where, values: dict[str, Any]) -> None:
    """Only while it is told: who reads what has been sent, a resident's old button does not change."""
    if _RESTRICT.run(session, tip_id=values["tip_id"], kind=values["kind"]).rowcount:
        _by_resident(session, where, values, "restricted", kind=values["kind"])


def _drop(session: Session, where: Where, values: dict[str, Any]) -> None:
    """The author gave the draft up: its words and its key go, the row and its history stay."""
    drop_draft(
        session,
        values["tip_id"],
        ward_id=where.ward_id,
        history_id=values["history_id"],
        now=where.now,
        what="draft_dropped",
        actor="resident",
    )


def _send(session: Session, where: Where, values: dict[str, Any]) -> None:
    tip_id, code, code_hash = values["tip_id"], values["code"], values["code_hash"]
    sealed = chat_ring(session, where.chat_id).seal_text(code, code_place(tip_id))
    is_unfinished, held_why = values.get("is_unfinished", False), values.get("held_why", "")
    _ARRIVE.run(
        session,
        tip_id=tip_id,
        now=where.now,
        code=sealed,
        code_hash=code_hash,
        code_tail=code[-4:],
        is_due=True,
        is_unfinished=is_unfinished,
        held_why=held_why,
    )
    ladder.begin(session, where.ward_id, tip_id, is_urgent=False, now=where.now)  # A draft that was urgent already arrives as such.
    if "way_id" in values:  # By whom, stands nowhere: the row knows neither tip nor chat.
        ways.keep(
            session,
            where.ward_id,
            way_id=values["way_id"],
            channel=where.channel,
            taps=values["taps"],
            messages=values["messages"],
        )
    code_mark = mark(session, where.ward_id, "code", code_hash)
    _by_resident(session, where, values, "arrived", tail=code[-4:], code=code_mark, unfinished=is_unfinished, held=held_why)


def _name(session: Session, where: Where, values: dict[str, Any]) -> None:
    """To the custodians, in this very transaction; from now on nobody at this machine can read it back."""
    tip_id, about = values["tip_id"], values["about"]
    identity_id = new_id()
    custody.take_in(
        session, ward_id=where.ward_id, tip_id=tip_id, identity_id=identity_id, draw=new_id, value=values["value"], now=where.now
    )
    _ABOUT.run(session, tip_id=tip_id, about=about)
    _mask(session, where, values)
    _by_resident(session, where, values, "named", about=about, identity=identity_id)


def _mask(session: Session, where: Where, values: dict[str, Any]) -> None:
    """What was said there stands in the person's own thread no more, sealed to somebody or not."""
    web_thread.mask(session, where.chat_id, values["source"], values["shown"], ward_id=where.ward_id, mask_id=new_id(), now=where.now)


def _callback(session: Session, where: Where, values: dict[str, Any]) -> None:
    tip_id = values["tip_id"]
    callbacks.keep(session, ward_id=where.ward_id, tip_id=tip_id, callback_id=values["callback_id"], number=values["number"], now=where.now)
    _mask(session, where, values)
    _by_resident(session, where, values, "callback_given")


def _cut(session: Session, where: Where, _values: dict[str, Any]) -> None:
    """What leads from the tips to this person goes. What they told, and a name in the file, stays."""
    contact.cut(session, where.chat_id, now=where.now)


def _subscribe(session: Session, where: Where, values: dict[str, Any]) -> None:
    subscriptions.keep(session, where.ward_id, chat_id=where.chat_id, now=where.now, **values)


_APPLY: dict[str, Callable[[Session, Where, dict[str, Any]], None]] = {
    "open": _open,
    "say": _say,
    "correct": _correct,
    "retract": _retract,
    "withdraw": _withdraw,
    "unsay": _unsay,
    "retell": _retell,
    "attach": _attach,
    "drop_photos": _drop_photos,
    "place": _place,
    "category": _category,
    "restrict": _restrict,
    "danger": _danger,
    "safe": _safe,
    "drop": _drop,
    "send": _send,
    "name": _name,
    "callback": _callback,
    "mask": _mask,
    "cut": _cut,
    "read_notices": _read_notices,
    "settle_question": _settle_question,
    "appeal": _appeal,
    "rate": _rate,
    "count_procedure": _count_procedure,
    "group_link": lambda session, where, values: groups.link(session, where.ward_id, where.chat_id, where.channel, where.now, values),
    "group_event": lambda session, where, values: groups.heard(session, where.ward_id, where.chat_id, where.now, values),
    "subscribe": _subscribe,
    "unsubscribe": lambda session, where, _values: subscriptions.drop(session, where.chat_id),
}
