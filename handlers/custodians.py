"""Who keeps the keys of identities, and how somebody comes to and leaves it.

The first is named by the chief while there is none. Every further one is proposed by a custodian, sets a passphrase, and is
confirmed by a custodian, who hands over a share of everything that is sealed. The administrator has no part in any of it: every
page of this is closed to that role. Each step is a history row without a tip.

Functions that stretch a passphrase are slow on purpose (argon2id) and belong in a thread; those with a session are transactions.
"""

from collections.abc import Callable

from sqlmodel import Session

from handlers import officers
from handlers.acts import Act, note
from handlers.officers import Mistake
from storage import custody as keys
from storage.custody import Pair, WrongPassphrase
from storage.master_key import KeyTrouble
from storage.passwords import is_password
from storage.queries import custody as rows
from storage.queries import officers as officer_rows
from storage.queries.custody import Keeper
from storage.vault import Sealed

LEAST_PASSPHRASE = 12
AT_ONCE = 25  # Shares passed on in one transaction.


# -- passphrases (slow) --------------------------------------------------------------------------------------------------------


def check_passphrase(passphrase: str, again: str, *, login: str) -> None:
    if len(passphrase) < LEAST_PASSPHRASE or len(passphrase) > 200 or len(set(passphrase)) < 5:
        raise Mistake("mistake-passphrase-short")
    if login.lower() in passphrase.lower():
        raise Mistake("mistake-passphrase-login")
    if passphrase != again:
        raise Mistake("mistake-passphrase-again")


def locked_away(pair: Pair, passphrase: str, *, custodian_id: int, password_hash: str) -> bytes:
    """Never what opens the desk already: one overheard secret must not open both."""
    if any(is_password(password_hash, variant) for variant in {passphrase, passphrase.lower(), passphrase.strip()}):
        raise Mistake("mistake-passphrase-password")
    return keys.lock_away(pair, passphrase, custodian_id=custodian_id)


def unlocked(locked: bytes | None, passphrase: str, *, keeper: Keeper) -> Pair:
    """The pair, and shown to be the one whose public half stands in the row: a swapped public key is noticed here."""
    if locked is None:
        raise Mistake("custody-not-yours")
    try:
        pair = keys.unlock(locked, passphrase, custodian_id=keeper.id)
    except WrongPassphrase:
        raise Mistake("custody-wrong-passphrase") from None
    except Sealed:
        raise Mistake("custody-key-changed") from None
    if pair.public != keeper.public_key:
        raise Mistake("custody-key-changed")
    return pair


def pair_on_sheet(code: str, *, keeper: Keeper) -> Pair:
    try:
        pair = keys.read_sheet(code)
    except KeyTrouble:
        raise Mistake("mistake-sheet-unreadable") from None
    if pair.public != keeper.public_key:
        raise Mistake("mistake-sheet-other")
    return pair


# -- coming to it --------------------------------------------------------------------------------------------------------------


def name_or_propose(session: Session, act: Act, *, custodian_id: int, officer_id: int) -> None:
    """The chief names the first; afterwards a custodian proposes. Raises Mistake."""
    rows.one_at_a_time(session)
    found = rows.keepers(session, act.ward_id)
    if not may_name(session, act.ward_id, act.officer_id, found):
        raise Mistake("custody-may-not-name")
    if not officers.may(officer_rows.role_of(session, act.ward_id, officer_id), "custody"):
        raise Mistake("custody-not-this-role")
    if any(keeper.officer_id == officer_id for keeper in found):
        raise Mistake("custody-already")
    rows.add_custodian(
        session, custodian_id=custodian_id, ward_id=act.ward_id, officer_id=officer_id, now=act.now, public_key=None, private_key=None
    )
    is_first = not any(keeper.is_active for keeper in found)
    note(session, act, "custodian_named" if is_first else "custodian_proposed", custodian=custodian_id, officer=officer_id)


def set_keys(session: Session, act: Act, *, custodian_id: int, pair: Pair, locked: bytes, active_history_id: int) -> bool:
    """The proposed officer's own pair. True: active at once, because there is no other custodian."""
    rows.one_at_a_time(session)
    keeper = _keeper(session, act.ward_id, custodian_id)
    if keeper.officer_id != act.officer_id or not rows.give_keys(session, custodian_id, public_key=pair.public, private_key=locked):
        raise Mistake("custody-no-proposal")
    note(session, act, "custodian_key_made", custodian=custodian_id, officer=act.officer_id)
    if rows.active_custodians(session, act.ward_id):
        return False
    rows.activate(session, custodian_id, confirmed_by=None, now=act.now)
    first = Act(ward_id=act.ward_id, officer_id=act.officer_id, history_id=active_history_id, now=act.now)
    note(session, first, "custodian_active", custodian=custodian_id, officer=act.officer_id)
    return True


def propose_new_pair(session: Session, act: Act, *, custodian_id: int, pair: Pair, locked: bytes) -> None:
    """A custodian who has lost passphrase and sheet. Another one must confirm it; until then the old pair stands."""
    rows.one_at_a_time(session)
    found = rows.keepers(session, act.ward_id)
    active_keeper(found, act.officer_id)
    if not any(keeper.is_active and keeper.officer_id != act.officer_id for keeper in found):
        raise Mistake("custody-alone")
    for keeper in found:
        if keeper.officer_id == act.officer_id and keeper.status == "proposed":
            rows.end(session, keeper.id, now=act.now)
    rows.add_custodian(
        session,
        custodian_id=custodian_id,
        ward_id=act.ward_id,
        officer_id=act.officer_id,
        now=act.now,
        public_key=pair.public,
        private_key=locked,
    )
    note(session, act, "custodian_new_pair", custodian=custodian_id, officer=act.officer_id)


def change_passphrase(session: Session, act: Act, *, custodian_id: int, locked: bytes) -> None:
    """The same key from the recovery sheet, under a new passphrase."""
    rows.one_at_a_time(session)
    keeper = active_keeper(rows.keepers(session, act.ward_id), act.officer_id)
    if keeper.id != custodian_id:
        raise Mistake("custody-not-yours")
    rows.change_lock(session, custodian_id, private_key=locked)
    note(session, act, "custodian_restored", custodian=custodian_id, officer=act.officer_id)


# -- confirming ----------------------------------------------------------------------------------------------------------------


def to_confirm(session: Session, ward_id: int, custodian_id: int, *, officer_id: int) -> tuple[Keeper, Keeper, bytes | None]:
    """(who confirms, who is confirmed, the confirmer's locked key). Raises Mistake."""
    found = rows.keepers(session, ward_id)
    giver = active_keeper(found, officer_id)
    taker = next((keeper for keeper in found if keeper.id == custodian_id and keeper.status == "proposed"), None)
    if taker is None or taker.public_key is None or taker.is_gone:
        raise Mistake("custody-no-proposal")
    if taker.officer_id == officer_id:
        raise Mistake("custody-own-pair")
    return giver, taker, rows.private_key_of(session, ward_id, giver.id)


def reshared(found: list[tuple[int, bytes]], pair: Pair, *, giver: Keeper, taker: Keeper) -> dict[int, bytes]:
    """The taker's shares, by identity."""
    assert taker.public_key is not None
    return {
        identity_id: keys.reshare(share, pair, {taker.id: taker.public_key}, identity_id=identity_id, custodian_id=giver.id)[taker.id]
        for identity_id, share in found
    }


def hand_over(session: Session, ward_id: int, *, taker: Keeper, shares: dict[int, bytes], draw: Callable[[], int]) -> None:
    """Some of the shares. Two who confirm at once do not double them."""
    rows.one_at_a_time(session)
    _check_pair(session, ward_id, taker)
    for identity_id in shares.keys() - rows.held_by(session, taker.id, list(shares)):
        rows.add_share(session, share_id=draw(), ward_id=ward_id, identity_id=identity_id, custodian_id=taker.id, share=shares[identity_id])


def confirm(session: Session, act: Act, *, giver: Keeper, taker: Keeper) -> bool:
    """Active from now on, and the same officer's former pair ends. False: an identity came in meanwhile, hand that over first."""
    rows.one_at_a_time(session)
    found = rows.keepers(session, act.ward_id)
    if active_keeper(found, act.officer_id).id != giver.id:
        raise Mistake("custody-not-yours")
    _check_pair(session, act.ward_id, taker)
    if rows.shares_to_pass_on(session, act.ward_id, giver=giver.id, taker=taker.id, most=1):
        return False
    if not rows.activate(session, taker.id, confirmed_by=giver.id, now=act.now):
        raise Mistake("custody-no-proposal")
    former = [keeper.id for keeper in found if keeper.officer_id == taker.officer_id and keeper.id != taker.id]
    for custodian_id in former:
        rows.end(session, custodian_id, now=act.now)
    note(session, act, "custodian_active", custodian=taker.id, officer=taker.officer_id, by=giver.id, ended=len(former))
    return True


# -- leaving it ----------------------------------------------------------------------------------------------------------------


def leave(session: Session, act: Act, *, custodian_id: int) -> None:
    """Step down; take back a proposal; or end the pair of somebody whose account is closed. The last active pair never ends."""
    rows.one_at_a_time(session)
    found = rows.keepers(session, act.ward_id)
    keeper = next((one for one in found if one.id == custodian_id), None)
    if keeper is None:
        raise Mistake("custody-no-proposal")
    is_own, is_kept = keeper.officer_id == act.officer_id, any(one.is_active and one.id != custodian_id for one in found)
    if keeper.status == "proposed":
        if not (is_own or may_name(session, act.ward_id, act.officer_id, found)):
            raise Mistake("custody-not-yours")
        what = "custodian_withdrawn"
    elif is_own and keeper.is_active:
        what = "custodian_stepped_down"
    elif keeper.is_gone:
        active_keeper(found, act.officer_id)
        what = "custodian_ended"
    else:
        raise Mistake("custody-not-yours")
    if keeper.status == "active" and not is_kept:
        raise Mistake("custody-last")
    rows.end(session, custodian_id, now=act.now)
    note(session, act, what, custodian=custodian_id, officer=keeper.officer_id)


# -- who is who ----------------------------------------------------------------------------------------------------------------


def active_keeper(found: list[Keeper], officer_id: int) -> Keeper:
    keeper = next((one for one in found if one.officer_id == officer_id and one.is_active), None)
    if keeper is None:
        raise Mistake("custody-not-yours")
    return keeper


def candidates(session: Session, ward_id: int) -> list[officer_rows.OfficerSeen]:
    """Officers who could keep a key and neither do nor were proposed; first those who are here for it and do not ask themselves."""
    taken = {keeper.officer_id for keeper in rows.keepers(session, ward_id)}
    found = [
        seen
        for seen in officer_rows.officers_of(session, ward_id)
        if not seen.is_disabled and seen.id not in taken and officers.may(seen.role, "custody")
    ]
    return sorted(found, key=lambda seen: officers.may(seen.role, "ask_identity"))


def may_name(session: Session, ward_id: int, officer_id: int, found: list[Keeper]) -> bool:
    """A custodian; while there is none, the chief."""
    if any(keeper.is_active for keeper in found):
        return any(keeper.is_active and keeper.officer_id == officer_id for keeper in found)
    return officers.may(officer_rows.role_of(session, ward_id, officer_id), "oversee")


def _check_pair(session: Session, ward_id: int, taker: Keeper) -> None:
    """Still proposed, and with the very key that the confirmer saw."""
    now = _keeper(session, ward_id, taker.id)
    if now.status != "proposed" or now.public_key != taker.public_key:
        raise Mistake("custody-no-proposal")


def _keeper(session: Session, ward_id: int, custodian_id: int) -> Keeper:
    keeper = next((one for one in rows.keepers(session, ward_id) if one.id == custodian_id), None)
    if keeper is None:
        raise Mistake("custody-no-proposal")
    return keeper
