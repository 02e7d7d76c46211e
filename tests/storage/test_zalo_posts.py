"""Which messages left as the account's, up to where all is known, and who holds rights: the same on both engines."""

from typing import Any

from sqlmodel import Session

from handlers import answered_outside, oa_rights
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import held_events, zalo_missed, zalo_posts
from storage.queries import oa_rights as rights
from storage.queries.zalo_missed import Known
from tests.storage.test_officer_chats import FIRST, NOW, WARD, memory

__all__ = ["memory"]


def told(session: Session, message_hash: str, *, to: str = "t", by: Any = "event", at: int = NOW, now: int = NOW) -> None:
    zalo_posts.tell(session, WARD, row_id=new_id(), message_hash=message_hash, to_hash=to, told_by=by, at=at, now=now)


def ids() -> list[int]:
    return [new_id() for _ in range(2 * answered_outside.MOST)]


async def test_p7_what_left_is_ours_or_is_told(memory: Memory) -> None:
    later, ours, lost = NOW + 2 * moments.MINUTE, new_id(), new_id()

    def live(session: Session) -> list[Any]:
        assert zalo_posts.known_from(session, WARD, now=NOW) == zalo_posts.known_from(session, WARD, now=NOW + 5) == NOW
        for row_id, to in ((ours, "a"), (lost, "b")):
            zalo_posts.begin(session, WARD, row_id=row_id, to_hash=to, now=NOW)
        told(session, "m1", to="a")  # Before the answer, and twice.
        told(session, "m1", to="a")
        assert zalo_posts.kind_of(session, "m1") == "unsure"
        assert zalo_posts.answered(session, ours, "m1") == "event" and zalo_posts.kind_of(session, "m1") == "ours"
        for _ in range(2):
            answered_outside.prove(session, WARD, "event", row_id=new_id(), now=NOW)
        told(session, "m2", to="b", at=NOW + 4 * moments.MINUTE)
        told(session, "m3", to="b", at=NOW + 4 * moments.MINUTE)
        told(session, "m4", to="c", by="fetched")
        told(session, "m5", by="person")
        told(session, "m6", now=later)  # May still be answered.
        found = answered_outside.judge(session, WARD, ids=iter(ids()), now=later)
        again = answered_outside.judge(session, WARD, ids=iter(ids()), now=later)
        kinds = [zalo_posts.kind_of(session, f"m{number}") for number in range(1, 7)]
        return [found, again, kinds, {what: mark.many for what, mark in held_events.marks(session, WARD, "zalo_oa").items()}]

    found, again, kinds, marks = await memory.write(live)
    assert (found, again, kinds) == (2, 0, ["ours", "ours", "outside", "passed", "outside", "unsure"])
    assert marks == {"ids_told": 1, "by_hand": 2}
    assert await memory.read(lambda session: zalo_posts.outside(session, WARD, since=NOW)) == (2, NOW + 4 * moments.MINUTE)

    def forget(session: Session) -> tuple[int, int]:
        zalo_posts.know_from_now(session, WARD, now=later)
        return zalo_posts.known_from(session, WARD, now=NOW), zalo_posts.forget_old(session, now=later + zalo_posts.KEEP_FOR)

    assert await memory.write(forget) == (later, 5)


async def test_p7_up_to_where_all_is_known_and_who_holds_rights(memory: Memory) -> None:
    def live(session: Session) -> tuple[Known, Known, bool, bool, list[str]]:
        first = zalo_missed.known(session, WARD, "5000", now=NOW)
        zalo_missed.keep(session, "5000", Known(first=NOW, until=NOW + 9))
        rights.add(
            session,
            WARD,
            rights.Rights(told_at=NOW, told_by=FIRST, custodian="A", deputy="", automatic="Chào  bạn\n\nGọi 113"),
            row_id=new_id(),
        )
        rights.add(
            session, WARD, rights.Rights(told_at=NOW + 1, told_by=FIRST, custodian="B", deputy="C", automatic="Gọi 113"), row_id=new_id()
        )
        names = [one.custodian for one in rights.told(session, WARD, most=9)]
        is_known, is_old = (oa_rights.is_automatic(session, WARD, text) for text in ("gọi\n113", "Chào bạn"))
        return first, zalo_missed.known(session, WARD, "5000", now=NOW + 99), is_known, is_old, names

    first, then, is_known, is_old, names = await memory.write(live)
    assert (first, then) == (Known(first=NOW, until=NOW), Known(first=NOW, until=NOW + 9))
    assert (is_known, is_old, names) == (True, False, ["B", "A"])
