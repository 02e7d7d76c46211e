"""What an Official Account's events say in our own words, and what of them is kept. The blocks are those of the reference."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_oa.parse import BUTTON, Malformed, envelope, read
from bot.channels.zalo_oa.signature import Signed, is_ours, mac

APP, SECRET, STAMP = "4000000000000000001", "FICTITIOUS_OA_SECRET_KEY", "1760000000000"
USER, OA = "9000000000000000001", "5000000000000000001"
VECTOR = (
    '{"app_id":"4000000000000000001","sender":{"id":"9000000000000000001"},"user_id_by_app":"7000000000000000001",'
    '"recipient":{"id":"5000000000000000001"},"event_name":"user_send_text","message":{"text":"Xin chào",'
    '"msg_id":"feed00000000000000a1"},"timestamp":"1760000000000"}'
).encode()
MAC = "ac8bd49fab512b80879179c05bd04f4539d18f88d991a436ea9b80d63b0317d4"


def event(name: str, message: Any = None, **more: Any) -> bytes:
    body = {
        "app_id": APP,
        "sender": {"id": USER},
        "user_id_by_app": "7000000000000000001",
        "recipient": {"id": OA},
        "event_name": name,
        "timestamp": STAMP,
        **({"message": {"msg_id": "feed01", **message}} if message is not None else {}),
        **more,
    }
    return json.dumps({key: value for key, value in body.items() if value is not None}).encode()


def attached(kind: str, **payload: Any) -> dict[str, Any]:
    return {"attachments": [{"type": kind, "payload": payload}]}


def heard(raw: bytes) -> list[Any]:
    return [read(letter.payload) for letter in envelope(raw, oa_id=OA).letters]


# -- the signature -----------------------------------------------------------------------------------------------------------


def test_the_vector_of_the_reference() -> None:
    assert len(VECTOR) == 271
    assert mac(APP, VECTOR, STAMP, SECRET) == MAC


@pytest.mark.parametrize("header", [f"mac={MAC}", MAC, f" mac={MAC} ", f"mac={MAC.upper()}"])
def test_the_header_with_and_without_its_prefix(header: str) -> None:
    assert is_ours(Signed(VECTOR, header, ""), app_id=APP, secret=SECRET)


def test_the_timestamp_may_stand_in_the_body_or_in_the_header() -> None:
    told = mac(APP, VECTOR, "1760000009999", SECRET)

    assert is_ours(Signed(VECTOR, told, "1760000009999"), app_id=APP, secret=SECRET)
    assert not is_ours(Signed(VECTOR, told, ""), app_id=APP, secret=SECRET)
    number = VECTOR.replace(b'"timestamp":"1760000000000"', b'"timestamp":1760000000000')
    assert is_ours(Signed(number, mac(APP, number, STAMP, SECRET), ""), app_id=APP, secret=SECRET)


@pytest.mark.parametrize(
    "came",
    [
        Signed(VECTOR, "", ""),
        Signed(VECTOR, "mac=" + "0" * 64, STAMP),
        Signed(VECTOR + b" ", f"mac={MAC}", STAMP),
        Signed(VECTOR, f"mac={MAC}0", STAMP),
        Signed(b"{}", f"mac={MAC}", "é"),
        Signed(b"\xff", "mac=ưưư", ""),
        Signed(b"[" * 100_000, f"mac={MAC}", ""),
    ],
)
def test_anything_else_is_not_ours(came: Signed) -> None:
    assert not is_ours(came, app_id=APP, secret=SECRET)
    assert not is_ours(Signed(VECTOR, mac("", VECTOR, STAMP, ""), STAMP), app_id="", secret="")


# -- what people send --------------------------------------------------------------------------------------------------------


def test_a_text_and_a_command() -> None:
    [text] = heard(VECTOR)
    assert (text.kind, text.text, text.source, text.sent_at) == ("text", "Xin chào", "feed00000000000000a1", 1760000000000)
    [command] = heard(event("user_send_text", {"text": "/start o-ABC"}))
    assert (command.kind, command.text, command.payload) == ("command", "start", "o-ABC")


def test_a_press_comes_as_text_and_only_with_the_whole_mark() -> None:
    [press] = heard(event("user_send_text", {"text": f"{BUTTON}safe:alone~17"}))
    assert (press.kind, press.text, press.serial) == ("button", "safe:alone", 17)
    for typed in ("#keng:send", "keng:send~1", "#keng:a b~1", "#keng:~1", "#keng:send~1 rồi sao", "#keng:" + "x" * 65 + "~1"):
        [said] = heard(event("user_send_text", {"text": typed}))
        assert (said.kind, said.text) == ("text", typed)


def test_several_photos_in_one_event_are_several_messages_of_one_album() -> None:
    photos = [{"type": "image", "payload": {"thumbnail": "https://t/x", "url": f"https://p.example/{n}.jpg"}} for n in range(3)]
    found = envelope(event("user_send_image", {"attachments": photos, "text": "ảnh hiện trường"}), oa_id=OA)
    said = [read(letter.payload) for letter in found.letters]

    assert [one.text for one in said] == ["ảnh hiện trường", "", ""]
    assert {(one.kind, one.album) for one in said} == {("photo", "feed01")}
    assert [one.file["url"] for one in said if one.file] == [f"https://p.example/{n}.jpg" for n in range(3)]
    assert len({letter.message_id for letter in found.letters}) == len({one.source for one in said}) == 3


@pytest.mark.parametrize(
    ("name", "kind", "url", "expected"),
    [
        ("user_send_audio", "audio", "https://v.example/voice.amr", "voice"),
        ("user_send_video", "video", "https://v.example/clip.mp4", "video"),
        ("user_send_file", "file", "https://f.example/don.pdf", "file"),
        ("user_send_gif", "gif", "https://f.example/a.gif", "photo"),
        ("user_send_image", "photo", "https://f.example/a.jpg", "photo"),
    ],
)
def test_files(name: str, kind: str, url: str, expected: str) -> None:
    [said] = heard(event(name, attached(kind, url=url, size="102400", name="don-trinh-bao.pdf")))
    assert (said.kind, said.file) == (expected, {"url": url, "size": 102400, "mime": ""})


@pytest.mark.parametrize(
    "spot",
    [
        {"coordinates": {"latitude": "10.0000001", "longitude": "106.0000001"}},
        {"coordinates": {"latitude": 10.0000001, "longitude": 106.0000001}},
        {"lat": "10.0000001", "long": "106.0000001"},
    ],
)
def test_coordinates_come_as_strings_or_numbers(spot: dict[str, Any]) -> None:
    [said] = heard(event("user_send_location", {**attached("location", **spot), "text": "Quán Cà Phê Ví Dụ"}))
    assert (said.kind, said.latitude, said.longitude, said.text) == ("location", 10.0000001, 106.0000001, "Quán Cà Phê Ví Dụ")


@pytest.mark.parametrize("latitude", ["91", "-90.1", "nan", "inf", "1e400", "", "mười", True, None, [], {}, "1" * 50])
def test_a_place_off_the_earth_is_none(latitude: Any) -> None:
    [said] = heard(event("user_send_location", attached("location", coordinates={"latitude": latitude, "longitude": "106"})))
    assert (said.kind, said.latitude) == ("unreadable", None)


def test_cards_are_kept_without_whose_they_are() -> None:
    card = {"phone": "84900000000", "qrCodeUrl": "https://qr.example/x"}
    for name, content in (
        ("user_send_business_card", attached("link", description=json.dumps(card), thumbnail="https://t/x")),
        ("user_send_link", attached("link", description=json.dumps(card), url="https://zalo.me/84900000000")),
    ):
        found = envelope(event(name, content))
        assert [read(letter.payload).kind for letter in found.letters] == ["contact"]
        assert "84900000000" not in found.letters[0].payload


def test_a_link_is_words() -> None:
    [said] = heard(event("user_send_link", attached("link", description="Bán hàng giả", url="https://ban-hang.example/x", thumbnail="t")))
    assert (said.kind, said.text) == ("text", "Bán hàng giả\nhttps://ban-hang.example/x")


def test_stickers_and_what_nobody_knows_are_answered() -> None:
    kinds = [
        heard(event("user_send_sticker", attached("sticker", id="12345", url="https://s/x.png")))[0].kind,
        heard(event("user_send_image", attached("image")))[0].kind,
        heard(event("user_send_image", {"attachments": "?"}))[0].kind,
        heard(event("user_send_text", {"text": 7}))[0].kind,
        heard(event("user_send_file", attached("hologram", url="https://s/x.bin")))[0].kind,
    ]
    assert kinds == ["sticker", "unreadable", "unreadable", "unreadable", "unreadable"]


def test_follow_and_unfollow_have_their_person_elsewhere_and_no_id() -> None:
    more = {"sender": None, "recipient": None, "oa_id": OA, "follower": {"id": USER}, "source": "oa_profile"}
    joined, left = (envelope(event(name, **more)) for name in ("follow", "unfollow"))

    assert [read(one.letters[0].payload).kind for one in (joined, left)] == ["joined", "left"]
    assert joined.letters[0].address == USER and joined.letters[0].message_id != left.letters[0].message_id
    assert joined.letters[0].message_id == envelope(event("follow", **more)).letters[0].message_id


@pytest.mark.parametrize(
    ("name", "more", "verdict"),
    [
        ("user_received_message", {"message": {"msg_id": "beef"}}, "receipt"),
        ("user_seen_message", {"message": {"msg_ids": ["beef"]}}, "receipt"),
        ("user_reacted_message", {"message": {"msg_id": "beef", "react_icon": "/-strong"}}, "receipt"),
        ("oa_send_text", {"sender": {"id": OA}, "recipient": {"id": USER}}, "echo"),
        ("oa_send_text", {"sender": {"id": OA, "admin_id": "6000000000000000001"}, "recipient": {"id": USER}}, "echo"),
        ("oa_send_consent", {"sender": {"id": OA}, "recipient": {"id": USER}}, "unknown"),
        ("user_send_group_text", {"recipient": {"id": "ab01"}, "message": {"text": "Bà con ơi"}}, "group"),
        ("oa_send_group_text", {"recipient": {"id": "ab01"}, "message": {"text": "Bà con ơi"}}, "group"),
        ("create_group", {"group_id": "ab01"}, "group"),
        ("user_join_group", {"group_id": "ab01", "users": [{"id": USER}]}, "group"),
        ("anonymous_send_text", {"message": {"text": "no talk to answer into"}}, "unknown"),
        ("something_of_next_year", {}, "unknown"),
        ("user_send_text", {"sender": {"id": ""}}, "unknown"),
        ("user_send_text", {"sender": "me"}, "unknown"),
        ("user_send_text", {"recipient": {"id": "5999"}, "message": {"text": "to another OA"}}, "unknown"),
        ("user_withdraw", {"user_id": ""}, "unknown"),
    ],
)
def test_what_is_no_message_is_told_apart_and_nothing_of_it_is_kept(name: str, more: dict[str, Any], verdict: str) -> None:
    if name == "user_withdraw":
        more = {**more, "sender": None}
    found = envelope(event(name, **more), oa_id=OA)
    assert (found.verdict, found.letters) == (verdict, ())


def test_who_withdraws_is_told_to_the_conversation() -> None:
    found = envelope(event("user_withdraw", sender=None, user_id=USER))
    assert (found.verdict, read(found.letters[0].payload).kind, found.letters[0].address) == ("withdrawn", "withdrawn", USER)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"7", b"{}", b'{"event_name":7}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_event_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        envelope(raw)


def test_no_id_but_the_senders_is_kept_and_that_not_in_what_is_stored() -> None:
    for letter in envelope(VECTOR).letters:
        assert USER not in letter.payload and "7000000000000000001" not in letter.payload


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "payload", "url", "id", "coordinates"]), inner),
    max_leaves=12,
)


@given(
    name=st.sampled_from(["user_send_text", "user_send_image", "user_send_location", "user_send_link", "follow", "user_withdraw"]),
    message=_JSON,
    attachments=_JSON,
    sender=_JSON,
)
def test_nothing_breaks_it(name: str, message: Any, attachments: Any, sender: Any) -> None:
    body = {"app_id": APP, "event_name": name, "sender": sender, "timestamp": message, "message": message}
    nested = {**body, "sender": {"id": USER}, "message": {"msg_id": message, "text": message, "attachments": attachments}}
    for one in (body, nested):
        for letter in envelope(json.dumps(one).encode()).letters:
            said = read(letter.payload)
            assert said.latitude is None or math.isfinite(said.latitude)
