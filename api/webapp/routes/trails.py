"""The list of all trails, the page of each, its sheet for printing, and its files for phones and GIS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.catalogue.lookup import find_trail
from api.http.caches.etag import Answer, answer
from api.http.fast_path import PlainRequest
from api.webapp.published import PublishedFigures
from api.webapp.routes.page_router import CachedPage, PageRouter, choice_of
from api.webapp.views import conditions, gone
from api.webapp.views.frame import Frame
from api.webapp.views.trails import home, sheet, visits
from api.webapp.views.trails import trail as trail_view
from geodata.export import geopackage, gpx
from geodata.export.records import TrailExport
from geodata.model.operator import Operator
from geodata.model.trail import Trail, TrailState
from geodata.times import minute_of


class TrailPages:
    """The start page, and the pages below /t.

    ``operator``: lines of towns that have none of their own; ``public_url`` is what printed codes lead to.
    """

    def __init__(self, pages: PageRouter, figures: PublishedFigures, operator: Operator, public_url: str) -> None:
        self._pages = pages
        self._keeper = pages.keeper
        self._figures = figures
        self._operator = operator
        self._public_url = public_url
        pages.add_cached("/", self._home)
        pages.add_cached("/t/{trail}", self._trail)
        pages.add_cached("/t/{trail}/print", self._sheet)
        pages.add_cached("/t/{trail}/visits", self._visits)

    def _home(self, request: PlainRequest) -> CachedPage:
        snapshot, choice, render = self._keeper.current, choice_of(request), self._pages.renderer.render
        now = self._pages.clock()
        return CachedPage(
            ("home", choice, snapshot.version, conditions.closed_state(snapshot, snapshot.listed, now)),
            lambda: render("home.html", home.build(snapshot, Frame.of(choice, "/"), now)),
        )

    def _trail(self, request: PlainRequest) -> CachedPage:
        def build(trail: Trail, frame: Frame, now: datetime) -> Answer:
            week = self._figures.last_week(self._keeper.current, trail)
            return self._pages.renderer.render("trail.html", trail_view.build(self._keeper, trail, frame, now, week))

        return self._page("trail", request, "", build)

    def _sheet(self, request: PlainRequest) -> CachedPage:
        def build(trail: Trail, frame: Frame, now: datetime) -> Answer:
            return self._pages.renderer.render(
                "sheet.html", sheet.build(self._keeper, trail, frame, now, self._operator, self._public_url)
            )

        return self._page("sheet", request, "/print", build)

    def _visits(self, request: PlainRequest) -> CachedPage:
        def build(trail: Trail, frame: Frame, _: datetime) -> Answer:
            snapshot = self._keeper.current
            figures = self._figures.of_page(snapshot, trail)
            return self._pages.renderer.render("visits.html", visits.build(snapshot, trail, figures, frame))

        return self._page("visits", request, "/visits", build)

    def _page(
        self, kind: str, request: PlainRequest, below: str, build: Callable[[Trail, Frame, datetime], Answer]
    ) -> CachedPage:
        """A page of a trail, or what stands there once it is given up."""
        snapshot, choice, slug = self._keeper.current, choice_of(request), request.path["trail"]
        trail, now = find_trail(snapshot, slug), self._pages.clock()
        frame = Frame.of(choice, f"/t/{slug}{below}", trail.municipality)

        def render() -> Answer:
            if trail.state is TrailState.RETIRED:
                gone_page = gone.build_trail(snapshot, trail, frame, now)
                return self._pages.renderer.render("retired_trail.html", gone_page)
            return build(trail, frame, now)

        state = conditions.state_of(self._keeper, slug, now)
        return CachedPage((kind, slug, choice, snapshot.version, minute_of(now), state), render)


class TrailFiles:
    """Each trail as /data/{trail}.gpx and .gpkg."""

    def __init__(self, pages: PageRouter, public_url: str) -> None:
        self._keeper = pages.keeper
        self._public_url = public_url
        pages.add_cached("/data/{trail}.gpx", self._gpx)
        pages.add_cached("/data/{trail}.gpkg", self._geopackage)

    def _gpx(self, request: PlainRequest) -> CachedPage:
        return self._file(request, "gpx", gpx.MEDIA_TYPE, lambda export: gpx.write(export, self._public_url))

    def _geopackage(self, request: PlainRequest) -> CachedPage:
        return self._file(request, "gpkg", geopackage.MEDIA_TYPE, geopackage.write)

    def _file(
        self, request: PlainRequest, suffix: str, media_type: str, write: Callable[[TrailExport], bytes]
    ) -> CachedPage:
        snapshot = self._keeper.current
        trail = find_trail(snapshot, request.path["trail"])
        catalogue = snapshot.catalogue

        def render() -> Answer:
            export = TrailExport.of(
                trail,
                snapshot.stations_of_trail.get(trail.slug, []),
                catalogue.places.get(trail.slug, ()),
                catalogue.sections.get(trail.slug, ()),
            )
            headers = {
                "content-disposition": f'attachment; filename="{trail.slug}.{suffix}"',
                "access-control-allow-origin": "*",
            }
            return answer(write(export), media_type, headers=headers)

        return CachedPage(("file", suffix, trail.slug, snapshot.version), render)
