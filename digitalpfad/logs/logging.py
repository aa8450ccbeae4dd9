"""Logs: readable on a terminal, JSON lines otherwise, always on stderr; other libraries' logs go the same way.

What repeats is summed (digitalpfad.logs.repeated_lines).
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from digitalpfad.logs.repeated_lines import SumRepeats

_PASSWORD = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)", re.IGNORECASE)


def configure(log_format: Literal["auto", "console", "json"] = "auto", level: str = "info") -> None:
    """Set up structlog and the standard library's logging for this process."""
    readable = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(readable=readable)],
        )
    )
    handler.addFilter(SumRepeats())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    threading.excepthook = _tell_of_end


def _tell_of_end(ended: threading.ExceptHookArgs) -> None:
    """A thread ended by an exception: as a line of the log like any other, not as text between the lines."""
    if ended.exc_type is SystemExit:
        return  # it meant to
    name = ended.thread.name if ended.thread else ""
    trace = "".join(traceback.format_exception(ended.exc_type, ended.exc_value, ended.exc_traceback))
    structlog.get_logger(__name__).error("thread-ended", thread=name, fault=ended.exc_type.__name__, trace=trace)


def _ending(*, readable: bool) -> list[Processor]:
    """The last steps: an event becomes a line. Tracebacks come without local variables, which hold secrets."""
    if readable:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        return [renderer, hide_passwords]
    return [
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        hide_passwords,
    ]


def hide_passwords(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    """Mask the password of every address in a finished line, wherever in the event it came from."""
    return _PASSWORD.sub(r"\g<before>***", str(line))  # text already: structlog has one type for event and line
