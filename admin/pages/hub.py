"""Settings, all on one page: what each is for and how it stands now. Only what this role may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.pages.begin import missing_of
from handlers import duty, keeping, locking, oa_rights, officers, set_up, windows
from handlers.messages import Ward
from handlers.oa_rights import Asked
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the lines of this page say of the ward."""

    ward: Ward
    now: int
    people: People
    patterns: int
    is_empty: bool  # Nobody is on duty now.
    copies: Copies
    shut: int
    ready: int
    areas: int
    lock_after: int
    links: int
    kept_months: int
    rights: Asked | None  # Nothing where no Official Account is set up.


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    role, ward, now = visit.officer.role, desk.ward(), moments.now()

    def read(session: Session) -> Standing:
        return Standing(
            ward=ward,
            now=now,
            people=set_up.people(session, ward.id, now=now),
            patterns=len(duty_rows.patterns(session, ward.id)),
            is_empty=duty.on_duty(session, ward.id, now).is_empty,
            copies=copies.copies_of(session, ward.id),
            shut=len(doors.lasting(session, ward.id, before=now)),
            ready=len(ready_sentences.of_ward(session, ward.id, "vi")),
            areas=len(assignment_rows.responsible(session, ward.id)),
            lock_after=locking.minutes(session, ward.id),
            links=len(moving.waiting_links(session, ward.id, now=now)),
            kept_months=desk.kept.get("keep-closed", keeping.amount_of(ward.book, "keep-closed")),
            rights=oa_rights.asked(session, ward.id, now=now) if "zalo_oa" in desk.doors() else None,
        )

    standing = await desk.memory.read(read)
    groups = {name: [one for one in entries(standing) if officers.may(role, one.right)] for name, entries in _GROUPS.items()}
    missing = await missing_of(desk, visit) if officers.may(role, "set_up") else []
    return desk.show(visit, "hub.html", groups={name: some for name, some in groups.items() if some}, missing=missing)


def _ward(standing: Standing) -> list[Entry]:
    book = standing.ward.book
    return [
        Entry(
            name="ward",
            path="/admin/bat-dau/phuong",
            right="set_up",
            state=("hub-ward-named", {"name": standing.ward.name}) if standing.ward.name else ("hub-ward-none", {}),
            is_worrying=not standing.ward.name,
        ),
        Entry(
            name="duty-phone",
            path="/admin/bat-dau/so-truc",
            right="set_up",
            state=("hub-duty-phone-is", {"phone": standing.ward.duty_phone}) if standing.ward.duty_phone else ("hub-duty-phone-none", {}),
            is_worrying=standing.ward.is_trial,
        ),
        Entry(
            name="places",
            path="/admin/noi",
            right="places",
            state=("hub-places-count", {"areas": len(book.neighbourhoods), "marks": len(book.landmarks), "spots": len(book.spots)}),
            is_worrying=not book.neighbourhoods,
        ),
        Entry(name="poster", path="/admin/cai-dat/to-dan", right="places", state=("hub-poster-state", {})),
    ]


def _people(standing: Standing) -> list[Entry]:
    return [
        Entry(
            name="officers",
            path="/admin/can-bo",
            right="officers",
            state=("hub-officers-count", {"count": standing.people.all, "waiting": standing.links}),
            is_worrying=standing.people.serving < 2,
        ),
        Entry(
            name="roster",
            path="/admin/lich-truc",
            right="roster",
            state=("hub-roster-empty" if standing.is_empty else "hub-roster-count", {"count": standing.patterns}),
            is_worrying=standing.is_empty,
        ),
        Entry(name="areas", path="/admin/phu-trach", right="areas", state=("hub-areas-state", {"count": standing.areas})),
        Entry(
            name="custody",
            path="/admin/niem-phong",
            right="custody",
            state=("hub-custody-count", {"count": standing.people.keepers}),
            is_worrying=standing.people.keepers < set_up.LEAST_KEEPERS,
        ),
        Entry(name="alarms", path="/admin/chuong", right="roster", state=("hub-alarms-state", {"minutes": standing.lock_after})),
    ]


def _words(standing: Standing) -> list[Entry]:
    book = standing.ward.book
    return [
        Entry(name="categories", path="/admin/loai-viec", right="see_book", state=_own(len(book.category_changes))),
        Entry(name="wordings", path="/admin/loi-nhan", right="see_book", state=_own(len(book.wordings))),
        Entry(name="ready", path="/admin/cau-san", right="see_book", state=_own(standing.ready)),
        Entry(name="procedures", path="/admin/thu-tuc", right="see_book", state=_own(len(book.procedures))),
    ]


def _times(standing: Standing) -> list[Entry]:
    book = standing.ward.book
    own_clocks = sum(kind not in keeping.KINDS and kind != windows.KIND for kind in book.periods)
    return [
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
            state=("hub-keeping-state", {"months": standing.kept_months}),
        ),
    ]


def _machine(standing: Standing) -> list[Entry]:
    return [
        Entry(
            name="channels",
            path="/admin/kenh",
            right="machine",
            state=("hub-channels-shut", {"count": standing.shut}) if standing.shut else ("hub-channels-well", {}),
            is_worrying=standing.shut > 0,
        ),
        *([_rights(standing.rights)] if standing.rights else []),
        Entry(
            name="machine",
            path="/admin/may-chu",
            right="machine",
            state=("hub-machine-worry" if standing.copies.is_worrying(standing.now) else "hub-machine-well", {}),
            is_worrying=standing.copies.is_worrying(standing.now),
        ),
    ]


def _rights(asked: Asked) -> Entry:
    state: tuple[str, dict[str, Any]] = ("hub-oa-rights-never", {})
    if asked.last:
        state = ("hub-oa-rights-due" if asked.is_due else "hub-oa-rights-told", {"date": moments.short_date(asked.due_at)})
    return Entry(name="oa-rights", path="/admin/kenh/quyen", right="oa_rights", state=state, is_worrying=asked.is_due)


def _own(count: int) -> tuple[str, dict[str, Any]]:
    return "hub-own", {"count": count}


_GROUPS: dict[str, Callable[[Standing], list[Entry]]] = {
    "ward": _ward,
    "people": _people,
    "words": _words,
    "times": _times,
    "machine": _machine,
}
