"""Whatever comes to the door is an update, or is refused; nothing breaks it, and nothing of who it was passes it."""

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.zalo_bot.parse import Malformed, envelope, read

_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
_KINDS = st.sampled_from(["text", "image", "voice", "sticker", "unsupported", "link", "reaction", "nothing_known"])
_WORDS = st.text(max_size=60) | _ANYTHING
_NAME = "Kanaryname"


@settings(deadline=None)
@given(_ANYTHING)
def test_anything_at_all_is_refused_or_read(body: Any) -> None:
    with contextlib.suppress(Malformed):
        envelope(body)


@settings(max_examples=200, deadline=None)
@given(
    kind=_KINDS,
    wraps=st.booleans(),
    chat_type=st.sampled_from(["PRIVATE", "GROUP", "private"]) | _ANYTHING,
    message_id=st.text(min_size=1, max_size=20) | st.integers() | _ANYTHING,
    date=st.integers() | _ANYTHING,
    content=st.dictionaries(st.sampled_from(["text", "caption", "photo_url", "photo", "voice_url", "url", "sticker"]), _WORDS),
)
def test_odd_messages_are_read_and_tell_no_name(
    kind: str, wraps: bool, chat_type: Any, message_id: Any, date: Any, content: dict[str, Any]
) -> None:
    sender = {"id": "feedface01", "display_name": _NAME, "name": _NAME, "username": _NAME}
    message = {"from": sender, "chat": {"id": "feedface01", "chat_type": chat_type}, "message_id": message_id, "date": date, **content}
    update: dict[str, Any] = {"event_name": f"message.{kind}.received", "message": message}
    letter = envelope({"ok": True, "result": update} if wraps else update)

    assert _NAME not in letter.payload
    for payload in filter(None, (letter.payload, letter.payload_with_names)):
        incoming = read(payload)
        assert incoming.kind and 0 <= incoming.sent_at < 2**63
