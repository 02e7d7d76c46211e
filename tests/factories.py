"""Small real things that tests send."""

import io

from PIL import Image


def jpeg(width: int = 640, height: int = 480, *, colour: str = "steelblue", exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def heavy_photo(width: int = 1280, height: int = 960) -> bytes:
    """Soft shapes under fine grain: at its usual size about 200 KB, as heavy as a real photo and as slow to decode."""
    soft = Image.effect_noise((width // 8, height // 8), 90).convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((width, height), 14).convert("RGB")
    out = io.BytesIO()
    Image.blend(soft, grain, 0.35).save(out, "JPEG", quality=74)
    return out.getvalue()
