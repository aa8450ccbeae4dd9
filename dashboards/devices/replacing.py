"""A device gets a new password, gives its place to a new box, or may not report any more."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.devices import logins
from dashboards.devices.forms import DeviceIdForm
from dashboards.devices.refusals import refusal
from dashboards.forms import Fields, Posted
from dashboards.languages import t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.actions.devices import device_login
from geodata.errors import InvalidInput
from geodata.model.device import Device
from geodata.store.access import audit
from geodata.store.devices import device_status
from geodata.vocabulary.audit import Action

router = APIRouter()


@router.post("/devices/{device}/password")
def renew_password(request: Request, services: ServicesDep, staff: CurrentStaff, device: str) -> Response:
    """Give it a new password and show it, this once; the old one stops working."""
    try:
        with services.database.transaction() as connection:
            known = device_status.find(connection, device)
            login = device_login.issue(connection, known)
            audit.by_staff(connection, staff.name, Action.DEVICE_PASSWORD, device, municipality=_town(services, known))
    except InvalidInput:  # revoked meanwhile: its page says so
        return RedirectResponse(f"/staff/devices/{device}", 303)
    return logins.show(request, services, login, t("Neues Passwort für %(id)s", id=device))


@router.get("/devices/{device}/replace")
def show_replace(request: Request, services: ServicesDep, device: str) -> Response:
    """The form for the id of the new box; one that counts up from the old is proposed."""
    return _replace_page(request, services, device, DeviceIdForm(data={"id": _following(device)}))


@router.post("/devices/{device}/replace")
def replace(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, device: str) -> Response:
    """Have the new box take over, and show its login, this once."""
    form = DeviceIdForm(Fields(posted))
    if not form.validate():
        return _replace_page(request, services, device, form, status=422)
    new = str(form.id.data).strip()
    try:
        with services.database.transaction() as connection:
            known = device_status.find(connection, device)
            login = device_login.replace(connection, device, new, services.clock())
            audit.by_staff(
                connection, staff.name, Action.DEVICE_REPLACE, device, after=new, municipality=_town(services, known)
            )
    except InvalidInput as error:
        return _replace_page(request, services, device, form, refused=refusal(error), status=422)
    return logins.show(
        request, services, login, t("%(new)s steht jetzt an der Stelle von %(old)s", new=new, old=device)
    )


@router.post("/devices/{device}/revoke")
def revoke(services: ServicesDep, staff: CurrentStaff, device: str) -> Response:
    """Shut it out; what it measured stays."""
    with services.database.transaction() as connection:
        known = device_status.find(connection, device)
        if device_login.revoke(connection, device, services.clock()):
            audit.by_staff(connection, staff.name, Action.DEVICE_REVOKE, device, municipality=_town(services, known))
    return RedirectResponse(f"/staff/devices/{device}?notice=revoked", 303)


def _replace_page(
    request: Request, services: StaffServices, device: str, form: DeviceIdForm, *, refused: str = "", status: int = 200
) -> Response:
    with services.database.transaction() as connection:
        known = device_status.find(connection, device)
    return page(request, "devices/replace.html", {"device": known, "form": form, "refused": refused}, status)


def _following(device: str) -> str:
    """``pond-2`` after ``pond``, ``pond-3`` after that."""
    stem, _, number = device.rpartition("-")
    return f"{stem}-{int(number) + 1}" if stem and number.isdecimal() else f"{device}-2"


def _town(services: StaffServices, device: Device) -> str:
    return services.keeper.current.catalogue.trails[device.trail].municipality
