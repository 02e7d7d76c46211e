"""Safe copies of images from strangers: re-encoded, without anything the sender's phone had written into them.

Bytes and paths in, values out; it runs in a worker thread. The type is decided by content, never by name, and the size of the
picture by its header, before a single pixel is decoded.
"""

import io
import warnings
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
_WORK_SIDE, _THUMB_SIDE = 1600, 320
# We look at the header ourselves, before decoding; Pillow's own check would only warn.
Image.MAX_IMAGE_PIXELS = None

IMAGE_KINDS = frozenset({"jpeg", "png", "gif", "webp", "heic", "avif", "bmp", "tiff"})
VIDEO_KINDS = frozenset({"mp4", "mov", "3gp", "webm"})
AUDIO_KINDS = frozenset({"m4a", "mp3", "ogg", "opus", "amr", "wav"})
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
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"#!AMR", "amr"),
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
    """`reason` is one of: empty, too_big, too_many_pixels, not_what_it_claims, broken, unknown_type."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def kind_of(head: bytes) -> str:
    """From the first bytes alone."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
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


def make_safe(path: Path, *, work: Path, thumb: Path) -> tuple[int, int]:
    """Writes both copies; hands back width and height as the picture is shown."""
    size = path.stat().st_size
    if size == 0:
        raise Unsafe("empty")
    if size > MOST_BYTES:
        raise Unsafe("too_big")
    with path.open("rb") as file:
        kind = kind_of(file.read(64))
    if kind not in IMAGE_KINDS:
        raise Unsafe("unknown_type")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks about odd files; what matters becomes an error below.
            return _reencode(path, kind, work, thumb)
    except Unsafe:
        raise
    except Exception as error:
        # Decoders meet every kind of broken file with every kind of error; for us they are all the same.
        raise Unsafe("broken") from error


def _reencode(path: Path, kind: str, work: Path, thumb: Path) -> tuple[int, int]:
    if kind == "heic":
        # 24 MB of memory, so only once somebody sends one.
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
    with Image.open(path, formats=[_PILLOW_FORMAT[kind]]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Unsafe("too_many_pixels")
        shown_as = _upright_size(image)
        # JPEG can decode straight to a half or a quarter: most of the time and memory of a large photo.
        image.draft("RGB", (_WORK_SIDE, _WORK_SIDE))
        image.load()
        copy = ImageOps.exif_transpose(_plain(image))
    copy.thumbnail((_WORK_SIDE, _WORK_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    _bare_jpeg(copy, work, 80)
    copy.thumbnail((_THUMB_SIDE, _THUMB_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    _bare_jpeg(copy, thumb, 75)
    return shown_as


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (image.height, image.width) if turned else (image.width, image.height)


def _plain(image: Image.Image) -> Image.Image:
    """RGB on white, in the common colour space; the orientation mark stays until it is obeyed."""
    exif = image.getexif()
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
        image = Image.new("RGB", over.size, "white")
        image.paste(over, mask=over.getchannel("A"))
    elif image.mode.startswith("I") or image.mode == "F":
        image = image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    elif image.mode != "RGB":
        image = image.convert("RGB")
    plain = image.copy()
    plain.info = {}
    if (orientation := exif.get(0x0112)) is not None:
        plain.getexif()[0x0112] = orientation
    return plain


def _bare_jpeg(image: Image.Image, place: Path, quality: int) -> None:
    image.info = {}
    image.save(place, "JPEG", quality=quality, exif=b"", icc_profile=None, comment=b"", subsampling="4:2:0")
