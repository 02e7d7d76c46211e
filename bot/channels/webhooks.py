"""How a messenger's webhook opens: only to who knows the secret, and only while the ward answers messengers."""

import secrets
from collections import Counter

from aiohttp import web


def not_let_in(given: str, *, secret: str, is_open: bool, counts: Counter[str]) -> web.Response | None:
    """None: come in. Compared in constant time, so that nobody finds the secret letter by letter; without one nobody knows it."""
    if not secret or not secrets.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
        counts["bad_secret"] += 1
        return web.Response(status=403)
    return None if is_open else come_again(counts)


def come_again(counts: Counter[str]) -> web.Response:
    """The platform keeps what it has, and brings it later."""
    counts["closed"] += 1
    return web.Response(status=503, headers={"Retry-After": "60"})
