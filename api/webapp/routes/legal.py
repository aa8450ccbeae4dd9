"""The legal pages, of each municipality."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.http.etag import respond
from api.webapp.base_map import BaseMap
from api.webapp.routes.page_router import PageRouter, choice_asked
from api.webapp.views import legal
from geodata.model.operator import Operator


class LegalPages:
    """Privacy, imprint and accessibility; ``operator`` are the lines of towns that have none of their own."""

    def __init__(self, pages: PageRouter, operator: Operator, base_map: BaseMap | None = None) -> None:
        self._pages = pages
        self._operator = operator
        self._map_host = base_map.host if base_map else ""
        for name in legal.PAGES:
            pages.add(f"/{name}", self._legal)
            pages.add(f"/{name}/{{town}}", self._legal)

    async def _legal(self, request: Request) -> Response:
        keeper, choice = self._pages.keeper, choice_asked(request)
        snapshot = keeper.current if keeper.has_snapshot else None
        address, town = request.url.path.split("/")[1], str(request.path_params.get("town", ""))
        template, page = legal.build(snapshot, self._operator, choice, address, town, self._map_host)
        return respond(request, self._pages.renderer.render(template, page))
