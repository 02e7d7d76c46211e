"""Photos and voice from the addresses that came with a message.

An address was written by whoever sent the body. Only public ones are asked, over https; none of our own network, also not after a
redirect or by a name that leads there. The platform's own configured address is trusted as it is.
"""

import ipaddress
import socket
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.channels.base import FetchError
from storage.sealed_files import Sink

MOST_FILE_BYTES = 20 * 1024 * 1024
_MOST_REDIRECTS = 3
_SECS = 60.0
_CHUNK = 256 * 1024
_GONE = (404, 410)  # A 403 may be a slow edge of their network: it is asked again until the files' patience ends.


class _PublicOnly(AbstractResolver):
    """Names that lead into a private network lead nowhere."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if ipaddress.ip_address(one["host"]).is_global]
        if not public:
            raise OSError("no public address")
        return public

    async def close(self) -> None:
        await self._inner.close()


class ZaloBotFiles:
    def __init__(self, session: aiohttp.ClientSession, *, api: str) -> None:
        self._own, self._api = session, _origin(api)
        self._public = aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=_PublicOnly(), limit=20))

    async def close(self) -> None:
        await self._public.close()

    async def fetch(self, source: dict[str, Any], into: Sink) -> None:
        address = str(source.get("url", ""))
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                onward = await self._fetch_once(address, into)
                if not onward:
                    return
                address = urljoin(address, onward)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise FetchError("unreachable") from None
        raise FetchError("gone", permanent=True)

    async def _fetch_once(self, address: str, into: Sink) -> str:
        """Where it has moved to; "" when it is here."""
        session, limit = self._session_for(address), aiohttp.ClientTimeout(total=_SECS)
        async with session.get(address, timeout=limit, allow_redirects=False) as answer:
            if answer.status in (301, 302, 303, 307, 308):
                return answer.headers.get("Location", "") or "nowhere:"
            if answer.status in _GONE:
                raise FetchError("gone", permanent=True)
            if answer.status != 200:
                raise FetchError("unreachable")
            async for chunk in answer.content.iter_chunked(_CHUNK):
                if into.size + len(chunk) > MOST_FILE_BYTES:
                    raise FetchError("too_big", permanent=True)
                into.write(chunk)
        return ""

    def _session_for(self, address: str) -> aiohttp.ClientSession:
        if _origin(address) == self._api:
            return self._own
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname or _is_number(parts.hostname):
            raise FetchError("gone", permanent=True)
        return self._public


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port


def _is_number(host: str) -> bool:
    """Zalo names its servers; an address of numbers is somebody else's idea."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdecimal() or host.startswith("0x")
    return True
