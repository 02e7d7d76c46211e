"""What the account says: within Zalo's limits, with buttons that come back, and never for money. What cannot go out waits."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import update

from bot.channels.base import DeliveryError, FileToSend
from bot.channels.zalo_oa.send import MOST_IMAGE_BYTES, MOST_TEXT, ZaloSend, small_jpeg
from bot.delivery import MOST_TRIES
from bot.runtime import Running
from handlers.messages import Button, Reply
from handlers.outgoing import reply_row
from storage import moments, tables
from storage.ids import new_id
from storage.queries import contact, lanes
from tests.factories import heavy_photo, jpeg
from tests.fakes.zalo_oa import DAY, HOUR, FakeZaloOA, ZaloPerson
from tests.opened import rows


@pytest.fixture
def speaker(zalo_house: Running) -> ZaloSend:
    speaker: ZaloSend = zalo_house.zalo_oa._speaker
    return speaker


def spoken(fake: FakeZaloOA) -> ZaloPerson:
    person = fake.person()
    fake.last_interaction[person.id] = fake.now()
    return person


def buttons(many: int, label: str = "Nút") -> tuple[Button, ...]:
    return tuple(Button(f"{label} {number}", f"act:{number}") for number in range(1, many + 1))


async def tell(speaker: ZaloSend, person: ZaloPerson, reply: Reply) -> None:
    assert await speaker.send(person.id, reply, chat_id=1, row_id=1) == ""


async def test_long_words_go_in_pieces_and_the_buttons_under_the_last(speaker: ZaloSend, fake_zalo_oa: FakeZaloOA) -> None:
    person, text = spoken(fake_zalo_oa), ("Chuyện dài 😀 lắm.\n" * 300).strip()
    await tell(speaker, person, Reply(text=text, buttons=buttons(2), serial=7))
    sent = fake_zalo_oa.sent[person.id]

    assert "\n".join(one["message"]["text"] for one in sent) == text
    assert all(len(one["message"]["text"].encode("utf-16-le")) // 2 <= MOST_TEXT for one in sent)
    assert ["attachment" in one["message"] for one in sent] == [False] * (len(sent) - 1) + [True]
    first = sent[-1]["message"]["attachment"]["payload"]["buttons"][0]
    assert first == {"title": "Nút 1", "type": "oa.query.hide", "payload": "#keng:act:1~7"}


@pytest.mark.parametrize("given", [buttons(6), buttons(2, "n" * 101)])
async def test_more_buttons_than_zalo_takes_are_a_list_with_numbers(
    speaker: ZaloSend, fake_zalo_oa: FakeZaloOA, given: tuple[Button, ...]
) -> None:
    """Where a number would be an answer ("Tổ mấy?" "2") it is a list of words."""
    person = spoken(fake_zalo_oa)
    for numbered in (True, False):
        await tell(speaker, person, Reply(text="Chọn ạ", buttons=given, numbered=numbered))
    by_number, by_words = (one["message"] for one in fake_zalo_oa.sent[person.id])

    lines = "\n".join(f"{place}. {one.label}" for place, one in enumerate(given, 1))
    assert by_number == {"text": f"Chọn ạ\n\nGõ số để chọn:\n{lines}"}
    assert by_words == {"text": "Chọn ạ\n\nHoặc gõ:\n" + "\n".join(f"• {one.label}" for one in given)}


async def test_buttons_that_are_refused_become_the_same_list(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    fake_zalo_oa.refuse_buttons, person = True, fake_zalo_oa.person()
    await person.say("Có chuyện ở ngõ")
    asked = await person.hears("giống loại nào")
    assert "\n1. " in asked and "\n2. " in asked
    await person.say("1")  # Typed, it is as good as a press.
    await person.hears("Chuyện xảy ra ở đâu")
    assert zalo_house.zalo_oa._speaker.counts["buttons_refused"] >= 1


NUMBERS: tuple[tuple[int, bool, tuple[int, int] | None, str], ...] = (
    (-32, False, (0, 64), "rate"),
    (-213, False, None, "window_closed"),
    (-230, False, None, "window_closed"),
    (-232, False, None, "window_closed"),
    (-210, True, None, "refused"),
    (-201, True, None, "refused"),
    (-233, True, None, "refused"),
    (-227, True, None, "blocked"),
    (-244, True, None, "blocked"),
    (-200, False, (1, 60), "refused -200"),
    (-218, False, (60, 600), "refused -218"),
    (-224, False, (60, 600), "account -224"),
    (-9999, False, (60, 600), "account -9999"),
)


async def test_zalos_numbers_are_our_few_errors(speaker: ZaloSend, fake_zalo_oa: FakeZaloOA, subtests: pytest.Subtests) -> None:
    for code, permanent, waits, reason in NUMBERS:
        with subtests.test(str(code)):
            fake_zalo_oa.refuse_next = [code]
            with pytest.raises(DeliveryError) as refused:
                await tell(speaker, spoken(fake_zalo_oa), Reply(text="Chào"))
            error = refused.value

            assert (error.reason, error.permanent, error.until_they_write) == (reason, permanent, reason == "window_closed")
            assert (error.retry_after_secs is not None and waits[0] <= error.retry_after_secs <= waits[1]) if waits else True


async def test_an_account_that_is_refused_is_told_until_something_goes_out(
    zalo_house: Running, speaker: ZaloSend, fake_zalo_oa: FakeZaloOA
) -> None:
    person, fake_zalo_oa.refuse_next = spoken(fake_zalo_oa), [-224]
    with pytest.raises(DeliveryError):
        await tell(speaker, person, Reply(text="Chào"))
    await zalo_house.zalo_oa.beat()
    assert zalo_house.zalo_oa.shut == "account"
    await tell(speaker, person, Reply(text="Chào"))
    await zalo_house.zalo_oa.beat()
    assert zalo_house.zalo_oa.shut == ""


async def test_an_outage_is_an_outage(zalo_house: Running, speaker: ZaloSend, fake_zalo_oa: FakeZaloOA) -> None:
    fake_zalo_oa.outage, person = True, spoken(fake_zalo_oa)
    with pytest.raises(DeliveryError) as refused:
        await tell(speaker, person, Reply(text="Chào"))
    assert (refused.value.reason, refused.value.permanent) == ("unreachable", False)
    await zalo_house.zalo_oa.beat()
    assert zalo_house.zalo_oa.shut == "unreachable"


@pytest.mark.parametrize("mime", ["image/jpeg", "application/pdf"])
async def test_photos_and_papers_go_out(speaker: ZaloSend, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch, mime: str) -> None:
    content = heavy_photo(4000, 3000) if mime == "image/jpeg" else b"%PDF-1.7 clean"

    async def opened(_file: int) -> FileToSend:
        return FileToSend(content, mime)

    monkeypatch.setattr(speaker, "_open_file", opened)
    person = spoken(fake_zalo_oa)
    await tell(speaker, person, Reply(text="Xin xem ạ", buttons=buttons(1), file=5, file_mime=mime))
    words, file = (one["message"] for one in fake_zalo_oa.sent[person.id])

    assert words["text"] == "Xin xem ạ" and words["attachment"]["payload"]["buttons"]
    assert file["attachment"]["type"] == ("template" if mime == "image/jpeg" else "file")
    assert [call.error for call in fake_zalo_oa.calls if call.path.startswith("/v2.0/oa/upload")] == [0]


@pytest.mark.parametrize("content", [heavy_photo(4000, 3000), jpeg(8000, 6000, colour="red")])
def test_pictures_are_made_to_fit(content: bytes) -> None:
    made = small_jpeg(content)
    assert len(made) <= MOST_IMAGE_BYTES and Image.open(io.BytesIO(made)).format == "JPEG"


def test_png_becomes_jpeg_and_what_fits_stays_as_it_is() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (1, 2, 3, 4)).save(out, "PNG")
    assert small_jpeg(out.getvalue())[:3] == b"\xff\xd8\xff"
    assert small_jpeg(jpeg()) == jpeg()


# -- windows -----------------------------------------------------------------------------------------------------------------


async def tells_a_tip(person: ZaloPerson) -> None:
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    await person.press("send")
    await person.hears("hay cầm máy")
    await person.press("safe:alone")
    await person.hears("Còn vài câu")
    await person.press("after-end")
    await person.hears("Vậy là đủ")


async def queue(house: Running, *texts: str) -> None:
    """As the desk does: under the tip's ring."""
    [(tip_id, chat_id, ward_id)] = await rows(house, tables.Tip, "id", "chat_id", "ward_id")
    made = [
        reply_row(Reply(text=text), row_id=new_id(), ward_id=ward_id, chat_id=chat_id, now=moments.now(), tip_id=tip_id) for text in texts
    ]
    await house.memory.write(lambda session: lanes.queue_replies(session, made))
    house.delivery.wake(chat_id)


async def waiting(house: Running, expected: list[str]) -> None:
    found: list[Any] = []
    for _ in range(200):
        found = sorted(row[0] for row in await rows(house, tables.OutboxRow, "status") if row[0] != "sent")
        if found == expected:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(found)


async def move_last_wrote(house: Running, back_ms: int) -> None:
    at = moments.now() - back_ms
    when = update(tables.Chat).values(last_in_at=at, window_from=at)
    await house.memory.write(lambda session: session.execute(when) and None)


@pytest.mark.parametrize("by_whom", ["zalo", "us"])
async def test_outside_the_window_an_answer_waits_and_goes_first_when_they_write(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, by_whom: str
) -> None:
    person = fake_zalo_oa.person()
    await tells_a_tip(person)
    if by_whom == "zalo":
        fake_zalo_oa.last_interaction[person.id] -= 8 * DAY
        await move_last_wrote(zalo_house, 5 * moments.MINUTE)  # Not as if they had written while Zalo said no.
    else:  # Two days are over: Zalo would send it, and bill it.
        fake_zalo_oa.last_interaction[person.id] -= 49 * HOUR
        await move_last_wrote(zalo_house, 49 * HOUR)
    many = len(person.reads())
    await queue(zalo_house, "Câu hỏi một", "Câu hỏi hai")
    await waiting(zalo_house, ["parked", "parked"])
    assert len(person.reads()) == many and fake_zalo_oa.billed == 0

    await person.say("Tôi nhớ thêm: xe màu đỏ")
    await person.hears("Câu hỏi hai")
    await waiting(zalo_house, [])
    assert person.reads()[many : many + 2] == ["Câu hỏi một", "Câu hỏi hai"] and fake_zalo_oa.billed == 0


async def test_whoever_writes_while_zalo_says_no_is_answered_soon(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    person = fake_zalo_oa.person()
    await tells_a_tip(person)
    fake_zalo_oa.refuse_next = [-230]
    await queue(zalo_house, "Câu hỏi một")
    await person.hears("Câu hỏi một", timeout=15)


async def test_a_cut_contact_takes_what_waits_along(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    await tells_a_tip(fake_zalo_oa.person())
    await move_last_wrote(zalo_house, 49 * HOUR)
    await queue(zalo_house, "Câu hỏi một")
    await waiting(zalo_house, ["parked"])
    [(chat_id,)] = await rows(zalo_house, tables.Chat, "id")
    await zalo_house.memory.write(lambda session: contact.cut(session, chat_id, now=moments.now()))

    assert (await rows(zalo_house, tables.OutboxRow, "status", "reply"))[-1] == ("cancelled", None)


async def test_answers_of_a_lost_connection_are_said_again_and_never_lost(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    fake_zalo_oa.lose_answers, person = 1, fake_zalo_oa.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    await waiting(zalo_house, [])


@pytest.mark.parametrize("code", [-216, -224, -32])
async def test_p7_what_is_no_fault_of_an_answer_never_makes_it_fail(zalo_house: Running, fake_zalo_oa: FakeZaloOA, code: int) -> None:
    """A day of such trouble, and more: it was tried so often already that anything else would give it up."""
    person = fake_zalo_oa.person()
    await tells_a_tip(person)
    fake_zalo_oa.refuse_next = [code] * 50
    await queue(zalo_house, "Câu hỏi một")
    await waiting(zalo_house, ["waiting"])
    worn = update(tables.OutboxRow).where(tables.OutboxRow.status == "waiting").values(tries=MOST_TRIES, due_at=0)  # type: ignore[arg-type]
    for _ in range(3):
        await zalo_house.memory.write(lambda session: session.execute(worn) and None)
        await asyncio.sleep(1.2)
    assert (await rows(zalo_house, tables.OutboxRow, "status", "tries"))[-1] == ("waiting", MOST_TRIES)
    fake_zalo_oa.refuse_next.clear()
    await zalo_house.memory.write(lambda session: session.execute(worn) and None)
    await person.hears("Câu hỏi một")
