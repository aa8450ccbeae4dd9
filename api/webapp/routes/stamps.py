"""The stamps of a trail and their certificate, and the page whose camera reads a sign."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.catalogue.lookup import find_trail
from api.http.caches.etag import Answer, respond
from api.http.fast_path import PlainRequest
from api.http.page_headers import with_camera
from api.webapp.routes.page_router import CachedPage, PageRouter, choice_asked, choice_of
from api.webapp.views import conditions, gone, stamps
from api.webapp.views.frame import Frame
from api.webapp.views.others import ScanPage
from api.webapp.views.stamps import TEMPLATES
from geodata.model.trail import TrailState


class StampPages:
    """/t/…/stamps, /t/…/certificate and /scan. Nothing of them knows which stamps somebody has: the phone does."""

    def __init__(self, pages: PageRouter) -> None:
        self._pages = pages
        self._keeper = pages.keeper
        for name in TEMPLATES:
            pages.add_cached(f"/t/{{trail}}/{name}", lambda request, name=name: self._of_trail(request, name))
        pages.add("/scan", self._scan)

    def _of_trail(self, request: PlainRequest, name: str) -> CachedPage:
        snapshot, choice, slug = self._keeper.current, choice_of(request), request.path["trail"]
        trail, now = find_trail(snapshot, slug), self._pages.clock()
        frame, render = Frame.of(choice, f"/t/{slug}/{name}", trail.municipality), self._pages.renderer.render

        def render_page() -> Answer:
            if trail.state is TrailState.RETIRED:
                return render("retired_trail.html", gone.build_trail(snapshot, trail, frame, now))
            return render(f"{name}.html", stamps.build(snapshot, trail, frame, now))

        state = conditions.state_of(self._keeper, slug, now)
        return CachedPage((name, slug, choice, snapshot.version, now.date(), state), render_page)

    async def _scan(self, request: Request) -> Response:
        """The only page that may use the camera."""
        page = ScanPage(frame=Frame.of(choice_asked(request), "/scan"))
        response = respond(request, self._pages.renderer.render("scan.html", page))
        response.headers.update(with_camera())
        return response
