"""Every clock that runs, the nearest end first, as time left. What is overdue stays here until somebody settles it."""

import re
from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from handlers import deadlines, officers, periods
from storage import moments
from storage.queries import deadlines as rows
from storage.queries.deadlines import DueLine

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    line: DueLine
    left: str
    tone: str  # danger, warn, info, calm


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    after, now = _read_place(visit.request.query.get("sau", "")), moments.now()

    def find(session: Session) -> tuple[list[DueLine], int]:
        late = rows.count_late_of(session, visit.sight, now=now, but=periods.reminders())
        return rows.due_lines(session, visit.sight, after=after, limit=PAGE + 1), late

    found, late = await desk.memory.read(find)
    shown = [_shown(line, now, visit.language) for line in found[:PAGE]]
    more = f"{shown[-1].line.due_at}-{shown[-1].line.id}" if len(found) > PAGE else ""
    may_change = officers.may(visit.officer.role, "periods")
    return desk.show(visit, "due.html", shown=shown, late=late, more=more, is_first=after is None, may_change=may_change)


def _shown(line: DueLine, now: int, language: str) -> Shown:
    left = line.due_at - now
    is_near = now - line.starts_at >= (line.due_at - line.starts_at) * 4 // 5
    is_over = "info" if line.kind in periods.reminders() else "danger"
    tone = is_over if left < 0 else "warn" if is_near else "calm"
    return Shown(line=line, left=deadlines.left_of(line.kind, left, language), tone=tone)


def _read_place(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{1,15})-(\d{1,19})", text, re.ASCII)
    return (int(found[1]), int(found[2])) if found and int(found[2]) < 2**63 else None
