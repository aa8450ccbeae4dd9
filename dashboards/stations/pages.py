"""Stations of a trail: on the map and in a list; added, moved, renumbered, retired, restored."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.catalogue.texts import title_of
from api.drawing.map import TrailMap, draw
from dashboards.forms import Fields, Posted
from dashboards.gate import may
from dashboards.languages import marked
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.stations.form import (
    NewStationForm,
    NumberForm,
    PointForm,
    degrees,
    sentence_of,
    version_of,
    whole,
)
from dashboards.templating import page
from dashboards.trails.ground import Ground, ground_of
from geodata.actions import edit_station
from geodata.actions.edit_station import EditProblem, EditRefused
from geodata.content.versions import Author
from geodata.errors import NotFound
from geodata.model.station import Station
from geodata.store.access import audit
from geodata.store.catalogue import station_edit
from geodata.store.catalogue.station import load_stations
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

router = APIRouter()

NOTICES = {
    "added": marked("Die Station ist da. Ihr Code bleibt für immer: Jetzt kann ihr Schild gedruckt werden."),
    "moved": marked("Die Station steht jetzt dort. Ihr Schild gilt weiter, ihre Nummer bleibt."),
    "renumbered": marked("Die Nummer ist geändert. Bitte drucken Sie das Schild neu; das alte führt weiter hierher."),
    "retired": marked("Die Station ist stillgelegt. Wer ihr Schild scannt, liest, was hier stand."),
    "restored": marked("Die Station ist wieder da. Ihr Schild gilt wieder."),
}


@router.get("/trails/{trail}/stations")
def show_list(request: Request, services: ServicesDep, trail: str) -> Response:
    """All stations of a trail, the retired ones last."""
    ground = ground_of(services, trail)
    stations = _stations(services, trail)
    context = {
        "ground": ground,
        "map": _drawn(ground, stations),
        "standing": [station for station in stations if station.retired_at is None],
        "retired": [station for station in stations if station.retired_at is not None],
        "may_change": may(request, "POST /trails/{trail}/stations"),
    }
    return page(request, "stations/stations.html", context)


@router.get("/trails/{trail}/stations/new")
def begin(request: Request, services: ServicesDep, trail: str) -> Response:
    """A new station, with the next number."""
    ground = ground_of(services, trail)
    numbers = [station.number for station in _stations(services, trail) if station.retired_at is None]
    return _new_page(request, ground, NewStationForm(data={"number": str(max(numbers, default=0) + 1)}))


@router.post("/trails/{trail}/stations")
def add(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str) -> Response:
    """Put a station beside the line; its code is made here and never changes."""
    ground, form = ground_of(services, trail), NewStationForm(Fields(posted))
    if not form.validate():
        return _new_page(request, ground, form, 422)
    try:
        with services.database.transaction() as connection:
            code = edit_station.add(
                connection,
                trail,
                number=whole(form.number),
                lonlat=form.lonlat,
                title=_line(form.title.data),
                lead=_line(form.lead.data),
                author=Author(staff.name),
            )
            became = f"{form.number.data} · {_line(form.title.data)}\n{form.lat.data}, {form.lon.data}"
            _note(connection, staff.name, ground, Action.STATION_ADD, code, "", became)
    except EditRefused as refused:
        _tell(form, refused)
        return _new_page(request, ground, form, 422)
    return _to(trail, code, "added")


@router.get("/trails/{trail}/stations/{station}")
def show(request: Request, services: ServicesDep, trail: str, station: str, said: str = "") -> Response:
    """One station: where it stands, and what can be done with it."""
    ground = ground_of(services, trail)
    found = _find(services, trail, station)
    return _station_page(request, services, ground, found, said=said)


@router.post("/trails/{trail}/stations/{station}/move")
def move(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str, station: str
) -> Response:
    """Stand it elsewhere on its trail."""
    ground, form = ground_of(services, trail), PointForm(Fields(posted))
    found = _find(services, trail, station)

    def do(connection: Transaction) -> None:
        edit_station.move(connection, found.code, lonlat=form.lonlat)
        was, became = f"{degrees(found.lat)}, {degrees(found.lon)}", f"{form.lat.data}, {form.lon.data}"
        _note(connection, staff.name, ground, Action.STATION_MOVE, found.code, was, became)

    return _change(request, services, ground, found, form, do) or _to(trail, found.code, "moved")


@router.post("/trails/{trail}/stations/{station}/number")
def renumber(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str, station: str
) -> Response:
    """Give it another number; with ``swap`` the one that has it gets the old one."""
    ground, form = ground_of(services, trail), NumberForm(Fields(posted))
    found = _find(services, trail, station)

    def do(connection: Transaction) -> None:
        number = whole(form.number)
        holders = [
            each.code
            for each in load_stations(connection).values()
            if (each.trail, each.number, each.retired_at) == (trail, number, None) and each.code != found.code
        ]
        others = dict.fromkeys(holders, found.number) if form.swap.data else {}
        edit_station.renumber(connection, {found.code: number, **others})
        changed = ", ".join((found.code, *others))
        _note(connection, staff.name, ground, Action.STATION_RENUMBER, changed, str(found.number), str(number))

    return _change(request, services, ground, found, form, do) or _to(trail, found.code, "renumbered")


@router.post("/trails/{trail}/stations/{station}/retire")
def retire(request: Request, services: ServicesDep, staff: CurrentStaff, trail: str, station: str) -> Response:
    """Take it out of the trail; its sign still says what stood there."""
    ground, found = ground_of(services, trail), _find(services, trail, station)

    def do(connection: Transaction) -> None:
        edit_station.retire(connection, found.code, services.clock())
        _note(connection, staff.name, ground, Action.STATION_RETIRE, found.code, str(found.number), "")

    return _change(request, services, ground, found, None, do) or _to(trail, found.code, "retired")


@router.post("/trails/{trail}/stations/{station}/restore")
def restore(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str, station: str
) -> Response:
    """Bring it back, with the number that the form says."""
    ground, form = ground_of(services, trail), NumberForm(Fields(posted))
    found = _find(services, trail, station)

    def do(connection: Transaction) -> None:
        edit_station.restore(connection, found.code, whole(form.number))
        _note(connection, staff.name, ground, Action.STATION_RESTORE, found.code, "", str(form.number.data))

    return _change(request, services, ground, found, form, do) or _to(trail, found.code, "restored")


def _change(
    request: Request,
    services: StaffServices,
    ground: Ground,
    found: Station,
    form: PointForm | NumberForm | None,
    do: Callable[[Transaction], None],
) -> Response | None:
    """Do it in one transaction; the page that says why where it is refused, None where it is done."""
    if form is not None and not form.validate():
        return _station_page(request, services, ground, found, form=form, status=422)
    try:
        with services.database.transaction() as connection:
            station_edit.lock(connection, found.code)
            now = load_stations(connection, [found.code]).get(found.code, found)
            if form is not None and form.version.data not in {None, "", version_of(now)}:
                return _conflict(request, services, ground, now, form)
            do(connection)
    except EditRefused as refused:
        if form is not None:
            _tell(form, refused)
        fault = sentence_of(refused.problem)
        return _station_page(request, services, ground, found, form=form, status=422, fault=fault)
    return None


def _conflict(
    request: Request, services: StaffServices, ground: Ground, now: Station, form: PointForm | NumberForm
) -> Response:
    typed = ", ".join(str(field.data) for field in form if field.name in {"lat", "lon", "number"})
    form.version.data = version_of(now)
    versions = (f"{now.number} · {degrees(now.lat)}, {degrees(now.lon)}", typed)
    return _station_page(request, services, ground, now, form=form, status=409, versions=versions)


def _tell(form: PointForm | NumberForm, refused: EditRefused) -> None:
    """The sentence at the field that it is about."""
    name = "lat" if refused.problem is EditProblem.FAR_FROM_LINE else "number"
    if name in form:
        form[name].errors = [sentence_of(refused.problem)]


def _new_page(request: Request, ground: Ground, form: NewStationForm, status: int = 200) -> Response:
    context = {
        "ground": ground,
        "map": ground.map(),
        "form": form,
        "has_faults": bool(form.errors),
    }
    return page(request, "stations/new.html", context, status)


def _station_page(  # noqa: PLR0913 - what the page shows
    request: Request,
    services: StaffServices,
    ground: Ground,
    found: Station,
    *,
    form: PointForm | NumberForm | None = None,
    status: int = 200,
    versions: tuple[str, str] | None = None,
    fault: str = "",
    said: str = "",
) -> Response:
    version = version_of(found)
    point = PointForm(data={"lat": degrees(found.lat), "lon": degrees(found.lon), "version": version})
    number = NumberForm(data={"number": str(found.number), "version": version})
    context = {
        "ground": ground,
        "map": _drawn(ground, _stations(services, ground.trail.slug)),
        "station": found,
        "name": title_of(found),
        "along": ground.length(found.along_m),
        "point": form if isinstance(form, PointForm) else point,
        "number": form if isinstance(form, NumberForm) else number,
        "target": f"/staff/trails/{ground.trail.slug}/stations/{found.code}",
        "devices": [device.name or device.id for device in ground.snapshot.devices_of_station.get(found.code, ())],
        "versions": versions,
        "fault": fault,
        "notice": NOTICES.get(said, ""),
    }
    return page(request, "stations/station.html", context, status)


def _drawn(ground: Ground, stations: list[Station]) -> TrailMap:
    standing = [station for station in stations if station.retired_at is None]
    return draw(ground.geometry, ground.trail.line, standing)


def _stations(services: StaffServices, trail: str) -> list[Station]:
    """As they are stored now: what was changed a moment ago is in no snapshot yet."""
    with services.database.transaction() as connection:
        return [station for station in load_stations(connection).values() if station.trail == trail]


def _find(services: StaffServices, trail: str, code: str) -> Station:
    with services.database.transaction() as connection:
        found = load_stations(connection, [code.upper()]).get(code.upper())
    if found is None or found.trail != trail:
        raise NotFound("station", code)
    return found


def _note(  # noqa: PLR0917 - what an entry of the log is about
    connection: Transaction, name: str, ground: Ground, action: Action, code: str, was: str, became: str
) -> None:
    town = ground.trail.municipality
    audit.by_staff(connection, name, action, code, before=was, after=became, municipality=town)


def _line(text: object) -> str:
    return " ".join(str(text or "").split())


def _to(trail: str, code: str, said: str) -> Response:
    return RedirectResponse(f"/staff/trails/{trail}/stations/{code}?said={said}", 303)
