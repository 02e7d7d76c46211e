"""People who use the line through its real doors, for journeys and crash tests alike."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import aiohttp


@dataclass
class WebResident:
    """Somebody with a browser: a cookie, a page, and what they read on it."""

    http: aiohttp.ClientSession
    address: str
    csrf: str = ""
    count: int = 0
    name: str = "message"
    read: list[str] = field(default_factory=list)

    async def open_page(self) -> str:
        async with self.http.get(f"{self.address}/") as answer:
            page = await answer.text()
            assert answer.status == 200
        found = re.search(r'data-csrf="([0-9a-f]+)"', page)
        assert found
        self.csrf = found[1]
        return page

    async def post(self, message: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.address}/chat/messages", json=message, headers={"X-Keng-Csrf": self.csrf}) as answer:
            return answer.status, await answer.json()

    async def say(self, text: str) -> None:
        assert (await self.post({"id": self.fresh_id(), "text": text}))[0] == 200

    async def press(self, data: str) -> None:
        assert (await self.post({"id": self.fresh_id(), "button": data, "label": data}))[0] == 200

    def fresh_id(self) -> str:
        self.count += 1
        return f"{self.name}-{self.count:06}"

    async def insist(self, message: dict[str, Any]) -> None:
        """Send until the server says that it has it, always with the same id, as the page does."""
        while True:
            try:
                status, _answer = await self.post(message)
                if status == 200:
                    return
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(0.05)

    async def hears(self, words: str) -> str:
        """Wait on the live stream until an answer with these words stands in the thread."""
        async with self.http.get(f"{self.address}/chat/events?after=0", timeout=aiohttp.ClientTimeout(10)) as stream:
            async for line in stream.content:
                if line.startswith(b"data:") and words in line.decode():
                    return line.decode()
        raise AssertionError(f"never heard: {words}")

    async def sees(self, words: str, *, times: int) -> list[str]:
        """Reload the page until these words stand there so often; give up only with the test's own time limit."""
        while True:
            try:
                found = re.findall(words, await self.open_page())
                if len(found) >= times:
                    return found
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(0.05)
