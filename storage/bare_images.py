"""Pictures inside documents, made bare: the page must look as before, so size and kind stay, and only the rest goes.

In office files they are encoded anew. In PDF the compressed picture stays as it is, bound to its colours and size by the page
around it, and what stands beside it is cut out.
"""

import io
import struct
import warnings

from PIL import Image

from storage.images import MOST_PIXELS

_MOST_SIDE_OF_NOTHING = 8
_KEPT_SEGMENTS = frozenset({0xE0, 0xEE, *range(0xC0, 0xD0), *range(0xDA, 0xE0)})  # JFIF, and Adobe's way of colours.
_KEPT_OF_JFIF = {0xE0: 14, 0xEE: 12}  # What may follow in these is a small picture.
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_KEPT_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})


def encoded_anew(content: bytes) -> tuple[bytes, str]:
    """The picture and its extension. One that cannot be opened becomes a small white square."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"]) as image:
                if image.width * image.height > MOST_PIXELS:
                    return _nothing(), "png"
                return _bare(image)
    except Exception:  # As in `storage/images.py`: every kind of broken file has its own error.
        return _nothing(), "png"


def _bare(image: Image.Image) -> tuple[bytes, str]:
    image.load()
    is_jpeg, out = image.format == "JPEG", io.BytesIO()
    if not is_jpeg:
        mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
    else:
        mode = "L" if image.mode == "L" else "RGB"
    plain = image.convert(mode)
    bare = Image.new(mode, plain.size)  # What stands beside the pixels would go along with `plain`.
    bare.paste(plain)
    if is_jpeg:
        bare.save(out, "JPEG", quality=88)
    else:
        bare.save(out, "PNG")
    return out.getvalue(), "jpeg" if is_jpeg else "png"


def _nothing() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (_MOST_SIDE_OF_NOTHING, _MOST_SIDE_OF_NOTHING), "white").save(out, "PNG")
    return out.getvalue()


def without_segments(jpeg: bytes) -> bytes:
    """The same compressed picture without EXIF, XMP, IPTC, profiles and comments, and without what follows its end."""
    if jpeg[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    out, at = [b"\xff\xd8"], 2
    while at + 4 <= len(jpeg):
        if jpeg[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = jpeg[at + 1]
        if marker == 0xFF:  # Padding before a marker.
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        if marker == 0xD9:
            break
        end = at + 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
        if marker in _KEPT_SEGMENTS:
            out.append(_shortened(marker, jpeg[at + 4 : end]))
        at = end
        if marker == 0xDA:
            jpeg = _until_its_end(jpeg, at)
            at = _end_of_scan(jpeg, at)
            out.append(jpeg[end:at])
    return b"".join(out) + b"\xff\xd9"


def _shortened(marker: int, content: bytes) -> bytes:
    if marker in _KEPT_OF_JFIF:
        wanted = b"JFIF\0" if marker == 0xE0 else b"Adobe"
        if not content.startswith(wanted) or len(content) < _KEPT_OF_JFIF[marker]:
            return b""
        content = content[: _KEPT_OF_JFIF[marker]]
        if marker == 0xE0:
            content = content[:12] + b"\0\0"
    return struct.pack(">BBH", 0xFF, marker, 2 + len(content)) + content


def _until_its_end(jpeg: bytes, at: int) -> bytes:
    """Once the pixels have begun, nothing but the end is spelled like this; a damaged segment must not lead past it."""
    end = jpeg.find(b"\xff\xd9", at)
    return jpeg if end == -1 else jpeg[: end + 2]


def _end_of_scan(jpeg: bytes, at: int) -> int:
    """The next marker that is neither a stuffed zero nor a restart."""
    while (at := jpeg.find(b"\xff", at)) != -1 and at + 1 < len(jpeg):
        if jpeg[at + 1] != 0 and not 0xD0 <= jpeg[at + 1] <= 0xD7 and jpeg[at + 1] != 0xFF:
            return at
        at += 1 if jpeg[at + 1] == 0xFF else 2
    return len(jpeg)


def without_boxes(jp2: bytes) -> bytes:
    """JPEG 2000 keeps EXIF and XMP in boxes beside the picture. A bare codestream has none."""
    if jp2[4:8] != b"jP  ":
        return jp2
    out, at = b"", 0
    while at + 8 <= len(jp2):
        size = int.from_bytes(jp2[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(jp2[at + 8 : at + 16], "big")
        end = at + size if size else len(jp2)
        if end < at + 8:
            raise ValueError("a box of no possible size")
        if jp2[at + 4 : at + 8] in _KEPT_BOXES:
            out += jp2[at:end]
        at = end
    return out
