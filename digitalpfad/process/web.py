"""The web process put together: public interface, hikers' pages and staff pages over one snapshot."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from fastapi import FastAPI

from api.app import add_fast_path, install
from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.http.compression import Compression
from api.http.maintenance import MaintenanceState
from api.http.page_headers import SecurityHeaders
from api.limits.connections import Connections
from api.notices.notice_log import NoticeLog
from api.operations import security_contact
from api.services import ScanBacklog, Services
from api.webapp.pages import create_pages
from api.webapp.routes.site_files import STATIC_PATH, static_files
from api.webapp.scans.counter import ScanCounter
from api.webapp.scans.journals import ScanJournals
from api.webapp.site import Site
from dashboards.app import create_staff
from digitalpfad import services
from digitalpfad.config.model import Settings
from digitalpfad.data_directory import maintenance
from digitalpfad.data_directory.folder import DataDir
from geodata.model.operator import Operator
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker, ended
from geodata.security import networks
from geodata.store import roles
from geodata.store.database import Database

_SWITCH_S = 0.0005  # answers wait for the thread that reads the catalogue anew ten times shorter than by default
_POOL_SIZE = 8  # far below the 40 threads that endpoints run in: a slow database makes them wait, not pile up
_STATEMENT_S = 10.0  # what a visitor asks for keeps a connection from the others no longer


@dataclass(frozen=True, slots=True)
class WebProcess:
    """The application, what ends its endless streams, and what names threads of it that ended."""

    app: FastAPI
    end_streams: Callable[[], None]
    dead: Callable[[], list[str]]


def create(settings: Settings, connections: Connections | None = None) -> WebProcess:
    """Build the web process; it connects when its application starts, and also starts while the database is away.

    ``connections`` are those of the server that it is to run in, for its figures.
    """
    sys.setswitchinterval(_SWITCH_S)
    database = _database(settings)
    clock, stopping = SteadyClock(), threading.Event()
    keeper = SnapshotKeeper(database, clock=clock.now, steady=clock)
    journals = ScanJournals(DataDir.at(settings.data_dir).scans)
    scans = ScanCounter(database, journals, clock=clock.now)
    live, notices = LiveHub(keeper), NoticeLog(database, keeper, clock=clock.now)

    def end_streams() -> None:
        stopping.set()
        live.close()

    tls = settings.public_url.startswith("https://")
    app = _application(_life(database, keeper, scans, notices))
    assets = static_files()
    operator = Operator(**settings.operator)
    public_url = settings.public_url
    site = _site(settings, operator)
    pages = create_pages(keeper, database, scans, site=site, assets=assets, clock=clock.now)
    workers = (keeper.worker, scans.worker, notices.worker)
    served = _services(settings, keeper, database, live, workers, clock)
    served = replace(served, scan_trouble=lambda: journals.trouble, scan_backlog=partial(_backlog, journals))
    if connections is not None:
        served = replace(served, connections=connections)
    install(app, served, error_page=pages.error_page)
    staff = create_staff(database, keeper, base_url=public_url, stopping=stopping, operator=operator, clock=clock.now)
    app.mount("/staff", staff)
    app.include_router(security_contact.router_of(settings.security_contact, operator.email))
    app.include_router(pages.router)
    app.mount(STATIC_PATH, assets)
    app.add_middleware(Compression)
    app.add_middleware(SecurityHeaders, tls=tls)
    add_fast_path(app, served, pages.fast_reads)
    return WebProcess(app, end_streams, lambda: ended(workers))


def _backlog(journals: ScanJournals) -> ScanBacklog:
    return ScanBacklog(journals.waiting_bytes, journals.behind_s)


def _site(settings: Settings, operator: Operator) -> Site:
    return Site(
        base_url=settings.public_url,
        operator=operator,
        base_map=settings.below_the_trails,
        report_days=settings.retention_report_days,
        contact_days=settings.retention_report_contact_days,
        audit_days=settings.retention_audit_days,
    )


def _database(settings: Settings) -> Database:
    return Database(
        services.database_url(settings),
        role=roles.WEB,
        pool_size=_POOL_SIZE,
        statement_timeout_s=_STATEMENT_S,
        name="digitalpfad web",
    )


def _application(life: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    return FastAPI(
        title="Digitalpfad",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # no request is ever reported to anyone
    )


def _services(
    settings: Settings,
    keeper: SnapshotKeeper,
    database: Database,
    live: LiveHub,
    workers: Sequence[Worker],
    clock: SteadyClock,
) -> Services:
    return Services(
        keeper=keeper,
        database=database,
        live=live,
        base_url=settings.base_url.rstrip("/"),
        metrics_from=networks.parse(settings.metrics_from),
        docs_from=networks.parse(settings.api_docs_from),
        workers=workers,
        clock=clock.now,
        steady=clock,
        maintenance=MaintenanceState(maintenance.look(DataDir.at(settings.data_dir)), clock.now),
        trusts_proxies=bool(settings.trusted_proxies),
    )


def _life(
    database: Database, keeper: SnapshotKeeper, scans: ScanCounter, notices: NoticeLog
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What starts with the application and ends with it, in the other order."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        with ExitStack() as stack:  # what one part raises at its end keeps no other from ending
            stack.callback(database.close)
            database.open(wait=False)
            for part in (keeper, scans, notices):
                stack.callback(part.stop)
                part.start()
            gc.freeze()  # the catalogue stays: looking through it for garbage would hold up every request for a while
            yield

    return lifespan
