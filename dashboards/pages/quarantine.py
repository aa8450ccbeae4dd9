"""What devices sent and the system could not keep."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards import words
from dashboards.services import ServicesDep
from dashboards.templating import page
from geodata.store.ingest import quarantine

router = APIRouter()

_ENTRIES = 100


@router.get("/quarantine")
def show(request: Request, services: ServicesDep) -> Response:
    """The newest entries with reason, detail and payload."""
    catalogue = services.keeper.current.catalogue
    with services.database.transaction() as connection:
        entries = quarantine.newest(connection, _ENTRIES)
        total = quarantine.count_open(connection)
    now = services.clock()
    zone = catalogue.timezones()[0]
    context = {
        "entries": entries,
        "total": total,
        "devices": catalogue.devices,
        "moment": partial(words.moment, now=now, timezone=zone),
    }
    return page(request, "quarantine.html", context)
