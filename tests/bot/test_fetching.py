"""Files are fetched from the world outside, however an address is written."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bot.channels.base import FetchError
from bot.channels.fetching import Fetcher
from storage.sealed_files import Sink


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "0x7f.1",
        "2130706433",
        "localhost",
        "127。0。0。1",
        "１２７。０。０。１",
        "①②⑦.⓪.⓪.①",
        "ｌocalhost",
        "%31%32%37.0.0.1",
        "[::ffff:127.0.0.1]",
        "photo.example.vn@127.0.0.1",
        "127.0.0.1\\@photo.example.vn",
    ],
)
async def test_who_listens_on_our_own_machine_is_never_called(tmp_path: Path, host: str) -> None:
    """Full-width dots and digits in circles were no address to us, and one to the library that connects."""
    calls = 0

    def called(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        writer.close()

    listening = await asyncio.start_server(called, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, aiohttp.ClientSession() as http:
        fetcher = Fetcher(http, api="https://openapi.zalo.me")
        sink = Sink(tmp_path / "x", key=b"k" * 32, name="x")
        with pytest.raises(FetchError):
            await fetcher.fetch({"url": f"https://{host}:{port}/a.jpg"}, sink)
        sink.give_up()
        await fetcher.close()

    assert calls == 0
