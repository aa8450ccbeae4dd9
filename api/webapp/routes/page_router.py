"""Where families of pages put their addresses: cached pages that the fast path may answer, and plain endpoints."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.catalogue.keeper import SnapshotKeeper
from api.http.caches.etag import Answer, respond
from api.http.fast_path import PlainRequest, Read
from api.webapp.language import Choice, choose
from api.webapp.rendering import PageCache, Renderer
from api.webapp.scans.counter import ScanCounter
from geodata.store.access.scan import ScanKey
from geodata.times import Clock

A_DAY = "public, max-age=86400"

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page that is cached under ``key`` once rendered; showing it is a ``scan``, or none."""

    key: Hashable
    render: Callable[[], Answer]
    scan: ScanKey | None = None


class PageRouter:
    """What every family of pages works with, and the routes that they add.

    ``fast_reads`` are for api.app.add_fast_path(): the cached pages, where they are rendered already.
    """

    def __init__(self, keeper: SnapshotKeeper, scans: ScanCounter, renderer: Renderer, clock: Clock) -> None:
        self.keeper = keeper
        self.renderer = renderer
        self.clock = clock
        self.router = APIRouter()
        self.fast_reads: list[tuple[Route, Read]] = []
        self.names: set[str] = set()
        """The pages without parameters, as api.webapp.addresses wants them."""
        self._scans = scans
        self._cache = PageCache()

    def add(self, path: str, endpoint: Endpoint, methods: Sequence[str] = ("GET",)) -> None:
        """Serve ``path`` by ``endpoint``, which answers anew each time."""
        if "{" not in path:
            self.names.add(path.removeprefix("/"))
        self.router.add_route(path, endpoint, methods=list(methods), include_in_schema=False)

    def add_cached(self, path: str, find: Callable[[PlainRequest], CachedPage]) -> None:
        """Serve pages that are cached; ``find`` says which one is asked for, and raises NotFound for none."""

        async def endpoint(request: Request) -> Response:
            page = find(PlainRequest.of(request.scope, request.path_params))
            answer = await self._cache.get(page.key, page.render)
            self._count(page)
            return respond(request, answer)

        def fast_read(request: PlainRequest) -> Answer | None:
            page = find(request)
            answer = self._cache.peek(page.key)
            if answer is not None:
                self._count(page)
            return answer

        route = Route(path, endpoint, methods=["GET"], include_in_schema=False)
        self.router.routes.append(route)
        self.fast_reads.append((route, fast_read))

    def _count(self, page: CachedPage) -> None:
        if page.scan is not None:
            self._scans.count(page.scan)


def choice_of(request: PlainRequest) -> Choice:
    """The voice that a request asks for."""
    return choose(request.query.get("lang"), request.headers.get("accept-language", ""))


def choice_asked(request: Request) -> Choice:
    """The voice that a request of Starlette asks for."""
    return choice_of(PlainRequest.of(request.scope, {}))
