"""Notifications of the database on their way to who reads them: whoever may connect may notify, whatever it is."""

from __future__ import annotations

from collections.abc import Callable

import structlog

_UNREADABLE = (ValueError, TypeError, ArithmeticError, RecursionError)
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class NotificationGuard:
    """Hands channel and payload to ``read``; what that cannot read is counted, and logged the first time.

    ``on_unreadable`` has all read again that such a notification may have told of.
    """

    def __init__(self, read: Callable[[str, str], None], on_unreadable: Callable[[], None]) -> None:
        self._read = read
        self._on_unreadable = on_unreadable
        self.unreadable = 0

    def take(self, channel: str, payload: str) -> None:
        """Read one; raises only what is no fault of its payload."""
        try:
            self._read(channel, payload)
        except _UNREADABLE as error:
            if not self.unreadable:
                _log.warning("unreadable-notification", channel=channel, length=len(payload), error=str(error))
            self.unreadable += 1
            self._on_unreadable()
