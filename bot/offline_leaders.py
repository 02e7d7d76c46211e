"""Leaders from the command line, beside a serving house or without one."""

import secrets

from sqlmodel import Session

from bot.offline import with_memory
from bot.settings import Settings
from bot.unlocking import ward_and_keys
from handlers.flows.conversation import fold
from handlers.officers import Mistake
from handlers.ward_book import WardBook
from handlers.warnings import leaders
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import leaders as rows
from storage.queries import ward_book
from storage.queries.history import remember


def add(settings: Settings, *, login: str, name: str, areas: tuple[str, ...], phone: str) -> list[str]:
    """Raises Mistake."""

    async def work(memory: Memory) -> list[str]:
        ward_id, keys = await ward_and_keys(memory)
        officer_id, token, now = new_id(), secrets.token_urlsafe(24), moments.now()
        link_hash = keys.look_up.hash("leader-link", token)

        def write(session: Session) -> str:
            book = WardBook.from_rows(ward_book.load(session, ward_id))
            given = leaders.checked({"login": login, "name": name, "phone": phone}, [_area(book, one) for one in areas])
            leaders.put_in(session, ward_id, given, officer_id=officer_id, by=leaders.COMMAND_LINE, now=now)
            _keep_link(session, ward_id, officer_id, link_hash, now)
            return given.login

        added = await memory.write(write)
        return [f"{added} leads {', '.join(areas)}.", *_told(settings, token)]

    return with_memory(settings, work)


def make_link(settings: Settings, *, login: str) -> list[str]:
    """Raises Mistake."""

    async def work(memory: Memory) -> list[str]:
        ward_id, keys = await ward_and_keys(memory)
        token, now = secrets.token_urlsafe(24), moments.now()
        link_hash = keys.look_up.hash("leader-link", token)

        def write(session: Session) -> None:
            wanted = login.strip().lower()
            found = next((one for one in rows.all_of(session, ward_id, now=now) if one.login == wanted and not one.is_closed), None)
            if found is None:
                raise Mistake("leader-gone")
            _keep_link(session, ward_id, found.officer_id, link_hash, now)

        await memory.write(write)
        return _told(settings, token)

    return with_memory(settings, work)


def listed(settings: Settings) -> list[str]:
    async def work(memory: Memory) -> list[str]:
        ward_id, _keys = await ward_and_keys(memory)
        now = moments.now()

        def read(session: Session) -> list[str]:
            names = {one["id"]: one["name"] for one in ward_book.load(session, ward_id)["neighbourhoods"]}
            return [
                "\t".join((one.login, one.name, ", ".join(names.get(area, "?") for area in one.areas)))
                + (" (closed)" if one.is_closed else "")
                for one in rows.all_of(session, ward_id, now=now)
            ]

        return await memory.read(read)

    return with_memory(settings, work)


def _keep_link(session: Session, ward_id: int, officer_id: int, link_hash: str, now: int) -> None:
    rows.keep_link(session, ward_id, officer_id, link_hash=link_hash, until=now + leaders.LINK_LIVES)
    actor, what = leaders.COMMAND_LINE, "leader_link_made"
    remember(session, history_id=new_id(), ward_id=ward_id, tip_id=None, now=now, actor=actor, what=what, officer=officer_id)


def _told(settings: Settings, token: str) -> list[str]:
    """The token goes to the terminal alone."""
    address = settings.public_url.rstrip("/") or "http(s)://<this house>"
    return [f"They sign in once, within a day, at {address}/admin/vao-to/{token}"]


def _area(book: WardBook, typed: str) -> int:
    found = [one.id for one in book.neighbourhoods if fold(one.name) == fold(typed)]
    if len(found) != 1:
        raise Mistake("warning-no-area")
    return found[0]
