"""What happens to one tip, drawn by chance, as rows of the history: the lives of which the bench's houses are made."""

import random

from storage import moments
from storage.replay import Happening

OFFICERS = tuple(range(700, 712))
HOMES = tuple(range(900, 918))
# As often as residents write of it, the rarest last.
_CATEGORIES = ("TT", "MT", "CB", "LD", "TC", "MD", "KH", "TD", "BL", "DX", "CN", "MN", "CT", "TE", "MR", "TN")
_HOUR, _DAY = moments.HOUR, moments.DAY


class _Teller:
    """A tip's clockwork: what is told happens at `at`, and a clock that is settled is settled by the row behind."""

    def __init__(self, chance: random.Random, at: int) -> None:
        self.chance, self.at, self.told, self._clocks = chance, at, list[Happening](), list[str]()
        self.officer = chance.choice(OFFICERS)

    def tell(self, what: str, **detail: object) -> None:
        self.told.append(Happening(self.at, f"officer:{self.officer}", what, detail))

    def move(self, name: str, to: str, **detail: object) -> None:
        self.tell("moved", move=name, to=to, **detail)

    def start(self, kind: str, length: int) -> int:
        self._clocks.append(kind)
        self.tell("clock_started", clock=len(self._clocks), kind=kind, amount=1, starts=self.at, due=self.at + length)
        return len(self._clocks)

    def settle(self, clock: int, *, mostly: float) -> None:
        self.tell("clock_met" if self.chance.random() < mostly else "clock_late", clock=clock, kind=self._clocks[clock - 1])

    def wait(self, about: int) -> None:
        self.at += int(self.chance.expovariate(1 / about))


def story(chance: random.Random) -> list[Happening]:
    """One tip from its arrival on, at moment nought: at midnight of a day in Hà Nội."""
    one = _Teller(chance, int(chance.uniform(0, _DAY)))
    [category] = chance.choices(_CATEGORIES, weights=[1 / (rank + 2) for rank in range(len(_CATEGORIES))])
    [home] = chance.choices((*HOMES, None), weights=[*(1 / (rank + 4) for rank in range(len(HOMES))), 0.1])
    one.tell("draft_opened", category=category)
    one.tell("placed", mark="", cell="", neighbourhood=home)
    one.tell("arrived", tail="ABCD", code="")
    if chance.random() < 0.03:
        one.tell("danger_heard", danger="danger", urgent=True)
    if chance.random() < 0.01:
        one.tell("restricted", kind=chance.choice(("chief", "fence")))
    enter = one.start("enter", _HOUR)
    one.wait(_HOUR // 4)
    one.tell("accepted")
    kind = chance.choice(("denunciation", "report", "feedback"))
    book = "other" if kind == "feedback" else "crime"
    one.wait(_HOUR // 3)
    one.move("enter", "S2", kind=kind, book=book, number=1, year=2026, entry=1)
    one.settle(enter, mostly=0.9)
    classify = one.start("classify", 8 * _HOUR)
    one.wait(5 * _HOUR)
    track = chance.choice("AABBBBCCDDEF")
    one.move("classify", "S3", track=track)
    one.settle(classify, mostly=0.9)
    one.wait(_HOUR)
    one.move("approve", "S3")
    if track in "AB":
        _of_crime(one, track)
    else:
        one.wait(40 * _HOUR)
        one.move("fine", {"C": "S9", "D": "S10"}.get(track, "S11"))
        if track in "CD":
            inform = one.start("inform", 3 * _DAY)
            one.wait(_DAY)
            one.tell("closed", to="S12")
            one.settle(inform, mostly=0.95)
    return one.told


def _of_crime(one: _Teller, track: str) -> None:
    chance = one.chance
    reports, transfers = one.start("report12", 12 * _HOUR), one.start(f"transfer-{track.lower()}", _DAY if track == "A" else 7 * _DAY)
    one.wait(6 * _HOUR)
    one.move("report", "S4")
    one.settle(reports, mostly=0.8)
    one.wait(60 * _HOUR)
    one.move("transfer", "S6")
    one.settle(transfers, mostly=0.9)
    one.at += 2 * _DAY
    one.move("acknowledged", "S7")
    settle = one.start("settle", 20 * _DAY)
    if chance.random() < 0.997:  # Of a few nobody ever hears again.
        one.at += int(chance.uniform(3, 30)) * _DAY
        one.move("settled", "S8", result=chance.choice(("opened", "not-opened")))
        one.settle(settle, mostly=0.8)
        inform = one.start("inform", 3 * _DAY)
        one.wait(_DAY)
        one.tell("closed", to="S12")
        one.settle(inform, mostly=0.95)
