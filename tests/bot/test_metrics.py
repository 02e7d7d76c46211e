"""/metrics counts and tells nothing else; outside this machine it needs its token."""

from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.runtime import Running, running
from tests.conftest import house_settings
from tests.people import WebResident


async def test_what_a_door_refuses_is_counted(house: Running, browser: WebResident) -> None:
    await browser.post({"id": "x"})
    await browser.http.post(f"{browser.address}/chat/messages", json={"id": "message-1", "text": "x"})
    async with browser.http.get(f"{browser.address}/metrics") as answer:
        page = await answer.text()

    assert 'keng_events_total{what="refused_400"} 1.0' in page
    assert 'keng_events_total{what="refused_403"} 1.0' in page
    assert 'keng_waiting{what="inbox"} 0.0' in page


@pytest.mark.parametrize(("token", "given", "status"), [("", "", 401), ("t", "", 401), ("t", "Bearer x", 401), ("t", "Bearer t", 200)])
async def test_outside_this_machine_the_page_needs_its_token(tmp_path: Path, token: str, given: str, status: int) -> None:
    settings = house_settings(tmp_path, public_url="https://example.test", metrics_token=SecretStr(token))
    async with running(settings) as house, aiohttp.ClientSession(headers={"Authorization": given}) as http:
        answer = await http.get(f"{house.address}/metrics")

    assert answer.status == status
