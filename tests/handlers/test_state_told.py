"""What somebody reads who asks where their tip stands: the truth, and nothing of what was found."""

import pytest

from handlers import lifecycle
from handlers.flows.afterwards import state_said
from handlers.flows.conversation import Found
from handlers.texts import say

SAID: dict[str, str] = {
    "S1": "cán bộ trực chưa đọc",
    "S2": "Số trong sổ: 125/2026",
    **dict.fromkeys(("S3", "S4", "S5", "S8", "S9", "S10"), "đang được kiểm tra"),
    **{state: "đã được chuyển đi" for state in lifecycle.AWAITS_RESULT},
    **{state: "đã kết thúc lúc" for state in lifecycle.ENDED},
}


@pytest.mark.parametrize("state", lifecycle.ARRIVED)
def test_each_state_has_its_sentence(state: str) -> None:
    is_new = state == "S1"
    found = Found(
        tip_id=1,
        tail="9DAF",
        arrived_at=1_800_000_000_000,
        accepted_at=None if is_new else 2,
        closed_at=1_800_000_000_000 if state in lifecycle.ENDED else None,
        state=state,
        number="" if is_new else "125/2026",
    )

    assert SAID[state] in state_said(say, found) and "9DAF" in state_said(say, found)
