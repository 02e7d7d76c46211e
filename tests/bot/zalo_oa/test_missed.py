"""What people wrote while the house was down is fetched, once, in its order; whatever Zalo repeats by itself is recognised."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from bot.channels.zalo_oa import missed
from bot.channels.zalo_oa.fetched import read_row, rows_of
from bot.channels.zalo_oa.parse import read
from bot.runtime import Running, running
from handlers import answered_outside
from storage import moments, tables
from tests.bot.telegram.test_door import everything_stored
from tests.bot.zalo_oa.test_door import door_why
from tests.conftest import house_settings, zalo_oa_settings
from tests.factories import jpeg
from tests.fakes.zalo_oa import DAY, HOUR, FakeZaloOA, ZaloPerson
from tests.opened import opened, photos_done, rows

OA, USER = "5000000000000000001", "9000000000000000001"


def item(kind: str, **more: Any) -> dict[str, Any]:
    return {"src": 1, "time": 1_760_000_000_000, "type": kind, "message_id": "feed01", "from_id": USER, "to_id": OA, **more}


def said(row: dict[str, Any]) -> Any:
    found = read_row(row, OA)
    assert found is not None and found.letter is not None
    return read(found.letter.payload)


# -- the poorer form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        (item("text", message="Chào"), "text", "Chào"),
        (item("text", message="#keng:report~3"), "button", "report"),
        (item("text", message=""), "unreadable", ""),  # A press whose payload is not carried.
        (item("photo", message="ở cổng", url="https://p.example/a.jpg"), "photo", "ở cổng"),
        (item("GIF", url="https://p.example/a.gif"), "photo", ""),
        (item("voice", url="https://p.example/a.amr"), "voice", ""),
        (item("photo", message="ở cổng"), "unreadable", ""),
        (item("sticker", url="https://p.example/a.png"), "sticker", ""),
        (item("location", message="Cổng chợ"), "text", "Cổng chợ"),
        (item("location"), "unreadable", ""),
        (item("location", location="{nonsense"), "unreadable", ""),
        (item("link", url="https://bao.example/tin", description="Tin"), "text", "Tin\nhttps://bao.example/tin"),
        (
            item("links", links=[{"title": "Một", "url": "https://m.example"}, {"url": "https://h.example"}, 3]),
            "text",
            "Một\nhttps://m.example\nhttps://h.example",
        ),
        (item("link", description='{"phone":"84987123987"}', url="https://zalo.me/x"), "contact", ""),
        (item("something_new", message="?"), "text", "?"),
        (item("something_new"), "unreadable", ""),
    ],
)
def test_each_kind_is_read_as_far_as_it_goes(row: dict[str, Any], kind: str, text: str) -> None:
    incoming = said(row)
    assert (incoming.kind, incoming.text) == (kind, text)
    assert (incoming.source, incoming.sent_at) == ("feed01", 1_760_000_000_000)


@pytest.mark.parametrize(
    "location",
    [
        '{"latitude":"20.86","longitude":"106.68"}',
        '{"coordinates":{"latitude":20.86,"longitude":106.68}}',
        '{"lat":20.86,"lng":106.68}',
        "20.86,106.68",
        " 20.86 ; 106.68 ",
        {"latitude": "20.86", "longitude": "106.68"},
    ],
)
def test_a_place_is_read_in_whatever_form(location: Any) -> None:
    incoming = said(item("location", location=location, message="Cổng chợ"))
    assert (incoming.kind, incoming.latitude, incoming.longitude, incoming.text) == ("location", 20.86, 106.68, "Cổng chợ")


@pytest.mark.parametrize(
    "row",
    [
        {},
        item("text", message_id=""),
        item("text", message_id=None),
        item("text", time="soon"),
        item("text", time=None),
        item("text", from_id="anon00c1"),
        item("text", from_id=OA),
        item("text", from_id=["x"]),
    ],
)
def test_what_nobody_could_answer_or_recognise_is_left(row: dict[str, Any]) -> None:
    assert read_row(row, OA) is None


def test_ids_may_be_numbers_and_pages_wrapped() -> None:
    found = read_row(item("text", src="1", message="x", from_id=int(USER), time="1760000000"), OA)
    assert found is not None and (found.user_id, found.at) == (USER, 1_760_000_000_000)
    ours = read_row(item("text", src=0, from_id=OA, to_id=USER, message="Đã nhận"), OA)
    assert ours is not None and ours.letter is None and ours.echo is not None and ours.user_id == USER
    by_id = read_row({**item("text", from_id=OA, to_id=USER), "src": None}, OA)
    assert by_id is not None and by_id.echo is not None
    assert rows_of({"data": [{"a": 1}, 2]}) == rows_of([{"a": 1}]) == [{"a": 1}]
    assert rows_of({"data": 3}) == rows_of("x") == rows_of({}) == []


def test_nobodys_name_or_picture_is_kept() -> None:
    found = read_row(item("text", message="x", from_display_name="TENCANARY", from_avatar="https://ANHCANARY"), OA)
    assert found is not None and "CANARY" not in str(found)


# -- in a house ----------------------------------------------------------------------------------------------------------


class Down:
    """A house that runs, is away for a while, and runs again, over one folder."""

    def __init__(self, folder: Path, fake: FakeZaloOA) -> None:
        self.fake, self.folder, self.settings = fake, folder, zalo_oa_settings(fake)
        fake.retry_after_secs = ()

    def up(self) -> AbstractAsyncContextManager[Running]:
        return running(house_settings(self.folder, **self.settings))

    @asynccontextmanager
    async def reached(self) -> AsyncIterator[Running]:
        """Up, and Zalo brings what people write."""
        async with self.up() as house:
            self.fake.webhook_url, self.fake.is_subscribed = f"{house.address}/hooks/zalo-oa", True
            yield house

    @asynccontextmanager
    async def looked(self) -> AsyncIterator[Running]:
        """The same, and the first look of all is over."""
        async with self.reached() as house:
            await begun(house)
            yield house


@pytest.fixture
def down(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> Down:
    return Down(tmp_path, fake_zalo_oa)


async def begun(house: Running) -> None:
    """The first look of all is over."""
    for _ in range(200):
        if await rows_named(house):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("never looked")


async def rows_named(house: Running) -> list[Any]:
    query = select(col(tables.Lease.data)).where(col(tables.Lease.name).startswith("zalo-missed:"))
    return await house.memory.read(lambda session: [dict(row[0]) for row in session.execute(query)])


async def known_until(house: Running, **moved: int) -> None:
    query = update(tables.Lease).where(col(tables.Lease.name).startswith("zalo-missed:")).values(data=moved)
    await house.memory.write(lambda session: session.execute(query) and None)


async def fetched(house: Running, many: int) -> None:
    for _ in range(300):
        if house.zalo_oa.figures.get("missed_fetched", 0) >= many:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(house.zalo_oa.figures)


async def words_of(house: Running) -> list[str]:
    return [row[0] for row in await opened(house.memory, tables.Piece, "words") if row[0]]


async def all_handled(house: Running, many: int) -> None:
    for _ in range(300):
        if [row[0] for row in await rows(house, tables.InboxRow, "status")] == ["done"] * many:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await rows(house, tables.InboxRow, "status"))


async def test_what_three_people_wrote_in_an_hour_away_is_there_once_and_in_order(down: Down) -> None:
    fake = down.fake
    people = [fake.person() for _ in range(3)]
    async with down.looked() as house:
        known = fake.person()
        await known.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        await known.hears("ạ?")
    fake.is_subscribed = False
    events = []
    for number in range(12):  # More than a page of each.
        for place, person in enumerate(people):
            events.append(await person.say(f"câu {place} {number:02}"))
            await asyncio.sleep(0.002)
    events += [await person.send_photo(jpeg(colour=colour)) for person, colour in zip(people, ("red", "blue", "green"), strict=True)]
    fake.moved_ms = HOUR
    fake.display_name = "TENCANARY"
    async with down.reached() as house:
        await fetched(house, 39)
        for event in events[::2]:  # Half of it comes again by the webhook.
            await fake.push(event)
        await all_handled(house, 40)
        await photos_done(house, 3)

        assert house.zalo_oa.figures["missed_fetched"] == 39 and house.zalo_oa.counts["repeated"] == 20
        words = await words_of(house)
        for place in range(3):
            assert [one for one in words if one.startswith(f"câu {place}")] == [f"câu {place} {number:02}" for number in range(12)]
        assert [row[0] for row in await rows(house, tables.Attachment, "status")] == ["stored"] * 3
        assert (await rows(house, tables.DoorMark, "what", "many")).count(("fetched", 1)) == 1
        stored = await everything_stored(house)
        assert "TENCANARY" not in stored and not [person.id for person in people if person.id in stored]
        lists = [call for call in fake.calls if call.path.endswith(("listrecentchat", "conversation"))]
        assert lists and all(call.error == 0 for call in lists)


async def test_a_second_look_finds_nothing_and_the_webhook_may_have_been_first(down: Down) -> None:
    fake = down.fake
    async with down.looked() as house:
        person = fake.person()
        await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        await person.hears("ạ?")
        assert await house.zalo_oa.missed.look(fake.oa_id) == 0
        fake.is_subscribed = False  # It has gone silent, and nobody was told.
        await person.say("Lúc 21 giờ")
        await person.send_location("20.86", "106.68", "Cổng chợ")
        assert await house.zalo_oa.missed.look(fake.oa_id) == 2
        assert await house.zalo_oa.missed.look(fake.oa_id) == 0
        await all_handled(house, 3)


async def test_pages_may_be_wrapped_and_carry_less(down: Down) -> None:
    fake = down.fake
    fake.wraps_pages = fake.is_bare = True
    async with down.looked() as house:
        person = fake.person()
        await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        await person.hears("ạ?")
        fake.is_subscribed = False
        await person.press("send")
        await person.send_location("20.86", "106.68")
        assert await house.zalo_oa.missed.look(fake.oa_id) == 2
        await person.hears("máy chưa đọc được")  # Said kindly, once; nothing is passed over in silence.
        await all_handled(house, 3)


async def test_a_chat_that_moves_to_the_top_while_pages_are_read_is_not_passed_over(down: Down) -> None:
    fake = down.fake
    async with down.looked() as house:
        fake.is_subscribed = False
        people = [fake.person() for _ in range(13)]
        for person in people:
            await person.say("Câu đầu của tôi")
            await asyncio.sleep(0.002)
        again: list[ZaloPerson] = [people[0]]  # On the second page when the first was read; then on the first.

        def write_again() -> None:
            if again:
                one = again.pop()
                fake._remember(1, one.id, "feedlate", "text", "Câu sau của tôi")

        fake.after_page = write_again
        assert await house.zalo_oa.missed.look(fake.oa_id) == 14
        await all_handled(house, 14)


async def test_tokens_are_renewed_first_and_a_dead_one_is_no_end(down: Down) -> None:
    fake = down.fake
    async with down.looked() as house:
        person = fake.person()
    fake.is_subscribed = False
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    fake.revoke_access()  # Two days away: the access token is dead, the refresh token lives.
    async with down.reached() as house:
        await fetched(house, 1)
        await person.hears("ạ?")
        fake.is_subscribed = False
        await person.say("Lúc 21 giờ")
        fake.revoke_access()
        assert await house.zalo_oa.missed.look(fake.oa_id) == 1


async def test_whoever_wrote_before_the_first_start_is_not_dug_out(down: Down) -> None:
    fake = down.fake
    fake.is_subscribed = False
    fake.moved_ms = -1000
    await fake.person().say("Chuyện cũ từ hồi chưa có máy")
    fake.moved_ms = 0
    async with down.up() as house:
        await begun(house)
        assert await house.zalo_oa.missed.look(fake.oa_id) == 0
        assert await rows(house, tables.InboxRow, "id") == []


async def test_a_look_cut_short_begins_again_where_it_began(down: Down, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many calls, an outage: nothing is passed over, and the moment up to which all is known does not move."""
    monkeypatch.setattr(missed, "_AGAIN_SECS", 0.3)
    fake = down.fake
    async with down.looked() as house:
        before = await rows_named(house)
        fake.is_subscribed = False
        people = [fake.person() for _ in range(3)]
        for person in people:
            await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        asked = 0

        def fail_later() -> None:
            nonlocal asked
            asked += 1
            fake.outage = asked == 3

        fake.after_page = fail_later
        house.zalo_oa.missed._next_at = 0.0
        for _ in range(100):
            if house.zalo_oa.figures.get("missed_cut_short"):
                break
            await asyncio.sleep(0.05)
        assert await rows_named(house) == before
        fake.outage, fake.after_page = False, None
        await fetched(house, 1)
        await all_handled(house, 3)
        assert await rows_named(house) != before


async def test_ids_that_are_others_than_the_webhooks_double_nothing(down: Down) -> None:
    """Should Zalo call a message otherwise here than there, everything would seem to be missing."""
    fake = down.fake
    async with down.looked() as house:
        person = fake.person()
        await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        await person.hears("ạ?")
        for one in fake.history:
            one["message_id"] = f"other-{one['message_id']}"
            one["time"] -= moments.HOUR
        await known_until(house, first=moments.now() - DAY, until=moments.now())
        fake.is_subscribed = False
        await person.say("Lúc 21 giờ")
        with pytest.raises(missed._CutShort):
            await house.zalo_oa.missed.look(fake.oa_id)

        assert len(await rows(house, tables.InboxRow, "id")) == 1
        assert ("ids_differ", 1) in await rows(house, tables.DoorMark, "what", "many")


async def test_a_human_answer_is_noticed_without_any_event(down: Down, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answered_outside, "WAIT_FOR_ANSWER", 0)
    fake = down.fake
    async with down.looked() as house:
        person = fake.person()
        await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        await person.hears("ạ?")
        await house.zalo_oa.missed.look(fake.oa_id)  # Our own answer stands there, and is known.
        await house.zalo_oa.beat()
        assert "by_hand" not in dict(await rows(house, tables.DoorMark, "what", "many"))
        await fake.answer_by_hand(person, "Bác gửi qua đây cho tôi")
        for _ in range(2):
            await house.zalo_oa.missed.look(fake.oa_id)
            await house.zalo_oa.beat()
        assert dict(await rows(house, tables.DoorMark, "what", "many"))["by_hand"] == 1


async def test_weeks_away_are_told_and_only_what_can_be_recognised_is_asked_for(down: Down) -> None:
    fake = down.fake
    fake.is_subscribed = False
    fake.moved_ms = -40 * DAY
    await fake.person().say("Chuyện của bốn mươi ngày trước")
    fake.moved_ms = -2 * DAY
    await fake.person().say("Chuyện của hôm kia")
    fake.moved_ms = 0
    async with down.up() as house:
        await begun(house)
        await known_until(house, first=moments.now() - 60 * DAY, until=moments.now() - 50 * DAY)
        assert await house.zalo_oa.missed.look(fake.oa_id) == 1
        assert ("too_old", 1) in await rows(house, tables.DoorMark, "what", "many")


async def test_p7_a_webhook_that_fell_silent_while_we_run_is_told_until_it_speaks_again(down: Down) -> None:
    """Zalo gives up on an address after an hour of failed tries, and says so to nobody here."""
    fake = down.fake
    async with down.looked() as house:
        await known_until(house, first=moments.now() - HOUR, until=moments.now())
        person, fake.is_subscribed, fake.moved_ms = fake.person(), False, -5 * 60_000
        await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        fake.moved_ms = 0
        assert await house.zalo_oa.missed.look(fake.oa_id) == 1
        await door_why(house, [("zalo_oa", "silent")])

        await person.say("Lúc 21 giờ")  # A moment old: it might still have come.
        assert await house.zalo_oa.missed.look(fake.oa_id) == 1
        assert await house.zalo_oa.missed.look(fake.oa_id) == 0
        await door_why(house, [("zalo_oa", "silent")])
        fake.is_subscribed = True
        await person.say("Ở cổng sau")
        assert await house.zalo_oa.missed.look(fake.oa_id) == 0
        await door_why(house, [])


async def test_p7_what_could_not_be_fetched_is_told(down: Down) -> None:
    fake = down.fake
    async with down.up() as house:
        await begun(house)
        await known_until(house, first=moments.now() - 60 * DAY, until=moments.now() - 50 * DAY)
        await house.zalo_oa.missed.look(fake.oa_id)
        await door_why(house, [("zalo_oa", "missed")])
