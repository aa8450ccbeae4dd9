"""The interface as routers, error handlers and middleware for one app."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.routing import Route

from api import openapi
from api.errors import ErrorPage, install_error_handlers, problem_response
from api.headers import InterfaceMiddleware
from api.hot import HotReads, Read
from api.metrics import MetricsMiddleware
from api.redirects import RelativeRedirects
from api.routers import closures, live, operations, series, stations, trails
from api.routers.common import hot_reads
from api.services import Services

ROUTERS = (trails.router, stations.router, closures.router, series.router, live.router, operations.router)


def install(
    app: FastAPI,
    services: Services,
    *,
    error_page: ErrorPage = problem_response,
    pages: Sequence[tuple[Route, Read]] = (),
) -> None:
    """Add the interface to ``app``, once, before it serves; ``error_page`` answers errors of all other paths.

    ``pages`` are reads of pages that are tried first, like the interface's own.

    The keeper, the database and the live hub are the caller's to start and to stop.
    """
    app.state.services = services
    for router in (*ROUTERS, openapi.router_of(ROUTERS)):
        app.include_router(router)
    install_error_handlers(app, error_page)
    app.add_middleware(HotReads, reads=[*hot_reads(ROUTERS, services), *pages])
    app.add_middleware(MetricsMiddleware, metrics=services.metrics)
    app.add_middleware(RelativeRedirects)
    app.add_middleware(InterfaceMiddleware, tls=services.base_url.startswith("https://"))


def create_api(services: Services) -> FastAPI:
    """An app of the interface alone."""
    app = FastAPI(title="Digitalpfad", openapi_url=None, docs_url=None, redoc_url=None)
    install(app, services)
    return app
