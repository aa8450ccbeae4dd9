"""The map page of each trail, the document that its script draws from, and the town's base map."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.catalogue.lookup import find_trail
from api.http.caches.etag import Answer, answer
from api.http.fast_path import PlainRequest
from api.http.page_headers import content_security_policy
from api.webapp.language import Choice
from api.webapp.routes.page_router import A_DAY, CachedPage, PageRouter, choice_of
from api.webapp.views import conditions, gone
from api.webapp.views.frame import Frame
from api.webapp.views.maps import map as map_view
from api.webapp.views.maps import map_document
from geodata.errors import InvalidInput, NotFound
from geodata.maps.base_map import ADDRESS, BaseMap
from geodata.model.trail import Trail, TrailState
from geodata.times import minute_of
from geodata.vocabulary import codes


class MapPages:
    """The pages /t/{trail}/map; ``base_map`` lies below all of them."""

    def __init__(self, pages: PageRouter, base_map: BaseMap | None) -> None:
        self._pages = pages
        self._keeper = pages.keeper
        self._base_map = base_map
        self._headers = _headers(base_map)
        pages.add_cached("/t/{trail}/map", self._map)
        pages.add_cached("/t/{trail}/map.json", self._document)
        pages.add(ADDRESS, self._archive)

    def _map(self, request: PlainRequest) -> CachedPage:
        choice, now = choice_of(request), self._pages.clock()
        trail = find_trail(self._keeper.current, request.path["trail"])
        at = self._station_asked(trail, request.query.get("at", ""))
        key = self._key("map", trail, choice, now)
        return CachedPage((key, at, minute_of(now)), lambda: self._render(trail, choice, at, now))

    def _document(self, request: PlainRequest) -> CachedPage:
        choice, now = choice_of(request), self._pages.clock()
        trail = find_trail(self._keeper.current, request.path["trail"])
        if trail.state is TrailState.RETIRED:
            raise NotFound("map of trail", trail.slug)

        def write() -> Answer:
            frame = Frame.of(choice, f"/t/{trail.slug}/map", trail.municipality)
            body = map_document.build(self._keeper.current, trail, frame, now, self._base_map)
            return answer(body, "application/json", headers={"vary": "Accept-Language"})

        return CachedPage(self._key("map.json", trail, choice, now), write)

    async def _archive(self, _: Request) -> Response:
        file = self._base_map.file if self._base_map else None
        if file is None or not file.is_file():
            raise NotFound("file", ADDRESS)
        return FileResponse(file, media_type="application/vnd.pmtiles", headers={"cache-control": A_DAY})

    def _key(self, kind: str, trail: Trail, choice: Choice, now: datetime) -> Hashable:
        state = conditions.state_of(self._keeper, trail.slug, now)
        return kind, trail.slug, choice, self._keeper.current.version, state

    def _station_asked(self, trail: Trail, text: str) -> str:
        """The code of the station that the map is to show in its middle; empty for none of this trail's."""
        try:
            code = codes.normalise(text)
        except InvalidInput:
            return ""
        stations = self._keeper.current.stations_of_trail.get(trail.slug, [])
        return code if any(station.code == code for station in stations) else ""

    def _render(self, trail: Trail, choice: Choice, at: str, now: datetime) -> Answer:
        frame, renderer = Frame.of(choice, f"/t/{trail.slug}/map", trail.municipality), self._pages.renderer
        if trail.state is TrailState.RETIRED:
            return renderer.render("retired_trail.html", gone.build_trail(self._keeper.current, trail, frame, now))
        page = map_view.build(self._keeper, trail, frame, now, at, self._base_map)
        return renderer.render("map.html", page, self._headers)


def _headers(base_map: BaseMap | None) -> Mapping[str, str]:
    """The page's own headers: only here, and only where tiles come from another host, may it be asked."""
    if base_map is None or not base_map.origin:
        return {}
    origin = base_map.origin
    return {"content-security-policy": content_security_policy({"img-src": origin, "connect-src": origin})}
