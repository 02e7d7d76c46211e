"""Other ways in: at the counter, by phone, by letter and so on; the slip with the code, and one event of many tips."""

import random
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from handlers import by_code, events, walk_in
from handlers.by_code import Addition
from storage import moments, tables
from storage.ids import new_id
from storage.moments import HOUR, MINUTE
from tests.simulation.town import OPEN, Happening, Part, Town, by_day, rows_of
from tests.simulation.year import CRIES, HOMES, MORE, REASON, STORIES, Event

_WAY: dict[str, dict[str, str]] = {
    "vneid": {"sector": "VNeID-{number}"},
    "press": {"link": "https://bao.example/tin-{number}"},
    "referral": {"referrer": "front"},
}
_NUMBERS = ("0912 345 678", "", "")


def _day(number: int, chance: random.Random, _is_holiday: bool) -> Iterator[Happening]:
    yield Happening(by_day(chance), "brings", number)
    if number % 4 == 2:  # At night somebody stands at the door, and whoever writes it down wants the shift called.
        yield Happening(chance.choice((1, 23)) * HOUR + chance.randrange(HOUR), "rings in", number)
    if number % 2:
        yield Happening(by_day(chance), "by code")
    if number % 7 == 5:
        yield Happening(by_day(chance), "loses slip")
    if number % 6 == 4:
        yield Happening(by_day(chance), "types code", chance.randrange(30_000))
    if number % 3 == 1:
        yield Happening(by_day(chance), "links")
    if number % 5 == 4:
        yield Happening(by_day(chance), "parts")
    if number % 6 == 2:
        yield Happening(by_day(chance), "known how")


def _form(town: Town, way: str, number: int) -> dict[str, str]:
    chance = town.chance
    received = moments.local(town.now - chance.randrange(5 * HOUR)).strftime("%H:%M %d/%m/%Y") if chance.random() < 0.5 else ""
    return {
        "way": way,
        "words": chance.choice(STORIES),
        "home": str(town.homes[chance.randrange(HOMES)]),
        "received": received,
        "known": chance.choice(("", *walk_in.KNOWN_HOW)),
        "callback": chance.choice(_NUMBERS),
        "refused": chance.choice(("", "Ngại va chạm với hàng xóm")),
        **{name: text.format(number=number) for name, text in _WAY.get(way, {}).items()},
    }


def _brings(town: Town, event: Event) -> None:
    """And now and then once more: the button pressed twice, or the same number of VNeID typed by a colleague."""
    way = walk_in.WAYS[event.who % len(walk_in.WAYS)]
    form = _form(town, way, event.who)
    if event.who % 5 == 3:
        form["urgent"] = "yes"
    tip_id = _enter(town, form, f"form {event.who}")
    if tip_id is not None and (event.who % 3 == 0 or way == "vneid"):
        again = _enter(town, form, f"form {event.who}" if way != "vneid" else f"another form {event.who}")
        assert again == tip_id
        town.done["brought twice"] += 1


def _rings_in(town: Town, event: Event) -> None:
    _enter(town, {**_form(town, "walk_in", event.who), "urgent": "ring"}, f"night form {event.who}")


def _enter(town: Town, form: dict[str, str], source: str) -> int | None:
    officer_id = town.on_shift()
    if officer_id is None:
        return None
    brought, slip = walk_in.checked(form, town.ward, now=town.now), walk_in.Slip.draw(town.keyed)
    act, tip_id = town.act(officer_id), new_id()
    ids: dict[str, Any] = {
        "tip_id": tip_id,
        "form_hash": town.keyed.hash("piece", source),
        "number_hash": walk_in.sector_hash(town.keyed, brought.sector_number),
    }
    entered = town.write(lambda session: walk_in.bring_in(session, act, brought, slip, **ids, draw=new_id))
    if entered.is_new:
        town.slips[tip_id] = slip.code
        town.done[f"brought by {form['way']}"] += 1
    town.stirs()
    return entered.tip_id


def _by_code(town: Town, _event: Event) -> None:
    """Whoever holds the slip looks how it stands, adds words, and says how it was when it is over."""
    held = [tip_id for tip_id in town.find("data_key IS NOT NULL") if tip_id in town.slips]
    if not held:
        return
    code_hash = town.keyed.hash("code", town.slips[town.chance.choice(held)])
    words = town.chance.choice(CRIES if town.chance.random() < 0.1 else MORE)
    addition = Addition(text=words, source_hash=town.keyed.hash("piece", f"web {town.now}"))

    def reads_and_adds(session: Session) -> bool:
        opened = by_code.find(session, code_hash)
        assert opened is not None
        by_code.mark_read(session, 1, opened, draw=new_id, now=town.now)
        by_code.add(session, 1, opened, addition, draw=new_id, now=town.now)
        if opened.may_be_rated:
            by_code.rate(session, 1, opened, 4, draw=new_id, now=town.now)
        return opened.may_be_rated

    town.done["rated by code"] += town.write(reads_and_adds)
    town.done["added by code"] += 1
    town.stirs()


def _loses_slip(town: Town, _event: Event) -> None:
    officer_id, held = town.on_shift(), [tip_id for tip_id in town.find(f"{OPEN} AND restricted = ''") if tip_id in town.slips]
    if not held or officer_id is None:
        return
    tip_id, slip, act = town.chance.choice(held), walk_in.Slip.draw(town.keyed), town.act(officer_id)
    former = town.keyed.hash("code", town.slips[tip_id])
    town.attempt("code renewed", lambda session: walk_in.renew_code(session, act, slip, tip_id=tip_id))
    assert town.memory.read(lambda session: by_code.find(session, former)) is None
    town.slips[tip_id] = slip.code


def _types_code(town: Town, event: Event) -> None:
    """In a chat, where nobody has written before or somebody else has."""
    held = [tip_id for tip_id in town.find(OPEN) if tip_id in town.slips]
    if held:
        code = town.slips[town.chance.choice(held)]
        for wait, text in ((0, code), (MINUTE, town.chance.choice(MORE))):
            town.wait(wait)
            town.hear(Event(town.now, 0, "says", event.who, "text", text))
        town.done["typed code"] += 1


# -- one event ---------------------------------------------------------------------------------------------------------------

_LINKED = f"{OPEN} AND event_id IS NOT NULL AND restricted = ''"


def _links(town: Town, _event: Event) -> None:
    officer_id, found = town.on_shift(), town.find(f"{OPEN} AND restricted = ''")
    if officer_id is None or len(found) < 2:
        return
    tip_id, other_id = town.chance.sample(found, 2)
    act, event_id = town.act(officer_id), new_id()
    town.attempt(
        "linked", lambda session: events.link(session, act, town.ward, tip_id=tip_id, other_id=other_id, event_id=event_id, draw=new_id)
    )
    if fenced := town.find(f"{OPEN} AND restricted = 'fence'"):  # Who would link one would tell others that it is there.
        values: dict[str, Any] = {"tip_id": tip_id, "other_id": fenced[0], "event_id": new_id(), "draw": new_id}
        town.refuses("fenced not linked", "desk-no-tip", lambda session: events.link(session, act, town.ward, **values))


def _parts(town: Town, _event: Event) -> None:
    officer_id, tip_id = town.on_shift(), town.pick(_LINKED)
    if officer_id is not None and tip_id is not None:
        act = town.act(officer_id)
        town.attempt("parted", lambda session: events.unlink(session, act, tip_id=tip_id, reason=REASON, draw=new_id))


def _known_how(town: Town, _event: Event) -> None:
    officer_id, tip_id = town.on_shift(), town.pick(f"{OPEN} AND restricted = ''")
    if officer_id is not None and tip_id is not None:
        act = town.act(officer_id)
        town.attempt("known how", lambda session: events.set_known_how(session, act, tip_id=tip_id, how="seen"))


def _account(_town: Town, session: Session) -> dict[str, Any]:
    return {
        "events": rows_of(session, tables.Tip, "id", "event_id", "known_how", "received_at"),
        "callbacks": rows_of(session, tables.Callback, "tip_id", "shredded_at"),
    }


PART = Part(
    name="brought",
    day=_day,
    happens={
        "brings": _brings,
        "rings in": _rings_in,
        "by code": _by_code,
        "loses slip": _loses_slip,
        "types code": _types_code,
        "links": _links,
        "parts": _parts,
        "known how": _known_how,
    },
    account=_account,
)
HAPPENED = (
    *(f"brought by {way}" for way in walk_in.WAYS),
    *("brought twice", "added by code", "code renewed", "typed code", "linked", "parted", "known how", "fenced not linked"),
)
