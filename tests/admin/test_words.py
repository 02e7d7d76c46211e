"""Whatever a page may have to say has words in both languages."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from bot.channels.telegram.receive import Shut
from bot.channels.zalo_oa.receive import Shut as ZaloShut
from handlers import ladder, texts
from handlers.cards import Kind
from handlers.duty import WHY_TAKEN
from handlers.ladder import RUNGS
from handlers.officers import CLOSING_REASONS, ROLES
from storage.disk import Room
from storage.queries import tips


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_happening_role_and_state_has_words(language: str) -> None:
    wanted = {f"history-{what.replace('_', '-')}" for what in tips._SHOWN}
    wanted |= {f"role-{role}" for role in ROLES}
    wanted |= {f"actor-{actor}" for actor in ("resident", "system", "officer", "command-line", "set-up-link", "restore")}
    wanted |= {f"tip-{about}" for about in ("anonymous", "named", "named-paper")}
    wanted |= {f"disk-{room.name.lower().replace('_', '-')}" for room in Room if room != Room.FINE}
    wanted |= {f"hands-why-{why}" for why in WHY_TAKEN} | {f"roster-{rung}" for rung in RUNGS} | {one.kind for one in ladder.defaults()}
    # Each tip of a list has an alarm of its own.
    wanted |= {f"alarm-why-{why}" for why in get_args(Kind) if why != "urgents"} | {f"weekday-{day}" for day in range(7)}
    wanted |= {f"alarm-way-{way}" for way in ("chat", "desk", "command", "none")}
    wanted |= {f"alarm-outcome-{one}" for one in ("waiting", "started", "sent", "failed", "unreachable", "over", "pressed")}
    wanted |= {f"closing-{why}" for why in CLOSING_REASONS} | {f"step-officer-{what}" for what in ("added", "closed", "reopened")}
    wanted |= {f"opening-{state}" for state in ("waits", "live", "over", "refused", "expired", "withdrawn", "ended")}
    wanted |= {f"door-{why}" for why in (*get_args(Shut), *get_args(ZaloShut)) if why}
    notes = "waiting stored failed shredded gone unreachable channel-closed here too-big too-many-pixels not-what-it-claims unknown-type"
    wanted |= {f"file-note-{note}" for note in f"{notes} broken empty locked no-copy in-part trying-again".split()}

    assert wanted - texts.keys(language) == set()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_key_is_said_in_two_files(language: str) -> None:
    """The second would never be heard, and the first would be said in its place."""
    lines = [line for path in (Path(texts.__file__).parent / language).glob("*.ftl") for line in path.read_text("utf-8").splitlines()]
    counted = Counter(line.split(" =")[0] for line in lines if " =" in line and not line.startswith((" ", "#")))

    assert [key for key, times in counted.items() if times > 1] == []
