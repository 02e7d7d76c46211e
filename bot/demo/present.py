"""What stands on the desk when the demo is opened: one of each kind, told in the last hours."""

import random
from collections.abc import Callable, Generator
from typing import Any

from bot.demo import beside, desk, stories, ward
from bot.demo.desk import Case
from bot.demo.residents import Resident
from bot.demo.stories import Story
from bot.demo.town import Life, Town
from handlers import held_texts, paper_file, restricting, writing
from storage.ids import new_id
from storage.moments import MINUTE

_Telling = Generator[int, None, Case]


def _tell(
    town: Town, chance: random.Random, category: str, *, story: Story | None = None, channel: str = "webchat", **how: Any
) -> _Telling:
    story = story or stories.draw(chance, category=category, is_now=bool(how.pop("now", False)))
    resident = Resident(town, channel, f"{town.plan.seed}-{chance.random()}", chance)
    yield from resident.tells(story, **how)
    town.done["told"] += 1
    return Case(town, resident.tip_id, story, chance, resident)


def _taken(town: Town, chance: random.Random, category: str, *moves: str, **how: Any) -> _Telling:
    """Told, accepted, entered, and so on as far as these moves lead."""
    given = {"enter": {"kind": "report"}, "classify": {"track": str(how.pop("track", "C"))}}
    case = yield from _tell(town, chance, category, **how)
    yield chance.randrange(2, 6) * MINUTE
    case.accept()
    town.deliver()
    for name in moves:
        yield chance.randrange(2, 8) * MINUTE
        by = town.ids["hai.dang"] if name in ("approve", "report", "transfer") else None
        case.move(name, by=by, **given.get(name, {}))
    return case


def _new(category: str, **how: Any) -> "Make":
    return lambda town, chance: _tell(town, chance, category, **how)


def _as_far_as(category: str, *moves: str, **how: Any) -> "Make":
    return lambda town, chance: _taken(town, chance, category, *moves, **how)


def _urgent_accepted(town: Town, chance: random.Random) -> Life:
    case = yield from _tell(town, chance, "CN", now=True)
    yield from case.goes_on()


def _asked(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "TC", "enter")
    case.ask()


def _asked_and_answered(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "DX", "enter", channel="telegram")
    case.ask()
    assert case.resident is not None
    yield 15 * MINUTE
    case.resident.says("xem")
    yield MINUTE
    case.resident.says(stories.calm_talk("answered", chance))


def _at_the_counter(town: Town, chance: random.Random) -> Life:
    desk.brings_in(town, stories.draw(chance, category="MN"), chance, 90_018, can_be_called=True)
    yield MINUTE


def _named_and_asked_for(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "LD", "enter", name=ward.NAMES[0])
    case.assign(town.ids["my.hanh"])
    yield 5 * MINUTE
    beside.asks(town, case, "my.hanh", "identity", "Cần gặp người báo để lấy bản gốc biên lai chuyển tiền")


def _named_and_opened(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "TC", "enter", "classify", "approve", name=ward.NAMES[1])
    case.assign(town.ids["my.hanh"])
    yield 20 * MINUTE
    opening_id, pair = beside.asks(town, case, "my.hanh", "identity", "Cần ghi lời kể của người chứng kiến trước khi chuyển hồ sơ")
    yield 25 * MINUTE
    yield from beside.opens(town, opening_id, pair, asked_by="my.hanh")


def _shown(town: Town, chance: random.Random) -> Life:
    """With photos, of which one is blacked out; the photos as they came are asked for, and are not given."""
    story = stories.draw(chance, category="DX", has_photo=True)
    case = yield from _taken(town, chance, "DX", "enter", "classify", story=story)
    yield 10 * MINUTE
    beside.covers_photo(case)
    struck = case.note("Xe này hình như của nhà số 40.")
    yield 6 * MINUTE
    case.strike(struck)
    case.note("Biển số nhìn rõ ở ảnh đầu. Bản che để đăng nhóm tổ dân phố, đừng đăng bản chưa che.")
    opening_id, _pair = beside.asks(town, case, "thu.lam", "originals", "Muốn xem ảnh rõ hơn một chút")
    yield 20 * MINUTE
    beside.refuses(town, opening_id, "Bản trên màn hình đã đủ rõ biển số, chưa cần bản gốc")


def _floods(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "KH", "enter")
    yield 30 * MINUTE
    beside.sets_apart(town, case)


def _set_apart(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "MT", "enter")
    act = town.act(town.duty_id())
    told: dict[str, Any] = {"tip_id": case.tip_id, "reason": "Trong lời kể có nói tới người nhà cán bộ", "draw": new_id}
    town.attempt("restricted", lambda session: restricting.restrict(session, act, **told))


def _concern(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "MR", "enter")
    act = town.act(town.duty_id())
    told: dict[str, Any] = {"tip_id": case.tip_id, "draw": new_id}
    town.attempt("concern", lambda session: restricting.raise_concern(session, town.ward.book, act, **told))


def _to_paper(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "MT", "enter")
    act = town.act(case.officer())
    town.attempt("paper asked", lambda session: paper_file.ask(session, act, tip_id=case.tip_id, number="14/HS"))


def _held(town: Town, chance: random.Random) -> Life:
    """Words that name somebody wait for the chief."""
    case = yield from _taken(town, chance, "TD", "enter")
    act, held_id = town.act(case.officer()), new_id()
    words = "Tổ trưởng dân phố, ông Tạ Văn Ví Dụ, đã tới nhắc hai bên. Có gì thêm, cứ nhắn ạ."
    why = tuple(writing.needs_chief(words))
    told: dict[str, Any] = {"tip_id": case.tip_id, "kind": "answer", "why": why, "held_id": held_id, "draw": new_id}
    told |= {"body": {"words": words}}
    town.attempt("text held", lambda session: held_texts.hold(session, act, **told))


def _threatened(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "CB", "enter", "classify")
    assert case.resident is not None
    yield 30 * MINUTE
    yield from case.resident.writes_to_chief(is_threat=True)


def _complains(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "TT", "enter", "classify", channel="telegram")
    assert case.resident is not None
    yield 60 * MINUTE
    yield from case.resident.writes_to_chief()


def _asks_for_own_data(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "KH", "enter")
    assert case.resident is not None
    yield 10 * MINUTE
    for data in ("data", "data:know", "data-send"):
        case.resident.presses(data)
        yield MINUTE


def _ended(town: Town, chance: random.Random) -> Life:
    case = yield from _taken(town, chance, "MR", "enter", "classify", "approve", "guide", track="D")
    yield 30 * MINUTE
    case.close()
    assert case.resident is not None
    yield from case.resident.rates(case.tip_id)


def _one_event(town: Town, chance: random.Random) -> Life:
    """Three tell of it; two are linked, the third looks alike."""
    first = yield from _taken(town, chance, "CN", "enter")
    for is_linked in (True, False):
        story = stories.told_again(first.story, chance)
        other = yield from _tell(town, chance, "CN", story=story)
        yield 4 * MINUTE
        other.accept()
        if is_linked:
            desk.links(town, other.tip_id, first.tip_id)


def _days_work(town: Town, _chance: random.Random) -> Life:
    """Of the chief, in the morning."""
    beside.looks_at_pins(town)
    yield from beside.explains(town)


Make = Callable[[Town, random.Random], Life]
_PRESENT: tuple[tuple[int, Make], ...] = (  # So many minutes ago it began.
    (4, _new("TT", now=True)),
    (11, _new("BL", now=True)),
    (35, _urgent_accepted),
    (7, _new("LD", channel="telegram")),
    (19, _new("DX")),
    (34, _new("KH")),
    (52, _new("TC", channel="telegram")),
    (26, _at_the_counter),
    (95, _as_far_as("MN")),  # Its time to be entered is over.
    (110, _as_far_as("CB", "enter")),
    (125, _asked),
    (160, _asked_and_answered),
    (140, _new("TT", reader="fence")),
    (150, _new("TN")),
    (170, _named_and_asked_for),
    (26 * 60 + 20, _named_and_opened),
    (180, _shown),
    (215, _floods),
    (190, _set_apart),
    (205, _as_far_as("BL", "enter", is_shared=True)),
    (230, _as_far_as("CT", "enter", "classify")),
    (245, _as_far_as("CB", "enter", "classify", "approve")),
    (260, _held),
    (280, _to_paper),
    (300, _threatened),
    (320, _complains),
    (340, _asks_for_own_data),
    (360, _concern),
    (400, _one_event),
    (26 * 60, _as_far_as("MR", "enter")),  # Nobody has sorted it, and the day for it is over.
    (3 * 24 * 60, _as_far_as("LD", "enter", "classify", "approve", "check")),
    (30 * 60, _as_far_as("TE", "enter", "classify")),
    (3 * 24 * 60 + 200, _complains),
    (6 * 24 * 60, _ended),
    (8 * 24 * 60, _as_far_as("LD", "enter", "classify", "approve", "report", "check", "transfer", "acknowledged", track="B")),
    (9 * 24 * 60, _as_far_as("TC", "enter", "classify", "approve")),
)
_WORK: tuple[tuple[int, Make], ...] = ((75, _days_work),)  # In which nobody tells anything.
MANY = len(_PRESENT) + 2  # The event is told three times.


def begin(town: Town) -> None:
    for number, (minutes_ago, make) in enumerate((*_PRESENT, *_WORK)):
        town.begin(town.plan.now - minutes_ago * MINUTE, make(town, town.chance(f"present {number}")))
