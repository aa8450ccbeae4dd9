"""A station's page, the part of it that changes, and the way from a code that somebody typed."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.catalogue.lookup import find_station
from api.catalogue.snapshot import Snapshot
from api.http.etag import Answer
from api.http.fast_path import PlainRequest
from api.webapp.hours import RecentHours
from api.webapp.language import Choice
from api.webapp.routes.page_router import CachedPage, PageRouter, choice_asked, choice_of, minute_of
from api.webapp.scans import entry_of
from api.webapp.views import conditions
from api.webapp.views import station as station_view
from api.webapp.views.frame import Frame
from geodata.model.station import Station
from geodata.store.access.scan import ScanKey

LONGEST_CODE = 40
"""Characters of what somebody types for a code, the rest is left out."""


class StationPages:
    """The pages below /s."""

    def __init__(self, pages: PageRouter, hours: RecentHours) -> None:
        self._pages = pages
        self._keeper = pages.keeper
        self._hours = hours
        pages.add_cached("/s/{code}", self._station)
        pages.add_cached("/s/{code}/now", self._now)
        pages.add("/s", self._typed_code)

    def _station(self, request: PlainRequest) -> CachedPage:
        snapshot, choice, now = self._keeper.current, choice_of(request), self._pages.clock()
        station = find_station(snapshot, request.path["code"])
        return CachedPage(
            self._key("station", snapshot, station, choice, now),
            lambda: self._render(station, choice, now),
            _scan(request, station, choice, now),
        )

    def _now(self, request: PlainRequest) -> CachedPage:
        snapshot, choice, now = self._keeper.current, choice_of(request), self._pages.clock()
        station = find_station(snapshot, request.path["code"])

        def render() -> Answer:
            hours, frame = self._hours.of(station.code, now), Frame.of(choice, f"/s/{station.code}")
            part = station_view.build_now(self._keeper, station, hours, frame, now)
            return self._pages.renderer.render("now.html", part)

        return CachedPage(self._key("now", snapshot, station, choice, now), render)

    async def _typed_code(self, request: Request) -> Response:
        """A code typed from a sign, by those whose camera does not read it."""
        code = request.query_params.get("code", "").strip()[:LONGEST_CODE]
        path = f"/s/{quote(code, safe='')}" if code else "/"
        return RedirectResponse(choice_asked(request).link(path, via="sign") if code else path, status_code=303)

    def _key(self, kind: str, snapshot: Snapshot, station: Station, choice: Choice, now: datetime) -> Hashable:
        """Of a page whose ages change with the minute, whose values, closures and notices at their moment."""
        state = conditions.state_of(self._keeper, station.trail, now, station.code)
        return kind, station.code, choice, minute_of(now), self._keeper.revision(station.code, snapshot), state

    def _render(self, station: Station, choice: Choice, now: datetime) -> Answer:
        town = self._keeper.current.catalogue.trails[station.trail].municipality
        frame = Frame.of(choice, f"/s/{station.code}", town)
        render = self._pages.renderer.render
        if station.retired_at is not None:
            return render("retired.html", station_view.build_retired(self._keeper.current, station, frame, now))
        hours = self._hours.of(station.code, now)
        return render("station.html", station_view.build(self._keeper, station, hours, frame, now))


def _scan(request: PlainRequest, station: Station, choice: Choice, now: datetime) -> ScanKey | None:
    entry = entry_of(request.method, request.headers, request.query.get("via"))
    hour = now.replace(minute=0, second=0, microsecond=0)
    return None if entry is None else (station.code, hour, choice.variant, entry)
