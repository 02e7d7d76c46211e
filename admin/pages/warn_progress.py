"""What becomes of a warning while it goes and afterwards: in numbers, and for each leader and group. Drawn anew every few seconds."""

from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.pages.warn_write import found_in
from handlers.warnings import lifecycle, results
from storage.queries import officers as officer_rows
from storage.queries import warning_counts as counted
from storage.queries import warning_targets as targets
from storage.queries.warning_counts import Counts
from storage.queries.warning_targets import Target
from storage.queries.warnings import WarningSeen

MOST_SHOWN = 300  # Leaders and groups. Residents who subscribed are only counted.
MOST_UNKNOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    counts: Counts
    channels: dict[str, Counts]
    targets: tuple[Target, ...]
    unknown: tuple[Target, ...]
    titles: dict[int, str]
    names: dict[int, str]

    @property
    def total(self) -> int:
        return results.total(self.counts)

    @property
    def settled(self) -> int:
        return results.settled(self.counts)

    @property
    def parts(self) -> list[tuple[str, int]]:
        return results.parts(self.counts)

    @property
    def by_channel(self) -> list[tuple[str, list[tuple[str, int]]]]:
        return [(channel, results.parts(counts)) for channel, counts in sorted(self.channels.items()) if channel]

    @property
    def to_call(self) -> list[Target]:
        return [one for one in self.targets if one.state == "to_call"]

    def whose(self, one: Target) -> str:
        """A leader or a group by name; of a resident nothing."""
        if one.kind == "leader":
            return self.names.get(one.officer_id or 0, "?")
        return self.titles.get(one.group_id or 0, "?") if one.kind == "group" else ""


def going(session: Session, ward_id: int, seen: WarningSeen) -> Going:
    return Going(
        counts=targets.counts(session, seen.id),
        channels=counted.by_channel(session, seen.id),
        targets=tuple(targets.listed(session, seen.id, kinds=("leader", "group"), most=MOST_SHOWN)),
        unknown=tuple(targets.listed(session, seen.id, states=("unknown",), most=MOST_UNKNOWN)),
        titles=counted.group_titles(session, ward_id),
        names=officer_rows.officer_names(session, ward_id),
    )


async def part(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Only what changes, for the script of the page."""
    seen = await found_in(desk, visit)
    found = await desk.memory.read(lambda session: going(session, visit.officer.ward_id, seen))
    areas = {one.id: one.name for one in desk.ward().book.neighbourhoods}
    text = desk.text_of(visit, "warn_live.html", seen=seen, going=found, area_names=areas, is_running=seen.state in lifecycle.RUNNING)
    return web.Response(text=text, content_type="text/html", headers=desk.headers())
