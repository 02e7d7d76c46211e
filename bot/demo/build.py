"""Builds the demo: a ward, its people, months of what happened, and a lively present. The same seed tells the same, back from now."""

import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.demo import beside, desk, gong, present, settled, station, stories, ward
from bot.demo.desk import Case
from bot.demo.residents import Resident
from bot.demo.town import Life, OneThread, Plan, Town
from handlers import assignment, border_files, borders, custodians, duty, gazetteer, gazetteer_files, officers, place_codes
from storage import moments
from storage.custody import Pair
from storage.ids import new_id
from storage.media import MediaStore
from storage.moments import DAY, HOUR, MINUTE
from storage.passwords import hash_password
from storage.queries import custody as custodian_rows
from storage.queries import gazetteer as gazetteer_rows
from storage.queries import wards
from storage.queries.duty import Crew, Pattern
from storage.vault import Vault
from storage.ward_keys import PURPOSES

SHIFTS = ((6, 14), (14, 22), (22, 30))
DUTY = tuple(one.login for one in ward.PEOPLE if one.role == "duty")
_REMEMBERED = 30 * DAY  # Of older shifts only the plan is left.
_LAST_DAY = 20 * HOUR  # What is drawn at random ends so long before now; what stands on the desk today is named one by one.


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was built, for whoever started it."""

    tips: int
    done: dict[str, int]
    refused: dict[str, int]
    codes: tuple[str, ...]


def build(plan: Plan, *, url: str, vault: Vault, media: Path, password: str) -> Told:
    memory = OneThread(url, vault)
    try:
        town = _found(plan, memory, MediaStore(media), vault, password)
        with town.finished():
            _fill(town)
            station.begin(town)
            present.begin(town)
            gong.begin(town)
            town.live()
        return Told(
            tips=town.done["told"] + sum(many for name, many in town.done.items() if name.startswith("brought")),
            done=dict(town.done),
            refused=dict(town.refused),
            codes=tuple(town.codes[-3:]),
        )
    finally:
        memory.stop()


# -- the ward ----------------------------------------------------------------------------------------------------------------------


def _found(plan: Plan, memory: OneThread, store: MediaStore, vault: Vault, password: str) -> Town:
    ward_id, key_ids, start = new_id(), {purpose: new_id() for purpose in PURPOSES}, plan.starts_at
    ward_id, keys = memory.write(lambda session: wards.first_rows(session, ward_id=ward_id, key_ids=key_ids, now=start))
    vault.wards[ward_id] = keys
    memory.write(lambda session: wards.call_demo(session, ward_id))
    memory.write(lambda session: wards.change_facts(session, ward_id, {"name": ward.NAME, "duty_phone": ward.DUTY_PHONE}))
    town = Town(plan, memory, store, ward_id=ward_id, keyed=keys.look_up)
    hashed = hash_password(password)
    for person in ward.PEOPLE:
        town.ids[person.login] = new_id()
        values: dict[str, Any] = {"login": person.login, "name": person.name, "role": person.role, "password_hash": hashed}
        values |= {"officer_id": town.ids[person.login], "history_id": new_id(), "by": "command line", "now": start}
        memory.write(lambda session, values=values: officers.add_officer(session, ward_id, **values))  # type: ignore[misc]
    _map(town)
    _keys(town, hashed)
    settled.settle(town)
    town.read_book(keepers=1, custodians=2)
    _areas(town)
    _spots(town)
    _roster(town)
    return town


def _map(town: Town) -> None:
    for file in (ward.borders(), ward.places()):
        entries = gazetteer_files.read_file(file.encode())
        act, ids = town.act(town.ids["hai.dang"]), gazetteer.draw_ids(entries)
        town.memory.write(lambda session, a=act, e=entries, i=ids: gazetteer.import_places(session, a, e, ids=i))  # type: ignore[misc]
    act = town.act(town.ids["hai.dang"])
    homes = town.memory.read(lambda session: gazetteer_rows.places(session, act.ward_id))
    areas = [*border_files.read_borders(ward.borders().encode(), homes, ward=ward.NAME).areas, ward.outline()]
    town.memory.write(lambda session: borders.keep(session, act, areas, ids=[new_id() for _ in areas]))


def _spots(town: Town) -> None:
    """Sheets with a code that hang at places everybody knows."""
    chance = town.chance("spots")
    for name in ward.LANDMARKS[:3]:
        home = chance.choice(town.ward.book.neighbourhoods)
        act, code = town.act(town.ids["hai.dang"]), "".join(chance.choice("bcdfghjkm23456789") for _ in range(7))
        spot: dict[str, Any] = {"spot_id": new_id(), "code": code, "label": name, "neighbourhood_id": home.id}
        spot |= {"latitude": home.latitude, "longitude": home.longitude}
        town.memory.write(lambda session, act=act, spot=spot: place_codes.make_spot(session, act, **spot))  # type: ignore[misc]


def _keys(town: Town, hashed: str) -> None:
    """Two keep keys; the passphrase is printed with the logins."""
    chief, first, second = (town.ids[login] for login in ("hai.dang", "giu.khoa", "giu.khoa.2"))
    pairs = {}
    for by, officer_id in ((chief, first), (first, second)):
        custodian_id, act, active = new_id(), town.act(by), new_id()
        named: dict[str, Any] = {"custodian_id": custodian_id, "officer_id": officer_id}
        town.memory.write(lambda session, act=act, named=named: custodians.name_or_propose(session, act, **named))  # type: ignore[misc]
        pair, own = Pair.fresh(), town.act(officer_id)
        locked = custodians.locked_away(pair, ward.PASSPHRASE, custodian_id=custodian_id, password_hash=hashed)
        made: dict[str, Any] = {"custodian_id": custodian_id, "pair": pair, "locked": locked, "active_history_id": active}
        town.memory.write(lambda session, own=own, made=made: custodians.set_keys(session, own, **made))  # type: ignore[misc]
        pairs[officer_id] = pair
    [waiting] = [one for one in town.memory.read(lambda session: custodian_rows.keepers(session, town.ward.id)) if one.officer_id == second]
    act = town.act(first)

    def confirm(session: Session) -> None:
        giver, taker, _locked = custodians.to_confirm(session, town.ward.id, waiting.id, officer_id=first)
        custodians.confirm(session, act, giver=giver, taker=taker)

    town.memory.write(confirm)


def _areas(town: Town) -> None:
    chief = town.ids["hai.dang"]
    for place, home in enumerate(town.ward.book.neighbourhoods):
        who = town.ids[(*desk.HANDLERS, *DUTY)[place % (len(desk.HANDLERS) + len(DUTY))]]
        act, row_id = town.act(chief), new_id()
        town.memory.write(lambda session, a=act, h=home.id, w=who, r=row_id: assignment.name_responsible(session, a, h, w, row_id=r))  # type: ignore[misc]


def _roster(town: Town) -> None:
    """Three shifts a day, in turn; every so many days the same."""
    first = moments.local(town.plan.starts_at).date()
    for place, (start, end) in enumerate(SHIFTS):
        for number in range(len(DUTY)):
            planned = (town.ids[DUTY[(number + place * 2 + more) % len(DUTY)]] for more in (0, 1))
            duty_id, second_id = planned
            commander = town.ids["hai.dang"] if place == 0 else town.ids[DUTY[(number + place * 2 + 3) % len(DUTY)]]
            crew = Crew(duty_id=duty_id, second_id=None if place == 2 else second_id, commander_id=commander)
            day = (first + timedelta(days=number)).isoformat()
            told: dict[str, Any] = {"starts": start * 60, "minutes": (end - start) * 60, "weekdays": "", "every": len(DUTY), "last_day": ""}
            pattern = Pattern(id=new_id(), name=("Ca sáng", "Ca chiều", "Ca đêm")[place], first_day=day, crew=crew, **told)
            act = town.act(town.ids["hai.dang"])
            town.memory.write(lambda session, a=act, p=pattern: duty.add_pattern(session, a, p, draw=new_id))  # type: ignore[misc]


# -- months ------------------------------------------------------------------------------------------------------------------------


def _fill(town: Town) -> None:
    plan, chance = town.plan, town.chance("when")
    town.begin(plan.starts_at + MINUTE, _days(town))
    town.begin(plan.starts_at + MINUTE, _beats(town))
    span = plan.now - _LAST_DAY - plan.starts_at - 6 * HOUR
    # A line that people come to know: more of it lately.
    ages = sorted(span * (1 - chance.random() ** 1.25) for _ in range(max(plan.tips - present.MANY, 0)))
    for number, age in enumerate(reversed(ages)):
        town.begin(_by_day(plan.now - _LAST_DAY - round(age), chance), _tip(town, number))


def _by_day(at: int, chance: random.Random) -> int:
    """Most is told by day and in the evening."""
    hour = min(max(chance.gauss(15.5, 5), 0), 23.7)
    return moments.start_of_day(moments.local(at).date()) + round(hour * HOUR)


def _tip(town: Town, number: int) -> Life:
    chance = town.chance(f"tip {number}")
    if number % 9 == 4:
        case = desk.brings_in(town, stories.draw(chance), chance, number)
        if case is not None:
            yield from case.goes_on()
        return
    is_now = chance.random() < 0.05
    category = chance.choice(("TT", "CN", "BL", "NT")) if is_now else ""
    story = stories.draw(chance, category=category, is_now=is_now)
    resident = _resident(town, f"tip {number}", chance)
    reader = "fence" if number % 61 == 7 else "chief" if number % 47 == 11 else ""
    name = chance.choice(ward.NAMES) if number % 13 == 5 and not reader else ""
    yield from resident.tells(story, reader=reader, name=name, is_shared=number % 17 == 3)
    town.done["told"] += 1
    case = Case(town, resident.tip_id, story, chance, resident, is_slow=chance.random() < 0.06)
    if chance.random() < 0.22:
        town.begin(town.now, resident.adds())
    if chance.random() < 0.05 and not reader:
        town.begin(town.now + chance.randrange(20, 200) * MINUTE, _second_teller(town, case, number))
    if number % 23 == 9:
        yield from _set_aside(case)
        return
    if number % 71 == 30:
        town.begin(town.now + 3 * DAY, resident.writes_to_chief(is_threat=True))
    yield from case.goes_on()


def _resident(town: Town, name: str, chance: random.Random) -> Resident:
    channel = chance.choice(("webchat", "webchat", "telegram"))
    return Resident(town, channel, f"{town.plan.seed}-{name}", chance)


def _second_teller(town: Town, first: Case, number: int) -> Life:
    chance = town.chance(f"again {number}")
    resident = _resident(town, f"again {number}", chance)
    story = stories.told_again(first.story, chance)
    yield from resident.tells(story)
    town.done["told"] += 1
    case = Case(town, resident.tip_id, story, chance, resident)
    yield chance.randrange(5, 60) * MINUTE
    case.accept()
    desk.links(town, case.tip_id, first.tip_id)
    yield from case.goes_on()


def _set_aside(case: Case) -> Life:
    yield 20 * MINUTE
    case.accept()
    yield 5 * MINUTE
    case.move("set-aside")


def _days(town: Town) -> Life:
    """Each day: shifts that are taken, books that are copied, the chief's letters."""
    chance = town.chance("days")
    while True:
        midnight = moments.start_of_day(moments.local(town.now).date())
        town.memory.write(lambda session: duty.plan(session, town.ward.id, draw=new_id, now=town.now))
        for start, _end in SHIFTS:
            yield max(midnight + start * HOUR + chance.randrange(-8, 6) * MINUTE - town.now, 0)
            if town.plan.now - town.now < _REMEMBERED:
                desk.takes_shift(town, _planned(town, midnight + start * HOUR + MINUTE), chance)
            if start == 14:
                desk.reads_letters(town, chance, older_than=DAY)
            if start == 22:
                desk.copies_books(town)
                if moments.local(town.now).weekday() == 4:
                    beside.prints(town)
        yield max(midnight + DAY + MINUTE - town.now, MINUTE)


def _planned(town: Town, at: int) -> int:
    found = town.memory.read(lambda session: duty.on_duty(session, town.ward.id, at))
    return found.duty or town.ids["hai.dang"]


def _beats(town: Town) -> Life:
    while True:
        town.beat()
        yield 8 * HOUR
