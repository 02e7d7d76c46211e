"""A ward with two neighbourhoods, an officer who may write warnings and one who releases them."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.runtime import Running
from handlers.acts import Act
from handlers.warnings import groups, lifecycle
from handlers.warnings.content import Content
from handlers.warnings.lifecycle import Draft
from storage import moments, tables
from storage.ids import new_id
from storage.queries import ward_book

FAKE_POLICE = Content(
    theme="fraud",
    headline="Giả công an gọi điện đòi tiền",
    body="Có người gọi điện xưng là công an, dọa bắt và đòi chuyển tiền.",
    lines=("Tắt máy, không làm theo.", "Không chuyển tiền, không đọc mã OTP.", "Gọi trực ban hỏi lại."),
)


@dataclass
class Gong:
    house: Running
    chief: int
    second: int
    seven: int
    nine: int

    def act(self, officer_id: int | None = None, *, now: int = 0) -> Act:
        who = self.chief if officer_id is None else officer_id
        return Act(ward_id=self.house.ward().id, officer_id=who, history_id=new_id(), now=now or moments.now())

    async def group_code(self, neighbourhood_id: int | None, *, now: int = 0) -> str:
        """As it is typed."""
        code, row_id, act = groups.fresh_code(), new_id(), self.act(now=now)

        def make(session: Session) -> str:
            return groups.new_code(session, act, neighbourhood_id, code=code, row_id=row_id, hash_of=self.house.keyed.hash)

        return await self.house.memory.write(make)

    async def releases(self, code: str, content: Content = FAKE_POLICE, *, at: int = 0, corrects: int | None = None, **more: Any) -> int:
        """Written by one, released by another; its id."""
        warning_id, now = new_id(), at or moments.now()
        write, propose, release = self.act(now=now), self.act(now=now), self.act(self.second, now=now)

        def all_of_it(session: Session) -> None:
            draft = Draft(content=content, is_urgent=True, **more)
            lifecycle.write(session, write, draft, row_id=warning_id, code=code, corrects_id=corrects)
            lifecycle.propose(session, propose, warning_id)
            lifecycle.release(session, release, warning_id)

        await self.house.memory.write(all_of_it)
        return warning_id


async def gong_in(house: Running) -> Gong:
    ward_id, ids = house.ward().id, [new_id() for _ in range(4)]

    def fill(session: Session) -> None:
        for officer_id, login in zip(ids[:2], ("viet", "duyet"), strict=True):
            known: dict[str, Any] = {"login": login, "name": login.upper(), "role": "chief", "password_hash": "x"}
            session.add(tables.Officer(id=officer_id, ward_id=ward_id, created_at=1, **known))
        for place, (area, name) in enumerate(zip(ids[2:], ("Tổ dân phố số 7", "Tổ dân phố số 9"), strict=True)):
            session.add(tables.Neighbourhood(id=area, ward_id=ward_id, position=place, name=name))
        session.flush()
        ward_book.changed(session, ward_id)

    await house.memory.write(fill)
    await house.ward.refresh()
    return Gong(house, *ids)
