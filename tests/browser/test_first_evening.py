"""A real browser in an empty installation: from the link of the first start to the poster, in eight steps, none of them left out."""

from pathlib import Path

from playwright.async_api import Browser, Page, expect
from pydantic import SecretStr

from bot.runtime import Running, running
from storage import tables
from tests.admin.test_desk import PASSWORD
from tests.browser.at_desk import give_password, picture, window
from tests.browser.test_two_people import chromium
from tests.conftest import SECRET, house_settings
from tests.fakes.telegram import FakeTelegram
from tests.opened import rows
from tests.people import TelegramResident
from tests.station import SENTENCE

__all__ = ["chromium"]
HOST = "http://keng.hongbang.example"
OTHER_SENTENCE = "canh chua nau voi ca loc dong"


async def stands_at(page: Page, number: int, title: str) -> None:
    await expect(page.get_by_text(f"Bước {number} / 8")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await picture(page, f"bat-dau-{number}")


async def goes_on(page: Page) -> None:
    await page.locator(".onward a.button").click()


async def begins(page: Page, house: Running) -> None:
    """The first account, and the way straight to the first step."""
    await page.goto(house.setup_link.replace(HOST, house.address))
    await expect(page.get_by_text("Bản thử").first).to_be_visible()
    for name, value in {"ward_name": "Hồng Bàng", "name": "Trần Bình", "login": "chi.huy", "password": PASSWORD, "again": PASSWORD}.items():
        await page.fill(f"[name={name}]", value)
    await picture(page, "bat-dau-0")
    await page.get_by_role("button", name="Tạo tài khoản").click()
    await page.fill("[name=login]", "chi.huy")
    await page.fill("[name=password]", PASSWORD)
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_text("Bản thử: chưa có số trực ban")).to_be_visible()
    await expect(page.get_by_role("link", name="Làm tiếp bước 2 / 8")).to_be_visible()
    await page.get_by_role("link", name="Tên phường và nơi liên hệ").click()


async def names_the_ward(page: Page, house: Running) -> None:
    await stands_at(page, 1, "Tên phường và nơi liên hệ")
    assert await page.get_by_label("Tên phường").input_value() == "Hồng Bàng"
    await page.locator("[name=address]").fill("12 Lê Lợi")
    await page.get_by_role("button", name="Lưu, sang bước sau").click()
    await stands_at(page, 2, "Số trực ban")
    assert house.ward().is_trial and not house.ward().answers_platforms
    await page.goto(f"{house.address}/admin/kenh")
    await expect(page.locator("main .card", has_text="Telegram").locator(".pill")).to_have_text("còn đóng")
    await page.goto(f"{house.address}/admin/bat-dau/so-truc")
    await page.locator("[name=duty_phone]").fill("không biết")
    await page.get_by_role("button", name="Lưu, sang bước sau").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await page.locator("[name=duty_phone]").input_value() == "không biết"
    await page.locator("[name=duty_phone]").fill("02253123456")
    await page.get_by_role("button", name="Lưu, sang bước sau").click()
    await stands_at(page, 3, "Tổ dân phố")
    await expect(page.get_by_text("Bản thử")).to_have_count(0)
    assert not house.ward().is_trial and house.ward().duty_phone == "0225 3123 456"


async def brings_the_neighbourhoods(page: Page, house: Running, tmp_path: Path) -> None:
    """A file with a mistake brings nothing and says the line; the right one comes whole."""
    file = tmp_path / "to.csv"
    file.write_text("loại;tên\ntổ dân phố;Tổ dân phố số 1\ntổ;\n", "utf-8")
    await page.locator("[name=file]").set_input_files(file)
    await page.get_by_role("button", name="Nhập tổ dân phố").click()
    await expect(page.get_by_role("alert")).to_contain_text("Dòng 3")
    assert house.ward().book.neighbourhoods == ()
    file.write_text("loại;tên\n" + "".join(f"tổ dân phố;Tổ dân phố số {number}\n" for number in range(1, 19)), "utf-8")
    await page.locator("[name=file]").set_input_files(file)
    await page.get_by_role("button", name="Nhập tổ dân phố").click()
    await expect(page.get_by_role("status")).to_contain_text("18")
    await picture(page, "bat-dau-3b")
    await goes_on(page)


async def names_officers(page: Page, house: Running, newcomer: Page) -> None:
    """A link for one, who sets a password of their own; a first password for another."""
    await stands_at(page, 4, "Cán bộ đầu tiên")
    await page.locator("[name=name]").fill("Lê Trực")
    await page.locator("[name=login]").fill("truc.ban")
    await page.get_by_role("button", name="Thêm cán bộ").click()
    await picture(page, "bat-dau-4b")
    await _sets_own_password(page, house, newcomer, "truc.ban")
    await page.locator("main a[href='/admin/bat-dau/can-bo']").first.click()
    await expect(page.locator("main li", has_text="Lê Trực")).to_be_visible()
    await page.locator("[name=name]").fill("Phạm Giữ Khóa")
    await page.locator("[name=login]").fill("giu.khoa")
    await page.locator("[name=role][value=custodian]").check()
    await page.get_by_text("Gõ sẵn mật khẩu đầu").click()
    await page.locator("[name=password]").fill(PASSWORD)
    await page.get_by_role("button", name="Thêm cán bộ").click()
    await page.get_by_role("link", name="Đã trao, quay lại").click()
    await expect(page.locator("main li", has_text="Phạm Giữ Khóa")).to_be_visible()
    await goes_on(page)


async def _sets_own_password(page: Page, house: Running, newcomer: Page, login: str) -> None:
    """By the link that stands on the chief's page, in the newcomer's own browser."""
    link = await page.locator("main code").first.inner_text()
    await newcomer.goto(link.replace(HOST, house.address))
    for name in ("password", "again"):
        await newcomer.fill(f"[name={name}]", PASSWORD)
    await newcomer.locator("main button.filled").click()
    await give_password(newcomer, house, login)
    await newcomer.get_by_role("button", name="Khóa màn hình").wait_for()


async def names_custodians(page: Page, house: Running, first: Page, second: Page) -> None:
    """The chief names the first, who makes a key; the first proposes another, who makes one too, and confirms it by the mark on the
    sheet. Each in a browser of their own, led there by what the desk says; the wizard says at every point whose turn it is."""
    await stands_at(page, 5, "Người giữ khóa")
    step = page.locator("main")
    await page.locator("[name=officer]").select_option(label="Lê Trực · cán bộ trực")
    await page.get_by_role("button", name="Chọn người này").click()
    await expect(step).to_contain_text("Mời Lê Trực đăng nhập bằng tài khoản của mình")

    await first.goto(f"{house.address}/admin")
    await _makes_a_key(first, SENTENCE)
    await expect(first.get_by_text("Khóa dùng được từ bây giờ")).to_be_visible()
    await picture(first, "bat-dau-5b")
    await page.get_by_role("link", name="Đã làm xong, xem lại bước này").click()
    await expect(step).to_contain_text("Mời Lê Trực đăng nhập, mở trang Niêm phong, mục “Thêm người giữ khóa”")
    await picture(page, "bat-dau-5c")

    await first.get_by_role("link", name="Đã in và cất xong").click()
    await first.locator("[name=officer]").select_option(label="Phạm Giữ Khóa · người giữ khóa")
    await first.get_by_role("button", name="Đề nghị").click()
    await give_password(second, house, "giu.khoa")
    await _makes_a_key(second, OTHER_SENTENCE)
    await expect(second.get_by_text("Khóa còn chờ một người đang giữ khóa xác nhận")).to_be_visible()
    mark = await second.locator(".seal").inner_text()
    await page.get_by_role("link", name="Đã làm xong, xem lại bước này").click()
    await expect(step).to_contain_text("Mời Lê Trực đăng nhập, mở trang Niêm phong và xác nhận, có mặt Phạm Giữ Khóa")
    await expect(page.get_by_text("Phạm Giữ Khóa đã đặt câu khóa")).to_have_count(0)  # Who keeps no key has nothing to do.
    await picture(page, "bat-dau-5d")

    await first.goto(f"{house.address}/admin")
    await expect(first.get_by_role("status").filter(has_text="Phạm Giữ Khóa đã đặt câu khóa")).to_be_visible()
    await picture(first, "bat-dau-5e")
    await first.get_by_role("link", name="Mở trang Niêm phong").click()
    await expect(first.locator("main li.keeper", has_text="Phạm Giữ Khóa")).to_contain_text(mark)
    confirming = first.locator("form[action*='/xac-nhan/']")
    await confirming.locator("[name=passphrase]").fill(OTHER_SENTENCE)  # Somebody else's opens nothing.
    await confirming.get_by_role("button", name="Xác nhận người này").click()
    await expect(first.get_by_role("alert")).to_contain_text("Câu khóa chưa đúng")
    await confirming.locator("[name=passphrase]").fill(SENTENCE)
    await picture(first, "bat-dau-5f")
    await confirming.get_by_role("button", name="Xác nhận người này").click()
    await expect(first.get_by_text("Có 2 người giữ khóa")).to_be_visible()
    await page.get_by_role("link", name="Đã làm xong, xem lại bước này").click()
    await expect(page.locator("main .pill.ok", has_text="đang giữ khóa")).to_have_count(2)
    await expect(page.locator("main .pill.ok", has_text="đã xong")).to_be_visible()
    await picture(page, "bat-dau-5g")
    await goes_on(page)


async def _makes_a_key(page: Page, sentence: str) -> None:
    """From whatever page stands open: a line on it leads there."""
    await page.get_by_role("link", name="Đặt câu khóa").click()
    for name in ("passphrase", "again"):
        await page.fill(f"[name={name}]", sentence)
    await page.get_by_role("button", name="Tạo khóa, hiện tờ khôi phục").click()
    await page.locator(".code.number").wait_for()


async def names_the_fence_keeper(page: Page, house: Running, keeper: Page) -> None:
    """Somebody of the superior body gets an account by a link; from then on the line takes what it did not take before."""
    await stands_at(page, 6, "Người giữ tin về công an phường")
    assert house.ward().keepers == 0
    await page.locator("[name=name]").fill("Hoàng Cấp Trên")
    await page.locator("[name=login]").fill("cap.tren")
    await page.get_by_role("button", name="Thêm cán bộ").click()
    await _sets_own_password(page, house, keeper, "cap.tren")
    await page.get_by_role("link", name="Đã trao, quay lại").click()
    await expect(page.locator("main li", has_text="Hoàng Cấp Trên")).to_be_visible()
    await expect(page.locator("main .pill.ok", has_text="đã xong")).to_be_visible()
    assert house.ward().keepers == 1
    await picture(page, "bat-dau-6b")
    await picture(keeper, "bat-dau-6c")
    await goes_on(page)


async def tries_the_channels(page: Page, fake_telegram: FakeTelegram) -> None:
    await stands_at(page, 7, "Kênh nhận tin")
    right, fake_telegram.token = fake_telegram.token, "42:another"
    await page.get_by_role("button", name="Thử mã kết nối").click()
    await expect(page.locator("main .mistake")).to_contain_text("từ chối mã kết nối")
    assert right not in await page.content()
    fake_telegram.token = right
    await page.get_by_role("button", name="Thử mã kết nối").click()
    await expect(page.locator("main .good")).to_contain_text("Mã tốt")
    await picture(page, "bat-dau-7b")
    await goes_on(page)


async def hangs_the_poster(page: Page) -> None:
    await stands_at(page, 8, "Tờ dán có mã QR")
    async with page.context.expect_page() as opened:
        await page.locator("a[href='/admin/cai-dat/to-dan']").click()
    poster = await opened.value
    await expect(poster.locator("main svg, article svg").first).to_be_visible()
    await expect(poster.get_by_text("keng.hongbang.example").first).to_be_visible()
    await picture(poster, "bat-dau-8b")
    await page.get_by_role("button", name="Đã in, đã treo").click()
    await expect(page.locator("main .good")).to_contain_text("Đủ cả. Phường đã lên sóng.")
    await expect(page.locator(".steps-list .mark.ok")).to_have_count(8)
    await expect(page.get_by_role("link", name="Xếp lịch trực")).to_be_visible()
    await picture(page, "bat-dau-9")


async def test_a_ward_is_on_the_air_in_one_evening(tmp_path: Path, fake_telegram: FakeTelegram, chromium: Browser) -> None:
    settings = house_settings(
        tmp_path / "data",
        duty_phone="",
        telegram_token=SecretStr(fake_telegram.token),
        telegram_api=fake_telegram.address,
        telegram_mode="webhook",
        telegram_secret=SecretStr(SECRET),
        public_url=HOST,
    )
    async with running(settings) as house:
        page, complaints = await window(chromium)
        others = [await window(chromium) for _ in range(3)]
        first, second, keeper = (one for one, _complaints in others)
        await begins(page, house)
        await names_the_ward(page, house)
        await brings_the_neighbourhoods(page, house, tmp_path)
        await names_officers(page, house, first)
        await names_custodians(page, house, first, second)
        await names_the_fence_keeper(page, house, keeper)
        await tries_the_channels(page, fake_telegram)
        await hangs_the_poster(page)

        # Its door has opened by itself: where Telegram was told to call is this house.
        assert fake_telegram.webhook_url == f"{HOST}/hooks/telegram"
        fake_telegram.webhook_url = f"{house.address}/hooks/telegram"
        resident = TelegramResident(fake_telegram.person())
        await resident.say("Có trộm xe ở ngõ 5")
        await resident.hears("ạ?")
        assert [complaints, *(theirs for _page, theirs in others)] == [[], [], [], []]
        assert await rows(house, tables.SetUpSkip, "step", "why") == [("to-dan", "done")]  # Nothing was left out.
