"""Codes count once and for their minute, PINs only where they are known, and nobody is locked out by somebody else's fingers."""

from collections.abc import AsyncIterator
from typing import Any

import pyotp
import pytest
from sqlalchemy import select
from sqlmodel import Session

from handlers import coming_in, devices, duty, letting_in, officers, second_factor
from handlers.acts import Act
from handlers.coming_in import Arrival, Needed
from handlers.officers import Mistake
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import devices as device_rows
from storage.queries import let_ins as let_in_rows
from storage.queries import officers as officer_rows
from storage.queries import rewrap, second_factors
from storage.queries.devices import DeviceHere
from storage.queries.duty import Crew
from storage.queries.officers import OwnSession
from tests.databases import Database, known_vault
from tests.promises.test_p3 import CHIEF, COMMANDER, DUTY, NEXT, SECOND, at, first_rows

NOW = at("22:00")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = ["0000-1111-2222", "AAAA-BBBB-CCCC"]


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield memory
    await memory.stop()


def act(officer_id: int = DUTY, now: int = NOW) -> Act:
    return Act(ward_id=1, officer_id=officer_id, history_id=new_id(), now=now)


def sets(session: Session, officer_id: int = DUTY, now: int = NOW) -> None:
    second_factor.offer(session, act(officer_id, now), row_id=new_id(), fresh=SECRET)
    second_factor.confirm(session, act(officer_id, now), second_factor.code_at(SECRET, now), codes=CODES, draw=new_id)


def trusts(session: Session, officer_id: int = DUTY, now: int = NOW, pin: str = "") -> DeviceHere:
    """A computer that knows them, and a PIN that is stored bare: stretching is tested elsewhere."""
    device = devices.trust(session, act(officer_id, now), token_hash=f"t{new_id()}", browser="Edge · Windows", draw=new_id)
    devices.know(session, act(officer_id, now), device.id, draw=new_id)
    if pin:
        second_factor.keep_pin(session, act(officer_id, now), row_id=new_id(), pin_hash=pin)
    return device


def joins(session: Session, device: DeviceHere, officer_id: int, pin: str = "") -> None:
    """Another officer signs in fully on the same computer."""
    sets(session, officer_id)
    devices.know(session, act(officer_id), device.id, draw=new_id)
    if pin:
        second_factor.keep_pin(session, act(officer_id), row_id=new_id(), pin_hash=pin)


def needs(session: Session, officer_id: int = DUTY, *, device: DeviceHere | None = None, **more: Any) -> Needed:
    given: dict[str, Any] = {"own": None, "is_required": True, "now": NOW, **more}
    return coming_in.needed(session, act(officer_id, given["now"]), device, given["own"], is_required=given["is_required"], draw=new_id)


def happened(session: Session) -> list[tuple[str, dict[str, Any]]]:
    query = select(tables.HistoryRow).order_by(tables.HistoryRow.id)  # type: ignore[arg-type]
    return [(row.what, row.detail) for row in session.execute(query).scalars() if row.what.startswith("signin")]


# -- six digits ------------------------------------------------------------------------------------------------------------


def test_a_code_counts_for_its_half_minute_and_the_one_before_and_after() -> None:
    """Against what the library itself says to a phone."""
    totp, this = pyotp.TOTP(SECRET), NOW // second_factor.STEP
    taken = {late: second_factor.step_of(SECRET, totp.at(NOW // 1000 + late), now=NOW, after=0) for late in (-60, -30, 0, 30, 60)}
    assert taken == {-60: None, -30: this - 1, 0: this, 30: this + 1, 60: None}
    assert [second_factor.step_of(SECRET, second_factor.code_at(SECRET, NOW), now=NOW, after=after) for after in (this - 1, this)] == [
        this,
        None,
    ]
    assert [
        second_factor.step_of(secret, typed, now=NOW, after=0) for secret, typed in ((SECRET, "12345"), (SECRET, "١٢٣٤٥٦"), ("", ""))
    ] == [None] * 3


async def test_a_code_is_used_up_with_all_before_it_and_the_secret_stands_sealed(memory: Memory) -> None:
    await memory.write(sets)
    code = second_factor.code_at(SECRET, NOW)
    later, earlier = NOW + second_factor.STEP, second_factor.code_at(SECRET, NOW - second_factor.STEP)

    def use(typed: str, now: int) -> Any:
        return lambda session: second_factor.prove(session, act(now=now), typed)

    assert await memory.write(use(code, NOW)) is None  # It has confirmed the setting.
    fresh = second_factor.code_at(SECRET, later)
    assert await memory.write(use(f"{fresh[:3]} {fresh[3:]}", later)) == "code"
    assert [await memory.write(use(typed, later)) for typed in (fresh, code, earlier)] == [None] * 3

    [row] = await memory.read(lambda session: [(one.secret, one.pending) for one in session.execute(select(tables.SecondFactor)).scalars()])
    assert SECRET.encode() not in row[0] and row[1] is None


async def test_recovery_codes_work_once_each_forgive_a_slip_and_a_new_sheet_ends_the_old(memory: Memory) -> None:
    await memory.write(sets)

    async def proves(typed: str, officer_id: int = DUTY) -> str | None:
        return await memory.write(lambda session: second_factor.prove(session, act(officer_id), typed))

    assert await proves("0000-1111-2222", COMMANDER) is None  # Somebody else's.
    assert [await proves("oooo iiLl 2222"), await proves("000011112222")] == ["recovery", None]
    await memory.write(lambda session: second_factor.renew_codes(session, act(), ["1234-5678-9ABC"], draw=new_id))
    assert [await proves("aaaa-bbbb-cccc"), await proves("1234-5678-9abc")] == [None, "recovery"]
    assert await memory.read(lambda session: second_factors.recovery_left(session, DUTY)) == 0
    hashes = await memory.read(lambda session: [what for what, _detail in happened(session)])
    assert hashes == ["signin_code_set", "signin_recovery_used", "signin_recovery_made", "signin_recovery_used"]
    made = second_factor.fresh_codes()
    assert len(set(made)) == 10 and all(len(second_factor.plain(code)) == 12 for code in made)


async def test_a_secret_survives_a_new_master_key_and_new_keys_for_everything(memory: Memory) -> None:
    await memory.write(sets)
    assert ("second_factors", "data_key") in rewrap.HOLDERS
    before = await memory.read(lambda session: session.execute(select(tables.SecondFactor.secret)).scalar_one())  # type: ignore[call-overload]
    stepped = await memory.write(lambda session: second_factors.reseal_some(session, after=-1))
    after = await memory.read(lambda session: session.execute(select(tables.SecondFactor.secret)).scalar_one())  # type: ignore[call-overload]

    assert stepped is not None and (stepped.changed, stepped.broken, before != after) == (1, (), True)
    assert (await memory.read(lambda session: second_factors.of_officer(session, DUTY))).secret == SECRET


# -- what is asked ---------------------------------------------------------------------------------------------------------


async def test_who_has_none_is_given_a_week_and_then_only_the_page_to_set_one(memory: Memory) -> None:
    asked = [
        await memory.write(lambda session, now=now, is_required=is_required: needs(session, now=now, is_required=is_required))  # type: ignore[misc]
        for now, is_required in (
            (NOW, False),
            (NOW, True),
            (NOW + 7 * moments.DAY - 1, True),
            (NOW + 7 * moments.DAY, True),
            (NOW + 7 * moments.DAY, False),
        )
    ]
    assert [one.need for one in asked] == ["nothing", "soon", "soon", "now", "nothing"]
    assert asked[1].due_at == asked[3].due_at == NOW + 7 * moments.DAY
    assert [second_factor.days_left(NOW + 7 * moments.DAY, NOW + late) for late in (0, 1, moments.DAY, 8 * moments.DAY)] == [7, 7, 6, 0]

    await memory.write(lambda session: sets(session, now=NOW + 8 * moments.DAY))
    assert (await memory.write(lambda session: needs(session, now=NOW + 9 * moments.DAY))).need == "code"
    await memory.write(lambda session: second_factor.clear(session, act(CHIEF), DUTY))  # The phone is at the bottom of a lake.
    assert (await memory.write(needs)).need == "now"


async def test_what_the_ward_asks_for(memory: Memory) -> None:
    def is_required(fixed: bool | None, usual: bool) -> Any:
        return lambda session: second_factor.is_required(session, 1, fixed=fixed, usual=usual)

    assert [await memory.read(is_required(None, usual)) for usual in (True, False)] == [True, False]
    await memory.write(lambda session: second_factor.require(session, act(CHIEF), False, draw=new_id))
    assert [await memory.read(is_required(fixed, True)) for fixed in (None, True)] == [False, True]
    await memory.write(lambda session: second_factor.require(session, act(CHIEF), True, draw=new_id))
    assert [await memory.read(is_required(fixed, False)) for fixed in (None, False)] == [True, False]


async def test_their_own_lock_opens_without_a_code_for_a_day_and_a_borrowed_entry_not_beyond_its_end(memory: Memory) -> None:
    await memory.write(sets)

    async def need(**own: Any) -> str:
        given: dict[str, Any] = {"id": 1, "officer_id": DUTY, "how": "code", "device_id": None, "let_in_id": None, "is_held": False}
        session_row = OwnSession(**{**given, "proved_at": None, **own})
        return (await memory.write(lambda session: needs(session, own=session_row))).need

    assert [await need(proved_at=NOW - ago) for ago in (0, moments.DAY - 1, moments.DAY)] == ["nothing", "nothing", "code"]
    assert await need() == "code"  # Opened by a password, before there was a second factor.
    for ends_at, expected in ((NOW + 1, "nothing"), (NOW, "code")):
        let_in_id = new_id()
        entry: dict[str, Any] = {"row_id": let_in_id, "ward_id": 1, "officer_id": DUTY, "by_id": CHIEF, "why": "lost"}
        await memory.write(
            lambda session, entry=entry, ends_at=ends_at: let_in_rows.add(  # type: ignore[misc]
                session, **entry, number_hash="n", now=NOW, dies_at=NOW, ends_at=ends_at
            )
        )
        assert await need(let_in_id=let_in_id) == expected


# -- computers -------------------------------------------------------------------------------------------------------------


async def test_a_computer_knows_an_officer_for_a_month_after_each_full_sign_in(memory: Memory) -> None:
    await memory.write(sets)
    device = await memory.write(trusts)
    assert device.name == "Máy trực 1"

    async def need(officer_id: int, now: int) -> str:
        return (await memory.write(lambda session: needs(session, officer_id, device=device, now=now))).need

    await memory.write(lambda session: sets(session, SECOND))
    late = NOW + devices.KNOWN_FOR
    assert [await need(DUTY, NOW), await need(SECOND, NOW), await need(DUTY, late - 1), await need(DUTY, late)] == [
        "nothing",
        "code",
        "nothing",
        "code",
    ]
    await memory.write(lambda session: devices.know(session, act(SECOND, late - 1), device.id, draw=new_id))
    known = await memory.read(lambda session: device_rows.all_of(session, 1, now=late))
    assert [(one.id, one.known) for one in known] == [(device.id, {SECOND: late - 1, DUTY: NOW})]

    await memory.write(lambda session: devices.end_device(session, act(CHIEF), device.id))
    assert await need(SECOND, late) == "code"
    with pytest.raises(Mistake, match="mistake-device-gone"):
        await memory.write(lambda session: devices.end_device(session, act(CHIEF), device.id))


async def test_five_wrong_pins_hold_up_one_officer_on_one_computer_and_nobody_else(memory: Memory) -> None:
    await memory.write(sets)
    here = await memory.write(lambda session: trusts(session, pin="d"))
    await memory.write(lambda session: joins(session, here, SECOND, "s"))
    there = await memory.write(trusts)

    async def tries(officer_id: int, device: DeviceHere = here, now: int = NOW) -> Any:
        found = await memory.write(lambda session: devices.try_pin(session, 1, device.id, officer_id, now))
        return found and (found.wrong, found.pin_hash)

    async def names(now: int = NOW) -> list[str]:
        return [one.name for one in await memory.read(lambda session: devices.people_here(session, 1, here, now))]

    assert [await tries(DUTY) for _ in range(2)] == [(1, "d"), (2, "d")]
    await memory.write(lambda session: devices.pin_was_right(session, here.id, DUTY, NOW))
    assert await names() == ["duty", "second"]
    assert [await tries(DUTY) for _ in range(6)] == [(count, "d") for count in range(1, 6)] + [None]

    assert (await tries(SECOND), await tries(DUTY, there)) == ((1, "s"), (1, "d"))
    assert await names() == ["second"]
    assert (await memory.write(lambda session: needs(session, device=here))).need == "code"  # The password alone is not enough now.
    await memory.write(lambda session: devices.know(session, act(), here.id, draw=new_id))  # They typed both.
    assert await tries(DUTY) == (1, "d")
    assert await tries(COMMANDER) is None  # Never signed in here.
    assert await tries(DUTY, now=NOW + devices.KNOWN_FOR) is None


async def test_the_names_to_press_are_the_shifts(memory: Memory) -> None:
    await memory.write(sets)
    here = await memory.write(lambda session: trusts(session, pin="d"))
    for one, pin in ((SECOND, "s"), (COMMANDER, ""), (NEXT, "n")):
        await memory.write(lambda session, one=one, pin=pin: joins(session, here, one, pin))  # type: ignore[misc]

    async def names(now: int = NOW, also: int = 0) -> set[str]:
        return {one.name for one in await memory.read(lambda session: devices.people_here(session, 1, here, now, also=also))}

    assert await names() == {"duty", "second", "next"}  # No roster: all who are known and have a PIN.
    crews = ((NOW - moments.HOUR, Crew(duty_id=DUTY, commander_id=COMMANDER)), (NOW + 3 * moments.HOUR, Crew(duty_id=SECOND)))
    for starts_at, crew in crews:
        shift: dict[str, Any] = {"shift_id": new_id(), "starts_at": starts_at, "minutes": 240, "crew": crew}
        await memory.write(lambda session, shift=shift: duty.add_shift(session, act(CHIEF), **shift))  # type: ignore[misc]
    assert (await names(), await names(also=NEXT)) == ({"duty"}, {"duty", "next"})
    assert await names(NOW + 2 * moments.HOUR + 1) == {"duty", "second"}  # An hour before theirs begins.


def test_a_pin_is_digits_and_not_the_first_that_comes_to_mind() -> None:
    def wrong(pin: str) -> str:
        try:
            second_factor.check_pin(pin)
        except Mistake as mistake:
            return mistake.key
        return ""

    digits, easy = "mistake-pin-digits", "mistake-pin-easy"
    assert {pin: wrong(pin) for pin in ("12345", "1234567890123", "12a456", "１２３４５６")} == dict.fromkeys(
        ("12345", "1234567890123", "12a456", "１２３４５６"), digits
    )
    assert {wrong(pin) for pin in ("111111", "121212", "123456", "987654", "890123", "482482")} == {easy}
    assert {wrong(pin) for pin in ("482913", "204815", "00731958")} == {""}


# -- one shift -------------------------------------------------------------------------------------------------------------


async def let_in(memory: Memory, by: int, officer_id: int = DUTY, *, number: str = "12345678", why: str = "lost", now: int = NOW) -> Any:
    given: dict[str, Any] = {"officer_id": officer_id, "why": why, "number": number, "draw": new_id}
    return await memory.write(lambda session: letting_in.let_in(session, act(by, now), **given))


async def uses(memory: Memory, number: str, officer_id: int = DUTY, now: int = NOW) -> Any:
    return await memory.write(lambda session: coming_in.proved(session, act(officer_id, now), number))


async def test_the_commander_on_duty_lets_one_officer_in_until_the_shift_ends(memory: Memory) -> None:
    for one in (DUTY, CHIEF):
        await memory.write(lambda session, one=one: sets(session, one))  # type: ignore[misc]

    async def refusal(by: int, officer_id: int = DUTY, **more: Any) -> str:
        with pytest.raises(Mistake) as caught:
            await let_in(memory, by, officer_id, **more)
        return caught.value.key

    assert await refusal(COMMANDER) == "mistake-let-in-not-yours"  # Not on the roster yet.
    ends_at = NOW + 7 * moments.HOUR
    crew = Crew(duty_id=DUTY, commander_id=COMMANDER)
    shift: dict[str, Any] = {"shift_id": new_id(), "starts_at": NOW - moments.HOUR, "minutes": 480, "crew": crew}
    await memory.write(lambda session: duty.add_shift(session, act(CHIEF), **shift))
    assert await refusal(DUTY) == "mistake-let-in-not-yours"
    assert await refusal(COMMANDER, why="") == "mistake-let-in-why"
    # Not a chief, not themself, not who needs no code.
    assert {await refusal(COMMANDER, one) for one in (CHIEF, COMMANDER, SECOND)} == {"mistake-let-in-whom"}
    assert await refusal(CHIEF, CHIEF) == "mistake-let-in-whom"

    given = await let_in(memory, COMMANDER)
    assert (given.ends_at, given.dies_at) == (ends_at, NOW + 15 * moments.MINUTE)
    assert await uses(memory, "12345678", CHIEF) is None  # Somebody else's.
    how, let_in_id, until = await uses(memory, "1234 5678")
    assert (how, until) == ("let_in", ends_at)
    assert await uses(memory, "12345678") is None  # Once.

    arrival = Arrival(act=act(), how=how, let_in_id=let_in_id, ends_at=until)
    opening: dict[str, Any] = {"session_id": new_id(), "token_hash": "t", "before": None, "lasts": 12 * moments.HOUR, "what": "signed_in"}
    await memory.write(lambda session: coming_in.open_session(session, arrival, **opening))
    session_row = await memory.read(lambda session: device_rows.sessions(session, 1, now=NOW, awake_since=NOW - 1)[0])
    assert (session_row.how, session_row.ends_at) == ("let_in", ends_at)
    [(_what, detail)] = [one for one in await memory.read(happened) if one[0] == "signin_let_in"]
    assert detail == {"officer": DUTY, "why": "lost", "let_in": let_in_id, "ends_at": ends_at}

    def unread(session: Session) -> list[int]:
        return [let_in_rows.unread(session, 1, reader=reader) for reader in (CHIEF, COMMANDER)]

    assert await memory.read(unread) == [1, 0]
    await memory.write(lambda session: letting_in.mark_read(session, act(CHIEF)))
    assert await memory.read(unread) == [0, 0]


async def test_a_number_lives_a_quarter_of_an_hour_dies_with_the_next_and_takes_five_guesses(memory: Memory) -> None:
    await memory.write(sets)
    given = await let_in(memory, CHIEF)
    assert given.ends_at == NOW + letting_in.LONGEST  # No roster: half a day.
    assert await uses(memory, "12345678", now=NOW + 15 * moments.MINUTE) is None
    await let_in(memory, CHIEF, number="11112222")
    assert await uses(memory, "12345678") is None
    guessed = [await uses(memory, f"9999000{one}") for one in range(4)]
    assert guessed == [None] * 4 and await uses(memory, "11112222") is None  # With the old one: five.
    await let_in(memory, CHIEF, number="33334444")
    assert (await uses(memory, "33334444"))[0] == "let_in"


async def test_a_password_that_was_reset_and_an_account_that_was_closed_are_known_nowhere(memory: Memory) -> None:
    await memory.write(sets)
    here = await memory.write(lambda session: trusts(session, pin="d"))
    await memory.write(
        lambda session: officers.reset_password(session, history_id=new_id(), login="duty", password_hash="x", by="command line", now=NOW)
    )
    assert await memory.write(lambda session: devices.try_pin(session, 1, here.id, DUTY, NOW)) is None

    await memory.write(lambda session: devices.know(session, act(), here.id, draw=new_id))
    await memory.write(lambda session: officer_rows.set_disabled(session, DUTY, NOW))
    assert await memory.write(lambda session: devices.try_pin(session, 1, here.id, DUTY, NOW)) is None


async def test_a_session_is_ended_by_its_own_officer_or_a_chief(memory: Memory) -> None:
    ids = [new_id(), new_id()]
    for at_, session_id in enumerate(ids):
        opened: dict[str, Any] = {"session_id": session_id, "ward_id": 1, "officer_id": DUTY, "token_hash": str(at_)}
        await memory.write(lambda session, opened=opened: officer_rows.open_session(session, **opened, now=NOW, ends_at=NOW + 1))  # type: ignore[misc]

    async def ends(by: int, session_id: int, *, is_chief: bool = False) -> str:
        ending = devices.Ending(act=act(by), is_chief=is_chief)
        try:
            await memory.write(lambda session: devices.end_session(session, ending, session_id))
        except Mistake as mistake:
            return mistake.key
        return ""

    gone = "mistake-session-gone"
    assert [await ends(SECOND, ids[0]), await ends(DUTY, ids[0]), await ends(DUTY, ids[0])] == [gone, "", gone]
    assert await ends(CHIEF, ids[1], is_chief=True) == ""
    assert await memory.read(happened) == [("signin_session_ended", {"officer": DUTY})] * 2
