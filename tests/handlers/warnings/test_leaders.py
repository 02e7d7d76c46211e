"""Leaders on both engines: the link that lets them in, their word that a warning was posted, and who is reminded when."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from handlers import lead_acts
from handlers.acts import Act
from handlers.cards import Card
from handlers.messages import Incoming, Ward
from handlers.officers import Mistake
from handlers.ward_book import Neighbourhood, WardBook
from handlers.warnings import leaders, lifecycle, posting, reminding
from handlers.warnings.content import Content
from handlers.warnings.lifecycle import Draft
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import leaders as rows
from storage.queries import officers as officer_rows
from storage.queries import warning_targets as targets
from storage.queries.warning_targets import Whom
from storage.vault import Place
from tests.databases import Database, known_vault

WARD, CHIEF, DUTY, HERE, THERE = 1, 7, 8, 70, 80
LAN, MINH = 21, 22
NOON = int(datetime(2026, 6, 10, 12, tzinfo=moments.WARD_ZONE).timestamp() * 1000)
BOOK = WardBook(neighbourhoods=(Neighbourhood(id=HERE, name="Tổ 7"), Neighbourhood(id=THERE, name="Tổ 8")))
PLACE = Ward(id=WARD, name="Hồng Bàng", duty_phone="0225 3123 456", public_url="https://keng.example", book=BOOK)
SAYS = Content(theme="fraud", headline="Có người giả công an", body="Họ gọi điện, dọa bắt.", lines=("Tắt máy.", "Gọi trực ban."))


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield memory
    await memory.stop()


def first_rows(session: Session) -> None:
    session.add(tables.Ward(id=WARD, name="", created_at=0))
    session.flush()
    for place_id, name in ((HERE, "Tổ 7"), (THERE, "Tổ 8")):
        session.add(tables.Neighbourhood(id=place_id, ward_id=WARD, position=place_id, name=name))
    for officer_id, role in ((CHIEF, "chief"), (DUTY, "duty")):
        session.add(tables.Officer(id=officer_id, ward_id=WARD, login=role, name=role, role=role, password_hash="", created_at=0))
    session.flush()
    for officer_id, login, area in ((LAN, "lan", HERE), (MINH, "minh", THERE)):
        given = leaders.Given(login=login, name=login.title(), phone="0912 345 678", areas=(area,))
        leaders.add(session, act(CHIEF), given, officer_id=officer_id, draw=new_id)


def act(officer_id: int, now: int = NOON) -> Act:
    return Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=now)


def released(session: Session, *, at: int = NOON, is_urgent: bool = False, kind: str = "sent", areas: tuple[int, ...] = (HERE,)) -> int:
    """A warning of duty's, released by the chief, whose kit has reached Lan at this moment; the target."""
    warning_id, target_id = new_id(), new_id()
    lifecycle.write(
        session, act(DUTY, at), Draft(content=SAYS, areas=areas, is_urgent=is_urgent), row_id=warning_id, code=f"CB-{warning_id % 10**6}"
    )
    lifecycle.propose(session, act(DUTY, at), warning_id)
    lifecycle.release(session, act(CHIEF, at), warning_id)
    targets.lay_out(session, WARD, warning_id, [Whom(kind="leader", neighbourhood_id=HERE, officer_id=LAN)], [target_id])
    targets.change(session, target_id, when=("planned",), state=kind, settled_at=at)
    return target_id


def state_of(session: Session, target_id: int) -> tuple[str, bool]:
    found = targets.one(session, WARD, target_id)
    assert found is not None
    return found.state, found.posted_at is not None


def noted(session: Session, prefix: str = "leader_") -> list[str]:
    query = select(col(tables.HistoryRow.what)).where(col(tables.HistoryRow.what).startswith(prefix, autoescape=True))
    return list(session.execute(query.order_by(col(tables.HistoryRow.id))).scalars())


async def test_leaders_are_on_no_list_of_officers_and_sign_in_with_no_password(memory: Memory) -> None:
    def look(session: Session) -> None:
        assert [one.id for one in officer_rows.officers_of(session, WARD)] == [CHIEF, DUTY]
        assert officer_rows.officer(session, WARD, LAN) is None and officer_rows.password_hash_of(session, "lan") is None
        assert [one.areas for one in rows.all_of(session, WARD, now=NOON)] == [(HERE,), (THERE,)]
        sealed = session.execute(select(col(tables.Leader.phone), col(tables.Leader.id)).where(col(tables.Leader.officer_id) == LAN)).one()
        assert b"0912" not in sealed[0] and Place("leaders", "phone", sealed[1])
        with pytest.raises(Mistake, match="desk-not-yours"):
            leaders.phones(session, act(DUTY))
        with pytest.raises(Mistake, match="leader-not-to-call"):
            leaders.phone_to_call(session, act(DUTY), LAN)
        assert leaders.phones(session, act(CHIEF)) == {LAN: "0912 345 678", MINH: "0912 345 678"}
        assert noted(session)[-1] == "leader_phones_seen"

    await memory.write(look)


async def test_a_link_lets_in_once_within_a_day_and_whoever_lost_the_phone_is_out(memory: Memory) -> None:
    def come(session: Session, link_hash: str, now: int) -> None:
        opened: dict[str, Any] = {"session_id": new_id(), "token_hash": f"session {new_id()}", "before": None, "browser": ""}
        leaders.come_in(session, WARD, link_hash=link_hash, history_id=new_id(), now=now, **opened)

    def story(session: Session) -> None:
        assert leaders.make_link(session, act(CHIEF), officer_id=LAN, link_hash="first") == NOON + moments.DAY
        leaders.make_link(session, act(CHIEF), officer_id=LAN, link_hash="second")
        assert [rows.link_stands(session, WARD, one, now=NOON) for one in ("first", "second")] == [False, True]
        with pytest.raises(Mistake, match="leader-link-over"):
            come(session, "first", NOON)
        with pytest.raises(Mistake, match="leader-link-over"):
            come(session, "second", NOON + moments.DAY)
        come(session, "second", NOON + moments.DAY - 1)
        with pytest.raises(Mistake, match="leader-link-over"):
            come(session, "second", NOON + moments.DAY - 1)
        [(token, ends_at)] = session.execute(select(col(tables.DeskSession.token_hash), col(tables.DeskSession.ends_at))).all()
        assert ends_at == NOON + 31 * moments.DAY - 1
        long_asleep: dict[str, Any] = {"now": NOON + 20 * moments.DAY, "idle_ms": moments.HOUR}
        assert officer_rows.officer_by_session(session, token, **long_asleep) is not None
        leaders.sign_out(session, PLACE, act(CHIEF), officer_id=LAN, draw=new_id)
        assert officer_rows.officer_by_session(session, token, **long_asleep) is None
        for does in (leaders.sign_out, leaders.close):
            with pytest.raises(Mistake, match="leader-gone"):
                does(session, PLACE, act(CHIEF), officer_id=DUTY, draw=new_id)

    await memory.write(story)


async def test_only_whose_kit_it_is_says_that_it_was_posted_and_as_often_as_they_like(memory: Memory) -> None:
    def story(session: Session) -> None:
        target_id = released(session)
        for does in (posting.posted, posting.not_posted):
            for somebody in (MINH, CHIEF, DUTY):
                with pytest.raises(Mistake):
                    does(session, PLACE, act(somebody), target_id)
        assert posting.kits(session, PLACE, MINH, now=NOON) == [] and posting.kit(session, PLACE, MINH, target_id, now=NOON) is None
        assert (
            lead_acts.facts_for(session, PLACE, MINH, Incoming(kind="button", source="", text=f"posted:{target_id}"), now=NOON).kits == ()
        )
        with pytest.raises(Mistake, match="warning-not-your-area"):
            lifecycle.write(session, act(MINH), Draft(content=SAYS, areas=(HERE,)), row_id=new_id(), code="CB-1")

        [kit] = posting.kits(session, PLACE, LAN, now=NOON)
        assert "CẢNH BÁO: Có người giả công an" in kit.text and kit.is_open
        assert [posting.posted(session, PLACE, act(LAN), target_id).is_news for _ in range(2)] == [True, False]
        assert state_of(session, target_id) == ("posted", True)
        posting.not_posted(session, PLACE, act(LAN), target_id)
        assert state_of(session, target_id) == ("not_posted", False)
        posting.heard_by_phone(session, PLACE, act(DUTY), target_id, "posted")
        assert state_of(session, target_id) == ("posted", True)
        assert noted(session)[-3:] == ["leader_posted", "leader_not_posted", "leader_posted"]

        leaders.change(
            session, act(CHIEF), leaders.Given(login="", name="", phone="", areas=(THERE,)), officer_id=LAN, keeps_phone=True, draw=new_id
        )
        with pytest.raises(Mistake, match="warning-not-your-area"):  # It is somebody else's neighbourhood by now.
            posting.not_posted(session, PLACE, act(LAN), target_id)

    await memory.write(story)


async def test_who_says_nothing_is_reminded_once_and_not_at_night(memory: Memory) -> None:
    evening = NOON + 8 * moments.HOUR

    def story(session: Session) -> None:
        calm, urgent, posted = released(session, at=evening), released(session, at=evening, is_urgent=True), released(session, at=evening)
        posting.posted(session, PLACE, act(LAN, evening), posted)

        def remind(after: int) -> list[int]:
            reminding.remind_leaders(session, PLACE, draw=new_id, now=evening + after)
            query = select(col(tables.WarningTarget.id)).where(col(tables.WarningTarget.reminded_at) == evening + after)
            return list(session.execute(query.order_by(col(tables.WarningTarget.id))).scalars())

        assert remind(2 * moments.HOUR - 1) == []
        assert remind(2 * moments.HOUR) == [urgent]  # At ten at night.
        assert remind(3 * moments.HOUR) == []
        morning = 11 * moments.HOUR
        assert remind(morning) == [calm] and remind(morning + 1) == []
        assert {one.target_id for one in rows.to_call(session, WARD, now=evening + morning)} == {calm, urgent}
        assert leaders.phone_to_call(session, act(DUTY, evening + morning), LAN) == "0912 345 678"
        reminding.give_up(session, WARD, draw=new_id, now=evening + morning + moments.DAY - 1)
        assert [state_of(session, one)[0] for one in (calm, urgent, posted)] == ["sent", "not_posted", "posted"]
        reminding.give_up(session, WARD, draw=new_id, now=evening + morning + moments.DAY)
        assert state_of(session, calm)[0] == "not_posted" and noted(session).count("leader_silent") == 2
        posting.posted(session, PLACE, act(LAN, evening + 3 * moments.DAY), calm)
        assert state_of(session, calm) == ("posted", True)

    await memory.write(story)


async def test_what_a_leader_proposes_rings_at_once_and_once_more_after_half_an_hour(memory: Memory) -> None:
    rung: list[tuple[int, Card]] = []

    def ring(_session: Session, _ward: Ward, officer_id: int, card: Card, **_more: Any) -> int:
        rung.append((officer_id, card))
        return 1

    def story(session: Session) -> None:
        warning_id = new_id()
        lifecycle.write(session, act(LAN), Draft(content=SAYS, areas=(HERE,)), row_id=warning_id, code="CB-1")

        def beat(now: int) -> list[tuple[int, bool]]:
            rung.clear()
            reminding.ring_for_proposed(session, PLACE, ring, draw=new_id, now=now)
            return [(officer_id, card.is_reminder) for officer_id, card in rung]

        assert beat(NOON) == []
        lifecycle.propose(session, act(LAN), warning_id)
        assert beat(NOON + 1) == [(CHIEF, False)] and (rung[0][1].leader, rung[0][1].areas) == ("Lan", "Tổ 7")
        assert beat(NOON + 2) == [] == beat(NOON + 30 * moments.MINUTE - 1)
        assert beat(NOON + 30 * moments.MINUTE) == [(CHIEF, True)]
        assert beat(NOON + 40 * moments.MINUTE) == []
        later = NOON + moments.HOUR
        lifecycle.decline(session, act(CHIEF, later), warning_id, why="Nêu rõ hơn")
        assert posting.own(session, WARD, LAN)[0].why == "Nêu rõ hơn" and beat(later) == []
        lifecycle.propose(session, act(LAN, later + 1), warning_id)
        assert beat(later + 2) == [(CHIEF, False)]
        lifecycle.release(session, act(CHIEF, later + 3), warning_id)
        assert beat(later + moments.HOUR) == []

    await memory.write(story)
