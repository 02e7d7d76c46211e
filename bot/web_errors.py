"""What nobody foresaw: an error id for who asks, its kind in the log, and never a word of what was sent."""

import logging
import secrets
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.exc import OperationalError

from handlers import texts
from storage.memory import MemoryClosed, MemoryLost

log = logging.getLogger("keng.web")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


counts: web.AppKey[Counter[str]] = web.AppKey("refused", Counter)
_TO_OFFICERS = {"page-form-too-big": "desk-too-big", "page-not-stored": "desk-not-stored", "page-broken": "desk-broken"}
# How the duty desk draws a refusal, given the request, the status, the sentence and an error id. This room knows no pages.
Drawn = Callable[[web.Request, int, str, str], web.Response]
desk_look: web.AppKey[Drawn] = web.AppKey("desk_look", Callable)  # type: ignore[arg-type]


@web.middleware
async def counting(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever any door refuses or fails at, by its status."""
    status = 500
    try:
        answer = await handler(request)
        status = answer.status
        return answer
    except web.HTTPException as refusal:
        status = refusal.status
        raise
    finally:
        if status >= 400:
            request.app[counts][str(status)] += 1


@web.middleware
async def calm(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPRequestEntityTooLarge:
        return _said(request, 413, "page-form-too-big")
    except web.HTTPException as refusal:
        if refusal.status in (404, 405) and _is_desk(request):
            return _said(request, refusal.status, "desk-nowhere")
        raise
    except ConnectionResetError:
        return web.Response(status=400)  # Who asked has left, in the middle of an upload for instance.
    except (MemoryLost, MemoryClosed, OperationalError):
        # Nothing was stored, and the sender keeps it and tries again.
        answer = _said(request, 503, "page-not-stored")
        answer.headers["Retry-After"] = "2"
        return answer
    except Exception as error:
        error_id = secrets.token_hex(4)
        place = request.match_info.route.resource.canonical if request.match_info.route.resource else "?"
        # The kind of error and where it came from, not its text: that may quote what somebody wrote.
        log.error(
            "request_failed",
            extra={"route": place, "error": type(error).__name__, "error_id": error_id, "at": _where(error)},
        )
        return _said(request, 500, "page-broken", error_id)


def _is_desk(request: web.Request) -> bool:
    return desk_look in request.app and request.path.startswith("/admin")


def _said(request: web.Request, status: int, key: str, error_id: str = "") -> web.Response:
    """To an officer as a page of the desk, with a next step; to everybody else as a sentence."""
    if _is_desk(request):
        try:
            return request.app[desk_look](request, status, _TO_OFFICERS.get(key, key), error_id)
        except Exception as error:  # What broke the page may break this one, too: then the bare sentence.
            log.error("refusal_not_drawn", extra={"error": type(error).__name__, "error_id": error_id, "at": _where(error)})
    return web.Response(status=status, text=texts.say(key, id=error_id) if error_id else texts.say(key))


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
