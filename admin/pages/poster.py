"""The sheet to hang up, to print on A4: the web address and the bot with large QR codes, the duty number, and 113."""

from aiohttp import web

from admin.desk import Desk, Visit
from handlers import place_codes, texts


async def sheet(desk: Desk, visit: Visit) -> web.StreamResponse:
    web_link, telegram = desk.public_url.rstrip("/"), desk.link_of("telegram")
    return desk.show(
        visit,
        "poster_sheet.html",
        vietnamese=lambda key, **values: texts.say(key, "vi", **values),  # A sheet on a wall speaks to everybody.
        web_link=web_link,
        web_qr=place_codes.qr_svg(web_link) if web_link else "",
        telegram_link=telegram,
        telegram_qr=place_codes.qr_svg(telegram) if telegram else "",
    )
