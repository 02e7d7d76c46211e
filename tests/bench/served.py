"""The house of a bench in a process of its own: each answer of it says what it cost the server.

    python -m tests.bench.served

The header `X-Cost` holds milliseconds, four with blanks between: by the clock on the wall, of the processor in the whole process, and of
both what the memory took (SQL, and the rows it makes). Beats are left out, but for the one that looks who we are and those that follow
the history: a house that has just been laid owes its clocks too much.
"""

import time
from typing import Any

from aiohttp import web

from bot import runtime
from bot.__main__ import main
from bot.clock import Beat, Clock
from bot.web_errors import Handler
from storage.memory import Memory

_spent = [0.0, 0.0]


@web.middleware
async def telling(request: web.Request, handler: Handler) -> web.StreamResponse:
    _spent[:] = 0.0, 0.0
    began, worked = time.perf_counter(), time.process_time()
    answer = await handler(request)
    cost = (time.perf_counter() - began, time.process_time() - worked, *_spent)
    if not answer.prepared:
        answer.headers["X-Cost"] = " ".join(f"{part * 1000:.3f}" for part in cost)
    return answer


def _telling_app(house: Any) -> web.Application:
    app = _app(house)
    app.middlewares.insert(0, telling)
    return app


def _counted_read(memory: Memory, fn: Any) -> Any:
    began, worked = time.perf_counter(), time.thread_time()
    try:
        return _read_now(memory, fn)
    finally:
        _spent[0] += time.perf_counter() - began
        _spent[1] += time.thread_time() - worked


def _rare(clock: Clock, seconds: float, name: str, beat: Beat) -> None:
    if name in ("ward", "chain", "figures"):
        _every(clock, seconds, name, beat)


_app, _read_now, _every = runtime._House._app, Memory._read_now, Clock.every

if __name__ == "__main__":
    runtime._House._app = _telling_app  # type: ignore[assignment, method-assign]
    Memory._read_now = _counted_read  # type: ignore[assignment, method-assign]
    Clock.every = _rare  # type: ignore[assignment, method-assign]
    main()
