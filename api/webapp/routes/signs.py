"""The list of all genuine signs, of each municipality and of all."""

from __future__ import annotations

from api.http.fast_path import PlainRequest
from api.webapp.reporting import signs
from api.webapp.routes.page_router import CachedPage, PageRouter, choice_of
from api.webapp.views.frame import Frame


class SignPages:
    """The pages below /signs."""

    def __init__(self, pages: PageRouter) -> None:
        self._pages = pages
        pages.names.add("signs")
        pages.add_cached("/signs", self._signs)
        pages.add_cached("/signs/{town}", self._signs)

    def _signs(self, request: PlainRequest) -> CachedPage:
        snapshot, choice, town = self._pages.keeper.current, choice_of(request), request.path.get("town", "")
        frame = Frame.of(choice, f"/signs/{town}" if town else "/signs", town)
        page = signs.build(snapshot, frame, town)
        render = self._pages.renderer.render
        return CachedPage(("signs", town, choice, snapshot.version), lambda: render("signs.html", page))
