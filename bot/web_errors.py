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
        return web.Response(status=413, text=texts.say("page-form-too-big"))
    except web.HTTPException:
        raise
    except ConnectionResetError:
        return web.Response(status=400)  # Who asked has left, in the middle of an upload for instance.
    except (MemoryLost, MemoryClosed, OperationalError):
        # Nothing was stored, and the sender keeps it and tries again.
        return web.Response(status=503, text=texts.say("page-not-stored"), headers={"Retry-After": "2"})
    except Exception as error:
        error_id = secrets.token_hex(4)
        place = request.match_info.route.resource.canonical if request.match_info.route.resource else "?"
        # The kind of error and where it came from, not its text: that may quote what somebody wrote.
        log.error(
            "request_failed",
            extra={"route": place, "error": type(error).__name__, "error_id": error_id, "at": _where(error)},
        )
        return web.Response(status=500, text=texts.say("page-broken", id=error_id))


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
