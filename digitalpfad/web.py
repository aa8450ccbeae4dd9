"""The web process put together: public interface, hikers' pages and staff pages over one snapshot."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from api.app import add_hot_reads, install
from api.compression import Compression
from api.keeper import SnapshotKeeper
from api.live import LiveHub
from api.notice_log import NoticeLog
from api.page_headers import SecurityHeaders
from api.services import Services
from api.webapp.pages import STATIC_PATH, create_pages, static_files
from api.webapp.scans import ScanCounter
from dashboards.app import create_staff
from digitalpfad import services
from digitalpfad.settings_model import Settings
from geodata.operator import Operator
from geodata.steady_clock import SteadyClock
from geodata.store import roles
from geodata.store.database import Database

_SWITCH_S = 0.0005  # answers wait for the thread that reads the catalogue anew ten times shorter than by default
_POOL_SIZE = 8  # far below the 40 threads that endpoints run in: a slow database makes them wait, not pile up


@dataclass(frozen=True, slots=True)
class WebProcess:
    """The application, and what ends its endless streams when the process is told to stop."""

    app: FastAPI
    end_streams: Callable[[], None]


def create(settings: Settings) -> WebProcess:
    """Build the web process; it connects when its application starts, and also starts while the database is away."""
    sys.setswitchinterval(_SWITCH_S)
    database = Database(services.database_url(settings), role=roles.WEB, pool_size=_POOL_SIZE, name="digitalpfad web")
    clock, stopping = SteadyClock(), threading.Event()
    keeper, scans = SnapshotKeeper(database, clock=clock.now, steady=clock), ScanCounter(database)
    live, notices = LiveHub(keeper), NoticeLog(database, keeper, clock=clock.now)

    def end_streams() -> None:
        stopping.set()
        live.close()

    tls = settings.public_url.startswith("https://")
    app = FastAPI(
        title="Digitalpfad",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_life(database, keeper, scans, notices),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # no request is ever reported to anyone
    )
    assets = static_files()
    operator = Operator(**settings.operator)
    pages = create_pages(keeper, database, scans, assets=assets, operator=operator, clock=clock.now)
    base_url = settings.base_url.rstrip("/")
    served = Services(keeper=keeper, database=database, live=live, base_url=base_url, clock=clock.now, steady=clock)
    install(app, served, error_page=pages.error_page)
    public_url = settings.public_url
    staff = create_staff(database, keeper, base_url=public_url, stopping=stopping, operator=operator, clock=clock.now)
    app.mount("/staff", staff)
    app.include_router(pages.router)
    app.mount(STATIC_PATH, assets)
    app.add_middleware(Compression)
    app.add_middleware(SecurityHeaders, tls=tls)
    add_hot_reads(app, served, pages.hot_reads)
    return WebProcess(app, end_streams)


def _life(
    database: Database, keeper: SnapshotKeeper, scans: ScanCounter, notices: NoticeLog
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What starts with the application and ends with it, in the other order."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        database.open(wait=False)
        keeper.start()
        gc.freeze()  # the catalogue stays: looking through it for garbage would hold up every request for a while
        scans.start()
        notices.start()
        yield
        notices.stop()
        scans.stop()
        keeper.stop()
        database.close()

    return lifespan
