"""The one place that wires all: builds every part in order and stops it in order."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from sqlmodel import Session

import handlers
from admin.desk import Desk
from admin.routes import routes as desk_routes
from admin.static_names import kept_by_browsers
from bot.alarms import AlarmCommand
from bot.backups import Nightly
from bot.calling import Calling
from bot.card_files import CardFiles
from bot.catching_up import CatchingUp
from bot.channels.base import Channel, Files
from bot.channels.webchat.lookup import Lookup
from bot.channels.webchat.receive import Webchat
from bot.channels.webchat.send import Thread
from bot.channels.zalo_bot import parse as zalo_bot_parse
from bot.channels.zalo_bot.door import open_zalo_bot
from bot.channels.zalo_oa import parse as zalo_oa_parse
from bot.channels.zalo_oa.addresses import PERSON, VISITOR
from bot.channels.zalo_oa.door import open_door as open_zalo_oa
from bot.clock import Clock
from bot.compressed import compressed
from bot.delivery import Delivery
from bot.door_watch import DoorWatch
from bot.forgetting import Forgetting
from bot.group_watch import GroupWatch
from bot.health import Health
from bot.inbox import Inbox, from_payload
from bot.media import Media
from bot.metrics import Metrics
from bot.resealing import Resealing
from bot.sent_files import SentFiles
from bot.settings import Settings, SettingsError
from bot.striking import Striking
from bot.unlocking import data_lock, unlocked, ward_and_keys
from bot.ward_board import WardBoard
from bot.web_errors import calm, counting, counts, desk_look
from handlers import clocks, keeping
from handlers import house as house_acts
from handlers.brakes import Brakes
from handlers.insight import danger
from handlers.messages import Incoming
from handlers.visitors import networks
from storage import moments
from storage.bells import Bells
from storage.disk import Disk
from storage.ids import new_id
from storage.keyed import Keyed
from storage.media import MediaStore
from storage.memory import Memory
from storage.migrate import is_current, upgrade_here
from storage.queries import asks, attachments, lanes, officers, zalo_tokens
from storage.queries.lanes import OutLane
from storage.queries.retention import Periods

_LOOKS = Path(handlers.__file__).parent / "looks"
Role = Literal["all", "web", "worker"]


async def _nothing() -> None:
    """Until the house is whole."""


@dataclass(slots=True)
class Running:
    """The parts of a running house, for those who ask how it is."""

    address: str
    memory: Memory
    inbox: Inbox
    delivery: Delivery
    media: Media
    media_store: MediaStore
    disk: Disk
    ward: WardBoard
    keyed: Keyed
    telegram: Any = None
    zalo_bot: Any = None
    zalo_oa: Any = None
    forget: Callable[[], Awaitable[None]] = field(default=_nothing)  # What the clock forgets, now.
    look_at_groups: Callable[[], Awaitable[None]] = field(default=_nothing)  # As the clock does.
    setup_link: str = ""  # Only until there is a chief.
    fresh_key: Path | None = None  # Where a master key was just made, so that somebody copies it.


@asynccontextmanager
async def running(settings: Settings, *, role: Role = "all") -> AsyncIterator[Running]:
    async with AsyncExitStack() as stack:
        where = settings.where_data_lives()
        is_sqlite = where.startswith("sqlite")
        if is_sqlite and role != "all":
            raise SettingsError("serve --role needs PostgreSQL; set KENG_DATABASE_URL")
        if is_sqlite:
            stack.enter_context(data_lock(settings.data))
        vault, fresh_key = unlocked(settings)
        if is_sqlite:
            upgrade_here(where)
        elif not is_current(where):
            raise SettingsError("the database is not at the newest version; run ./keng migrate first")
        memory = Memory(where, vault)
        await memory.start()
        stack.push_async_callback(memory.stop)
        _ward_id, keys = await ward_and_keys(memory)
        keyed = keys.look_up
        if memory.is_sqlite:
            now = moments.now()
            await memory.write(lambda session: asks.recover(session, now=now, all_are_dead=True))
            await memory.write(lanes.free_all_lanes)
            await memory.write(zalo_tokens.free_all)
            await memory.write(lambda session: attachments.free_all(session, now=now))
        disk = Disk(settings.data)
        await asyncio.to_thread(disk.tend_reserve)
        ward = WardBoard(memory, settings, disk)
        await ward.refresh()
        if ward().is_demo:
            settings = settings.shut_off()
        await asyncio.to_thread(danger.prepare)
        await asyncio.to_thread(clocks.prepare)
        house = _House(settings, memory, keyed, ward, disk, role=role)
        async with house.open(stack) as address:
            house.running.address = address
            shown = settings.public_url.rstrip("/") or address.replace("//0.0.0.0", "//localhost")
            house.running.fresh_key = fresh_key
            house.running.setup_link = await _setup_link(memory, keyed, ward().id, shown) if role != "worker" else ""
            yield house.running


class _House:
    """The parts in the order they start; they stop in the opposite order, doors first."""

    def __init__(self, settings: Settings, memory: Memory, keyed: Keyed, ward: WardBoard, disk: Disk, *, role: Role) -> None:
        self._settings, self._ward = settings, ward
        self._works = role in ("all", "worker")
        self._doors = role in ("all", "web")
        store = MediaStore(settings.data / "media")
        self._clock = Clock()
        self._bells = Bells(settings.where_data_lives(), self._hear)
        self._thread = Thread(memory, lambda: ward().id, lambda chat_id: self._bells.ring("web", chat_id))
        self._channels: dict[str, Channel] = {"webchat": self._thread}
        self._files: dict[str, Files] = {}
        is_https = settings.public_url.startswith("https")
        delivery = Delivery(memory, self._channels, is_closed=lambda: ward.is_closed)
        on_replies = self._on_replies = delivery.take if self._works else self._ring_out
        media = Media(
            memory,
            store,
            self._files,
            on_replies,
            disk,
            public_url=settings.public_url,
            is_closed=lambda: ward.is_closed,
            book=lambda: ward().book,
        )
        inbox = Inbox(
            memory,
            keyed,
            ward,
            _readers(settings),
            on_replies,
            new_out_token=delivery.new_token if self._works else None,
            workers=8 if self._works else 0,
            on_waiting=lambda chat_id: self._bells.ring("in", chat_id),
            on_attached=media.wake,
            private_link=self._private_link,
        )
        trusted, brakes = networks(settings.trusted_proxies), Brakes(memory, ward)
        self._open_file = SentFiles(memory, store)
        self._open_card = CardFiles(memory, ward)
        self._striking = Striking(
            memory,
            ward,
            channels=lambda: frozenset(self._channels),
            most_waiting=self._most_waiting,
            look=delivery.asking.look,
            is_closed=lambda: ward.is_closed,
        )
        self._webchat = Webchat(
            memory,
            keyed,
            ward,
            store,
            disk,
            brakes,
            self._thread,
            inbox,
            self._open_file,
            trusted=trusted,
            is_https=is_https,
            zalo_verifier=settings.zalo_oa_verifier,
        )
        self._lookup = Lookup(memory, keyed, brakes, ward, trusted, is_https, open_file=self._open_file)
        self._forgetting = Forgetting(memory, store, self._periods, ward().id, data=settings.data)
        self._nightly = Nightly(memory, settings, ward().id)
        self._alarm_command = AlarmCommand(memory, settings.alarm_command, lambda: ward().id)
        self._calling = Calling(memory, ward, on_replies, has_command=self._alarm_command.is_set)
        self._catching_up = CatchingUp(memory, lambda: ward().id, data=settings.data)
        self._door_watch = DoorWatch(memory, inbox, delivery, self._platforms, lambda: ward().id)
        self._group_watch = GroupWatch(memory, keyed, self._platforms, lambda: ward().id)
        self._health = Health(memory, ward, disk, inbox, delivery, self._clock, self._nightly, self._all_doors)
        self._desk = Desk(
            memory,
            keyed,
            ward,
            ward.refresh,
            store,
            disk,
            brakes,
            on_replies,
            trusted=trusted,
            is_https=is_https,
            require_code=settings.require_totp,
            backup_to=settings.backup_to,
            public_url=settings.public_url,
            site=urlsplit(settings.public_url).hostname or "",
            map_tiles=settings.map_tiles,
            develop=media.develop,
            cover=media.cover,
            doors=self._platforms,
            fixed=settings.fixed,
            kept=settings.kept,
        )
        self.running = Running("", memory, inbox, delivery, media, store, disk, ward, keyed)
        self.running.forget = self._forget_everything
        self.running.look_at_groups = self._look_at_groups

    def _periods(self) -> Periods:
        return keeping.periods_of(self._ward().book, self._settings.kept)

    def _platforms(self) -> dict[str, Any]:
        """The messengers' doors that are on, by channel."""
        return {channel: door for channel, door in self._all_doors().items() if door is not None}

    def _all_doors(self) -> dict[str, Any]:
        return {"telegram": self.running.telegram, "zalo_oa": self.running.zalo_oa, "zalo_bot": self.running.zalo_bot}

    def _link_of(self, channel: str) -> str:
        door = self._platforms().get(channel)
        return door.link if door is not None else ""

    def _private_link(self, channel: str) -> str:
        """Where a group is sent to write to us alone: the ward's page, or else the bot of the messenger it is on."""
        links = (self._settings.public_url, self._link_of(channel), *map(self._link_of, self._platforms()))
        return next(filter(None, links), "")

    def _ring_out(self, chat_id: int, _lane: OutLane | None) -> None:
        self._bells.ring("out", chat_id)

    def _hear(self, topic: str, number: int) -> None:
        """News from other processes."""
        if topic == "web":
            self._thread.ring(number)
        elif topic == "in":
            self.running.inbox.wake(number)
        elif topic == "out" and self._works:
            self.running.delivery.wake(number)

    @asynccontextmanager
    async def open(self, stack: AsyncExitStack) -> AsyncIterator[str]:
        http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        stack.push_async_callback(http.close)
        self._open_doors(http, stack)
        run = self.running
        self._bells.start()
        stack.push_async_callback(self._bells.stop)
        if self._works:
            run.delivery.start()
            stack.push_async_callback(run.delivery.stop)
            run.media.start()
            stack.push_async_callback(run.media.stop)
            run.inbox.start()
            stack.push_async_callback(run.inbox.stop)
        if self._works:
            await self._note_alive()
            await self._calling.plan_shifts()  # After weeks of standstill nobody should have to wait for a beat to be on duty.
        self._set_clock(stack)
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=5)  # An access log would keep residents' addresses.
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, self._settings.host, self._settings.port)
        await site.start()
        await self._start_doors(stack)
        stack.callback(self._webchat.close_streams)
        stack.callback(self._desk.close_streams)
        yield f"http://{self._settings.host}:{runner.addresses[0][1]}"

    def _open_doors(self, http: aiohttp.ClientSession, stack: AsyncExitStack) -> None:
        settings, run, ward = self._settings, self.running, self._ward
        if settings.telegram_token:
            from bot.channels.telegram.door import open_telegram  # Heavy, and only for who uses it.

            telegram = open_telegram(settings, http, run.memory, run.keyed, run.inbox, ward, self._open_file, self._open_card)
            run.telegram, self._channels["telegram"], self._files["telegram"] = telegram.door, telegram.speaker, telegram.speaker
        if settings.zalo_oa_app_id:
            zalo_oa = open_zalo_oa(settings, http, run.memory, run.keyed, run.inbox, ward, self._open_file, self._open_card)
            run.zalo_oa = zalo_oa.door
            for channel in (PERSON, VISITOR):
                self._channels[channel], self._files[channel] = zalo_oa.speaker, zalo_oa.files
            stack.push_async_callback(zalo_oa.files.close)
        if settings.zalo_bot_token:
            zalo_bot = open_zalo_bot(settings, http, run.memory, run.inbox, ward)
            run.zalo_bot, self._channels["zalo_bot"], self._files["zalo_bot"] = zalo_bot.door, zalo_bot.speaker, zalo_bot.files
            stack.push_async_callback(zalo_bot.files.close)

    async def _start_doors(self, stack: AsyncExitStack) -> None:
        """After our own pages are there: a platform may look whether its webhook answers."""
        run = self.running
        if run.telegram is not None and (self._works or self._settings.telegram_mode == "webhook"):
            run.telegram.start(polls=self._settings.telegram_mode == "polling")
            stack.push_async_callback(run.telegram.stop)
        if run.zalo_bot is not None and (self._works or self._settings.zalo_bot_mode == "webhook"):
            run.zalo_bot.start(polls=self._settings.zalo_bot_mode == "polling")
            stack.push_async_callback(run.zalo_bot.stop)
        if run.zalo_oa is not None:
            await run.zalo_oa.start(works=self._works)
            stack.push_async_callback(run.zalo_oa.stop)

    def _set_clock(self, stack: AsyncExitStack) -> None:
        clock = self._clock
        clock.every(5, "ward", self._ward.refresh)
        clock.every(5, "disk", self._tend_disk)
        if not self._works:
            clock.every(20, "doors", self._door_watch.note_signs)
        if self._works:
            clock.every(30, "media", self.running.media.tidy)
            clock.every(3600, "orphans", self.running.media.forget_orphans)
            clock.every(600, "retention", self._forgetting.forget_old_rows)
            clock.every(1, "silences", self._end_silences)
            clock.every(5, "urgent", self._calling.tell_who_waits)
            clock.every(5, "ladder", self._calling.climb)
            clock.every(1, "alarm-command", self._alarm_command.beat)
            clock.every(20, "doors", self._door_watch.note_doors)
            clock.every(600, "roster", self._calling.plan_shifts)
            clock.every(60, "groups", self._look_at_groups)
            clock.every(60, "alive", self._note_alive)
            clock.every(60, "call-in", self._calling.call_in)
            clock.every(0.5, "striking", self._striking.beat)
            clock.every(20, "views", self._forgetting.close_views)
            clock.every(20, "clocks", self._calling.warn_of_clocks)
            clock.every(10, "warning-progress", self._calling.tell_of_warnings)
            clock.every(10, "leaders", self._calling.remind_leaders)
            clock.every(2, "calendar", self._catching_up.reckon_anew)
            clock.every(0.4, "chain", self._catching_up.link_history)
            clock.every(0.5, "index", self._catching_up.index_words)
            clock.every(1, "figures", self._catching_up.count_figures)
            clock.every(60, "search-tidy", self._catching_up.tidy_search)
            clock.every(5, "resealing", self._reseal)
            clock.every(30, "forgetting", self._forget)
            clock.every(3600, "chain-all", self._catching_up.link_everything)
            clock.every(60, "backup", self._nightly.beat)
        clock.start()
        stack.push_async_callback(clock.stop)
        stack.push_async_callback(self._nightly.stop)
        stack.push_async_callback(self._alarm_command.stop)

    def _most_waiting(self, channel: str) -> int:
        """Of a warning, in the outbox: what a channel takes in about two seconds."""
        if channel != "telegram":
            return 40
        return 2 * self._settings.telegram_rate or 400

    async def _end_silences(self) -> None:
        if not self._ward.is_closed:
            await self.running.inbox.end_silences()

    async def _look_at_groups(self) -> None:
        if not self._ward.is_closed:
            await self._group_watch.beat()

    async def _note_alive(self) -> None:
        """Where the last such word is old, the house was away meanwhile, and the history says so."""
        if self._ward.is_closed:
            return
        ward_id, history_id, now = self._ward().id, new_id(), moments.now()
        await self.running.memory.write(lambda session: house_acts.note_alive(session, ward_id, history_id=history_id, now=now), chore=True)

    async def _forget(self) -> None:
        if not self._ward.is_closed:
            await self._forgetting.forget()

    async def _forget_everything(self) -> None:
        """All that the clock forgets, in one go."""
        await self._forget()
        await self._forgetting.forget_old_rows()

    async def _reseal(self) -> None:
        await Resealing(self.running.memory, self.running.media_store).go_on(self._ward().id)

    async def _tend_disk(self) -> None:
        await asyncio.to_thread(self.running.disk.tend_reserve)

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=1024 * 1024, middlewares=[compressed, kept_by_browsers, counting, calm])
        app[counts] = Counter()
        app.add_routes([web.get("/healthz", self._health.page), web.get("/metrics", self._metrics(app[counts]).page)])
        app.router.add_static("/static/looks", _LOOKS)
        if self._doors:
            app[desk_look] = self._desk.refusal
            app.add_routes([*self._webchat.routes(), *self._lookup.routes(), *desk_routes(self._desk)])
            for door in self._platforms().values():
                app.add_routes(door.routes())
        return app

    def _metrics(self, refused: Counter[str]) -> Metrics:
        run = self.running
        asked: dict[str, Callable[[], Any]] = {
            "messages_handled": lambda: run.inbox.handled_count,
            "answers_sent": lambda: run.delivery.sent_count,
            "answers_failed": lambda: run.delivery.failed_count,
            "warnings_unknown": lambda: run.delivery.asking.unknown_count,
            "answers_parked": lambda: run.delivery.parked_count,
            "files_stored": lambda: run.media.stored_count,
            "files_refused": lambda: run.media.refused_count,
            "files_failed": lambda: run.media.failed_count,
            "backups_made": lambda: self._nightly.made_count,
            "backups_failed": lambda: self._nightly.failed_count,
            "slow_writes": lambda: run.memory.slow_writes,
            "telegram": lambda: dict(run.telegram.counts) if run.telegram else {},
            "zalo_bot": lambda: dict(run.zalo_bot.counts) if run.zalo_bot else {},
            "zalo_oa": lambda: run.zalo_oa.figures if run.zalo_oa else {},
            "alarm_commands_run": lambda: self._alarm_command.run_count,
            "alarm_commands_failed": lambda: self._alarm_command.failed_count,
            "refused": lambda: dict(refused),
        }
        token = self._settings.metrics_token.get_secret_value()
        return Metrics(run.memory, asked, ward_id=lambda: self._ward().id, token=token, is_exposed=self._settings.is_exposed)


def _readers(settings: Settings) -> dict[str, Callable[[str], Incoming]]:
    """How each channel's raw message is read."""
    reads: dict[str, Callable[[str], Incoming]] = {"webchat": from_payload}
    if settings.telegram_token:
        from bot.channels.telegram import parse  # Heavy, and only for who uses it.

        reads["telegram"] = parse.read
    if settings.zalo_bot_token:
        reads["zalo_bot"] = zalo_bot_parse.read
    if settings.zalo_oa_app_id:
        reads[PERSON] = reads[VISITOR] = zalo_oa_parse.read
    return reads


async def _setup_link(memory: Memory, keyed: Keyed, ward_id: int, address: str) -> str:
    """Single-use, printed at every start until the first chief exists."""
    token, link_id, now = secrets.token_urlsafe(24), new_id(), moments.now()
    token_hash = keyed.hash("set-up", token)

    def make(session: Session) -> bool:
        if officers.has_chief(session, ward_id):
            return False
        officers.keep_setup_link(session, link_id=link_id, ward_id=ward_id, token_hash=token_hash, now=now)
        return True

    return f"{address}/admin/khoi-dau/{token}" if await memory.write(make) else ""
