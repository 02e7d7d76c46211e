"""The account's outgoing half: answers with buttons, photos and papers, words to a group. Nothing can be rewritten: every answer is anew.

Retrying and order are delivery's; here every refusal becomes one of our few errors. Whether somebody may be written to at all depends on
when they last wrote (`window.py`): free for two days, for money until the seventh, not at all after that.
"""

import asyncio
import io
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from PIL import Image

from bot.channels.base import DeliveryError, OpenFile, may_have_gone, no_card
from bot.channels.lists import Lists, cut_with
from bot.channels.pieces import cut
from bot.channels.zalo_oa.addresses import Recipient, recipient_of
from bot.channels.zalo_oa.echoes import Echoes
from bot.channels.zalo_oa.parse import BUTTON
from bot.channels.zalo_oa.tokens import NoToken, Tokens
from bot.channels.zalo_oa.window import Passage, Windows
from bot.channels.zalo_oa.wire import RATE, TOKEN, Refused, Unreachable, Wire
from handlers.messages import Button, Reply
from storage import moments

MOST_TEXT = 1900  # Zalo refuses more than 2,000, and does not say of what.
MOST_BUTTONS, MOST_LABEL = 5, 100
MOST_IMAGE_BYTES, MOST_FILE_BYTES = 1024 * 1024, 5 * 1024 * 1024
_SIDES = (1600, 1280, 1024, 800, 640)
_QUALITIES = (85, 75, 60)
# What each of Zalo's numbers means here. Nothing of what they say in words is kept: it may quote an id.
_WINDOW = frozenset((-213, -230, -232))
_PERSON = frozenset((-217, -227, -244))  # This person is not to be had: blocked, banned, or wants none of this.
_MESSAGE = frozenset((-201, -210, -240, -249))  # This very message is wrong, now and for ever.
_GROUP = frozenset((-237, -403))  # This group is over, or we are not in it: no other is concerned.
_LATER = {-200: (30.0, 5), -218: (600.0, 6), -100: (1.0, 5)}  # Seconds between tries, and how many before it waits until they write.
_MONEY = frozenset((-211, -224, -320, -321))  # Of a message that costs: the package or the purse is empty, and what is free goes on.
_BUTTONS_REFUSED = frozenset((-201, -210, -233))
_CARD_KNOWN_SECS, _MOST_CARDS = 12 * 3600.0, 50
_FIRST, _THEN = (0.0, 3.0), (3.0, 10.0)  # So many seconds into the next minute: what is pressing, and what made way for it.
T = TypeVar("T")


class ZaloSend:
    def __init__(
        self,
        wire: Wire,
        tokens: Tokens,
        echoes: Echoes,
        windows: Windows,
        lists: Lists,
        *,
        open_file: OpenFile,
        open_card: OpenFile = no_card,
    ) -> None:
        self._wire, self._tokens, self._echoes, self._windows, self._lists = wire, tokens, echoes, windows, lists
        self._open_file, self._open_card = open_file, open_card
        self._cards: dict[int, tuple[str, float]] = {}  # By warning: how Zalo calls its picture, and since when.
        self._uploading = asyncio.Lock()
        self.counts: Counter[str] = Counter()
        self.account_refused = 0  # Zalo's number, while it refuses the account itself: somebody has to look there.
        self.unreachable_since = 0
        self.money_refused = 0  # The same of what costs: what is free goes out all the same.

    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> str:
        if reply.only_rewrites:  # What cannot be rewritten is left as it is.
            return ""
        may_have_gone.set(False)
        to = recipient_of(address)
        choices = await self._lists.under(reply, chat_id) if reply.buttons else ""
        passage = await self._passage(to, chat_id, row_id, many=_messages_of(reply, choices))
        try:
            if reply.file:
                await self._send_file(to, reply, choices, passage)
            elif reply.card and to.kind != "group":  # What a group takes besides words is said nowhere.
                await self._send_card(to, reply, choices, passage)
            else:
                await self._send_text(to, reply, choices, passage)
        except DeliveryError as error:
            error.partly, error.maybe_sent = passage.told > 0, error.maybe_sent and may_have_gone.get()
            if not error.maybe_sent:
                await self._windows.over(passage)
            raise
        await self._windows.over(passage)
        return ""

    async def _passage(self, to: Recipient, chat_id: int, row_id: int, *, many: int) -> Passage:
        found = await self._windows.stands(chat_id, row_id)
        if not found.is_pressing and self._wire.calls.are_scarce:  # The last calls of a minute are for danger and officers' questions.
            self.counts["made_way"] += 1
            raise DeliveryError("rate", retry_after_secs=_next_minute() + random.uniform(*_THEN), of_account=True)
        try:
            passage = await self._windows.passage(found, row_id, to.kind, many=many)
        except DeliveryError as error:
            self.counts[error.reason] += 1
            raise
        self.counts["paid"] += passage.is_paid
        return passage

    async def _send_text(self, to: Recipient, reply: Reply, choices: str, passage: Passage) -> None:
        """The buttons stand with the last piece; where Zalo takes none, the same as a list, which may always be typed."""
        if reply.buttons and not (to.kind == "person" and fits(reply.buttons)):
            await self._send_list(to, reply.text, choices, passage)
            return
        pieces = cut(reply.text, MOST_TEXT)
        for piece in pieces[:-1]:
            await self._tell(to, {"text": piece}, passage)
        if not pieces:
            return
        if not reply.buttons:
            await self._tell(to, {"text": pieces[-1]}, passage)
            return
        try:
            body = {"text": pieces[-1], "attachment": _keyboard(reply.buttons, reply.serial)}
            await self._tell(to, body, passage, passes=_BUTTONS_REFUSED)
        except Refused:
            self.counts["buttons_refused"] += 1
            await self._send_list(to, pieces[-1], choices, passage)

    async def _send_list(self, to: Recipient, text: str, choices: str, passage: Passage) -> None:
        for piece in cut_with(text, [choices], MOST_TEXT):
            await self._tell(to, {"text": piece}, passage)

    async def _send_file(self, to: Recipient, reply: Reply, choices: str, passage: Passage) -> None:
        file = await self._open_file(reply.file)
        if file is None:
            raise DeliveryError("file_gone", permanent=True)
        if file.mime.startswith("image/"):
            content = await asyncio.to_thread(small_jpeg, file.content)
            told = await self._calls(
                lambda access: self._wire.upload(
                    "image", content, name=f"anh-{reply.file % 100_000:05}.jpg", mime="image/jpeg", access=access
                )
            )
            attachment = _picture(str(told.get("attachment_id", "")))
        else:
            if len(file.content) > MOST_FILE_BYTES:
                raise DeliveryError("too_big", permanent=True)
            told = await self._calls(
                lambda access: self._wire.upload(
                    "file", file.content, name=f"tep-{reply.file % 100_000:05}.pdf", mime="application/pdf", access=access
                )
            )
            attachment = {"type": "file", "payload": {"token": str(told.get("token", ""))}}
        # A paper takes no words beside it, and buttons go with words alone: the words come first, and nothing of them is lost.
        if reply.text:
            await self._send_text(to, reply, choices, passage)
        await self._tell(to, {"attachment": attachment}, passage)

    async def _send_card(self, to: Recipient, reply: Reply, choices: str, passage: Passage) -> None:
        """The words under the picture; where there are buttons, which go with words alone, the picture goes before them."""
        card = await self._card(reply.card)
        if card and not reply.buttons and len(reply.text) <= MOST_TEXT:
            await self._tell(to, {"text": reply.text, "attachment": _picture(card)}, passage)
            return
        if card:
            await self._tell(to, {"attachment": _picture(card)}, passage)
        await self._send_text(to, reply, choices, passage)

    async def _card(self, warning_id: int) -> str:
        """How Zalo calls the picture: brought there once, and again before Zalo forgets it. Empty: nothing is drawn."""
        async with self._uploading:
            known, since = self._cards.get(warning_id, ("", 0.0))
            if known and time.monotonic() - since < _CARD_KNOWN_SECS:
                return known
            file = await self._open_card(warning_id)
            if file is None:
                return ""
            content = await asyncio.to_thread(small_jpeg, file.content)
            told = await self._calls(
                lambda access: self._wire.upload("image", content, name="canh-bao.jpg", mime="image/jpeg", access=access)
            )
            if len(self._cards) > _MOST_CARDS:
                self._cards.clear()
            card = str(told.get("attachment_id", ""))
            if warning_id > 0:  # Of a draft the next one is another picture.
                self._cards[warning_id] = (card, time.monotonic())
            return card

    async def is_there(self) -> bool:
        try:
            await self._calls(lambda access: self._wire.get("/v2.0/oa/getoa", access=access))
        except DeliveryError:
            return False
        return True

    async def _tell(self, to: Recipient, message: dict[str, Any], passage: Passage, *, passes: frozenset[int] = frozenset()) -> None:
        body = {"recipient": to.recipient, "message": message}

        async def post(access: str) -> dict[str, Any]:
            may_have_gone.set(True)
            return await self._wire.post(to.path, body, access=access)

        async with self._echoes.sending(to.id) as sending:
            told = await self._calls(post, passes=passes, is_paid=passage.is_paid)
            sending.message_id = str(told.get("message_id", ""))
        kind, remains = quota_in(told)
        passage.went(is_free=kind == "reply", remains=remains if kind != "reply" else None)
        self.counts["free" if kind == "reply" else "unnamed_quota" if not kind else "of_package"] += 1

    async def _calls(self, call: Callable[[str], Awaitable[T]], *, passes: frozenset[int] = frozenset(), is_paid: bool = False) -> T:
        """With the token of now, and once more with a fresh one. Refusals in `passes` are the caller's."""
        try:
            access = await self._tokens.access()
            try:
                answer = await call(access)
            except Refused as refused:
                if refused.code not in TOKEN:
                    raise
                self.counts["token_refused"] += 1
                answer = await call(await self._tokens.instead_of(access))
        except NoToken:
            raise DeliveryError("token", retry_after_secs=15 if self._tokens.is_lost else 5, of_account=True) from None
        except Unreachable as error:
            self.unreachable_since = self.unreachable_since or moments.now()
            raise DeliveryError("unreachable", maybe_sent=error.was_asked) from None
        except Refused as refused:
            self.unreachable_since = 0
            if refused.code in passes:
                raise
            raise self._as_ours(refused.code, is_paid=is_paid) from None
        self.unreachable_since = self.account_refused = 0
        if is_paid:
            self.money_refused = 0
        return answer

    def _as_ours(self, code: int, *, is_paid: bool) -> DeliveryError:
        self.counts[f"refused_{-code}"] += 1
        if code == RATE:  # By the minute: everybody who waits begins the next one a little apart.
            return DeliveryError("rate", retry_after_secs=_next_minute() + random.uniform(*_FIRST), of_account=True)
        if code in TOKEN:
            return DeliveryError("token", retry_after_secs=15, of_account=True)
        if code in _WINDOW:
            return DeliveryError("window_closed", until_they_write=True)
        if code in _PERSON:
            return DeliveryError("blocked", permanent=True)
        if code in _GROUP:
            return DeliveryError("group_closed", permanent=True)
        if code in _MESSAGE:
            return DeliveryError("refused", permanent=True)
        if code in _LATER:
            pause, tries = _LATER[code]
            return DeliveryError(f"refused {code}", retry_after_secs=pause, waits_after=tries)
        if code in _MONEY and is_paid:
            self.money_refused = code
            return DeliveryError("no_money", until_they_write=True)
        if code == -233:
            return DeliveryError("refused", permanent=True)
        # The account, its package or its permissions: no fault of this message, which waits until somebody has put that right.
        self.account_refused = code
        return DeliveryError(f"account {code}", retry_after_secs=300, of_account=True)


def _next_minute() -> float:
    return 60 - time.time() % 60


def _messages_of(reply: Reply, choices: str) -> int:
    """How many messages it makes at most, each of them with a price of its own."""
    texts = cut(reply.text, MOST_TEXT), cut_with(reply.text, [choices], MOST_TEXT) if choices else ()
    return max(map(len, texts)) + bool(reply.file or reply.card)


def _picture(attachment_id: str) -> dict[str, Any]:
    element = {"media_type": "image", "attachment_id": attachment_id}
    return {"type": "template", "payload": {"template_type": "media", "elements": [element]}}


def quota_in(told: dict[str, Any]) -> tuple[str, int | None]:
    """What Zalo said a message was taken from, and what is left of that; nothing of either where it did not say."""
    quota = told.get("quota")
    if not isinstance(quota, dict):
        return "", None
    kind, remain = quota.get("quota_type"), str(quota.get("remain", ""))
    return kind if isinstance(kind, str) else "", int(remain) if re.fullmatch(r"\d{1,9}", remain, re.ASCII) else None


def fits(buttons: tuple[Button, ...]) -> bool:
    return 0 < len(buttons) <= MOST_BUTTONS and all(len(button.label) <= MOST_LABEL for button in buttons)


def _keyboard(buttons: tuple[Button, ...], serial: int) -> dict[str, Any]:
    """A press comes back as text: the mark before it tells it from words, and which question it answers goes along."""
    return {
        "type": "template",
        "payload": {
            "buttons": [
                {"title": button.label, "type": "oa.query.hide", "payload": f"{BUTTON}{button.data}~{serial}"} for button in buttons
            ]
        },
    }


def small_jpeg(content: bytes) -> bytes:
    """As Zalo takes it: at most a megabyte. It is a copy of our own making already, so it is decoded here."""
    if len(content) <= MOST_IMAGE_BYTES and content[:3] == b"\xff\xd8\xff":
        return content
    with Image.open(io.BytesIO(content)) as image:
        picture = image.convert("RGB")
    for side in _SIDES:
        picture.thumbnail((side, side))
        for quality in _QUALITIES:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality)
            if out.tell() <= MOST_IMAGE_BYTES:
                return out.getvalue()
    raise DeliveryError("too_big", permanent=True)
