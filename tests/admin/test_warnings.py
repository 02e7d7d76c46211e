"""Warnings at the desk: written by one, released by another, seen to go; and what nobody may do alone."""

import html
import re

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from bot.runtime import Running
from handlers.texts import say
from storage import moments, tables
from storage.ids import new_id
from storage.queries import warning_targets as targets
from storage.queries.warning_targets import Whom
from tests.admin.test_desk import Officer
from tests.opened import rows
from tests.station import Station, send, station, stationed

__all__ = ["station"]
WORDS = {
    "headline": "Giả công an gọi video đòi tiền",
    "text": "Có người xưng công an gọi video, bảo liên quan vụ án rồi đòi chuyển tiền.",
    "line1": "Tắt máy, không chuyển tiền.",
    "line2": "Gọi trực ban hỏi lại.",
    "line3": "",
    "theme": "fraud",
    "ca-phuong": "1",
    "den-leaders": "1",
    "den-groups": "1",
    "luc": "ngay",
    "gap": "1",
}


async def read(person: Officer, path: str) -> str:
    status, page = await person.get(path)
    assert status == 200, path
    return html.unescape(page)


async def written(station: Station, who: str, **more: str) -> int:
    status, _page = await send(station.people[who], "/admin/canh-bao/viet", **{**WORDS, **more})
    assert status == 200
    return max(int(row[0]) for row in await rows(station.house, tables.WarningRow, "id"))


async def mark_on(person: Officer, page: str) -> str:
    """Of the version that stands on the page."""
    found = re.search(r'name="ban" value="([0-9a-f]{32})"', await read(person, page))
    assert found is not None
    return found[1]


async def laid_out(house: Running, warning_id: int, *states: tuple[str, str]) -> None:
    """Rows as the striker makes them, in the states it leaves behind."""
    ids = [new_id() for _ in states]

    def write(session: Session) -> None:
        whom = [Whom(kind=kind, neighbourhood_id=None, channel="telegram") for kind, _state in states]
        targets.lay_out(session, house.ward().id, warning_id, whom, ids)
        for row_id, (_kind, state) in zip(ids, states, strict=True):
            targets.change(session, row_id, when=("planned",), state=state, settled_at=moments.now())
        session.execute(update(tables.WarningRow).where(col(tables.WarningRow.id) == warning_id).values(state="sending"))

    await house.memory.write(write)


def tomorrow() -> dict[str, str]:
    return {"luc": "sau", "ngay": moments.local(moments.now() + moments.DAY).date().isoformat(), "gio": "09:00"}


async def test_a_warning_is_written_released_by_another_and_seen_to_go(station: Station, house: Running) -> None:
    duty, chief = station.people["truc.ban"], station.people["chief"]
    words = {**WORDS, **tomorrow()}  # So that the house's own striker leaves it alone.
    warning_id = await written(station, "truc.ban", **{**words, "headline": ""})
    page = f"/admin/canh-bao/{warning_id}"
    form = await read(duty, f"{page}/sua")
    assert say("warning-no-headline") in form and WORDS["text"] in form
    _status, stopped = await send(duty, f"{page}/sua", **{**words, "line2": "Gọi anh Tám 0912 345 678."})
    assert say("found-phone", words="0912 345 678") in stopped and say("warn-ground") in stopped
    assert say("warning-needs-ground") in (await send(duty, f"{page}/gui-duyet"))[1]
    await send(duty, f"{page}/sua", **words)
    preview = await read(duty, page)
    assert "CẢNH BÁO: Giả công an gọi video đòi tiền" in preview and say("warn-propose") in preview
    status, refused = await send(duty, f"{page}/duyet")
    assert status == 422 and say("warning-not-yours-to-release") in refused
    await send(duty, f"{page}/gui-duyet")

    listed = await read(chief, "/admin/canh-bao")
    assert say("warn-waiting", count=1) in listed and f'href="{page}"' in listed
    await send(chief, f"{page}/tra-lai", reason="Thêm số trực ban.")
    assert "Thêm số trực ban." in await read(duty, f"{page}/sua")
    await send(duty, f"{page}/sua", **{**words, "line2": "Gọi trực ban 0225 3123 456 hỏi lại."})
    await send(duty, f"{page}/gui-duyet")
    papers = ("thong-bao", "loa", "loa/tep", "anh/1080", "anh/1350?tai=1")
    assert {(await chief.get(f"{page}/{path}"))[0] for path in papers} == {409}  # Nothing to hang up before it is released.
    release = await read(chief, page)
    assert "Gọi trực ban hỏi lại.</del>" in release and "Duyệt, phát lúc 09:00" in release
    # Whoever wrote it changes the words while they are read: what goes is what was read, or nothing.
    assert say("warning-changed-since") in (await send(chief, f"{page}/duyet"))[1]
    read_before = await mark_on(chief, page)
    await send(duty, f"{page}/sua", **{**words, "line2": "Gọi ngay số trên mạng."})
    await send(duty, f"{page}/gui-duyet")
    status, changed = await send(chief, f"{page}/duyet", ban=read_before)
    assert status == 422 and say("warning-changed-since") in changed and "Gọi ngay số trên mạng." in changed
    _status, going = await send(chief, f"{page}/duyet", ban=await mark_on(chief, page))
    assert say("warn-done-duyet") in going and say("warn-state-released") in going

    await laid_out(house, warning_id, ("group", "sent"), ("group", "unknown"), ("leader", "posted"), ("leader", "to_call"))
    live = await read(chief, f"{page}/tinh-hinh")
    assert say("warn-count-posted", count=1) in live and "data-live" in live and 'data-unknown="1"' in live
    line = " · ".join(say(f"warn-count-{name}", count=1) for name in ("posted", "to-call", "groups", "unknown"))
    assert line in await read(chief, "/admin/canh-bao?ngan=can-quyet")
    await send(duty, f"{page}/chua-ro", dich="")
    assert say("warn-unknown-title") not in await read(duty, page)
    for path, state in (("tam-dung", "warn-state-paused"), ("tiep", "warn-state-released"), ("dung", "warn-state-cancelled")):
        assert say(state) in (await send(chief, f"{page}/{path}"))[1], path
    correction = await read(duty, f"/admin/canh-bao/viet?dinh-chinh={warning_id}")
    assert say("warn-correct-goes") in correction
    journal = await read(chief, "/admin/nhat-ky?loai=warnings")
    for what in ("written", "rewritten", "proposed", "declined", "released", "unknown-sent", "paused", "resumed", "cancelled"):
        assert say(f"history-warning-{what}") in journal, what


async def test_the_chief_alone_for_a_life_is_approved_by_another_afterwards(station: Station) -> None:
    chief = station.people["chief"]
    warning_id = await written(station, "chief")
    page = f"/admin/canh-bao/{warning_id}"
    await send(chief, f"{page}/gui-duyet")
    assert say("warning-second-person") in (await send(chief, f"{page}/duyet"))[1]
    assert say("warn-alone-confirm") in (await send(chief, f"{page}/phat-mot-minh"))[1]
    _status, sent = await send(chief, f"{page}/phat-mot-minh", **{"dong-y": "1", "ban": await mark_on(chief, page)})
    assert say("warn-approve-title") in sent and say("warn-approve-other") in sent
    assert say("warning-second-person") in (await send(chief, f"{page}/duyet-sau"))[1]
    assert f'href="{page}"' in await read(chief, "/admin/canh-bao?ngan=duyet-sau")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ({"ca-phuong": ""}, "warn-no-area-chosen"),
        ({"luc": "sau", "ngay": "2026-02-30", "gio": "25:00"}, "warn-no-day"),
        ({"den-leaders": "", "den-groups": ""}, "warning-nobody"),
        ({"den-ngay": "2999-01-01"}, "warn-no-day"),
        ({"den-ngay": "2099-01-01"}, "warning-too-far"),
        ({"to-9": "1"}, "warning-no-area"),
        ({"ca-phuong": "", f"to-{'9' * 19}": "1"}, "warn-no-area-chosen"),
    ],
)
async def test_what_cannot_be_sent_so_comes_back_with_every_word(station: Station, typed: dict[str, str], key: str) -> None:
    status, page = await send(station.people["truc.ban"], "/admin/canh-bao/viet", **{**WORDS, **typed})

    assert status == 422 and say(key) in page and WORDS["text"] in page and f'value="{WORDS["headline"]}"' in page
    assert await rows(station.house, tables.WarningRow, "id") == []
    assert re.search(r'name="line1"[^>]*>Tắt máy', page)


async def test_each_role_finds_its_pages_and_nobody_but_writers_a_draft(house: Running) -> None:
    async with stationed(house, {"truc.ban": "duty", "quan.tri": "administrator", "thanh.tra": "inspector"}) as station:
        duty, administrator, inspector = (station.people[name] for name in ("truc.ban", "quan.tri", "thanh.tra"))
        draft, released = await written(station, "truc.ban", **tomorrow()), await written(station, "truc.ban", **tomorrow())
        await send(duty, f"/admin/canh-bao/{released}/gui-duyet")
        mark = await mark_on(station.people["chief"], f"/admin/canh-bao/{released}")
        await send(station.people["chief"], f"/admin/canh-bao/{released}/duyet", ban=mark)
        assert (await inspector.get(f"/admin/canh-bao/{draft}"))[0] == (await inspector.get(f"/admin/canh-bao/{draft}/anh/1350"))[0] == 404
        assert WORDS["headline"] in await read(inspector, f"/admin/canh-bao/{released}")
        for_inspector = await read(inspector, "/admin/canh-bao?ngan=dang-viet")
        assert f"/admin/canh-bao/{draft}" not in for_inspector and "canh-bao?ngan=cho-duyet" not in for_inspector

        groups = await read(administrator, "/admin/nhom")
        assert 'href="/admin/nhom" aria-current="page"' in groups and 'href="/admin/canh-bao"' not in groups
        assert say("warn-group-code-once") in (await send(administrator, "/admin/nhom/ma", to=""))[1]
        assert (await send(inspector, "/admin/nhom/ma", to=""))[0] == (await administrator.get("/admin/canh-bao"))[0] == 403

        for path in ("/admin/canh-bao/viet", "/admin/nhom/do-phu", f"/admin/canh-bao/{released}"):
            assert 'href="/admin/canh-bao" aria-current="true"' in await read(duty, path), path
        await laid_out(house, released, ("leader", "to_call"), ("leader", "posted"))
        for path in ("tam-dung", "tiep"):  # What is done at the desk forgets what was counted.
            await send(station.people["chief"], f"/admin/canh-bao/{released}/{path}")
        assert say("calls-waiting", count=1) in await read(duty, "/admin/canh-bao")


async def test_a_month_is_told_to_one_neighbourhood_alone(station: Station, house: Running) -> None:
    chief = station.people["chief"]
    await send(chief, "/admin/bat-dau/dia-ban", names="Tổ 7")
    await house.ward.refresh()
    [home] = house.ward().book.neighbourhoods
    assert f'<option value="{home.id}">' in await read(chief, "/admin/canh-bao/lich")
    form = await read(chief, f"/admin/canh-bao/viet?cam-on=1&to={home.id}")
    assert say("warn-thanks-title") in form and "bà con tổ 7" in form
    assert re.search(rf'name="to-{home.id}" value="1" checked', form) and not re.search(r'name="ca-phuong" value="1" checked', form)
