"""Sheets of signs: what stands on each, the files for the printer and the workshop, and the list for the test walk."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.languages import marked, t
from dashboards.services import ServicesDep, SignMaker, StaffServices
from dashboards.templating import page
from dashboards.trails.ground import ground_of
from geodata.errors import DigitalpfadError, NotFound
from geodata.messages.translation import translated

router = APIRouter()

SHEETS: Mapping[str, tuple[str, str]] = {
    "schilder-a6.pdf": (marked("Schilder für den Druck (PDF, A6)"), "application/pdf"),
    "werkstatt-a4.pdf": (marked("Werkstattblätter (PDF, A4)"), "application/pdf"),
    "rundgang.csv": (marked("Liste für den Prüfgang mit dem Handy (CSV für Excel)"), "text/csv; charset=utf-8"),
    "nfc.csv": (marked("Adressen für NFC-Plättchen (CSV)"), "text/csv; charset=utf-8"),
}
"""Name of each file, what it is called, and its media type."""


@router.get("/trails/{trail}/signs")
def show(request: Request, services: ServicesDep, trail: str) -> Response:
    """What stands on the signs, and the files; only drafts where the address of the pages is none for a sign."""
    ground, maker = ground_of(services, trail), _maker(services)
    fault, signs, draft = "", [], False
    try:
        signs = list(maker.signs(trail, draft=False))
    except DigitalpfadError as error:
        fault = translated(error.sentence, t.language)
        draft = True
        try:
            signs = list(maker.signs(trail, draft=True))
        except DigitalpfadError as other:
            fault = translated(other.sentence, t.language)
    context = {"ground": ground, "signs": signs, "fault": fault, "draft": draft, "sheets": SHEETS}
    return page(request, "stations/signs.html", context)


@router.get("/trails/{trail}/signs/{sheet}")
def download(
    request: Request, services: ServicesDep, trail: str, sheet: str, station: str = "", *, draft: bool = False
) -> Response:
    """One file, for all stations or for one; a page that says why where it cannot be made."""
    if sheet not in SHEETS:
        raise NotFound("file", sheet)
    try:
        data = _maker(services).sheet(sheet, trail, station or None, draft=draft)
    except NotFound:
        raise
    except DigitalpfadError as error:
        sentence = translated(error.sentence, t.language)
        context = {"status": 422, "heading": t("Das Blatt lässt sich nicht machen"), "text": sentence, "kept": None}
        return page(request, "error.html", context, 422)
    stem = f"{trail}-{station.lower()}-" if station.isalnum() and station.isascii() else f"{trail}-"
    disposition = f'attachment; filename="{stem}{sheet}"'
    return Response(data, media_type=SHEETS[sheet][1], headers={"content-disposition": disposition})


def _maker(services: StaffServices) -> SignMaker:
    if services.around.signs is None:
        raise NotFound("page", "signs")
    return services.around.signs
