"""The one place that wires all: builds every part in order and stops it in order."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from sqlalchemy import select, text
from sqlmodel import Session, col

from bot.channels.webchat.door import Webchat
from bot.delivery import Delivery
from bot.inbox import Inbox, from_payload
from bot.settings import Settings
from handlers.messages import Ward
from storage import moments, tables
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory, postgres_engine, sqlite_engine
from storage.migrate import upgrade


@dataclass(slots=True)
class Running:
    """The parts of a running house, for those who ask how it is."""

    address: str
    memory: Memory
    inbox: Inbox
    delivery: Delivery
    ward: Ward


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    where = settings.where_data_lives()
    _migrate(where)
    memory = Memory(where)
    await memory.start()
    ward, key = await memory.write(
        lambda session: _ward_and_key(session, now=moments.now(), fresh_key=secrets.token_bytes(32), settings=settings)
    )
    keyed = Keyed(key)
    webchat = Webchat(memory, keyed, lambda: ward)
    delivery = Delivery(memory, {webchat.name: webchat})
    inbox = Inbox(memory, keyed, lambda: ward, {webchat.name: from_payload}, delivery.wake)
    webchat.inbox = inbox

    app = web.Application(client_max_size=1024 * 1024)
    app.add_routes([*webchat.routes(), web.get("/healthz", partial(_health, memory, inbox))])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)  # An access log would keep residents' addresses.
    delivery.start()
    inbox.start()
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
        port = runner.addresses[0][1]
        yield Running(f"http://{settings.host}:{port}", memory, inbox, delivery, ward)
    finally:
        webchat.close_streams()
        await runner.cleanup()  # Doors first; requests in hand are finished.
        await inbox.stop()
        await delivery.stop()
        await memory.stop()


def _migrate(where: str) -> None:
    engine = (
        sqlite_engine(where, begin="BEGIN IMMEDIATE", connections=1)
        if where.startswith("sqlite")
        else postgres_engine(where, connections=1)
    )
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def _ward_and_key(session: Session, *, now: int, fresh_key: bytes, settings: Settings) -> tuple[Ward, bytes]:
    """The ward of this installation and its look-up key; made on the first start."""
    ward = session.execute(select(tables.Ward).limit(1)).scalar_one_or_none()
    if ward is None:
        ward = tables.Ward(id=new_id(), name="", created_at=now)
        session.add(ward)
        session.flush()
    key = session.execute(select(tables.Key).where(col(tables.Key.purpose) == "look-up")).scalar_one_or_none()
    if key is None:
        key = tables.Key(id=new_id(), ward_id=ward.id, purpose="look-up", material=fresh_key, created_at=now)
        session.add(key)
    return Ward(id=ward.id, name=settings.ward_name or ward.name, duty_phone=settings.duty_phone or ward.duty_phone), bytes(key.material)


async def _health(memory: Memory, inbox: Inbox, _request: web.Request) -> web.Response:
    try:
        await memory.write(lambda session: session.execute(text("SELECT 1")).scalar_one())
        memory_is_well = True
    except Exception:
        memory_is_well = False
    parts = {"memory": memory_is_well, "set_aside": inbox.set_aside_count}
    return web.Response(text=json.dumps(parts), content_type="application/json", status=200 if memory_is_well else 503)
