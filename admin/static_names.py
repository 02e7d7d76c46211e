"""Names of what never changes under its name: styles, scripts and drawings are asked for with a mark of their content, and kept for a year.

A new version of a file has another name, so nobody works with half of an old desk, and an open page asks for nothing twice.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

import jinja2
from aiohttp import web

STATIC = Path(__file__).parent / "static"
LOOKS = Path(__file__).parent.parent / "handlers" / "looks"
FOR_A_YEAR = "public, max-age=31536000, immutable"
_FONTS = "/static/looks/fonts/"  # As published: another version of one would have another name.
_FOLDERS = {"/static/desk/": STATIC, "/static/looks/": LOOKS}
_NAMED = re.compile(r"/static/(?:desk|looks)/[\w./-]+\.(?:css|js|svg)(?![\w?])")


@cache
def mark_of(path: str) -> str:
    """Of the file behind this address, as this process serves it; empty where there is none."""
    for address, folder in _FOLDERS.items():
        file = folder / path.removeprefix(address)
        if path.startswith(address) and ".." not in path and file.is_file():
            return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
    return ""


def marked(source: str) -> str:
    return _NAMED.sub(lambda found: f"{found[0]}?v={mark_of(found[0])}" if mark_of(found[0]) else found[0], source)


class MarkedTemplates(jinja2.FileSystemLoader):
    """Templates name files as they lie; on the page each has its mark."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, name, is_fresh = super().get_source(environment, template)
        return marked(source), name, is_fresh


@web.middleware
async def kept_by_browsers(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """What is named by its content, and fonts: asked for once. Everything else below /static is asked for again whether it changed."""
    answer = await handler(request)
    if request.path.startswith("/static/") and answer.status in (200, 206, 304):
        mark = request.query.get("v", "")
        is_named = request.path.startswith(_FONTS) or (mark != "" and mark == mark_of(request.path))
        answer.headers["Cache-Control"] = FOR_A_YEAR if is_named else "no-cache"
    return answer
