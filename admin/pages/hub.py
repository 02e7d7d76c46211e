"""Settings, all on one page: what each is for and how it stands now. Only what this role may open."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.pages.begin import missing_of
from handlers import duty, keeping, locking, officers, set_up
from handlers.officers import Right
from handlers.set_up import People
from storage import moments
from storage.queries import assignment as assignment_rows
from storage.queries import copies, doors, moving, ready_sentences
from storage.queries import duty as duty_rows
from storage.queries.copies import Copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str  # Of its sentences: `hub-<name>`, `hub-<name>-help`.
    path: str
    right: Right
    state: tuple[str, dict[str, Any]]
    is_worrying: bool = False


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    ward_id, role, now = visit.officer.ward_id, visit.officer.role, moments.now()

    def read(session: Session) -> dict[str, Any]:
        return {
            "people": set_up.people(session, ward_id, now=now),
            "patterns": len(duty_rows.patterns(session, ward_id)),
            "is_empty": duty.on_duty(session, ward_id, now).is_empty,
            "copies": copies.copies_of(session, ward_id),
            "shut": len(doors.lasting(session, ward_id, before=now)),
            "ready": len(ready_sentences.of_ward(session, ward_id, "vi")),
            "areas": len(assignment_rows.responsible(session, ward_id)),
            "lock_after": locking.minutes(session, ward_id),
            "links": len(moving.waiting_links(session, ward_id, now=now)),
        }

    found = await desk.memory.read(read)
    groups = {name: [one for one in some if officers.may(role, one.right)] for name, some in _groups(desk, visit, **found, now=now).items()}
    missing = await missing_of(desk, visit) if officers.may(role, "set_up") else []
    return desk.show(visit, "hub.html", groups={name: some for name, some in groups.items() if some}, missing=missing)


def _groups(
    desk: Desk,
    visit: Visit,
    *,
    people: People,
    patterns: int,
    is_empty: bool,
    copies: Copies,
    shut: int,
    ready: int,
    links: int,
    areas: int,
    lock_after: int,
    now: int,
) -> dict[str, list[Entry]]:
    ward = desk.ward()
    book = ward.book
    own_clocks = sum(kind not in keeping.KINDS for kind in book.periods)
    return {
        "ward": [
            Entry(
                name="ward",
                path="/admin/bat-dau/phuong",
                right="set_up",
                state=("hub-ward-named", {"name": ward.name}) if ward.name else ("hub-ward-none", {}),
                is_worrying=not ward.name,
            ),
            Entry(
                name="duty-phone",
                path="/admin/bat-dau/so-truc",
                right="set_up",
                state=("hub-duty-phone-is", {"phone": ward.duty_phone}) if ward.duty_phone else ("hub-duty-phone-none", {}),
                is_worrying=ward.is_trial,
            ),
            Entry(
                name="places",
                path="/admin/noi",
                right="places",
                state=("hub-places-count", {"areas": len(book.neighbourhoods), "marks": len(book.landmarks), "spots": len(book.spots)}),
                is_worrying=not book.neighbourhoods,
            ),
            Entry(name="poster", path="/admin/cai-dat/to-dan", right="places", state=("hub-poster-state", {})),
        ],
        "people": [
            Entry(
                name="officers",
                path="/admin/can-bo",
                right="officers",
                state=("hub-officers-count", {"count": people.all, "waiting": links}),
                is_worrying=people.serving < 2,
            ),
            Entry(
                name="roster",
                path="/admin/lich-truc",
                right="roster",
                state=("hub-roster-empty" if is_empty else "hub-roster-count", {"count": patterns}),
                is_worrying=is_empty,
            ),
            Entry(name="areas", path="/admin/phu-trach", right="areas", state=("hub-areas-state", {"count": areas})),
            Entry(
                name="custody",
                path="/admin/niem-phong",
                right="custody",
                state=("hub-custody-count", {"count": people.keepers}),
                is_worrying=people.keepers < set_up.LEAST_KEEPERS,
            ),
            Entry(name="alarms", path="/admin/chuong", right="roster", state=("hub-alarms-state", {"minutes": lock_after})),
        ],
        "words": [
            Entry(name="categories", path="/admin/loai-viec", right="see_book", state=_own(len(book.category_changes))),
            Entry(name="wordings", path="/admin/loi-nhan", right="see_book", state=_own(len(book.wordings))),
            Entry(name="ready", path="/admin/cau-san", right="see_book", state=_own(ready)),
            Entry(name="procedures", path="/admin/thu-tuc", right="see_book", state=_own(len(book.procedures))),
        ],
        "times": [
            Entry(
                name="periods",
                path="/admin/thoi-han",
                right="periods",
                state=("hub-periods-count", {"count": own_clocks, "days": len(book.days_off)}) if own_clocks or book.days_off else _own(0),
            ),
            Entry(
                name="keeping",
                path="/admin/luu-giu",
                right="periods",
                state=("hub-keeping-state", {"months": desk.kept.get("keep-closed", keeping.amount_of(book, "keep-closed"))}),
            ),
        ],
        "machine": [
            Entry(
                name="channels",
                path="/admin/kenh",
                right="machine",
                state=("hub-channels-shut", {"count": shut}) if shut else ("hub-channels-well", {}),
                is_worrying=shut > 0,
            ),
            Entry(
                name="machine",
                path="/admin/may-chu",
                right="machine",
                state=("hub-machine-worry" if copies.is_worrying(now) else "hub-machine-well", {}),
                is_worrying=copies.is_worrying(now),
            ),
        ],
    }


def _own(count: int) -> tuple[str, dict[str, Any]]:
    return "hub-own", {"count": count}
