"""Papers of a tip: who may read it may print it, every print is an act, and a slip tells nothing of who spoke until somebody looked."""

import hashlib

from bot.runtime import Running
from handlers.papers import masked, parts_of
from storage import tables
from tests.admin.test_aftercare import accept, page_of, tip_of
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.station import NAME, Station, send, station
from tests.steps import go

__all__ = ["station"]
STORY = "Tôi là Nguyễn Văn Khoa, số 0912 345 678. Quán bia đầu ngõ đánh bạc đêm nào cũng ồn."


def test_what_gives_somebody_away_is_found_however_long_the_story_is() -> None:
    long = "Đêm nào cũng ồn lắm. " * 2000 + STORY

    assert [part.text for part in parts_of(long) if part.exposes] == [part.text for part in parts_of(STORY) if part.exposes]
    assert "".join(part.text for part in parts_of(long)) == long
    assert "0912" not in masked(long) and "Khoa" not in masked(long) and "Quán bia" in masked(long)


async def test_p2_papers_are_printed_by_who_reads_the_tip_and_the_slip_hides_who_spoke(
    house: Running, station: Station, browser: WebResident
) -> None:
    await browser.say(STORY)
    await browser.hears("ạ?")
    photo = jpeg()
    await browser.send_photo(photo)
    await browser.hears("Đã nhận")
    await browser.sends("alone")
    await browser.hears("Mã tin")
    await photos_done(house, 1)
    tip_id, duty, chief = await tip_of(house), station.people["truc.ban"], station.people["chief"]
    inspector, at = await station.add("thanh.tra", "inspector"), f"/admin/tin/{tip_id}/in"
    await accept(duty, tip_id)
    ward, moment = house.ward(), (await rows(house, tables.Tip, "arrived_at"))[0][0]
    await house.memory.write(
        lambda session: go(session, ward, station.ids["chief"], tip_id, "enter", "classify", "approve", now=moment + 1, track="B")
    )
    await station.add("giu.khoa", "custodian")
    await station.keeps_a_key("giu.khoa")
    await station.identity(tip_id)

    page = await page_of(duty, f"{at}/tin")
    assert "Quán bia đầu ngõ" in page and "giữ bí mật theo yêu cầu" in page and "Ý kiến chỉ đạo" in page and NAME not in page
    assert "TRUC.BAN (truc.ban)" in page and "CÔNG AN PHƯỜNG" in page and '<nav class="tools">' in page and "/admin/dang-xuat" not in page
    assert "/admin/anh/" not in page and "/nho" in await page_of(duty, f"{at}/tin?anh=1")
    seen = await page_of(inspector, f"{at}/tin")
    assert "Quán bia đầu ngõ" in seen and "0912" not in seen and "Khoa" not in seen
    proposal = await page_of(chief, f"{at}/de-xuat")
    assert "B · Thường" in proposal and "đề nghị phân công điều tra viên" in proposal and "Vào sổ." in proposal and NAME not in proposal

    form = await page_of(duty, f"{at}/phieu-chuyen")
    assert "Xem trước chỗ có thể lộ người báo" in form and "0912 345 678</mark>" in form and ">…, số …. Quán bia" in form
    fields = {"words": STORY, "agency": "Cơ quan Cảnh sát điều tra", "paper-files": "there", "paper-record": "there"}
    status, page = await send(duty, f"{at}/phieu-chuyen", **fields)
    assert status == 422 and "còn chỗ có thể lộ người báo" in page and STORY in page
    status, page = await send(duty, f"{at}/phieu-chuyen", **{**fields, "words": " "})
    assert status == 422 and "Chưa có nội dung" in page
    status, page = await send(duty, f"{at}/phieu-chuyen", **{**fields, "words": "Quán bia đầu ngõ đánh bạc."})
    sum_of = hashlib.sha256(photo).hexdigest()
    assert status == 200 and sum_of in page.replace(" ", "") and "Biên bản tiếp nhận" in page and "Biên bản ghi lời khai" not in page
    assert "giữ bí mật theo yêu cầu" in page and not any(one in page for one in ("Khoa", "0912", NAME))
    assert (await send(duty, f"{at}/phieu-chuyen", looked="1", **fields))[0] == 200

    acts = [(what, actor) for what, actor, detail, secret in await rows(house, tables.HistoryRow, "what", "actor", "detail", "secret")
            if what.startswith("printed_") and not detail and secret is None]  # fmt: skip
    mine, theirs, bosses = (f"officer:{station.ids[login]}" for login in ("truc.ban", "thanh.tra", "chief"))
    assert acts == [("printed_sheet", mine)] * 2 + [("printed_sheet", theirs), ("printed_proposal", bosses), *[("printed_slip", mine)] * 2]
    assert "In phiếu chuyển" in await page_of(duty, f"/admin/tin/{tip_id}")
    handler = await station.add("xu.ly", "handler")
    assert [(await handler.get(f"{at}/{paper}"))[0] for paper in ("tin", "de-xuat", "phieu-chuyen")] == [404] * 3
