"""To whom the account speaks: somebody on Zalo, a group of its own (GMF), or a visitor of a web page who is not on Zalo at all.

One word each, so that a chat's row need not know the difference. An id of Zalo's has no colon, so nobody is taken for somebody else.
"""

from dataclasses import dataclass
from typing import Literal

PERSON, VISITOR = "zalo_oa", "zalo_visitor"  # Channels of ours: what a visitor can be offered is less.
Kind = Literal["person", "group", "visitor"]
_GROUP, _VISITOR = "group:", "visitor:"


@dataclass(frozen=True, slots=True)
class Recipient:
    kind: Kind
    path: str
    recipient: dict[str, str]
    id: str  # As Zalo names them when it tells of what was sent.


def of_group(group_id: str) -> str:
    return f"{_GROUP}{group_id}"


def of_visitor(anonymous_id: str, conversation_id: str) -> str:
    return f"{_VISITOR}{anonymous_id}:{conversation_id}"


def channel_of(address: str) -> str:
    return VISITOR if address.startswith(_VISITOR) else PERSON


def recipient_of(address: str) -> Recipient:
    if address.startswith(_GROUP):
        group_id = address.removeprefix(_GROUP)
        return Recipient("group", "/v3.0/oa/group/message", {"group_id": group_id}, group_id)
    if address.startswith(_VISITOR):
        anonymous_id, _, conversation_id = address.removeprefix(_VISITOR).partition(":")
        both = {"anonymous_id": anonymous_id, "conversation_id": conversation_id}
        return Recipient("visitor", "/v2.0/oa/message", both, anonymous_id)
    return Recipient("person", "/v3.0/oa/message/cs", {"user_id": address}, address)
