"""Small real things that tests send."""

import io

from PIL import Image


def jpeg(width: int = 640, height: int = 480, *, colour: str = "steelblue", exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def noisy_jpeg(width: int = 1280, height: int = 960, *, quality: int = 60) -> bytes:
    """As heavy as a real photo: about 200 KB at this size."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()
