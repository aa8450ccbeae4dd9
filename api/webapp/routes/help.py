"""Help on the way, of a whole trail."""

from __future__ import annotations

from api.catalogue.lookup import find_trail
from api.http.fast_path import PlainRequest
from api.webapp.routes.page_router import CachedPage, PageRouter, choice_of
from api.webapp.views.frame import Frame
from api.webapp.views.stations import help as help_view
from geodata.model.operator import Operator


class HelpPages:
    """The page /t/{trail}/help."""

    def __init__(self, pages: PageRouter, operator: Operator) -> None:
        self._pages = pages
        self._operator = operator
        pages.add_cached("/t/{trail}/help", self._help)

    def _help(self, request: PlainRequest) -> CachedPage:
        snapshot, choice = self._pages.keeper.current, choice_of(request)
        trail = find_trail(snapshot, request.path["trail"])
        frame = Frame.of(choice, f"/t/{trail.slug}/help", trail.municipality)
        return CachedPage(
            ("help", trail.slug, choice, snapshot.version),
            lambda: self._pages.renderer.render("help.html", help_view.build(snapshot, trail, self._operator, frame)),
        )
