"""A device is added, described anew or taken elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards import words
from dashboards.access.visible import trail_asked_for, visible_trails
from dashboards.devices import logins
from dashboards.devices.forms import INTERVALS, DescriptionForm, MoveForm, NewDeviceForm, PlaceForm, version_of
from dashboards.devices.refusals import refusal
from dashboards.forms import Fields, Posted
from dashboards.languages import t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.actions.devices import device_login, device_position, edit_device
from geodata.actions.devices.edit_device import Position
from geodata.errors import InvalidInput, NotFound
from geodata.model.device import Device
from geodata.model.trail import Trail
from geodata.store.access import audit
from geodata.store.devices import device_status
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

router = APIRouter()


@router.get("/new-device")
def show_new(request: Request, services: ServicesDep, staff: CurrentStaff, trail: str = "") -> Response:
    """The form for a device at ``trail``, at the first that is seen without one."""
    return _new_page(request, services, trail_asked_for(services.keeper.current, staff, trail), NewDeviceForm())


@router.post("/new-device")
def add(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str = "") -> Response:
    """Register it and show its login, this once."""
    where = trail_asked_for(services.keeper.current, staff, trail)
    form = NewDeviceForm(Fields(posted))
    form.stations = _codes(services, where)
    if not form.validate():
        return _new_page(request, services, where, form, status=422)
    try:
        with services.database.transaction() as connection:
            position = _position(connection, form, where.slug)
            added = edit_device.register(connection, str(form.id.data).strip(), position, form.change)
            login = device_login.issue(connection, added)
            audit.by_staff(
                connection,
                staff.name,
                Action.DEVICE_ADD,
                added.id,
                after=_place(added),
                municipality=where.municipality,
            )
    except (InvalidInput, NotFound) as error:
        return _new_page(request, services, where, form, refused=refusal(error), status=422)
    return logins.show(request, services, login, t("Gerät %(id)s ist angemeldet", id=added.id))


@router.get("/devices/{device}/edit")
def show_edit(request: Request, services: ServicesDep, device: str) -> Response:
    """The form for what a device is called and how often it reports."""
    known = _working(services, device)
    form = DescriptionForm(
        data={"name": known.name, "kind": known.kind, "interval": known.interval_s, "version": version_of(known)}
    )
    return _edit_page(request, known, form)


@router.post("/devices/{device}/edit")
def edit(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, device: str) -> Response:
    """Write it, unless somebody else has meanwhile: then both are shown."""
    form = DescriptionForm(Fields(posted))
    known = _working(services, device)
    if not form.validate():
        return _edit_page(request, known, form, status=422)
    try:
        with services.database.transaction() as connection:
            before = device_status.find(connection, device)
            if form.version.data != version_of(before):
                form.version.data = version_of(before)
                return _edit_page(request, before, form, conflict=True, status=409)
            change = form.change
            after = edit_device.edit(connection, device, change)
            audit.by_staff(
                connection,
                staff.name,
                Action.DEVICE_EDIT,
                device,
                before=_described(before),
                after=_described(after),
                municipality=_town(services, after.trail),
            )
    except InvalidInput as error:
        return _edit_page(request, known, form, refused=refusal(error), status=422)
    is_overruled = after.interval_s != change.interval_s
    return RedirectResponse(f"/staff/devices/{device}?notice={'overruled' if is_overruled else 'saved'}", 303)


@router.get("/devices/{device}/move")
def show_move(request: Request, services: ServicesDep, staff: CurrentStaff, device: str, trail: str = "") -> Response:
    """The form for where a device stands; ``trail`` is the one to which it goes, its own without."""
    known = _working(services, device)
    where = trail_asked_for(services.keeper.current, staff, trail or known.trail)
    is_here = where.slug == known.trail
    point = {"lat": _typed(known.lat), "lon": _typed(known.lon)} if is_here and not known.station else {}
    form = MoveForm(data={"station": (known.station or "") if is_here else "", **point})
    return _move_page(request, services, known, where, form)


@router.post("/devices/{device}/move")
def move(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, device: str, trail: str = ""
) -> Response:
    """Stand it there from then on, or since it came to its present place."""
    known = _working(services, device)
    where = trail_asked_for(services.keeper.current, staff, trail or known.trail)
    form = MoveForm(Fields(posted))
    form.stations = _codes(services, where)
    if not form.validate():
        return _move_page(request, services, known, where, form, status=422)
    try:
        with services.database.transaction() as connection:
            moved = _move(connection, services, known, where, form)
            audit.by_staff(
                connection,
                staff.name,
                Action.DEVICE_MOVE,
                device,
                before=_place(known),
                after=_place(moved),
                municipality=where.municipality,
            )
    except (InvalidInput, NotFound) as error:
        return _move_page(request, services, known, where, form, refused=refusal(error), status=422)
    return RedirectResponse(f"/staff/devices/{device}?notice=moved", 303)


def _move(connection: Transaction, services: StaffServices, known: Device, where: Trail, form: MoveForm) -> Device:
    position = _position(connection, form, where.slug)
    if form.correct.data:
        return edit_device.correct_position(connection, known.id, position)
    now = services.clock().replace(microsecond=0)
    at = form.moment(services.keeper.current.catalogue.timezone_of(where.slug)) or max(now, known.since or now)
    moved = edit_device.move(
        connection, known.id, station=position.station, trail=where.slug, at=at, now=max(now, at) if at == now else now
    )
    if position.lonlat is not None:
        return edit_device.correct_position(connection, known.id, position)
    return moved


def _position(connection: Transaction, form: PlaceForm, trail: str) -> Position:
    if form.station.data:
        return Position(station=str(form.station.data), trail=trail)
    lon, lat = form.lonlat or (None, None)
    return device_position.read(connection, None, trail, lon, lat)


def _new_page(
    request: Request,
    services: StaffServices,
    where: Trail,
    form: NewDeviceForm,
    *,
    refused: str = "",
    status: int = 200,
) -> Response:
    context = {"form": form, "refused": refused, "intervals": _intervals(600), **_around(request, services, where)}
    return page(request, "devices/new.html", context, status)


def _edit_page(
    request: Request,
    known: Device,
    form: DescriptionForm,
    *,
    refused: str = "",
    conflict: bool = False,
    status: int = 200,
) -> Response:
    context = {
        "device": known,
        "form": form,
        "refused": refused,
        "conflict": conflict,
        "intervals": _intervals(known.interval_s),
    }
    return page(request, "devices/edit.html", context, status)


def _intervals(present: int) -> list[tuple[int, str]]:
    """What can be chosen, and what the device has."""
    offered = {seconds: t(said) for seconds, said in INTERVALS.items()}
    offered.setdefault(present, words.interval(present))
    return sorted(offered.items())


def _move_page(
    request: Request,
    services: StaffServices,
    known: Device,
    where: Trail,
    form: MoveForm,
    *,
    refused: str = "",
    status: int = 200,
) -> Response:
    zone = services.keeper.current.catalogue.timezone_of(known.trail)
    context = {
        "device": known,
        "form": form,
        "refused": refused,
        "moment": partial(words.moment, now=services.clock(), timezone=zone),
        **_around(request, services, where),
    }
    return page(request, "devices/move.html", context, status)


def _around(request: Request, services: StaffServices, where: Trail) -> Mapping[str, object]:
    snapshot = services.keeper.current
    return {
        "trail": where,
        "trails": list(visible_trails(snapshot, request.state.staff).values()),
        "stations": snapshot.stations_of_trail.get(where.slug, []),
    }


def _working(services: StaffServices, device: str) -> Device:
    """A device that is not revoked; of another there is nothing to change."""
    with services.database.transaction() as connection:
        known = device_status.find(connection, device)
    if known.revoked_at is not None:
        raise NotFound("device", device)
    return known


def _codes(services: StaffServices, where: Trail) -> tuple[str, ...]:
    return tuple(station.code for station in services.keeper.current.stations_of_trail.get(where.slug, []))


def _town(services: StaffServices, trail: str) -> str:
    return services.keeper.current.catalogue.trails[trail].municipality


def _place(device: Device) -> str:
    if device.station or device.lon is None or device.lat is None:
        return f"{device.trail} {device.station or ''}".strip()
    return f"{device.trail} {device.lon:.5f}, {device.lat:.5f}"


def _described(device: Device) -> str:
    return f"{device.name}, {device.kind}, {device.interval_s} s"


def _typed(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:.6f}".replace(".", ",")
