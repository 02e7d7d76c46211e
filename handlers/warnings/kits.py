"""What a warning's targets are sent, and by which of their own chats a leader is reached.

The leader's own thumb is the main road: the picture, the whole text as it is posted, and two buttons that say what became of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handlers import windows
from handlers.messages import Button, Reply, Ward
from handlers.outgoing import reply_row
from handlers.texts import say
from handlers.warnings.around import original_of, text_of
from handlers.warnings.kit_words import answer_buttons
from storage.queries import lanes, paid, strikes
from storage.queries import warnings as rows
from storage.queries.rings import chat_ring
from storage.queries.strikes import Link, Planned
from storage.vault import Sealed, Shredded, WrongMaster


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A warning as it goes out, put into words once."""

    warning_id: int
    text: str


def kit_of(session: Session, ward: Ward, warning_id: int) -> Kit | None:
    """None where its words do not open: nothing is sent that nobody could read beforehand."""
    found = rows.one(session, ward.id, warning_id)
    text = text_of(found, original_of(session, ward.id, found), ward) if found is not None else ""
    return Kit(warning_id=warning_id, text=text) if text else None


def reply_for(kit: Kit, target: Planned, language: str) -> Reply:
    if target.kind == "leader":
        buttons = answer_buttons(target.id, language)
        return Reply(text=f"{kit.text}\n\n{say('kit-forward', language)}", buttons=buttons, card=kit.warning_id)
    if target.kind == "subscriber":
        return Reply(text=kit.text, buttons=(Button(say("kit-unsubscribe", language), "unsubscribe"),), card=kit.warning_id)
    return Reply(text=kit.text, card=kit.warning_id)


def queue_some(
    session: Session, ward: Ward, kit: Kit, some: Iterable[Planned], ids: Iterable[int], *, channels: frozenset[str], now: int
) -> int:
    """So many rows of the outbox for those who still stand as planned. Nothing where the warning was stopped."""
    if not strikes.is_on(session, kit.warning_id):
        return 0
    return sum(_queue(session, ward, kit, target, row_id, channels, now) for target, row_id in zip(some, ids, strict=False))


def _queue(session: Session, ward: Ward, kit: Kit, target: Planned, row_id: int, channels: frozenset[str], now: int) -> bool:
    if target.kind == "leader":
        return _queue_leader(session, ward, kit, target, row_id, channels, now)
    chat = strikes.chat(session, target.chat_id)
    if target.kind == "group" and strikes.group_has_ended(session, target.group_id):
        strikes.end(session, target.id, state="failed", reason="lost", now=now)
    elif target.kind == "subscriber" and not strikes.is_subscribed(session, target.chat_id):
        strikes.end(session, target.id, state="cancelled", reason="left", now=now)
    elif chat is None or target.chat_id is None or not chat.is_there:
        strikes.end(session, target.id, state="failed", reason="gone", now=now)
    else:
        return _put(session, ward, kit, target, row_id, target.chat_id, chat.channel, chat.language, now)
    return False


def _queue_leader(session: Session, ward: Ward, kit: Kit, target: Planned, row_id: int, channels: frozenset[str], now: int) -> bool:
    if not strikes.leads(session, target.officer_id):
        strikes.end(session, target.id, state="failed", reason="gone", now=now)
        return False
    links = strikes.links(session, target.officer_id)
    if target.tries < len(links):
        found = ways(session, ward, links, channels=channels, now=now)
        start = target.tries % len(found) if found else 0  # Those before it were tried; which ones nobody has written down.
        for link in (*found[start:], *found[:start]):
            is_tried = target.tries > 0 and link.chat_id == target.chat_id
            if not is_tried and strikes.give_chat(session, kit.warning_id, target.id, link.chat_id, now=now):
                return _put(session, ward, kit, target, row_id, link.chat_id, link.channel, link.language, now)
    strikes.end(session, target.id, state="to_call", reason="window" if links else "no_chat", now=now)
    return False


def ways(session: Session, ward: Ward, links: list[Link], *, channels: frozenset[str], now: int) -> list[Link]:
    """A leader's chats in the order in which they are tried: what is free before what costs. Where nobody may write now is left out."""
    ranked = [(rank, link) for link in links if link.channel in channels and (rank := _rank(session, ward, link, now)) is not None]
    return [link for _rank, link in sorted(ranked, key=lambda one: one[0])]


def _rank(session: Session, ward: Ward, link: Link, now: int) -> int | None:
    if link.channel not in windows.CHANNELS:
        return 0
    ceiling = windows.ceiling_of(ward.book)
    used = paid.used(session, ward.id, link.channel, windows.month_of(now)).many
    found = windows.window(link.since, ceiling=windows.open_to(ceiling, is_pressing=False), used=used, now=now)
    if found.state == "free":
        return 0
    return 1 if found.state == "paid" and link.channel != windows.VISITOR else None


def _put(session: Session, ward: Ward, kit: Kit, target: Planned, row_id: int, chat_id: int, channel: str, language: str, now: int) -> bool:
    """Under the chat's own ring, like everything that is said there."""
    try:
        ring = chat_ring(session, chat_id)
    except (Sealed, Shredded, WrongMaster):
        strikes.end(session, target.id, state="failed", reason="gone", now=now)
        return False
    if not strikes.note_queued(session, target.id, outbox_id=row_id, chat_id=chat_id, channel=channel, now=now):
        return False
    whose: dict[str, Any] = {"row_id": row_id, "ward_id": ward.id, "chat_id": chat_id, "now": now}
    lanes.queue_replies(session, [{**reply_row(reply_for(kit, target, language), kind="warning", **whose), "rule": "ask"}], ring=ring)
    return True
