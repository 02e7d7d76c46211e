"""A ward's library of warnings: ours changed, hidden and taken back, its own beside them; nothing kept that could not go out."""

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from handlers.officers import Mistake
from handlers.warnings import library, templates
from handlers.warnings.content import Content
from handlers.warnings.library import NotKept
from storage import tables
from storage.ids import new_id
from storage.memory import Memory
from tests.storage.test_exchange import HERE, OTHER, WARD, act, memory

__all__ = ["memory"]

OWN = Content(
    theme="theft", headline="Trông xe ở chợ đêm", body="Chợ đêm đông, hay mất xe, mất ví.", lines=("Gửi xe trong bãi.", "Giữ ví.")
)


def keep(session: Session, content: Content, key: str = "", name: str = "Chợ đêm") -> str:
    return library.keep(session, act(), HERE, key=key, name=name, content=content, row_id=new_id())


def by_key(session: Session, ward: int = WARD) -> dict[str, templates.Template]:
    return {one.key: one for one in templates.everything(session, ward)}


async def test_a_ward_changes_hides_and_takes_back_and_adds_its_own(memory: Memory) -> None:
    own = await memory.write(lambda session: keep(session, OWN))
    await memory.write(lambda session: keep(session, OWN, key="theft", name="Mất cắp"))
    await memory.write(lambda session: library.hide(session, act(), key="fireworks", is_hidden=True, row_id=new_id()))

    known = await memory.read(by_key)
    assert known[own].is_own and known[own].content == OWN and known[own].name == "Chợ đêm"
    assert known["theft"].is_changed and known["theft"].content == OWN and known["theft"].aliases
    assert known["fireworks"].is_hidden and not known["fireworks"].is_changed
    offered = await memory.read(lambda session: {one.key for one in templates.library(session, WARD)})
    assert offered == known.keys() - {"fireworks"}
    assert await memory.read(lambda session: by_key(session, OTHER)) == {one.key: one for one in templates.ours()}

    await memory.write(lambda session: library.hide(session, act(), key="theft", is_hidden=True, row_id=new_id()))
    assert (await memory.read(by_key))["theft"].content == OWN  # Hidden, its words stay.
    for key in ("theft", "fireworks", own):
        await memory.write(lambda session, key=key: library.take_back(session, act(), key=key))  # type: ignore[misc]
    assert await memory.read(by_key) == {one.key: one for one in templates.ours()}
    with pytest.raises(Mistake, match="warning-template-gone"):
        await memory.write(lambda session: library.take_back(session, act(), key=own))

    def history(session: Session) -> list[str]:
        query = (
            select(col(tables.HistoryRow.what))
            .where(col(tables.HistoryRow.what).startswith("warning_"))
            .order_by(col(tables.HistoryRow.id))
        )
        return list(session.execute(query).scalars())

    noted = await memory.read(history)
    assert noted == ["warning_template_kept"] * 2 + ["warning_template_hidden"] * 2 + ["warning_template_taken_back"] * 3


async def test_what_could_not_go_out_is_not_kept(memory: Memory) -> None:
    with pytest.raises(NotKept) as refused:
        await memory.write(lambda session: keep(session, Content(theme="theft", headline="Bà Lan mất xe", body="Gọi 0912 345 678.")))
    assert refused.value.wrong == ["warning-no-lines"]
    assert [(one.field, one.key) for one in refused.value.findings] == [("headline", "name"), ("body", "phone")]
    with pytest.raises(NotKept) as refused:
        await memory.write(lambda session: keep(session, OWN, name="Vụ ông Nguyễn Văn Tám"))
    assert refused.value.wrong == ["warning-template-name"]
    with pytest.raises(Mistake, match="warning-template-gone"):
        await memory.write(lambda session: keep(session, OWN, key="nothing"))


def test_templates_are_found_as_people_type() -> None:
    known = templates.ours()

    def keys(typed: str) -> list[str]:
        return [one.key for one in templates.found(known, typed)]

    assert keys("gia cong an")[0] == keys("Giả Công An")[0] == "fake-police"
    assert keys("bat coc")[0] == "online-kidnapping" and "drowning" in keys("đuối nước") and keys("26/6") == ["drugs-june"]
    assert keys("") == [one.key for one in known] and keys("xyzzy") == []
