"""Officers' chats on both engines: codes, links and their end, two pressing together, and what a card never says."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from handlers import acceptance, duty_acts, ladder, letters, officer_chats
from handlers.acts import Act, Overtaken
from handlers.cards import Card
from handlers.flows import on_duty
from handlers.insight import catalogue
from handlers.messages import Button, Change, DutyAct, Incoming, Reply, Ward
from handlers.officer_chats import CODE_LIVES
from handlers.officers import Mistake
from handlers.texts import say
from handlers.tips import Where
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import lanes, retention, shredding
from storage.queries import officer_chats as rows
from storage.queries.rings import chat_key_place, tip_key_place
from storage.queries.tips import words_place
from storage.vault import Place, Ring, vault_of
from tests.databases import Database, known_vault, sqlite_database

WARD, CHIEF, FIRST, SECOND, READER = 1, 7, 8, 9, 10
CHATS = {CHIEF: 27, FIRST: 28, SECOND: 29}
RESIDENT, TIP = 20, 30
NOW = 1_800_000_000_000
HERE = Ward(id=WARD, name="Hồng Bàng", duty_phone="0225 3123 456", public_url="https://keng.example")
WORDS = "Tôi là Nguyễn Văn Canary, thấy có người phá khóa lấy xe máy 15B1-123.45"


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield memory
    await memory.stop()


@pytest.fixture
async def light(tmp_path: Path) -> AsyncIterator[Memory]:
    """Where no engine makes a difference."""
    memory = Memory(sqlite_database(tmp_path).url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield memory
    await memory.stop()


def first_rows(session: Session) -> None:
    session.add(tables.Ward(id=WARD, name="", created_at=0))
    session.flush()
    session.add(tables.Neighbourhood(id=7, ward_id=WARD, position=1, name="Tổ 7"))
    for officer_id, name, role in ((CHIEF, "Bình", "chief"), (FIRST, "Hải", "duty"), (SECOND, "Sơn", "duty"), (READER, "An", "inspector")):
        session.add(
            tables.Officer(id=officer_id, ward_id=WARD, login=f"o{officer_id}", name=name, role=role, password_hash="", created_at=0)
        )
    for chat_id in (RESIDENT, *CHATS.values()):
        ring = Ring.fresh()
        session.add(
            tables.Chat(
                id=chat_id,
                ward_id=WARD,
                channel="telegram",
                chat_hash=f"hash {chat_id}",
                data_key=vault_of(session).wrap(ring, chat_key_place(chat_id)),
                address=ring.seal_text(str(chat_id), Place("chats", "address", chat_id)),
                created_at=0,
                last_in_at=0,
            )
        )
    session.flush()
    add_tip(session, TIP)


def add_tip(session: Session, tip_id: int, **values: Any) -> None:
    ring = Ring.fresh()
    fields: dict[str, Any] = {
        "state": "S1",
        "arrived_at": NOW,
        "safe": "alone",
        "code_tail": "9DAF",
        "category": "TC",
        "neighbourhood_id": 7,
    }
    fields |= {"chat_id": RESIDENT, "data_key": vault_of(session).wrap(ring, tip_key_place(tip_id))}
    session.add(tables.Tip(id=tip_id, ward_id=WARD, channel="telegram", created_at=NOW, **(fields | values)))
    session.flush()
    words = ring.seal_text(WORDS, words_place(tip_id + 1000))
    session.add(tables.Piece(id=tip_id + 1000, ward_id=WARD, tip_id=tip_id, source_hash="s", words=words, said_at=NOW))
    session.flush()


def act(officer_id: int = FIRST, now: int = NOW) -> Act:
    return Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=now)


def where(officer_id: int, now: int = NOW) -> Where:
    return Where(ward_id=WARD, chat_id=CHATS[officer_id], channel="telegram", now=now)


def code(session: Session, officer_id: int, name: str = "c", now: int = NOW) -> None:
    officer_chats.keep_code(session, act(officer_id, now), row_id=new_id(), code_hash=name)


def link(session: Session, officer_id: int, *, now: int = NOW, name: str = "") -> list[int]:
    """As the chat does, once the code has come."""
    if not name:
        code(session, officer_id, name := f"c{officer_id}", now)
    return duty_acts.apply(session, HERE, where(officer_id, now), [DutyAct("link", {"link_id": new_id(), "code_hash": name})], draw=new_id)


def link_both(session: Session) -> None:
    link(session, FIRST)
    link(session, SECOND)


def ring(session: Session, officer_id: int, card: Card | None = None) -> int | None:
    card = card or officer_chats.card_of(session, HERE, TIP, now=NOW)
    assert card is not None
    return officer_chats.ring(session, HERE, officer_id, card, draw=new_id, now=NOW)


def waiting(session: Session, officer_id: int) -> list[Reply]:
    """What the next delivery would send there."""
    lane = lanes.claim_out(session, CHATS[officer_id], token="t", now=NOW)
    if lane is None:
        return []
    session.execute(update(tables.Chat).values(out_lease=0))
    return [Reply.from_row(row.reply) for row in lane.rows if row.reply]


def text_for(session: Session, officer_id: int, card: Card | None = None) -> str:
    assert ring(session, officer_id, card) is not None
    return waiting(session, officer_id)[-1].text


def facts(session: Session, officer_id: int, incoming: Incoming, state: dict[str, Any] | None = None) -> on_duty.DutyFacts:
    more: dict[str, Any] = {"chat_id": CHATS[officer_id], "channel": "telegram", "draw": new_id, "now": NOW}
    return duty_acts.facts_for(session, HERE, state or {"duty": 1}, incoming, hash_of=lambda *parts: "/".join(parts), **more)


def press(data: str) -> Incoming:
    return Incoming(kind="button", source="m", text=data)


def history(session: Session) -> list[tuple[str, str]]:
    return [(row.actor, row.what) for row in session.execute(select(tables.HistoryRow).order_by(col(tables.HistoryRow.id))).scalars()]


# -- codes and links -----------------------------------------------------------------------------------------------------------


async def test_a_code_links_once_for_ten_minutes_and_a_new_one_ends_it(memory: Memory) -> None:
    await memory.write(lambda session: code(session, FIRST, "old"))
    await memory.write(lambda session: code(session, FIRST, "late"))
    for name, now in (("old", NOW), ("late", NOW + CODE_LIVES), ("guess", NOW)):
        with pytest.raises(Overtaken):
            await memory.write(lambda session, name=name, now=now: link(session, FIRST, name=name, now=now))  # type: ignore[misc]
    assert await memory.write(lambda session: link(session, FIRST, name="late", now=NOW + CODE_LIVES - 1)) == []
    with pytest.raises(Overtaken):
        await memory.write(lambda session: link(session, SECOND, name="late"))

    assert await memory.read(lambda session: [one.officer_id for one in rows.all_links(session, WARD)]) == [FIRST]
    assert await memory.read(history) == [(f"officer:{FIRST}", "officer_chat_linked")]


async def test_a_code_of_a_closed_account_or_of_one_that_reads_no_tips_is_none(light: Memory) -> None:
    def look(session: Session) -> on_duty.DutyFacts:
        return facts(session, FIRST, Incoming(kind="text", source="m", text="l-abcd-2345"), {})

    def change(session: Session, **values: Any) -> None:
        session.execute(update(tables.Officer).where(col(tables.Officer.id) == FIRST).values(**values))

    await light.write(lambda session: code(session, FIRST, "chat-code/abcd2345"))
    assert (await light.read(look)).code is not None
    await light.write(lambda session: change(session, role="custodian"))
    assert (await light.read(look)).code is None
    await light.write(lambda session: change(session, role="duty", disabled_at=NOW))
    assert (await light.read(look)).code is None


@pytest.mark.parametrize("state", ["S0", "S1", "dropped"])
async def test_p2_a_chat_that_has_told_anything_is_not_linked(light: Memory, state: str) -> None:
    def tell(session: Session) -> None:
        add_tip(session, 31, state=state, arrived_at=None if state != "S1" else NOW, chat_id=CHATS[FIRST])

    await light.write(tell)
    with pytest.raises(Overtaken):
        await light.write(lambda session: link(session, FIRST))
    spoken = await light.read(lambda session: facts(session, FIRST, Incoming(kind="text", source="m", text="l-abcd-2345"), {}))
    assert spoken.has_spoken and await light.read(history) == []  # Nobody at the desk learns that it was tried.


async def test_p2_a_link_that_ends_takes_its_chat_with_it(memory: Memory) -> None:
    """Whoever writes there next is a new chat: no row says that this resident was that officer."""
    await memory.write(link_both)
    await memory.write(lambda session: ring(session, FIRST))
    [first, _second] = await memory.read(lambda session: rows.all_links(session, WARD))
    with pytest.raises(Mistake, match="phone-gone"):
        await memory.write(
            lambda session: officer_chats.end_one(session, HERE, act(SECOND), link_id=first.id, any_of_them=False, draw=new_id)
        )
    await memory.write(lambda session: officer_chats.end_one(session, HERE, act(CHIEF), link_id=first.id, any_of_them=True, draw=new_id))

    assert [reply.text for reply in await memory.write(lambda session: waiting(session, FIRST))] == [say("linked-ended")]
    assert await memory.write(lambda session: ring(session, FIRST)) is None
    message = lanes.NewMessage(
        ward_id=WARD,
        channel="telegram",
        address="28",
        chat_hash=f"hash {CHATS[FIRST]}",
        message_hash="m",
        platform_order=1,
        payload="{}",
        payload_with_names="{}",
        inbox_id=new_id(),
        chat_id_if_new=99,
        now=NOW,
    )
    chat_id, _lane = await memory.write(lambda session: lanes.store_message(session, message, holder=None))
    assert chat_id == 99


async def test_a_second_phone_takes_the_place_of_the_first(light: Memory) -> None:
    await light.write(lambda session: link(session, FIRST))

    def again(session: Session) -> list[int]:
        code(session, FIRST, "again")
        values = {"link_id": new_id(), "code_hash": "again"}
        return duty_acts.apply(session, HERE, where(SECOND), [DutyAct("link", values)], draw=new_id)

    assert await light.write(again) == [CHATS[FIRST]]  # It is told.
    assert await light.read(lambda session: [one.chat_id for one in rows.all_links(session, WARD)]) == [CHATS[SECOND]]


async def test_with_a_closed_account_nothing_is_rung_or_pressed(light: Memory) -> None:
    await light.write(link_both)

    def close(session: Session) -> None:
        session.execute(update(tables.Officer).where(col(tables.Officer.id) == FIRST).values(disabled_at=NOW))

    await light.write(close)
    assert await light.write(lambda session: ring(session, FIRST)) is None
    with pytest.raises(Overtaken):
        await light.write(lambda session: duty_acts.apply(session, HERE, where(FIRST), [DutyAct("accept", {"tip_id": TIP})], draw=new_id))
    assert (await light.read(lambda session: facts(session, FIRST, press(f"duty:accept:{TIP}")))).link is None
    assert await light.write(lambda session: officer_chats.end_all(session, HERE, act(CHIEF), officer_id=FIRST, draw=new_id)) == [28]


async def test_a_chat_that_only_listens_is_not_forgotten(memory: Memory) -> None:
    await memory.write(lambda session: link(session, FIRST))
    silent = await memory.read(lambda session: retention.silent_chats(session, WARD, before=NOW))
    assert CHATS[FIRST] not in silent and CHATS[SECOND] in silent


# -- two at once ---------------------------------------------------------------------------------------------------------------


async def test_p3_of_two_who_press_together_one_wins_and_the_other_is_told(memory: Memory) -> None:
    def both(session: Session) -> None:
        link_both(session)
        ring(session, FIRST)
        ring(session, SECOND)

    await memory.write(both)
    wish = press(f"duty:accept:{TIP}")
    seen = {who: await memory.read(lambda session, who=who: facts(session, who, wish)) for who in (FIRST, SECOND)}  # type: ignore[misc]
    decided = {who: on_duty.decide({"duty": 1}, wish, seen[who]) for who in seen}
    assert all(decision.acts == [DutyAct("accept", {"tip_id": TIP})] for decision in decided.values())
    told = await memory.write(lambda session: duty_acts.apply(session, HERE, where(FIRST), decided[FIRST].acts, draw=new_id))
    with pytest.raises(Overtaken):
        await memory.write(lambda session: duty_acts.apply(session, HERE, where(SECOND), decided[SECOND].acts, draw=new_id))
    again = on_duty.decide({"duty": 1}, wish, await memory.read(lambda session: facts(session, SECOND, wish)))

    assert CHATS[SECOND] in told and CHATS[FIRST] not in told
    assert again.acts == [] and again.replies[0].text.startswith("Hải đã nhận tin …9DAF")
    # Neither card was out yet: the one is told by a line, and nobody is rung for nothing.
    assert [reply.text[:12] for reply in await memory.write(lambda session: waiting(session, SECOND))] == ["Hải đã nhận "]
    assert await memory.write(lambda session: waiting(session, FIRST)) == []


async def test_what_stood_in_a_list_of_urgent_tips_is_told_as_taken_as_well(light: Memory) -> None:
    """Ten of them call one person at once: five cards, and a list that says where and since when, and not a word more."""

    def flood(session: Session) -> None:
        link_both(session)
        session.execute(update(tables.Tip).values(urgent_at=NOW))
        for number in range(10):
            add_tip(session, 100 + number, urgent_at=NOW, code_tail=f"K{number:03}")
            ladder.begin(session, WARD, 100 + number, is_urgent=True, now=NOW)
        session.add(tables.Shift(id=5, ward_id=WARD, starts_at=NOW - 1, ends_at=NOW + moments.DAY, duty_id=FIRST))
        session.flush()
        ladder.climb(session, HERE, officer_chats.ring, draw=new_id, now=NOW)

    await light.write(flood)
    texts = [reply.text for reply in await light.write(lambda session: waiting(session, FIRST))]
    assert [text.splitlines()[0] for text in texts[:5]] == [f"🔴 Tin khẩn …K{number:03} chờ nhận" for number in range(5)]
    time = moments.clock_face(NOW)
    assert texts[5:] == [
        "\n".join(
            (
                "🔴 Còn 5 tin khẩn nữa chưa ai nhận",
                "Không nói với ai là có người báo.\n",
                *(f"…K{number:03} · Tổ 7 · {time}" for number in range(9, 4, -1)),
                "\nXem ở trang trực ban: https://keng.example/admin",
            )
        )
    ]
    sent = update(tables.OutboxRow).where(col(tables.OutboxRow.tip_id).is_(None)).values(status="sent")
    await light.write(lambda session: session.execute(sent) and None)
    accepted = await light.write(lambda session: acceptance.accept(session, HERE, act(SECOND), tip_id=107, draw=new_id))

    assert CHATS[FIRST] in accepted.chats
    assert (await light.write(lambda session: waiting(session, FIRST)))[-1].text.startswith("Sơn đã nhận tin …K007")


async def test_accepted_at_the_desk_is_seen_on_every_phone_that_was_rung(light: Memory) -> None:
    await light.write(link_both)
    await light.write(lambda session: ring(session, FIRST))
    accepted = await light.write(lambda session: acceptance.accept(session, HERE, act(CHIEF), tip_id=TIP, draw=new_id))

    assert accepted.is_first and CHATS[FIRST] in accepted.chats and CHATS[SECOND] not in accepted.chats  # The second was not rung.
    assert not (await light.write(lambda session: acceptance.accept(session, HERE, act(FIRST), tip_id=TIP, draw=new_id))).is_first


async def test_a_card_that_was_sent_becomes_the_news_that_it_is_taken(memory: Memory) -> None:
    def rings_twice(session: Session) -> None:
        link_both(session)
        for name in ("501", "502"):
            ring(session, FIRST)
            ring(session, SECOND)
            for who in (FIRST, SECOND):
                lane = lanes.claim_out(session, CHATS[who], token="t", now=NOW)
                assert lane is not None
                lanes.settle(session, lane, lane.rows[0].id, outcome="sent", reason=None, is_last=True, now=NOW, sent_as=name)

    await memory.write(rings_twice)
    told = await memory.write(lambda session: acceptance.accept(session, HERE, act(FIRST), tip_id=TIP, draw=new_id))
    newest, older = await memory.write(lambda session: waiting(session, SECOND))

    assert told.chats.count(CHATS[SECOND]) == 1 and CHATS[FIRST] not in told.chats
    assert newest.text == older.text and newest.text.startswith("Hải đã nhận tin …9DAF")
    assert [(one.replaces, one.only_rewrites) for one in (newest, older)] == [("502", False), ("501", True)]
    assert f"duty:accept:{TIP}" not in {button.data for button in (*newest.buttons, *older.buttons)} and newest.buttons


async def test_p3_what_was_accepted_and_became_urgent_is_answered_from_a_phone_and_others_see_it(memory: Memory) -> None:
    def becomes_urgent(session: Session) -> list[Reply]:
        link_both(session)
        acceptance.accept(session, HERE, act(CHIEF), tip_id=TIP, draw=new_id)
        session.execute(update(tables.Tip).values(urgent_at=NOW))
        ladder.begin(session, WARD, TIP, is_urgent=True, now=NOW)
        ring(session, FIRST)
        ring(session, SECOND)
        return waiting(session, FIRST)

    wish = press(f"duty:answer:{TIP}")
    [card] = await memory.write(becomes_urgent)
    decided = on_duty.decide({"duty": 1}, wish, await memory.read(lambda session: facts(session, FIRST, wish)))
    told = await memory.write(lambda session: duty_acts.apply(session, HERE, where(FIRST), decided.acts, draw=new_id))
    with pytest.raises(Overtaken):
        await memory.write(lambda session: duty_acts.apply(session, HERE, where(SECOND), decided.acts, draw=new_id))
    again = on_duty.decide({"duty": 1}, wish, await memory.read(lambda session: facts(session, SECOND, wish)))

    assert card.buttons[0] == Button("Tôi lo việc này", f"duty:answer:{TIP}")
    assert (decided.acts, again.acts) == ([DutyAct("answer", {"tip_id": TIP})], [])
    assert decided.replies[0].text.startswith("Đã nhận lo việc khẩn của tin …9DAF") and CHATS[SECOND] in told
    assert [one.text for one in await memory.write(lambda session: waiting(session, SECOND))][-1].startswith("Hải đã nhận lo việc khẩn")
    assert (f"officer:{FIRST}", "alarm_answered") in await memory.read(history)


async def test_the_commander_is_rung_and_the_history_says_so(memory: Memory) -> None:
    def passes_up(session: Session) -> list[int]:
        return duty_acts.apply(session, HERE, where(FIRST), [DutyAct("call_commander", {"tip_id": TIP})], draw=new_id)

    await memory.write(lambda session: link(session, FIRST))
    with pytest.raises(Overtaken):
        await memory.write(passes_up)  # The chief has linked nothing.
    await memory.write(lambda session: link(session, CHIEF))

    assert await memory.write(passes_up) == [CHATS[CHIEF]]
    [card] = await memory.write(lambda session: waiting(session, CHIEF))
    assert card.text.startswith("Hải chuyển tin …9DAF lên chỉ huy trực")
    assert (f"officer:{FIRST}", "commander_called") in await memory.read(history)
    assert (await memory.read(lambda session: facts(session, FIRST, press(f"duty:commander:{TIP}")))).called_at == NOW


async def test_a_shift_is_taken_once(memory: Memory) -> None:
    def plan(session: Session) -> None:
        link_both(session)
        session.add(tables.Shift(id=5, ward_id=WARD, starts_at=NOW, ends_at=NOW + moments.HOUR, duty_id=FIRST, second_id=SECOND))

    def take(session: Session, who: int) -> None:
        duty_acts.apply(session, HERE, where(who), [DutyAct("take_shift", {"shift_id": 5})], draw=new_id)

    await memory.write(plan)
    await memory.write(lambda session: take(session, FIRST))
    with pytest.raises(Overtaken):
        await memory.write(lambda session: take(session, SECOND))
    found = (await memory.read(lambda session: facts(session, SECOND, press("shift:take:5")))).shift
    assert found is not None and (found.taken_by, found.taken_name) == (FIRST, "Hải")


# -- what a card says ----------------------------------------------------------------------------------------------------------


async def test_a_card_says_number_kind_neighbourhood_and_time_and_no_word(light: Memory) -> None:
    await light.write(lambda session: link(session, FIRST))
    name = catalogue.load()["TC"].name["vi"]
    card = await light.read(lambda session: officer_chats.card_of(session, HERE, TIP, now=NOW))
    assert card == Card(kind="tip", tip_id=TIP, tail="9DAF", category="TC", neighbourhood="Tổ 7", arrived_at=NOW)
    text = await light.write(lambda session: text_for(session, FIRST, replace(card, left=12 * moments.MINUTE, is_urgent=True)))

    assert text == (
        "🔴 Tin khẩn …9DAF chờ nhận\nKhông nói với ai là có người báo.\n\n"
        f"{name} · Tổ 7\nCòn 12 phút\n\nXem ở trang trực ban: https://keng.example/admin/tin/{TIP}"
    )
    assert name not in text[:40]


@pytest.mark.parametrize(
    "values",
    [{"category": "BL"}, {"category": "TE"}, {"category": "TN"}, {"restricted": "chief"}, {"restricted": "chief", "category": "BL"}],
)
async def test_p2_the_kind_of_what_is_delicate_stands_on_no_card(light: Memory, values: dict[str, str]) -> None:
    """Whatever the caller put in, and whatever the chief switched on."""

    def prepare(session: Session) -> None:
        add_tip(session, 31, urgent_at=NOW, **values)
        link(session, CHIEF)
        [found] = rows.all_links(session, WARD)
        officer_chats.show_excerpt(session, act(CHIEF), link_id=found.id, shows=True)

    await light.write(prepare)
    names = [one.name["vi"] for one in catalogue.load().values()]
    given = Card(kind="urgent", tip_id=31, tail="9DAF", category=values.get("category", "TC"), neighbourhood="Tổ 7")
    for card in (given, Card(kind="morning", tips=(31,)), replace(given, kind="clock", left=-moments.HOUR)):
        text = await light.write(lambda session, card=card: text_for(session, CHIEF, card))  # type: ignore[misc]
        assert [name for name in names if name in text] == [] and "phá khóa" not in text and "Canary" not in text
        assert "…9DAF" in text and say("ring-standing") in text


async def test_who_may_not_read_a_tip_is_not_rung_for_it(light: Memory) -> None:
    def prepare(session: Session) -> None:
        link_both(session)
        link(session, CHIEF)
        add_tip(session, 31, restricted="chief")
        add_tip(session, 32, restricted="fence")

    await light.write(prepare)
    cards = {tip_id: Card(kind="tip", tip_id=tip_id, tail="9DAF") for tip_id in (31, 32)}
    assert await light.write(lambda session: ring(session, FIRST, cards[31])) is None
    assert await light.write(lambda session: ring(session, CHIEF, cards[31])) is not None
    assert await light.write(lambda session: ring(session, CHIEF, cards[32])) is None
    assert (await light.read(lambda session: facts(session, FIRST, press("duty:accept:31")))).tip is None
    both = Card(kind="morning", tips=(31, TIP))
    assert "1 tin chờ nhận" in await light.write(lambda session: text_for(session, FIRST, both))  # Not even counted.
    urgents = await light.write(lambda session: text_for(session, FIRST, replace(both, kind="urgents")))
    assert urgents.splitlines()[0] == "🔴 Còn 1 tin khẩn nữa chưa ai nhận"
    assert await light.write(lambda session: ring(session, FIRST, replace(both, tips=(31,)))) is None
    assert await light.write(lambda session: ring(session, FIRST, Card(kind="threat"))) is None  # Letters are the chief's.
    with pytest.raises(Overtaken):
        await light.write(lambda session: duty_acts.apply(session, HERE, where(FIRST), [DutyAct("accept", {"tip_id": 31})], draw=new_id))


async def test_the_card_of_what_went_to_a_paper_file_leads_nowhere(light: Memory) -> None:
    """Its button was set aside as a message that breaks the house, and nothing answered the officer."""
    await light.write(link_both)
    await light.write(lambda session: add_tip(session, 31, state="paper", closed_at=NOW))
    known = await light.read(lambda session: facts(session, FIRST, press("duty:accept:31")))
    decision = on_duty.decide({"duty": 1}, press("duty:accept:31"), known)

    assert (known.tip, decision.acts) == (None, []) and [reply.text for reply in decision.replies] == [say("linked-no-tip")]


async def test_a_threat_that_is_tapped_rings_whoever_reads_such_letters_and_nobody_else(light: Memory) -> None:
    def prepare(session: Session) -> None:
        link_both(session)
        link(session, CHIEF)
        session.execute(update(tables.Officer).where(col(tables.Officer.id) == SECOND).values(role="keeper"))
        add_tip(session, 32, restricted="fence")

    def call(session: Session, tip_id: int | None, text: str = "") -> list[int]:
        tapped = [Change("appeal", {"kind": "threat", "text": text, "tip_id": tip_id}), Change("appeal", {"kind": "data", "text": ""})]
        return letters.call_for_threats(session, HERE, tapped, draw=new_id, now=NOW)

    await light.write(prepare)
    assert [await light.write(lambda session, about=about: call(session, about)) for about in (None, TIP, 32)] == [  # type: ignore[misc]
        [CHATS[CHIEF]],
        [CHATS[CHIEF]],
        [CHATS[SECOND]],
    ]
    assert await light.write(lambda session: call(session, TIP, "Nó dọa đốt nhà")) == []  # Words that follow.
    said = [one.text for officer in (CHIEF, SECOND) for one in await light.write(lambda s, officer=officer: waiting(s, officer))]  # type: ignore[misc]
    assert len(said) == 3 and all("thấy bị đe dọa" in one and "9DAF" not in one for one in said)


async def test_lists_and_other_calls(light: Memory) -> None:
    await light.write(lambda session: link(session, CHIEF))
    await light.write(lambda session: session.execute(update(tables.Tip).values(book_number=12, book_year=2026)) and None)
    said = {
        "morning": Card(kind="morning", tips=(TIP,) * 25),
        "roster": Card(kind="roster", shift_id=5),
        "empty": Card(kind="roster"),
        "clock": Card(kind="clock", tip_id=TIP, number="12/2026", left=-3 * moments.DAY),
        "reminder": Card(kind="clock", tip_id=TIP, number="12/2026", is_reminder=True),
        "threat": Card(kind="threat"),
    }

    def put(session: Session) -> dict[str, Reply]:
        for card in said.values():
            ring(session, CHIEF, card)
        return dict(zip(said, waiting(session, CHIEF), strict=True))

    found = await light.write(put)
    assert found["morning"].text.count("12/2026 · ") == 20 and "và 5 tin nữa" in found["morning"].text
    assert [button.data for button in found["roster"].buttons] == ["shift:take:5"] and found["empty"].buttons == ()
    assert "Tin 12/2026 đã quá hạn" in found["clock"].text and "Quá hạn 3 ngày" in found["clock"].text
    assert "Tin 12/2026: đến lúc hỏi lại" in found["reminder"].text and "hạn" not in found["reminder"].text
    assert "/admin/thu-gui" in found["threat"].text
    assert all("Không nói với ai" in reply.text for reply in found.values())


async def test_who_only_reads_gets_a_card_without_the_buttons_of_those_who_act(light: Memory) -> None:
    def prepare(session: Session) -> list[list[str]]:
        link(session, FIRST)
        session.execute(update(tables.Officer).where(col(tables.Officer.id) == FIRST).values(role="inspector"))
        ring(session, FIRST)
        return [[button.data for button in reply.buttons] for reply in waiting(session, FIRST)]

    assert await light.write(prepare) == [[f"duty:open:{TIP}"]]


async def test_p2_an_excerpt_is_masked_wanted_by_the_chief_and_stands_in_the_history(memory: Memory) -> None:
    await memory.write(lambda session: link(session, FIRST))
    before = await memory.write(lambda session: text_for(session, FIRST))
    [found] = await memory.read(lambda session: rows.all_links(session, WARD))
    for _twice in range(2):
        await memory.write(lambda session: officer_chats.show_excerpt(session, act(CHIEF), link_id=found.id, shows=True))
    after = await memory.write(lambda session: text_for(session, FIRST))
    await memory.write(lambda session: officer_chats.show_excerpt(session, act(CHIEF), link_id=found.id, shows=False))

    assert "phá khóa" not in before and "phá khóa lấy xe máy" in after
    assert [word for word in ("Canary", "Nguyễn", "15B1", "123.45") if word in after] == []
    assert after.startswith(before)
    kept = await memory.read(history)
    assert [what for _actor, what in kept] == ["officer_chat_linked", "officer_excerpt_on", "excerpt_sent", "officer_excerpt_off"]
    with pytest.raises(Mistake):
        await memory.write(lambda session: officer_chats.show_excerpt(session, act(CHIEF), link_id=1, shows=True))
    assert "phá khóa" not in await memory.write(lambda session: text_for(session, FIRST))


async def test_p7_a_call_that_did_not_come_through_is_seen(light: Memory) -> None:
    await light.write(link_both)
    for outcome in ("sent", "failed"):
        row_id = await light.write(lambda session: ring(session, FIRST))
        change = update(tables.OutboxRow).where(col(tables.OutboxRow.id) == row_id).values(status=outcome, error="blocked", settled_at=NOW)
        await light.write(lambda session, change=change: session.execute(change) and None)  # type: ignore[misc]
    first, second = await light.read(lambda session: rows.all_seen(session, WARD))

    assert (first.link.officer_id, first.status, first.error, first.at) == (FIRST, "failed", "blocked", NOW)
    assert (second.link.officer_id, second.status, second.at) == (SECOND, "", None)


async def test_a_card_that_waits_goes_with_its_tip(light: Memory) -> None:
    await light.write(lambda session: link(session, FIRST))
    await light.write(lambda session: ring(session, FIRST))
    await light.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="closed"))
    kept = await light.read(lambda session: [(row.status, row.reply) for row in session.execute(select(tables.OutboxRow)).scalars()])

    assert kept == [("cancelled", None)]


async def test_a_chat_that_does_not_open_is_no_chat_to_be_rung(light: Memory) -> None:
    await light.write(lambda session: link(session, CHIEF))

    def damage(session: Session) -> None:
        session.execute(update(tables.Chat).where(col(tables.Chat.id) == CHATS[CHIEF]).values(data_key=b"changed by somebody"))

    await light.write(damage)
    assert await light.write(lambda session: ring(session, CHIEF)) is None
    await light.write(lambda session: link(session, SECOND))
    found = await light.read(lambda session: facts(session, SECOND, press(f"duty:commander:{TIP}")))
    assert found.commanders == (("Bình", False),)
