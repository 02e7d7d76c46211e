"""A ward's beginning from an empty installation, its settings on one page, and an officer who moves away."""

import asyncio
import html
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr
from sqlmodel import Session

from bot.runtime import Running, running
from storage import moments, tables
from storage.queries import doors
from tests.admin.test_desk import PASSWORD, set_up_fields
from tests.conftest import SECRET, house_settings
from tests.fakes.telegram import FakeTelegram
from tests.opened import rows
from tests.people import TelegramResident
from tests.station import Station, send, stationed

BEGIN = "/admin/bat-dau"


def linked(page: str) -> set[str]:
    main = page.split('<main id="main">')[1]
    return {path for path in re.findall(r'href="(/admin[^"#?]*)', main)}


async def test_an_empty_installation_is_on_the_air_step_by_step(tmp_path: Path, fake_telegram: FakeTelegram) -> None:
    settings = house_settings(
        tmp_path,
        duty_phone="",
        telegram_token=SecretStr(fake_telegram.token),
        telegram_api=fake_telegram.address,
        telegram_mode="webhook",
        telegram_secret=SecretStr(SECRET),
        public_url="http://keng.hongbang.example",
    )
    async with running(settings) as house, AsyncExitStack() as stack:
        station = Station(house, stack)
        chief = await station.browser()
        link = re.sub(r"^https?://[^/]+", "", house.setup_link)
        async with chief.http.post(house.address + link, data=set_up_fields(ward_name="", duty_phone=""), allow_redirects=False) as answer:
            assert answer.headers["Location"] == f"/admin/dang-nhap?toi={BEGIN}"
        async with chief.http.post(
            f"{house.address}/admin/dang-nhap?toi={BEGIN}", data={"login": "chi.huy", "password": PASSWORD}
        ) as answer:
            page = html.unescape(await answer.text())
        station.people["chief"] = chief
        assert house.ward().is_trial and "Làm tiếp bước 1 / 8" in page

        # The ward, and a number that cannot be read: what was typed stays.
        status, page = await send(chief, f"{BEGIN}/phuong", name="", unit="")
        assert status == 422 and "Ghi tên phường." in page
        status, page = await send(
            chief, f"{BEGIN}/phuong", name="Hồng Bàng", unit="", province="", address="12 Lê Lợi", superior="Công an TP"
        )
        assert status == 200 and "Bước 2 / 8" in page and house.ward().called == " Hồng Bàng"
        status, page = await send(chief, f"{BEGIN}/so-truc", duty_phone="không biết")
        assert status == 422 and 'value="không biết"' in page and house.ward().is_trial
        # Left out for now, with a reason; it counts as missing until it is done.
        assert (await send(chief, f"{BEGIN}/so-truc/bo-qua", why="vì lười"))[0] == 422
        await send(chief, f"{BEGIN}/so-truc/bo-qua", why="waiting")
        assert "còn thiếu: đang chờ người hoặc thiết bị" in html.unescape((await chief.get(BEGIN))[1])
        await send(chief, f"{BEGIN}/so-truc", duty_phone="02253123456")
        assert house.ward().duty_phone == "0225 3123 456" and house.ward().answers_platforms

        # Neighbourhoods: how many there are, or a file.
        await send(chief, f"{BEGIN}/dia-ban", names="18")
        assert [one.name for one in house.ward().book.neighbourhoods][-1] == "Tổ dân phố số 18"
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', (await chief.get(f"{BEGIN}/dia-ban"))[1])
        assert token
        form = aiohttp.FormData({"csrf": token[1], "names": ""})
        form.add_field("file", "loại;tên\ntổ dân phố;Tổ 19\ntổ;\n".encode(), filename="to.csv")
        async with chief.http.post(f"{house.address}{BEGIN}/dia-ban", data=form) as answer:
            assert answer.status == 422 and "Dòng 3" in html.unescape(await answer.text())
        assert len(house.ward().book.neighbourhoods) == 18  # All of a file or nothing.

        # Officers: a link that is shown once and works once; or a first password.
        status, page = await send(chief, "/admin/can-bo/them", ve="can-bo", name="Lê Trực", login="truc.ban", role="duty")
        found = re.search(r"<code>http://keng\.hongbang\.example(/admin/mat-khau/[\w-]+)</code>", page)
        assert status == 200 and found and f'href="{BEGIN}/can-bo"' in page
        newcomer = await station.browser()
        assert (await newcomer.post(found[1], password="ngan", again="ngan"))[0] == 422
        assert (await newcomer.post(found[1], password="mot cau rat dai", again="mot cau rat dai"))[0] == 200
        assert (await newcomer.get(found[1]))[0] == 404 and await newcomer.sign_in("truc.ban", "mot cau rat dai") == 200
        status, page = await send(chief, "/admin/can-bo/them", name="Vũ Sự", login="su", role="handler", password="hai cau rat dai")
        assert status == 200 and "hai cau rat dai" in page
        status, page = await send(chief, "/admin/can-bo/them", name="X", login="truc.ban", role="duty")
        assert status == 422 and "đã có người dùng" in page
        assert (await newcomer.get("/admin/cai-dat"))[0] == (await newcomer.get(BEGIN))[0] == 403

        # Custodians, and who reads about the ward police.
        [duty_id] = [row[0] for row in await rows(house, tables.Officer, "id", "login") if row[1] == "truc.ban"]
        status, page = await send(chief, f"{BEGIN}/niem-phong", officer=str(duty_id))
        assert status == 200 and "Lê Trực" in page and "/admin/niem-phong" in linked(page)
        await send(chief, "/admin/can-bo/them", ve="giu-rao", name="Trên", login="cap.tren", role="keeper")
        assert house.ward().keepers == 1

        # The token is asked for on the platform itself, and never shown.
        status, page = await send(chief, f"{BEGIN}/kenh", kenh="telegram")
        assert status == 200 and "Mã tốt" in page and "https://t.me/keng_bot" in page
        right, fake_telegram.token = fake_telegram.token, "42:another"
        status, page = await send(chief, f"{BEGIN}/kenh", kenh="telegram")
        assert "từ chối mã kết nối" in page and "@BotFather" in page and right not in page
        fake_telegram.token = right

        status, page = await chief.get("/admin/cai-dat/to-dan")
        page = html.unescape(page)
        assert (
            status == 200
            and "<svg" in page
            and "113 công an" in page
            and "0225\u00a03123\u00a0456" in page
            and "keng.hongbang.example" in page
        )
        status, page = await send(chief, f"{BEGIN}/to-dan")
        assert "Còn thiếu 1 bước" in page  # Nobody keeps a key yet.

        hub = html.unescape((await chief.get("/admin/cai-dat"))[1])
        assert "18 tổ dân phố" in hub and "0225 3123 456" in hub and "Chưa đủ hai người giữ khóa" in hub
        administrator = await station.add("quan.tri", "administrator")
        for person, hidden in ((chief, set()), (administrator, {"/admin/can-bo", "/admin/thoi-han", BEGIN, "/admin/lich-truc"})):
            page = (await person.get("/admin/cai-dat"))[1]
            assert {path: (await person.get(path))[0] for path in linked(page)} == dict.fromkeys(linked(page), 200)
            assert not hidden & linked(page)


async def test_settings_of_the_machine_stand_and_who_moves_away_is_out(house: Running, fake_telegram: FakeTelegram) -> None:
    async with stationed(house, {"truc.ban": "duty", "thay": "duty"}) as station:
        chief, leaver = station.people["chief"], station.people["truc.ban"]
        # What the environment says wins, and the page says so.
        status, page = await chief.get(f"{BEGIN}/so-truc")
        assert status == 200 and "Đặt ở máy chủ" in page
        await send(chief, f"{BEGIN}/so-truc", duty_phone="0225 9999 999")
        assert house.ward().duty_phone == "0225 3123 456"

        # A door says when it was last alive.
        resident = TelegramResident(fake_telegram.person())
        await resident.say("Có trộm xe ở ngõ 5")
        await resident.hears("ạ?")
        ward_id = house.ward().id
        for _ in range(100):
            signs = await house.memory.read(lambda session: doors.signs(session, ward_id))
            if "telegram" in signs and signs["telegram"].last_out_at:
                break
            await asyncio.sleep(0.1)
        page = html.unescape((await chief.get("/admin/kenh"))[1])
        assert page.count("chưa có</dd>") == 6 and "đang mở" in page  # The web page and both Zalos were not used yet.

        # A shorter time destroys what is older: said first, and done with a tick alone.
        old = moments.now() - 20 * 30 * moments.DAY

        def close_one(session: Session) -> None:
            one: dict[str, Any] = {
                "channel": "webchat",
                "state": "S9",
                "created_at": old,
                "arrived_at": old,
                "closed_at": old,
                "data_key": b"k",
            }
            session.add(tables.Tip(id=5, ward_id=ward_id, **one))

        await house.memory.write(close_one)
        status, page = await send(chief, "/admin/luu-giu", loai="keep-closed", so="12")
        assert status == 422 and "Hiểu rằng 1 tin" in page
        assert (await send(chief, "/admin/luu-giu", loai="keep-closed", so="6", hieu="6"))[0] == 422
        status, page = await send(chief, "/admin/luu-giu", loai="keep-closed", so="12", hieu="12")
        assert status == 200 and "Đổi thời gian giữ: Tin đã kết thúc" in page
        await house.forget()
        assert [key for _id, key in await rows(house, tables.Tip, "id", "data_key") if _id == 5] == [None]

        # Moving away: shown first, ticked, done; the browser that was signed in is out.
        path = f"/admin/can-bo/{station.ids['truc.ban']}/chuyen"
        status, page = await chief.get(path)
        assert status == 200 and "bị đăng xuất ngay ở 1 máy" in html.unescape(page)
        assert (await send(chief, path))[0] == 422
        status, page = await send(chief, path, chac="1", **{"nhan-tin": str(station.ids["thay"])})
        assert status == 200 and "TRUC.BAN đã chuyển công tác" in page and "TRUC.BAN chuyển công tác" in page
        assert 'name="password"' in (await leaver.get("/admin"))[1] and await leaver.sign_in("truc.ban") == 401
        assert (await chief.get(path))[0] == 404
        status, page = await send(chief, f"/admin/can-bo/{station.ids['chief']}/chuyen", chac="1")
        assert status == 422 and "chỉ huy duy nhất" in page
        status, page = await send(chief, f"/admin/can-bo/{station.ids['thay']}/vai-tro", role="inspector")
        assert status == 200 and "Đổi vai trò của THAY" in page
