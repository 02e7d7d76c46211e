"""Both Zalos in the sweep: people at each door with canaries in every field, every kind of event, and what must be found nowhere."""

import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.runtime import Running
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_bot import Person as BotPerson
from tests.fakes.zalo_oa import FakeZaloOA, ZaloPerson
from tests.people import ZaloResident
from tests.storage import papers
from tests.storage.test_recordings import fixture, ogg_with_canaries, with_canaries

USER, STRANGER, ADMIN = "9138274650192837465", "9555444333222111000", "6111222333444555666"
CARD_PHONE = "84987123987"
FILES, FAILED = 7, 1  # So many files that are kept, and one that is not fetched from where its address leads.


@dataclass
class OnZalo:
    oa: FakeZaloOA
    bot: FakeZaloBot
    words: str  # Stands in all that is told.
    photo: bytes
    _seen: list[dict[str, Any]] = field(default_factory=list)
    _bot_person: BotPerson | None = None

    async def everybody_tells(self, house: Running) -> None:
        await self._tell_the_account(ZaloResident(self.oa.person(USER), house))
        await self._tell_as_a_visitor()
        await self._tell_the_bot()
        await self._what_is_nobodys(house)

    async def _tell_the_account(self, resident: ZaloResident) -> None:
        """Zalo's refusals quote whom they are about."""
        person: ZaloPerson = resident.person
        await person.follow()
        self._seen.append(await person.say(f"{self.words} hôm qua xe tôi bị bẻ khóa", quote_msg_id="kanaryquote"))
        await person.hears("Chuyện xảy ra ở đâu")
        self._seen.append(await person.send_photo(self.photo, f"{self.words} chú thích"))
        await person.hears("Chuyện xảy ra ở đâu")
        await person.send_file(papers.pdf_with_canaries(), "kanaryname.pdf")
        await person.hears("Đã nhận")
        video = {"url": self.oa.keep(with_canaries(fixture("h264-aac.mp4"), brand=b"isom"), "kanaryname.mp4"), "description": "kanarysaid"}
        await person.send_attachments(
            "user_send_video", {"type": "video", "payload": {**video, "thumbnail": "https://t.example/kanarythumb"}}
        )
        await person.hears("Đã nhận")
        await person.send_voice(ogg_with_canaries("opus.ogg"), "kanaryname.ogg")
        await person.hears("Đã nhận")
        inside = {"type": "image", "payload": {"url": "http://127.0.0.1:9/kanaryinside.jpg"}}
        await person.send_attachments("user_send_image", inside)
        card = {"description": json.dumps({"phone": CARD_PHONE, "qrCodeUrl": "kanaryqr"}), "thumbnail": f"https://t.example/{CARD_PHONE}"}
        await person.send_attachments("user_send_business_card", {"type": "link", "payload": card})
        await person.hears("chưa đọc được")
        await person.send_attachments(
            "user_send_sticker", {"type": "sticker", "payload": {"id": "kanarysticker", "url": "https://s/kanary"}}
        )
        await person.send_location("20.8449", "106.6881")
        await person.hears("Đã ghi nơi này")
        await person.hears("Anh/chị muốn thế nào")
        self.oa.refuse_next, self.oa.refusal = [-100], f"User {USER} kanaryrefusal"
        await resident.press("about:anonymous")
        await person.hears("hay cầm máy")
        await resident.press("safe:alone")
        await person.hears("Xem lại giúp")
        await resident.press("send")
        await person.hears("Mã tin")

    async def _tell_as_a_visitor(self) -> None:
        visitor = self.oa.visitor()
        visitor.id, visitor.conversation_id = "anonKanaryvisitor", "convKanarytalk"
        self.oa.talks[visitor.conversation_id] = visitor.id
        await visitor.say(f"{self.words} hàng xóm hát karaoke ồn quá")
        await visitor.hears("ạ?")
        await visitor.send_photo(self.photo)
        await visitor.hears("Đã nhận")

    async def _tell_the_bot(self) -> None:
        person = self._bot_person = self.bot.person("Kanaryzalo Thị")
        self._seen.append(await person.say(f"{self.words} có người đổ rác ra đầu ngõ"))
        await person.hears("ạ?")
        self._seen.append(await person.send_photo(self.photo))
        await person.hears("Đã nhận")
        await person.send_voice(fixture("aac.aac"))
        await person.hears("Đã nhận")
        await person.send_unsupported()
        await person.hears("Zalo không chuyển tới")
        group = self.bot.group()
        await group.say(person, f"@{self.bot.name} Kanarygroup {self.words}")
        self._seen.append({"group": group.id})

    async def _what_is_nobodys(self, house: Running) -> None:
        """Of groups, by hand, not signed, of an unknown kind, and nothing that can be read at all."""
        group = self.oa.group()
        stranger = self.oa.person(STRANGER)
        await group.tell("user_join_group", users=[{"id": STRANGER, "name": "Kanarymember"}])
        await group.say(stranger, f"Kanarygroup {self.words}")
        await group.say(stranger, f"[@{self.oa.oa_id}] Kanarygroup {self.words}")
        stamp = {"app_id": self.oa.app_id, "timestamp": "1760000000000"}
        said = {"sender": {"id": STRANGER}, "recipient": {"id": self.oa.oa_id}, "message": {"text": self.words, "msg_id": "kanarymsg"}}
        by_hand = {**said, "sender": {"id": self.oa.oa_id, "admin_id": ADMIN}, "recipient": {"id": USER}}
        await self.oa.push({**stamp, **by_hand, "event_name": "oa_send_text"})
        await self.oa.push({**stamp, **said, "event_name": "kanary_of_next_year"})
        info = {"name": "Kanaryform", "phone": CARD_PHONE, "address": "Kanaryroad"}
        await self.oa.push({**stamp, **said, "event_name": "user_submit_info", "info": info})
        right, self.oa.oa_secret = self.oa.oa_secret, "another"
        await self.oa.push({**stamp, **said, "event_name": "user_send_text"})
        self.oa.oa_secret = right
        async with aiohttp.ClientSession() as http:
            for path in ("/hooks/zalo-oa", "/hooks/zalo-bot", "/zalo_verifierKanarycode.html"):
                for body in (b'{"kanary', json.dumps({**said, "event_name": 7}).encode()):
                    async with http.post(f"{house.address}{path}", data=body, headers={"X-Bot-Api-Secret-Token": "kanarysecret"}) as answer:
                        assert answer.status < 500
        self._seen.append({"group": group.id})

    def identities(self) -> dict[str, str]:
        """Of people, messages and files; and every secret of both doors."""
        assert self._bot_person
        urls = [one for one in _strings(self._seen) if one.startswith("http")]
        ids = [one["message"]["msg_id"] for one in self._seen if "message" in one] + [
            one["message_id"] for one in self._seen if "message_id" in one
        ]
        return {
            "zalo user": USER,
            "zalo user, by app": self.oa.by_app(USER),
            "zalo stranger": STRANGER,
            "zalo admin": ADMIN,
            "zalo card": CARD_PHONE,
            "zalo bot person": self._bot_person.id,
            "zalo app secret": self.oa.app_secret,
            "zalo oa secret": self.oa.oa_secret,
            "zalo bot token": self.bot.token,
            "zalo bot token, its secret half": self.bot.token.partition(":")[2],
            **{f"zalo access token {place}": token for place, token in enumerate(self.oa.access)},
            **{f"zalo refresh token {place}": token for place, token in enumerate(self.oa.refresh)},
            **{f"zalo group {place}": one["group"] for place, one in enumerate(self._seen) if "group" in one},
            **{f"zalo message {place}": one for place, one in enumerate(ids)},
            **{f"zalo file {place}": one.partition("/media/")[2].partition("/")[0].partition(".")[0] for place, one in enumerate(urls)},
        }


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [one for inner in value.values() for one in _strings(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _strings(inner)]
    return [value] if isinstance(value, str) else []
