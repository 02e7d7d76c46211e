"""The sheet to hang up, to print on A4: the web address, Zalo and Telegram with large QR codes, the duty number, and 113."""

from aiohttp import web

from admin.desk import Desk, Visit
from handlers import place_codes, texts


async def sheet(desk: Desk, visit: Visit) -> web.StreamResponse:
    links = {
        "spots-sheet-scan": desk.public_url.rstrip("/"),
        "poster-by-zalo": desk.link_of("zalo_oa") or desk.link_of("zalo_bot"),
        "poster-by-telegram": desk.link_of("telegram"),
    }
    return desk.show(
        visit,
        "poster_sheet.html",
        vietnamese=lambda key, **values: texts.say(key, "vi", **values),  # A sheet on a wall speaks to everybody.
        ways=[(key, link, place_codes.qr_svg(link)) for key, link in links.items() if link],
    )
