"""The list of all trails, and the page of each."""

from __future__ import annotations

from api.catalogue.lookup import find_trail
from api.http.etag import Answer
from api.http.fast_path import PlainRequest
from api.webapp.routes.page_router import CachedPage, PageRouter, choice_of, minute_of
from api.webapp.views import conditions, gone
from api.webapp.views import trail as trail_view
from api.webapp.views.frame import Frame
from geodata.model.trail import TrailState


class TrailPages:
    """The start page, and the pages below /t."""

    def __init__(self, pages: PageRouter) -> None:
        self._pages = pages
        self._keeper = pages.keeper
        pages.add_cached("/", self._home)
        pages.add_cached("/t/{trail}", self._trail)

    def _home(self, request: PlainRequest) -> CachedPage:
        snapshot, choice, render = self._keeper.current, choice_of(request), self._pages.renderer.render
        return CachedPage(
            ("home", choice, snapshot.version),
            lambda: render("home.html", trail_view.build_home(snapshot, Frame.of(choice, "/"))),
        )

    def _trail(self, request: PlainRequest) -> CachedPage:
        snapshot, choice, slug = self._keeper.current, choice_of(request), request.path["trail"]
        trail, now = find_trail(snapshot, slug), self._pages.clock()
        frame, render = Frame.of(choice, f"/t/{slug}", trail.municipality), self._pages.renderer.render

        def render_trail() -> Answer:
            if trail.state is TrailState.RETIRED:
                return render("retired_trail.html", gone.build_trail(snapshot, trail, frame, now))
            return render("trail.html", trail_view.build(self._keeper, trail, frame, now))

        state = conditions.state_of(self._keeper, slug, now)
        return CachedPage(("trail", slug, choice, snapshot.version, minute_of(now), state), render_trail)
