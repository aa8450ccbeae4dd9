"""Taking a trail along: its page, its manifest, the pages that are loaded, and the worker that opens them offline."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.catalogue.lookup import UnknownTrail, find_trail
from api.http.assets import Assets
from api.http.caches.etag import answer, respond
from api.http.errors import problem_of, problem_response
from api.http.fast_path import PlainRequest
from api.webapp.offline import page_view as offline_view
from api.webapp.offline.files import FileFinder
from api.webapp.offline.manifest import manifest
from api.webapp.offline.pack import Pack
from api.webapp.offline.packing import PackBuilder
from api.webapp.rendering import MadeOnce
from api.webapp.routes.page_router import A_DAY, CachedPage, PageRouter, choice_asked, choice_of
from api.webapp.views.frame import Frame
from api.webapp.views.parts import trail_name
from geodata.errors import DigitalpfadError, NotFound
from geodata.model.operator import Operator
from geodata.model.trail import Trail, TrailState
from geodata.store.database import Database

AT_ROOT = {"/favicon.svg": "favicon.svg"}
"""Files that are served at the root of the site, and where they stand among the static ones."""

_MOST_PACKS, _MOST_BYTES = 60, 48_000_000
_ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))


class OfflinePages:
    """The addresses of packs, all of trails that are not given up; ``operator`` as in PackBuilder."""

    def __init__(self, pages: PageRouter, database: Database, assets: Assets, operator: Operator) -> None:
        self._pages = pages
        self._assets = assets
        files = FileFinder(database, assets, AT_ROOT)
        self._builder = PackBuilder(pages.keeper, database, pages.renderer, files, operator)
        self._packs = MadeOnce[Pack](lambda pack: pack.kept_bytes, most=_MOST_PACKS, most_bytes=_MOST_BYTES)
        self._recent: deque[object] = deque(maxlen=_MOST_PACKS)
        pages.add_cached("/t/{trail}/offline", self._page)
        pages.add("/t/{trail}/offline.json", self._manifest)
        pages.add("/t/{trail}/app.webmanifest", self._app)
        pages.add("/t/{trail}/offline/{sha256}", self._piece)
        pages.add("/sw.js", self._worker)

    def _page(self, request: PlainRequest) -> CachedPage:
        snapshot, choice = self._pages.keeper.current, choice_of(request)
        trail = self._trail(request.path["trail"])
        frame = Frame.of(choice, f"/t/{trail.slug}/offline", trail.municipality)
        return CachedPage(
            ("offline", trail.slug, choice, snapshot.version),
            lambda: self._pages.renderer.render("offline.html", offline_view.build(snapshot, trail, frame)),
        )

    async def _manifest(self, request: Request) -> Response:
        try:
            trail = self._trail(str(request.path_params["trail"]))
            pack = await self._pack(trail)
        except DigitalpfadError as error:  # a script asks: a page would not help it
            return problem_response(request, problem_of(error))
        body = manifest(pack, self._pages.keeper.current, self._pages.clock())
        return respond(request, answer(body, "application/json", cache="no-cache"))

    async def _piece(self, request: Request) -> Response:
        """A page of a pack; the pack of before is served while its download may be going on."""
        try:
            trail, sha256 = self._trail(str(request.path_params["trail"])), str(request.path_params["sha256"])
            body = self._kept(trail.slug, sha256) or (await self._pack(trail)).body(sha256)
            if body is None:
                raise NotFound("page", sha256)
        except DigitalpfadError as error:
            return problem_response(request, problem_of(error))
        headers = {"x-robots-tag": "noindex"}
        return respond(request, answer(body, "text/html; charset=utf-8", cache="no-store", headers=headers))

    async def _worker(self, _: Request) -> Response:
        """The service worker, at the root because it may answer only below its own address; never from a cache."""
        path = Path(self._assets.lookup_path("bundles/service-worker.js")[0])
        return FileResponse(path, media_type="text/javascript", headers={"cache-control": "no-cache"})

    async def _app(self, request: Request) -> Response:
        """What a phone wants to know of a trail that is put on its start screen (W3C Application Manifest)."""
        trail, choice = self._trail(str(request.path_params["trail"])), choice_asked(request)
        frame = Frame.of(choice, f"/t/{trail.slug}")
        name = trail_name(trail, frame)
        body = {
            "id": f"/t/{trail.slug}",
            "name": name.text,
            "short_name": name.text[:24],
            "lang": name.lang,
            "start_url": frame.link(f"/t/{trail.slug}"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#fbfaf5",
            "theme_color": "#fbfaf5",
            "icons": [
                {
                    "src": self._assets.url(f"icons/{file}"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": why,
                }
                for file, size, why in _ICONS
            ],
        }
        return respond(request, answer(msgspec.json.encode(body), "application/manifest+json", cache=A_DAY))

    def _trail(self, slug: str) -> Trail:
        trail = find_trail(self._pages.keeper.current, slug)
        if trail.state is TrailState.RETIRED:
            raise UnknownTrail(slug, [])
        return trail

    async def _pack(self, trail: Trail) -> Pack:
        now = self._pages.clock()
        key = self._builder.state(trail.slug, now)
        pack = await self._packs.get(key, lambda: self._builder.build(trail, now))
        if key not in self._recent:
            self._recent.append(key)
        return pack

    def _kept(self, trail: str, sha256: str) -> bytes | None:
        for pack in filter(None, map(self._packs.peek, self._recent)):
            if pack.trail == trail and sha256 in pack.packed:
                return pack.body(sha256)
        return None
