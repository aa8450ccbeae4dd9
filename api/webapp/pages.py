"""The hikers' pages, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.routing import Route

from api.catalogue.keeper import SnapshotKeeper
from api.http.assets import Assets
from api.http.errors import ErrorPage
from api.http.fast_path import Read
from api.webapp.error_pages import ErrorPages
from api.webapp.open_data.files import CountingFiles
from api.webapp.published import PublishedFigures
from api.webapp.rendering import Renderer
from api.webapp.reporting.desk import ReportDesk
from api.webapp.routes.help import HelpPages
from api.webapp.routes.late_scans import LateScanPages
from api.webapp.routes.legal import LegalPages
from api.webapp.routes.maps import MapPages
from api.webapp.routes.offline import OfflinePages
from api.webapp.routes.page_router import PageRouter
from api.webapp.routes.reports import ReportPages
from api.webapp.routes.signs import SignPages
from api.webapp.routes.site_files import add_site_files, static_files
from api.webapp.routes.stamps import StampPages
from api.webapp.routes.stations import StationPages
from api.webapp.routes.trails import TrailFiles, TrailPages
from api.webapp.scans.counter import ScanCounter
from api.webapp.site import Site
from api.webapp.values.hours import RecentHours
from geodata.store.database import Database
from geodata.times import Clock, utc_now


@dataclass(frozen=True, slots=True)
class Pages:
    """All pages for hikers: ``router`` and ``fast_reads`` for the app, ``error_page`` for what goes wrong."""

    router: APIRouter
    fast_reads: Sequence[tuple[Route, Read]]
    error_page: ErrorPage


def create_pages(
    keeper: SnapshotKeeper,
    database: Database,
    scans: ScanCounter,
    *,
    site: Site | None = None,
    assets: Assets | None = None,
    clock: Clock = utc_now,
) -> Pages:
    """The hikers' pages; the caller starts and stops ``keeper`` and ``scans``."""
    site, files = site or Site(), assets or static_files()
    pages = PageRouter(keeper, scans, Renderer(files, site), clock)
    TrailPages(pages, PublishedFigures(database), site.operator, site.base_url)
    TrailFiles(pages, site.base_url)
    CountingFiles(pages, database)
    MapPages(pages, site.base_map)
    HelpPages(pages, site.operator)
    StationPages(pages, RecentHours(database, keeper), site)
    OfflinePages(pages, database, files, site.operator)
    LateScanPages(pages, database, site.origin)
    StampPages(pages)
    LegalPages(pages, site)
    ReportPages(pages, ReportDesk(database), site.origin)
    SignPages(pages)
    add_site_files(pages)
    return Pages(pages.router, pages.fast_reads, ErrorPages(pages).error_page)
