"""Nhật ký: what happened, who asked to see what is sealed, where nothing happened that should have, and wishes about one's own data."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from handlers import deadlines, gaps, journal, officers, texts
from handlers.gaps import Gap
from handlers.insight import catalogue
from handlers.officers import Mistake
from storage import moments
from storage.queries import journal as rows
from storage.queries import officers as officer_rows
from storage.queries import openings as opening_rows
from storage.queries.journal import DataRequest, JournalRow, Place, Wanted
from storage.queries.openings import OpeningSeen
from storage.queries.sight import Sight

PAGE = 50
OTHER_ACTORS = ("resident", "system", "command line")
SPANS = (7, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    row: JournalRow
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filters, as they stand in the address. What cannot be read there is as if it were not."""

    tip: str
    number: str
    actor: str
    group: str
    since: str
    until: str

    @classmethod
    def of(cls, visit: Visit) -> "Asked":
        query = visit.request.query
        actor, group = query.get("ai", ""), query.get("loai", "")
        return cls(
            tip=query.get("tin", "") if re.fullmatch(r"\d{1,18}", query.get("tin", ""), re.ASCII) else "",
            number=" ".join(query.get("so", "").split())[:20],
            actor=actor if actor in OTHER_ACTORS or re.fullmatch(r"\d{1,18}", actor, re.ASCII) else "",
            group=group if group in journal.GROUPS else "",
            since=_day(query.get("tu", "")),
            until=_day(query.get("den", "")),
        )

    def wanted(self, session: Session, sight: Sight) -> Wanted:
        found = re.fullmatch(r"(\d{1,9})/(20\d\d)", self.number, re.ASCII)
        by_number = rows.tips_by_number(session, sight, int(found[1]), int(found[2])) if found else ()
        return Wanted(
            tips=(int(self.tip),) if self.tip else by_number if self.number else None,
            actor=f"officer:{self.actor}" if self.actor.isdecimal() else self.actor,
            whats=journal.asked_for(self.group, sight),
            since=moments.start_of_day(date.fromisoformat(self.since)) if self.since else 0,
            until=moments.start_of_day(date.fromisoformat(self.until) + timedelta(days=1)) if self.until else None,
        )

    def address(self, **more: str) -> str:
        told = {"tin": self.tip, "so": self.number, "ai": self.actor, "loai": self.group, "tu": self.since, "den": self.until, **more}
        return "/admin/nhat-ky?" + urlencode({name: value for name, value in told.items() if value})


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    asked, before, sight = Asked.of(visit), _place(visit.request.query.get("truoc", "")), visit.sight

    def find(session: Session) -> tuple[list[JournalRow], Place | None, list[officer_rows.OfficerSeen], dict[int, str]]:
        people = officer_rows.officers_of(session, visit.officer.ward_id)
        wanted, names = asked.wanted(session, sight), officer_rows.officer_names(session, visit.officer.ward_id)
        if asked.group and not wanted.whats:
            return [], None, people, names
        return *rows.rows(session, sight, wanted, but=journal.left_out(sight), before=before, most=PAGE), people, names

    found, older, people, names = await desk.memory.read(find)
    known = catalogue.merged(catalogue.load(), desk.ward().book.category_changes)

    def category_name(code: str) -> str:
        return known[code].name[visit.language] if code in known else texts.say("category-unknown", visit.language)

    return desk.show(
        visit,
        "journal.html",
        asked=asked,
        lines=[Line(row=row, sentence=journal.sentence(row, visit.language, names=names, category_name=category_name)) for row in found],
        older=asked.address(truoc=f"{older.at}-{older.row_id}") if older else "",
        looked_back_to=older.at if older and len(found) < PAGE else None,
        is_first=before is None,
        people=people,
        names={f"officer:{one.id}": one.name for one in people},
        groups=tuple(group for group in journal.GROUPS if journal.asked_for(group, sight)),
        others=OTHER_ACTORS,
        today=moments.local(moments.now()).date().isoformat(),
    )


# -- requests to open what is sealed ---------------------------------------------------------------------------------------------


async def openings(desk: Desk, visit: Visit) -> web.StreamResponse:
    before, sight = _number(visit.request.query.get("truoc", "")), visit.sight

    def find(session: Session) -> tuple[list[OpeningSeen], dict[int, str], int | None]:
        ids = rows.opening_ids(session, sight, before=before, most=PAGE + 1)
        seen = opening_rows.openings_by_ids(session, ids[:PAGE])
        return seen, officer_rows.officer_names(session, visit.officer.ward_id), ids[PAGE - 1] if len(ids) > PAGE else None

    found, names, older = await desk.memory.read(find)
    return desk.show(visit, "journal_openings.html", found=found, names=names, older=older)


# -- gaps ------------------------------------------------------------------------------------------------------------------------


async def show_gaps(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_gaps(desk, visit, visit.request.query.get("ngay", ""))


async def _draw_gaps(
    desk: Desk, visit: Visit, span: str, *, mistake: str = "", given: dict[str, str] | None = None, status: int = 200
) -> web.StreamResponse:
    now, days, sight = moments.now(), _span(span), visit.sight
    since = _since(now, days)

    def find(session: Session) -> tuple[list[Gap], dict[int, str]]:
        found = gaps.gaps(session, sight, since=since, until=now, now=now)
        return found, officer_rows.officer_names(session, visit.officer.ward_id)

    found, names = await desk.memory.read(find)
    only_open = "het" not in visit.request.query
    return desk.show(
        visit,
        "journal_gaps.html",
        status=status,
        found=[one for one in found if not (only_open and one.explained)],
        unexplained=sum(1 for one in found if not one.explained),
        explained=sum(1 for one in found if one.explained),
        only_open=only_open,
        kinds=gaps.KINDS,
        spans=SPANS,
        days=days,
        whys=gaps.WHYS,
        most=gaps.MOST_WORDS,
        most_of_a_kind=gaps.MOST_OF_A_KIND,
        names=names,
        by={f"officer:{key}": name for key, name in names.items()},
        may_explain=officers.may(visit.officer.role, "explain"),
        length=lambda one: gaps.length_words((one.found.ended_at or now) - one.found.began_at, visit.language),
        mistake=mistake,
        given=given or {},
    )


async def explain(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, form = act_of(visit), await read_form(visit.request)
    days = _span(form.get("ngay", ""))
    key, why, words = (form.get(name, "") for name in ("gap", "why", "words"))
    since = _since(act.now, days)
    try:
        await desk.memory.write(lambda session: gaps.explain(session, act, key, since=since, until=act.now, why=why, words=words))
    except Mistake as mistake:
        return await _draw_gaps(desk, visit, str(days), mistake=mistake.key, given=form, status=422)
    return desk.go(f"/admin/nhat-ky/khoang-trong?ngay={days}")


def _span(text: str) -> int:
    return int(text) if text in {str(days) for days in SPANS} else SPANS[0]


def _since(now: int, days: int) -> int:
    """From midnight, so that what was seen is found again a minute later."""
    return moments.start_of_day(moments.local(now).date() - timedelta(days=days - 1))


# -- wishes about one's own data ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLine:
    request: DataRequest
    left: str
    tone: str


async def data_requests(desk: Desk, visit: Visit) -> web.StreamResponse:
    before, now = _number(visit.request.query.get("truoc", "")), moments.now()

    def find(session: Session) -> tuple[list[DataRequest], dict[int, str]]:
        found = rows.data_requests(session, visit.sight, before=before, most=PAGE + 1)
        return found, officer_rows.officer_names(session, visit.officer.ward_id)

    found, names = await desk.memory.read(find)
    return desk.show(
        visit,
        "journal_data.html",
        lines=[_data_line(one, now, visit.language) for one in found[:PAGE]],
        names=names,
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        may_read=officers.may(visit.officer.role, "letters"),
    )


def _data_line(one: DataRequest, now: int, language: str) -> DataLine:
    if one.answered_at is not None or one.due_at is None or one.is_shredded:
        is_late = one.answered_at is not None and one.due_at is not None and one.answered_at > one.due_at
        return DataLine(request=one, left="", tone="late" if is_late else "done")
    left = one.due_at - now
    tone = "danger" if left < 0 else "warn" if left < moments.DAY else "calm"
    return DataLine(request=one, left=deadlines.left_words(left, language), tone=tone)


# -- the address -------------------------------------------------------------------------------------------------------------------


def _day(text: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return ""
    return found.isoformat() if 2020 <= found.year <= 2100 else ""


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else None


def _place(text: str) -> Place | None:
    found = re.fullmatch(r"(\d{1,15})-(\d{1,18})", text, re.ASCII)
    return Place(int(found[1]), int(found[2])) if found else None
