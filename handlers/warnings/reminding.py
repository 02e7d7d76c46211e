"""Who has to be reminded: a leader who has not said that a warning was posted, and whoever may release what a leader has proposed.

Each is done once. Leaders are left in peace in quiet hours unless it is urgent; who commands the shift is awake.
"""

from collections.abc import Callable

from sqlmodel import Session

from handlers import duty, officer_chats
from handlers.cards import Card
from handlers.messages import Reply, Ward
from handlers.texts import say
from handlers.warnings import posting, quiet
from handlers.warnings.kit_words import answer_buttons
from storage import moments
from storage.queries import leaders as rows
from storage.queries import officer_chats as chat_rows
from storage.queries import officers as officer_rows
from storage.queries import warning_targets as targets
from storage.queries import warnings as warning_rows
from storage.queries.history import remember
from storage.queries.warnings import WarningSeen

Draw = Callable[[], int]
Ring = Callable[..., int | None]  # `officer_chats.ring`.
REMINDED_AFTER, GIVEN_UP_AFTER, RUNG_AGAIN_AFTER = 2 * moments.HOUR, moments.DAY, 30 * moments.MINUTE
MOST = 50  # In one go.


def remind_leaders(session: Session, ward: Ward, *, draw: Draw, now: int) -> list[int]:
    """Two hours without a word: one line in their chat, with the buttons. The chats that have something to be sent."""
    asked: dict[str, int] = {"sent_before": now - REMINDED_AFTER, "now": now, "most": MOST}
    told = []
    for one in rows.to_remind(session, ward.id, is_quiet=quiet.is_quiet(now), **asked):
        targets.change(session, one.target_id, when=("sent",), reminded_at=now)
        link = chat_rows.link_of_officer(session, ward.id, one.officer_id)
        kit = posting.kit(session, ward, one.officer_id, one.target_id, now=now)
        if link is None or kit is None:
            continue  # The desk shows it among those to call.
        text = say("lead-remind", link.language, headline=kit.headline, code=kit.code)
        reply = Reply(text=text, buttons=answer_buttons(kit.target_id, link.language))
        told.append(officer_chats.write_to(session, ward, one.officer_id, reply, row_id=draw(), now=now))
    return [chat_id for chat_id in told if chat_id is not None]


def give_up(session: Session, ward_id: int, *, draw: Draw, now: int) -> None:
    """A day after that, still without a word: it counts as not posted, until somebody says otherwise."""
    for one in rows.silent(session, ward_id, reminded_before=now - GIVEN_UP_AFTER, most=MOST):
        if targets.change(session, one.target_id, when=("sent",), state="not_posted", reason="silent"):
            remember(
                session,
                history_id=draw(),
                ward_id=ward_id,
                tip_id=None,
                now=now,
                actor="system",
                what="leader_silent",
                officer=one.officer_id,
                warning=one.warning_id,
                target=one.target_id,
            )


def ring_for_proposed(session: Session, ward: Ward, ring: Ring, *, draw: Draw, now: int) -> None:
    """At once, and once more after half an hour if nobody has released it or handed it back; proposed anew, it rings anew."""
    for warning_id, leader_id, proposed_at, rung_at in rows.proposed(session, ward.id):
        is_first = rung_at is None or rung_at < proposed_at
        is_due = is_first or (rung_at is not None and rung_at < proposed_at + RUNG_AGAIN_AFTER <= now)
        warning = warning_rows.one(session, ward.id, warning_id) if is_due else None
        if warning is None:
            continue
        rows.note_rung(session, warning_id, now=now)
        card = _card(session, ward, warning, leader_id, is_reminder=not is_first)
        for officer_id in _whom(session, ward, warning, now):
            ring(session, ward, officer_id, card, draw=draw, now=now)


def _whom(session: Session, ward: Ward, warning: WarningSeen, now: int) -> list[int]:
    """Who commands the shift, and the chiefs: at night only for what is urgent, unless nobody else is there."""
    who = duty.on_duty(session, ward.id, now)
    if who.commander is not None and quiet.is_quiet(now) and not warning.is_urgent:
        return [who.commander]
    return list(dict.fromkeys(one for one in (who.commander, *who.chiefs) if one is not None))


def _card(session: Session, ward: Ward, warning: WarningSeen, leader_id: int, *, is_reminder: bool) -> Card:
    names = [found.name for one in warning.areas if (found := ward.book.neighbourhood(one)) is not None]
    return Card(
        kind="proposed",
        warning_id=warning.id,
        is_urgent=warning.is_urgent,
        is_reminder=is_reminder,
        leader=officer_rows.officer_names(session, ward.id).get(leader_id, ""),
        areas=", ".join(names),
    )
