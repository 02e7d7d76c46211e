"""One JSON line per event: ids, kinds and durations; never names, words, keys, tokens or addresses."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_OURS = "keng"


def _without_error_text(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception's own text may quote a row, an address or somebody's words; its kind is enough."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple) and error[0] is not None:
        event["error"] = error[0].__name__
    event.pop("stack_info", None)
    return event


def set_up() -> None:
    """Our own events as JSON on standard error. Libraries may only warn: at lower levels they quote addresses, tokens and words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _without_error_text,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.ERROR)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    # These put what was sent, or where to, into their error texts.
    for name in ("telegram", "httpx", "aiohttp.access", "aiohttp.server", "sqlalchemy", "apscheduler", "PIL"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
