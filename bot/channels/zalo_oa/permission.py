"""An administrator of the account allows this house to speak for it, in their own browser (OAuth with PKCE).

Whether Zalo sends `state` back is not sure; so what proves that the way began here goes along in our own address too. It works once,
for ten minutes, and only with the verifier that never leaves this house.
"""

import base64
import hashlib
import secrets
import string
from collections.abc import Callable
from urllib.parse import urlencode

from sqlmodel import Session

from bot.channels.zalo_oa.tokens import Tokens, pair_of
from bot.channels.zalo_oa.wire import Unreachable, Wire
from handlers.doors import Permitted
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import zalo_tokens

_LASTS = 10 * moments.MINUTE
_LETTERS = string.ascii_letters + string.digits
_MOST_CODE = 2000


class Permission:
    def __init__(
        self,
        memory: Memory,
        wire: Wire,
        tokens: Tokens,
        ward_id: Callable[[], int],
        hash_of: Callable[..., str],
        *,
        oauth: str,
        app_id: str,
    ) -> None:
        self._memory, self._wire, self._tokens, self._ward_id, self._hash = memory, wire, tokens, ward_id, hash_of
        self._oauth, self._app_id = oauth.rstrip("/"), app_id

    async def begin(self, back: str) -> str:
        nonce, verifier = secrets.token_urlsafe(24), "".join(secrets.choice(_LETTERS) for _ in range(43))
        until = str(moments.now() + _LASTS)
        asking, row_id = {"nonce_hash": self._hash("zalo-permission", nonce), "verifier": verifier, "until": until}, new_id()
        await self._memory.write(lambda session: zalo_tokens.begin_asking(session, self._ward_id(), asking, row_id=row_id))
        asked = {
            "app_id": self._app_id,
            "redirect_uri": f"{back}?{urlencode({'n': nonce})}",
            "code_challenge": challenge_of(verifier),
            "state": nonce,
        }
        return f"{self._oauth}/v4/oa/permission?{urlencode(asked)}"

    async def finish(self, *, nonce: str, code: str, then: Callable[[Session], None]) -> Permitted:
        nonce_hash = self._hash("zalo-permission", nonce)
        asking = await self._memory.write(lambda session: zalo_tokens.take_asking(session, self._ward_id(), nonce_hash))
        if asking is None or int(asking["until"]) < moments.now() or not 0 < len(code) <= _MOST_CODE:
            return "old"
        try:
            came = await self._wire.token(code=code, grant_type="authorization_code", code_verifier=asking["verifier"])
        except Unreachable:
            return "unreachable"
        if came is None:
            return "refused"
        await self._tokens.take(pair_of(came, now=moments.now()), then=then)
        return "well"


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).decode().rstrip("=")
