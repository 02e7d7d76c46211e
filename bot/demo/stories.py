"""What is told in the demo: sentences from `stories.toml`, with streets, plates and numbers of nobody filled in."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.demo import ward
from handlers.insight import danger

_FILE = Path(__file__).parent / "stories.toml"
# How often each kind is told, of a hundred or so.
_WEIGHTS = {
    **{"LD": 13, "TC": 12, "TT": 11, "MR": 9, "DX": 9, "KH": 10, "MN": 7, "CT": 5, "CB": 6, "MT": 6, "CN": 5, "ML": 5, "TD": 4, "BL": 4},
    **{"NT": 3, "HD": 2, "VK": 2, "MD": 2, "TE": 1, "MB": 1, "TN": 1},
}
# Most of what a ward is told is no cry. Where the house hears danger another story is drawn, so often; of some kinds all sound like one.
_DRAWN_AGAIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    category: str
    words: str
    home: int  # The number of the neighbourhood.
    place: str  # As it is typed; empty where only the neighbourhood is told.
    photo: str = ""
    gist: str = ""  # As an officer writes it into the book.
    is_now: bool = False


@cache
def load() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def one(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = load()[kind]
    return found


def draw(chance: random.Random, *, category: str = "", is_now: bool = False, has_photo: bool = False) -> Story:
    category = category or chance.choices([*_WEIGHTS], [*_WEIGHTS.values()])[0]
    home, street = chance.randrange(1, ward.COLUMNS * ward.ROWS + 1), chance.choice(ward.STREETS)
    for _ in range(1 if is_now else _DRAWN_AGAIN + 1):
        pattern = chance.choice(one(category)["now" if is_now else "stories"])
        words = fill(pattern, chance, home=home, street=street)
        gist = words.split(". ")[0].rstrip(".")
        if is_now or danger.hear(words := f"{talk('before', chance)}{words}{talk('after', chance)}") is None:
            break
    typed = chance.choice(
        (f"số {chance.randrange(2, 240)} {street}", f"ngõ {chance.randrange(2, 90)} {street}", chance.choice(ward.LANDMARKS), "")
    )
    photo = one(category).get("photo", "") if chance.random() < 0.35 or has_photo else ""
    return Story(category=category, words=words, home=home, place=typed, photo=photo, gist=gist, is_now=is_now)


def told_again(story: Story, chance: random.Random) -> Story:
    """The same seen by somebody else."""
    plain = story.words.rstrip(".")
    words = chance.choice((f"Tôi cũng thấy chuyện này: {plain[0].lower()}{plain[1:]}.", f"Nhà tôi gần đó. {plain}, cả xóm đều biết."))
    return Story(category=story.category, words=words, home=story.home, place=story.place, photo=story.photo, gist=story.gist)


def talk(what: str, chance: random.Random) -> str:
    return fill(chance.choice(one("talk")[what]), chance)


def calm_talk(what: str, chance: random.Random) -> str:
    """In which the house hears no danger: what is said on the way wakes nobody here."""
    while danger.hear(words := talk(what, chance)) is not None:
        continue
    return words


def fill(pattern: str, chance: random.Random, *, home: int = 0, street: str = "") -> str:
    return pattern.format(
        street=street or chance.choice(ward.STREETS),
        mark=chance.choice(ward.LANDMARKS),
        home=f"tổ {home or chance.randrange(1, ward.COLUMNS * ward.ROWS + 1)}",
        plate=plate(chance),
        phone=phone(chance),
        account=f"{chance.randrange(10**9, 10**10)}",
        site=f"{chance.choice(('ve-re', 'qua-tang', 'viec-nhe', 'chot-don'))}-{chance.randrange(10, 99)}.example",
        hour=chance.choice(("9 giờ tối", "11 giờ đêm", "1 giờ sáng", "5 giờ chiều", "10 giờ rưỡi đêm")),
    )


def plate(chance: random.Random) -> str:
    """13 belongs to no province."""
    return f"13-{chance.choice('BCDEH')}{chance.randrange(1, 10)} {chance.randrange(100, 1000)}.{chance.randrange(10, 100)}"


def phone(chance: random.Random) -> str:
    """054 belongs to no network."""
    return f"0540 {chance.randrange(100, 1000)} {chance.randrange(100, 1000)}"
