"""Invented people who tell something: their words go the way of every message, from the lane to the tip's row."""

import hashlib
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.demo import drawings, stories
from bot.demo.stories import Story
from bot.demo.town import Life, Town
from bot.demo.ward import spot
from bot.inbox import as_payload, found_of, from_payload
from handlers import clocks, deadlines, duty_acts, files, letters, router, tips
from handlers.flows.conversation import ADDITION_WITHIN, Facts
from handlers.messages import Decision, Incoming
from handlers.outgoing import reply_row
from handlers.tips import Where
from storage import codes, images
from storage.ids import new_id
from storage.moments import MINUTE, SECOND
from storage.queries import aftercare, attachments, lanes
from storage.queries.aftercare import SeenTip
from storage.queries.attachments import Outcome, Wanted
from storage.queries.lanes import InLane, NewMessage

_ME = "demo"


@dataclass
class Resident:
    """One chat. `state` is what the conversation remembers, as the lane's row has it."""

    town: Town
    channel: str
    address: str
    chance: random.Random
    state: dict[str, Any] = field(default_factory=dict)
    messages: int = 0

    # -- the wire --------------------------------------------------------------------------------------------------------------

    def says(self, text: str) -> None:
        self._sends(Incoming(kind="text", source=self._source(), text=text, sent_at=self.town.now))

    def presses(self, data: str) -> None:
        serial = int(self.state.get("serial", 0))
        self._sends(Incoming(kind="button", source=self._source(), text=data, serial=serial, under="1", sent_at=self.town.now))

    def points(self, latitude: float, longitude: float) -> None:
        self._sends(Incoming(kind="location", source=self._source(), latitude=latitude, longitude=longitude, sent_at=self.town.now))

    def shows(self, photo: bytes) -> None:
        """On the disk before the message speaks of it, as an upload is."""
        key, place = secrets.token_bytes(32), self.town.store.new_place("originals", self.town.now)
        self.town.store.keep(photo, place, key=key)
        file = {"stored": place, "size": len(photo), "key": key.hex(), "mime": "image/jpeg"}
        self._sends(Incoming(kind="photo", source=self._source(), file=file, sent_at=self.town.now))
        develop(self.town)

    def _source(self) -> str:
        self.messages += 1
        return f"{self.address}-{self.messages}"

    def _sends(self, incoming: Incoming) -> None:
        town, hashed = self.town, self.town.keyed.hash
        message = NewMessage(
            ward_id=town.ward.id,
            channel=self.channel,
            address=self.address,
            chat_hash=hashed("chat", self.channel, self.address),
            message_hash=hashed("message", self.channel, self.address, incoming.source),
            platform_order=self.messages,
            payload=as_payload(incoming),
            payload_with_names=as_payload(incoming),
            inbox_id=new_id(),
            chat_id_if_new=new_id(),
            now=town.now,
        )
        _chat_id, lane = town.memory.write(lambda session: lanes.store_message(session, message, holder=_ME))
        if lane is not None:  # It always is: nobody else is there to hold it.
            [row] = lane.rows
            self._decide(lane, from_payload(row.payload), row.id, row.arrived_at)
        town.deliver()

    def _decide(self, lane: InLane, incoming: Incoming, row_id: int, at: int) -> None:
        town = self.town
        decision = self._decided(lane, incoming, at)
        where = Where(ward_id=town.ward.id, chat_id=lane.chat_id, channel=lane.channel, now=at)
        outgoing = [reply_row(one, row_id=new_id(), ward_id=town.ward.id, chat_id=lane.chat_id, now=at) for one in decision.replies]
        self.state = decision.state

        def commit(session: Session) -> None:
            lanes.keep_state(
                session,
                lane,
                holder=_ME,
                state=decision.state,
                language=decision.language,
                row_id=row_id,
                is_last=True,
                now=at,
                out_token="",
                wake=(decision.wake.at, decision.wake.reason) if decision.wake else None,
                heard_at=at,
            )
            tips.apply(session, where, decision.changes)
            duty_acts.apply(session, town.ward, where, decision.acts, draw=new_id)
            letters.call_for_threats(session, town.ward, decision.changes, draw=new_id, now=at)
            lanes.queue_replies(session, outgoing, ring=lane.ring)

        town.memory.write(commit)
        if any(change.what in ("send", "danger") for change in decision.changes):
            town.soon(5 * SECOND, 3 * MINUTE + SECOND)

    def _decided(self, lane: InLane, incoming: Incoming, at: int) -> Decision:
        return router.decide(lane.state, incoming, self._facts(lane, at))

    def _facts(self, lane: InLane, at: int) -> Facts:
        town, asked = self.town, None
        seen: list[SeenTip] = []
        if "last_tip" in self.state:
            since = at - ADDITION_WITHIN
            seen, asked = town.memory.read(
                lambda session: (aftercare.tips_of_chat(session, lane.chat_id), aftercare.asked_in_chat(session, lane.chat_id, since=since))
            )
        return Facts(
            ward=town.ward,
            channel=lane.channel,
            now=at,
            fresh_id=new_id,
            fresh_code=codes.new_code,
            hash=town.keyed.hash,
            look_up=lambda _code: None,
            mine=tuple(found_of(one) for one in seen),
            asked=asked,
            said_in=None,
            blocked_until=lane.blocked_until,
            working_days=lambda many: clocks.end_of_working_days(at, many, deadlines.calendar_of(town.ward.book)),
        )

    # -- what people do with it --------------------------------------------------------------------------------------------------

    @property
    def tip_id(self) -> int:
        """Of what they told last."""
        return int(self.state.get("tip_id") or self.state["last_tip"]["tip_id"])

    def tells(self, story: Story, *, reader: str = "", name: str = "", is_shared: bool = False) -> Life:
        """From the first word to the receipt; a draft where they break off is somebody else's life."""
        chance = self.chance
        self.presses("report")
        yield chance.randrange(5, 40) * SECOND
        if reader:
            self.presses(f"restricted:{reader}")
            yield chance.randrange(3, 9) * SECOND
        self.says(story.words)
        yield chance.randrange(4, 30) * SECOND
        if self.state.get("step") == "danger":
            if story.is_now:
                self.presses("danger-send")
                yield chance.randrange(10, 30) * SECOND
                self.says(f"{story.place}, tổ {story.home}" if story.place else f"Tổ {story.home}")
                return
            self.presses("danger-safe")
            yield chance.randrange(4, 20) * SECOND
        if self.state.get("step") == "category" or self._category() != story.category:
            self.presses(f"category:{story.category}")
            yield chance.randrange(2, 12) * SECOND
        if story.photo:
            for _ in range(chance.choice((1, 1, 2, 3))):
                self.shows(drawings.draw(story.photo, chance))
                yield chance.randrange(2, 20) * SECOND
        if self.channel == "telegram" and chance.random() < 0.5:
            self.points(*spot(story.home, chance))
        else:
            self.says(f"{story.place}, tổ {story.home}" if story.place else f"Tổ {story.home}")
        yield chance.randrange(5, 30) * SECOND
        if name:
            self.presses("about:named")
            yield chance.randrange(5, 20) * SECOND
            self.says(f"{name}, {stories.phone(chance)}")
            yield chance.randrange(5, 20) * SECOND
        self.presses("send")
        yield chance.randrange(3, 15) * SECOND
        self.presses("safe:shared" if is_shared else "safe:alone")
        yield chance.randrange(3, 15) * SECOND
        if "last_tip" not in self.state:
            self.presses("send")
            yield chance.randrange(3, 15) * SECOND
        if self.state.get("after"):
            self.presses("after-end")

    def _category(self) -> str:
        return str(self.state.get("category", ""))

    def adds(self) -> Life:
        yield self.chance.randrange(MINUTE, 40 * MINUTE)
        self.says(stories.calm_talk("added", self.chance))

    def answers(self) -> Life:
        """What the desk has asked, once they look."""
        yield self.chance.randrange(3 * MINUTE, 300 * MINUTE)
        self.says("xem")
        yield self.chance.randrange(20, 90) * SECOND
        self.says(stories.calm_talk("answered", self.chance))

    def rates(self, tip_id: int) -> Life:
        yield self.chance.randrange(20 * MINUTE, 30 * 60 * MINUTE)
        self.presses(f"rate:{tip_id}-{self.chance.choice((3, 4, 5, 5, 5))}")

    def writes_to_chief(self, *, is_threat: bool = False) -> Life:
        self.says("tôi thấy bị đe dọa" if is_threat else "khiếu nại")
        yield self.chance.randrange(20, 60) * SECOND
        self.says(stories.calm_talk("threats" if is_threat else "complaints", self.chance))


def develop(town: Town) -> None:
    """As `bot/media.py` does it with what a browser has uploaded."""
    for wanted in town.memory.write(lambda session: attachments.claim_due(session, now=town.now, most=16)):
        place, key = str(wanted.source["stored"]), bytes.fromhex(wanted.source["key"])
        content = town.store.read(place, key=key)
        copies = images.make_safe(content)
        kept = []
        for copy in (copies.work, copies.thumb):
            kept.append(town.store.new_place("copies", wanted.created_at))
            town.store.keep(copy, kept[-1], key=key)
        outcome = Outcome(
            status="stored",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            mime="image/jpeg",
            copy_mime="image/jpeg",
            original=place,
            file_key=key,
            work=kept[0],
            thumb=kept[1],
            width=copies.width,
            height=copies.height,
        )
        town.memory.write(_notes(town, wanted, outcome))


def _notes(town: Town, wanted: Wanted, outcome: Outcome) -> Callable[[Session], bool]:
    ids: dict[str, Any] = {"history_id": new_id(), "notice_id": new_id(), "row_id": new_id()}
    return lambda session: files.note(session, town.ward.book, wanted, outcome, now=town.now, **ids)
