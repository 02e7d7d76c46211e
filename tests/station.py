"""A ward's desk with several officers, each in a browser of their own, and what they do with two keys."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from sqlmodel import Session

from bot.runtime import Running
from handlers import officers
from handlers.custody import take_in
from handlers.officers import LEADER, Role
from handlers.warnings import leaders
from storage import moments, tables
from storage.ids import new_id
from storage.passwords import hash_password
from storage.queries import leaders as leader_rows
from tests.admin.test_desk import PASSWORD, Officer, set_up_fields
from tests.opened import rows

SENTENCE = "trau oi ta bao trau nay"
NAME, PHONE = "Canary Nguyễn Thị Lý", "0912 345 678"
REASON = "Cần lấy lời khai về vụ trộm"


@dataclass
class Station:
    """A ward's desk with several officers, each in a browser of their own."""

    house: Running
    stack: AsyncExitStack
    people: dict[str, Officer] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    sheet: str = ""

    async def browser(self) -> Officer:
        http = await self.stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        return Officer(http, self.house)

    async def chief(self) -> Officer:
        chief = await self.browser()
        assert (await chief.post(self.house.setup_link.removeprefix(self.house.address), **set_up_fields()))[0] == 200
        assert await chief.sign_in() == 200
        self.people["chief"] = chief
        [(self.ids["chief"],)] = await rows(self.house, tables.Officer, "id")
        return chief

    async def add(self, login: str, role: Role) -> Officer:
        officer_id, history_id, ward_id = new_id(), new_id(), self.house.ward().id
        await self.house.memory.write(
            lambda session: officers.add_officer(
                session,
                ward_id,
                officer_id=officer_id,
                history_id=history_id,
                login=login,
                name=login.upper(),
                role=role,
                password_hash=hash_password(PASSWORD),
                by="command line",
                now=1,
            )
        )
        officer = await self.browser()
        await officer.sign_in(login)
        self.people[login], self.ids[login] = officer, officer_id
        return officer

    async def lead(self, login: str, *areas: int, phone: str = "") -> Officer:
        """A leader, who comes in by a link and not by a password."""
        officer_id, ward_id, now, token = new_id(), self.house.ward().id, moments.now(), f"link-of-{login}"
        link_hash = self.house.keyed.hash("leader-link", token)

        def make(session: Session) -> None:
            given = leaders.Given(login=login, name=login.upper(), phone=phone, areas=areas)
            leaders.put_in(session, ward_id, given, officer_id=officer_id, by="command line", now=now)
            leader_rows.keep_link(session, ward_id, officer_id, link_hash=link_hash, until=now + moments.DAY)

        await self.house.memory.write(make)
        person = await self.browser()
        assert (await person.post(f"/admin/vao-to/{token}"))[0] == 200
        self.people[login], self.ids[login] = person, officer_id
        return person

    async def keeps_a_key(self, login: str, *, by: str = "chief") -> str:
        """The whole way of one custodian; the code on the sheet."""
        await send(self.people[by], "/admin/niem-phong/nguoi-giu", officer=str(self.ids[login]))
        _status, page = await send(self.people[login], "/admin/niem-phong/khoa", passphrase=SENTENCE, again=SENTENCE)
        sheet = re.search(r'class="code number"[^>]*>(.*?)</p>', page)
        assert sheet
        return "-".join(re.findall(r"<span>(\w+)</span>", sheet[1]))

    async def identity(self, tip_id: int) -> int:
        identity_id, ward_id, now = new_id(), self.house.ward().id, moments.now()
        value = {"name": NAME, "phone": PHONE}
        await self.house.memory.write(
            lambda session: take_in(session, ward_id=ward_id, tip_id=tip_id, identity_id=identity_id, draw=new_id, value=value, now=now)
        )
        return identity_id

    async def opening_ids(self) -> list[int]:
        return [row[0] for row in await rows(self.house, tables.Opening, "id")]

    async def history(self, prefix: str) -> list[str]:
        return [what for (what,) in await rows(self.house, tables.HistoryRow, "what") if what.startswith(prefix)]


def token_of(person: Officer) -> str:
    [cookie] = [morsel.value for morsel in person.http.cookie_jar if morsel.key == "keng_desk"]
    return person.house.keyed.hash("desk-csrf", cookie)


async def send(person: Officer, path: str, /, **fields: str) -> tuple[int, str]:
    """A form of our own page, with its token."""
    status, text = await person.post(path, csrf=token_of(person), **fields)
    return status, html.unescape(text)


async def asks(station: Station, tip_id: int, who: str = "truc.ban", *, what: str = "xin-mo") -> int:
    before = await station.opening_ids()
    status, _page = await send(station.people[who], f"/admin/tin/{tip_id}/{what}", reason=REASON)
    assert status == 200
    [opening_id] = set(await station.opening_ids()) - set(before)
    return opening_id


async def approves(station: Station, opening_id: int, who: str = "giu.khoa", secret: str = SENTENCE) -> tuple[int, str]:
    return await send(station.people[who], f"/admin/niem-phong/yeu-cau/{opening_id}/dong-y", passphrase=secret)


async def looks(station: Station, opening_id: int, who: str = "truc.ban") -> tuple[int, str]:
    return await send(station.people[who], f"/admin/niem-phong/yeu-cau/{opening_id}/xem")


@asynccontextmanager
async def stationed(house: Running, people: dict[str, Role]) -> AsyncIterator[Station]:
    """A chief and these, signed in; the first who may keeps a key."""
    async with AsyncExitStack() as stack:
        station = Station(house, stack)
        await station.chief()
        for login, role in people.items():
            await (station.lead(login) if role == LEADER else station.add(login, role))
        for login in (login for login, role in people.items() if role == "custodian"):
            station.sheet = await station.keeps_a_key(login)
            await house.ward.refresh()
        yield station


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    """A chief and a duty officer."""
    async with stationed(house, {"truc.ban": "duty"}) as station:
        yield station
