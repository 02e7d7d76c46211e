"""A photo large, and a copy with a face covered: the way an officer goes it, and who may not."""

import html
import io

from PIL import Image

from bot.runtime import Running
from handlers.texts import say
from storage import moments, tables
from storage.queries import shredding
from tests.admin.test_desk import Officer
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.station import send, stationed, token_of

BOX = {"trai1": "25", "tren1": "25", "rong1": "50", "cao1": "50"}


async def tell(house: Running, browser: WebResident) -> tuple[int, list[int]]:
    """A tip with two photos, the second a long screenshot."""
    await browser.say("Xe đỗ chắn hết đầu ngõ")
    await browser.hears("ạ?")
    await browser.send_photo(jpeg(800, 600))
    await browser.send_photo(jpeg(400, 8000))
    await photos_done(house, 2)
    await browser.sends()
    await browser.hears("Mã tin")
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    return tip_id, sorted(row[0] for row in await rows(house, tables.Attachment, "id"))


def says(page: str, key: str, **values: object) -> bool:
    return say(key, "vi", **values) in html.unescape(page)


async def downloaded(person: Officer, path: str) -> tuple[int, str, bytes]:
    async with person.http.post(person.house.address + path, data={"csrf": token_of(person)}) as answer:
        return answer.status, answer.headers.get("Content-Disposition", ""), await answer.read()


async def test_a_face_is_covered_in_a_new_copy_and_nothing_else_changes(house: Running, browser: WebResident) -> None:
    async with stationed(house, {"truc.ban": "duty", "thanh.tra": "inspector", "xu.ly": "handler"}) as station:
        duty, inspector, handler = (station.people[name] for name in ("truc.ban", "thanh.tra", "xu.ly"))
        tip_id, [first, second] = await tell(house, browser)
        before = await rows(house, tables.Attachment, "original", "work", "thumb", "fingerprint")
        here = f"/admin/anh/{first}"

        _status, page = await duty.get(f"/admin/tin/{tip_id}")
        assert f'href="{here}"' in page
        _status, page = await duty.get(here)
        assert f'href="/admin/anh/{second}"' in page and f'href="/admin/tin/{tip_id}#anh-{first}"' in page and "chắn hết" not in page
        status, page = await duty.get(f"/admin/anh/{second}?xoay=90")
        assert status == 200 and f'href="{here}"' in page and 'viewBox="0 0 8000 400"' in page and "matrix(0 1 -1 0 8000 0)" in page

        status, page = await send(duty, f"{here}/che", xoay="90", trai1="12", tren1="")
        assert status == 422 and says(page, "cover-numbers") and 'name="trai1" value="12"' in page
        status, page = await send(duty, f"{here}/che", xoay="90", them="1", **BOX)
        assert status == 200 and 'name="trai5"' in page and 'name="cao1" value="50"' in page
        assert await rows(house, tables.CoveredPhoto, "id") == []
        status, page = await send(duty, f"{here}/che", xoay="90", **BOX)
        assert status == 200 and says(page, "cover-done") and says(page, "cover-boxes", count=1) and "TRUC.BAN" in page

        [(copy_id, place, turn, boxes)] = await rows(house, tables.CoveredPhoto, "id", "place", "turn", "boxes")
        assert (turn, boxes) == (90, 1)
        _status, content = await inspector.bytes_of(f"{here}/che/{copy_id}")
        image = Image.open(io.BytesIO(content))
        assert image.size == (600, 800) and max(image.getpixel((300, 400))) < 16 < max(image.getpixel((60, 60)))  # type: ignore[arg-type]
        status, named, got = await downloaded(inspector, f"{here}/che/{copy_id}/tai-ve")
        assert (
            (status, got) == (200, content) and named.startswith("attachment") and content not in house.media_store.path(place).read_bytes()
        )
        assert await station.history("photo_covered") + await station.history("covered_") == ["photo_covered", "covered_downloaded"]
        assert await rows(house, tables.Attachment, "original", "work", "thumb", "fingerprint") == before

        _status, page = await send(duty, f"/admin/tin/{tip_id}/da-doc")
        assert f'<option value="{copy_id}"' in page
        status, page = await send(duty, f"/admin/tin/{tip_id}/nhan", words="Xe này đã được dời đi chưa ạ?", covered="7")
        assert status == 422 and says(page, "photo-none")
        status, page = await send(duty, f"/admin/tin/{tip_id}/nhan", words="Xe này đã được dời đi chưa ạ?", covered=str(copy_id))
        [sent] = [row for row in await rows(house, tables.Attachment, "id", "sent_by", "width", "mime") if row[1]]
        assert status == 200 and sent[1:] == (station.ids["truc.ban"], 600, "image/jpeg")
        assert (await duty.bytes_of(f"/admin/tep/{sent[0]}"))[1] == content

        _status, page = await inspector.get(here)
        assert "don-che" not in page and f"{here}/che/{copy_id}" in page
        assert [(await send(person, f"{here}/che", xoay="0", **BOX))[0] for person in (inspector, handler)] == [403, 404]
        assert (await handler.get(here))[0] == (await handler.get(f"{here}/che/{copy_id}"))[0] == 404
        # A copy is asked for by its own photo, not by another one that may be read.
        assert (await duty.get(f"/admin/anh/{second}/che/{copy_id}"))[0] == 404

        house.media_store.remove(next(work for original, work, *_rest in before if work))
        house.media_store.remove(place)
        told = [(await duty.get(path))[1] for path in (here, f"/admin/anh/{second}", f"{here}?ban={copy_id}")]
        assert sum(says(page, "photo-damaged") for page in told) == 2
        status, page = await duty.get(f"{here}/che/{copy_id}")
        assert status == 404 and says(page, "photo-none")
        await house.memory.write(lambda session: shredding.shred_tip(session, tip_id, now=moments.now(), why="closed") and None)
        status, page = await duty.get(here)
        assert status == 200 and says(page, "photo-shredded") and "<svg xmlns" not in page
