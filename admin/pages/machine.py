"""The machine: how old its copies are; and, after a restore, the one question whether the old machine is off."""

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from handlers import house
from storage import moments
from storage.ids import new_id
from storage.queries import chain, copies, doors, ways
from storage.queries import house as house_rows
from storage.queries.copies import Copies
from storage.queries.house import Closed

_CHOICES = ("send", "leave")


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _page(desk, visit)


async def open_house(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Only with the tick, and with a word about held answers if there are any."""
    form, ward_id = await read_form(visit.request), visit.officer.ward_id
    chosen = form.get("held", "")
    if form.get("old_is_off") != "yes":
        return await _page(desk, visit, mistake="machine-mistake-tick", chosen=chosen)
    held = await desk.memory.read(lambda session: house_rows.count_held(session, ward_id))
    if held and chosen not in _CHOICES:
        return await _page(desk, visit, mistake="machine-mistake-held", chosen=chosen, is_ticked=True)
    history_id, now = new_id(), moments.now()
    await desk.memory.write(
        lambda session: house.open_house(
            session, ward_id, officer_id=visit.officer.id, send_held=chosen == "send", history_id=history_id, now=now
        )
    )
    await desk.refresh_ward()
    return desk.go("/admin/may-chu")


async def is_worrying(desk: Desk, ward_id: int) -> bool:
    now = moments.now()
    return await desk.memory.read(lambda session: copies.copies_of(session, ward_id).is_worrying(now))


async def _page(desk: Desk, visit: Visit, *, mistake: str = "", chosen: str = "", is_ticked: bool = False) -> web.StreamResponse:
    ward_id, now = visit.officer.ward_id, moments.now()

    def read(session: Session) -> tuple[Copies, Closed | None, int, str, list[ways.Length], tuple[doors.SetAside, ...]]:
        known, closed = copies.copies_of(session, ward_id), house_rows.closed_house(session)
        held, head = house_rows.count_held(session, ward_id), str(chain.head(session, ward_id))
        aside = doors.set_aside(session, ward_id, since=0, most=20)
        return known, closed, held, head, ways.lengths(session, ward_id), aside

    known, closed, held, head, lengths, aside = await desk.memory.read(read)
    return desk.show(
        visit,
        "machine.html",
        status=422 if mistake else 200,
        copies=known,
        is_worrying=known.is_worrying(now),
        closed=closed,
        held=held,
        head=head,
        lengths=lengths,
        aside=aside,
        backup_to=desk.backup_to,
        mistake=mistake,
        chosen=chosen,
        is_ticked=is_ticked,
        age=lambda moment: _age(now - moment),
        size=lambda size: _size(size, visit.language),
    )


def _age(span: int) -> tuple[str, int]:
    """The key of a sentence and its number: under an hour, under two days, else days."""
    if span < moments.HOUR:
        return "age-minutes", max(0, span // moments.MINUTE)
    return ("age-hours", span // moments.HOUR) if span < 2 * moments.DAY else ("age-days", span // moments.DAY)


def _size(size: int, language: str) -> str:
    megabytes = size / 1_000_000
    written = f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{max(0.1, megabytes):.1f} MB"
    return written.replace(".", ",") if language == "vi" else written
