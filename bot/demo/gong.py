"""The gong of the demo: leaders, groups that let the bot in, people who subscribed, and warnings in every state, with what became of them.

Written, released and decided through the same functions as at the desk. Whom the striker would reach is laid out here and settled at once:
a demo sends nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from bot.demo.residents import Resident
from bot.demo.town import Life, Town
from handlers.messages import Decision, Incoming
from handlers.warnings import calendar, groups, leaders, library, lifecycle, templates
from handlers.warnings.calendar import OwnDay
from handlers.warnings.codes import new_code
from handlers.warnings.content import Content
from handlers.warnings.leaders import Given
from handlers.warnings.lifecycle import Draft
from storage import moments
from storage.ids import new_id
from storage.moments import DAY, HOUR, MINUTE, SECOND
from storage.queries import subscriptions
from storage.queries import warning_targets as targets
from storage.queries import warnings as rows
from storage.queries.lanes import InLane
from storage.queries.warnings import WarningSeen

LEADERS = ("Cao Văn Mẫu", "Tạ Thị Ví Dụ", "La Văn Thử", "Thạch Thị Nháp", "Tống Văn Bịa", "Cù Thị Tưởng Tượng", "Mạc Văn Giả Định")
GROUPS = (
    ("telegram", "Tổ 1 Bến Sậy", 84),
    ("telegram", "Phố Lò Gốm", 212),
    ("zalo_oa", "Tổ 7, phường Bến Sậy", 96),
    ("telegram", "Chợ Sậy", 131),
)
_SETTLED_IN = 25 * DAY
_SUBSCRIBERS = 9


class _Chat(Resident):
    """Somebody else's than a teller's: nothing said there is a tip."""

    chat_id = 0

    def _decided(self, lane: InLane, incoming: Incoming, at: int) -> Decision:
        self.chat_id = lane.chat_id
        return Decision(state=lane.state)


def begin(town: Town) -> None:
    now = town.plan.now
    start = max(now - _SETTLED_IN, town.plan.starts_at + HOUR)
    town.begin(start, _settles(town))
    for story in (
        *(
            _Story("fake-police", "thu.lam", start + 2 * DAY, results=_WENT_WELL),
            _Story("sim-lock", "van.khoi", now - 8 * DAY, results=_IN_DOUBT),
        ),
        _Story("fake-emergency", "hai.dang", now - 30 * HOUR, results=_WENT_WELL, is_alone=True),
        _Story("fake-receipt", "thu.lam", now - 25 * MINUTE, results=_GOES, is_over=False),
        _Story("deepfake-call", "minh.chau", now - 3 * HOUR, until="proposed"),
        _Story("cheap-tour", "thu.lam", now - 26 * HOUR, until="declined"),
        _Story("child-model", "thu.lam", now - 40 * MINUTE, until="draft"),
    ):
        town.begin(story.at, story.goes(town))


def _settles(town: Town) -> Life:
    chief, homes = town.ids["hai.dang"], town.ward.book.neighbourhoods
    for number, name in enumerate(LEADERS):
        yield MINUTE
        phone = f"09{number}0 000 11{number}" if number % 3 else ""
        given = Given(login=f"to.truong.{number + 1}", name=name, phone=phone, areas=(homes[number].id,))
        officer_id, act = new_id(), town.act(chief)
        town.memory.write(lambda session, a=act, g=given, i=officer_id: leaders.add(session, a, g, officer_id=i, draw=new_id))  # type: ignore[misc]
    for number, (channel, title, members) in enumerate(GROUPS):
        yield 5 * MINUTE
        _link(town, channel, title, members, homes[number * 3].id if number < 3 else None)
    for number in range(_SUBSCRIBERS):
        yield 11 * MINUTE
        chat = _chat(town, "telegram", f"subscriber-{number}")
        home, themes = homes[number % len(homes)].id, (["fraud"] if number % 3 == 0 else [])
        told: dict[str, Any] = {"row_id": new_id(), "chat_id": chat, "neighbourhood_id": home, "themes": themes, "now": town.now}
        town.memory.write(lambda session, told=told: subscriptions.keep(session, town.ward.id, **told))  # type: ignore[misc]
    yield HOUR
    _own_words(town, chief)


def _own_words(town: Town, chief: int) -> None:
    """A template and a day of the ward's own."""
    content = Content(
        theme="theft",
        headline="Chợ phiên đông, giữ ví và xe",
        body="Ngày chợ phiên Bến Sậy rất đông. Năm nào cũng có người mất ví, mất xe lúc chen chân.",
        lines=("Gửi xe ở bãi có người trông, giữ vé.", "Để ví và điện thoại ở túi trước."),
    )
    act, day, row_ids = town.act(chief), moments.local(town.plan.now).date() + timedelta(days=5), (new_id(), new_id())

    def write(session: Session) -> None:
        key = library.keep(session, act, town.ward, key="", name="Chợ phiên Bến Sậy", content=content, row_id=row_ids[0])
        other = town.act(chief)
        own = OwnDay(name="Chợ phiên Bến Sậy", first=day, last=day, template=key, is_yearly=True)
        calendar.keep_own(session, other, own, row_id=row_ids[1])

    town.memory.write(write)


def _link(town: Town, channel: str, title: str, members: int, home: int | None) -> None:
    code, act, code_id = groups.fresh_code(), town.act(town.ids["hai.dang"]), new_id()
    chat_id, row_id = _chat(town, channel, title), new_id()
    values = {"code_hash": groups.hashed(town.keyed.hash, code), "row_id": row_id, "history_id": new_id(), "title": title}

    def write(session: Session) -> None:
        groups.new_code(session, act, home, code=code, row_id=code_id, hash_of=town.keyed.hash)
        groups.link(session, town.ward.id, chat_id, channel, town.now, values)
        told: dict[str, Any] = {"history_ids": (new_id(), new_id()), "now": town.now}
        groups.looked(session, town.ward.id, row_id, title=title, members=members, may_write=title != "Chợ Sậy", **told)

    town.memory.write(write)


def _chat(town: Town, channel: str, name: str) -> int:
    chat = _Chat(town, channel, f"{town.plan.seed}-gong-{name}", town.chance(name))
    chat.says(name)
    return chat.chat_id


# -- warnings ------------------------------------------------------------------------------------------------------------------------

# In turn, for leaders, groups and subscribers.
_Results = dict[str, tuple[str, ...]]
_WENT_WELL: _Results = {
    "leader": ("posted", "posted", "posted", "posted", "not_posted", "to_call"),
    "group": ("sent",),
    "subscriber": ("sent",),
}
_IN_DOUBT: _Results = {"leader": ("posted", "posted", "to_call"), "group": ("sent", "unknown", "sent", "failed"), "subscriber": ("sent",)}
_GOES: _Results = {
    "leader": ("posted", "sent", "sent", "to_call", "queued"),
    "group": ("sent", "sent", "planned"),
    "subscriber": ("sent", "planned"),
}


@dataclass(frozen=True, slots=True)
class _Story:
    template: str
    writer: str
    at: int
    results: _Results | None = None
    until: str = "released"
    is_over: bool = True
    is_alone: bool = False

    def goes(self, town: Town) -> Life:
        warning_id, writer, chief = new_id(), town.ids[self.writer], town.ids["hai.dang"]
        chosen = next(one for one in templates.ours() if one.key == self.template)
        draft = Draft(content=chosen.content, template=chosen.key, is_urgent=self.results is not None)
        self._does(town, "written", lambda session: lifecycle.write(session, town.act(writer), draft, row_id=warning_id, code=new_code()))
        if self.until == "draft":
            return
        yield 4 * MINUTE
        if self.is_alone:
            self._does(town, "alone", lambda session: lifecycle.release(session, town.act(writer), warning_id, for_life=True))
        else:
            self._does(town, "proposed", lambda session: lifecycle.propose(session, town.act(writer), warning_id))
            if self.until == "proposed":
                return
            yield 6 * MINUTE
            if self.until == "declined":
                why = "Thêm một dòng: gọi trực ban hỏi lại."
                self._does(town, "declined", lambda session: lifecycle.decline(session, town.act(chief), warning_id, why=why))
                return
            self._does(town, "released", lambda session: lifecycle.release(session, town.act(chief), warning_id))
        yield 40 * SECOND
        town.memory.write(lambda session: self._settled(session, town, warning_id))

    def _does(self, town: Town, name: str, does: Callable[[Session], Any]) -> None:
        town.attempt(f"warning {name}", does)

    def _settled(self, session: Session, town: Town, warning_id: int) -> None:
        seen, ward_id = rows.one(session, town.ward.id, warning_id), town.ward.id
        if seen is None or seen.state != "released" or self.results is None:
            return
        whom = [*targets.leaders_for(session, ward_id, seen), *targets.groups_for(session, ward_id, seen)]
        whom += targets.subscribers_for(session, ward_id, seen, after=0, most=100)[0]
        ids = [new_id() for _ in whom]
        targets.lay_out(session, ward_id, warning_id, whom, ids)
        many = dict.fromkeys(self.results, 0)
        for row_id, one in zip(ids, whom, strict=True):
            states = self.results[one.kind]
            state, many[one.kind] = states[many[one.kind] % len(states)], many[one.kind] + 1
            self._settle(session, town, row_id, one.kind, state)
        rows.change(session, ward_id, warning_id, when=("released",), laid_out_at=town.now, **self._state(town, seen))

    def _state(self, town: Town, seen: WarningSeen) -> dict[str, Any]:
        return {"state": "done", "done_at": town.now + MINUTE} if self.is_over else {"state": "sending"}

    def _settle(self, session: Session, town: Town, row_id: int, kind: str, state: str) -> None:
        values: dict[str, Any] = {"state": state}
        if state not in ("planned", "queued"):
            values["settled_at"] = town.now + 3 * SECOND
        if state == "posted":
            values["posted_at"] = town.now + 12 * MINUTE
        if kind == "leader" and state != "to_call":
            values["channel"] = "telegram"
        targets.change(session, row_id, when=("planned",), **values)
