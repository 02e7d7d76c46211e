"""What officers look at: re-encoded copies, with nothing left of the phone that took the picture."""

import base64
import io
import random
import resource
import struct
import time
import zlib
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from storage.images import AUDIO_KINDS, IMAGE_KINDS, MOST_BYTES, VIDEO_KINDS, ImageCopies, Unsafe, kind_of, make_safe
from tests.storage.boxes import box, full_box, png_chunk
from tests.storage.strangers import answers_of_a_worker, corrupted

# A 64 x 64 HEVC still of our own making; the boxes around it are built below, so that it can carry any EXIF and XMP.
_HEVC_SETUP = base64.b64decode(
    "AAAAcWh2Y0MBA3AAAACQAAAAAAAe8AD8/fj4AAAPA6AAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAoQABACVCAQEDcAAAAwCQAAADAAADAB6gIIEFlupJMrgEAAAP"
    "oAABhqAgogABAAZEAcFxgRI="
)
_HEVC_PICTURE = base64.b64decode(
    "AAAA7SgBrwng6eBVfddEFYSeB0dkS0CT2C/R8bBs0Q5pZLVv/9352XfTtyae3bGKucFSYnSCxcNkJx3SiwLSqSqIhS3zp1GKpyRGYTqSS8I+x3CrhCTvQmqtgDTH8+/l"
    "1LCSGavi/n1dWdAQtMcKv1HmatDPfAX1RtiHYrsdjLqvJpNabdUHYuDjRUhyPY/C5rZnDXgxLUScM5NfHUEnJnf7qBjXKCVcJapecCKXLQk77uaUjiWy5TGyiDIIXLwq"
    "tUFoJQwIIitVvT5lksLX0CH4HePRzfp8bvA1QnqmXnZZZIni9Qu19NkO6cxlZxaioA=="
)
# All that a bare JPEG is made of: start, JFIF, quantisation, baseline frame, Huffman tables, scan, end.
_BARE = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}
_JFIF = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"  # No density of the sender's, no thumbnail.


def refusal(data: bytes) -> str:
    with pytest.raises(Unsafe) as refused:
        make_safe(data)
    return refused.value.reason


def shown_size(copies: ImageCopies) -> tuple[int, int]:
    return copies.width, copies.height


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    return image


def colour_of(data: bytes, x: int = 5, y: int = 5) -> tuple[int, int, int]:
    colour = opened(data).getpixel((x, y))
    assert isinstance(colour, tuple)
    return int(colour[0]), int(colour[1]), int(colour[2])


def is_near(colour: tuple[int, int, int], wanted: tuple[int, int, int], *, by: int = 12) -> bool:
    return all(abs(have - want) <= by for have, want in zip(colour, wanted, strict=True))


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment; whatever stands after the end comes last, as marker -1."""
    assert data[:2] == b"\xff\xd8"
    yield 0xD8, b""
    at = 2
    while True:
        assert data[at] == 0xFF
        marker = data[at + 1]
        if marker == 0xD9:
            yield marker, b""
            if data[at + 2 :]:
                yield -1, data[at + 2 :]
            return
        length = struct.unpack_from(">H", data, at + 2)[0]
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == 0xDA:  # Then pixels, in which FF is followed by 00 or a restart mark.
            while not (data[at] == 0xFF and data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7):
                at += 1


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def picture(width: int = 200, height: int = 150, mode: str = "RGB") -> Image.Image:
    return Image.effect_noise((width, height), 60).convert(mode)


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(content)) + content


def with_segments(jpeg: bytes, *extra: bytes) -> bytes:
    return jpeg[:2] + b"".join(extra) + jpeg[2:]


def heic(*, exif: bytes = b"", xmp: bytes = b"", size: tuple[int, int] = (64, 64)) -> bytes:
    items = [(b"hvc1", b"", _HEVC_PICTURE)]
    if exif:
        items.append((b"Exif", b"", struct.pack(">I", 0) + exif))
    if xmp:
        items.append((b"mime", b"application/rdf+xml\0", xmp))
    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    begin = len(head) + len(_heic_index(items, 0, size)) + 8
    return head + _heic_index(items, begin, size) + box(b"mdat", *[content for _, _, content in items])


def _heic_index(items: list[tuple[bytes, bytes, bytes]], begin: int, size: tuple[int, int]) -> bytes:
    places, names, links = b"", b"", b""
    for number, (kind, suffix, content) in enumerate(items, 1):
        places += struct.pack(">HHHII", number, 0, 1, begin, len(content))
        names += full_box(b"infe", 2, struct.pack(">HH4s", number, 0, kind), b"\0", suffix)
        links += box(b"cdsc", struct.pack(">HHH", number, 1, 1)) if number > 1 else b""
        begin += len(content)
    return full_box(
        b"meta",
        0,
        full_box(b"hdlr", 0, b"\0\0\0\0pict", b"\0" * 13),
        full_box(b"pitm", 0, struct.pack(">H", 1)),
        full_box(b"iloc", 0, b"\x44\x00", struct.pack(">H", len(items)), places),
        full_box(b"iinf", 0, struct.pack(">H", len(items)), names),
        full_box(b"iref", 0, links) if links else b"",
        box(
            b"iprp",
            box(b"ipco", _HEVC_SETUP, full_box(b"ispe", 0, struct.pack(">II", *size))),
            full_box(b"ipma", 0, struct.pack(">IHBBB", 1, 1, 2, 0x81, 2)),
        ),
    )


def tiff_exif() -> bytes:
    """EXIF as a phone writes it: a place, a maker note and a small picture, each with its canary."""
    small = with_segments(encoded(picture(32, 24), "JPEG"), segment(0xFE, b"CANARY-thumbnail"))
    text = {"make": b"CANARY-make\0", "note": b"CANARY-makernote\0", "gps": b"ASCII\0\0\0CANARY-gps\0"}
    first, exif, gps, second = 8, 8 + 2 + 4 * 12 + 4, 80, 110
    free = 160
    at: dict[str, int] = {}
    tail = b""
    for name, content in {**text, "small": small}.items():
        at[name] = free + len(tail)
        tail += content

    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        return struct.pack("<HHII", tag, kind, count, value)

    def directory(*entries: bytes, following: int = 0) -> bytes:
        return struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", following)

    whole = bytearray(free)
    for place, content in (
        (0, struct.pack("<2sHI", b"II", 42, first)),
        (
            first,
            directory(
                entry(0x010F, 2, len(text["make"]), at["make"]),
                entry(0x0112, 3, 1, 1),
                entry(0x8769, 4, 1, exif),
                entry(0x8825, 4, 1, gps),
                following=second,
            ),
        ),
        (exif, directory(entry(0x927C, 7, len(text["note"]), at["note"]))),
        (gps, directory(entry(0x001B, 7, len(text["gps"]), at["gps"]))),
        (second, directory(entry(0x0103, 3, 1, 6), entry(0x0201, 4, 1, at["small"]), entry(0x0202, 4, 1, len(small)))),
    ):
        whole[place : place + len(content)] = content
    return bytes(whole) + tail


def icc_profile(*, red_is_green: bool = False) -> bytes:
    """sRGB under another name, so that it can be told from one of ours."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    named = profile.replace("sRGB built-in".encode("utf-16-be"), "CANARY-icc-ok".encode("utf-16-be"))
    assert named != profile
    if red_is_green:
        named = named.replace(b"rXYZ", b"swap", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"swap", b"gXYZ", 1)
    return named


_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- CANARY-xmp --></x:xmpmeta>'


def jpeg_with_canaries() -> bytes:
    iptc = b"\x1c\x02\x50" + struct.pack(">H", 11) + b"CANARY-iptc"
    resources = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
    whole = with_segments(
        encoded(picture(), "JPEG", dpi=(301, 302)),
        segment(0xE1, b"Exif\0\0" + tiff_exif()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _XMP),
        segment(0xE2, b"ICC_PROFILE\0\x01\x01" + icc_profile()),
        segment(0xED, resources),
        segment(0xEB, b"CANARY-app11"),
        segment(0xFE, b"CANARY-comment"),
    )
    return whole + b"PK\x03\x04<?php CANARY-tail ?><script>CANARY-html</script>"


def png_with_canaries() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "CANARY-text")
    notes.add_text("Long", "CANARY-ztxt", zip=True)
    notes.add_itxt("XML:com.adobe.xmp", _XMP.decode())
    notes.add(b"prVt", b"CANARY-private")
    return encoded(picture(mode="RGBA"), "PNG", pnginfo=notes, exif=tiff_exif(), icc_profile=icc_profile()) + b"CANARY-tail"


def webp_with_canaries() -> bytes:
    return encoded(picture(), "WEBP", exif=b"Exif\0\0" + tiff_exif(), xmp=_XMP, icc_profile=icc_profile())


def avif_with_canaries() -> bytes:
    return encoded(picture(), "AVIF", exif=tiff_exif(), xmp=_XMP, icc_profile=icc_profile())


def gif_with_canaries() -> bytes:
    return encoded(picture(mode="P"), "GIF", comment=b"CANARY-comment") + b"CANARY-tail"


def tiff_with_canaries() -> bytes:
    return encoded(picture(), "TIFF", tiffinfo={270: "CANARY-description", 700: _XMP}, icc_profile=icc_profile())


@pytest.mark.parametrize(
    "make",
    [
        jpeg_with_canaries,
        png_with_canaries,
        webp_with_canaries,
        avif_with_canaries,
        gif_with_canaries,
        tiff_with_canaries,
        lambda: heic(exif=tiff_exif(), xmp=_XMP) + b"CANARY-tail",
    ],
    ids=["jpeg", "png", "webp", "avif", "gif", "tiff", "heic"],
)
def test_p4_nothing_of_the_sender_is_left_in_the_safe_copies(make: Callable[[], bytes]) -> None:
    original = make()
    assert b"CANARY" in original
    copies = make_safe(original)
    for copy in (copies.work, copies.thumb):
        for canary in (b"CANARY", "CANARY".encode("utf-16-be"), "CANARY".encode("utf-16-le"), b"Exif", b"xmpmeta", b"ICC_PROFILE", b"8BIM"):
            assert canary not in copy
        found = list(segments(copy))
        assert {marker for marker, _ in found} <= _BARE
        assert [content for marker, content in found if marker == 0xE0] == [_JFIF]
        assert set(opened(copy).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_canaries_are_where_readers_of_metadata_look() -> None:
    """Otherwise the promise above would be proved on files that nobody sends."""
    seen = opened(jpeg_with_canaries())
    exif = seen.getexif()
    assert exif[0x010F] == "CANARY-make"
    assert b"CANARY-gps" in exif.get_ifd(0x8825)[0x001B]
    assert b"CANARY-makernote" in exif.get_ifd(0x8769)[0x927C]
    assert seen.info["icc_profile"] and seen.info["comment"] == b"CANARY-comment" and b"CANARY-xmp" in seen.info["xmp"]


def test_the_copies_are_no_larger_than_they_need_to_be() -> None:
    copies = make_safe(encoded(picture(3000, 2000), "JPEG"))
    assert shown_size(copies) == (3000, 2000)
    assert opened(copies.work).size == (1600, 1067)
    assert 160 < max(opened(copies.thumb).size) <= 320


@pytest.mark.parametrize(
    ("size", "copied"),
    [((1080, 8000), (822, 6086)), ((400, 8000), (400, 8000)), ((8000, 1080), (6086, 822)), ((1000, 40_000), (200, 8000))],
)
def test_a_long_screenshot_can_still_be_read(size: tuple[int, int], copied: tuple[int, int]) -> None:
    """In a square of 1600 a conversation of 8,000 pixels was 216 across."""
    copies = make_safe(encoded(Image.new("RGB", size, "white"), "JPEG"))
    assert shown_size(copies) == size and opened(copies.work).size == copied
    assert min(opened(copies.thumb).size) >= 100


def test_a_small_picture_is_not_blown_up() -> None:
    copies = make_safe(encoded(picture(40, 30), "PNG"))
    assert opened(copies.work).size == opened(copies.thumb).size == shown_size(copies) == (40, 30)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_lying_on_its_side_is_set_upright(form: str) -> None:
    image = Image.new("RGB", (200, 100), "white")
    image.paste((200, 0, 0), (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = 6
    copies = make_safe(encoded(image, form, exif=exif))
    assert shown_size(copies) == opened(copies.work).size == opened(copies.thumb).size == (100, 200)
    assert is_near(colour_of(copies.work, 50, 40), (200, 0, 0))  # Left has become top.
    assert is_near(colour_of(copies.work, 50, 160), (255, 255, 255))


@pytest.mark.parametrize("junk", [b"no tiff at all", b"II*\0\xff\xff\xff\x7f", b"MM\0*\0\0\0\x08\xff\xff", b""])
def test_damaged_exif_does_not_cost_the_resident_the_picture(junk: bytes) -> None:
    data = with_segments(encoded(picture(), "JPEG"), segment(0xE1, b"Exif\0\0" + junk))
    assert shown_size(make_safe(data)) == (200, 150)


def test_see_through_parts_become_white() -> None:
    for mode in ("RGBA", "LA"):
        assert is_near(colour_of(make_safe(encoded(Image.new(mode, (40, 30), 0), "PNG")).work), (255, 255, 255))
    palette = Image.new("P", (40, 30), 0)
    palette.putpalette([10, 20, 30])
    assert is_near(colour_of(make_safe(encoded(palette, "GIF", transparency=0)).work), (255, 255, 255))


@pytest.mark.parametrize(
    ("image", "form", "wanted"),
    [
        (Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG", (254, 0, 0)),
        (Image.new("L", (40, 30), 90), "JPEG", (90, 90, 90)),
        (Image.new("1", (40, 30), 1), "PNG", (255, 255, 255)),
        (Image.new("I;16", (40, 30), 0x8000), "PNG", (128, 128, 128)),
        (Image.new("I;16", (40, 30), 0x8000), "TIFF", (128, 128, 128)),
        (Image.new("RGB", (40, 30), (10, 120, 240)), "BMP", (10, 120, 240)),
        (Image.new("RGB", (40, 30), (10, 120, 240)).convert("P"), "PNG", (0, 102, 255)),
    ],
    ids=["cmyk", "grey", "bits", "16-bit png", "16-bit tiff", "bmp", "palette"],
)
def test_every_colour_mode_comes_out_as_plain_rgb(image: Image.Image, form: str, wanted: tuple[int, int, int]) -> None:
    copies = make_safe(encoded(image, form))
    assert opened(copies.work).mode == opened(copies.thumb).mode == "RGB"
    assert is_near(colour_of(copies.work), wanted, by=30)


def test_colours_are_brought_into_the_common_space() -> None:
    red = Image.new("RGB", (40, 30), (200, 30, 30))
    copies = make_safe(encoded(red, "JPEG", icc_profile=icc_profile(red_is_green=True)))
    assert is_near(colour_of(copies.work), (30, 200, 30), by=20)


def test_a_broken_colour_profile_is_passed_over() -> None:
    red = Image.new("RGB", (40, 30), (200, 30, 30))
    for profile in (b"nothing", icc_profile()[:200]):
        assert is_near(colour_of(make_safe(encoded(red, "JPEG", icc_profile=profile)).work), (200, 30, 30))


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_a_moving_picture_only_the_first_frame_is_kept(form: str) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ((200, 0, 0), (0, 200, 0), (0, 0, 200))]
    copies = make_safe(encoded(frames[0], form, save_all=True, append_images=frames[1:]))
    assert is_near(colour_of(copies.work), (200, 0, 0))


def png_bomb(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(bytes(100_000))) + png_chunk(b"IEND", b"")


def jpeg_bomb() -> bytes:
    plain = bytearray(encoded(picture(16, 16), "JPEG"))
    struct.pack_into(">HH", plain, plain.index(b"\xff\xc0") + 5, 60_000, 60_000)
    return bytes(plain)


@pytest.mark.parametrize(
    "bomb",
    [
        png_bomb(60_000, 60_000),
        jpeg_bomb(),
        b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\0\0\0," + struct.pack("<HHHH", 0, 0, 65_535, 65_535) + b"\0\x08\0;",
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 1000, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(900),
        heic(size=(60_000, 60_000)),
    ],
    ids=["png", "jpeg", "gif", "bmp", "heic"],
)
def test_a_decompression_bomb_is_refused_by_its_header(bomb: bytes) -> None:
    make_safe(heic())  # Loads the decoders, which have a size of their own.
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert refusal(bomb) == "too_many_pixels"
    assert time.monotonic() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024  # KB: nothing of that size was decoded.


def test_the_largest_picture_taken_is_fifty_megapixels() -> None:
    assert refusal(png_bomb(50_000_001, 1)) == "too_many_pixels"
    assert refusal(png_bomb(10_000, 5_000)) == "broken"  # Past the header; its pixels are missing.


def test_text_named_jpg_is_no_picture() -> None:
    """The door, which knows what the sender claimed, tells him that it is not what it claims: see the journeys."""
    for text in (
        "Không phải ảnh.",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<!doctype html><script>1</script>",
        "BMW biển 43A đỗ sai",
    ):
        assert refusal(text.encode()) == "unknown_type"
    assert refusal(b"%PDF-1.7") == refusal(b"PK\x03\x04") == "unknown_type"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF"])
def test_a_truncated_picture_is_broken(form: str) -> None:
    data = encoded(picture(mode="P" if form == "GIF" else "RGB"), form)
    assert refusal(data[: len(data) // 2]) == "broken"
    assert refusal(data[:20]) == "broken"


def test_a_truncated_heic_is_broken() -> None:
    whole = heic()
    assert shown_size(make_safe(whole)) == (64, 64)
    assert refusal(whole[:-100]) == refusal(whole[:200]) == "broken"


def test_an_empty_file_is_empty() -> None:
    assert refusal(b"") == "empty"


def test_twenty_one_megabytes_are_too_big() -> None:
    data = encoded(picture(), "JPEG")
    assert refusal(data + bytes(MOST_BYTES + 1 - len(data))) == "too_big"
    assert shown_size(make_safe(data + bytes(MOST_BYTES - len(data)))) == (200, 150)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_whatever_is_damaged_it_is_copied_or_refused(form: str) -> None:
    dice = random.Random(form)
    whole = encoded(picture(120, 90), form, exif=tiff_exif(), icc_profile=icc_profile())
    reasons = set()
    for _ in range(300):
        try:
            copies = make_safe(corrupted(whole, dice))
        except Unsafe as refused:
            reasons.add(refused.reason)
        else:
            assert {marker for marker, _ in segments(copies.work)} <= _BARE
    assert reasons <= {"broken", "unknown_type", "too_many_pixels", "empty"}


def test_a_damaged_heic_hurts_nobody_but_the_worker_that_opens_it() -> None:
    """The HEIC decoder itself can crash on a damaged file, which no `except` would catch: hence the process of its own."""
    dice, whole = random.Random("HEIC"), heic(exif=tiff_exif(), xmp=_XMP)
    jobs = [("heic", corrupted(whole, dice)) for _ in range(300)]
    answered = 0
    while jobs:
        answers = answers_of_a_worker(jobs)
        assert all("width" in answer or answer["unsafe"] in {"broken", "unknown_type", "too_many_pixels", "empty"} for answer in answers)
        answered += len(answers)
        jobs = jobs[len(answers) + 1 :]  # The one after the last answer was its end.
    assert answered > 250


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"RIFF\0\0\0\0AVI LIST", "unknown"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "avif"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "avif"),
        (b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41", "mp4"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "mov"),
        (b"\0\0\0\x18ftyp3gp4\0\0\0\x003gp4", "3gp"),
        (b"\0\0\0\x18ftyp3g2a\0\0\0\x003g2a", "3gp"),
        (b"\0\0\0\x1cftypM4A \0\0\0\0M4A mp42", "m4a"),
        (b"BM\x36\x04\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "bmp"),
        (b"II*\0\x08\0\0\0", "tiff"),
        (b"MM\0*\0\0\0\x08", "tiff"),
        (b"ID3\x04\0\0", "mp3"),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"OggS\0\x02" + bytes(22) + b"OpusHead\x01", "opus"),
        (b"OggS\0\x02" + bytes(22) + b"\x01vorbis", "ogg"),
        (b"fLaC\0\0\0\x22", "flac"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"#!AMR\n", "amr"),
        (b"#!AMR-WB\n", "amr"),
        (b"\x1aE\xdf\xa3\x9fB\x86", "webm"),
        (b"%PDF-1.7", "pdf"),
        (b"PK\x03\x04\x14\0", "zip"),
        (b"<svg xmlns=", "unknown"),
        (b"<?xml version='1.0'?><svg", "unknown"),
        (b"<!doctype html>", "unknown"),
        (b"MZ\x90\0", "unknown"),
        (b"", "unknown"),
    ],
)
def test_the_kind_of_a_file_is_read_from_its_first_bytes(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


def test_picture_video_and_audio_have_nothing_in_common() -> None:
    assert not IMAGE_KINDS & VIDEO_KINDS and not IMAGE_KINDS & AUDIO_KINDS and not VIDEO_KINDS & AUDIO_KINDS
