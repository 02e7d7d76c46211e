"""A refresh token works once: whatever dies, whoever else asks, the pair is on the disk before it is used, and a loss is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.channels.zalo_oa.tokens import NoToken, Tokens, pair_of
from bot.channels.zalo_oa.wire import Wire
from bot.runtime import running
from storage import moments, tables
from storage.keyed import Keyed
from storage.memory import Memory
from storage.queries import rewrap, wards, zalo_tokens
from storage.queries.zalo_tokens import Kept, Pair
from storage.ward_keys import PURPOSES
from tests.admin.test_desk import Officer, set_up_fields
from tests.bot.zalo_oa.test_door import door_why
from tests.conftest import house_settings, zalo_oa_settings
from tests.databases import Database, known_vault
from tests.fakes.zalo_oa import DAY, FakeZaloOA
from tests.opened import opened, rows
from tests.station import send

WARD = 1
Make = Callable[..., Awaitable[Tokens]]


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    ids = {purpose: number for number, purpose in enumerate(PURPOSES, 10)}
    await memory.write(lambda session: wards.first_rows(session, ward_id=WARD, key_ids=ids, now=1))
    yield memory
    await memory.stop()


@pytest.fixture
async def make(memory: Memory, fake_zalo_oa: FakeZaloOA) -> AsyncIterator[Make]:
    """A process that holds tokens; several may stand over one database."""
    fake = fake_zalo_oa
    async with aiohttp.ClientSession() as http:

        async def made(seed: dict[str, str] | None = None) -> Tokens:
            wire = Wire(http, api=fake.address, oauth=fake.address, app_id=fake.app_id, app_secret=fake.app_secret)
            given = {"seed_access": seed["access_token"], "seed_refresh": seed["refresh_token"]} if seed else {}
            tokens = Tokens(memory, wire, lambda: WARD, Keyed(bytes(32)).hash, **given)
            await tokens.start()
            return tokens

        yield made


async def kept(memory: Memory) -> Kept:
    found = await memory.read(lambda session: zalo_tokens.load(session, WARD))
    assert found is not None
    return found


async def change(memory: Memory, **values: Any) -> None:
    await memory.write(lambda session: session.execute(update(tables.ZaloToken).values(**values)) and None)


async def test_a_seed_is_renewed_at_once_and_then_only_when_it_is_time(make: Make, memory: Memory, fake_zalo_oa: FakeZaloOA) -> None:
    tokens = await make(fake_zalo_oa.issue())
    await tokens.beat()
    await tokens.beat()
    assert len(fake_zalo_oa.token_calls) == 1 and not tokens.is_lost
    assert 24 * moments.HOUR < (await kept(memory)).pair.expires_at - moments.now() <= 25 * moments.HOUR

    await change(memory, expires_at=moments.now() + 6 * moments.HOUR - 1)  # Also where nobody has written for days.
    await tokens.beat()
    assert len(fake_zalo_oa.token_calls) == 2
    assert await tokens.access() == (await kept(memory)).pair.access in fake_zalo_oa.access


async def test_the_environment_is_a_seed_and_used_only_when_it_is_new(make: Make, memory: Memory, fake_zalo_oa: FakeZaloOA) -> None:
    first, second = fake_zalo_oa.issue(), fake_zalo_oa.issue()
    await (await make(first)).beat()
    grown = (await kept(memory)).pair.refresh
    await (await make(first)).beat()  # A restart with what stands in `.env`, which is spent.
    assert (await kept(memory)).pair.refresh == grown
    await (await make(second)).beat()
    later = (await kept(memory)).pair.refresh
    await (await make(first)).beat()  # Put back by mistake.
    assert later == (await kept(memory)).pair.refresh != grown
    assert [call["refresh_token"] for call in fake_zalo_oa.token_calls] == [first["refresh_token"], second["refresh_token"]]


async def test_tokens_are_sealed_and_the_pair_before_is_kept(make: Make, memory: Memory, fake_zalo_oa: FakeZaloOA) -> None:
    tokens = await make(fake_zalo_oa.issue())
    await tokens.beat()
    [cells] = await opened(memory, tables.ZaloToken, "pair", "previous", "data_key", "seeds")
    pair = (await kept(memory)).pair
    told = b"".join(bytes(cell) for cell in cells[:3]) + str(cells[3]).encode()
    assert pair.access.encode() not in told and pair.refresh.encode() not in told and cells[1] is not None
    assert pair.access not in repr(pair) and pair.refresh not in repr(await kept(memory))

    assert {("zalo_tokens", "data_key"), ("held_events", "data_key")} <= set(rewrap.HOLDERS)
    stepped = await memory.write(lambda session: zalo_tokens.reseal_some(session, after=-1))
    assert stepped is not None and stepped.changed == 1 and stepped.broken == ()
    assert (await kept(memory)).pair == pair


async def test_what_came_is_on_the_disk_before_anybody_uses_it(
    make: Make, memory: Memory, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk refuses the new pair: nobody gets to see it, and the next beat writes it, without asking again."""
    tokens = await make(fake_zalo_oa.issue())
    await tokens.beat()
    old, keep, full = await tokens.access(), zalo_tokens.keep, [True]

    def refuses(*given: Any, **more: Any) -> int:
        if full:
            raise OSError("No space left on device")
        return keep(*given, **more)

    monkeypatch.setattr(zalo_tokens, "keep", refuses)
    await change(memory, expires_at=1)
    with pytest.raises(OSError):
        await tokens.beat()
    assert await tokens.access() == old == (await kept(memory)).pair.access
    full.clear()
    await tokens.beat()
    assert old != await tokens.access() == (await kept(memory)).pair.access and len(fake_zalo_oa.token_calls) == 2
    assert not tokens.is_lost


@pytest.mark.parametrize("where", ["before the claim", "before sending", "before storing", "after storing"])
async def test_p7_a_crash_at_each_point_ends_with_a_good_pair_or_with_a_person_told(
    make: Make, memory: Memory, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    tokens = await make(fake_zalo_oa.issue())
    await tokens.beat()
    await change(memory, expires_at=1)
    before = (await kept(memory)).pair

    def dies(*_given: Any, **_more: Any) -> Any:
        raise Killed

    async def dies_later(*given: Any, **more: Any) -> Any:
        raise Killed

    with pytest.MonkeyPatch.context() as patched, pytest.raises((Killed, BaseExceptionGroup)):
        if where == "before the claim":
            patched.setattr(tokens, "_renew", dies_later)
        elif where == "before sending":
            patched.setattr(tokens, "_ask", dies_later)
        elif where == "before storing":
            patched.setattr(tokens, "_store", dies_later)
        else:
            done = tokens._store

            async def stores_and_dies(*given: Any) -> Any:
                await done(*given)
                raise Killed

            patched.setattr(tokens, "_store", stores_and_dies)
        await tokens.beat()

    again = await make()
    assert await again.access() == (await kept(memory)).pair.access  # Whatever happened, nothing that is not stored is used.
    await change(memory, lease=0)  # A minute later.
    await again.beat()
    if where == "before storing":  # Spent, and what came for it is gone: only a person can help.
        assert again.is_lost and (await kept(memory)).lost_at is not None and (await kept(memory)).pair == before
        await again.take(pair_of({"access": "a", "refresh": "r", "expires_in": "90000"}, now=moments.now()), then=lambda _session: None)
        assert not again.is_lost
    else:
        assert not again.is_lost and (await kept(memory)).pair.refresh != before.refresh
        assert await again.access() in fake_zalo_oa.access


async def test_two_processes_at_once_spend_one_refresh_token(make: Make, memory: Memory, fake_zalo_oa: FakeZaloOA) -> None:
    """The claim is one conditional UPDATE, on both engines."""
    await (await make(fake_zalo_oa.issue())).beat()
    many = [await make() for _ in range(6)]
    olds = [await one.access() for one in many]
    fake_zalo_oa.token_delay_secs = 0.2
    fake_zalo_oa.revoke_access()
    fresh = await asyncio.gather(*(one.instead_of(old) for one, old in zip(many, olds, strict=True)))

    assert len(set(olds)) == len(set(fresh)) == 1 and fresh[0] != olds[0]
    assert len(fake_zalo_oa.token_calls) == 2
    assert sum(one.renewed_count for one in many) == 1


async def test_many_sends_that_are_refused_at_once_renew_once(make: Make, fake_zalo_oa: FakeZaloOA) -> None:
    tokens = await make(fake_zalo_oa.issue())
    await tokens.beat()
    old = await tokens.access()
    assert len(set(await asyncio.gather(*(tokens.instead_of(old) for _ in range(20))))) == 1
    assert len(fake_zalo_oa.token_calls) == 2


async def test_no_answer_is_tried_again_with_the_same_and_a_spent_one_is_told(make: Make, memory: Memory, fake_zalo_oa: FakeZaloOA) -> None:
    tokens = await make(fake_zalo_oa.issue())
    await tokens.beat()
    await change(memory, expires_at=1)
    fake_zalo_oa.outage = True
    await tokens.beat()
    assert not tokens.is_lost and (await kept(memory)).asked_at is not None
    fake_zalo_oa.outage, fake_zalo_oa.rate_limit = False, 1
    await change(memory, lease=0)
    await tokens.beat()
    assert not tokens.is_lost
    await change(memory, lease=0)
    await tokens.beat()
    assert (await kept(memory)).asked_at is None and not tokens.is_lost
    await change(memory, expires_at=1)
    fake_zalo_oa.lose_token_answers = 1  # Spent, and nobody heard what came.
    await tokens.beat()
    calls = len(fake_zalo_oa.token_calls)
    await tokens.beat()
    assert len(fake_zalo_oa.token_calls) == calls  # Not at once again.
    await change(memory, lease=0)
    await tokens.beat()
    assert tokens.is_lost
    await tokens.beat()
    assert len(fake_zalo_oa.token_calls) == calls + 1  # And not every few seconds for ever.


async def test_without_any_token_nothing_is_sent_and_a_person_is_needed(make: Make) -> None:
    tokens = await make()
    await tokens.beat()
    assert tokens.is_lost
    with pytest.raises(NoToken):
        await tokens.access()


@pytest.mark.parametrize(
    ("told", "hours"), [("90000", 25), (" 3600 ", 1), ("", 25), ("soon", 25), ("-5", 25), ("9" * 400, 25), ("nan", 25), ("3600.5", 1)]
)
def test_how_long_it_lives_is_read_kindly(told: str, hours: int) -> None:
    assert pair_of({"access": "a", "refresh": "r", "expires_in": told}, now=0) == Pair(
        access="a", refresh="r", expires_at=hours * moments.HOUR
    )


async def test_p7_a_lost_token_is_said_on_every_page_and_what_comes_in_still_does(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> None:
    fake, person = fake_zalo_oa, fake_zalo_oa.person()
    async with (
        running(house_settings(tmp_path, **zalo_oa_settings(fake))) as house,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        fake.webhook_url = f"{house.address}/hooks/zalo-oa"
        chief = Officer(http, house)
        await chief.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        assert await chief.sign_in() == 200
        await door_why(house, [])
        fake.revoke_everything()
        await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        await door_why(house, [("zalo_oa", "authorise")])
        assert len(await rows(house, tables.Piece, "id")) == 1 and person.reads() == []
        an_hour_ago = update(tables.DoorTrouble).values(since=moments.now() - moments.HOUR)
        await house.memory.write(lambda session: session.execute(an_hour_ago) and None)
        for path in ("/admin", "/admin/han", "/admin/can-bo", "/admin/kenh"):
            assert "Zalo OA không còn nhận mã kết nối" in (await chief.get(path))[1]
    # The administrator sets a new pair, and restarts: what waited goes out, and the line on the pages goes.
    async with running(house_settings(tmp_path, **zalo_oa_settings(fake))) as house:
        due = update(tables.OutboxRow).values(due_at=0)
        await house.memory.write(lambda session: session.execute(due) and None)
        await person.hears("ạ?")
        await door_why(house, [])


async def test_a_day_of_tokens(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> None:
    """The access token runs out while nobody looked: the next answer is refused, renewed once, and sent."""
    fake, person = fake_zalo_oa, fake_zalo_oa.person()
    async with running(house_settings(tmp_path, **zalo_oa_settings(fake))) as house:
        fake.webhook_url = f"{house.address}/hooks/zalo-oa"
        await door_why(house, [])
        calls = len(fake.token_calls)
        fake.revoke_access()
        await asyncio.gather(*(one.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ") for one in (person, *(fake.person() for _ in range(8)))))
        await person.hears("ạ?")
        assert len(fake.token_calls) == calls + 1 and not house.zalo_oa.tokens.is_lost


def test_settings_say_what_is_missing() -> None:
    with pytest.raises(ValueError, match="KENG_ZALO_OA_SECRET_KEY"):
        house_settings(Path("/nowhere"), zalo_oa_app_id="1")
    with pytest.raises(ValueError):
        house_settings(Path("/nowhere"), zalo_oa_app_id="x", zalo_oa_secret_key=SecretStr("s"), zalo_oa_app_secret=SecretStr("s"))
    assert DAY == moments.DAY


async def test_the_page_of_channels_shows_the_account_and_tries_its_token(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> None:
    async with (
        running(house_settings(tmp_path, **zalo_oa_settings(fake_zalo_oa))) as house,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        chief = Officer(http, house)
        await chief.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        assert await chief.sign_in() == 200
        await door_why(house, [])
        page = (await chief.get("/admin/kenh"))[1]
        assert "Zalo OA" in page and f"https://zalo.me/{fake_zalo_oa.oa_id}" in page
        assert "Công an phường Ví Dụ" in (await send(chief, "/admin/kenh/thu", kenh="zalo_oa"))[1]
        fake_zalo_oa.revoke_everything()
        page = (await send(chief, "/admin/kenh/thu", kenh="zalo_oa"))[1]
        assert "API Explorer" in page and "BotFather" not in page.partition("API Explorer")[2].partition("</li>")[0]
