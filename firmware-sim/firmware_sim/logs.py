"""One line per event on stderr, for people or as JSON: a name in lower case with hyphens, and fields.

The form is the server's, the code is not: the simulator shares none with it.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from typing import cast

import msgspec

_NAME = "firmware_sim"


class EventLog:
    """Logs events with their fields; ``device`` is the field that says whose they are."""

    def __init__(self) -> None:
        self._logger = logging.getLogger(_NAME)

    def info(self, event: str, **fields: object) -> None:
        """Log what is expected to happen."""
        self._logger.log(logging.INFO, event, extra={"fields": fields})

    def warning(self, event: str, **fields: object) -> None:
        """Log what somebody should look at where it happens again and again."""
        self._logger.log(logging.WARNING, event, extra={"fields": fields})


class _Words(logging.Formatter):
    """``2026-11-22 10:15:00Z device-online device=klima-01 waiting=0``; a text with spaces is in quotes."""

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={_word(value)}" for name, value in _fields(record).items())
        return f"{self.formatTime(record, '%Y-%m-%d %H:%M:%SZ')} {record.getMessage()}{fields}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **_fields(record),
        }
        return msgspec.json.encode(line).decode()


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return cast("dict[str, object]", getattr(record, "fields", {}))


def _word(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and text and not set(text) & set(" \"'=") else repr(text)


def get_logger() -> EventLog:
    """The simulator's log; nothing is written before write_logs()."""
    return EventLog()


def write_logs(*, as_json: bool) -> None:
    """Send the simulator's log to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if as_json else _Words())
    logger = logging.getLogger(_NAME)
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO)
