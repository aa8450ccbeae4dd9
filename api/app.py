"""The interface as routers, error handlers and middleware for one app."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.routing import Route

from api import media
from api.http.errors import ErrorPage, install_error_handlers, problem_response
from api.http.fast_path import CachedResponder, FastPath, Read
from api.http.headers import InterfaceMiddleware
from api.http.maintenance import MaintenanceGate
from api.http.metrics import MetricsMiddleware
from api.http.redirects import RelativeRedirects
from api.operations import router as operations
from api.services import Services
from api.v1 import closures, live, openapi, series, stations, trails
from api.v1.router import fast_reads
from api.v1.statistics import visits

ROUTERS = (
    trails.router,
    stations.router,
    closures.router,
    series.router,
    visits.router,
    live.router,
    operations.router,
)


def install(app: FastAPI, services: Services, *, error_page: ErrorPage = problem_response) -> None:
    """Add the interface to ``app``, once, before it serves; ``error_page`` answers errors of all other paths.

    The keeper, the database and the live hub are the caller's to start and to stop.
    """
    app.state.services = services
    for router in (*ROUTERS, media.router, openapi.router_of(ROUTERS)):
        app.include_router(router)
    install_error_handlers(app, error_page)
    app.add_middleware(CachedResponder)
    app.add_middleware(MaintenanceGate, state=services.maintenance, page=error_page)
    app.add_middleware(MetricsMiddleware, metrics=services.metrics)
    app.add_middleware(RelativeRedirects)
    app.add_middleware(InterfaceMiddleware, tls=services.base_url.startswith("https://"))


def add_fast_path(app: FastAPI, services: Services, pages: Sequence[tuple[Route, Read]] = ()) -> None:
    """Let cached answers, of ``pages`` too, come before all else; to be called after all other middleware is added."""
    reads = [*fast_reads(ROUTERS, services), *pages]
    app.add_middleware(FastPath, reads=reads, metrics=services.metrics, maintenance=services.maintenance)
