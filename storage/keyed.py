"""Keyed hashes: how we know again a chat, a message or a code without storing what it was."""

import hashlib
import hmac


class Keyed:
    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("a look-up key has 32 bytes")
        self._key = key

    def hash(self, *parts: str) -> str:
        """Parts are length-prefixed, so ("a", "bc") and ("ab", "c") never meet."""
        mac = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            raw = part.encode("utf-8", "surrogatepass")
            mac.update(len(raw).to_bytes(4, "big") + raw)
        return mac.hexdigest()[:40]
