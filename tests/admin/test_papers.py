"""Papers and the journal: who reads a tip may print it, each print is an act, and a slip tells of nobody until somebody looked."""

import hashlib
from typing import Any

from sqlalchemy import update

from bot.runtime import Running
from handlers.papers import masked, parts_of
from storage import moments, tables
from storage.ids import new_id
from storage.queries import duty as duty_rows
from tests.admin.test_aftercare import accept, page_of, tell, tip_of
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
    assert "Quán bia đầu ngõ" in seen and "0912 345" not in seen and "Khoa" not in seen
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
    assert "giữ bí mật theo yêu cầu" in page and not any(one in page for one in ("Khoa", "0912 345", NAME))
    assert (await send(duty, f"{at}/phieu-chuyen", looked="1", **fields))[0] == 200

    acts = [(what, actor) for what, actor, detail, secret in await rows(house, tables.HistoryRow, "what", "actor", "detail", "secret")
            if what.startswith("printed_") and not detail and secret is None]  # fmt: skip
    mine, theirs, bosses = (f"officer:{station.ids[login]}" for login in ("truc.ban", "thanh.tra", "chief"))
    assert acts == [("printed_sheet", mine)] * 2 + [("printed_sheet", theirs), ("printed_proposal", bosses), *[("printed_slip", mine)] * 2]
    assert "in phiếu chuyển" in await page_of(duty, f"/admin/tin/{tip_id}")
    handler = await station.add("xu.ly", "handler")
    assert [(await handler.get(f"{at}/{paper}"))[0] for paper in ("tin", "de-xuat", "phieu-chuyen")] == [404] * 3


async def test_books_hand_overs_and_the_journal_are_read_and_printed_as_each_role_may(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser)
    tip_id, duty, chief = await tip_of(house), station.people["truc.ban"], station.people["chief"]
    inspector = await station.add("thanh.tra", "inspector")
    await accept(duty, tip_id)
    ward, moment = house.ward(), (await rows(house, tables.Tip, "arrived_at"))[0][0]
    ways = ("enter", "classify", "approve", "report", "check", "transfer")
    await house.memory.write(lambda session: go(session, ward, station.ids["chief"], tip_id, *ways, now=moment + 1, track="B"))
    [(entry_id,)] = await rows(house, tables.BookEntry, "id")
    await send(duty, f"/admin/so/{entry_id}/sua", column="summary", text="Anh Khoa tôi số 0912 345 678 báo <b>mất xe</b>", reason="")
    starts = moment - moment % moments.MINUTE
    crew = duty_rows.Crew(duty_id=station.ids["chief"])
    shift: dict[str, Any] = {"row_id": new_id(), "starts_at": starts, "ends_at": starts + moments.HOUR, "crew": crew}
    await house.memory.write(lambda session: duty_rows.add_shift(session, ward.id, **shift))
    assert (await send(duty, "/admin/giao-ca", shift=str(shift["row_id"])))[0] == 200

    assert "Sổ giao ca" in await page_of(duty, "/admin/giay-to")
    page = await page_of(duty, "/admin/giay-to/so?so=crime")
    number = f"<strong>1</strong>/{moments.local(moment).year}"
    assert number in page and "Phiếu 12/PC" in page and "0912 345 678" in page and "báo <b>mất xe</b>" in page  # As `page_of` reads it.
    assert "&lt;b&gt;mất xe" in (await duty.get("/admin/giay-to/so?so=crime"))[1]
    assert "0912 345" not in await page_of(inspector, "/admin/giay-to/so?so=crime")
    assert number not in await page_of(duty, "/admin/giay-to/so?so=crime&tu=2020-01-01&den=2020-02-01")
    assert "Không có tin nào vào sổ" in await page_of(duty, "/admin/giay-to/so?so=other&tu=vớ&den=vẩn")
    page = await page_of(inspector, "/admin/giay-to/giao-ca")
    assert "TRUC.BAN" in page and "1 tin: <span" in page and "Ký nhận" in page
    await house.memory.write(lambda session: session.execute(update(tables.Tip).values(restricted="chief")))
    assert "Tin hạn chế" in await page_of(duty, "/admin/giay-to/so?so=crime")
    assert "1 tin:" not in await page_of(inspector, "/admin/giay-to/giao-ca")
    hidden = await page_of(inspector, f"/admin/nhat-ky?tin={tip_id}")
    assert "Không có việc nào như vậy" in hidden

    page = await page_of(chief, f"/admin/nhat-ky?tin={tip_id}")
    assert "Đã làm: Chuyển Cơ quan điều tra" in page and "Vào ca" not in page
    page = await page_of(chief, f"/admin/nhat-ky?ai={station.ids['truc.ban']}&loai=hands")
    assert "Vào ca" in page and "Đã làm" not in page.split('<ol class="journal">')[1]
    assert "Vào ca" in await page_of(inspector, "/admin/nhat-ky") and "In sổ giao ca" in await page_of(
        inspector, "/admin/nhat-ky?loai=read"
    )
    assert "Vào ca" not in await page_of(chief, "/admin/nhat-ky?den=2021-01-01&so=x&ai=..&loai=lạ&tin=99999999999999999999&truoc=1")
    for path in ("niem-phong", "du-lieu"):
        assert "Chưa" in await page_of(inspector, f"/admin/nhat-ky/{path}")
    assert "khoảng trống" in await page_of(inspector, "/admin/nhat-ky/khoang-trong?ngay=31&het=1")
    status, page = await send(chief, "/admin/nhat-ky/khoang-trong", gap="clock:1", why="busy", ngay="7")
    assert status == 422 and "Không thấy khoảng trống này" in page
    assert (await send(inspector, "/admin/nhat-ky/khoang-trong", gap="clock:1", why="busy"))[0] == 403
    await chief.post("/admin/ngon-ngu", language="en")
    for path in ("nhat-ky", "nhat-ky/khoang-trong", "nhat-ky/niem-phong", "nhat-ky/du-lieu", "giay-to", f"tin/{tip_id}"):
        assert "Journal" in await page_of(chief, f"/admin/{path}") or path == "giay-to"


async def test_a_proposal_and_a_slip_are_printed_while_somebody_is_on_the_way(
    house: Running, station: Station, browser: WebResident
) -> None:
    """They had no page from the moment somebody was sent until they were there."""
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    assert (await send(duty, f"/admin/tin/{tip_id}/cu-nguoi", **{"luc-luong-patrol": "1"}))[0] == 200
    papers = await page_of(duty, f"/admin/tin/{tip_id}/in/de-xuat")
    status, slip = await send(duty, f"/admin/tin/{tip_id}/in/phieu-chuyen", words="Mất xe ở chợ", agency="Đội 3", looked="1")

    assert status == 200 and "cử người tới nơi." in papers and "cử người tới nơi." in slip
