"""A gate: axe finds nothing serious on any page, in light and in dark, on a wide screen or on a phone; and no page is left empty.

axe-core is Deque's, under the MPL 2.0 (`axe/`), used as it comes.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser
from playwright.async_api import Page as Tab
from sqlalchemy import text
from sqlmodel import Session, SQLModel

from tests.browser import pages
from tests.browser.test_tip_to_desk import chromium
from tests.rotation import turn

__all__ = ["chromium"]
AXE = Path(__file__).parent / "axe" / "axe.min.js"
# Only rules that can find something serious are asked, and of them nothing but what is wrong.
FIND = """async only => {
  const grave = ['serious', 'critical'];
  const asked = one => one.enabled && grave.includes(one.impact) && !one.tags.includes('experimental');
  const values = only.length ? only : axe._audit.rules.filter(asked).map(one => one.id);
  const options = {runOnly: {type: 'rule', values}, resultTypes: ['violations'], iframes: false, preload: false};
  const found = await axe.run(document, options);
  const where = one => one.nodes.slice(0, 4).map(node => node.target.join(' ') + ' ' + node.html.slice(0, 90)).join(' | ');
  return found.violations.filter(one => grave.includes(one.impact)).map(one => `${one.id}: ${where(one)}`);
}"""
_EVERY = 5
_COLOURS = ("color-contrast", "link-in-text-block")
_PLANTED = """() => {
  const words = Object.assign(document.createElement('p'), {textContent: 'Mờ quá'});
  words.style.color = '#808080';
  words.style.background = '#777777';
  document.querySelector('main').append(words, document.createElement('button'));
}"""
# Tables that may be empty in the demo, and why no page of the desk is the poorer for it.
_EMPTY = {
    "allowances": "bytes of an address that uploads just now",
    "backups": "a demo is copied nowhere",
    "day_keys": "made when somebody uploads",
    "door_days": "a demo has no door that could be heard of",
    "door_marks": "a demo has no door at which anything odd could happen",
    "door_troubles": "a demo has no door that could be shut",
    "held_events": "a demo has no door to which an event could come",
    "leases": "whose turn it is, in a house that runs",
    "paces": "whose turn it is to send, in a house that runs",
    "oa_rights": "a demo has no account in whose console anybody could hold rights",
    "paid_months": "a demo pays nobody",
    "search_sweeps": "how far a house that runs has come with its index",
    "setup_links": "this ward has its chief",
    "sign_in_tries": "of the last quarter of an hour",
    "tip_viewers": "who has a page open at this moment",
    "typed_words": "what stood half written when a desk was locked: theirs alone",
    "web_messages": "what a resident's own browser shows them",
    "zalo_posts": "a demo sends nothing as any account",
    "zalo_tokens": "a demo has no account at any platform",
}


def test_every_page_of_the_table_is_seen() -> None:
    pages.check()


async def test_a_lived_in_ward_has_no_empty_and_no_unreadable_page(
    chromium: Browser, tmp_path: Path, is_long: bool, subtests: pytest.Subtests
) -> None:
    """The short form takes every fifth page, others each day (`KENG_TEST_SEED` takes those of a day again), at one width and in one theme;
    the long form all of them, in both."""
    today = turn()
    axe = await asyncio.to_thread(AXE.read_text, "utf-8")
    async with pages.show(tmp_path, chromium, tips=40, months=1) as seen:
        with subtests.test(page="every table"):
            assert await seen.house.memory.read(_empty_tables) - set(_EMPTY) == set()
        await _finds_what_is_planted(seen, axe)
        for number, page in enumerate(await pages.pages_of(seen.house, seen.empty, seen.made)):
            if is_long or number % _EVERY == today % _EVERY:
                with subtests.test(page=page.name):
                    await _is_fine(seen, axe, page, number // _EVERY + today // _EVERY, is_long=is_long)


def _empty_tables(session: Session) -> set[str]:
    return {name for name in SQLModel.metadata.tables if session.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is None}


async def _is_fine(seen: pages.Show, axe: str, page: pages.Page, turn: int, *, is_long: bool) -> None:
    """All rules in the one theme; in the other only what colours may change, and that only where there is time for it."""
    themes: tuple[pages.Scheme, ...] = ("light", "dark") if turn % 4 < 2 else ("dark", "light")
    tab = await pages.tab(seen, page, width=(1440, 360)[turn % 2], scheme=themes[0])
    await tab.evaluate(axe)
    assert await _found(tab) == []
    if is_long:
        await tab.emulate_media(color_scheme=themes[1])
        assert await _found(tab, *_COLOURS) == []
    await pages.leave(seen, page, tab)


async def _finds_what_is_planted(seen: pages.Show, axe: str) -> None:
    """The gate would shut: a button without a name, and words too faint to be read in either theme."""
    tab = await pages.tab(seen, pages.Page("tra-cuu", "", "/tra-cuu"), width=1440, scheme="light")
    await tab.evaluate(axe)
    await tab.evaluate(_PLANTED)
    assert [one.split(":")[0] for one in await _found(tab)] == ["button-name", "color-contrast"]
    await tab.emulate_media(color_scheme="dark")
    assert [one.split(":")[0] for one in await _found(tab, *_COLOURS)] == ["color-contrast"]


async def _found(tab: Tab, *only: str) -> Any:
    return await tab.evaluate(FIND, list(only))
