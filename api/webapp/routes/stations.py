"""A station's page, the part of it that changes, and the way from a code that somebody typed."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from functools import partial
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.catalogue.lookup import find_station
from api.catalogue.snapshot import Snapshot
from api.http.caches.etag import Answer
from api.http.fast_path import PlainRequest
from api.webapp.language import Choice
from api.webapp.rendering import Page
from api.webapp.routes import typed
from api.webapp.routes.page_router import CachedPage, PageRouter, choice_asked, choice_of
from api.webapp.routes.typed import TypedSign
from api.webapp.scans import reloads
from api.webapp.scans.entries import entry_of
from api.webapp.site import Site
from api.webapp.values.hours import RecentHours
from api.webapp.views import conditions
from api.webapp.views.frame import Frame
from api.webapp.views.others import MissingPage
from api.webapp.views.stations import choose
from api.webapp.views.stations import station as station_view
from api.webapp.views.stations.station import Around
from geodata.errors import InvalidInput
from geodata.model.station import Station
from geodata.store.access.scan import ScanKey
from geodata.times import full_hour, minute_of
from geodata.vocabulary import codes


class StationPages:
    """The pages below /s."""

    def __init__(self, pages: PageRouter, hours: RecentHours, site: Site) -> None:
        self._pages = pages
        self._keeper = pages.keeper
        self._hours = hours
        self._site = site
        pages.add_cached("/s/{code}", self._station)
        pages.add_cached("/s/{code}/now", self._now)
        pages.add("/s", self._typed)

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
            pasts, frame = self._hours.of(station.code, now), Frame.of(choice, f"/s/{station.code}")
            part = station_view.build_now(self._keeper, station, pasts, frame, now)
            return self._pages.renderer.render("now.html", part)

        return CachedPage(self._key("now", snapshot, station, choice, now), render)

    async def _typed(self, request: Request) -> Response:
        """What somebody typed from a sign, whose camera does not read it: a code, a number, or an address."""
        text = request.query_params.get("code", "")
        choice, asked = choice_asked(request), typed.read(text)
        if asked.number is not None and not _is_code(self._keeper.current, text):
            return self._numbered(choice, asked.number, request.query_params.get("trail", ""))
        if asked.host:
            return self._elsewhere(request, choice, asked)
        code = asked.code or text.strip()
        path = f"/s/{quote(code, safe='')}"
        return _see_other(choice.link(path, via=asked.via) if code else "/")

    def _elsewhere(self, request: Request, choice: Choice, asked: TypedSign) -> Response:
        """Of an address that is no sign's: our own page, or a word that this host is not ours, and how ours begin."""
        if asked.host in {request.url.hostname, urlsplit(self._site.base_url).hostname}:
            return _see_other(asked.path)
        frame = Frame.of(choice, "/s", query={"code": request.query_params["code"][: typed.LONGEST]})
        return self._told("missing.html", MissingPage(frame=frame, host=asked.host), 404)

    def _told(self, template: str, page: Page, status: int) -> Response:
        body = self._pages.renderer.render(template, page).body
        headers = {"cache-control": "no-store", "vary": "Accept-Language"}
        return Response(body, status, headers, media_type="text/html; charset=utf-8")

    def _numbered(self, choice: Choice, number: int, trail: str) -> Response:
        """The station of that number of the trail asked from, else of all listed; a retired one where none is open."""
        snapshot = self._keeper.current
        trails = [trail] if trail in snapshot.catalogue.trails else list(snapshot.listed)
        ever = [
            station
            for station in snapshot.catalogue.stations.values()
            if station.number == number and station.trail in trails
        ]
        found = [station for station in ever if station.retired_at is None] or ever
        if len(found) == 1:
            return _see_other(choice.link(f"/s/{found[0].code}", via="sign"))
        trail = trail if trail in trails else ""
        query = {"code": str(number)} | ({"trail": trail} if trail else {})
        page = choose.build(snapshot, number, found, trail, Frame.of(choice, "/s", query=query))
        return self._told("choose.html", page, 200 if found else 404)

    def _key(self, kind: str, snapshot: Snapshot, station: Station, choice: Choice, now: datetime) -> Hashable:
        """Of a page whose ages change with the minute, whose values, closures and notices at their moment."""
        at_moment = conditions.state_of(self._keeper, station.trail, now, station.code)
        state = at_moment, conditions.closed_state(snapshot, (station.trail,), now)
        return kind, station.code, choice, minute_of(now), self._keeper.revision(station.code, snapshot), state

    def _render(self, station: Station, choice: Choice, now: datetime) -> Answer:
        town = self._keeper.current.catalogue.trails[station.trail].municipality
        frame = Frame.of(choice, f"/s/{station.code}", town)
        render = partial(self._pages.renderer.render, tag_end=reloads.made_at(now))
        if station.retired_at is not None:
            return render("retired.html", station_view.build_retired(self._keeper.current, station, frame, now))
        around = Around(self._hours.of(station.code, now), self._site.operator)
        return render("station.html", station_view.build(self._keeper, station, around, frame, now))


def _is_code(snapshot: Snapshot, text: str) -> bool:
    """Whether a station has this very code, also where it could be read as a number, such as 000123."""
    try:
        return codes.normalise(text) in snapshot.catalogue.stations
    except InvalidInput:
        return False


def _see_other(address: str) -> Response:
    return RedirectResponse(address, status_code=303)


def _scan(request: PlainRequest, station: Station, choice: Choice, now: datetime) -> ScanKey | None:
    entry = entry_of(request.method, request.headers, request.query.get("via"))
    if entry is None or reloads.is_reload(request.headers.get("if-none-match"), now):
        return None
    return station.code, full_hour(now), choice.variant, entry
