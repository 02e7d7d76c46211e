"""Whom the account meets beside people on Zalo: groups of its own, and visitors of a web page. Neither is taken for somebody's chat."""

import asyncio
import json
import logging
from typing import Any

import pytest

from bot.channels.base import DeliveryError, FileToSend
from bot.channels.zalo_oa.addresses import channel_of, of_group, of_visitor, recipient_of
from bot.channels.zalo_oa.parse import envelope, read
from bot.channels.zalo_oa.send import ZaloSend
from bot.runtime import Running
from handlers.messages import Button, Reply
from storage import tables
from storage.queries.paid import Stands
from tests.bot.telegram.test_door import everything_stored
from tests.bot.zalo_oa.test_door import door_why
from tests.bot.zalo_oa.test_parse import OA, USER, event
from tests.factories import jpeg
from tests.fakes.zalo_oa import FakeZaloOA, ZaloVisitor
from tests.opened import photos_done, rows
from tests.station import send, stationed

GROUP = "ab000000000000000001"


async def handled(house: Running, many: int) -> None:
    for _ in range(200):
        if [row[0] for row in await rows(house, tables.InboxRow, "status")] == ["done"] * many:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await rows(house, tables.InboxRow, "status"))


# -- groups ----------------------------------------------------------------------------------------------------------------


def in_group(text: str, **more: Any) -> bytes:
    body = {"recipient": {"id": GROUP}, "message": {"text": text, "msg_id": "d1"}, "oa_id": OA, **more}
    return event("user_send_group_text", **body)


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        (in_group("Bà con ơi"), "group"),
        (in_group("[@123] Bà con ơi"), "group"),
        (in_group(f"[@{OA}] có trộm"), "addressed"),
        (in_group("/start"), "addressed"),
        (in_group(f"[@{OA}] có trộm", recipient={"group_id": GROUP}), "addressed"),
        (in_group(f"[@{OA}] có trộm", oa_id="6000000000000000001"), "unknown"),  # Another account's.
        (in_group("[@] có trộm", oa_id=None), "group"),
        (in_group(f"[@{OA}] có trộm", message={"text": f"[@{OA}]", "msg_id": ""}), "unknown"),
        (in_group(f"[@{OA}] có trộm", recipient=None), "unknown"),
        (event("user_send_group_image", {"attachments": [{"type": "image"}]}, recipient={"id": GROUP}, oa_id=OA), "group"),
        (event("user_send_group_location", {"attachments": []}, recipient={"id": GROUP}), "group"),
        (event("oa_send_group_text", {"text": "x"}, recipient={"id": GROUP}), "group"),
        # Whatever it is called: somebody's words in a group are not theirs to us.
        (event("user_send_text", {"text": "Hôm qua mất xe"}, recipient={"group_id": GROUP}), "group"),
        (event("user_send_text", {"text": "Hôm qua mất xe"}, group_id=GROUP), "group"),
        (event("user_send_text", {"text": "Hôm qua mất xe"}, recipient={"id": GROUP}), "unknown"),
        *((event(name, sender=None, recipient=None, group_id=GROUP, users=[{"id": USER}]), "group") for name in (
            *("create_group", "user_join_group", "user_request_join_group", "accept_request_join_group", "react_request_join_group"),
            *("reject_request_join_group", "add_group_admin", "remove_group_admin", "user_out_group"),
        )),
        # What became of the group itself: its id is kept, and nobody's.
        *((event(name, sender=None, recipient=None, group_id=GROUP, users=[{"id": USER}]), "addressed") for name in (
            *("update_group_info", "delete_group", "disperse_group"),
        )),
    ],
)  # fmt: skip
def test_what_a_group_says_is_known_as_such(raw: bytes, verdict: str) -> None:
    found = envelope(raw, oa_id=OA)
    assert found.verdict == verdict
    assert bool(found.letters) is (verdict == "addressed")


def test_of_what_is_said_to_us_there_only_group_kind_and_id_are_kept() -> None:
    [letter] = envelope(in_group(f"[@{OA}] nhà ông CANARY có trộm"), oa_id=OA).letters
    said = read(letter.payload)

    assert json.loads(letter.payload) == {"group": GROUP, "kind": "mention", "id": "d1"}
    assert (letter.address, said.in_group, said.text, said.names) == (f"group:{GROUP}", True, "mention", {})


async def test_a_group_that_speaks_to_us_gets_one_line_in_half_an_hour_and_its_words_are_not_kept(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await door_why(zalo_house, [])
    group, person = fake_zalo_oa.group(), fake_zalo_oa.person()
    await group.tell("create_group")
    await group.tell("user_join_group", users=[{"id": person.id}])
    await group.say(person, "canary chuyện trong nhóm")
    assert await rows(zalo_house, tables.InboxRow, "id") == [] == group.reads()
    await group.say(person, f"[@{fake_zalo_oa.oa_id}] canary nhà ông Ba có trộm")
    await group.say(person, "/baotin canary")
    await handled(zalo_house, 2)
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")  # Alone, and about another matter than the group's.

    assert len(group.reads()) == 1
    assert "xin đừng viết trong nhóm" in group.reads()[0] and f"https://zalo.me/{fake_zalo_oa.oa_id}" in group.reads()[0]
    assert [words for (words,) in await rows(zalo_house, tables.Piece, "words")] == ["Hôm qua xe tôi bị bẻ khóa ở cổng chợ"]
    assert len(await rows(zalo_house, tables.Chat, "id")) == 2
    stored = await everything_stored(zalo_house)
    logged = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("keng"))
    assert [word for word in ("canary", person.id, group.id) if word in stored or word in logged] == []


async def test_a_text_to_a_group_goes_out_as_zalo_wants_it(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    speaker: ZaloSend = zalo_house.zalo_oa._speaker
    group, text = fake_zalo_oa.group(), ("Bà con để ý xe máy lạ.\n" * 300).strip()
    choices = (Button("Một", "a"), Button("Hai", "b"))
    await speaker.send(of_group(group.id), Reply(text=text), chat_id=1, row_id=1)
    await speaker.send(of_group(group.id), Reply(text="Chọn ạ", buttons=choices, numbered=True), chat_id=1, row_id=2)

    sent = [call for call in fake_zalo_oa.calls if call.path == "/v3.0/oa/group/message"]
    assert {call.error for call in sent} == {0} and all(call.body["recipient"] == {"group_id": group.id} for call in sent)
    assert " ".join(group.reads()[:-1]).split() == text.split() and max(map(len, group.reads())) <= 1900
    assert group.reads()[-1] == "Chọn ạ\n\nGõ số để chọn:\n1. Một\n2. Hai"  # Nothing is pressed in a group.


@pytest.mark.parametrize("case", ["disabled", "not in it"])
async def test_a_group_that_is_over_concerns_no_other(zalo_house: Running, fake_zalo_oa: FakeZaloOA, case: str) -> None:
    speaker: ZaloSend = zalo_house.zalo_oa._speaker
    group = fake_zalo_oa.group()
    group.status = "disabled"
    address = of_group(group.id if case == "disabled" else "ab99")
    with pytest.raises(DeliveryError) as refused:
        await speaker.send(address, Reply(text="Bà con để ý"), chat_id=1, row_id=1)

    assert (refused.value.reason, refused.value.permanent, refused.value.of_account) == ("group_closed", True, False)
    assert speaker.account_refused == 0


async def test_a_group_has_no_window_and_a_visitor_only_the_free_one(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning may go to a group in which nobody has called us for weeks."""
    speaker: ZaloSend = zalo_house.zalo_oa._speaker

    async def long_ago(_chat_id: int, _row_id: int) -> Stands:
        return Stands(ward_id=zalo_house.ward().id, since=1, paid=0, is_pressing=False)

    monkeypatch.setattr(speaker._windows, "stands", long_ago)
    group, visitor = fake_zalo_oa.group(), fake_zalo_oa.visitor()
    await speaker.send(of_group(group.id), Reply(text="Bà con để ý xe máy lạ"), chat_id=1, row_id=1)
    with pytest.raises(DeliveryError, match="window_closed"):  # Of a visitor nobody has said what it costs, so nothing is tried.
        await speaker.send(of_visitor(visitor.id, visitor.conversation_id), Reply(text="Xe màu gì ạ?"), chat_id=1, row_id=2)
    assert group.reads() == ["Bà con để ý xe máy lạ"]


# -- visitors --------------------------------------------------------------------------------------------------------------


def of_visitors(name: str, message: dict[str, Any], **more: Any) -> bytes:
    body = {"sender": {"id": "anon1"}, "message": {"msg_id": "c1", **message}, "user_id_by_app": None, **more}
    return event(name, **body)


def test_a_visitor_is_known_by_both_ids_and_never_taken_for_a_user() -> None:
    [letter] = envelope(of_visitors("anonymous_send_text", {"text": "Tôi muốn báo tin", "conversation_id": "conv1"}), oa_id=OA).letters
    assert (letter.address, channel_of(letter.address), read(letter.payload).text) == (
        "visitor:anon1:conv1",
        "zalo_visitor",
        "Tôi muốn báo tin",
    )
    assert recipient_of(letter.address).recipient == {"anonymous_id": "anon1", "conversation_id": "conv1"}
    assert recipient_of(of_visitor("a", "b")).path == "/v2.0/oa/message" and recipient_of(USER).recipient == {"user_id": USER}
    outside = of_visitors("anonymous_send_text", {"text": "x"}, anonymous_id="anon2", conversation_id="conv2", sender=None)
    assert envelope(outside, oa_id=OA).letters[0].address == "visitor:anon2:conv2"
    photo = {"attachments": [{"type": "image", "payload": {"url": "https://p.example/a.jpg"}}], "conversation_id": "conv1"}
    assert read(envelope(of_visitors("anonymous_send_image", photo), oa_id=OA).letters[0].payload).kind == "photo"
    for lacks in ({"text": "x"}, {"text": "x", "conversation_id": "a:b"}):
        assert envelope(of_visitors("anonymous_send_text", lacks), oa_id=OA).verdict == "unknown"


async def tells(visitor: ZaloVisitor) -> None:
    await visitor.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await visitor.hears("ạ?")
    await visitor.send_photo(jpeg())
    await visitor.say("Gửi ngay")
    assert "\n1. " in await visitor.hears("hay cầm máy")  # No buttons there: what is printed is typed.
    await visitor.say("1")
    await visitor.hears("Mã tin")


async def test_a_visitor_tells_a_tip_and_reads_the_answer(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    visitor, other = fake_zalo_oa.visitor(), fake_zalo_oa.visitor()
    await other.say("Chào")
    await other.hears("xin chào")
    await tells(visitor)
    await visitor.hears("Còn vài câu")

    assert await rows(zalo_house, tables.Tip, "channel", "state") == [("zalo_visitor", "S1")]
    assert [row[:3] for row in await photos_done(zalo_house, 1)] == [("stored", "", 640)]
    assert {call.path for call in fake_zalo_oa.calls if "message" in call.path} == {"/v2.0/oa/message"}
    assert [call.error for call in fake_zalo_oa.calls if call.error] == []
    async with stationed(zalo_house, {"truc.ban": "duty"}) as station:
        [(tip_id,)] = await rows(zalo_house, tables.Tip, "id")
        page = (await station.people["truc.ban"].get(f"/admin/tin/{tip_id}"))[1]
        assert "Zalo OA (khách chưa đăng nhập)" in page
        assert [one for one in (visitor.id, visitor.conversation_id) if one in page] == []
        await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/da-doc")
        status, page = await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/hoi", words="Xe màu gì ạ?")
        assert status == 200, page
    await visitor.hears("Có cập nhật")


async def test_what_the_desk_attaches_reaches_a_visitor(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker: ZaloSend = zalo_house.zalo_oa._speaker

    async def opened(_file: int) -> FileToSend:
        return FileToSend(jpeg(), "image/jpeg")

    monkeypatch.setattr(speaker, "_open_file", opened)
    visitor = fake_zalo_oa.visitor()
    address = of_visitor(visitor.id, visitor.conversation_id)
    await speaker.send(address, Reply(text="Xin xem ạ", file=5, file_mime="image/jpeg"), chat_id=1, row_id=1)
    assert ["attachment" in one["message"] for one in fake_zalo_oa.sent[visitor.id]] == [False, True]


async def test_no_officer_is_linked_from_a_page_that_anybody_may_open(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    visitor = fake_zalo_oa.visitor()
    await visitor.say("L-ABCD-2345")
    await visitor.hears("không dùng ở trang web")
    assert await rows(zalo_house, tables.OfficerChat, "id") == []
