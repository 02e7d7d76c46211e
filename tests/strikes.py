"""A ward whose gong can be struck: leaders, groups and subscribers laid straight into its memory, and a warning that two people let go."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from handlers.acts import Act
from handlers.warnings import lifecycle
from handlers.warnings.content import Content
from handlers.warnings.lifecycle import Draft
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries.rings import chat_key_place
from storage.vault import Place, Ring, vault_of

WORDS = Content(
    theme="fraud",
    headline="Giả danh công an gọi điện",
    body="Có kẻ gọi điện xưng công an, bảo bà con chuyển tiền để khỏi bị bắt.",
    lines=("Cúp máy ngay", "Không chuyển tiền", "Gọi trực ban phường"),
)


@dataclass(frozen=True, slots=True)
class People:
    ward_id: int
    writer: int
    chief: int


async def lay_people(memory: Memory, ward_id: int) -> People:
    people = People(ward_id, new_id(), new_id())

    def lay(session: Session) -> None:
        for officer_id, role in ((people.writer, "duty"), (people.chief, "chief")):
            _add_officer(session, ward_id, officer_id, role)

    await memory.write(lay)
    return people


def _add_officer(session: Session, ward_id: int, officer_id: int, role: str) -> None:
    login = f"{role}{officer_id}"
    session.add(tables.Officer(id=officer_id, ward_id=ward_id, login=login, name=login, role=role, password_hash="", created_at=0))
    session.flush()


def add_chat(session: Session, ward_id: int, address: str, *, channel: str = "telegram", **more: Any) -> int:
    chat_id, ring = new_id(), Ring.fresh()
    sealed = {
        "data_key": vault_of(session).wrap(ring, chat_key_place(chat_id)),
        "address": ring.seal_text(address, Place("chats", "address", chat_id)),
    }
    values = {"chat_hash": f"{channel}:{address}", "created_at": moments.now(), "last_in_at": moments.now(), **sealed, **more}
    session.add(tables.Chat(id=chat_id, ward_id=ward_id, channel=channel, **values))
    session.flush()
    return chat_id


def add_subscriber(session: Session, ward_id: int, address: str, *, channel: str = "telegram", **more: Any) -> int:
    chat_id = add_chat(session, ward_id, address, channel=channel, **more)
    session.add(tables.Subscription(id=new_id(), ward_id=ward_id, chat_id=chat_id, since=1))
    session.flush()
    return chat_id


def add_group(session: Session, people: People, address: str, *, channel: str = "telegram") -> int:
    chat_id = add_chat(session, people.ward_id, address, channel=channel)
    linked: dict[str, Any] = {"linked_at": 1, "linked_by": people.chief}
    session.add(tables.ChatGroup(id=new_id(), ward_id=people.ward_id, chat_id=chat_id, channel=channel, **linked))
    session.flush()
    return chat_id


def add_leader(session: Session, ward_id: int, *chats: tuple[str, str], **more: Any) -> int:
    """With these chats (channel, address), the newest last."""
    officer_id, area_id = new_id(), new_id()
    _add_officer(session, ward_id, officer_id, "leader")
    session.add(tables.Neighbourhood(id=area_id, ward_id=ward_id, name=f"Tổ {area_id}", position=1))
    session.flush()
    session.add(tables.Leader(id=new_id(), ward_id=ward_id, officer_id=officer_id, added_at=1))
    session.add(tables.LeaderArea(id=new_id(), ward_id=ward_id, officer_id=officer_id, neighbourhood_id=area_id))
    for place, (channel, address) in enumerate(chats):
        chat_id = add_chat(session, ward_id, address, channel=channel, **more)
        session.add(tables.OfficerChat(id=new_id(), ward_id=ward_id, officer_id=officer_id, chat_id=chat_id, linked_at=1 + place))
    session.flush()
    return officer_id


async def write(memory: Memory, people: People, *, corrects_id: int | None = None, words: Content = WORDS, **more: Any) -> int:
    """A warning that waits for its second person."""
    warning_id, code = new_id(), f"CB-{new_id()}"
    draft = Draft(**{"content": words, "is_urgent": True, **more})

    def lay(session: Session) -> None:
        lifecycle.write(session, act(people, people.writer), draft, row_id=warning_id, code=code, corrects_id=corrects_id)
        lifecycle.propose(session, act(people, people.writer), warning_id)

    await memory.write(lay)
    return warning_id


async def strike(memory: Memory, people: People, **more: Any) -> int:
    warning_id = await write(memory, people, **more)
    await memory.write(lambda session: lifecycle.release(session, act(people, people.chief), warning_id))
    return warning_id


def act(people: People, officer_id: int) -> Act:
    return Act(ward_id=people.ward_id, officer_id=officer_id, history_id=new_id(), now=moments.now())


async def targets_of(memory: Memory, warning_id: int) -> list[tuple[str, str, str, int | None]]:
    """(kind, state, reason, chat) of each."""

    def look(session: Session) -> list[tuple[str, str, str, int | None]]:
        query = (
            select(tables.WarningTarget).where(col(tables.WarningTarget.warning_id) == warning_id).order_by(col(tables.WarningTarget.id))
        )
        return [(row.kind, row.state, row.reason, row.chat_id) for row in session.execute(query).scalars()]

    return await memory.read(look)


async def state_of(memory: Memory, warning_id: int) -> str:
    query = select(col(tables.WarningRow.state)).where(col(tables.WarningRow.id) == warning_id)
    return str(await memory.read(lambda session: session.execute(query).scalar_one()))
