"""Lets in who may: one dependency before every staff page, after the matrix in roles.py."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from dashboards import accounts, roles
from dashboards.services import StaffServices
from geodata.errors import DigitalpfadError
from geodata.model.staff import Role, Staff
from geodata.store.access import audit
from geodata.vocabulary.audit import Action

START = "/staff/"
LOGIN = "/staff/login"
ACCOUNT = "/staff/account"
_LONGEST_NEXT = 500  # far above every address of these pages


class NotSignedIn(DigitalpfadError):
    """The page needs a login."""


class NotAllowed(DigitalpfadError):
    """The role may not do this."""


class PasswordIsOneTime(DigitalpfadError):
    """The generated password has to be replaced first."""


def gate(request: Request) -> None:
    """Note who asks in ``request.state.staff``; raise NotSignedIn, NotAllowed or PasswordIsOneTime."""
    services: StaffServices = request.app.state.services
    route = key(request)
    staff = signed_in(services, request, used=route != "GET /live")
    request.state.staff = staff
    role: Role | None = staff.role if staff else None
    if not roles.is_allowed(route, role):
        if staff is None:
            raise NotSignedIn
        with services.database.transaction() as connection:
            audit.count_refusal(connection, staff.name, Action.PAGE, route)
        raise NotAllowed
    needs_password = staff is not None and staff.one_time
    if needs_password and route not in roles.BEFORE_PASSWORD_CHANGE and not roles.is_allowed(route, None):
        raise PasswordIsOneTime


def key(request: Request) -> str:
    """The entry of roles.ACCESS that belongs to a request."""
    route = request.scope.get("route")
    method = "GET" if request.method == "HEAD" else request.method
    return f"{method} {route.path}" if isinstance(route, APIRoute) else f"{method} ?"


def signed_in(services: StaffServices, request: Request, *, used: bool) -> Staff | None:
    """Who holds an open session; ``used`` keeps it awake."""
    token = request.cookies.get(services.cookie)
    return accounts.find(services.database, token, services.clock(), used=used) if token else None


def keep(response: Response, services: StaffServices, token: str) -> None:
    """Give the browser its token."""
    response.set_cookie(
        services.cookie,
        token,
        max_age=int(accounts.LIFETIME.total_seconds()),
        path="/",
        secure=services.is_https,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, services: StaffServices) -> None:
    """Take the token from the browser."""
    response.delete_cookie(services.cookie, path="/", secure=services.is_https, httponly=True, samesite="lax")


def login_url(request: Request) -> str:
    """The login page, which leads back to where somebody wanted to go."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return LOGIN if wanted == START or len(wanted) > _LONGEST_NEXT else f"{LOGIN}?{urlencode({'next': wanted})}"


def safe_next(wanted: str) -> str:
    """``wanted`` where it is a staff page of this server, else the start page: a link must not lead elsewhere."""
    if len(wanted) > _LONGEST_NEXT:
        return START
    try:
        parts = urlsplit(wanted)
    except ValueError:  # half an IPv6 address, or a host that is none
        return START
    is_ours = wanted.startswith(START) and not parts.scheme and not parts.netloc
    is_plain = wanted.isascii() and wanted.isprintable() and not any(c in wanted for c in "\\ ") and ".." not in wanted
    return wanted if is_ours and is_plain and "//" not in parts.path and parts.path != LOGIN else START
