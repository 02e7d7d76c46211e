"""P1, the order: no 200 and no receipt leaves before the fdatasync that covers it. Read from the system calls themselves."""

import re
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from storage.keyed import Keyed
from storage.memory import Memory, sqlite_url
from storage.queries.wards import keys_of, ward_facts
from storage.unlock import unlock
from tests import environment
from tests.crash.house import House
from tests.crash.test_p1_kill import RECEIPT, telegram_for
from tests.people import WebResident

CALLS = "fdatasync,fsync,pwrite64,recvfrom,recvmsg,read,sendto,sendmsg,write,writev"


@dataclass(frozen=True)
class Event:
    """One line of the trace: when a call began, or when it ended. Their order is the kernel's."""

    call: str
    thread: str
    text: str
    ended: bool


def read_trace(path: Path) -> list[Event]:
    events: list[Event] = []
    begun: dict[str, str] = {}
    for line in path.read_text(errors="replace").splitlines():
        thread, _, rest = line.partition(" ")
        rest = rest.strip()
        if resumed := re.match(r"<\.\.\. (\w+) resumed>(.*)", rest):
            events.append(Event(resumed[1], thread, begun.pop(thread, "") + resumed[2], ended=True))
        elif started := re.match(r"(\w+)\((.*)", rest):
            is_open = rest.endswith("<unfinished ...>")
            events.append(Event(started[1], thread, started[2], ended=not is_open))
            if is_open:
                begun[thread] = started[2]
    return events


def is_wal_sync(event: Event) -> bool:
    return event.ended and event.call in ("fdatasync", "fsync") and "keng.db-wal" in event.text


async def look_up_key(data: Path) -> Keyed:
    """Words are sealed on their way to the disk; what can be found in the trace are the keyed hashes of the same commit."""
    url = sqlite_url(data / "keng.db")
    memory = Memory(url, unlock(url, given="", given_file="", data=data)[0])
    await memory.start()
    keys = await memory.read(lambda session: keys_of(session, ward_facts(session).id))
    await memory.stop()
    return keys.look_up


def first(events: list[Event], start: int, *calls: str, having: str) -> int:
    return next(place for place in range(start, len(events)) if events[place].call in calls and having in events[place].text)


async def test_p1_no_200_and_no_receipt_leaves_before_the_sync_that_covers_it(tmp_path: Path) -> None:
    strace = environment.strace()
    trace = tmp_path / "trace"
    house = House(tmp_path / "data", before=(strace, "-f", "-y", "-s", "200000", "-e", f"trace={CALLS}", "-o", str(trace)))
    await house.start()
    plain = {"Accept-Encoding": "identity"}  # What leaves is read as it stands on the wire.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=plain) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        codes: list[str] = []
        for number in range(3):
            await resident.press("report")
            await resident.say(f"chuyen-can-giu-{number}")
            await resident.sends("shared")
            codes = await resident.sees(RECEIPT, times=number + 1)
        cookie = next(one.value for one in http.cookie_jar if one.key == "keng_chat")
    await house.stop()
    events, keyed = read_trace(trace), await look_up_key(tmp_path / "data")

    for number in range(3):
        word = f"chuyen-can-giu-{number}"
        heard = first(events, 0, "recvfrom", "recvmsg", "read", having=word)
        kept = first(events, heard, "pwrite64", having=keyed.hash("message", "webchat", cookie, f"message-{4 * number + 2:06}"))
        synced = next(place for place in range(kept, len(events)) if is_wal_sync(events[place]))
        answered = first(events, heard, "sendto", "sendmsg", "write", "writev", having="HTTP/1.1 200")
        assert heard < kept < synced < answered
    for code in codes:
        kept = first(events, 0, "pwrite64", having=keyed.hash("code", code))
        synced = next(place for place in range(kept, len(events)) if is_wal_sync(events[place]))
        told = first(events, 0, "sendto", "sendmsg", "write", "writev", having=code)
        assert kept < synced < told
    assert len(codes) == 3


async def test_p1_telegram_hears_no_200_and_no_receipt_before_the_sync_either(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    house = House(tmp_path / "data", before=(environment.strace(), "-f", "-y", "-s", "9000", "-e", f"trace={CALLS}", "-o", str(trace)))
    async with telegram_for(house) as fake:
        await house.start()
        person = fake.person()
        await person.say("chuyen-can-giu")
        await person.hears("giống loại nào", 30)
        await person.sends()
        receipt = re.search(RECEIPT, await person.hears("Mã tin", 30))
        await house.stop()
    assert receipt
    events, keyed = read_trace(trace), await look_up_key(tmp_path / "data")
    update_id = re.search(
        r"update_id[^0-9]+([0-9]+)", events[first(events, 0, "recvfrom", "recvmsg", "read", having="chuyen-can-giu")].text
    )
    assert update_id
    message = f"{fake.token.split(':')[0]}:{update_id[1]}"

    heard = first(events, 0, "recvfrom", "recvmsg", "read", having="chuyen-can-giu")
    kept = first(events, heard, "pwrite64", having=keyed.hash("message", "telegram", str(person.id), message))
    synced = next(place for place in range(kept, len(events)) if is_wal_sync(events[place]))
    answered = first(events, heard, "sendto", "sendmsg", "write", "writev", having="HTTP/1.1 200")
    assert heard < kept < synced < answered
    kept = first(events, 0, "pwrite64", having=keyed.hash("code", receipt[1]))
    synced = next(place for place in range(kept, len(events)) if is_wal_sync(events[place]))
    assert kept < synced < first(events, 0, "sendto", "sendmsg", "write", "writev", having=receipt[1])


def test_the_trace_reader_would_notice_a_200_that_came_too_early(tmp_path: Path) -> None:
    """A test that cannot fail is none: the same rule on a trace with the wrong order."""
    path = tmp_path / "trace"
    path.write_text(
        '10 recvfrom(7<sock>, "word") = 4\n'
        '11 pwrite64(9</x/keng.db-wal>, "word") = 4\n'
        "11 fdatasync(9</x/keng.db-wal> <unfinished ...>\n"
        '10 sendto(7<sock>, "HTTP/1.1 200 OK") = 15\n'
        "11 <... fdatasync resumed>) = 0\n"
    )
    events = read_trace(path)

    synced = next(place for place, event in enumerate(events) if is_wal_sync(event))
    with pytest.raises(AssertionError):
        assert synced < first(events, 0, "sendto", having="HTTP/1.1 200")
