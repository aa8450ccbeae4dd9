"""The page for any error: another spelling of an address, an unknown code, what is gone, what is not there now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import cast
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.http.errors import Problem
from api.webapp.addresses import canonical
from api.webapp.routes.page_router import A_DAY, PageRouter, choice_asked
from api.webapp.routes.typed import LONGEST_CODE
from api.webapp.scans.entries import VIAS
from api.webapp.views import gone, maintenance
from api.webapp.views.frame import Frame
from api.webapp.views.maintenance import MaintenancePage
from api.webapp.views.others import MissingPage, UnavailablePage
from api.webapp.views.parts import station_link

_MOST_MEANT = 3
_LONGEST_PATH = 200  # above every page's address
_SPELT_OTHERWISE = {"not-found", "unknown-station", "unknown-trail"}


class ErrorPages:
    """Answers errors in words that help; ``pages`` has all addresses that there are."""

    def __init__(self, pages: PageRouter) -> None:
        self._pages = pages
        self._keeper = pages.keeper

    def error_page(self, request: Request, problem: Problem) -> Response:
        """The page for any error; give it to api.app.install(). Another spelling of an address leads to its own.

        Only the page that this leads to counts as a scan.
        """
        own = canonical(request.url.path, self._pages.names) if problem.kind in _SPELT_OTHERWISE else None
        if own is not None and request.method in {"GET", "HEAD"}:
            query = quote(request.url.query, safe="%=&+/?:@!$'()*,;~")
            address = f"{own}?{query}" if query else own
            return RedirectResponse(address, status_code=308, headers={"cache-control": A_DAY})
        frame = Frame.of(choice_asked(request), _here(request.url.path))
        if problem.kind == "maintenance":
            template, page = "maintenance.html", self._maintenance(request, problem, frame)
        elif problem.status >= 500:
            template, page = "unavailable.html", UnavailablePage(frame=frame)
        elif problem.status == HTTPStatus.GONE:
            snapshot = self._keeper.current
            removed = snapshot.catalogue.removed[str(problem.extra["code"])]
            template, page = "removed.html", gone.build_removed(snapshot, removed, frame, self._pages.clock())
        else:
            template, page = "missing.html", self._missing(request, problem, frame)
        headers = {"cache-control": "no-store", "vary": "Accept-Language", **problem.headers}
        body = self._pages.renderer.render(template, page).body
        return Response(body, problem.status, headers, media_type="text/html; charset=utf-8")

    def _maintenance(self, request: Request, problem: Problem, frame: Frame) -> MaintenancePage:
        until = cast("str | None", problem.extra["until"])
        snapshot = self._keeper.current if self._keeper.has_snapshot else None
        ends = datetime.fromisoformat(until) if until else None
        return maintenance.build(snapshot, request.url.path, ends, frame, self._pages.clock())

    def _missing(self, request: Request, problem: Problem, frame: Frame) -> MissingPage:
        meant = cast("list[str] | None", problem.extra.get("did_you_mean"))
        if meant is None or problem.kind != "unknown-station":
            return MissingPage(
                frame=frame, is_refused=problem.status == 405, is_report=problem.kind == "unknown-report"
            )
        stations = self._keeper.current.catalogue.stations
        links = tuple(station_link(stations[code], frame) for code in meant[:_MOST_MEANT])
        if request.query_params.get("via") in VIAS:  # it stays the sign that was scanned or typed
            links = tuple(replace(link, href=frame.link(urlsplit(link.href).path, via="sign")) for link in links)
        return MissingPage(frame=frame, asked=str(request.path_params["code"])[:LONGEST_CODE], meant=links)


def _here(path: str) -> str:
    """Where the links to other languages lead: to the same address, unless nobody can have meant it."""
    return quote(path) if len(path) <= _LONGEST_PATH else "/"
