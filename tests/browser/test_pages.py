"""A gate: axe finds nothing serious on any page, in light and in dark, on a wide screen or on a phone.

axe-core is Deque's, under the MPL 2.0 (`axe/`), used as it comes.
"""

import asyncio
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from tests.browser import pages
from tests.browser.test_tip_to_desk import chromium

__all__ = ["chromium"]
_AXE = Path(__file__).parent / "axe" / "axe.min.js"
# All rules in the one colours, then only what colours may change.
_FIND = """async only => {
  const rules = only.length ? {runOnly: {type: 'rule', values: only}} : {};
  const found = await axe.run(document, {...rules, resultTypes: ['violations'], iframes: false});
  const where = one => one.nodes.slice(0, 4).map(node => node.target.join(' ') + ' ' + node.html.slice(0, 90)).join(' | ');
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact)).map(one => `${one.id}: ${where(one)}`);
}"""


_COLOURS = ("color-contrast", "link-in-text-block")
_PLANTED = """() => {
  const words = Object.assign(document.createElement('p'), {textContent: 'Mờ quá'});
  words.style.color = '#808080';
  words.style.background = '#777777';
  document.querySelector('main').append(words, document.createElement('button'));
}"""


def test_every_page_of_the_table_is_seen() -> None:
    pages.check()


async def test_axe_finds_nothing_serious(chromium: Browser, tmp_path: Path, is_long: bool, subtests: pytest.Subtests) -> None:
    """The short form takes a third of the pages, always the same, by their names."""
    axe = await asyncio.to_thread(_AXE.read_text, "utf-8")
    async with pages.show(tmp_path, chromium, tips=40, months=1) as seen:
        await _finds_what_is_planted(seen, axe)
        for page in await pages.pages_of(seen.house, seen.empty, seen.made):
            turn = zlib.crc32(page.name.encode())
            if not is_long and turn % 3:
                continue
            with subtests.test(page=page.name):
                tab = await pages.tab(seen, page, width=(1440, 360)[turn // 3 % 2], scheme="light")
                await tab.evaluate(axe)
                assert await _found(tab) == []
                await tab.emulate_media(color_scheme="dark")
                assert await _found(tab, *_COLOURS) == []
                await tab.context.close()


async def _finds_what_is_planted(seen: pages.Show, axe: str) -> None:
    """The gate would shut: a button without a name, and words too faint to be read in either theme."""
    tab = await pages.tab(seen, pages.Page("tra-cuu", "", "/tra-cuu"), width=1440, scheme="light")
    await tab.evaluate(axe)
    await tab.evaluate(_PLANTED)
    assert [one.split(":")[0] for one in await _found(tab)] == ["button-name", "color-contrast"]
    await tab.emulate_media(color_scheme="dark")
    assert [one.split(":")[0] for one in await _found(tab, *_COLOURS)] == ["color-contrast"]
    await tab.context.close()


async def _found(tab: Tab, *only: str) -> Any:
    return await tab.evaluate(_FIND, list(only))
