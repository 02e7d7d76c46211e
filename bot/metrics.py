"""Figures for Prometheus, read from the parts when somebody asks. Counts only: no ids, no words, no addresses."""

import secrets
from collections.abc import Callable
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from sqlalchemy import func, select
from sqlmodel import Session, col

from handlers import periods
from storage import moments
from storage.memory import Memory
from storage.queries import deadlines, ways
from storage.tables import Attachment, InboxRow, OutboxRow, Tip


def waiting_counts(session: Session) -> dict[str, int]:
    def count(column: Any, *conditions: Any) -> int:
        return int(session.execute(select(func.count(column)).where(*conditions)).scalar_one())

    return {
        "inbox": count(col(InboxRow.id), col(InboxRow.status) == "waiting"),
        "set_aside": count(col(InboxRow.id), col(InboxRow.status) == "set_aside"),
        "outbox": count(col(OutboxRow.id), col(OutboxRow.status) == "waiting"),
        "attachments": count(col(Attachment.id), col(Attachment.status) == "waiting"),
        "clocks_overdue": deadlines.count_overdue(session, now=moments.now(), but=periods.reminders()),
        "tips_unread": count(col(Tip.id), col(Tip.arrived_at).is_not(None), col(Tip.accepted_at).is_(None)),
    }


class Metrics:
    def __init__(self, memory: Memory, counts: dict[str, Any], *, ward_id: Callable[[], int], token: str, is_exposed: bool) -> None:
        """`counts` names what each part has counted since the start; each is asked when the page is. Without a token the page is
        for this machine alone."""
        self._memory, self._counts, self._token, self._is_exposed = memory, counts, token, is_exposed
        self._ward_id = ward_id

    async def page(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self._token and self._is_exposed:
            return web.Response(status=401)
        if self._token and not secrets.compare_digest(given.encode("utf-8", "replace"), self._token.encode()):
            return web.Response(status=401)
        registry = CollectorRegistry()
        waiting = Gauge("keng_waiting", "Rows that wait for something", ["what"], registry=registry)
        for what, number in (await self._memory.read(waiting_counts)).items():
            waiting.labels(what).set(number)
        steps = Gauge("keng_steps_to_receipt", "Median of the last hundred tips", ["channel", "what"], registry=registry)
        for way in await self._memory.read(lambda session: ways.lengths(session, self._ward_id())):
            steps.labels(way.channel, "taps").set(way.taps)
            steps.labels(way.channel, "messages").set(way.messages)
            steps.labels(way.channel, "together").set(way.together)
        since_start = Counter("keng_events", "What happened since the start", ["what"], registry=registry)
        for what, ask in self._counts.items():
            answer = ask()
            for name, number in answer.items() if isinstance(answer, dict) else [("", answer)]:
                since_start.labels(f"{what}_{name}" if name else what).inc(number)
        return web.Response(body=generate_latest(registry), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
