"""People who use the line through its real doors, for journeys and crash tests alike."""

import asyncio
import contextlib
import html
import io
import json
import re
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import pytest

from bot.runtime import Running
from handlers.texts import LANGUAGES, say
from storage import tables
from tests import opened
from tests.fakes.telegram import Person

CHANNELS = (
    "webchat",
    "telegram",
    "zalo_bot",
    "zalo_oa",
)  # Every door that journeys go through; the fixture `resident` knows who comes in by each.


class Resident(Protocol):
    """What every journey needs, whatever the channel."""

    channel: str

    async def say(self, text: str) -> None: ...
    async def press(self, data: str) -> None: ...
    async def send_photo(self, content: bytes, caption: str = "") -> None: ...
    async def send_voice(self, content: bytes) -> None: ...
    async def send_place(self, latitude: float, longitude: float) -> None: ...
    async def hears(self, words: str) -> str: ...

    async def sends(self, safe: str = "alone") -> None:
        """ "Gửi ngay", and the one question that comes before every receipt."""
        await self.press("send")
        await self.hears("hay cầm máy")
        await self.press(f"safe:{safe}")

    async def says_enough(self) -> None:
        """ "Thôi": out of what is asked after the receipt, where the phone is not shared."""
        await self.hears("Còn vài câu")
        await self.press("after-end")
        await self.hears("Vậy là đủ")


class _AtAMessenger(Resident, Protocol):
    """What they do is done by a person of the messenger's fake."""

    person: Any

    async def say(self, text: str) -> None:
        await self.person.say(text)

    async def send_photo(self, content: bytes, caption: str = "") -> None:
        await self.person.send_photo(content, caption)

    async def send_voice(self, content: bytes) -> None:
        await self.person.send_voice(content)

    async def send_place(self, latitude: float, longitude: float) -> None:
        await self.person.send_location(latitude, longitude)

    async def hears(self, words: str) -> str:
        return str(await self.person.hears(words))


@dataclass
class WebResident(Resident):
    """Somebody with a browser: a cookie, a page, and what they read on it."""

    http: aiohttp.ClientSession
    address: str
    csrf: str = ""
    count: int = 0
    name: str = "message"
    _heard: set[str] = field(default_factory=set)
    channel = "webchat"

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

    async def post_file(
        self, content: bytes, *, mime: str = "image/jpeg", client_id: str = "", name: str = "a.jpg"
    ) -> tuple[int, dict[str, Any]]:
        form = aiohttp.FormData({"csrf": self.csrf, "id": client_id or self.fresh_id()})
        form.add_field("file", io.BytesIO(content), filename=name, content_type=mime)
        async with self.http.post(f"{self.address}/chat/files", data=form, headers={"X-Keng-Csrf": self.csrf}) as answer:
            return answer.status, await answer.json()

    async def say(self, text: str) -> None:
        assert (await self.post({"id": self.fresh_id(), "text": text}))[0] == 200

    async def press(self, data: str) -> None:
        assert (await self.post({"id": self.fresh_id(), "button": data, "label": data}))[0] == 200

    async def send_photo(self, content: bytes, caption: str = "") -> None:
        assert (await self.post_file(content))[0] == 200
        if caption:
            await self.say(caption)

    async def send_voice(self, content: bytes) -> None:
        assert (await self.post_file(content, mime="audio/ogg", name="a.ogg"))[0] == 200

    async def send_place(self, latitude: float, longitude: float) -> None:
        assert (await self.post({"id": self.fresh_id(), "place": {"lat": latitude, "lon": longitude}}))[0] == 200

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

    async def insist_on_file(self, content: bytes) -> None:
        client_id = self.fresh_id()
        while True:
            try:
                if (await self.post_file(content, client_id=client_id))[0] == 200:
                    return
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(0.05)

    async def hears(self, words: str) -> str:
        """Wait on the live stream until the next answer with these words stands in the thread, each handed out once."""
        read: list[str] = []
        with contextlib.suppress(TimeoutError):
            async with self.http.get(f"{self.address}/chat/events?after=0", timeout=aiohttp.ClientTimeout(10)) as stream:
                async for line in stream.content:
                    if not line.startswith(b"data:"):
                        continue
                    message = json.loads(line[5:])
                    if message["direction"] == "out":
                        read.append(message["text"])
                        if words in message["text"] and message["seq"] not in self._heard:
                            self._heard.add(message["seq"])
                            return str(message["text"])
        raise AssertionError(f"never heard {words!r}; read: {read}")

    async def sees(self, words: str, *, times: int) -> list[str]:
        """Reload the page until these words stand there so often; give up only with the test's own time limit."""
        while True:
            try:
                found = re.findall(words, html.unescape(await self.open_page()))
                if len(found) >= times:
                    return found
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(0.05)


@dataclass
class TelegramResident(_AtAMessenger):
    person: Person
    channel = "telegram"

    async def press(self, data: str) -> None:
        """An inline button; or, under a question for the place, the label on the ordinary keyboard is typed."""
        try:
            await self.person.press(data)
        except AssertionError:
            await self.person.fake.push_press(self.person._from(), self.person.read_messages()[-1], data)

    async def sends(self, safe: str = "alone") -> None:
        await self.person.sends(safe)


@dataclass
class _AtZalo(_AtAMessenger):
    """Where choices may be printed as lines: they are typed, by number and by words in turn."""

    person: Any
    house: Running
    _typed: int = 0

    async def _types(self, data: str) -> bool:
        """False where the newest list has nothing that stands for `data`."""
        for label, number in await self._printed(data):
            self._typed += 1
            await self.say(number if number and self._typed % 2 else label)
            return True
        return False

    async def _printed(self, data: str) -> list[tuple[str, str]]:
        """Label and number of what stands for `data` in the newest list the person can read."""
        shown = next((text for text in reversed(self.person.reads()) if _LISTED.search(text)), "")
        labels = {label: number for number, label in _LISTED.findall(shown)}
        return [(label, labels[label]) for label in await self._labels(data) if label in labels]

    async def _labels(self, data: str) -> list[str]:
        """The wire carries no data: what it means stands in the conversation's state, or is one of our own buttons everywhere."""
        found = []
        for channel, state in await opened.rows(self.house, tables.Chat, "channel", "state"):
            offered = json.loads(state).get("offered", []) if channel == self.channel and state else []
            found += [label for label, meant in offered if meant == data]
        if data.startswith("rate:"):
            found += [say(f"button-rate-{data[-1]}", language).rpartition(" · ")[2] for language in LANGUAGES]
        return found

    async def hears(self, words: str) -> str:
        """Without the choices under it."""
        return re.split(r"\n\n(?:Gõ số để chọn|Hoặc gõ|Type a number to choose|Or type):\n", await self.person.hears(words))[0]


@dataclass
class ZaloBotResident(_AtZalo):
    """Somebody with Zalo on the phone. There is nothing to press: what is printed is typed."""

    channel = "zalo_bot"

    async def press(self, data: str) -> None:
        for _ in range(50):  # What is offered is known a moment before it is read.
            if await self._types(data):
                return
            if data in _WORDS_EVERYWHERE:
                await self.say(say(_WORDS_EVERYWHERE[data]))
                return
            await asyncio.sleep(0.05)
        pytest.skip(f"an old button: nothing to press, and {data!r} has no words everywhere")

    async def send_place(self, latitude: float, longitude: float) -> None:
        pytest.skip("Zalo's bot carries no position")


@dataclass
class ZaloResident(_AtZalo):
    """Somebody who writes to the Official Account."""

    channel = "zalo_oa"

    async def press(self, data: str) -> None:
        """A button of the newest message; where a list stood instead, what it prints; or a button further up, which stays there."""
        for _ in range(10):
            with contextlib.suppress(AssertionError):
                await self.person.press(data)
                return
            if await self._types(data) or await self.person.press_older(data):
                return
            if data in _WORDS_EVERYWHERE:
                await self.say(say(_WORDS_EVERYWHERE[data]))
                return
            await asyncio.sleep(0.05)
        await self.say(f"#keng:{data}~0")  # Under a message of a talk that was over long ago.


_LISTED = re.compile(r"^(?:(\d+)\.|•) (.+)$", re.MULTILINE)
_WORDS_EVERYWHERE = {
    "send": "button-send-now",
    "report": "button-report",
    "my-tips": "button-my-tips",
    "complain": "button-complain",
    "procedures": "button-procedures",
    "back": "button-back",
    "cancel": "button-cancel",
    "skip": "button-skip",
}
