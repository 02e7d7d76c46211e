"""One call of Zalo's Bot Platform. No pacing, no retries, no logs: the address of every request carries the token and must never be
written down, so what goes wrong is told by its kind alone.
"""

import json
from typing import Any, Literal

import aiohttp

Kind = Literal["token", "refused", "missing", "failed", "empty", "taken", "quota", "unreachable"]
# What the platform calls them: 403 is "internal server error" there, 408 an empty poll, and 409 is what others say to a second poller.
_KINDS: dict[int, Kind] = {
    400: "refused",
    401: "token",
    403: "failed",
    404: "missing",
    408: "empty",
    409: "taken",
    429: "quota",
}
_DEFAULT_SECS = 15.0


class ZaloBotError(Exception):
    """`was_asked` is false where no connection came about: then nothing can have been done."""

    def __init__(self, kind: Kind, *, was_asked: bool = True) -> None:
        super().__init__(kind)
        self.kind: Kind = kind
        self.was_asked = was_asked


class Wire:
    def __init__(self, session: aiohttp.ClientSession, *, api: str, token: str) -> None:
        self._session, self._base = session, f"{api.rstrip('/')}/bot{token}"

    async def call(self, method: str, *, wait_secs: float = _DEFAULT_SECS, **fields: str) -> Any:
        """The `result`. Raises ZaloBotError. Success is what says `ok`; the HTTP status alone proves nothing."""
        try:
            limit = aiohttp.ClientTimeout(total=wait_secs)
            async with self._session.post(f"{self._base}/{method}", json=fields, timeout=limit, allow_redirects=False) as answer:
                status, raw = answer.status, await answer.read()
        except aiohttp.ClientConnectorError:
            raise ZaloBotError("unreachable", was_asked=False) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise ZaloBotError("unreachable") from None
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        if isinstance(body, dict) and body.get("ok") is True and status == 200:
            return body.get("result")
        code = body.get("error_code") if isinstance(body, dict) else None
        raise ZaloBotError(_kind(code if isinstance(code, int) and code else status))


def _kind(code: int) -> Kind:
    return _KINDS.get(code, "unreachable")  # 500, 502 and 504 of an outage, and whatever nobody has seen yet.
