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
from dashboards import unknown
from dashboards.care import pages as care
from dashboards.care import tasks as care_tasks
from dashboards.care import visits as care_visits
from dashboards.closures import pages as closures
from dashboards.content import editing, history, matrix, media_pages
from dashboards.contributions import links, moderation
from dashboards.contributions import writing as contributed
from dashboards.council import pages as council
from dashboards.counting import pages as counting
from dashboards.counting import signs as sign_cases
from dashboards.devices import care as device_care
from dashboards.devices import listing, quarantine, registering, replacing
from dashboards.devices import pages as devices
from dashboards.errors import add_handlers
from dashboards.explorer import pages as explorer
from dashboards.figures import pages as figures
from dashboards.gate import gate
from dashboards.imports import pages as imports
from dashboards.languages import SpokenLanguage
from dashboards.mail import pages as mail
from dashboards.notices import pages as notices
from dashboards.operations import pages as operations
from dashboards.overview import closures as open_closures
from dashboards.overview import pages as overview
from dashboards.people import account, audit, factors, invitation, language, login, people, person, second_step
from dashboards.reports import pages as reports
from dashboards.services import StaffServices, StaffSurroundings
from dashboards.stations import pages as stations
from dashboards.stations import sheets
from dashboards.templating import STATIC
from dashboards.trails import pages as trails
from geodata.store.database import Database
from geodata.times import utc_now

ROUTERS = (
    login.router,
    second_step.router,
    invitation.router,
    account.router,
    factors.router,
    people.router,
    person.router,
    language.router,
    overview.router,
    open_closures.router,
    listing.router,
    registering.router,
    replacing.router,
    device_care.router,
    devices.router,
    figures.router,
    explorer.router,
    council.router,
    care.router,
    care_tasks.router,
    care_visits.router,
    counting.router,
    quarantine.router,
    reports.router,
    sign_cases.router,
    trails.router,
    closures.router,
    notices.router,
    imports.router,
    stations.router,
    sheets.router,
    audit.router,
    mail.router,
    operations.router,
    matrix.router,
    links.router,
    moderation.router,
    contributed.router,
    history.router,
    media_pages.router,
    editing.router,
    unknown.router,
)

_MAX_BODY = 16 * 1024  # forms with a handful of short fields


def create_staff(
    database: Database,
    keeper: SnapshotKeeper,
    *,
    base_url: str,
    stopping: threading.Event,
    around: StaffSurroundings | None = None,
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
        base_url=base_url.rstrip("/"),
        stopping=stopping,
        around=around or StaffSurroundings(),
    )
    app.mount("/static", STATIC)
    for router in ROUTERS:
        app.include_router(router)
    add_handlers(app)
    app.add_middleware(SameOriginOnly, base_origin=f"{base.scheme}://{base.netloc}")
    app.add_middleware(SpokenLanguage)
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
