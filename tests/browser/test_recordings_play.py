"""A real browser plays the copies, and knows at once how long they last."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from bot.runtime import Running
from storage import tables
from tests import environment
from tests.browser.test_tip_to_desk import open_page, set_up_and_sign_in
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import photos_done, rows
from tests.people import ZaloResident
from tests.storage.spoken import amr, amr_wide
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


# The player of the page itself, heard out: how long it says it is, where it ended, and how loud it was.
_HEAR = """async player => {
    const listener = new AudioContext(), meter = listener.createAnalyser();
    await listener.resume();
    if (player.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) {
        const ready = new Promise((well, badly) => {
            player.oncanplay = well;
            player.onerror = () => badly(player.error.message);
        });
        player.preload = "auto";
        await ready;
    }
    listener.createMediaElementSource(player).connect(meter);
    meter.connect(listener.destination);
    const wave = new Float32Array(meter.fftSize);
    let loudest = 0;
    const ended = new Promise(done => { player.onended = done; });
    await player.play();
    const watch = setInterval(() => {
        meter.getFloatTimeDomainData(wave);
        loudest = Math.max(loudest, ...wave);
    }, 50);
    await ended;
    clearInterval(watch);
    return [player.duration, player.currentTime, loudest];
}"""


_PLAYS = "--autoplay-policy=no-user-gesture-required"


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = await asyncio.to_thread(environment.chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", _PLAYS])
        yield browser
        await browser.close()


async def played(browser: Browser, recording: bytes) -> list[Any]:
    copy = copy_of(recording)
    page = await browser.new_page()
    address = f"data:{copy.mime};base64,{base64.b64encode(copy.content).decode()}"
    how: list[Any] = await asyncio.wait_for(page.evaluate(_PLAY, [copy.mime.split("/")[0], address]), 20)
    return how


async def test_the_copies_of_voices_play(chromium: Browser) -> None:
    for name in ("opus.ogg", "vorbis.ogg", "aac.m4a", "aac.aac", "lame.mp3"):
        seconds, *size = await played(chromium, fixture(name))
        assert 0.95 < seconds < 1.1 and size == [0, 0], name


async def test_the_copies_of_amr_play(chromium: Browser) -> None:
    for voice in (amr(1), amr_wide(50), amr(1, container="3gp")):
        seconds, *size = await played(chromium, voice)
        assert 0.95 < seconds < 1.2 and size == [0, 0]


async def test_a_grandmothers_voice_from_zalo_is_heard_at_the_desk(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, chromium: Browser
) -> None:
    desk, complaints = await open_page(chromium, wide=True)
    await set_up_and_sign_in(desk, zalo_house)
    person = fake_zalo_oa.person()
    await person.send_voice(amr(2))
    await ZaloResident(person, zalo_house).sends()
    await person.hears("Mã tin")
    await photos_done(zalo_house, 1)

    [(tip_id,)] = await rows(zalo_house, tables.Tip, "id")
    await desk.goto(f"{zalo_house.address}/admin/tin/{tip_id}")
    player = desk.locator("main audio")
    seconds, end, loudest = await asyncio.wait_for(player.evaluate(_HEAR), 20)
    assert 2 <= seconds < 2.2 and end == pytest.approx(seconds, abs=0.2) and loudest > 0.1
    assert complaints == []


async def test_the_copies_of_videos_play(chromium: Browser) -> None:
    for name in ("h264-aac.mp4", "vp8-vorbis.webm", "h264.mkv"):
        seconds, *size = await played(chromium, fixture(name))
        assert 0.95 < seconds < 1.25 and size == [64, 48], name
