"""What a leader asks for is looked over before anybody reads it, on their page and in their chat, and never gets past it."""

import html
import re

from bot.runtime import Running
from handlers.texts import say
from handlers.warnings.templates import ours
from storage import tables
from storage.ids import new_id
from tests.fakes.telegram import FakeTelegram
from tests.journeys.test_leaders import is_linked, station, two_neighbourhoods
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send

__all__ = ["station"]
FORM = "/admin/to-truong/xin-phat"
WORDS = {
    "theme": "theft",
    "headline": "Trộm xe máy ban đêm",
    "body": "Hai đêm liền có xe máy bị bẻ khóa trong ngõ.",
    "line-1": "Khóa cổ xe, dắt xe vào nhà.",
    "line-2": "Gọi trực ban khi thấy người lạ.",
}


async def proposed(house: Running) -> list[tuple[int, str, str]]:
    found = await rows(house, tables.WarningRow, "id", "ground", "template", "state")
    return [(one[0], one[1], one[2]) for one in found if one[3] == "proposed"]


async def test_on_the_page_findings_stand_at_their_fields_and_nothing_passes_without_a_ground(station: Station, house: Running) -> None:
    here, there = await two_neighbourhoods(station)
    lan = await station.lead("co.lan", here)
    page = html.unescape((await lan.get(FORM))[1])
    row = re.search(r'name="row" value="(\d+)"', page)
    assert row is not None and say("theme-fraud") in page
    given = {**WORDS, "row": row[1], f"area-{here}": "yes", "do": "send"}

    named = {**given, "body": "Anh Nguyễn Văn Bình lấy xe, số 0912 345 678."}
    status, refused = await send(lan, FORM, **named)
    assert status == 422 and say("warning-needs-ground") in refused and say("warn-ground-which") in refused
    assert say("found-phone", words="0912 345 678") in refused and 'value="send"' not in refused
    status, asked = await send(
        lan, FORM, **{**given, "line-1": "Bà con đọc mã OTP cho cán bộ.", "ground": "law", "reason": "Luật cho phép nêu việc này."}
    )
    assert status == 422 and say("warning-never-said") in asked
    status, outside = await send(lan, FORM, **{**given, f"area-{there}": "yes"})
    assert status == 422 and say("warning-not-your-area") in outside
    for wrong in ("1", str(2**63 - 1), "9" * 19, "x"):  # A row of one's own choosing.
        assert (await send(lan, FORM, **{**given, "row": wrong}))[0] == 422
    assert await rows(house, tables.WarningRow, "id") == []

    status, _home = await send(lan, FORM, **named, ground="missing", reason="Gia đình nhờ tìm người, có đơn kèm theo.")
    assert status == 200
    [(warning_id, ground, _template)] = await proposed(house)
    assert (warning_id, ground) == (int(row[1]), "missing")
    release = html.unescape((await station.people["chief"].get(f"/admin/canh-bao/{warning_id}"))[1])
    assert say("found-phone", words="0912 345 678") in release and say("ground-missing") in release

    template = next(one for one in ours() if one.content.theme == "theft")
    begun = html.unescape((await lan.get(f"{FORM}?mau={template.key}"))[1])
    assert template.content.headline in begun and template.content.body.splitlines()[0] in begun
    said = {"theme": "theft", "headline": template.content.headline, "body": template.content.body, "mau": template.key}
    said |= {f"line-{place}": line for place, line in enumerate(template.content.lines, 1)}
    await send(lan, FORM, **said, row=str(new_id()), do="send", **{f"area-{here}": "yes"})
    assert template.key in [one[2] for one in await proposed(house)]

    for _more in range(3):  # Each rings the commander: three may wait.
        status, last = await send(lan, FORM, **{**given, "row": str(new_id())})
    assert status == 422 and say("lead-too-many") in last and len(await proposed(house)) == 3


async def test_in_the_chat_what_stops_is_told_and_changed_and_a_template_saves_writing(
    station: Station, browser: WebResident, fake_telegram: FakeTelegram
) -> None:
    here, _there = await two_neighbourhoods(station)
    await station.lead("co.lan", here)
    lan = fake_telegram.person("Lan")
    await is_linked(station, "co.lan", lan)
    await lan.say("Xin phát cảnh báo")
    await lan.hears("về việc gì")
    await lan.press("lead:theme:theft")
    await lan.hears(say("lead-ask-template"))
    await lan.say("Trộm xe máy ban đêm")
    await lan.hears("Chuyện gì đang xảy ra?")
    await lan.say("Kẻ trộm là anh Nguyễn Văn Bình, số 0912 345 678.")
    await lan.hears("Mỗi việc một dòng")
    await lan.say("Khóa cổ xe")
    told = await lan.hears(say("lead-stopped-here"))
    assert say("found-phone", words="0912 345 678") in told and say("warn-field-body") in told and "/admin/to-truong" in told
    await lan.say("gửi duyệt")
    await lan.hears(say("lead-stopped-here"))
    assert await proposed(station.house) == []
    await lan.press("lead:mend:body")
    await lan.hears("Chuyện gì đang xảy ra?")
    await lan.say("Hai đêm liền có xe bị bẻ khóa.")
    assert "Hai đêm liền có xe bị bẻ khóa." in await lan.hears("Bà con sẽ đọc như sau")
    await lan.press("lead:send")
    await lan.hears("Đã gửi chỉ huy trực duyệt")

    template = next(one for one in ours() if one.content.theme == "theft")
    await lan.say("Xin phát cảnh báo")
    await lan.hears("về việc gì")
    await lan.press("lead:theme:theft")
    await lan.hears(say("lead-ask-template"))
    await lan.press(f"lead:template:{template.key}")
    assert template.content.headline in await lan.hears("Bà con sẽ đọc như sau")
    await lan.press("lead:send")
    await lan.hears("Đã gửi chỉ huy trực duyệt")
    assert sorted(one[2] for one in await proposed(station.house)) == ["", template.key]
