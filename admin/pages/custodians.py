"""Becoming a custodian, confirming another one, getting back in with the recovery sheet, and stepping down."""

import asyncio

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import custody as page
from admin.passphrase import tried
from handlers import custodians
from handlers.acts import Act
from handlers.custodians import LEAST_PASSPHRASE
from handlers.officers import Mistake
from storage import moments
from storage.custody import Pair, mark_of, sheet_code
from storage.ids import new_id
from storage.queries import custody as rows
from storage.queries import officers as officer_rows
from storage.queries.custody import Keeper


def act_of(visit: Visit) -> Act:
    return Act(ward_id=visit.officer.ward_id, officer_id=visit.officer.id, history_id=new_id(), now=moments.now())


@page.forgiving
async def name(desk: Desk, visit: Visit) -> web.StreamResponse:
    given = (await read_form(visit.request)).get("officer", "")
    officer_id = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else 0
    act, custodian_id = act_of(visit), new_id()
    await desk.memory.write(
        lambda session: custodians.name_or_propose(session, act, custodian_id=custodian_id, officer_id=min(officer_id, 2**63 - 1))
    )
    return desk.go("/admin/niem-phong")


async def forms(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_forms(desk, visit)


async def make_pair(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The proposed officer's pair, or a new one in place of a lost one. The sheet is in this answer alone: it is stored nowhere."""
    given = await read_form(visit.request)
    passphrase = given.get("passphrase", "")
    try:
        own, proposal = await _mine(desk, visit)
        if own is None and (proposal is None or proposal.public_key is not None):
            raise Mistake("custody-no-proposal")
        custodians.check_passphrase(passphrase, given.get("again", ""), login=visit.officer.login)
        custodian_id = proposal.id if own is None and proposal else new_id()
        pair, hashed = Pair.fresh(), await _password_hash(desk, visit)

        def lock() -> bytes:
            return custodians.locked_away(pair, passphrase, custodian_id=custodian_id, password_hash=hashed)

        locked = await tried(desk, visit, lock)
        act, second_id = act_of(visit), new_id()

        def keep(session: Session) -> bool:
            if own is not None:
                custodians.propose_new_pair(session, act, custodian_id=custodian_id, pair=pair, locked=locked)
                return False
            return custodians.set_keys(session, act, custodian_id=custodian_id, pair=pair, locked=locked, active_history_id=second_id)

        is_active = await desk.memory.write(keep)
    except Mistake as mistake:
        return await _draw_forms(desk, visit, mistake=mistake.key)
    groups = sheet_code(pair).split("-")
    return desk.show(visit, "custody_sheet.html", groups=groups, is_active=is_active, now=act.now, mark=mark_of(pair.public))


async def restore(desk: Desk, visit: Visit) -> web.StreamResponse:
    given = await read_form(visit.request)
    passphrase, code = given.get("passphrase", ""), given.get("code", "")[:200]
    try:
        own, _proposal = await _mine(desk, visit)
        if own is None:
            raise Mistake("custody-not-yours")
        keeper = own
        custodians.check_passphrase(passphrase, given.get("again", ""), login=visit.officer.login)
        hashed = await _password_hash(desk, visit)

        def lock() -> bytes:
            pair = custodians.pair_on_sheet(code, keeper=keeper)
            return custodians.locked_away(pair, passphrase, custodian_id=keeper.id, password_hash=hashed)

        locked, act = await tried(desk, visit, lock), act_of(visit)
        await desk.memory.write(lambda session: custodians.change_passphrase(session, act, custodian_id=keeper.id, locked=locked))
    except Mistake as mistake:
        return await _draw_forms(desk, visit, mistake=mistake.key)
    return desk.go("/admin/niem-phong")


@page.forgiving
async def confirm(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The confirmer's passphrase opens what is handed over, a few shares at a time, so that nobody waits for the writer."""
    custodian_id, officer = number_in(visit.request, "custodian", sorry="custody-no-proposal"), visit.officer
    passphrase = (await read_form(visit.request)).get("passphrase", "")[:200]
    giver, taker, locked = await desk.memory.read(
        lambda session: custodians.to_confirm(session, officer.ward_id, custodian_id, officer_id=officer.id)
    )
    pair = await tried(desk, visit, lambda: custodians.unlocked(locked, passphrase, keeper=giver))
    while True:
        await _hand_over(desk, officer.ward_id, giver, taker, pair)
        act = act_of(visit)
        if await desk.memory.write(lambda session, act=act: custodians.confirm(session, act, giver=giver, taker=taker)):  # type: ignore[misc]
            return desk.go("/admin/niem-phong")


async def _hand_over(desk: Desk, ward_id: int, giver: Keeper, taker: Keeper, pair: Pair) -> None:
    def find(session: Session) -> list[tuple[int, bytes]]:
        return rows.shares_to_pass_on(session, ward_id, giver=giver.id, taker=taker.id, most=custodians.AT_ONCE)

    while found := await desk.memory.read(find):
        shares = await asyncio.to_thread(custodians.reshared, found, pair, giver=giver, taker=taker)
        await desk.memory.write(
            lambda session, shares=shares: custodians.hand_over(session, ward_id, taker=taker, shares=shares, draw=new_id)  # type: ignore[misc]
        )


@page.forgiving
async def leave(desk: Desk, visit: Visit) -> web.StreamResponse:
    custodian_id, act = number_in(visit.request, "custodian", sorry="custody-no-proposal"), act_of(visit)
    await desk.memory.write(lambda session: custodians.leave(session, act, custodian_id=custodian_id))
    return desk.go("/admin/niem-phong")


async def _mine(desk: Desk, visit: Visit) -> tuple[Keeper | None, Keeper | None]:
    """(this officer's active pair, this officer's proposal)."""
    found = await desk.memory.read(lambda session: rows.keepers(session, visit.officer.ward_id))
    own = [one for one in found if one.officer_id == visit.officer.id]
    return next((one for one in own if one.is_active), None), next((one for one in own if one.status == "proposed"), None)


async def _password_hash(desk: Desk, visit: Visit) -> str:
    return await desk.memory.read(lambda session: officer_rows.password_hash_by_id(session, visit.officer.id))


async def _draw_forms(desk: Desk, visit: Visit, *, mistake: str = "") -> web.StreamResponse:
    own, proposal = await _mine(desk, visit)
    found = await desk.memory.read(lambda session: rows.active_custodians(session, visit.officer.ward_id))
    has_others = bool(set(found) - {own.id if own else 0})
    status = 200 if not mistake else 429 if mistake == "custody-too-many" else 422
    return desk.show(
        visit,
        "custody_key.html",
        status=status,
        mistake=mistake,
        own=own,
        proposal=proposal,
        has_others=has_others,
        least=LEAST_PASSPHRASE,
    )
