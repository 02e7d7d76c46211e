"""Safe copies of images from strangers: re-encoded, without anything the sender's phone had written into them.

Bytes in, bytes out: nothing of a tip lies on the disk in between. It runs in a process of its own (`storage/copy_worker.py`). The
type is decided by content, never by name, and the size of the picture by its header, before a single pixel is decoded.
"""

import io
import math
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
_WORK_SIDE, _THUMB_SIDE = 1600, 320
# A long screenshot of a conversation in a square of that side could not be read: its short side counts, within these.
_LONG_IS, _SHORT_SIDE, _LONG_SIDE, _LONG_PIXELS = 2.5, 1080, 8000, 5_000_000
# We look at the header ourselves, before decoding; Pillow's own check would only warn.
Image.MAX_IMAGE_PIXELS = None

IMAGE_KINDS = frozenset({"jpeg", "png", "gif", "webp", "heic", "avif", "bmp", "tiff"})
VIDEO_KINDS = frozenset({"mp4", "mov", "3gp", "webm"})
AUDIO_KINDS = frozenset({"m4a", "aac", "mp3", "ogg", "opus", "amr", "wav", "flac"})
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PILLOW_FORMAT = {
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "heic": "HEIF",
    "avif": "AVIF",
    "bmp": "BMP",
    "tiff": "TIFF",
}
_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"#!AMR", "amr"),
    (b"fLaC", "flac"),
    (b"\xff\xf0", "aac"),
    (b"\xff\xf1", "aac"),
    (b"\xff\xf8", "aac"),
    (b"\xff\xf9", "aac"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
)
_BRANDS = {
    b"heic": "heic",
    b"heix": "heic",
    b"hevc": "heic",
    b"heim": "heic",
    b"heis": "heic",
    b"mif1": "heic",
    b"msf1": "heic",
    b"avif": "avif",
    b"avis": "avif",
    b"qt  ": "mov",
    b"M4A ": "m4a",
    b"M4B ": "m4a",
}


class Unsafe(Exception):
    """`reason` is one of: empty, too_big, too_many_pixels, not_what_it_claims, broken, unknown_type, locked, no_copy.

    `no_copy` is not the file's fault: we have nothing that could make a copy of its kind.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageCopies:
    """Width and height are the original's, as the picture is shown."""

    work: bytes
    thumb: bytes
    width: int
    height: int


def kind_of(head: bytes) -> str:
    """From the first bytes alone."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:2] == b"BM" and head[15:18] == bytes(3):  # Two letters alone may begin any text; its header is always short.
        return "bmp"
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12], "unknown")
    if head[:4] == b"OggS":
        return "opus" if b"OpusHead" in head else "ogg"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        # "mif1" is any still image; which one, the compatible brands that follow tell.
        if brand in (b"mif1", b"msf1") and (b"avif" in head[16:] or b"avis" in head[16:]):
            return "avif"
        return _BRANDS.get(brand, "3gp" if brand.startswith(b"3g") else "mp4")
    return "unknown"


def make_safe(content: bytes) -> ImageCopies:
    if not content:
        raise Unsafe("empty")
    if len(content) > MOST_BYTES:
        raise Unsafe("too_big")
    kind = kind_of(content[:64])
    if kind not in IMAGE_KINDS:
        raise Unsafe("unknown_type")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks about odd files; what matters becomes an error below.
            return _reencode(content, kind)
    except Unsafe:
        raise
    except Exception as error:
        # Decoders meet every kind of broken file with every kind of error; for us they are all the same.
        raise Unsafe("broken") from error


def _reencode(content: bytes, kind: str) -> ImageCopies:
    if kind == "heic":
        # 24 MB of memory, so only once somebody sends one.
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
    with Image.open(io.BytesIO(content), formats=[_PILLOW_FORMAT[kind]]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Unsafe("too_many_pixels")
        width, height = _upright_size(image)
        # JPEG can decode straight to a half or a quarter: most of the time and memory of a large photo.
        # It asks both sides to stay as large as what is named, so the shape goes along.
        scale = _scale(*image.size)
        image.draft("RGB", (int(image.width * scale), int(image.height * scale)))
        image.load()
        copy = _upright(image, _plain(image))
    copy.thumbnail((max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BICUBIC, reducing_gap=2.0)
    # Whole steps are a fifth of the work of an exact size, and nobody measures a thumbnail.
    most = 2 * min(copy.size)  # Of a long picture, how it begins.
    begins = copy.crop((0, 0, min(copy.width, most), min(copy.height, most)))
    small = begins.reduce(max(1, math.ceil(max(begins.size) / _THUMB_SIDE)))
    return ImageCopies(work=bare_jpeg(copy, 80), thumb=bare_jpeg(small, 75), width=width, height=height)


def _scale(width: int, height: int) -> float:
    long, short = max(width, height), min(width, height)
    scale = _WORK_SIDE / long
    if long > _LONG_IS * short:
        scale = max(scale, min(_SHORT_SIDE / short, _LONG_SIDE / long, math.sqrt(_LONG_PIXELS / (long * short))))
    return min(scale, 1.0)


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
    return (image.height, image.width) if turned else (image.width, image.height)


def _upright(image: Image.Image, plain: Image.Image) -> Image.Image:
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    return plain if turn is None else plain.transpose(turn)


def _plain(image: Image.Image) -> Image.Image:
    """RGB on white, in the common colour space."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                image = converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # A broken profile: the colours are a little off, the picture is not.
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        over = image.convert("RGBA")
        plain = Image.new("RGB", over.size, "white")
        plain.paste(over, mask=over.getchannel("A"))
        return plain
    if image.mode.startswith("I") or image.mode == "F":
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def bare_jpeg(image: Image.Image, quality: int) -> bytes:
    """Everything a JPEG may carry beside its pixels is named here, and is empty."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=b"", icc_profile=None, comment=b"", xmp=b"", subsampling="4:2:0", dpi=(0, 0))
    return out.getvalue()
