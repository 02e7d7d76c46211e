"""What officers do beside a tip's own way: faces blacked out, requests answered, a sender set apart, words about gaps, prints, the map."""

import secrets
from typing import Any

from sqlmodel import Session

from bot.demo import ward
from bot.demo.desk import Case
from bot.demo.town import Life, Town
from handlers import access, blocks, covering, gaps, openings, papers, pins
from storage.covering import Box, Cover, burn
from storage.custody import Pair
from storage.ids import new_id
from storage.moments import DAY, MINUTE
from storage.places import Square
from storage.queries import tips as tip_rows
from storage.queries.covered import NewCovered
from storage.queries.tip_map import Wanted

_PLATE = Cover(turn=0, boxes=(Box(left=38, top=64, width=14, height=7), Box(left=61, top=22, width=9, height=13)))
_WHY_SO = {"clock": "busy", "unread": "out", "untaken": "absent", "house": "power", "day": "busy"}


def covers_photo(case: Case) -> bool:
    """A plate and a face of its first photo, blacked out for the neighbourhood's own group."""
    town, tip_id, act = case.town, case.tip_id, case.town.act(case.officer())
    sight = town.memory.read(lambda session: access.sight_now(session, town.ward.id, act.officer_id))
    tip = town.memory.read(lambda session: tip_rows.tip_whole(session, sight, tip_id))
    found = next((one.id for one in tip.files if one.kind == "photo" and one.status == "stored"), None) if tip else None
    source = town.memory.read(lambda session: tip_rows.safe_copy(session, sight, found, thumb=False)) if found else None
    if found is None or source is None:
        return False
    made = burn(town.store.read(source.place, key=source.key), _PLATE)
    place, key = town.store.new_place("copies", town.now), secrets.token_bytes(32)
    town.store.keep(made.content, place, key=key)
    size: dict[str, Any] = {"width": made.width, "height": made.height}
    new = NewCovered(id=new_id(), attachment_id=found, turn=_PLATE.turn, boxes=len(_PLATE.boxes), place=place, key=key, **size)
    if not town.attempt("photo covered", lambda session: covering.keep(session, act, new, tip_id=tip_id)):
        return False
    later = town.act(act.officer_id)
    town.memory.write(lambda session: covering.note_download(session, later, tip_id=tip_id, attachment_id=found, covered_id=new.id))
    return True


def asks(town: Town, case: Case, login: str, what: openings.What, reason: str) -> tuple[int, Pair]:
    act, opening_id, pair = town.act(town.ids[login]), new_id(), Pair.fresh()
    told: dict[str, Any] = {"opening_id": opening_id, "tip_id": case.tip_id, "what": what, "view_key": pair.public, "reason": reason}
    town.attempt(f"{what} asked", lambda session: openings.ask(session, act, **told))
    return opening_id, pair


def opens(town: Town, opening_id: int, pair: Pair, *, asked_by: str) -> Life:
    """A custodian says yes, and whoever asked looks within the minutes that it is open."""
    act = town.act(town.ids["giu.khoa"])
    told: dict[str, Any] = {"officer_id": act.officer_id, "now": town.now}
    found = town.memory.read(lambda session: openings.to_open(session, town.ward.id, opening_id, **told))
    content = openings.opened(found, ward.PASSPHRASE)
    town.attempt("opening approved", lambda session: openings.approve(session, act, opening_id=opening_id, content=content))
    yield 4 * MINUTE
    looker = town.act(town.ids[asked_by])

    def looks(session: Session) -> None:
        openings.identities_in(session, town.ward.id, opening_id, pair, officer_id=looker.officer_id, now=town.now)
        openings.note_seen(session, looker, opening_id=opening_id, what="identity", tip_id=found.opening.tip_id)

    town.attempt("opening seen", looks)


def refuses(town: Town, opening_id: int, reason: str) -> None:
    act = town.act(town.ids["hai.dang"])
    town.attempt("opening refused", lambda session: openings.refuse(session, act, opening_id=opening_id, reason=reason))


def sets_apart(town: Town, case: Case) -> None:
    act = town.act(town.ids["hai.dang"])
    told: dict[str, Any] = {"tip_id": case.tip_id, "days": 7, "block_id": new_id()}
    reason = "Bảy tin giống hệt nhau trong một buổi sáng, đã tới nơi ba lần"
    town.attempt("set apart", lambda session: blocks.set_apart(session, act, reason=reason, **told))


# -- by day ------------------------------------------------------------------------------------------------------------------------


def explains(town: Town) -> Life:
    """The chief's word on gaps of the last days; of one in three nobody has said anything yet."""
    chief = town.ids["hai.dang"]
    sight = town.memory.read(lambda session: access.sight_now(session, town.ward.id, chief))
    span: dict[str, Any] = {"since": town.now - 6 * DAY, "until": town.now}
    found = town.memory.read(lambda session: gaps.gaps(session, sight, **span, now=town.now))
    for number, gap in enumerate(found):
        if number % 3 == 0:
            continue
        act, words = town.act(chief), "Ca đó cả hai người đi xử lý vụ cháy, đã nhắc phân người ở lại" if gap.found.tip_id else ""
        told: dict[str, Any] = {**span, "why": _WHY_SO.get(gap.kind, "other"), "words": words}
        town.attempt("gap explained", lambda session, a=act, k=gap.key, t=told: gaps.explain(session, a, k, **t))  # type: ignore[misc]
        yield MINUTE


def prints(town: Town) -> None:
    """Of an evening, the books; on Mondays the hand-overs."""
    act = town.act(town.duty_id())
    town.memory.write(lambda session: papers.note_printed(session, act, "books"))


def looks_at_pins(town: Town) -> None:
    act, wanted = town.act(town.ids["hai.dang"]), Wanted(since=town.now - 30 * DAY, until=town.now)
    south, west, step = ward.SOUTH, ward.WEST, ward.STEP
    view = Square(south=south, west=west, north=south + 2 * step, east=west + 2 * step)
    town.memory.write(lambda session: pins.note_opened(session, act, view, wanted, count=17))
