"""Figures for Prometheus: what happened to requests, in this process; nothing about who asked."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMetrics:
    """Counts requests by the route's template, never by address: any number of addresses stays few figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "digitalpfad_http_requests",
            "Answered requests by route template.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "digitalpfad_http_request_seconds",
            "Time until an answer was complete; streams are not in it.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def count(self, method: str, route: str, status: int, seconds: float, *, stream: bool) -> None:
        """Note one answered request."""
        key = (method, route, status)
        if key not in self._counters:  # labels() is the slow part
            self._counters[key] = self._requests.labels(method, route, str(status))
            self._histograms[route] = self._seconds.labels(route)
        self._counters[key].inc()
        if not stream:
            self._histograms[route].observe(seconds)


class MetricsMiddleware:
    """Notes every request in RequestMetrics."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its status."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, stream, begun = 500, False, time.perf_counter()

        async def noting_send(message: Message) -> None:
            nonlocal status, stream
            if message["type"] == "http.response.start":
                status = message["status"]
                stream = (b"content-type", b"text/event-stream") in message["headers"]
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            seconds = time.perf_counter() - begun
            self._metrics.count(method, _route(scope), status, seconds, stream=stream)


def _route(scope: MutableMapping[str, Any]) -> str:
    return getattr(scope.get("route"), "path", "none")
