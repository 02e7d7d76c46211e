"""Files people sent, from the address that a platform put into its message and that dies after a while.

An address was written by whoever sent the body. Nothing but the outside world is asked for it, whatever it says or leads to: only https
and public addresses, after every redirect and by every name. A 403 may be a slow edge of their network: it is asked again until the
files' patience ends.
"""

import asyncio
import ipaddress
import socket
from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.channels.base import FetchError
from storage.sealed_files import Sink

MOST_FILE_BYTES = 20 * 1024 * 1024  # As much as Telegram's servers give to a bot.
_MOST_HOPS = 5
_CHUNK = 256 * 1024
_SECS = 60.0


class _Outside(AbstractResolver):
    """Names that lead into our own network are not found: checked where the connection is made, so that no second answer of a name
    server can come in between."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        found = [one for one in await self._resolver.resolve(host, port, family) if is_outside(one["host"])]
        if not found:
            raise OSError("leads inside")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def is_outside(address: str) -> bool:
    try:
        where = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    mapped = getattr(where, "ipv4_mapped", None)
    return bool((mapped or where).is_global) and not where.is_multicast


async def pour(answer: aiohttp.ClientResponse, into: Sink, *, most: int) -> None:
    """What an answer brings, as far as it is not too big: nobody has to say so beforehand."""
    async for chunk in answer.content.iter_chunked(_CHUNK):
        if into.size + len(chunk) > most:
            raise FetchError("too_big", permanent=True)
        into.write(chunk)


class Fetcher:
    def __init__(self, session: aiohttp.ClientSession, *, api: str) -> None:
        """`session`: the house's own, for a platform that lives on this machine, as in tests and nowhere else."""
        self._inside, self._outside = session, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=50, resolver=_Outside()))
        where = URL(api)
        self._home = (where.raw_host, where.port) if where.raw_host in ("127.0.0.1", "::1", "localhost") else None

    async def close(self) -> None:
        await self._outside.close()

    async def fetch(self, source: dict[str, Any], into: Sink) -> None:
        if int(source.get("size") or 0) > MOST_FILE_BYTES:
            raise FetchError("too_big", permanent=True)
        try:
            async with asyncio.timeout(_SECS):
                await self._follow(str(source.get("url", "")), into)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise FetchError("unreachable") from None

    async def _follow(self, address: str, into: Sink) -> None:
        for _ in range(_MOST_HOPS):
            async with self._session_for(address).get(address, allow_redirects=False) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    address = urljoin(address, answer.headers.get("Location", ""))
                    continue
                if answer.status in (404, 410):
                    raise FetchError("gone", permanent=True)
                if answer.status != 200:
                    raise FetchError("unreachable")
                await pour(answer, into, most=MOST_FILE_BYTES)
                return
        raise FetchError("gone", permanent=True)

    def _session_for(self, address: str) -> aiohttp.ClientSession:
        """Read as the connection will read it: "127。0。0。1" is a name to others, and our own machine there. A literal address is asked
        of no resolver, so it is checked here."""
        try:
            where = URL(address)
        except ValueError:
            raise FetchError("gone", permanent=True) from None
        host = where.raw_host or ""
        if (host, where.port) == self._home:
            return self._inside
        is_literal = host.replace(".", "").isdigit() or ":" in host
        if where.scheme != "https" or not host or (is_literal and not is_outside(host)):
            raise FetchError("gone", permanent=True)
        return self._outside
