"""How the demo's officers come in: their own phones that ring, six digits beside the password, the shift's computers and their PINs."""

import secrets
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.demo import ward
from bot.demo.residents import Resident
from bot.demo.town import Life, Town
from handlers import coming_in, devices, duty_acts, letting_in, newcomers, officer_chats, second_factor
from handlers.acts import Act
from handlers.coming_in import Arrival
from handlers.flows import on_duty
from handlers.messages import Decision, Incoming
from storage.ids import new_id
from storage.moments import DAY, HOUR, MINUTE, SECOND
from storage.passwords import hash_password
from storage.queries.devices import DeviceHere
from storage.queries.lanes import InLane

PHONES = ("hai.dang", "thu.lam", "quoc.tuan", "my.hanh", "the.vinh")
_LINKED, _SET = 25 * DAY, 12 * DAY  # So long before now.
_LASTS = 12 * HOUR
_BROWSERS = ("Edge · Windows", "Firefox · Windows")
_NEW = ("gia.phuc", "Châu Gia Phúc", "duty")  # Came this week, and has not set a password yet.


class Phone(Resident):
    """An officer's own chat: it rings, and says nothing that is a tip."""

    def _decided(self, lane: InLane, incoming: Incoming, at: int) -> Decision:
        town = self.town
        if not on_duty.is_meant(lane.state, incoming):
            return super()._decided(lane, incoming, at)
        told: dict[str, Any] = {"chat_id": lane.chat_id, "channel": lane.channel, "hash_of": town.keyed.hash, "draw": new_id, "now": at}
        facts = town.memory.read(lambda session: duty_acts.facts_for(session, town.ward, lane.state, incoming, **told))
        return on_duty.decide(lane.state, incoming, facts)


def begin(town: Town) -> None:
    for number, login in enumerate(PHONES):
        town.begin(town.plan.now - _LINKED + number * HOUR, _links(town, login))
    town.begin(town.plan.now - _SET, _sets_up(town))
    town.begin(town.plan.now - 9 * HOUR, _forgot_the_phone(town))
    town.begin(town.plan.now - 40 * HOUR, _newcomer(town))
    town.begin(town.plan.now - 50 * MINUTE, _sits_down(town))


def _links(town: Town, login: str) -> Life:
    code, act = officer_chats.new_code(), town.act(town.ids[login])
    hashed = town.keyed.hash("chat-code", code)
    town.memory.write(lambda session: officer_chats.keep_code(session, act, row_id=new_id(), code_hash=hashed))
    yield 40 * SECOND
    Phone(town, "telegram", f"{town.plan.seed}-phone-{login}", town.chance(f"phone {login}")).says(officer_chats.shown(code))


# -- computers and codes -----------------------------------------------------------------------------------------------------------


def _sets_up(town: Town) -> Life:
    """Two computers of the shift; three officers who sign in with a code and have a PIN there."""
    here = [_trusts(town, browser) for browser in _BROWSERS]
    for login in ward.PROVED:
        yield 7 * MINUTE
        _sets_codes(town, login)
        for device in here[: 2 if login == "minh.chau" else 1]:
            act = town.act(town.ids[login])
            town.memory.write(lambda session, act=act, device=device: devices.know(session, act, device.id, draw=new_id))  # type: ignore[misc]
    town.computers = tuple(here)


def _trusts(town: Town, browser: str) -> DeviceHere:
    act, hashed = town.act(town.ids["hai.dang"]), secrets.token_hex(32)
    return town.memory.write(lambda session: devices.trust(session, act, token_hash=hashed, browser=browser, draw=new_id))


def _sets_codes(town: Town, login: str) -> None:
    act, secret, codes = town.act(town.ids[login]), ward.secret(login), ward.on_paper(login)

    def does(session: Session) -> None:
        second_factor.offer(session, act, row_id=new_id(), fresh=secret)
        second_factor.confirm(session, act, second_factor.code_at(secret, town.now), codes=codes, draw=new_id)

    town.memory.write(does)
    words = town.memory.read(lambda session: second_factor.pin_words(session, town.ward.id, act.officer_id, ward.PIN))
    hashed, later = hash_password(words), town.act(act.officer_id)
    town.memory.write(lambda session: second_factor.keep_pin(session, later, row_id=new_id(), pin_hash=hashed))


def _sits_down(town: Town) -> Life:
    """Who is at a computer now: one works, one has locked it, one looks from home."""
    for place, (login, how) in enumerate((("van.khoi", "pin"), ("minh.chau", "pin"), ("the.vinh", "code"))):
        device, act = town.computers[place] if place < len(town.computers) else None, town.act(town.ids[login])
        if device is not None:
            town.memory.write(partial(devices.pin_was_right, device_id=device.id, officer_id=act.officer_id, now=town.now))
        _comes_in(town, act, how, device)
        yield 8 * MINUTE


def _comes_in(town: Town, act: Act, how: Any, device: DeviceHere | None, **more: Any) -> None:
    arrival = Arrival(act=act, how=how, device=device, browser=_BROWSERS[0] if device else "Chrome · Android", **more)
    told: dict[str, Any] = {"session_id": new_id(), "token_hash": secrets.token_hex(32), "before": None, "lasts": _LASTS}
    town.memory.write(lambda session: coming_in.open_session(session, arrival, **told, what="signed_in"))


# -- one night, one newcomer -------------------------------------------------------------------------------------------------------


def _forgot_the_phone(town: Town) -> Life:
    number, chief, person = letting_in.fresh_number(), town.act(town.ids["hai.dang"]), town.ids["the.vinh"]
    told: dict[str, Any] = {"officer_id": person, "why": "left", "number": number, "draw": new_id}
    if not town.attempt("let in", lambda session: letting_in.let_in(session, chief, **told)):
        return
    yield 3 * MINUTE
    act = town.act(person)
    entry = town.memory.write(lambda session: letting_in.use_number(session, act, number))
    if entry is not None:
        _comes_in(town, replace(act, history_id=new_id()), "let_in", None, let_in_id=entry.id, ends_at=entry.ends_at)


def _newcomer(town: Town) -> Life:
    login, name, role = _NEW
    told: dict[str, Any] = {"login": login, "name": name, "role": role, "officer_id": new_id(), "link_id": new_id()}
    told |= {"link_history_id": new_id(), "token_hash": secrets.token_hex(32), "password_hash": hash_password(secrets.token_hex(16))}
    act = town.act(town.ids["hai.dang"])
    town.attempt("newcomer", lambda session: newcomers.add(session, act, **told))
    yield MINUTE
