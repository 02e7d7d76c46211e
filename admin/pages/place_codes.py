"""Place codes: made, shown with their links and QR codes, printed as a sheet to hang up, and ended."""

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import places as page
from admin.pages.book import act_of
from admin.pages.places import Said, read_home, read_point
from admin.refusals import Sorry
from handlers import place_codes, texts
from handlers.gazetteer_files import Mistakes, checked_entry
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import gazetteer as rows
from storage.queries.gazetteer import SpotRow


async def make(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, spot_id, code = await read_form(visit.request), act_of(visit), new_id(), place_codes.new_spot_code()
    label, home = form.get("label", ""), read_home(form)
    try:
        latitude, longitude = read_point(form)
        if latitude is not None:
            checked_entry(0, "landmark", "point", "", latitude, longitude)

        def write(session: Session) -> None:
            place_codes.make_spot(
                session, act, spot_id=spot_id, code=code, label=label, neighbourhood_id=home, latitude=latitude, longitude=longitude
            )

        await desk.memory.write(write)
    except Mistakes as mistakes:
        return await page.draw(desk, visit, Said(form="spot", wrong=mistakes.wrong, typed=form))
    except Mistake as mistake:
        return await page.draw(desk, visit, Said(form="spot", mistake=mistake.key, typed=form))
    await desk.refresh_ward()
    return desk.go(f"{page.HOME}/ma/{code}")


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit, "place_code.html")


async def sheet(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit, "place_code_sheet.html")


async def end(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, spot_id = act_of(visit), number_in(visit.request, "spot")
    try:
        await desk.memory.write(lambda session: place_codes.end_spot(session, act, spot_id=spot_id))
    except Mistake:
        raise Sorry(404, "places-mistake-gone") from None
    await desk.refresh_ward()
    return desk.go(f"{page.HOME}?xong=ma")


async def _draw(desk: Desk, visit: Visit, template: str) -> web.StreamResponse:
    ward_id, code = visit.officer.ward_id, visit.request.match_info["code"]

    def read(session: Session) -> tuple[SpotRow | None, str]:
        spot = rows.spot(session, ward_id, code)
        home = rows.place(session, ward_id, spot.neighbourhood_id) if spot and spot.neighbourhood_id else None
        return spot, home.name if home and home.ended_at is None else ""

    spot, home = await desk.memory.read(read)
    if spot is None:
        raise Sorry(404, "places-mistake-gone")
    web_link = place_codes.web_link(desk.public_url or str(visit.request.url.origin()), spot.code)
    telegram = place_codes.telegram_link(desk.link_of("telegram"), spot.code)
    return desk.show(
        visit,
        template,
        vietnamese=lambda key, **values: texts.say(key, "vi", **values),  # A sheet on a wall speaks to everybody.
        spot=spot,
        home=home,
        is_public=bool(desk.public_url),
        web_link=web_link,
        web_qr=place_codes.qr_svg(web_link),
        telegram_link=telegram,
        telegram_qr=place_codes.qr_svg(telegram) if telegram else "",
    )
