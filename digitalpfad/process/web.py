"""The web process put together: public interface, hikers' pages and staff pages over one snapshot."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

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
from dashboards.mail.worker import MailWorker
from dashboards.services import StaffSurroundings
from digitalpfad import services
from digitalpfad.config.model import Settings
from digitalpfad.data_directory import maintenance
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.process.operator_tools import CommandTools
from digitalpfad.signs.press import SignPress
from gateway.mqtt.config import parse_url
from geodata.mail.delivery import FolderDelivery, MailDelivery, SmtpDelivery, parse_smtp_url
from geodata.model.operator import DeviceBroker, Operator
from geodata.runtime.background_part import BackgroundPart
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
    assets = static_files()
    operator, public_url = Operator(**settings.operator), settings.public_url
    pages = create_pages(keeper, database, scans, site=_site(settings, operator), assets=assets, clock=clock.now)
    mails = MailWorker(database, _delivery(settings), {}, sender=settings.mail_from, clock=clock.now)
    app = _application(_life(database, (keeper, scans, notices, mails)))
    workers = (keeper.worker, scans.worker, notices.worker, mails.worker)
    served = _services(settings, keeper, database, live, workers, clock)
    served = replace(served, scan_trouble=lambda: journals.trouble, scan_backlog=partial(_backlog, journals))
    if connections is not None:
        served = replace(served, connections=connections)
    install(app, served, error_page=pages.error_page)
    of_staff = partial(create_staff, stopping=stopping, around=_around(settings, database, clock), clock=clock.now)
    app.mount("/staff", of_staff(database, keeper, base_url=public_url))
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


def _around(settings: Settings, database: Database, clock: SteadyClock) -> StaffSurroundings:
    return StaffSurroundings(
        operator=Operator(**settings.operator),
        broker=_broker(settings),
        tools=CommandTools(settings, clock.now),
        signs=SignPress(database, settings.public_url),
    )


def _broker(settings: Settings) -> DeviceBroker:
    """Where devices connect: the operator's broker, or the embedded one, at this host where it is open to devices."""
    if settings.mqtt_url is not None:
        own = parse_url(settings.mqtt_url.get_secret_value())
        return DeviceBroker(host=own.host, port=own.port, tls=own.tls, is_own=True)
    is_open = settings.mqtt_host not in {"127.0.0.1", "::1", "localhost"}
    host = urlsplit(settings.public_url).hostname if is_open else None
    tls = bool(DataDir.at(settings.data_dir).read(services.KEPT_MQTT_TLS))
    return DeviceBroker(host=host or "localhost", port=settings.mqtt_port, tls=tls)


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


def _delivery(settings: Settings) -> MailDelivery:
    """Without a mail server mails are files: nothing leaves the machine unless an operator says so."""
    if settings.smtp_url is None:
        return FolderDelivery(DataDir.at(settings.data_dir).mail)
    return SmtpDelivery(parse_smtp_url(settings.smtp_url.get_secret_value()))


def _life(
    database: Database, parts: Sequence[SnapshotKeeper | BackgroundPart]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What starts with the application and ends with it, in the other order."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        with ExitStack() as stack:  # what one part raises at its end keeps no other from ending
            stack.callback(database.close)
            database.open(wait=False)
            for part in parts:
                stack.callback(part.stop)
                part.start()
            gc.freeze()  # the catalogue stays: looking through it for garbage would hold up every request for a while
            yield

    return lifespan
