"""The second step of a login: a code of the app, a code from paper, or a passkey; and a passkey without a password."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from dashboards import words
from dashboards.access import second_factor
from dashboards.access.passkeys import UnusablePasskey
from dashboards.access.second_factor import StepOver
from dashboards.forms import Fields, Posted
from dashboards.gate import LOGIN, safe_next
from dashboards.kept import carried
from dashboards.languages import marked, t
from dashboards.people.answers import AGAIN, PASSKEY_FAILED, address_of, enter, json_of, login_page, no_options
from dashboards.people.forms import CodeForm, LoginForm
from dashboards.services import ServicesDep, StaffServices
from dashboards.templating import page
from geodata.model.staff import Staff
from geodata.store.access import staff_factor

router = APIRouter(max_body_size=256 * 1024)

_WRONG_CODE = marked("Dieser Code stimmt nicht, oder er ist schon benutzt. Warten Sie auf den nächsten.")


@router.post("/login/code")
async def check_code(request: Request, services: ServicesDep, posted: Posted) -> Response:
    """Check the code; answer a wrong one with 401, too many attempts with 429."""
    form = CodeForm(Fields(posted))
    token = str(form.step.data or "")
    try:
        person = await run_in_threadpool(second_factor.holder, services.database, token)
    except StepOver:
        return _over(request, services, posted)
    if not form.validate():
        return step_page(request, services, form, posted, status=422)
    admission = services.throttle.admit(person.name, address_of(request))
    if admission.wait_s:
        error = words.too_many_attempts(admission.wait_s)
        answer = step_page(request, services, form, posted, error=error, status=429)
        answer.headers["Retry-After"] = str(admission.wait_s)
        return answer
    await asyncio.sleep(admission.delay_s)
    return await run_in_threadpool(_finish, request, services, form, posted)


def _finish(request: Request, services: StaffServices, form: CodeForm, posted: FormData) -> Response:
    try:
        signed_in = second_factor.finish(services.database, str(form.step.data), str(form.code.data), services.clock())
    except StepOver:
        return _over(request, services, posted)
    if signed_in is None:
        form.code.errors = [_WRONG_CODE]
        return step_page(request, services, form, posted, status=401)
    services.throttle.forgive(signed_in.staff.name, address_of(request))
    return enter(request, services, signed_in, posted)


@router.post("/login/passkey/options")
def passkey_options(request: Request, services: ServicesDep, posted: Posted) -> Response:
    """What the browser needs to show a passkey."""
    party = services.relying_party
    if party is None or services.throttle.admit_network(address_of(request)).wait_s:
        return no_options()
    try:
        staff = _person(services, posted)
    except StepOver:
        return no_options()
    with services.database.transaction() as connection:
        return json_of(party.request_options(connection, staff.id if staff else None))


@router.post("/login/passkey")
def show_passkey(request: Request, services: ServicesDep, posted: Posted) -> Response:
    """Check the passkey that the browser showed, behind a password or alone."""
    party = services.relying_party
    if party is None:
        return _failed(request, services, posted)
    credential = str(posted.get("credential", ""))
    try:
        staff = _person(services, posted)
        signed_in = party.sign_in(services.database, credential, staff.id if staff else None, services.clock())
    except StepOver:
        return _over(request, services, posted)
    except UnusablePasskey:
        return _failed(request, services, posted)
    return enter(request, services, signed_in, posted)


def step_page(
    request: Request,
    services: StaffServices,
    form: CodeForm,
    posted: FormData,
    *,
    error: str = "",
    status: int = 200,
) -> Response:
    """What the login asks for beside the password."""
    try:
        person = second_factor.holder(services.database, str(form.step.data))
    except StepOver:
        return _over(request, services, posted)
    with services.database.transaction() as connection:
        factors = staff_factor.factors(connection, person.id)
    context = {
        "form": form,
        "factors": factors,
        "error": error,
        "kept": carried(posted),
        "party": services.relying_party if factors.passkeys else None,
    }
    return page(request, "people/second_step.html", context, status)


def _person(services: StaffServices, posted: FormData) -> Staff | None:
    """Whose password was right before; None where nobody's was asked for. Raises StepOver."""
    token = str(posted.get("step", ""))
    return second_factor.holder(services.database, token) if token else None


def _over(request: Request, services: StaffServices, posted: FormData) -> Response:
    """Back to the login; what was typed before in another form is not lost on the way."""
    if carried(posted) is None:
        return RedirectResponse(f"{LOGIN}?notice=again", 303)
    return login_page(request, services, LoginForm(), posted, error=t(AGAIN), status=401)


def _failed(request: Request, services: StaffServices, posted: FormData) -> Response:
    wanted = safe_next(str(posted.get("next", "")))
    token = str(posted.get("step", ""))
    if token:
        form = CodeForm(data={"step": token, "next": wanted})
        return step_page(request, services, form, posted, error=t(PASSKEY_FAILED), status=422)
    return login_page(request, services, LoginForm(data={"next": wanted}), posted, error=t(PASSKEY_FAILED), status=422)
