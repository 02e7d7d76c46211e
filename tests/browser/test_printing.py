"""A real browser prints: an ordinary tip is one page, a story of 4,000 words breaks over many, and each says who printed it."""

import io

import pikepdf
from playwright.async_api import Browser, Page
from sqlmodel import Session

from bot.runtime import Running
from storage import tables
from storage.queries.rings import tip_ring
from storage.queries.tips import words_place
from tests.admin.test_aftercare import tell, tip_of
from tests.browser.test_tip_to_desk import chromium, open_page, set_up_and_sign_in
from tests.people import WebResident

__all__ = ["chromium"]
FOUR_THOUSAND = "Đêm nào quán cũng mở nhạc to, cả tổ không ai ngủ. " * 70  # Of 12 words; five times over.


async def printed(page: Page) -> int:
    """How many pages."""
    with pikepdf.open(io.BytesIO(await page.pdf(prefer_css_page_size=True))) as found:
        return len(found.pages)


def tell_more(session: Session, ward_id: int, tip_id: int) -> None:
    ring = tip_ring(session, tip_id)
    for piece_id in range(5, 10):
        sealed = ring.seal_text(FOUR_THOUSAND, words_place(piece_id))
        session.add(tables.Piece(id=piece_id, ward_id=ward_id, tip_id=tip_id, source_hash="", words=sealed, said_at=piece_id))


async def test_an_ordinary_tip_is_one_page_and_a_long_one_breaks(house: Running, chromium: Browser, browser: WebResident) -> None:
    page, complaints = await open_page(chromium, wide=True)
    await set_up_and_sign_in(page, house)
    await tell(browser, "Hôm qua xe máy bị mất ở cổng chợ, thấy hai người đi xe Wave màu xanh chạy về phía cầu")
    tip_id = await tip_of(house)
    at = f"{house.address}/admin/tin/{tip_id}/in"
    pages = {}
    for paper in ("tin", "de-xuat", "phieu-chuyen"):
        await page.goto(f"{at}/{paper}")
        if paper == "phieu-chuyen":
            await page.get_by_role("button", name="Xem bản in").click()
        pages[paper] = await printed(page)
    assert pages == {"tin": 1, "de-xuat": 2, "phieu-chuyen": 1}  # Not classified yet: the proposal offers all six ways.

    await house.memory.write(lambda session: tell_more(session, house.ward().id, tip_id))
    await page.goto(f"{at}/tin")
    await page.emulate_media(media="print")
    assert await page.locator(".mark").evaluate("mark => getComputedStyle(mark).position") == "fixed"  # Drawn on each page.
    assert await page.locator(".tools").is_hidden() and await page.locator(".words").count() == 6
    assert 6 <= await printed(page) <= 10
    assert complaints == []
