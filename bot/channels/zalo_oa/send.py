"""The account's outgoing half: answers with buttons, photos and papers, words to a group. Nothing can be rewritten: every answer is anew.

Retrying and order are delivery's; here every refusal becomes one of our few errors. Whether somebody may be written to at all depends on
when they last wrote: free for two days, for money until the seventh, not at all after that. Nothing that costs is sent.
"""

import asyncio
import io
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from PIL import Image

from bot.channels.base import DeliveryError, OpenFile
from bot.channels.lists import Lists, cut_with
from bot.channels.pieces import cut
from bot.channels.zalo_oa.addresses import recipient_of
from bot.channels.zalo_oa.parse import BUTTON
from bot.channels.zalo_oa.tokens import NoToken, Tokens
from bot.channels.zalo_oa.wire import RATE, TOKEN, Refused, Unreachable, Wire
from handlers.messages import Button, Reply
from storage import moments

MOST_TEXT = 1900  # Zalo refuses more than 2,000, and does not say of what.
MOST_BUTTONS, MOST_LABEL = 5, 100
MOST_IMAGE_BYTES, MOST_FILE_BYTES = 1024 * 1024, 5 * 1024 * 1024
FREE_FOR = 48 * moments.HOUR
_SIDES = (1600, 1280, 1024, 800, 640)
_QUALITIES = (85, 75, 60)
# What each of Zalo's numbers means here. Nothing of what they say in words is kept: it may quote an id.
_WINDOW = frozenset((-213, -230, -232))
_PERSON = frozenset((-217, -227, -244))  # This person is not to be had: blocked, banned, or wants none of this.
_MESSAGE = frozenset((-201, -210, -240, -249))  # This very message is wrong, now and for ever.
_GROUP = frozenset((-237, -403))  # This group is over, or we are not in it: no other is concerned.
_LATER = {-200: 30.0, -211: 600.0, -218: 600.0, -100: 1.0}
_BUTTONS_REFUSED = frozenset((-201, -210, -233))
T = TypeVar("T")


class ZaloSend:
    def __init__(
        self, wire: Wire, tokens: Tokens, lists: Lists, *, open_file: OpenFile, last_wrote: Callable[[int], Awaitable[int | None]]
    ) -> None:
        """`last_wrote`: when somebody of this chat was last heard."""
        self._wire, self._tokens, self._lists, self._open_file, self._last_wrote = wire, tokens, lists, open_file, last_wrote
        self.counts: Counter[str] = Counter()
        self.account_refused = 0  # Zalo's number, while it refuses the account itself: somebody has to look there.
        self.unreachable_since = 0

    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> str:
        if reply.only_rewrites:  # What cannot be rewritten is left as it is.
            return ""
        heard_at = None if recipient_of(address).kind == "group" else await self._last_wrote(chat_id)
        if heard_at is not None and moments.now() - heard_at > FREE_FOR:
            self.counts["window_closed"] += 1
            raise DeliveryError("window_closed", until_they_write=True)
        if reply.file:
            await self._send_file(address, reply, chat_id)
        else:
            await self._send_text(address, reply, chat_id)
        return ""

    async def _send_text(self, address: str, reply: Reply, chat_id: int) -> None:
        """The buttons stand with the last piece; where Zalo takes none, the same as a list, which may always be typed."""
        takes_buttons = recipient_of(address).kind == "person" and fits(reply.buttons)
        if reply.buttons and not takes_buttons:
            await self._send_list(address, reply.text, reply, chat_id)
            return
        pieces = cut(reply.text, MOST_TEXT)
        for piece in pieces[:-1]:
            await self._tell(address, {"text": piece})
        if not pieces:
            return
        if not reply.buttons:
            await self._tell(address, {"text": pieces[-1]})
            return
        try:
            await self._tell(address, {"text": pieces[-1], "attachment": _keyboard(reply.buttons, reply.serial)}, passes=_BUTTONS_REFUSED)
        except Refused:
            self.counts["buttons_refused"] += 1
            await self._send_list(address, pieces[-1], reply, chat_id)

    async def _send_list(self, address: str, text: str, reply: Reply, chat_id: int) -> None:
        for piece in cut_with(text, [await self._lists.under(reply, chat_id)], MOST_TEXT):
            await self._tell(address, {"text": piece})

    async def _send_file(self, address: str, reply: Reply, chat_id: int) -> None:
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
            element = {"media_type": "image", "attachment_id": str(told.get("attachment_id", ""))}
            attachment: dict[str, Any] = {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
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
            await self._send_text(address, reply, chat_id)
        await self._tell(address, {"attachment": attachment})

    async def _tell(self, address: str, message: dict[str, Any], *, passes: frozenset[int] = frozenset()) -> None:
        to = recipient_of(address)
        body = {"recipient": to.recipient, "message": message}
        told = await self._calls(lambda access: self._wire.post(to.path, body, access=access), passes=passes)
        if isinstance(told.get("quota"), dict):
            self.counts["free"] += 1
        else:
            self.counts["unnamed_quota"] += 1

    async def _calls(self, call: Callable[[str], Awaitable[T]], *, passes: frozenset[int] = frozenset()) -> T:
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
        except Unreachable:
            self.unreachable_since = self.unreachable_since or moments.now()
            raise DeliveryError("unreachable") from None
        except Refused as refused:
            self.unreachable_since = 0
            if refused.code in passes:
                raise
            raise self._as_ours(refused.code) from None
        self.unreachable_since = self.account_refused = 0
        return answer

    def _as_ours(self, code: int) -> DeliveryError:
        self.counts[f"refused_{-code}"] += 1
        if code == RATE:  # By the minute: everybody who waits begins the next one a little apart.
            return DeliveryError("rate", retry_after_secs=60 - time.time() % 60 + random.uniform(0, 3), of_account=True)
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
            return DeliveryError(f"refused {code}", retry_after_secs=_LATER[code])
        if code == -233:
            return DeliveryError("refused", permanent=True)
        # The account, its package or its permissions: no fault of this message, which waits until somebody has put that right.
        self.account_refused = code
        return DeliveryError(f"account {code}", retry_after_secs=300, of_account=True)


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
