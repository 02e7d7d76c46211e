"""The fake refuses what the platform refuses, and loses what the platform loses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.zalo_bot import FakeZaloBot


@pytest.fixture
async def fake() -> AsyncIterator[FakeZaloBot]:
    fake = FakeZaloBot()
    await fake.start()
    yield fake
    await fake.stop()


async def call(fake: FakeZaloBot, method: str, *, token: str = "", **params: Any) -> tuple[int, dict[str, Any]]:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{fake.address}/bot{token or fake.token}/{method}", json=params) as answer,
    ):
        return answer.status, await answer.json()


async def test_an_update_is_given_once_and_an_empty_poll_is_an_error(fake: FakeZaloBot) -> None:
    await fake.person().say("một")
    status, first = await call(fake, "getUpdates", timeout="1")
    empty = await call(fake, "getUpdates", timeout="0.1")

    assert status == 200 and first["result"]["message"]["text"] == "một"
    assert empty == (408, {"ok": False, "description": "Request timeout", "error_code": 408})


async def test_there_is_one_poller_and_none_beside_a_webhook(fake: FakeZaloBot) -> None:
    waiting = asyncio.create_task(call(fake, "getUpdates", timeout="1"))
    await asyncio.sleep(0.1)
    assert (await call(fake, "getUpdates", timeout="1"))[0] == 409
    await waiting
    await call(fake, "setWebhook", url="http://127.0.0.1:1/x", secret_token="long-enough")

    assert (await call(fake, "getUpdates", timeout="1"))[0] == 400


async def test_webhooks_are_set_looked_at_and_deleted(fake: FakeZaloBot) -> None:
    assert (await call(fake, "getWebhookInfo"))[0] == 404
    assert (await call(fake, "setWebhook", url="https://a.vn/x", secret_token="short"))[0] == 400
    fake.only_public = True
    assert (await call(fake, "setWebhook", url="https://127.0.0.1/x", secret_token="long-enough"))[0] == 400
    assert (await call(fake, "setWebhook", url="https://a.vn/x", secret_token="long-enough"))[1]["result"]["verification"]["ok"]
    assert (await call(fake, "getWebhookInfo"))[1]["result"]["url"] == "https://a.vn/x"
    assert (await call(fake, "deleteWebhook"))[1]["result"] == {"url": ""}


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("sendMessage", {"text": ""}, 400),
        ("sendMessage", {"text": "a" * 2001}, 400),
        ("sendMessage", {"text": "😀" * 1001}, 400),
        ("sendMessage", {"text": "a", "chat_id": "nobody"}, 404),
        ("sendMessage", {"text": "a", "chat_id": ""}, 400),
        ("sendPhoto", {"photo": "not-an-address"}, 400),
        ("sendChatAction", {"action": "dancing"}, 400),
        ("sendmessage", {"text": "a"}, 400),
    ],
)
async def test_what_is_refused(fake: FakeZaloBot, method: str, params: dict[str, Any], code: int) -> None:
    person = fake.person()
    await person.say("x")
    status, body = await call(fake, method, **{"chat_id": person.id, **params})

    assert (status, body["ok"], body["error_code"]) == (code, False, code)


async def test_tokens_quotas_and_an_outage(fake: FakeZaloBot) -> None:
    person = fake.person()
    await person.say("x")
    assert (await call(fake, "getMe", token="1:wrong"))[0] == 401
    fake.rate_limit = fake.fail_403 = 1
    sends = [(await call(fake, "sendMessage", chat_id=person.id, text="a"))[0] for _ in range(3)]
    assert sends == [403, 429, 200]
    fake.outage = True
    async with aiohttp.ClientSession() as http, http.get(f"{fake.address}/bot{fake.token}/getMe") as answer:
        assert answer.status == 502
