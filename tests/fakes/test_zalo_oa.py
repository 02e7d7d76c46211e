"""The fake refuses what Zalo refuses, and repeats what Zalo repeats."""

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import aiohttp
import pytest
from aiohttp import web

from tests.factories import heavy_photo, jpeg
from tests.fakes.zalo_oa import DAY, HOUR, FakeZaloOA, ZaloPerson


class Caller:
    def __init__(self, fake: FakeZaloOA, http: aiohttp.ClientSession) -> None:
        self.fake, self.http, self.token = fake, http, fake.issue()["access_token"]

    async def post(self, path: str, body: Any) -> dict[str, Any]:
        kind = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        async with self.http.post(f"{self.fake.address}{path}", headers={"access_token": self.token}, **kind) as answer:
            assert answer.status == 200 and "X-RateLimit-Remain" in answer.headers
            return dict(await answer.json())

    async def tell(self, person: ZaloPerson, message: dict[str, Any]) -> int:
        sent = await self.post("/v3.0/oa/message/cs", {"recipient": {"user_id": person.id}, "message": message})
        return int(sent["error"])

    async def token_call(self, secret: str = "", **form: str) -> dict[str, Any]:
        headers = {"secret_key": secret or self.fake.app_secret}
        async with self.http.post(f"{self.fake.address}/v4/oa/access_token", data=form, headers=headers) as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def upload(self, kind: str, content: bytes, name: str) -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(content), filename=name)
        return await self.post(f"/v2.0/oa/upload/{kind}", form)


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    fake = FakeZaloOA()
    await fake.start()
    async with aiohttp.ClientSession() as http:
        yield Caller(fake, http)
    await fake.stop()


def spoken(fake: FakeZaloOA, before: int = 0) -> ZaloPerson:
    person = fake.person()
    fake.last_interaction[person.id] = fake.now() - before
    return person


def buttons(many: int, **more: Any) -> dict[str, Any]:
    one = {"title": "Nút", "type": "oa.query.hide", "payload": "#keng:x~1"} | more
    return {"text": "Chọn", "attachment": {"type": "template", "payload": {"buttons": [one] * many}}}


async def test_a_refresh_token_works_once_and_a_refusal_is_http_200(caller: Caller) -> None:
    first = caller.fake.issue()
    asked = {"grant_type": "refresh_token", "app_id": caller.fake.app_id, "refresh_token": first["refresh_token"]}

    assert "access_token" not in await caller.token_call(secret="wrong", **asked)
    second = await caller.token_call(**asked)
    assert second["expires_in"] == "90000" and second["refresh_token"] != first["refresh_token"]
    again = await caller.token_call(**asked)
    assert again["error"] != 0 and "access_token" not in again
    caller.fake.moved_ms = 91 * DAY
    assert "access_token" not in await caller.token_call(**{**asked, "refresh_token": second["refresh_token"]})


@pytest.mark.parametrize(("verifier", "late_ms", "is_fine"), [("v" * 43, 0, True), ("w" * 43, 0, False), ("v" * 43, 11 * 60_000, False)])
async def test_a_code_needs_its_verifier_within_ten_minutes_once(caller: Caller, verifier: str, late_ms: int, is_fine: bool) -> None:
    fake = caller.fake
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).decode().rstrip("=")
    back = quote("https://a.vn/ve?n=1", safe="")
    url = fake.permit(f"https://oauth.invalid/?app_id={fake.app_id}&redirect_uri={back}&code_challenge={challenge}&state=s")
    found = parse_qs(urlsplit(url).query)
    assert url.startswith("https://a.vn/ve?n=1&code=") and found["oa_id"] == [fake.oa_id] and "state" not in found
    fake.moved_ms = late_ms
    form = {"grant_type": "authorization_code", "app_id": fake.app_id, "code": found["code"][0], "code_verifier": verifier}

    assert ("access_token" in await caller.token_call(**form)) is is_fine
    assert "access_token" not in await caller.token_call(**form)


async def test_windows_close_and_cost_as_they_do(caller: Caller) -> None:
    fake, hello = caller.fake, {"text": "Chào"}
    stranger, fresh, old, gone = fake.person(), spoken(fake), spoken(fake, 49 * HOUR), spoken(fake, 8 * DAY)

    assert [await caller.tell(one, hello) for one in (stranger, fresh, old, gone)] == [-232, 0, 0, -230]
    assert fake.billed == 1


async def test_texts_buttons_and_tokens_are_checked(caller: Caller) -> None:
    fake, person = caller.fake, spoken(caller.fake)
    tried = [{"text": "a" * 2000}, {"text": "a" * 2001}, {}, {"text": ""}, buttons(5), buttons(6)]
    assert [await caller.tell(person, one) for one in tried] == [0, -210, -201, -201, 0, -210]
    wrong = [buttons(1, title="t" * 101), buttons(1, payload="p" * 1001), buttons(1, type="oa.invented"), buttons(1, title="")]
    assert [await caller.tell(person, one) for one in wrong] == [-210, -210, -201, -201]
    fake.refuse_buttons, fake.refuse_next = True, [-213]
    assert [await caller.tell(person, one) for one in ({"text": "x"}, buttons(1))] == [-213, -233]
    fake.rate_limit = 1
    assert [await caller.tell(person, {"text": "x"}) for _ in range(2)] == [-32, 0]
    fake.moved_ms = 26 * HOUR
    assert await caller.tell(person, {"text": "x"}) == -216


async def test_uploads_are_small_and_of_the_right_kind(caller: Caller) -> None:
    big = heavy_photo(4000, 3000)
    assert len(big) > 1024 * 1024
    tried = [
        ("image", jpeg(), "a.jpg"),
        ("image", big, "b.jpg"),
        ("image", b"no picture", "c.jpg"),
        ("file", b"%PDF-1.7", "a.pdf"),
        ("file", b"%PDF-1.7", "a.exe"),
        ("file", bytes(5 * 1024 * 1024 + 1), "a.pdf"),
    ]
    told = [await caller.upload(*one) for one in tried]
    assert [one["error"] for one in told] == [0, -210, -201, 0, -201, -210]
    person, element = spoken(caller.fake), {"media_type": "image", "attachment_id": told[0]["data"]["attachment_id"]}
    photo = {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": [element]}}}
    paper = {"attachment": {"type": "file", "payload": {"token": told[3]["data"]["token"]}}}
    assert [await caller.tell(person, one) for one in (photo, paper)] == [0, 0]
    caller.fake.moved_ms = 8 * DAY
    caller.token, caller.fake.last_interaction[person.id] = caller.fake.issue()["access_token"], caller.fake.now()
    assert await caller.tell(person, photo) == -100


async def test_what_is_not_answered_in_time_or_not_with_200_comes_again(caller: Caller) -> None:
    seen: list[tuple[str, str]] = []
    answers = iter([500, 403, 200])

    async def hook(request: web.Request) -> web.Response:
        raw = await request.read()
        seen.append((request.headers.get("num_retry", ""), request.headers["X-ZEvent-Signature"]))
        assert request.headers["X-ZEvent-Signature"] == "mac=" + caller.fake.mac(raw, (await request.json())["timestamp"])
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    caller.fake.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await caller.fake.person().say("Chào")
    for _ in range(100):
        if len(seen) == 3:
            break
        await asyncio.sleep(0.02)
    await runner.cleanup()
    assert [number for number, _mac in seen] == ["", "1", "2"] and len({mac for _number, mac in seen}) == 1
    caller.fake.retry_after_secs = (0.01,)
    await caller.fake.person().say("Chào")
    await asyncio.sleep(0.1)
    assert not caller.fake.is_subscribed


async def test_history_gives_ten_at_a_time(caller: Caller) -> None:
    person = caller.fake.person()
    caller.fake.is_subscribed = False
    for number in range(12):
        await person.say(f"Câu {number}")

    async def page(**asked: Any) -> Any:
        data = {"data": str({"user_id": person.id, **asked}).replace("'", '"')}
        async with caller.http.get(
            f"{caller.fake.address}/v2.0/oa/conversation", params=data, headers={"access_token": caller.token}
        ) as answer:
            return await answer.json()

    assert [one["message"] for one in (await page(offset=10, count=10))["data"]] == ["Câu 1", "Câu 0"]
    assert (await page(offset=0, count=11))["error"] == -201


# -- what it costs -----------------------------------------------------------------------------------------------------------


async def test_after_two_days_the_package_pays_then_the_purse_then_nobody(caller: Caller) -> None:
    fake, person, path = caller.fake, spoken(caller.fake, 3 * DAY), "/v3.0/oa/message/cs"
    body = {"recipient": {"user_id": person.id}, "message": {"text": "Chào"}}
    fake.package, fake.money = 1, 1
    told = [await caller.post(path, body) for _ in range(3)]
    fake.has_purse = False
    told.append(await caller.post(path, body))

    assert [one["error"] for one in told] == [0, 0, -321, -320] and fake.billed == 2
    assert told[0]["data"]["quota"]["quota_type"] == "sub_quota" and told[0]["data"]["quota"]["remain"] == "0"
    assert "quota" not in told[1]["data"]
    assert await caller.tell(spoken(fake), {"text": "Chào"}) == 0  # What is free is free.


async def test_more_calls_than_a_minute_holds_are_refused_and_the_headers_tell(caller: Caller) -> None:
    caller.fake.calls_a_minute, person = 3, spoken(caller.fake)
    told = [await caller.tell(person, {"text": "Chào"}) for _ in range(4)]

    assert told[0] == 0 and told[3] in (0, -32)  # A minute may have turned over meanwhile.
    assert caller.fake._rate_headers()["X-RateLimit-Limit"] == "3"
