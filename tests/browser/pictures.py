"""Pictures of every page, at two widths, light and dark: `python -m tests.browser.pictures`, into docs/screenshots."""

import argparse
import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

from tests import environment
from tests.browser import pages
from tests.browser.pages import Show

OUT = Path(__file__).parents[2] / "docs" / "screenshots"
WIDTHS, SCHEMES = (1440, 360), ("light", "dark")
_COLOURS = 96  # Of a palette: a fifth of the bytes, and nobody sees it on a page of text.
_TALLEST = 3200


async def take(out: Path, *, only: str, tips: int, months: int) -> int:
    """How many pictures there are."""
    path, many = environment.chromium(), 0
    with tempfile.TemporaryDirectory(prefix="keng-pictures-") as where:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
            async with pages.show(Path(where), browser, tips=tips, months=months) as seen:
                for page in await pages.pages_of(seen.house, seen.empty, seen.made):
                    if any(part in page.name for part in only.split(",")):
                        many += await _picture(seen, page, out)
            await browser.close()
    return many


async def _picture(seen: Show, page: pages.Page, out: Path) -> int:
    for width in WIDTHS:
        tab = await pages.tab(seen, page, width=width, scheme=SCHEMES[0])
        for scheme in SCHEMES:
            await tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            tall = min(int(await tab.evaluate("document.documentElement.scrollHeight")), _TALLEST)
            if not page.then:  # A talk is shown as its window shows it.
                await tab.set_viewport_size({"width": width, "height": max(tall, 740)})  # What sticks to the bottom then stands there.
            shot = await tab.screenshot()
            (out / f"{page.name}-{width}-{scheme}.png").write_bytes(_small(shot))
        wide = int(await tab.evaluate("document.documentElement.scrollWidth"))
        if wide > width:
            print(f"{page.name} is {wide - width} px wider than {width}")
        await tab.context.close()
    return len(WIDTHS) * len(SCHEMES)


def _small(shot: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=OUT)
    arguments.add_argument("--only", default="", help="pages whose name holds one of these, with commas between")
    arguments.add_argument("--tips", type=int, default=200)
    arguments.add_argument("--months", type=int, default=6)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    many = asyncio.run(take(given.out, only=given.only, tips=given.tips, months=given.months))
    print(f"{many} pictures in {given.out}")


if __name__ == "__main__":
    main()
