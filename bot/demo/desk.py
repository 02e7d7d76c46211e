"""What officers of the demo do with what comes in: each tip goes its way by the table of moves, at the pace of a ward."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from bot.demo import stories
from bot.demo.residents import Resident
from bot.demo.stories import Story
from bot.demo.town import Life, Town
from handlers import acceptance, assignment, books, dispatch, duty, events, exchange, letters, lifecycle, steps, tip_notes, walk_in
from handlers import access as access_rules
from handlers.dispatch import Who
from handlers.walk_in import Slip
from storage import moments
from storage.ids import new_id
from storage.moments import DAY, HOUR, MINUTE, SECOND
from storage.queries import assignment as assigned
from storage.queries import books as book_rows
from storage.queries import letters as letter_rows
from storage.queries.officers import officers_of

INVESTIGATORS = "Cơ quan Cảnh sát điều tra (mẫu)"
HANDLERS = ("duc.thinh", "my.hanh", "the.vinh")


@dataclass
class Case:
    """One tip in the officers' hands."""

    town: Town
    tip_id: int
    story: Story
    chance: random.Random
    resident: Resident | None = None  # None: it was brought in, and nobody is there to be written to.
    is_slow: bool = False  # Lies longer than it ought to.
    stops_at: str = ""  # The move before which nobody goes on with it any more.

    # -- who does it -----------------------------------------------------------------------------------------------------------

    def officer(self) -> int:
        """Whoever has it in hand and may work on it; of what others do not read, the chief or the keeper."""
        held = self._held()
        special = {"fence": "cap.tren", "chief": "hai.dang"}.get(access_rules.kind_of_row(held.restricted, held.category) if held else "")
        if special:
            return self.town.ids[special]
        return (held.handler_id if held else None) or self.town.duty_id()

    def _held(self) -> assigned.Held | None:
        return self.town.memory.read(lambda session: assigned.held(session, self.town.ward.id, self.tip_id))

    def _commander(self) -> int:
        return self.town.ids["cap.tren"] if self.town.kind(self.tip_id) == "fence" else self.town.ids["hai.dang"]

    # -- single steps ----------------------------------------------------------------------------------------------------------

    def accept(self) -> bool:
        town = self.town
        act = town.act(self.officer())
        return town.attempt("accept", lambda session: acceptance.accept(session, town.ward, act, tip_id=self.tip_id, draw=new_id))

    def move(self, name: str, by: int | None = None, **form: str) -> bool:
        if name == self.stops_at:
            self.stops_at = "everything"
        if self.stops_at == "everything":
            return False
        town, way = self.town, lifecycle.BY_NAME[name]
        given = {**_FORMS.get(name, {}), "reason": stories.talk("notes", self.chance), **form}
        if name == "enter":
            given["summary"] = self.story.gist
        if "day" in way.needs:
            given["day"] = moments.local(town.now).date().isoformat()
        if "number" in way.needs:
            given["number"] = f"{self.chance.randrange(10, 400)}/{_SIGNS.get(name, 'CV')}"
        act = town.act(by if by is not None else self.officer())

        def does(session: Session) -> None:
            steps.move(session, town.ward, act, tip_id=self.tip_id, name=name, given=steps.checked(way, given, now=town.now), draw=new_id)

        is_done = town.attempt(name, does)
        town.deliver()
        return is_done

    def assign(self, to: int | None = None) -> None:
        town, act = self.town, self.town.act(self.town.duty_id())

        def does(session: Session) -> None:
            held = assigned.held(session, town.ward.id, self.tip_id)
            known = officers_of(session, town.ward.id)
            proposed = assignment.propose(session, town.ward.id, held, known) if held else None
            assignment.assign(session, act, tip_id=self.tip_id, officer_id=to or (proposed.officer_id if proposed else act.officer_id))

        if not town.kind(self.tip_id):
            town.attempt("assign", does)

    def ask(self) -> bool:
        town, act, words = self.town, self.town.act(self.officer()), stories.talk("asked", self.chance)
        question = {"words": words, "question_id": new_id(), "draw": new_id}
        done = town.attempt("ask", lambda session: exchange.ask(session, town.ward, act, tip_id=self.tip_id, **question))  # type: ignore[arg-type]
        town.deliver()
        return done

    def note(self, words: str = "") -> int:
        """For other officers alone."""
        town, act, note_id = self.town, self.town.act(self.officer()), new_id()
        told: dict[str, Any] = {"tip_id": self.tip_id, "words": words or stories.talk("among", self.chance), "note_id": note_id}
        town.attempt("note", lambda session: tip_notes.write(session, act, **told))
        return note_id

    def strike(self, note_id: int) -> None:
        town, act = self.town, self.town.act(self.officer())
        town.attempt("note struck", lambda session: tip_notes.strike(session, act, tip_id=self.tip_id, note_id=note_id))

    def tell(self) -> None:
        town, act, words = self.town, self.town.act(self.officer()), stories.talk("told", self.chance)
        town.attempt("tell", lambda session: exchange.tell(session, town.ward, act, tip_id=self.tip_id, words=words, draw=new_id))
        town.deliver()

    def close(self) -> bool:
        if self.stops_at:
            return False
        town, kind = self.town, stories.one(self.story.category)
        act = town.act(self.officer())
        told: dict[str, Any] = {"done": kind["done"], "done_on": moments.start_of_day(moments.local(town.now).date())}
        told |= {"unit": "Công an phường Bến Sậy", "result": kind["result"], "draw": new_id}
        done = town.attempt("close", lambda session: exchange.close(session, town.ward, act, tip_id=self.tip_id, **told))
        town.deliver()
        return done

    # -- the whole way ---------------------------------------------------------------------------------------------------------

    def goes_on(self) -> Life:
        """From "Đã đọc, nhận tin" to the archive, as far as the demo's clock lets it come."""
        chance, town = self.chance, self.town
        if self.is_slow:
            yield chance.randrange(3, 9) * HOUR
        if self.resident is not None:
            yield chance.randrange(40 * SECOND, 4 * MINUTE) if self.story.is_now else self._until_read()
            self.accept()
            town.deliver()
        if self.story.is_now:
            yield from self._sends_people()
        yield chance.randrange(2, 25) * MINUTE
        kind = "feedback" if self._track() == "D" or self.story.category == "KH" else chance.choice(("report", "report", "denunciation"))
        self.move("enter", kind=kind)
        if self.resident is not None and chance.random() < 0.35 and self.ask() and chance.random() < 0.65:
            town.begin(town.now, self.resident.answers())
        yield town.until_office(town.now + chance.randrange(20 * MINUTE, 5 * HOUR), chance)
        if chance.random() < 0.6:
            self.assign()
        if chance.random() < 0.3:
            self.note()
        yield chance.randrange(10, 120) * MINUTE
        track = self._track()
        if not self.move("classify", track=track):
            return
        yield town.until_office(town.now + chance.randrange(HOUR, (40 if self.is_slow else 9) * HOUR), chance)
        self.move("approve", by=self._commander())
        if chance.random() < 0.25:
            self.tell()
        yield from {"A": self._crime, "B": self._crime, "C": self._fine, "D": self._guide}.get(track, self._keep)()

    def _until_read(self) -> int:
        hour = moments.local(self.town.now).hour
        return self.chance.randrange(3, 14 if 6 <= hour < 22 else 40) * MINUTE

    def _track(self) -> str:
        if self.story.is_now:
            return "A"
        usual = str(stories.one(self.story.category)["track"])
        other = random.Random(self.story.words).random()
        return "F" if other < 0.08 and usual != "A" else "E" if other < 0.12 and usual != "A" else usual

    def _sends_people(self) -> Life:
        town, chance = self.town, self.chance
        act = town.act(self.officer())
        sent = Who(officers=(act.officer_id,), forces=("patrol", chance.choice(("militia", "security", "fire", "medical"))))
        yield 50 * SECOND
        town.attempt("send", lambda session: dispatch.send(session, replace(act, now=town.now), tip_id=self.tip_id, who=sent))
        for what, wait in (("left", chance.randrange(1, 4)), ("there", chance.randrange(4, 12))):
            yield wait * MINUTE
            step = town.act(self.officer())
            town.attempt(what, self._step(step, what))

    def _step(self, act: Any, what: str) -> Callable[[Session], None]:
        def does(session: Session) -> None:
            sent = assigned.dispatches_of(session, self.town.ward.id, self.tip_id)
            if sent:
                dispatch.step(session, act, tip_id=self.tip_id, dispatch_id=sent[-1].id, what=what)

        return does

    def _crime(self) -> Life:
        town, chance = self.town, self.chance
        yield town.until_office(town.now + chance.randrange(20, 200) * MINUTE, chance)
        self.move("report", by=self._commander())
        yield chance.randrange(20, 90) * MINUTE
        self.move("check")
        yield town.until_office(town.now + chance.randrange(2 * HOUR, 5 * DAY), chance)
        self.move("transfer", by=self._commander())
        yield town.until_office(town.now + chance.randrange(DAY, 6 * DAY), chance)
        self.move("acknowledged")
        yield town.until_office(town.now + chance.randrange(9, 19) * DAY, chance)
        if chance.random() < 0.4:
            self.move("prolonged")
            yield town.until_office(town.now + chance.randrange(10, 35) * DAY, chance)
        if chance.random() < 0.15:
            self.move("suspended")
            yield town.until_office(town.now + chance.randrange(10, 30) * DAY, chance)
            self.move("resumed")
            yield town.until_office(town.now + chance.randrange(5, 20) * DAY, chance)
        result = chance.choice(("opened", "opened", "not-opened", "ended"))
        if not self.move("settled", result=result):
            return
        yield town.until_office(town.now + chance.randrange(HOUR, 2 * DAY), chance)
        if result == "not-opened" and chance.random() < 0.5:
            self.move("fine-after")
        yield from self._end()

    def _fine(self) -> Life:
        town, chance = self.town, self.chance
        yield town.until_office(town.now + chance.randrange(2 * HOUR, 2 * DAY), chance)
        self.move("check")
        yield town.until_office(town.now + chance.randrange(6 * HOUR, 5 * DAY), chance)
        if self.move("fine"):
            yield from self._end()

    def _guide(self) -> Life:
        town, chance = self.town, self.chance
        yield town.until_office(town.now + chance.randrange(2 * HOUR, DAY), chance)
        agency = str(stories.one(self.story.category).get("agency", "Ủy ban nhân dân phường"))
        if self.move("guide", agency=agency):
            yield from self._end()

    def _keep(self) -> Life:
        town, chance = self.town, self.chance
        yield town.until_office(town.now + chance.randrange(3 * HOUR, 2 * DAY), chance)
        self.move("keep", by=self._commander())

    def _end(self) -> Life:
        town, chance = self.town, self.chance
        yield town.until_office(town.now + chance.randrange(DAY, 7 * DAY), chance)
        if not self.close():
            return
        if self.resident is not None:
            if chance.random() < 0.5:
                town.begin(town.now, self.resident.rates(self.tip_id))
            elif chance.random() < 0.1:
                town.begin(town.now + DAY, self.resident.writes_to_chief())
        yield 32 * DAY
        self.move("archive")


_SIGNS = {"transfer": "PC", "settled": "TB", "fine-after": "HS", "prolonged": "QĐ", "suspended": "QĐ", "resumed": "QĐ"}
_FORMS: dict[str, dict[str, str]] = {
    "report": {"agency": INVESTIGATORS, "way": "phone"},
    "transfer": {
        **{f"paper-{paper}": "there" if paper in ("slip", "record", "statements") else "none" for paper in lifecycle.PAPERS},
        "agency": INVESTIGATORS,
        "receiver": "Đại úy Trương Gia Bách, đội 3",
    },
    "acknowledged": {"agency": INVESTIGATORS},
    "suspended": {"awaited": "expertise"},
    "fine-after": {"agency": "Chủ tịch Ủy ban nhân dân phường"},
    "guide": {"contact": "số 1 đường Bờ Sậy, 0230 3000 115"},
}


# -- what does not belong to one tip ------------------------------------------------------------------------------------------------


def brings_in(town: Town, story: Story, chance: random.Random, number: int, *, can_be_called: bool = False) -> Case | None:
    """Somebody stands at the counter, or has called, or a letter has come."""
    way = walk_in.WAYS[number // 9 % len(walk_in.WAYS)]
    act, slip, tip_id = town.act(town.duty_id()), Slip.draw(town.keyed), new_id()
    home = next(one.id for one in town.ward.book.neighbourhoods if one.name.endswith(f" {story.home}"))
    received = moments.local(town.now - chance.randrange(3 * HOUR)).strftime("%H:%M %d/%m/%Y")
    form = {"way": way, "words": story.words, "place": story.place, "home": str(home), "received": received, "category": story.category}
    form |= {"known": chance.choice(("", *walk_in.KNOWN_HOW)), "refused": chance.choice(("", "", "Ngại va chạm với hàng xóm"))}
    form |= {"sector": f"MAU-{number:05}", "link": f"https://bao-mau.example/tin-{number}", "referrer": chance.choice(walk_in.REFERRERS)}
    if chance.random() < 0.3 or can_be_called:
        form["callback"] = stories.phone(chance)
    brought, hashed = walk_in.checked(form, town.ward, now=town.now), town.keyed.hash("form", str(number))
    number_hash = walk_in.sector_hash(town.keyed, brought.sector_number)
    more: dict[str, Any] = {"tip_id": tip_id, "form_hash": hashed, "number_hash": number_hash, "draw": new_id}
    if not town.attempt(f"brought: {way}", lambda session: walk_in.bring_in(session, act, brought, slip, **more)):
        return None
    town.codes.append(slip.code)
    return Case(town, tip_id, story, chance)


def links(town: Town, tip_id: int, other_id: int) -> None:
    act, event_id = town.act(town.duty_id()), new_id()
    told: dict[str, Any] = {"tip_id": tip_id, "other_id": other_id, "event_id": event_id, "draw": new_id}
    town.attempt("link", lambda session: events.link(session, act, town.ward, **told))


def takes_shift(town: Town, officer_id: int, chance: random.Random) -> None:
    found = town.memory.read(lambda session: duty.hands(session, town.ward.id, officer_id, town.now))
    if found.shift is None:
        return
    act, shift_id, hand_over_id = town.act(officer_id), found.shift.id, new_id()
    told: dict[str, Any] = {"shift_id": shift_id, "is_there": chance.random() < 0.93, "why": "gone", "hand_over_id": hand_over_id}
    town.attempt("shift taken", lambda session: duty.take(session, act, **told))


def copies_books(town: Town) -> None:
    """Of an evening: what was entered stands in the paper books too, and the day adds up."""
    officer_id = town.duty_id()
    sight = town.memory.read(lambda session: access_rules.sight_now(session, town.ward.id, officer_id))
    for entry in town.memory.read(lambda session: book_rows.to_copy(session, sight, most=100)):
        act = town.act(officer_id)
        town.attempt("copied", _ticks(act, entry.id, str(entry.number)))
    counted, act = town.memory.read(lambda session: book_rows.count_day(session, town.ward.id)), town.act(officer_id)
    town.attempt("day checked", lambda session: books.check_day(session, act, counted, row_id=act.history_id))


def _ticks(act: Any, entry_id: int, number: str) -> Callable[[Session], None]:
    return lambda session: books.tick(session, act, entry_id, paper_number=number, history_id=act.history_id)


def reads_letters(town: Town, chance: random.Random, *, older_than: int) -> None:
    """The chief answers what has lain for so long."""
    chief = town.ids["hai.dang"]
    sight = town.memory.read(lambda session: access_rules.sight_now(session, town.ward.id, chief))
    for line in town.memory.read(lambda session: letter_rows.open_letters(session, sight)):
        if line.asked_at > town.now - older_than:
            continue
        town.attempt("letter read", _looks(town.act(chief), line.id))
        if not town.attempt("letter answered", _answers(town, town.act(chief), line.id)):
            town.attempt("letter talked over", _talks(town.act(chief), line.id))
    town.deliver()


def _looks(act: Any, letter_id: int) -> Callable[[Session], Any]:
    return lambda session: letters.look_at(session, act, letter_id)


def _answers(town: Town, act: Any, letter_id: int) -> Callable[[Session], Any]:
    words = "Chỉ huy phường đã xem lại việc này và nhắc cán bộ phụ trách. Kết quả sẽ nhắn tại đây ạ."
    return lambda session: letters.answer(session, town.ward, act, letter_id, words=words, draw=new_id)


def _talks(act: Any, letter_id: int) -> Callable[[Session], Any]:
    return lambda session: letters.note_talk(session, act, letter_id, how="met", words="Đã gặp, người dân đồng ý chờ thêm")
