"""P2: identities are sealed to people. What opens them, what does not, and what stands in the database."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from handlers import callbacks, custodians, custody, officers, openings
from handlers.acts import Act
from handlers.custody import NoCustodian, take_in
from handlers.officers import Mistake
from storage import custody as keys
from storage import master_key, tables
from storage.custody import Cost, Pair, WrongPassphrase
from storage.ids import new_id
from storage.master_key import KeyTrouble
from storage.memory import Memory
from storage.queries import callbacks as callback_rows
from storage.queries import custody as rows
from storage.queries import shredding
from storage.queries.rings import tip_key_place
from storage.vault import Ring, Sealed, vault_of
from tests.databases import Database, known_vault

CHEAP = Cost(rounds=1, memory_kib=64, lanes=1)
VALUE = {"name": "Canary Nguyễn", "phone": "0912 345 678"}
SENTENCE = "trau oi ta bao trau nay"
TIP, CHIEF, NOW = 77, 1, 1_000_000


# -- without a database ------------------------------------------------------------------------------------------------------


def test_a_private_key_opens_with_its_passphrase_in_its_own_row_only() -> None:
    pair = Pair.fresh()
    locked = keys.lock_away(pair, SENTENCE, custodian_id=5)

    assert keys.unlock(locked, SENTENCE, custodian_id=5) == pair
    for passphrase, custodian_id in ((SENTENCE + " ", 5), ("", 5), (SENTENCE, 6)):
        with pytest.raises(WrongPassphrase):
            keys.unlock(locked, passphrase, custodian_id=custodian_id)
    with pytest.raises(Sealed):
        keys.unlock(b"", SENTENCE, custodian_id=5)
    with pytest.raises(Sealed):  # A row that asks for more memory than there is.
        keys.unlock(locked[:2] + b"\xff" + locked[3:], SENTENCE, custodian_id=5)


@pytest.mark.parametrize("at", [8, 20, 30, 40, -1])
def test_a_changed_byte_of_a_locked_key_is_noticed(at: int) -> None:
    locked = bytearray(keys.lock_away(Pair.fresh(), SENTENCE, custodian_id=5))
    locked[at] ^= 1

    with pytest.raises(WrongPassphrase):
        keys.unlock(bytes(locked), SENTENCE, custodian_id=5)


def test_the_usual_cost_is_not_cheap() -> None:
    assert Cost().memory_kib >= 64 * 1024 and Cost().rounds >= 3 and Cost().is_sane


def test_the_sheet_gives_back_the_pair_and_is_no_master_key() -> None:
    pair = Pair.fresh()
    code = keys.sheet_code(pair)

    assert code.startswith("KHOA-") and len(code.split("-")) == 15
    assert keys.read_sheet(code.lower().replace("-", " ")) == pair
    for wrong in (code[:-1], master_key.written(pair.private), "KHOA-1234", ""):
        with pytest.raises(KeyTrouble):
            keys.read_sheet(wrong)
    with pytest.raises(KeyTrouble):
        master_key.read(code)


@pytest.mark.parametrize("many", [1, 2, 7])
def test_every_custodian_opens_with_the_own_share(many: int) -> None:
    pairs = {number: Pair.fresh() for number in range(1, many + 1)}
    sealed, shares = keys.seal_identity(VALUE, {number: pair.public for number, pair in pairs.items()}, identity_id=9)

    for number, pair in pairs.items():
        assert keys.open_identity(sealed, shares[number], pair, identity_id=9, custodian_id=number) == VALUE
    assert len({bytes(share) for share in shares.values()}) == many
    assert b"Canary" not in sealed + b"".join(shares.values())


def test_a_share_elsewhere_does_not_open() -> None:
    one, two = Pair.fresh(), Pair.fresh()
    sealed, shares = keys.seal_identity(VALUE, {1: one.public, 2: two.public}, identity_id=9)
    other, others = keys.seal_identity({"name": "x"}, {1: one.public}, identity_id=10)

    for value, share, pair, identity_id, custodian_id in (
        (sealed, shares[2], one, 9, 1),  # Another custodian's.
        (sealed, shares[1], one, 9, 2),  # Called another custodian's.
        (sealed, shares[1], one, 10, 1),  # Moved to another identity.
        (sealed, others[1], one, 10, 1),  # The other identity's key.
        (other, others[1], one, 9, 1),
        (sealed, shares[1][:-1], one, 9, 1),
        (sealed[:-1], shares[1], one, 9, 1),
    ):
        with pytest.raises(Sealed):
            keys.open_identity(value, share, pair, identity_id=identity_id, custodian_id=custodian_id)


def test_a_share_is_passed_on_without_opening_the_value() -> None:
    one, two = Pair.fresh(), Pair.fresh()
    sealed, shares = keys.seal_identity(VALUE, {1: one.public}, identity_id=9)
    passed = keys.reshare(shares[1], one, {2: two.public}, identity_id=9, custodian_id=1)

    assert keys.open_identity(sealed, passed[2], two, identity_id=9, custodian_id=2) == VALUE
    with pytest.raises(Sealed):
        keys.reshare(shares[1], two, {2: two.public}, identity_id=9, custodian_id=1)


def test_a_view_opens_in_the_browser_that_asked_alone() -> None:
    browser, other = Pair.fresh(), Pair.fresh()
    content = keys.seal_view([VALUE], browser.public, opening_id=3)

    assert keys.open_view(content, browser, opening_id=3) == [VALUE]
    for pair, opening_id in ((other, 3), (browser, 4)):
        with pytest.raises(Sealed):
            keys.open_view(content, pair, opening_id=opening_id)


# -- with one ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    """A ward with a chief (1), two duty officers (2, 3), an inspector (4), an administrator (5), and one tip."""
    memory = Memory(database.url, known_vault())
    await memory.start()

    def fill(session: Session) -> None:
        session.add(tables.Ward(id=1, name="", created_at=0))
        session.flush()
        for number, role in enumerate(("chief", "duty", "duty", "inspector", "administrator"), 1):
            session.add(
                tables.Officer(id=number, ward_id=1, login=f"o{number}", name=f"O{number}", role=role, password_hash="", created_at=0)
            )
        session.add(
            tables.Tip(
                id=TIP,
                ward_id=1,
                channel="webchat",
                data_key=vault_of(session).wrap(Ring.fresh(), tip_key_place(TIP)),
                state="S1",
                code_tail="9ABC",
                created_at=0,
                arrived_at=1,
            )
        )

    await memory.write(fill)
    yield memory
    await memory.stop()


def every(session: Session, table: Any) -> list[Any]:
    return list(session.execute(select(table).order_by(table.id)).scalars())


def act(officer_id: int) -> Act:
    return Act(ward_id=1, officer_id=officer_id, history_id=new_id(), now=NOW)


async def becomes_custodian(memory: Memory, officer_id: int, *, named_by: int = CHIEF) -> tuple[int, Pair, bool]:
    """(custodian, pair, active at once)."""
    custodian_id, pair, named = new_id(), Pair.fresh(), act(named_by)
    await memory.write(lambda session: custodians.name_or_propose(session, named, custodian_id=custodian_id, officer_id=officer_id))
    locked, own, second = keys.lock_away(pair, SENTENCE, custodian_id=custodian_id), act(officer_id), new_id()
    is_active = await memory.write(
        lambda session: custodians.set_keys(session, own, custodian_id=custodian_id, pair=pair, locked=locked, active_history_id=second)
    )
    return custodian_id, pair, is_active


async def confirms(memory: Memory, custodian_id: int, *, by: int) -> None:
    giver, taker, locked = await memory.read(lambda session: custodians.to_confirm(session, 1, custodian_id, officer_id=by))
    pair = custodians.unlocked(locked, SENTENCE, keeper=giver)
    while True:
        found = await memory.read(lambda session: rows.shares_to_pass_on(session, 1, giver=giver.id, taker=taker.id, most=2))
        if not found:
            break
        shares = custodians.reshared(found, pair, giver=giver, taker=taker)
        await memory.write(
            lambda session, shares=shares: custodians.hand_over(session, 1, taker=taker, shares=shares, draw=new_id)  # type: ignore[misc]
        )
    confirming = act(by)
    assert await memory.write(lambda session: custodians.confirm(session, confirming, giver=giver, taker=taker))


async def taken_in(memory: Memory, value: dict[str, str] = VALUE) -> int:
    identity_id = new_id()
    await memory.write(lambda session: take_in(session, ward_id=1, tip_id=TIP, identity_id=identity_id, draw=new_id, value=value, now=NOW))
    return identity_id


async def opens(memory: Memory, custodian_id: int, pair: Pair) -> list[dict[str, str]]:
    found = await memory.read(lambda session: tuple(rows.shares_of_tip(session, 1, TIP, custodian_id=custodian_id)))
    return [keys.open_identity(one.value, one.share, pair, identity_id=one.identity_id, custodian_id=custodian_id) for one in found]


async def keepers_of(memory: Memory) -> list[tuple[int, str]]:
    return await memory.read(lambda session: [(one.officer_id, one.status) for one in rows.keepers(session, 1)])


async def test_p2_without_a_custodian_nothing_is_taken_in(memory: Memory) -> None:
    assert await memory.read(lambda session: custody.active_custodians(session, 1)) == {}
    with pytest.raises(NoCustodian):
        await taken_in(memory)
    assert await memory.read(lambda session: rows.count_identities(session, 1, TIP)) == 0


async def test_the_first_is_active_at_once_and_a_second_is_not(memory: Memory) -> None:
    first, first_pair, is_active = await becomes_custodian(memory, 2)
    assert is_active
    for value in ({"name": str(n)} for n in range(5)):
        await taken_in(memory, value)
    second, second_pair, is_active = await becomes_custodian(memory, 3, named_by=2)

    assert not is_active
    assert set(await memory.read(lambda session: custody.active_custodians(session, 1))) == {first}
    await confirms(memory, second, by=2)
    assert set(await memory.read(lambda session: custody.active_custodians(session, 1))) == {first, second}
    await taken_in(memory, {"name": "5"})
    assert await opens(memory, second, second_pair) == await opens(memory, first, first_pair) == [{"name": str(n)} for n in range(6)]


async def test_two_named_at_once_do_not_both_become_the_first(memory: Memory) -> None:
    ids = new_id(), new_id()
    for officer_id, custodian_id in zip((2, 3), ids, strict=True):
        named = act(CHIEF)
        await memory.write(
            lambda session, n=named, c=custodian_id, o=officer_id: custodians.name_or_propose(session, n, custodian_id=c, officer_id=o)  # type: ignore[misc]
        )

    async def sets(officer_id: int, custodian_id: int) -> bool:
        pair, own, second = Pair.fresh(), act(officer_id), new_id()
        locked = keys.lock_away(pair, SENTENCE, custodian_id=custodian_id)
        return await memory.write(
            lambda session: custodians.set_keys(session, own, custodian_id=custodian_id, pair=pair, locked=locked, active_history_id=second)
        )

    assert sorted(await asyncio.gather(sets(2, ids[0]), sets(3, ids[1]))) == [False, True]


@pytest.mark.parametrize("officer_id", [4, 5, 99])
async def test_neither_inspector_nor_administrator_keeps_a_key(memory: Memory, officer_id: int) -> None:
    with pytest.raises(Mistake, match="custody-not-this-role"):
        await becomes_custodian(memory, officer_id)


@pytest.mark.parametrize("named_by", [2, 4, 5])
async def test_only_the_chief_names_the_first(memory: Memory, named_by: int) -> None:
    with pytest.raises(Mistake, match="custody-may-not-name"):
        await becomes_custodian(memory, 3, named_by=named_by)


async def test_once_there_is_a_custodian_the_chief_alone_cannot_add_one(memory: Memory) -> None:
    await becomes_custodian(memory, 2)
    with pytest.raises(Mistake, match="custody-may-not-name"):
        await becomes_custodian(memory, 3, named_by=CHIEF)


async def test_nobody_confirms_the_own_pair_or_one_without_keys(memory: Memory) -> None:
    await becomes_custodian(memory, 2)
    proposed, proposing = new_id(), act(2)
    await memory.write(lambda session: custodians.name_or_propose(session, proposing, custodian_id=proposed, officer_id=3))
    with pytest.raises(Mistake, match="custody-no-proposal"):
        await confirms(memory, proposed, by=2)
    third = new_id()
    with pytest.raises(Mistake, match="custody-alone"):
        await memory.write(
            lambda session: custodians.propose_new_pair(session, proposing, custodian_id=third, pair=Pair.fresh(), locked=b"")
        )
    assert await keepers_of(memory) == [(2, "active"), (3, "proposed")]


async def test_a_lost_pair_is_replaced_by_one_that_another_custodian_confirms(memory: Memory) -> None:
    first, first_pair, _ = await becomes_custodian(memory, 2)
    await taken_in(memory)
    second, _second_pair, _ = await becomes_custodian(memory, 3, named_by=2)
    await confirms(memory, second, by=2)
    third, fresh, own = new_id(), Pair.fresh(), act(2)
    locked = keys.lock_away(fresh, SENTENCE, custodian_id=third)
    await memory.write(lambda session: custodians.propose_new_pair(session, own, custodian_id=third, pair=fresh, locked=locked))
    with pytest.raises(Mistake, match="custody-own-pair"):
        await confirms(memory, third, by=2)
    await confirms(memory, third, by=3)

    assert set(await memory.read(lambda session: custody.active_custodians(session, 1))) == {second, third}
    assert await opens(memory, third, fresh) == [VALUE]
    assert await opens(memory, first, first_pair) == []  # The old pair's shares are gone.


async def test_a_passphrase_is_set_anew_from_the_sheet(memory: Memory) -> None:
    custodian_id, pair, _ = await becomes_custodian(memory, 2)
    await taken_in(memory)
    [keeper] = await memory.read(lambda session: tuple(rows.keepers(session, 1)))
    found = custodians.pair_on_sheet(keys.sheet_code(pair), keeper=keeper)
    locked, own = keys.lock_away(found, "con co ma di an dem", custodian_id=custodian_id), act(2)
    await memory.write(lambda session: custodians.change_passphrase(session, own, custodian_id=custodian_id, locked=locked))
    stored = await memory.read(lambda session: rows.private_key_of(session, 1, custodian_id))

    with pytest.raises(Mistake, match="custody-wrong-passphrase"):
        custodians.unlocked(stored, SENTENCE, keeper=keeper)
    assert await opens(memory, custodian_id, custodians.unlocked(stored, "con co ma di an dem", keeper=keeper)) == [VALUE]
    with pytest.raises(Mistake, match="mistake-sheet-other"):
        custodians.pair_on_sheet(keys.sheet_code(Pair.fresh()), keeper=keeper)


async def test_the_last_custodian_cannot_step_down(memory: Memory) -> None:
    first, _pair, _ = await becomes_custodian(memory, 2)

    async def leaves(officer_id: int, custodian_id: int) -> None:
        leaving = act(officer_id)
        await memory.write(lambda session: custodians.leave(session, leaving, custodian_id=custodian_id))

    with pytest.raises(Mistake, match="custody-last"):
        await leaves(2, first)
    second, _pair, _ = await becomes_custodian(memory, 3, named_by=2)
    await confirms(memory, second, by=2)
    with pytest.raises(Mistake, match="custody-not-yours"):  # Nobody pushes another one out.
        await leaves(3, first)
    await leaves(2, first)
    assert await keepers_of(memory) == [(3, "active")]
    assert await memory.read(lambda session: rows.private_key_of(session, 1, first)) is None


async def test_a_closed_account_keeps_no_key_and_another_custodian_ends_it(memory: Memory) -> None:
    first, _pair, _ = await becomes_custodian(memory, 2)
    second, _pair, _ = await becomes_custodian(memory, 3, named_by=2)
    await confirms(memory, second, by=2)
    history_id = new_id()
    await memory.write(
        lambda session: officers.close_account(session, 1, officer_id=2, by=CHIEF, why="left", history_id=history_id, now=NOW)
    )
    assert set(await memory.read(lambda session: custody.active_custodians(session, 1))) == {second}
    ending = act(3)
    await memory.write(lambda session: custodians.leave(session, ending, custodian_id=first))
    assert await keepers_of(memory) == [(3, "active")]


async def test_a_swapped_public_key_is_noticed(memory: Memory) -> None:
    custodian_id, _pair, _ = await becomes_custodian(memory, 2)

    def swap(session: Session) -> None:
        row = session.get(tables.Custodian, custodian_id)
        assert row
        row.public_key = Pair.fresh().public

    await memory.write(swap)
    [keeper] = await memory.read(lambda session: tuple(rows.keepers(session, 1)))
    stored = await memory.read(lambda session: rows.private_key_of(session, 1, custodian_id))
    for bent in (stored, b"\x03" + bytes(80)):
        with pytest.raises(Mistake, match="custody-key-changed"):
            custodians.unlocked(bent, SENTENCE, keeper=keeper)


async def test_what_is_forgotten_opens_for_nobody(memory: Memory) -> None:
    custodian_id, pair, _ = await becomes_custodian(memory, 2)
    await taken_in(memory)

    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="closed"))
    assert await memory.read(lambda session: [row.value for row in every(session, tables.Identity)]) == [None]
    assert await memory.read(lambda session: [row.share for row in every(session, tables.IdentityShare)]) == [None]
    assert (await opens(memory, custodian_id, pair), await memory.read(lambda session: rows.count_identities(session, 1, TIP))) == ([], 0)


async def test_a_custodian_can_still_be_confirmed_after_a_tip_was_shredded(memory: Memory) -> None:
    """Empty shares used to be handed over as if they were some, and no second custodian ever came."""
    await becomes_custodian(memory, 2)
    await taken_in(memory)
    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="closed"))
    second, _pair, _ = await becomes_custodian(memory, 3, named_by=2)
    await confirms(memory, second, by=2)

    assert await keepers_of(memory) == [(2, "active"), (3, "active")]


async def test_p2_database_and_master_key_together_open_no_identity(memory: Memory) -> None:
    """Everything that this machine holds is tried as a key; and the name stands nowhere in clear."""
    await becomes_custodian(memory, 2)
    identity_id = await taken_in(memory)

    def everything(session: Session) -> list[bytes]:
        ring = vault_of(session).unwrap(session.get_one(tables.Tip, TIP).data_key, tip_key_place(TIP))
        cells = [
            value
            for table in (tables.Custodian, tables.IdentityShare, tables.Identity)
            for row in every(session, table)
            for value in vars(row).values()
        ]
        return [*ring.keys, *vault_of(session)._masters(), *(cell for cell in cells if isinstance(cell, bytes))]

    held = await memory.read(everything)
    found = await memory.read(
        lambda session: tuple(rows.shares_of_tip(session, 1, TIP, custodian_id=next(iter(rows.active_custodians(session, 1)))))
    )
    [share] = found
    custodian_id = (await memory.read(lambda session: list(rows.active_custodians(session, 1))))[0]
    for key in {cell[at : at + 32] for cell in held for at in range(0, max(1, len(cell) - 31))}:
        if len(key) != 32:
            continue
        with pytest.raises(Sealed):
            keys.open_identity(share.value, share.share, Pair.of(key), identity_id=identity_id, custodian_id=custodian_id)
        with pytest.raises(Sealed):
            Ring((key,)).open(share.value, keys._value_place(identity_id))
    assert not any(b"Canary" in cell or b"345" in cell for cell in held)


async def test_every_step_stands_in_the_history_without_a_tip(memory: Memory) -> None:
    await becomes_custodian(memory, 2)
    second, _pair, _ = await becomes_custodian(memory, 3, named_by=2)
    await confirms(memory, second, by=2)
    steps = await memory.read(lambda session: [(row.tip_id, row.what) for row in every(session, tables.HistoryRow)])

    assert [what for _tip, what in steps] == [
        *("custodian_named", "custodian_key_made", "custodian_active"),
        *("custodian_proposed", "custodian_key_made", "custodian_active"),
    ]
    assert {tip for tip, _what in steps} == {None}


async def test_requests_run_out_and_views_are_erased_by_themselves(memory: Memory) -> None:
    await becomes_custodian(memory, 2)
    await taken_in(memory)
    late, seen = new_id(), new_id()
    for opening_id, officer_id in ((late, 1), (seen, 3)):
        asking = act(officer_id)
        await memory.write(
            lambda session, a=asking, o=opening_id: openings.ask(  # type: ignore[misc]
                session, a, opening_id=o, tip_id=TIP, what="identity", reason="lấy lời khai", view_key=Pair.fresh().public
            )
        )
    approving = act(2)
    await memory.write(lambda session: openings.approve(session, approving, opening_id=seen, content=b"sealed") and None)
    over = NOW + openings.OPEN_FOR["identity"]

    def contents(session: Session) -> list[tuple[str, bytes | None]]:
        return [(row.status, row.content) for row in every(session, tables.Opening)]

    await memory.write(lambda session: openings.tidy(session, now=over - 1, draw=new_id))
    assert await memory.read(contents) == [("asked", None), ("approved", b"sealed")]
    await memory.write(lambda session: openings.tidy(session, now=over, draw=new_id))
    assert await memory.read(contents) == [("asked", None), ("approved", None)]
    await memory.write(lambda session: openings.tidy(session, now=NOW + openings.ANSWERED_WITHIN, draw=new_id))
    assert await memory.read(contents) == [("expired", None), ("approved", None)]
    with pytest.raises(Mistake, match="custody-answered"):
        await memory.write(lambda session: openings.approve(session, approving, opening_id=late, content=b"") and None)


async def test_of_two_approvals_at_once_one_is_told(memory: Memory) -> None:
    await becomes_custodian(memory, 2)
    second, _pair, _ = await becomes_custodian(memory, 3, named_by=2)
    await confirms(memory, second, by=2)
    await taken_in(memory)
    opening_id, asking = new_id(), act(1)
    await memory.write(
        lambda session: openings.ask(
            session, asking, opening_id=opening_id, tip_id=TIP, what="identity", reason="lấy lời khai", view_key=os.urandom(32)
        )
    )

    async def approve(officer_id: int) -> bool:
        approving = act(officer_id)
        try:
            await memory.write(lambda session: openings.approve(session, approving, opening_id=opening_id, content=b"x") and None)
        except Mistake as mistake:
            assert mistake.key == "custody-answered"
            return False
        return True

    assert sorted(await asyncio.gather(approve(2), approve(3))) == [False, True]


# -- call-back numbers -------------------------------------------------------------------------------------------------------


async def test_a_later_number_takes_the_place_of_the_former_and_goes_with_the_tip(memory: Memory) -> None:
    async def gives(number: str) -> None:
        row_id = new_id()
        await memory.write(lambda session: callback_rows.keep(session, ward_id=1, tip_id=TIP, callback_id=row_id, number=number, now=NOW))

    async def views(officer_id: int) -> str:
        history_id = new_id()
        return await memory.write(
            lambda session: callbacks.view(session, ward_id=1, tip_id=TIP, officer_id=officer_id, history_id=history_id, now=NOW)
        )

    def accept(session: Session) -> None:
        session.get_one(tables.Tip, TIP).accepted_by = 2

    await gives("0912 000 111")
    with pytest.raises(Mistake, match="callback-not-yours"):  # Nobody has accepted yet.
        await views(2)
    await memory.write(accept)
    await gives("0912 000 222")
    assert [await views(2), await views(2)] == ["0912 000 222"] * 2
    for other in (1, 3, 4):
        with pytest.raises(Mistake, match="callback-not-yours"):
            await views(other)
    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="closed"))
    assert await memory.read(lambda session: [(row.data_key, row.number) for row in every(session, tables.Callback)]) == [(None, None)]
    with pytest.raises(Mistake, match="callback-nothing"):
        await views(2)
    whats = await memory.read(lambda session: [row.what for row in every(session, tables.HistoryRow)])
    assert whats.count("callback_viewed") == 2


def test_the_roles_and_what_each_may() -> None:
    assert {role: officers.may(role, "read") for role in officers.ROLES} == {
        "chief": True,
        "duty": True,
        "handler": True,
        "keeper": True,
        "inspector": True,
        "custodian": False,
        "administrator": False,
    }
    assert [role for role in officers.ROLES if officers.may(role, "ask_identity")] == ["chief", "duty", "handler"]
    assert officers.RIGHTS["administrator"] == frozenset({"machine", "see_book", "places", "settings", "leaders", "groups", "see_groups"})
