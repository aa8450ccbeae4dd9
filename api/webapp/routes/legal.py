"""The legal pages, of each municipality."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.http.caches.etag import respond
from api.webapp.routes.page_router import PageRouter, choice_asked
from api.webapp.site import Site
from api.webapp.views.legal_pages import legal


class LegalPages:
    """Privacy, imprint and accessibility of the municipalities of a ``site``."""

    def __init__(self, pages: PageRouter, site: Site) -> None:
        self._pages = pages
        self._site = site
        for name in legal.PAGES:
            pages.add(f"/{name}", self._legal)
            pages.add(f"/{name}/{{town}}", self._legal)

    async def _legal(self, request: Request) -> Response:
        keeper, choice = self._pages.keeper, choice_asked(request)
        snapshot = keeper.current if keeper.has_snapshot else None
        address, town = request.url.path.split("/")[1], str(request.path_params.get("town", ""))
        template, page = legal.build(snapshot, self._site, choice, address, town)
        return respond(request, self._pages.renderer.render(template, page))
