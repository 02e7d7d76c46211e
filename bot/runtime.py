"""The one place that wires all: builds every part in order and stops it in order."""

import asyncio
import fcntl
import json
import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal
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
from bot.channels.base import Channel, Files
from bot.channels.webchat.lookup import Lookup
from bot.channels.webchat.receive import Webchat
from bot.channels.webchat.send import Thread
from bot.channels.zalo_bot import parse as zalo_bot_parse
from bot.channels.zalo_bot.door import open_zalo_bot
from bot.channels.zalo_oa import parse as zalo_oa_parse
from bot.channels.zalo_oa.door import open_door as open_zalo_oa
from bot.clock import Clock
from bot.compressed import compressed
from bot.delivery import Delivery
from bot.forgetting import Forgetting
from bot.inbox import Inbox, from_payload
from bot.media import Media
from bot.metrics import Metrics
from bot.resealing import Resealing
from bot.sent_files import SentFiles
from bot.settings import Settings, SettingsError
from bot.web_errors import calm, counting, counts, desk_look
from handlers import clocks, deadlines, duty, figures, keeping, ladder, officer_chats, openings, tip_clocks, urgent
from handlers import house as house_acts
from handlers.brakes import Brakes
from handlers.insight import danger
from handlers.insight.place_names import names_of
from handlers.messages import Incoming, Ward
from handlers.visitors import networks
from handlers.ward_book import WardBook
from storage import moments
from storage.bells import Bells
from storage.disk import Disk, Room
from storage.heads import HeadBook
from storage.ids import new_id
from storage.keyed import Keyed
from storage.master_key import KeyTrouble
from storage.media import MediaStore
from storage.memory import Memory
from storage.migrate import TooOld, is_current, upgrade_here
from storage.queries import (
    attachments,
    chain,
    custody,
    doors,
    finding,
    lanes,
    leases,
    officers,
    resealing,
    retention,
    search,
    ward_book,
    wards,
)
from storage.queries import house as house_rows
from storage.queries import officers as officer_rows
from storage.queries.lanes import OutLane
from storage.queries.retention import Periods
from storage.unlock import unlock
from storage.vault import Vault
from storage.ward_keys import PURPOSES, WardKeys

log = logging.getLogger("keng.runtime")
_LOOKS = Path(handlers.__file__).parent / "looks"
Role = Literal["all", "web", "worker"]
_DISK_SAID = {Room.FINE: "ok", Room.LOW: "low", Room.NO_NEW_FILES: "no new files", Room.NO_FILES: "no files"}


class WardBoard:
    """What the ward is called and whom to ring: from the settings, else from the database, looked up again every few seconds."""

    def __init__(self, memory: Memory, settings: Settings, disk: Disk) -> None:
        self._memory, self._settings, self._disk = memory, settings, disk
        self._ward: Ward | None = None
        self._book = WardBook()
        self._one_at_a_time = asyncio.Lock()

    def __call__(self) -> Ward:
        if self._ward is None:
            raise RuntimeError("the ward is not known yet")
        return self._ward

    async def refresh(self) -> None:
        """Whoever has just changed something and asks sees it: a look that began before it must not end after it."""
        async with self._one_at_a_time:
            await self._look()

    async def _look(self) -> None:
        given = self._settings
        own = await self._memory.read(wards.ward_facts)
        ward_id = own.id
        assert self._memory.vault is not None
        self._memory.vault.wards[ward_id] = await self._memory.read(lambda session: wards.keys_of(session, ward_id))
        custodians = await self._memory.read(lambda session: custody.active_custodians(session, ward_id))
        if await self._memory.read(lambda session: ward_book.version(session, ward_id)) != self._book.version or self._ward is None:
            book = WardBook.from_rows(await self._memory.read(lambda session: ward_book.load(session, ward_id)))
            await asyncio.to_thread(names_of, book)  # A large map takes a while to learn; no message should have to wait for it.
            self._book = book
        files_wait = self._disk.room <= Room.NO_NEW_FILES
        is_closed = await self._memory.read(house_rows.is_closed)
        self._ward = Ward(
            id=ward_id,
            name=given.ward_name or own.name,
            duty_phone=given.duty_phone or own.duty_phone,
            address=given.ward_address or own.address,
            superior=given.superior_address or own.superior,
            unit=own.unit,
            province=own.province,
            keepers=await self._memory.read(lambda session: officer_rows.count_role(session, ward_id, "keeper")),
            files_wait=files_wait,
            is_demo=await self._memory.read(wards.is_demo),
            is_closed=is_closed,
            custodians=len(custodians),
            public_url=self._settings.public_url.rstrip("/"),
            book=self._book,
        )

    @property
    def is_closed(self) -> bool:
        return self().is_closed


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
    setup_link: str = ""  # Only until there is a chief.
    fresh_key: Path | None = None  # Where a master key was just made, so that somebody copies it.


@contextmanager
def data_lock(data: Path) -> Any:
    """One serving process per SQLite file; `migrate` and `restore` refuse while it is held."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    file: IO[str] = (data / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise SettingsError(f"another Kẻng already serves {data}; stop it first or set KENG_DATA") from None
    try:
        yield
    finally:
        file.close()


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
            await memory.write(lanes.free_all_lanes)
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
        reads: dict[str, Callable[[str], Incoming]] = {"webchat": from_payload}
        if settings.telegram_token:
            from bot.channels.telegram import parse  # Heavy, and only for who uses it.

            reads["telegram"] = parse.read
        if settings.zalo_bot_token:
            reads["zalo_bot"] = zalo_bot_parse.read
        if settings.zalo_oa_app_id:
            reads["zalo_oa"] = zalo_oa_parse.read
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
            reads,
            on_replies,
            new_out_token=delivery.new_token if self._works else None,
            workers=8 if self._works else 0,
            on_waiting=lambda chat_id: self._bells.ring("in", chat_id),
            on_attached=media.wake,
            private_link=self._private_link,
        )
        trusted, brakes = networks(settings.trusted_proxies), Brakes(memory, ward)
        self._signs: dict[str, tuple[int, int]] = {}  # By channel: when something last came in and went out, as it was written down.
        self._open_file = SentFiles(memory, store)
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

    def _periods(self) -> Periods:
        return keeping.periods_of(self._ward().book, self._settings.kept)

    def _platforms(self) -> dict[str, Any]:
        """The messengers' doors that are on, by channel."""
        doors = {"telegram": self.running.telegram, "zalo_oa": self.running.zalo_oa, "zalo_bot": self.running.zalo_bot}
        return {channel: door for channel, door in doors.items() if door is not None}

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
        if self._settings.telegram_token:
            self._open_telegram(http)
        if self._settings.zalo_oa_app_id:
            self._open_zalo_oa(http, stack)
        run = self.running
        if self._settings.zalo_bot_token:
            zalo_bot = open_zalo_bot(self._settings, http, run.memory, run.inbox, self._ward)
            run.zalo_bot, self._channels["zalo_bot"], self._files["zalo_bot"] = zalo_bot.door, zalo_bot.speaker, zalo_bot.files
            stack.push_async_callback(zalo_bot.files.close)
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
            await self._plan_shifts()  # After weeks of standstill nobody should have to wait for a beat to be on duty.
        self._set_clock(stack)
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=5)  # An access log would keep residents' addresses.
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, self._settings.host, self._settings.port)
        await site.start()
        if run.telegram is not None and (self._works or self._settings.telegram_mode == "webhook"):
            run.telegram.start(polls=self._settings.telegram_mode == "polling")
            stack.push_async_callback(run.telegram.stop)
        if run.zalo_bot is not None and (self._works or self._settings.zalo_bot_mode == "webhook"):
            run.zalo_bot.start(polls=self._settings.zalo_bot_mode == "polling")
            stack.push_async_callback(run.zalo_bot.stop)
        if run.zalo_oa is not None:
            await run.zalo_oa.start(works=self._works)
            stack.push_async_callback(run.zalo_oa.stop)
        stack.callback(self._webchat.close_streams)
        stack.callback(self._desk.close_streams)
        yield f"http://{self._settings.host}:{runner.addresses[0][1]}"

    def _set_clock(self, stack: AsyncExitStack) -> None:
        clock = self._clock
        clock.every(5, "ward", self._ward.refresh)
        clock.every(5, "disk", self._tend_disk)
        if not self._works:
            clock.every(20, "doors", self._note_signs)
        if self._works:
            clock.every(30, "media", self.running.media.tidy)
            clock.every(3600, "orphans", self.running.media.forget_orphans)
            clock.every(600, "retention", self._forget_old_rows)
            clock.every(1, "silences", self._end_silences)
            clock.every(5, "urgent", self._tell_who_waits)
            clock.every(5, "ladder", self._climb)
            clock.every(1, "alarm-command", self._alarm_command.beat)
            clock.every(20, "doors", self._note_doors)
            clock.every(600, "roster", self._plan_shifts)
            clock.every(60, "alive", self._note_alive)
            clock.every(60, "call-in", self._call_in)
            clock.every(20, "views", self._close_views)
            clock.every(20, "clocks", self._warn_of_clocks)
            clock.every(2, "calendar", self._reckon_anew)
            clock.every(0.4, "chain", self._link_history)
            clock.every(0.5, "index", self._index_words)
            clock.every(1, "figures", self._count_figures)
            clock.every(60, "search-tidy", self._tidy_search)
            clock.every(5, "resealing", self._reseal)
            clock.every(30, "forgetting", self._forget)
            clock.every(3600, "chain-all", self._link_everything)
            clock.every(60, "backup", self._nightly.beat)
        clock.start()
        stack.push_async_callback(clock.stop)
        stack.push_async_callback(self._nightly.stop)
        stack.push_async_callback(self._alarm_command.stop)

    async def _end_silences(self) -> None:
        if not self._ward.is_closed:
            await self.running.inbox.end_silences()

    async def _tell_who_waits(self) -> None:
        """A resident in danger is told when nobody has accepted yet."""
        if self._ward.is_closed:
            return
        ward, now = self._ward(), moments.now()
        for chat_id in await self.running.memory.write(lambda session: urgent.tell_who_waits(session, ward, draw=new_id, now=now)):
            self._on_replies(chat_id, None)

    async def _warn_of_clocks(self) -> None:
        """Half, four fifths, before the end, over: the newest of each clock, once."""
        if self._ward.is_closed:
            return
        ward, now = self._ward(), moments.now()

        def beat(session: Session) -> list[deadlines.Warned]:
            tip_clocks.hurry(session, ward.book, ward.id, draw=new_id, now=now)
            tip_clocks.start_missing(session, ward.book, ward.id, draw=new_id, now=now)
            warned = deadlines.warn(session, ward.id, draw=new_id, now=now)
            tip_clocks.ring(session, ward, warned, officer_chats.ring, draw=new_id, now=now)
            return warned

        for one in await self.running.memory.write(beat):
            log.info("clock_warned", extra={"tip": one.tip_id, "kind": one.kind, "stage": one.stage})

    async def _reckon_anew(self) -> None:
        """A day off was set or taken back: the clocks that run, some in each write, people's own writes between them."""
        memory, ward_id = self.running.memory, self._ward().id
        more = await memory.read(lambda session: deadlines.has_to_reckon(session, ward_id))
        while more:
            now = moments.now()
            more = await memory.write(lambda session, now=now: deadlines.reckon_anew(session, ward_id, draw=new_id, now=now), chore=True)  # type: ignore[misc]

    async def _climb(self) -> None:
        """A tip nobody accepts calls the next person."""
        if self._ward.is_closed:
            return
        ward, now, has_command = self._ward(), moments.now(), self._alarm_command.is_set
        await self.running.memory.write(
            lambda session: ladder.climb(session, ward, officer_chats.ring, draw=new_id, now=now, has_command=has_command)
        )

    async def _note_doors(self) -> None:
        """A platform that does not let us in: every page says so, and the chief is called. A restart forgets nothing of it."""
        await self._note_signs()
        for channel, door in self._platforms().items():
            if door.shut is not None:  # Else another process speaks with it, or nobody has tried yet.
                await self._note_door(channel, door.shut)

    async def _note_door(self, channel: str, why: str) -> None:
        ward_id, row_id, now = self._ward().id, new_id(), moments.now()
        known = await self.running.memory.read(lambda session: doors.lasting(session, ward_id, before=now))
        if why == next((one.why for one in known if one.channel == channel), ""):
            return

        def note(session: Session) -> None:
            if why:
                doors.keep(session, ward_id, row_id=row_id, channel=channel, why=why, now=now)
            else:
                doors.over(session, ward_id, channel)

        await self.running.memory.write(note)

    async def _note_signs(self) -> None:
        """When each door was last alive, a little late: no message pays for it."""
        came, went = self.running.inbox.last_in, self.running.delivery.last_out
        signs = {channel: (came.get(channel, 0), went.get(channel, 0)) for channel in {*came, *went}}
        news, ward_id = {channel: seen for channel, seen in signs.items() if self._signs.get(channel) != seen}, self._ward().id
        ids = {channel: new_id() for channel in news}
        if news:
            await self.running.memory.write(lambda session: doors.keep_signs(session, ward_id, news, ids=ids))
            self._signs |= news

    async def _call_in(self) -> None:
        """ "Vào ca" on the phone of whoever is planned, a little before."""
        if not self._ward.is_closed:
            ward, now = self._ward(), moments.now()
            await self.running.memory.write(lambda session: duty.call_in(session, ward, officer_chats.ring, draw=new_id, now=now))

    async def _plan_shifts(self) -> None:
        ward_id, now = self._ward().id, moments.now()
        await self.running.memory.write(lambda session: duty.plan(session, ward_id, draw=new_id, now=now))

    async def _note_alive(self) -> None:
        """Where the last such word is old, the house was away meanwhile, and the history says so."""
        if self._ward.is_closed:
            return
        ward_id, history_id, now = self._ward().id, new_id(), moments.now()
        await self.running.memory.write(lambda session: house_acts.note_alive(session, ward_id, history_id=history_id, now=now), chore=True)

    async def _link_history(self) -> None:
        """Every row of the history has its link within a second."""
        memory, ward_id = self.running.memory, self._ward().id
        while await memory.read(lambda session: chain.has_unlinked(session, ward_id)):
            await memory.write(lambda session: chain.link_new(session, ward_id), chore=True)

    async def _link_everything(self) -> None:
        """A row whose commit was very slow is found here; and the day's head is written down beside the database."""
        memory, ward_id, now = self.running.memory, self._ward().id, moments.now()
        while await memory.write(lambda session: chain.link_new(session, ward_id, everything=True), chore=True):
            continue
        head = await memory.read(lambda session: chain.head(session, ward_id))
        await asyncio.to_thread(HeadBook(self._settings.data).note_daily, head, now=now)

    async def _index_words(self) -> None:
        """What was said can be searched a moment later."""
        memory, ward_id = self.running.memory, self._ward().id
        while ready := await memory.read(lambda session: finding.tokenise_some(session, ward_id)):
            now = moments.now()
            await memory.write(lambda session, ready=ready, now=now: finding.index(session, ward_id, ready, now=now), chore=True)  # type: ignore[misc]

    async def _count_figures(self) -> None:
        """What happened is in the ward's figures a moment later; people's own writes come between."""
        memory, ward_id = self.running.memory, self._ward().id
        while await memory.read(lambda session: figures.is_behind(session, ward_id)):
            await memory.write(lambda session: figures.catch_up(session, ward_id), chore=True)

    async def _forget(self) -> None:
        if not self._ward.is_closed:
            await self._forgetting.forget()

    async def _forget_everything(self) -> None:
        """All that the clock forgets, in one go."""
        await self._forget()
        await self._forget_old_rows()

    async def _reseal(self) -> None:
        await Resealing(self.running.memory, self.running.media_store).go_on(self._ward().id)

    async def _tidy_search(self) -> None:
        """Words that were removed from the index leave its file, in small steps, and then the log beside the file."""
        memory, has_tidied = self.running.memory, False
        while await memory.write(search.tidy, chore=True):
            has_tidied = True
        if has_tidied:
            await memory.empty_log()

    async def _tend_disk(self) -> None:
        await asyncio.to_thread(self.running.disk.tend_reserve)

    async def _forget_old_rows(self) -> None:
        now, keep_logs_for = moments.now(), self._periods().logs_ms
        while await self.running.memory.write(
            lambda session: retention.forget_old_rows(session, now=now, keep_logs_for=keep_logs_for), chore=True
        ):
            continue

    async def _close_views(self) -> None:
        """What two people opened goes when its minutes are over; requests nobody answered run out."""
        now = moments.now()
        while await self.running.memory.write(lambda session: openings.tidy(session, now=now, draw=new_id), chore=True):
            continue

    def _open_telegram(self, session: aiohttp.ClientSession) -> None:
        from telegram import Bot

        from bot.channels.telegram.receive import TelegramDoor
        from bot.channels.telegram.send import TelegramSend
        from bot.channels.telegram.wire import AiohttpRequest

        settings, run = self._settings, self.running
        request = AiohttpRequest(session)
        api = settings.telegram_api.rstrip("/")
        bot = Bot(
            settings.telegram_token.get_secret_value(),
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=request,
            get_updates_request=request,
        )
        speaker = TelegramSend(bot, session, per_sec=settings.telegram_rate, open_file=self._open_file)
        self._channels["telegram"] = speaker
        self._files["telegram"] = speaker
        webhook_url = f"{settings.public_url.rstrip('/')}/hooks/telegram" if settings.public_url else ""
        run.telegram = TelegramDoor(
            bot, run.memory, run.inbox, self._ward, secret=settings.telegram_secret.get_secret_value(), webhook_url=webhook_url
        )

    def _open_zalo_oa(self, http: aiohttp.ClientSession, stack: AsyncExitStack) -> None:
        run = self.running
        opened = open_zalo_oa(self._settings, http, run.memory, run.keyed, run.inbox, self._ward, self._open_file)
        self._channels["zalo_oa"], self._files["zalo_oa"], run.zalo_oa = opened.speaker, opened.files, opened.door
        stack.push_async_callback(opened.files.close)

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=1024 * 1024, middlewares=[compressed, kept_by_browsers, counting, calm])
        app[counts] = Counter()
        app.add_routes([web.get("/healthz", self._health), web.get("/metrics", self._metrics(app[counts]).page)])
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

    async def _health(self, _request: web.Request) -> web.Response:
        """503 when a part that matters is down. Memory is asked to really write: reading goes on long after a disk is full."""
        run, now = self.running, moments.now()
        ward_id = self._ward().id
        try:
            async with asyncio.timeout(5):
                await run.memory.write(lambda session: leases.note_sign_of_life(session, ward_id=ward_id, now=now))
                media_waiting: int | None = await run.memory.read(attachments.count_waiting)
                reseal_left: int | None = await run.memory.read(resealing.left)
                backup = await self._nightly.state()
            memory = "ok"
        except Exception:
            memory, media_waiting, reseal_left, backup = "down", None, None, "unknown"
        parts: dict[str, Any] = {
            "house": "closed" if self._ward.is_closed else "open",
            "memory": memory,
            "inbox": "ok" if run.inbox.is_well else "down",
            "delivery": "ok" if run.delivery.is_well else "down",
            "resealing": reseal_left,
            "disk": _DISK_SAID[run.disk.room],
            "disk_reserve": "in use" if run.disk.reserve_is_open else "ok",
            "media_waiting": media_waiting,
            "clock": "ok" if self._clock.is_well else "down",
            "backup": backup,
            "set_aside": run.inbox.set_aside_count,
            "telegram": "off" if run.telegram is None else (run.telegram.trouble or "ok"),
            "zalo_bot": "off" if run.zalo_bot is None else (run.zalo_bot.trouble or "ok"),
            "zalo_oa": "off" if run.zalo_oa is None else (run.zalo_oa.trouble or "ok"),
        }
        is_well = all(parts[name] == "ok" for name in ("memory", "inbox", "delivery", "clock"))
        return web.Response(text=json.dumps(parts), content_type="application/json", status=200 if is_well else 503)


def unlocked(settings: Settings) -> tuple[Vault, Path | None]:
    """The vault, before anything is written. A missing or wrong master key is one clear sentence."""
    try:
        return unlock(
            settings.where_data_lives(),
            given=settings.master_key.get_secret_value(),
            given_file=settings.master_key_file,
            data=settings.data,
        )
    except KeyTrouble as trouble:
        raise SettingsError(str(trouble)) from None
    except TooOld:
        raise SettingsError("this database is from before the first release and is not sealed; start with an empty KENG_DATA") from None


async def ward_and_keys(memory: Memory) -> tuple[int, WardKeys]:
    """The ward of this installation and its keys, made by whoever comes first: a start or a command."""
    ward_id, key_ids, now = new_id(), {purpose: new_id() for purpose in PURPOSES}, moments.now()
    ward_id, keys = await memory.write(lambda session: wards.first_rows(session, ward_id=ward_id, key_ids=key_ids, now=now))
    assert memory.vault is not None
    memory.vault.wards[ward_id] = keys
    return ward_id, keys


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
