"""Black boxes in photos: what lies under them is gone, and the copy lives and ends with its tip, on both engines."""

import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.resealing import Resealing
from handlers import access, covering, files
from handlers.messages import Change
from handlers.officers import Mistake
from handlers.tips import Where, apply
from handlers.ward_book import WardBook
from storage import moments, tables
from storage.covering import MOST_BOXES, Box, Cover, burn
from storage.ids import new_id
from storage.images import Unsafe
from storage.media import MediaStore
from storage.memory import Memory
from storage.queries import attachments, copies, covered, resealing, shredding
from storage.queries.attachments import Outcome
from storage.queries.covered import NewCovered
from storage.verify import verify, verify_files
from tests.databases import Database
from tests.factories import jpeg
from tests.sights import all_of
from tests.storage.test_special import CHIEF, DUTY, HANDLER, KEEPER, NOW, act, complain, differences, does, opened, told

_FULL = Box(left=0, top=0, width=100, height=100)


def picture(width: int = 200, height: int = 100) -> bytes:
    """White, and its upper left quarter red."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    exif = Image.Exif()
    exif[0x010F] = "CANARY-make"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif, comment=b"CANARY-comment", icc_profile=b"CANARY-profile")
    return out.getvalue()


def burnt(*boxes: Box, turn: int = 0) -> Image.Image:
    done = burn(picture(), Cover(turn=turn, boxes=boxes))
    image = Image.open(io.BytesIO(done.content))
    assert image.size == (done.width, done.height)
    return image


def colours(image: Image.Image, *points: tuple[int, int]) -> list[str]:
    def name(pixel: tuple[int, ...]) -> str:
        return "black" if max(pixel) < 16 else "red" if pixel[0] > 200 > 60 > max(pixel[1:]) else "white" if min(pixel) > 235 else "?"

    return [name(image.convert("RGB").getpixel(point)) for point in points]  # type: ignore[arg-type]


def test_what_is_covered_is_black_and_the_rest_as_it_was() -> None:
    image = burnt(Box(left=10, top=20, width=20, height=20), Box(left=75, top=50, width=25, height=50))
    inside = [(x, y) for x in range(22, 58, 3) for y in range(22, 38, 3)] + [(x, y) for x in range(152, 200, 5) for y in range(52, 100, 5)]

    assert set(colours(image, *inside)) == {"black"}
    assert colours(image, (4, 4), (80, 10), (120, 10), (140, 90)) == ["red", "red", "white", "white"]


def test_nothing_of_the_file_it_was_made_from_goes_along() -> None:
    assert b"CANARY" in picture()
    made = burn(picture(), Cover(turn=90, boxes=(_FULL,))).content

    assert b"CANARY" not in made and not Image.open(io.BytesIO(made)).getexif()


@pytest.mark.parametrize(
    ("turn", "size", "red_at"),
    [(0, (200, 100), (20, 10)), (90, (100, 200), (80, 20)), (180, (200, 100), (180, 80)), (270, (100, 200), (20, 180))],
)
def test_boxes_lie_on_the_picture_as_it_was_turned(turn: int, size: tuple[int, int], red_at: tuple[int, int]) -> None:
    """The red quarter turns with the picture, the box in the middle of the left edge does not."""
    image = burnt(Box(left=0, top=45, width=10, height=10), turn=turn)

    assert image.size == size
    assert colours(image, red_at, (size[0] // 25, size[1] // 2)) == ["red", "black"]


def test_what_reaches_out_of_the_picture_is_cut_and_what_lies_outside_counts_for_nothing() -> None:
    image = burnt(Box(left=-50, top=90, width=60, height=300), Box(left=120, top=0, width=5, height=5))

    assert colours(image, (10, 96), (60, 96), (190, 4)) == ["black", "white", "white"]
    with pytest.raises(Unsafe) as refused:
        burnt(Box(left=100, top=0, width=5, height=5))
    assert refused.value.reason == "nothing_covered"


def test_a_thin_box_covers_every_pixel_it_touches() -> None:
    image = burn(picture(1000, 1000), Cover(turn=0, boxes=(Box(left=70.04, top=70.04, width=3.02, height=3.02),)))

    assert colours(Image.open(io.BytesIO(image.content)), (701, 701), (729, 729), (715, 715)) == ["black"] * 3


def form(*boxes: tuple[str, str, str, str], turn: str = "0") -> dict[str, str]:
    fields = {f"{side}{at}": value for at, box in enumerate(boxes, 1) for side, value in zip(covering.SIDES, box, strict=True)}
    return {"xoay": turn, **fields}


def test_the_numbers_of_the_form_are_read_as_they_are_typed_here() -> None:
    typed = form(("12,5", "0", "10 ", "7.25%"), ("", "", "", ""), ("90", "90", "20", "20"), turn="270")

    assert covering.checked(typed) == Cover(
        turn=270, boxes=(Box(left=12.5, top=0, width=10, height=7.25), Box(left=90, top=90, width=20, height=20))
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (form(), "cover-none"),
        (form(("", "", "", "")), "cover-none"),
        (form(("1", "1", "1", "")), "cover-numbers"),
        (form(("1", "1", "nan", "1")), "cover-numbers"),
        (form(("1", "1", "1", "0")), "cover-numbers"),
        (form(("1", "1", "1", "inf")), "cover-numbers"),
        (form(("một", "1", "1", "1")), "cover-numbers"),
        (form(("100", "1", "9", "9"), ("1", "-9", "9", "9")), "cover-outside"),
        (form(*[("1", "1", "1", "1")] * (MOST_BOXES + 1)), "cover-many"),
        (form(("1", "1", "1", "1"), turn="45"), "cover-turn"),
    ],
)
def test_what_is_no_box_is_said(given: dict[str, str], why: str) -> None:
    with pytest.raises(Mistake) as mistake:
        covering.checked(given)
    assert mistake.value.key == why


# -- with its tip ------------------------------------------------------------------------------------------------------------------

TIP, PHOTO = 30, 31


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    async with opened(database) as memory:
        yield memory


@pytest.fixture
async def store(memory: Memory, tmp_path: Path) -> MediaStore:
    """A tip with a photo that was brought and copied."""
    store, key, content = MediaStore(tmp_path / "media"), b"k" * 32, jpeg()
    await told(memory, TIP)
    places = {name: f"{folder}/2027/01/15/{name}" for name, folder in (("original", "originals"), ("work", "copies"), ("thumb", "copies"))}
    for place in places.values():
        store.keep(content, place, key=key)

    def attach(session: Session) -> None:
        where = Where(ward_id=1, chat_id=20, channel="webchat", now=NOW)
        values = {"tip_id": TIP, "attachment_id": PHOTO, "history_id": new_id(), "kind": "photo", "file": {"stored": places["original"]}}
        apply(session, where, [Change("attach", values)])
        [wanted] = attachments.claim_due(session, now=NOW, most=1)
        sha256 = hashlib.sha256(content).hexdigest()
        outcome = Outcome(status="stored", mime="image/jpeg", copy_mime="image/jpeg", sha256=sha256, file_key=key, width=640, height=480)
        outcome = replace(outcome, original=places["original"], work=places["work"], thumb=places["thumb"])
        assert files.note(session, WardBook(), wanted, outcome, history_id=new_id(), notice_id=new_id(), row_id=new_id(), now=NOW)

    await memory.write(attach)
    return store


def new_copy(store: MediaStore, number: int = 1) -> NewCovered:
    place, key = f"copies/2027/01/15/covered{number}", bytes([number]) * 32
    store.keep(b"covered", place, key=key)
    return NewCovered(id=40 + number, attachment_id=PHOTO, turn=90, boxes=2, width=480, height=640, place=place, key=key)


async def checked_whole(memory: Memory, store: MediaStore) -> list[tuple[str, str]]:
    def look(session: Session) -> list[tuple[str, str]]:
        report = verify(session, 1, now=NOW, heads=[])
        verify_files(report, store)
        return [(one["kind"], one["what"]) for one in report.differences if one["what"] != "without a link"]

    return await memory.read(look)


async def test_only_who_may_read_the_tip_keeps_a_copy_and_verify_knows_it(memory: Memory, store: MediaStore) -> None:
    new = new_copy(store)

    assert await does(memory, lambda s: covering.keep(s, act(HANDLER), new, tip_id=TIP)) == "desk-no-tip"
    assert await does(memory, lambda s: covering.keep(s, act(KEEPER), new, tip_id=TIP)) == "desk-no-tip"
    assert await does(memory, lambda s: covering.keep(s, act(DUTY), new, tip_id=TIP)) == ""
    seen = await memory.read(lambda s: covered.photo_of(s, all_of(1), PHOTO))
    assert seen is not None and [(one.id, one.boxes, one.made_by, one.made_at) for one in seen.covered] == [(41, 2, DUTY, NOW)]
    assert await checked_whole(memory, store) == []
    assert new.place in await memory.read(copies.files_named)  # Copies of the house hold it too.

    row = tables.CoveredPhoto
    await memory.write(lambda s: s.execute(update(row).values(boxes=1)) and None)
    assert await differences(memory) == [("covered_photo", "changed")]
    await memory.write(lambda s: s.execute(update(row).values(boxes=2, file_key=b"x" * 60)) and None)
    assert await differences(memory) == [("covered_photo", "does not open")]
    await memory.write(lambda s: s.delete(s.execute(select(row)).scalar_one()))
    assert await differences(memory) == [("covered_photo", "missing")]


async def test_a_copy_whose_file_is_gone_is_found(memory: Memory, store: MediaStore) -> None:
    new = new_copy(store)
    await memory.write(lambda s: covering.keep(s, act(CHIEF), new, tip_id=TIP))
    store.remove(new.place)

    assert await checked_whole(memory, store) == [("file", "missing")]


async def test_one_photo_has_no_end_of_copies(memory: Memory, store: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covering, "MOST_COPIES", 2)
    kept = [await does(memory, lambda s, n=n: covering.keep(s, act(DUTY), new_copy(store, n), tip_id=TIP)) for n in (1, 2, 3)]  # type: ignore[misc]

    assert kept == ["", "", "cover-enough"]


async def test_it_is_shredded_with_its_tip(memory: Memory, store: MediaStore) -> None:
    new = new_copy(store)
    await memory.write(lambda s: covering.keep(s, act(DUTY), new, tip_id=TIP))

    places = await memory.write(lambda s: shredding.shred_tip(s, TIP, now=moments.now(), why="closed"))

    assert new.place in places and len(places) == 4
    [(key, place)] = await memory.read(lambda s: [(one.file_key, one.place) for one in s.execute(select(tables.CoveredPhoto)).scalars()])
    assert (key, place) == (None, "")
    assert await does(memory, lambda s: covering.keep(s, act(DUTY), replace(new, id=50), tip_id=TIP)) == "write-shredded"
    assert await differences(memory) == []
    await memory.write(lambda s: s.execute(update(tables.CoveredPhoto).values(place="left")) and None)
    assert await differences(memory) == [("covered_photo", "not shredded")]


async def test_after_a_theft_it_lies_elsewhere_under_another_key(memory: Memory, store: MediaStore) -> None:
    new = new_copy(store)
    await memory.write(lambda s: covering.keep(s, act(DUTY), new, tip_id=TIP))
    await memory.write(lambda s: s.execute(update(tables.Tip).where(col(tables.Tip.id) == TIP).values(reseal_due=True)) and None)

    await Resealing(memory, store).go_on(1)

    source = await memory.read(lambda s: covered.covered_copy(s, all_of(1), PHOTO, new.id))
    assert source is not None and source.place != new.place and source.key != new.key
    assert store.read(source.place, key=source.key) == b"covered" and not store.path(new.place).exists()
    assert await memory.read(resealing.left) == 0
    assert await checked_whole(memory, store) == []


async def test_a_photo_of_a_letter_stays_with_who_reads_letters(memory: Memory, store: MediaStore) -> None:
    new = new_copy(store)
    await memory.write(lambda s: covering.keep(s, act(CHIEF), new, tip_id=TIP))
    chief, duty = access.sight_of(1, "chief", CHIEF), access.sight_of(1, "duty", DUTY)
    assert [one.id for one in await memory.read(lambda s: covered.of_tip(s, TIP))] == [new.id]

    await complain(memory, TIP, 35)
    await memory.write(lambda s: s.execute(update(tables.Attachment).values(letter_id=35)) and None)

    seen = await memory.read(lambda s: covered.photo_of(s, chief, PHOTO))
    assert seen is not None and seen.letter_id == 35 and len(seen.covered) == 1
    assert await memory.read(lambda s: covered.photo_of(s, duty, PHOTO)) is None
    assert await memory.read(lambda s: covered.covered_copy(s, duty, PHOTO, new.id)) is None
    assert await memory.read(lambda s: covered.of_tip(s, TIP)) == ()
