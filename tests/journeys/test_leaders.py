"""A leader in their own chat, on Telegram and on Zalo's Official Account: linked, a warning posted, one asked for, and nothing guessed."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import Session

from bot.runtime import Running
from handlers import officer_chats
from handlers.acts import Act
from handlers.messages import Reply
from handlers.warnings import lifecycle, posting
from handlers.warnings.content import Content
from handlers.warnings.kit_words import answer_buttons
from handlers.warnings.lifecycle import Draft
from storage import moments, tables
from storage.ids import new_id
from storage.queries import warning_targets as targets
from storage.queries.warning_targets import Whom
from tests.admin.test_warnings import mark_on
from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.zalo_oa import FakeZaloOA, ZaloPerson
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send, stationed

LIST = "/admin/danh-ba-to-truong"


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty"}) as station:
        yield station


async def two_neighbourhoods(station: Station) -> tuple[int, int]:
    await send(station.people["chief"], "/admin/bat-dau/dia-ban", names="Tổ 7\nTổ 8")
    await station.house.ward.refresh()
    first, second = (one.id for one in station.house.ward().book.neighbourhoods)
    return first, second


async def is_linked(station: Station, login: str, person: Person | ZaloPerson) -> None:
    status, page = await send(station.people["chief"], f"{LIST}/{station.ids[login]}/ma")
    found = re.search(r"<strong>(L-\w{4}-\w{4})</strong>", page)
    assert status == 200 and found, page
    await person.say(found[1])
    await person.hears("Đã nối máy này cho tổ trưởng")


async def a_kit_arrives(station: Station, area: int, login: str, headline: str, *, has_chat: bool = True, writer: str = "truc.ban") -> int:
    """Written by duty, released by the chief, and in the leader's chat, as `bot/striking.py` brings it there."""
    house, now = station.house, moments.now()
    warning_id, target_id = new_id(), new_id()

    def act(who: str) -> Act:
        return Act(ward_id=house.ward().id, officer_id=station.ids[who], history_id=new_id(), now=now)

    def strike(session: Session) -> int | None:
        said = Content(theme="fraud", headline=headline, body="Họ dọa bắt, bảo chuyển tiền.", lines=("Tắt máy, gọi trực ban.",))
        draft = Draft(content=said, areas=(area,), is_urgent=True)
        lifecycle.write(session, act(writer), draft, row_id=warning_id, code=f"CB-{target_id % 10**6}")
        lifecycle.propose(session, act(writer), warning_id)
        lifecycle.release(session, act("chief"), warning_id)
        targets.lay_out(
            session, house.ward().id, warning_id, [Whom(kind="leader", neighbourhood_id=area, officer_id=station.ids[login])], [target_id]
        )
        targets.change(session, target_id, when=("planned",), state="sent", settled_at=now)
        kit = posting.kit(session, house.ward(), station.ids[login], target_id, now=now)
        assert kit is not None
        reply = Reply(text=kit.text, buttons=answer_buttons(kit.target_id, "vi"))
        return officer_chats.write_to(session, house.ward(), station.ids[login], reply, row_id=new_id(), now=now)

    chat_id = await house.memory.write(strike)
    assert (chat_id is not None) is has_chat
    if chat_id is not None:
        house.delivery.take(chat_id, None)
    return target_id


async def states(station: Station) -> list[str]:
    return sorted(state for (state,) in await rows(station.house, tables.WarningTarget, "state"))


async def asks_for_a_warning(person: Person | ZaloPerson, *, in_one_line: bool) -> None:
    await person.say("Xin phát cảnh báo")
    await person.hears("về việc gì")
    await (person.say("Lừa đảo") if in_one_line else person.press("lead:theme:fraud"))
    await person.hears("Dòng đầu, nhiều nhất 7 từ")
    await person.say("Có người giả làm nhân viên điện lực đi thu tiền từng nhà")
    await person.hears("dài quá 7 từ")
    await person.say("Có người giả nhân viên điện lực")
    await person.hears("Chuyện gì đang xảy ra?")
    await person.say("Họ đến từng nhà đòi thu tiền mặt, dọa cắt điện.")
    await person.hears("Mỗi việc một dòng")
    await person.say("1. Không đưa tiền\n2. Gọi điện lực hỏi lại")
    preview = await person.hears("Bà con sẽ đọc như sau")
    assert "CẢNH BÁO: Có người giả nhân viên điện lực" in preview and "1. Không đưa tiền" in preview
    await person.say("gửi duyệt")
    await person.hears("Đã gửi chỉ huy trực duyệt")


async def nothing_becomes_a_tip(station: Station, person: Person | ZaloPerson) -> None:
    await person.say("Có cháy lớn ở chợ, cứu với")
    card = await person.hears("114")
    assert "Lời vừa gửi không tới trực ban" in card and "/admin/to-truong" in card
    await person.say("Chiều nay họp tổ nhé")
    await person.hears("không được lưu")
    assert await rows(station.house, tables.Tip, "id") == []


async def test_a_leader_on_telegram_posts_takes_it_back_and_asks_for_a_warning(
    station: Station, browser: WebResident, fake_telegram: FakeTelegram
) -> None:
    here, there = await two_neighbourhoods(station)
    await station.lead("co.lan", here)
    await station.lead("anh.minh", there)
    lan, minh, chief = fake_telegram.person("Lan"), fake_telegram.person("Minh"), fake_telegram.person("Bình")
    await is_linked(station, "co.lan", lan)
    await is_linked(station, "anh.minh", minh)
    status, page = await send(station.people["chief"], "/admin/dien-thoai/ma")
    code = re.search(r"<strong>(L-\w{4}-\w{4})</strong>", page)
    assert status == 200 and code and "ANH.MINH" not in page  # Leaders' chats stand on their own page.
    await chief.say(code[1])
    await chief.hears("Đã nối máy này với bàn trực")

    target_id = await a_kit_arrives(station, here, "co.lan", "Có người giả công an")
    await lan.hears("CẢNH BÁO: Có người giả công an")
    kit = {**lan.read_messages()[-1]}
    await lan.press(f"posted:{target_id}")
    await lan.hears("Tổ trưởng báo đã đăng lúc")
    [now_there] = [one for one in lan.read_messages() if one["message_id"] == kit["message_id"]]
    assert "báo đã đăng" in now_there["text"] and "CẢNH BÁO" in now_there["text"]  # The words stay, the question is gone.
    await lan.fake.push_press(lan._from(), kit, f"posted:{target_id}")
    await lan.say("Chưa đăng được")
    await lan.hears("Phường sẽ gọi lại")
    assert await states(station) == ["not_posted"]
    await lan.say("đã đăng ạ")
    await lan.hears("Tổ trưởng báo đã đăng lúc")
    assert await states(station) == ["posted"]
    assert await station.history("leader_p") + await station.history("leader_n") == ["leader_posted", "leader_posted", "leader_not_posted"]

    await minh.fake.push_press(minh._from(), {**kit, "chat": minh._chat()}, f"not-posted:{target_id}")
    await minh.hears("Không có cảnh báo nào đang chờ đăng")
    assert await states(station) == ["posted"]

    await asks_for_a_warning(lan, in_one_line=False)
    card = await chief.hears("CO.LAN xin phát cảnh báo")
    [(warning_id, areas, state)] = [
        row for row in await rows(station.house, tables.WarningRow, "id", "areas", "state") if row[2] == "proposed"
    ]
    assert (areas, state) == ([here], "proposed") and "Tổ 7" in card and "điện lực" not in card
    await send(station.people["chief"], f"/admin/canh-bao/{warning_id}/tra-lai", reason="Hỏi điện lực trước đã")
    assert "Hỏi điện lực trước đã" in await lan.hears("Chỉ huy trả lại “Có người giả nhân viên điện lực”")
    await lan.press("lead:list")
    listed = await lan.hears("Đã xin phát")
    assert "Lý do: Hỏi điện lực trước đã" in listed and "Không còn cảnh báo nào chờ đăng" in listed
    await nothing_becomes_a_tip(station, lan)

    lans = Act(ward_id=station.house.ward().id, officer_id=station.ids["co.lan"], history_id=new_id(), now=moments.now())
    await station.house.memory.write(lambda session: lifecycle.propose(session, lans, warning_id))
    chief_reads, page = station.people["chief"], f"/admin/canh-bao/{warning_id}"
    await send(chief_reads, f"{page}/duyet", ban=await mark_on(chief_reads, page))
    await lan.hears("Đã duyệt “Có người giả nhân viên điện lực”")

    await send(station.people["chief"], f"{LIST}/{station.ids['co.lan']}/mat-may")
    await lan.hears("thôi nhận cảnh báo")


async def test_a_leader_on_zalo_types_what_is_printed_and_of_two_warnings_is_asked_which(
    station: Station, browser: WebResident, fake_zalo_oa: FakeZaloOA
) -> None:
    here, _there = await two_neighbourhoods(station)
    await station.lead("co.lan", here)
    spoken, lan = fake_zalo_oa.person(), fake_zalo_oa.person()
    await spoken.say("Đêm qua mất xe máy trong ngõ")
    await spoken.hears("ạ?")
    _status, page = await send(station.people["chief"], f"{LIST}/{station.ids['co.lan']}/ma")
    code = re.search(r"<strong>(L-\w{4}-\w{4})</strong>", page)
    assert code
    await spoken.say(code[1])
    await spoken.hears("đã từng nhắn chuyện cho phường")  # Nobody may learn that the leader and that resident are one.
    await is_linked(station, "co.lan", lan)

    targets_there: dict[str, Any] = {}
    for headline in ("Có người giả công an", "Trộm xe máy ban đêm"):
        targets_there[headline] = await a_kit_arrives(station, here, "co.lan", headline)
        await lan.hears(f"CẢNH BÁO: {headline}")
    await lan.say("Đã đăng")
    await lan.hears("Đang có mấy cảnh báo")
    await lan.press(f"posted:{targets_there['Trộm xe máy ban đêm']}")
    assert "Trộm xe máy" in await lan.hears("Tổ trưởng báo đã đăng lúc")
    await lan.say("Đã đăng")
    assert "giả công an" in await lan.hears("Tổ trưởng báo đã đăng lúc")
    assert await states(station) == ["posted", "posted"]
    await asks_for_a_warning(lan, in_one_line=True)
    assert len(await rows(station.house, tables.WarningRow, "id")) == 3
    [(tip_state,)] = await rows(station.house, tables.Tip, "state")
    await lan.say("Có cháy lớn ở chợ, cứu với")
    await lan.hears("114")
    assert await rows(station.house, tables.Tip, "state") == [(tip_state,)]
