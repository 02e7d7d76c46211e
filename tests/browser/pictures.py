"""Pictures of every page, at two widths, light and dark, and of what a warning looks like: `python -m tests.browser.pictures`, into
docs/screenshots."""

import argparse
import asyncio
import io
import tempfile
from contextlib import nullcontext
from pathlib import Path

from PIL import Image
from playwright.async_api import Page as Tab
from playwright.async_api import async_playwright

from handlers.warnings import card, notice
from handlers.warnings.face import face_of
from tests import environment
from tests.browser import pages
from tests.browser.pages import Scheme, Show
from tests.handlers.warnings.samples import SAMPLES

OUT = Path(__file__).parents[2] / "docs" / "screenshots"
WIDTHS = (1440, 360)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_TALLEST = 3200


async def take(out: Path, *, only: str, tips: int, months: int, house: Path | None) -> int:
    """How many pictures there are."""
    path, many = environment.chromium(), 0
    with nullcontext(house) if house else tempfile.TemporaryDirectory(prefix="keng-pictures-") as where:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--lang=vi"])
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
            await tab.emulate_media(color_scheme=scheme)
            shot = await tab.screenshot() if page.then else await _whole(tab)  # A talk is shown as its window shows it.
            (out / f"{page.name}-{width}-{scheme}.webp").write_bytes(_small(shot))
        wide = int(await tab.evaluate("document.documentElement.scrollWidth"))
        if wide > width:
            print(f"{page.name} is {wide - width} px wider than {width}")
        await pages.leave(seen, page, tab)
    return len(WIDTHS) * len(SCHEMES)


async def _whole(tab: Tab) -> bytes:
    """In a window as tall as the page, so that what sticks to the bottom stands there; where the page grows with the window, rolled out."""
    window = tab.viewport_size
    assert window is not None
    tall = min(await _height(tab), _TALLEST)
    await tab.set_viewport_size({"width": window["width"], "height": max(tall, window["height"])})
    if await _height(tab) <= max(tall, window["height"]) or tall == _TALLEST:
        shot = await tab.screenshot()
        await tab.set_viewport_size(window)
        return shot
    await tab.set_viewport_size(window)
    return await tab.screenshot(full_page=True)


async def _height(tab: Tab) -> int:
    return int(await tab.evaluate("document.documentElement.scrollHeight"))


def warnings(out: Path, *, only: str) -> int:
    """Cards and a sheet for the board, as they come out: half as large, as a phone shows them."""
    made = {
        **{
            f"canh-bao-{name}-{shape}": card.png(*SAMPLES[name], shape)
            for name in ("fraud", "correction", "thanks")
            for shape in card.SHAPES
        },
        **{f"canh-bao-{name}-a4": _sheet(name) for name in ("fraud", "correction")},
    }
    wanted = {name: shot for name, shot in made.items() if any(part in name for part in only.split(","))}
    for name, shot in wanted.items():
        image = Image.open(io.BytesIO(shot))
        small = image.convert("RGB").resize((540, round(540 * image.height / image.width)), Image.Resampling.LANCZOS)
        small.save(out / f"{name}.webp", "WEBP", quality=88, method=6)
    return len(wanted)


def _sheet(name: str) -> bytes:
    out = io.BytesIO()
    content, posted, ward = SAMPLES[name]
    card.painted(notice.lay_out(face_of(content, posted, ward), notice.foot_sentences(content, posted, ward))).save(out, "PNG")
    return out.getvalue()


def _small(shot: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(shot)).convert("RGB").save(out, "WEBP", lossless=True, method=2)
    return out.getvalue()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=OUT)
    arguments.add_argument("--only", default="", help="pages whose name holds one of these, with commas between")
    arguments.add_argument("--tips", type=int, default=200)
    arguments.add_argument("--months", type=int, default=6)
    arguments.add_argument("--house", type=Path, help="a folder in which the demo stays for the next time")
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    many = warnings(given.out, only=given.only)
    many += (
        0
        if given.only == "canh-bao"
        else asyncio.run(take(given.out, only=given.only, tips=given.tips, months=given.months, house=given.house))
    )
    print(f"{many} pictures in {given.out}")


if __name__ == "__main__":
    main()
