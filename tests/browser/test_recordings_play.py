"""A real browser plays the copies, and knows at once how long they last."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from tests import environment
from tests.storage.test_recordings import copy_of, fixture

_PLAY = """async ([tag, address]) => {
    const player = document.createElement(tag);
    player.muted = true;
    document.body.append(player);
    const ready = new Promise((well, badly) => {
        player.oncanplaythrough = well;
        player.onerror = () => badly(player.error.message);
    });
    player.src = address;
    await ready;
    const ended = new Promise(done => { player.onended = done; });
    await player.play();
    await ended;
    return [player.duration, player.videoWidth || 0, player.videoHeight || 0];
}"""


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = await asyncio.to_thread(environment.chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        await browser.close()


async def played(browser: Browser, name: str) -> list[Any]:
    copy = copy_of(fixture(name))
    page = await browser.new_page()
    address = f"data:{copy.mime};base64,{base64.b64encode(copy.content).decode()}"
    how: list[Any] = await asyncio.wait_for(page.evaluate(_PLAY, [copy.mime.split("/")[0], address]), 20)
    return how


async def test_the_copies_of_voices_play(chromium: Browser) -> None:
    for name in ("opus.ogg", "vorbis.ogg", "aac.m4a", "aac.aac", "lame.mp3"):
        seconds, *size = await played(chromium, name)
        assert 0.95 < seconds < 1.1 and size == [0, 0], name


async def test_the_copies_of_videos_play(chromium: Browser) -> None:
    for name in ("h264-aac.mp4", "vp8-vorbis.webm", "h264.mkv"):
        seconds, *size = await played(chromium, name)
        assert 0.95 < seconds < 1.25 and size == [64, 48], name
