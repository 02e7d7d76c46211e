"""P7: the ward's own program rings beside the chat; that it could not is known, and calls the next person."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import col

from bot.alarms import AlarmCommand
from storage import moments, tables
from storage.ids import new_id
from storage.queries import doors
from storage.queries import ladder as rows
from tests.conftest import house_settings
from tests.promises.test_p3 import CHIEF, DUTY, SECOND, Desk, desk

__all__ = ["desk"]


async def rings(desk: Desk, command: str, *, most_secs: float = 5) -> list[str]:
    """A tip comes, and whoever is on duty has no other way than this command; what became of the calls."""
    desk.now, desk.has_command, desk.without_chat = moments.now(), True, {DUTY, SECOND}
    await desk.shift(commander=None)
    await desk.arrives("9DAF", is_urgent=True)
    await desk.beat()
    alarm = AlarmCommand(desk.memory, command, lambda: 1, most_secs=most_secs)
    await alarm.beat()
    while alarm._running:
        await asyncio.wait(alarm._running)
    await alarm.stop()
    return [outcome for _name, _way, outcome in await desk.outcomes()]


async def test_p3_the_wards_own_program_is_told_whom_to_ring_and_nothing_else(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KENG_TELEGRAM_TOKEN", "a-secret")
    told, script = tmp_path / "told", tmp_path / "ring.sh"
    script.write_text('env | grep ^KENG | sort > "$1"\n')
    outcomes = await rings(desk, f"sh {script} {told}")

    assert outcomes == ["sent"]
    assert told.read_text().splitlines() == [
        "KENG_ALARM_COUNT=1",
        "KENG_ALARM_KIND=urgent",
        "KENG_ALARM_OFFICER=duty",
        "KENG_ALARM_RUNG=0",
        "KENG_ALARM_TAIL=9DAF",
        "KENG_ALARM_URGENT=1",
    ]


@pytest.mark.parametrize("command", ["false", "sleep 60", "/no/such/program"])
async def test_p7_a_program_that_fails_hangs_or_is_not_there_calls_the_next_person(desk: Desk, command: str) -> None:
    assert await rings(desk, command, most_secs=0.2) == ["failed"]

    await desk.beat(0.1)
    second = [name for name, _way, outcome in await desk.outcomes() if outcome == "waiting"]
    assert second == ["duty", "second"]  # Whoever was called before is called along.


async def test_p7_a_call_whose_process_died_is_never_rung_twice_and_counts_as_failed(desk: Desk) -> None:
    desk.has_command, desk.without_chat = True, {DUTY, SECOND, CHIEF}
    await desk.shift(second=None, commander=None)
    tip_id = await desk.arrives("9DAF")
    await desk.beat()

    assert len(await desk.do(lambda session: rows.take_commands(session, 1))) == 1
    assert await desk.do(lambda session: rows.take_commands(session, 1)) == []
    await desk.beat(2)

    assert (await desk.outcomes(tip_id))[0] == ("duty", "command", "failed")
    rung = await desk.memory.read(lambda session: session.execute(select(col(tables.Ladder.rung))).scalar_one())
    assert rung == 3


def test_a_command_that_cannot_be_run_is_named_at_the_start(tmp_path: Path) -> None:
    for wrong in ("/no/such/program", "sh 'half"):
        with pytest.raises(ValidationError, match="alarm_command"):
            house_settings(tmp_path, alarm_command=wrong)


async def test_p7_a_platform_that_shuts_us_out_calls_the_chief_after_minutes_and_once_a_day(desk: Desk) -> None:
    async def called() -> list[tuple[int | None, str]]:
        query = select(col(tables.Alarm.officer_id), col(tables.Alarm.way)).where(col(tables.Alarm.why) == "door")
        return [(row[0], row[1]) for row in await desk.do(lambda session: session.execute(query.order_by(col(tables.Alarm.id))).all())]

    desk.has_command = True
    await desk.shift()
    shut: dict[str, Any] = {"row_id": new_id(), "channel": "telegram", "why": "unreachable", "now": desk.now}
    await desk.do(lambda session: doors.keep(session, 1, **shut))
    await desk.beat(4)
    assert await called() == []  # Networks come back by themselves.

    await desk.do(lambda session: doors.keep(session, 1, **{**shut, "why": "token", "now": desk.now}))  # Since when stays.
    await desk.beat(1)
    await desk.beat(30)
    assert await called() == [(CHIEF, "chat"), (CHIEF, "command")]
    await desk.beat(24 * 60)
    assert (await called())[2:] == [(CHIEF, "command")]  # The card of yesterday is still on its way.

    await desk.do(lambda session: doors.over(session, 1, "telegram"))
    await desk.beat(24 * 60)
    assert len(await called()) == 3
