"""One line per event on stderr, for people or as JSON."""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime

import msgspec


class _Words(logging.Formatter):
    """``2026-11-22 10:15:00Z klima-01: online, 0 readings to deliver``."""

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        who = getattr(record, "device", "fleet")
        return f"{self.formatTime(record, '%Y-%m-%d %H:%M:%SZ')} {who}: {record.getMessage()}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "device": getattr(record, "device", None),
            "event": record.getMessage(),
        }
        return msgspec.json.encode(line).decode()


def write_logs(*, as_json: bool) -> None:
    """Send the simulator's log to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if as_json else _Words())
    logger = logging.getLogger("firmware_sim")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO)
