"""The hikers' pages: addresses, and what is shown at each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import cast
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.lookup import find_station, find_trail
from api.catalogue.snapshot import Snapshot
from api.http.assets import Assets
from api.http.errors import Problem
from api.http.etag import Answer, respond
from api.http.fast_path import PlainRequest, Read
from api.webapp.addresses import canonical
from api.webapp.hours import RecentHours
from api.webapp.language import Choice, choose
from api.webapp.rendering import PageCache, Renderer
from api.webapp.scans import ScanCounter, entry_of
from api.webapp.views import conditions, gone, legal
from api.webapp.views import station as station_view
from api.webapp.views import trail as trail_view
from api.webapp.views.frame import Frame
from api.webapp.views.others import MissingPage, UnavailablePage
from api.webapp.views.parts import station_link
from geodata.model.operator import Operator
from geodata.model.station import Station
from geodata.model.trail import TrailState
from geodata.store.access.scan import ScanKey
from geodata.store.database import Database
from geodata.times import Clock, utc_now

STATIC_PATH = "/static"
STATIC_FOLDER = Path(__file__).parent / "static"
_ROBOTS = "User-agent: *\nDisallow: /staff/\nDisallow: /api/\n"
_MOST_MEANT = 3
_LONGEST_CODE = 40  # characters of what somebody types for one
_LONGEST_PATH = 200  # above every page's address
_SPELT_OTHERWISE = {"not-found", "unknown-station", "unknown-trail"}
_A_DAY = "public, max-age=86400"

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class _CachedPage:
    """A page that is cached under ``key`` once rendered; showing it is a ``scan``, or none."""

    key: Hashable
    render: Callable[[], Answer]
    scan: ScanKey | None = None


def static_files() -> Assets:
    """The pages' static files; mount them at STATIC_PATH."""
    return Assets(STATIC_FOLDER, STATIC_PATH)


class Pages:
    """All pages for hikers. Give ``router`` to the app, and error_page() for what goes wrong."""

    def __init__(
        self,
        keeper: SnapshotKeeper,
        database: Database,
        scans: ScanCounter,
        *,
        assets: Assets,
        operator: Operator,
        clock: Clock = utc_now,
    ) -> None:
        self._keeper = keeper
        self._scans = scans
        self._operator = operator
        self._clock = clock
        self._renderer = Renderer(assets)
        self._hours = RecentHours(database, keeper)
        self._cache = PageCache()
        self.router = APIRouter()
        self.fast_reads: list[tuple[Route, Read]] = []
        """For api.app.add_fast_path(): the pages that are cached, where they are rendered already."""
        self._add_routes()

    def _add_routes(self) -> None:
        self._add_cached("/", self._home)
        self._add_cached("/t/{trail}", self._trail)
        self._add_cached("/s/{code}", self._station)
        self._add_cached("/s/{code}/now", self._now)
        routes: dict[str, Endpoint] = {
            "/s": self._typed_code,
            **dict.fromkeys((f"/{name}{town}" for name in legal.PAGES for town in ("", "/{town}")), self._legal),
            "/robots.txt": self._robots,
            "/favicon.svg": self._favicon,
        }
        self._names = {path.removeprefix("/") for path in routes}
        for path, endpoint in routes.items():
            self.router.add_route(path, endpoint, methods=["GET"], include_in_schema=False)

    def _add_cached(self, path: str, find: Callable[[PlainRequest], _CachedPage]) -> None:
        """Serve pages that are cached; ``find`` says which one is asked for."""

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

    def error_page(self, request: Request, problem: Problem) -> Response:
        """The page for any error; give it to api.app.install(). Another spelling of an address leads to its own.

        Only the page that this leads to counts as a scan.
        """
        own = canonical(request.url.path, self._names) if problem.kind in _SPELT_OTHERWISE else None
        if own is not None and request.method in {"GET", "HEAD"}:
            query = quote(request.url.query, safe="%=&+/?:@!$'()*,;~")
            address = f"{own}?{query}" if query else own
            return RedirectResponse(address, status_code=308, headers={"cache-control": _A_DAY})
        frame = Frame.of(_choice(PlainRequest.of(request.scope, {})), _here(request.url.path))
        if problem.status >= 500:
            template, page = "unavailable.html", UnavailablePage(frame=frame)
        elif problem.status == HTTPStatus.GONE:
            snapshot = self._keeper.current
            removed = snapshot.catalogue.removed[str(problem.extra["code"])]
            template, page = "removed.html", gone.build_removed(snapshot, removed, frame, self._clock())
        else:
            template, page = "missing.html", self._missing(request, problem, frame)
        headers = {"cache-control": "no-store", "vary": "Accept-Language", **problem.headers}
        body = self._renderer.render(template, page).body
        return Response(body, problem.status, headers, media_type="text/html; charset=utf-8")

    def _home(self, request: PlainRequest) -> _CachedPage:
        snapshot, choice = self._keeper.current, _choice(request)
        return _CachedPage(
            ("home", choice, snapshot.version),
            lambda: self._renderer.render("home.html", trail_view.build_home(snapshot, Frame.of(choice, "/"))),
        )

    def _trail(self, request: PlainRequest) -> _CachedPage:
        snapshot, choice, slug = self._keeper.current, _choice(request), request.path["trail"]
        trail, now = find_trail(snapshot, slug), self._clock()
        frame = Frame.of(choice, f"/t/{slug}", trail.municipality)

        def render() -> Answer:
            if trail.state is TrailState.RETIRED:
                return self._renderer.render("retired_trail.html", gone.build_trail(snapshot, trail, frame, now))
            return self._renderer.render("trail.html", trail_view.build(self._keeper, trail, frame, now))

        state = conditions.state_of(self._keeper, slug, now)
        return _CachedPage(("trail", slug, choice, snapshot.version, _minute(now), state), render)

    def _station(self, request: PlainRequest) -> _CachedPage:
        snapshot, choice, now = self._keeper.current, _choice(request), self._clock()
        station = find_station(snapshot, request.path["code"])
        return _CachedPage(
            self._key("station", snapshot, station, choice, now),
            lambda: self._render(station, choice, now),
            _scan(request, station, choice, now),
        )

    def _now(self, request: PlainRequest) -> _CachedPage:
        snapshot, choice, now = self._keeper.current, _choice(request), self._clock()
        station = find_station(snapshot, request.path["code"])

        def render() -> Answer:
            hours, frame = self._hours.of(station.code, now), Frame.of(choice, f"/s/{station.code}")
            return self._renderer.render("now.html", station_view.build_now(self._keeper, station, hours, frame, now))

        return _CachedPage(self._key("now", snapshot, station, choice, now), render)

    async def _typed_code(self, request: Request) -> Response:
        """A code typed from a sign, by those whose camera does not read it."""
        code = request.query_params.get("code", "").strip()[:_LONGEST_CODE]
        path = f"/s/{quote(code, safe='')}" if code else "/"
        return RedirectResponse(
            _choice(PlainRequest.of(request.scope, {})).link(path, via="sign") if code else path, status_code=303
        )

    async def _legal(self, request: Request) -> Response:
        choice = _choice(PlainRequest.of(request.scope, {}))
        snapshot = self._keeper.current if self._keeper.has_snapshot else None
        address, town = request.url.path.split("/")[1], str(request.path_params.get("town", ""))
        return respond(request, self._renderer.render(*legal.build(snapshot, self._operator, choice, address, town)))

    async def _robots(self, _: Request) -> Response:
        return PlainTextResponse(_ROBOTS, headers={"cache-control": _A_DAY})

    async def _favicon(self, _: Request) -> Response:
        return FileResponse(
            STATIC_FOLDER / "favicon.svg",
            media_type="image/svg+xml",
            headers={"cache-control": _A_DAY},
        )

    def _key(self, kind: str, snapshot: Snapshot, station: Station, choice: Choice, now: datetime) -> Hashable:
        """Of a page whose ages change with the minute, whose values, closures and notices at their moment."""
        state = conditions.state_of(self._keeper, station.trail, now, station.code)
        return kind, station.code, choice, _minute(now), self._keeper.revision(station.code, snapshot), state

    def _render(self, station: Station, choice: Choice, now: datetime) -> Answer:
        town = self._keeper.current.catalogue.trails[station.trail].municipality
        frame = Frame.of(choice, f"/s/{station.code}", town)
        if station.retired_at is not None:
            retired = station_view.build_retired(self._keeper.current, station, frame, now)
            return self._renderer.render("retired.html", retired)
        hours = self._hours.of(station.code, now)
        return self._renderer.render("station.html", station_view.build(self._keeper, station, hours, frame, now))

    def _count(self, page: _CachedPage) -> None:
        if page.scan is not None:
            self._scans.count(page.scan)

    def _missing(self, request: Request, problem: Problem, frame: Frame) -> MissingPage:
        meant = cast("list[str] | None", problem.extra.get("did_you_mean"))
        if meant is None or problem.kind != "unknown-station":
            return MissingPage(frame=frame, is_refused=problem.status == 405)
        stations = self._keeper.current.catalogue.stations
        links = tuple(station_link(stations[code], frame) for code in meant[:_MOST_MEANT])
        return MissingPage(frame=frame, asked=str(request.path_params["code"])[:_LONGEST_CODE], meant=links)


def create_pages(
    keeper: SnapshotKeeper,
    database: Database,
    scans: ScanCounter,
    *,
    assets: Assets | None = None,
    operator: Operator | None = None,
    clock: Clock = utc_now,
) -> Pages:
    """The hikers' pages; the caller starts and stops ``keeper`` and ``scans``."""
    return Pages(keeper, database, scans, assets=assets or static_files(), operator=operator or Operator(), clock=clock)


def _choice(request: PlainRequest) -> Choice:
    return choose(request.query.get("lang"), request.headers.get("accept-language", ""))


def _scan(request: PlainRequest, station: Station, choice: Choice, now: datetime) -> ScanKey | None:
    entry = entry_of(request.method, request.headers, request.query.get("via"))
    hour = now.replace(minute=0, second=0, microsecond=0)
    return None if entry is None else (station.code, hour, choice.variant, entry)


def _here(path: str) -> str:
    """Where the links to other languages lead: to the same address, unless nobody can have meant it."""
    return quote(path) if len(path) <= _LONGEST_PATH else "/"


def _minute(now: datetime) -> int:
    return int(now.timestamp() // 60)
