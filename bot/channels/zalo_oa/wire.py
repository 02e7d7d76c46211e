"""Calls to Zalo over our one aiohttp session. No retries here, and no logs: tokens stand in headers and answers.

Success and failure both come with HTTP 200; what counts is `error` in the body, and at the token endpoint whether a token came.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

_CALL_SECS = 15.0
_CONNECT_SECS = 9.0  # Where packets vanish, and no connection comes about: then nothing was asked.
_MOST_ANSWER = 2 * 1024 * 1024
_NUMBER = re.compile(r"[0-9]{1,9}")
RATE = -32
TOKEN = frozenset((-216, -220))
NOT_IN_GROUP = -403


class Unreachable(Exception):
    """No answer that anybody could read. Whether it was done is not known, unless `was_asked` is false: no connection came about."""

    def __init__(self, why: str, *, was_asked: bool = True) -> None:
        super().__init__(why)
        self.was_asked = was_asked


@dataclass(slots=True)
class Calls:
    """How many calls Zalo says it still takes in this minute; it counts them over the whole app, whichever process makes them."""

    limit: int = 0
    remain: int = 0
    minute: int = 0

    def note(self, headers: Mapping[str, str]) -> None:
        limit, remain = headers.get("X-RateLimit-Limit", ""), headers.get("X-RateLimit-Remain", "")
        if _NUMBER.fullmatch(limit) and _NUMBER.fullmatch(remain):
            self.limit, self.remain, self.minute = int(limit), int(remain), int(time.time() // 60)

    @property
    def are_scarce(self) -> bool:
        """One in ten is left, of a minute that is not over."""
        return self.limit > 0 and self.remain * 10 < self.limit and self.minute == int(time.time() // 60)


class Refused(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Wire:
    def __init__(self, session: aiohttp.ClientSession, *, api: str, oauth: str, app_id: str, app_secret: str) -> None:
        self._session, self._api, self._oauth = session, api.rstrip("/"), oauth.rstrip("/")
        self._app_id, self._app_secret = app_id, app_secret
        self.calls = Calls()

    async def post(self, path: str, body: dict[str, Any], *, access: str) -> dict[str, Any]:
        return _object(await self._asked("POST", path, access=access, json=body))

    async def get(self, path: str, asked: dict[str, Any] | None = None, *, access: str) -> Any:
        params = {"data": json.dumps(asked)} if asked else None
        return await self._asked("GET", path, access=access, params=params)

    async def upload(self, kind: str, content: bytes, *, name: str, mime: str, access: str) -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name, content_type=mime)
        return _object(await self._asked("POST", f"/v2.0/oa/upload/{kind}", access=access, data=form))

    async def _asked(self, method: str, path: str, *, access: str, **more: Any) -> Any:
        """What stands under `data`. Raises Refused with Zalo's own number, or Unreachable."""
        answer = await self._answer(method, f"{self._api}{path}", headers={"access_token": access}, **more)
        code = answer.get("error", 0)
        if code != 0:
            raise Refused(code if isinstance(code, int) else -200)
        return answer.get("data") if answer.get("data") is not None else {}

    async def token(self, **form: str) -> dict[str, str] | None:
        """None: Zalo gives no token for this. Raises Unreachable, also for "too many calls", because then nothing was spent."""
        answer = await self._answer(
            "POST", f"{self._oauth}/v4/oa/access_token", headers={"secret_key": self._app_secret}, data={**form, "app_id": self._app_id}
        )
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if isinstance(access, str) and access:
            return {
                "access": access,
                "refresh": refresh if isinstance(refresh, str) else "",
                "expires_in": str(answer.get("expires_in", "")),
            }
        if answer.get("error") == RATE:
            raise Unreachable("rate")
        return None

    async def _answer(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            within = aiohttp.ClientTimeout(total=_CALL_SECS, connect=_CONNECT_SECS)
            async with self._session.request(method, address, timeout=within, allow_redirects=False, **more) as answer:
                if answer.status >= 500:
                    raise Unreachable(f"http {answer.status}")
                self.calls.note(answer.headers)
                raw = await answer.content.read(_MOST_ANSWER)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(type(error).__name__, was_asked=False) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        try:
            found = json.loads(raw)
        except (ValueError, RecursionError):
            raise Unreachable("no json") from None
        if not isinstance(found, dict):
            raise Unreachable("no json")
        return found


def _object(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}
