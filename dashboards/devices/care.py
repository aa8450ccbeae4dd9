"""Work at a device: written down, ended, gone on with. Until its end nobody is sent there."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.devices import pages
from dashboards.devices.forms import MaintenanceForm
from dashboards.devices.refusals import refusal
from dashboards.forms import Fields, Posted
from dashboards.gate import safe_next
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from geodata.actions.devices import device_maintenance
from geodata.errors import InvalidInput, NotFound
from geodata.model.device import DeviceWork
from geodata.store.access import audit
from geodata.store.access.municipality_of import municipality_of
from geodata.store.devices import device_status
from geodata.vocabulary.audit import Action

router = APIRouter()


@router.post("/devices/{device}/maintenance")
def begin(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, device: str) -> Response:
    """Write down that somebody works there."""
    form = MaintenanceForm(Fields(posted))
    if not form.validate():
        return pages.device_page(request, services, device, form=form, status=422)
    with services.database.transaction() as connection:
        known = device_status.find(connection, device)
    start, end = form.span(services.keeper.current.catalogue.timezone_of(known.trail), services.clock())
    new = DeviceWork(
        id=0, device=device, starts_at=start, ends_at=end, reason=str(form.reason.data).strip(), by_whom=staff.name
    )
    try:
        with services.database.transaction() as connection:
            device_maintenance.begin(connection, new)
            audit.by_staff(
                connection,
                staff.name,
                Action.MAINTENANCE_BEGIN,
                device,
                after=new.reason,
                municipality=municipality_of(connection, "device", device),
            )
    except InvalidInput as error:
        return pages.device_page(request, services, device, form=form, refused=refusal(error), status=422)
    return _back(f"/staff/devices/{device}", "maintenance")


@router.post("/maintenance/{maintenance}/end")
def end(services: ServicesDep, staff: CurrentStaff, posted: Posted, maintenance: int) -> Response:
    """It is over."""
    return _changed(services, staff.name, posted.get("next"), maintenance, Action.MAINTENANCE_END)


@router.post("/maintenance/{maintenance}/confirm")
def confirm(services: ServicesDep, staff: CurrentStaff, posted: Posted, maintenance: int) -> Response:
    """It goes on, with an open end."""
    return _changed(services, staff.name, posted.get("next"), maintenance, Action.MAINTENANCE_CONFIRM)


def _changed(services: StaffServices, who: str, following: object, maintenance: int, action: Action) -> Response:
    change = device_maintenance.end if action is Action.MAINTENANCE_END else device_maintenance.go_on
    try:
        with services.database.transaction() as connection:
            town = municipality_of(connection, "maintenance", str(maintenance))
            work = change(connection, maintenance, services.clock().replace(microsecond=0))
            audit.by_staff(connection, who, action, work.device, municipality=town)
    except NotFound:  # somebody took it back a moment ago
        return _back("/staff/devices", "gone")
    notice = "maintenance-ended" if action is Action.MAINTENANCE_END else "maintenance-goes-on"
    return _back(safe_next(following) if isinstance(following, str) else f"/staff/devices/{work.device}", notice)


def _back(address: str, notice: str) -> Response:
    return RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode({'notice': notice})}", 303)
