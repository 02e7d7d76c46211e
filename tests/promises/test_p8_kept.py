"""P8, the line is honest: facts behind its fixed sentences that only a whole house can show. What one decision shows: test_p8_said.py."""

import asyncio
import html
import re
from collections.abc import AsyncIterator

import pytest
import time_machine
from sqlmodel import Session

from bot.runtime import Running
from handlers import notices, texts, wordings
from handlers.messages import Reply
from handlers.notices import Notice
from storage import moments, tables
from storage.ids import new_id
from storage.queries import wards
from tests.bot.telegram.test_door import everything_stored
from tests.fakes.telegram import FakeTelegram
from tests.journeys.test_about_oneself import clear_text
from tests.opened import rows
from tests.people import Resident, WebResident
from tests.promises import test_p2_zalo_bot, test_p2_zalo_oa, test_p8_said
from tests.promises.behind import BEHIND, behind
from tests.station import Station, approves, asks, looks, send, stationed

STORY, DANGER = "Hôm qua xe tôi bị bẻ khóa", "Nó cầm dao đuổi chém tôi, cứu với"


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty", "truc.khac": "duty", "giu.khoa": "custodian"}) as station:
        yield station


async def tells_a_tip(resident: Resident, safe: str = "alone") -> str:
    await resident.say(STORY)
    await resident.hears("ạ?")
    await resident.sends(safe)
    found = re.search(r"TB-[0-9A-Z-]{14}", await resident.hears("Mã tin"))
    assert found
    return found[0]


async def desk(station: Station, path: str = "/admin", who: str = "truc.ban") -> str:
    return html.unescape((await station.people[who].get(path))[1])


async def the_tip(house: Running) -> int:
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    return int(tip_id)


async def all_sent(house: Running) -> bool:
    for _ in range(100):
        if {status for (status,) in await rows(house, tables.OutboxRow, "status")} == {"sent"}:
            return True
        await asyncio.sleep(0.05)
    return False


@behind("start-hello", "receipt", "receipt-shared")
async def test_p8_what_is_sent_lies_on_the_desk(house: Running, station: Station, resident: Resident) -> None:
    await tells_a_tip(resident)

    assert STORY in await desk(station)


@behind("restricted-fence", "restricted-chief", "receipt-restricted", "receipt-restricted-shared")
async def test_p8_what_is_restricted_is_read_by_those_alone_who_were_named(house: Running, station: Station, browser: WebResident) -> None:
    await station.add("cap.tren", "keeper")
    await house.ward.refresh()
    for kind, safe, named, reader in (
        ("fence", "shared", "công an cấp trên", "cap.tren"),
        ("chief", "alone", "chỉ huy Công an phường", "chief"),
    ):
        await browser.press(f"restricted:{kind}")
        assert f"Tin này chỉ {named} đọc" in await browser.hears("Có chuyện gì vậy")
        await browser.say(STORY)
        await browser.hears("ạ?")
        await browser.sends(safe)
        assert f"Tin này chỉ {named} đọc" in await browser.hears("Mã tin")
        tip_id = max(row[0] for row in await rows(house, tables.Tip, "id"))
        pages = {login: await person.get(f"/admin/tin/{tip_id}") for login, person in station.people.items()}

        assert {login for login, (status, page) in pages.items() if status == 200 and STORY in page} == {reader}
        assert [login for login, (_status, page) in pages.items() if STORY in page] == [reader]


@behind("card-cannot-call")
async def test_p8_a_danger_draft_that_stays_silent_for_a_minute_is_on_the_desk(
    house: Running, station: Station, resident: Resident
) -> None:
    await resident.say(DANGER)
    await resident.hears("Im một phút")
    assert DANGER not in await desk(station)

    with time_machine.travel(moments.now() / 1000 + 61):
        await house.inbox.end_silences()
        for _ in range(200):
            if (await rows(house, tables.Tip, "state")) == [("S1",)]:
                break
            await asyncio.sleep(0.05)
    [(urgent_at, safe, is_unfinished)] = await rows(house, tables.Tip, "urgent_at", "safe", "is_unfinished")
    assert urgent_at and safe == "shared" and is_unfinished
    assert DANGER in await desk(station)


@behind("start-webchat-privacy")
async def test_p8_the_page_needs_no_account_and_keeps_no_address_with_the_tip(house: Running, browser: WebResident) -> None:
    browser.http.headers["X-Forwarded-For"] = "203.0.113.77"
    browser.http.headers["User-Agent"] = "Canary-agent/1.0"
    await tells_a_tip(browser)
    columns = {name for table in (tables.Tip, tables.Piece, tables.Attachment, tables.WebMessage) for name in table.model_fields}
    told = await clear_text(house) + await everything_stored(house)

    assert [word for word in ("203.0.113.77", "127.0.0.1", "Canary-agent") if word in told] == []
    assert not {name for name in columns if re.search(r"(^|_)(ip|address|agent|who|network)(_|$)", name)}


@behind("start-webchat-privacy")
async def test_p8_quick_exit_clears_the_talk_and_the_code_still_works(house: Running, browser: WebResident) -> None:
    code = await tells_a_tip(browser)
    async with browser.http.post(f"{house.address}/chat/exit", data={"csrf": browser.csrf}, allow_redirects=False):
        pass

    page = await browser.open_page()
    assert STORY not in page and code not in page
    async with browser.http.post(f"{house.address}/tra-cuu", data={"code": code}) as answer:
        assert answer.status == 200 and STORY not in await answer.text()


@behind("start-telegram-privacy", "start-zalo-privacy")
async def test_p8_officers_see_the_messages_and_not_the_account(house: Running, station: Station, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person("Canaryname", username="canaryuser")
    await person.say(STORY)
    await person.hears("ạ?")
    await person.sends()
    await person.hears("Mã tin")
    tip_id = await the_tip(house)
    seen = ""
    for who in station.people:
        seen += await desk(station, "/admin", who) + await desk(station, f"/admin/tin/{tip_id}", who)

    assert STORY in seen
    assert [word for word in ("Canaryname", "canaryuser", str(person.id)) if word in seen] == []


@behind("about-choice")
async def test_p8_two_people_agree_before_a_name_is_seen_and_it_is_written_down_who_and_why(
    house: Running, station: Station, browser: WebResident
) -> None:
    await browser.say(STORY)
    await browser.hears("Chuyện xảy ra ở đâu")
    await browser.press("skip")
    assert "hai người cùng đồng ý mới mở" in await browser.hears("Anh/chị muốn thế nào")
    await browser.press("about:named")
    await browser.hears("Xin ghi họ tên")
    await browser.say("Canaryname Thị Lý, 0912 345 678")
    await browser.hears("hay cầm máy")
    await browser.press("safe:alone")
    await browser.hears("Xem lại giúp")
    await browser.press("send")
    await browser.hears("Mã tin")
    opening_id = await asks(station, await the_tip(house))

    assert (await looks(station, opening_id))[0] == 410
    assert (await approves(station, opening_id, who="truc.ban"))[0] in (403, 404, 409, 422)  # Who asks does not agree.
    assert (await looks(station, opening_id))[0] == 410
    assert "Canaryname" not in await clear_text(house)
    await approves(station, opening_id)
    assert "Canaryname" in html.unescape((await looks(station, opening_id))[1])
    assert await station.history("identity_") == ["identity_asked", "identity_approved", "identity_seen"]


@behind("about-choice", "about-ask", "name-nobody-keeps")
async def test_p8_without_a_name_the_tip_is_entered_all_the_same(house: Running, station: Station, resident: Resident) -> None:
    await tells_a_tip(resident)

    assert await rows(house, tables.Tip, "state", "about") == [("S1", "anonymous")]
    assert "arrived" in [what for (what,) in await rows(house, tables.HistoryRow, "what")]
    assert await rows(house, tables.Identity, "id") == []


@behind("callback-ask", "callback-ask-restricted")
async def test_p8_a_number_is_shown_to_who_took_the_tip_and_it_is_written_down_who_looked(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tells_a_tip(browser)
    await browser.say("gọi lại")
    assert "chỉ cán bộ nhận tin" in await browser.hears("có cần gọi lại không")
    await browser.say("0912 345 678")
    await browser.hears("số gọi lại đã khóa")
    tip_id = await the_tip(house)
    path = f"/admin/tin/{tip_id}/so-goi-lai"
    await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/da-doc")

    assert {who: (await send(station.people[who], path))[0] for who in ("truc.khac", "chief", "giu.khoa")} == {
        "truc.khac": 403,
        "chief": 403,
        "giu.khoa": 403,
    }
    other = station.people["truc.khac"], station.ids["truc.khac"]
    assert (await send(other[0], f"/admin/tin/{tip_id}/giao", officer=str(other[1])))[0] == 200  # Theirs now, by their own word alone.
    assert (await send(other[0], path))[0] == 403
    assert await station.history("callback_viewed") == []
    assert "0912 345 678" in (await send(station.people["truc.ban"], path))[1]
    assert await station.history("callback_viewed") == ["callback_viewed"]


@behind("receipt-shared", "safe-shared")
async def test_p8_on_a_shared_phone_nothing_comes_before_the_person_writes(
    house: Running, resident: Resident, fake_telegram: FakeTelegram
) -> None:
    await tells_a_tip(resident, "shared")
    tip_id, before = await the_tip(house), await rows(house, tables.OutboxRow, "id")

    def tell(session: Session) -> None:
        for kind in ("accepted", "nobody", "status", "question", "answer"):
            notice = Notice(tip_id=tip_id, kind=kind, say=lambda _: Reply(text="Có điều mới"))
            assert notices.tell(session, house.ward().book, notice, draw=new_id, now=moments.now()) is None

    await house.memory.write(tell)

    assert await rows(house, tables.OutboxRow, "id") == before
    await resident.say("xem")
    assert await resident.hears("Có điều mới")


@behind("nobody-accepted", "nobody-accepted-trial", "nobody-accepted-fence")
async def test_p8_that_nobody_has_read_it_is_said_only_while_it_is_so(house: Running, station: Station, resident: Resident) -> None:
    await resident.say(DANGER)
    await resident.hears("Im một phút")
    await resident.press("danger-send")
    await resident.hears("Đã chuyển tới trực ban")
    tip_id = await the_tip(house)
    await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/da-doc")
    with time_machine.travel(moments.now() / 1000 + 4 * 60):
        assert await _told_that_nobody_has(house) == []


@behind("nobody-accepted")
async def test_p8_whoever_waits_alone_is_told_so(house: Running, resident: Resident) -> None:
    await resident.say(DANGER)
    await resident.hears("Im một phút")
    await resident.press("danger-send")
    await resident.hears("Đã chuyển tới trực ban")
    with time_machine.travel(moments.now() / 1000 + 4 * 60):
        assert len(await _told_that_nobody_has(house)) == 1
        assert await _told_that_nobody_has(house) == []  # Once.


async def _told_that_nobody_has(house: Running) -> list[int]:
    from handlers import urgent  # Beside the only place that needs it.

    ward, now = house.ward(), moments.now()
    return await house.memory.write(lambda session: urgent.tell_who_waits(session, ward, draw=new_id, now=now))


@behind("cut-ask", "cut-done")
async def test_p8_after_the_cut_the_code_is_dead_the_number_gone_and_the_tip_still_there(
    house: Running, station: Station, browser: WebResident
) -> None:
    code = await tells_a_tip(browser)
    await browser.say("gọi lại")
    await browser.hears("có cần gọi lại không")
    await browser.say("0912 345 678")
    await browser.hears("số gọi lại đã khóa")
    await browser.say("cắt liên lạc")
    await browser.hears("Cắt liên lạc ạ?")
    await browser.press("cut-yes")
    await browser.hears("Đã cắt liên lạc")
    async with browser.http.post(f"{house.address}/tra-cuu", data={"code": code}) as answer:
        assert answer.status == 404

    assert await rows(house, tables.Tip, "chat_id", "code_hash") == [(None, None)]
    assert await rows(house, tables.Callback, "number", "data_key") == [(None, None)]
    assert STORY in await desk(station)


@behind("in-group")
async def test_p8_nothing_that_a_group_says_is_kept(house: Running, fake_telegram: FakeTelegram) -> None:
    group, person = fake_telegram.group("Canarygroup"), fake_telegram.person("Canaryname")
    await group.say(person, "canary chuyện trong nhóm")
    await group.say(person, "canary @keng_bot nhà số 5 đánh bạc")
    for _ in range(200):
        if group.reads():
            break
        await asyncio.sleep(0.05)
    told = (await clear_text(house) + await everything_stored(house)).lower()

    assert "xin đừng viết trong nhóm" in group.reads()[0] and "canary" not in group.reads()[0].lower()
    assert "canary" not in told and "đánh bạc" not in told
    assert await rows(house, tables.Tip, "id") == []


@behind("question-asked")
async def test_p8_the_desk_holds_the_last_four_signs_of_a_code_and_no_more(house: Running, station: Station, resident: Resident) -> None:
    code = await tells_a_tip(resident)
    page = await desk(station, f"/admin/tin/{await the_tip(house)}") + await desk(station)

    assert code[-4:] in page and code not in page and code[3:12] not in page


@behind("danger-sent")
async def test_p8_the_minute_that_is_said_is_the_minute_it_came(house: Running, resident: Resident) -> None:
    await resident.say(DANGER)
    await resident.hears("Im một phút")
    await resident.press("danger-send")
    told = await resident.hears("Đã chuyển tới trực ban lúc")
    [(arrived_at,)] = await rows(house, tables.Tip, "arrived_at")

    assert moments.clock_face(arrived_at) in told


# -- nothing that anybody types breaks a message ---------------------------------------------------------------------------

ODD = [
    "<b>đậm</b> & <script>alert(1)</script>",
    "*_`~[chữ](https://x.example)`_*",
    "😀👨‍👩‍👧‍👦🇻🇳" * 20,
    "مرحبا بالعالم שלום",
    "\u202eabc\u200b\u2066x\u0000",
    "{ $code } { $x -> [0] a *[other] b }",
    "ẩ" * 3900,
    "a\n\n\n" * 300,
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
async def test_no_word_of_a_residents_breaks_an_answer(house: Running, resident: Resident, fake_telegram: FakeTelegram, odd: str) -> None:
    """As a story, a place and a name: the review comes whole, on every door."""
    await resident.say(f"Xe tôi bị trộm. {odd}")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.say(f"cổng chợ {odd}"[:3900])
    await resident.hears("không nêu tên")
    await resident.press("about:anonymous")
    await resident.hears("hay cầm máy")
    await resident.press("safe:alone")
    review = await resident.hears("Xem lại giúp")
    await resident.press("send")
    await resident.hears("Mã tin")

    assert "cổng chợ" in review and "Xe tôi bị trộm" in review
    assert await rows(house, tables.InboxRow, "status") == [("done",)] * len(await rows(house, tables.InboxRow, "id"))
    assert await all_sent(house)


ODD_NAMES = ("<i>Hồng</i> & Bàng", "*Hồng_Bàng* [x](y)", "Hồng ‮Bàng", "😀 {ward} { $duty_phone }", "Phường " + "rất dài " * 12)


async def test_no_name_of_a_ward_breaks_an_answer(
    house: Running, station: Station, resident: Resident, browser: WebResident, subtests: pytest.Subtests
) -> None:
    ward_id = house.ward().id
    for name in ODD_NAMES:

        def rename(session: Session, name: str = name) -> None:
            wards.change_facts(session, ward_id, {"name": name, "duty_phone": "0225 3123 456"})

        with subtests.test(name[:20]):
            await house.memory.write(rename)
            await house.ward.refresh()
            await resident.say("/start")
            said = await resident.hears(f"Công an phường {name} xin chào")
            page = await browser.open_page()

            assert "xin chào anh/chị" in said and STORY not in page
            assert name in html.unescape(page) and ("<i>Hồng" not in page)


async def test_an_officers_odd_words_reach_the_resident_as_they_are(house: Running, resident: Resident) -> None:
    await tells_a_tip(resident)
    tip_id, odd = await the_tip(house), "<b>Xe</b> & *màu* _gì_ [ạ](x)? 😀 " + "dài " * 1500

    def tell(session: Session) -> None:
        notice = Notice(
            tip_id=tip_id, kind="status", say=lambda language: Reply(text=texts.say("told-by-desk", language, code_tail="9DAF", text=odd))
        )
        notices.tell(session, house.ward().book, notice, draw=new_id, now=moments.now())

    await house.memory.write(tell)
    await resident.say("xem")

    assert "<b>Xe</b> & *màu* _gì_ [ạ](x)? 😀" in await resident.hears("nhắn về tin 9DAF")
    await resident.hears("chưa đọc")
    assert await all_sent(house)


# -- the last word ---------------------------------------------------------------------------------------------------------


def test_p8_every_fixed_sentence_has_a_test_of_the_fact_behind_it() -> None:
    assert (
        test_p8_said.EVERYTHING and test_p2_zalo_bot.STORY and test_p2_zalo_oa.STORY
    )  # Imported, so that what it stands behind is known here.
    fixed = {key for key in texts.keys("vi") if wordings.is_fixed(key)}

    assert sorted(fixed - BEHIND.keys()) == []
    assert sorted(BEHIND.keys() - fixed) == []
