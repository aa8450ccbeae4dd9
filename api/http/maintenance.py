"""Maintenance: those who run the server say that it is being worked on, and until when.

Pages and interface then answer 503 with ``Retry-After``. What is needed in the meantime stays: staff pages, the checks
of those who watch the server, legal pages, and the files that pages are drawn with.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.errors import ErrorPage, Problem, is_interface, problem_response
from geodata.times import Clock, rfc3339, utc_now

_LOOK_EVERY_S = 1.0
_USUAL_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=1)
_STAYS = (
    *("/static", "/staff", "/healthz", "/readyz", "/metrics", "/.well-known", "/robots.txt", "/favicon.svg"),
    *("/datenschutz", "/impressum", "/barrierefreiheit"),
)
"""First parts of paths that are answered as always."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The server is being worked on ``until`` (UTC) then; None: nobody can say."""

    until: datetime | None = None

    def wait_s(self, now: datetime) -> int:
        """Seconds after which it is worth while to ask again: at most an hour, five minutes where nobody can say."""
        wait = min(self.until - now, _LONGEST_WAIT) if self.until and self.until > now else _USUAL_WAIT
        return max(int(wait.total_seconds()), 1)


Look = Callable[[], Maintenance | None]
"""Says whether there is maintenance now; asked at most once a second."""


class MaintenanceState:
    """What ``look`` said last."""

    def __init__(self, look: Look = lambda: None, clock: Clock = utc_now, every_s: float = _LOOK_EVERY_S) -> None:
        self.clock = clock
        self._every_s = every_s
        self._look = look
        self._looked_at = 0.0
        self._present: Maintenance | None = None

    def current(self) -> Maintenance | None:
        """The maintenance that there is now, if any."""
        now = time.monotonic()
        if now - self._looked_at >= self._every_s:
            self._looked_at, before, self._present = now, self._present, self._look()
            if self._present != before:
                until = self._present and self._present.until
                _log.info("maintenance-changed", is_on=self._present is not None, until=until and rfc3339(until))
        return self._present


class MaintenanceGate:
    """ASGI middleware: answers with the maintenance instead of passing a request on; ``page`` is for people."""

    def __init__(self, app: ASGIApp, state: MaintenanceState, page: ErrorPage) -> None:
        self._app = app
        self._state = state
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 503, or pass the request on."""
        maintenance = self._state.current() if scope["type"] == "http" and not stays(scope["path"]) else None
        if maintenance is None:
            await self._app(scope, receive, send)
            return
        request, problem = Request(scope), problem_of(maintenance, self._state.clock())
        answer = problem_response if is_interface(scope["path"]) else self._page
        await answer(request, problem)(scope, receive, send)


def stays(path: str) -> bool:
    """Whether a path is answered as always."""
    return any(path == first or path.startswith(f"{first}/") for first in _STAYS)


def problem_of(maintenance: Maintenance, now: datetime) -> Problem:
    """What the outside is told."""
    until = f" It should be over at {rfc3339(maintenance.until)}." if maintenance.until else ""
    return Problem(
        status=503,
        kind="maintenance",
        title="Maintenance",
        detail=f"This server is being worked on.{until}",
        extra={"until": maintenance.until and rfc3339(maintenance.until)},
        headers={"Retry-After": str(maintenance.wait_s(now))},
    )
