"""The staff pages as one application, to be mounted at ``/staff``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.catalogue.keeper import SnapshotKeeper
from api.http.forms.same_origin import SameOriginOnly
from api.http.page_headers import SecurityHeaders
from dashboards.errors import add_handlers
from dashboards.gate import gate
from dashboards.pages import (
    account,
    audit,
    counting,
    devices,
    figures,
    login,
    overview,
    quarantine,
    reports,
    signs,
    unknown,
)
from dashboards.services import StaffServices
from dashboards.templating import STATIC
from geodata.model.operator import Operator
from geodata.store.database import Database
from geodata.times import utc_now

ROUTERS = (
    login.router,
    account.router,
    overview.router,
    devices.router,
    figures.router,
    counting.router,
    quarantine.router,
    reports.router,
    signs.router,
    audit.router,
    unknown.router,
)

_MAX_BODY = 16 * 1024  # forms with a handful of short fields


def create_staff(
    database: Database,
    keeper: SnapshotKeeper,
    *,
    base_url: str,
    stopping: threading.Event,
    operator: Operator | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> FastAPI:
    """The application. ``base_url`` decides on secure cookies; ``stopping`` ends open streams when it is set."""
    base = urlsplit(base_url)
    tls = base.scheme == "https"
    app = FastAPI(
        title="Digitalpfad Team",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(gate)],
        max_body_size=_MAX_BODY,
    )
    app.state.services = StaffServices(
        database=database,
        keeper=keeper,
        clock=clock,
        is_https=tls,
        stopping=stopping,
        operator=operator or Operator(),
    )
    app.mount("/static", STATIC)
    for router in ROUTERS:
        app.include_router(router)
    add_handlers(app)
    app.add_middleware(SameOriginOnly, base_origin=f"{base.scheme}://{base.netloc}")
    app.add_middleware(NoStore)
    app.add_middleware(SecurityHeaders, tls=tls)
    return app


class NoStore:
    """ASGI middleware: no browser and no proxy keeps a staff page; the files of the style stay as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass ``scope`` on and forbid keeping what comes back."""
        if scope["type"] != "http" or scope["path"].startswith(STATIC.prefix):
            await self._app(scope, receive, send)
            return

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_header)
