"""Where phones tell of stations that they opened without a network."""

from __future__ import annotations

from datetime import datetime

import msgspec
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.http.errors import problem_of, problem_response
from api.http.forms.same_origin import is_from_here
from api.limits.read_limits import Costly
from api.services import services_of
from api.webapp.routes.page_router import PageRouter
from api.webapp.scans import late
from api.webapp.scans.late import Judged
from geodata.errors import DigitalpfadError
from geodata.store.access import scan_receipt
from geodata.store.database import Database

PATH = "/offline/scans"


class LateScanPages:
    """The address that the service worker sends to; ``base_origin`` as in ReportPages."""

    def __init__(self, pages: PageRouter, database: Database, base_origin: str) -> None:
        self._pages = pages
        self._database = database
        self._base_origin = base_origin
        pages.add(PATH, self._take, methods=["POST"])

    async def _take(self, request: Request) -> Response:
        """200 says that the phone may forget what it sent: counted now or before, or refused for good."""
        if not is_from_here(request.scope, self._base_origin):
            return PlainTextResponse("Only pages of this server may send scans.\n", 403)
        try:
            services_of(request).limits.take_of(Costly.LATE_SCANS, request)
            scans = late.read(await _body(request))
            now = self._pages.clock()
            judged = late.judge(scans, self._pages.keeper.current.catalogue.stations, now)
            counted = await run_in_threadpool(self._count, judged, now)
        except (DigitalpfadError, HTTPException) as error:  # a script asks: a page would not help it
            return problem_response(request, problem_of(error))
        body = msgspec.json.encode({"counted": counted, "refused": judged.refused})
        return Response(body, 200, {"cache-control": "no-store"}, "application/json")

    def _count(self, judged: Judged, now: datetime) -> int:
        with self._database.transaction() as connection:
            return scan_receipt.add_once(connection, judged.taken, now.date())


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > late.MOST_BYTES:
            raise HTTPException(413)
    return body
