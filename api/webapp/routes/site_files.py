"""What browsers and search engines ask of every site."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from api.http.assets import Assets
from api.webapp.routes.page_router import A_DAY, PageRouter

STATIC_PATH = "/static"
STATIC_FOLDER = Path(__file__).parents[1] / "static"
_ROBOTS = "User-agent: *\nDisallow: /staff/\nDisallow: /api/\n"


def static_files() -> Assets:
    """The pages' static files; mount them at STATIC_PATH."""
    return Assets(STATIC_FOLDER, STATIC_PATH)


def add_site_files(pages: PageRouter) -> None:
    """Serve /robots.txt and the icon."""
    pages.add("/robots.txt", _robots)
    pages.add("/favicon.svg", _favicon)


async def _robots(_: Request) -> Response:
    return PlainTextResponse(_ROBOTS, headers={"cache-control": A_DAY})


async def _favicon(_: Request) -> Response:
    return FileResponse(
        STATIC_FOLDER / "favicon.svg",
        media_type="image/svg+xml",
        headers={"cache-control": A_DAY},
    )
