"""One JSON line per event: ids, kinds and durations; never names, words, keys, tokens or addresses.

Only our own events speak in full. Of a library's trouble the log says which library and what kind of error: their texts quote
addresses with the bot's token in them, rows, and what people wrote, at every level.
"""

import logging
import sys
from collections.abc import MutableMapping
from types import TracebackType
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


class _Mute(logging.Filter):
    """On what comes from libraries: the message goes, and whatever was to be put into it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] != _OURS:
            record.msg, record.args = "library_trouble", ()
            for name in set(vars(record)) - _USUAL:
                delattr(record, name)
        return True


_USUAL = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def set_up(level: str = "info") -> None:
    """Our own events as JSON on standard error, from this level on; libraries only when something broke, and then without words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Mute())
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
    logging.getLogger(_OURS).setLevel(level.upper())
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # A log that cannot be written must not print what it was given.
    # These write errors for things that are none, a browser that left for instance.
    for name in ("telegram", "httpx", "httpcore", "aiohttp", "sqlalchemy", "apscheduler", "PIL", "alembic"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """An error that nobody caught ends the program; even then without its text."""
    if issubclass(kind, KeyboardInterrupt):
        return
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    at = f"{where.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{where.tb_lineno}" if where else "?"
    logging.getLogger("keng.end").critical("ended_by_error", extra={"error": kind.__name__, "at": at})
