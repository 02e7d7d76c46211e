"""`keng recount`: figures that were changed by hand are what the history says again, beside a serving house."""

import asyncio
from pathlib import Path

from sqlalchemy import delete, update

from bot import offline
from bot.runtime import running
from storage import moments, tables
from storage.queries import chain
from storage.verify import Report
from tests.conftest import house_settings
from tests.placed import keep, placed


async def test_figures_that_were_changed_behind_the_history_are_counted_anew(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    async with running(settings) as house:
        ward_id, now = house.ward().id, moments.now()
        ids = await keep(house.memory, *(placed(ward_id, now - at) for at in (3, 2, 1)))
        happened = [
            tables.HistoryRow(
                id=ids[0] + 100 + nr, ward_id=ward_id, tip_id=tip_id, at=now, actor="resident", what="arrived", detail={"tail": ""}
            )
            for nr, tip_id in enumerate(ids)
        ]
        await house.memory.write(lambda session: session.add_all(happened))
        for _ in range(200):
            if not await house.memory.read(lambda session: chain.has_unlinked(session, ward_id)):
                break
            await asyncio.sleep(0.05)
        await asyncio.to_thread(offline.recount, settings)
        await house.memory.write(lambda session: session.execute(delete(tables.FigureFact)))
        await house.memory.write(lambda session: session.execute(update(tables.FigureBlock).values(counts={})))
        spoilt = await asyncio.to_thread(offline.verify_all, settings, head=None)
        await asyncio.to_thread(offline.recount, settings)
        mended = await asyncio.to_thread(offline.verify_all, settings, head=None)

    def about_figures(report: Report) -> list[object]:
        return [one for one in report.differences if "figure" in str(one["kind"])]

    assert about_figures(spoilt) and about_figures(mended) == []
