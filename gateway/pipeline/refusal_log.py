"""Tells the log which device sends what cannot be kept, and why: the first time at once, then in sums."""

from __future__ import annotations

import time
from collections.abc import Iterable

import structlog

from gateway.validation.validated_message import ValidatedMessage
from geodata.runtime.repeats import Repeats
from geodata.store.ingest.flush import CONFLICT, LISTED, FlushOutcome

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.refusals")


class RefusalLog:
    """For one thread. The quarantine holds each message and the figures count each part: the log shows what goes on."""

    def __init__(self) -> None:
        self._repeats: Repeats[tuple[str, str]] = Repeats(_tell)

    def note(self, messages: Iterable[ValidatedMessage], outcome: FlushOutcome) -> None:
        """These messages were committed."""
        now = time.monotonic()
        for message in messages:
            source = message.source
            for reason in {refusal.reason for refusal in source.refusals[:LISTED]}:
                self._repeats.note((source.device or "", reason), now)
        if conflicts := outcome.reasons.get(CONFLICT):  # found by the database, which does not say whose they are
            self._repeats.note(("", CONFLICT), now, conflicts)

    def look(self) -> None:
        """Tell the sums that are due."""
        self._repeats.look(time.monotonic())

    def end(self) -> None:
        """Tell what was not told."""
        self._repeats.end(time.monotonic())


def _tell(key: tuple[str, str] | None, count: int, seconds: float | None) -> None:
    device, reason = key or ("others", "various")
    unit = "parts" if reason == CONFLICT else "messages"
    since = {} if seconds is None else {"within_s": round(seconds)}
    _log.info("refused", **({"device": device} if device else {}), reason=reason, **{unit: count}, **since)
