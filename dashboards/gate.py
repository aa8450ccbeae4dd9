"""Lets in who may: one dependency before every staff page, after the matrix in roles.py."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from dashboards.access import accounts, roles
from dashboards.services import StaffServices
from geodata.errors import DigitalpfadError, NotFound
from geodata.model.staff import Role, Staff
from geodata.store.access import audit
from geodata.store.access.municipality_of import KINDS, municipalities_of
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
    """Note who asks in ``request.state.staff``, and the roles that count here in ``request.state.roles``.

    Raises NotSignedIn, NotAllowed, PasswordIsOneTime, or NotFound for what belongs to a municipality of others: they do
    not learn that it exists.
    """
    services: StaffServices = request.app.state.services
    route = key(request)
    staff = signed_in(services, request, used=route != "GET /live")
    request.state.staff = staff
    request.state.roles = _held(services, request, staff, route) if staff else frozenset[Role]()
    if not roles.is_allowed(route, request.state.roles):
        if staff is None:
            raise NotSignedIn
        with services.database.transaction() as connection:
            audit.count_refusal(connection, staff.name, Action.PAGE, route)
        raise NotAllowed
    needs_password = staff is not None and staff.one_time
    if needs_password and route not in roles.BEFORE_PASSWORD_CHANGE and not roles.is_allowed(route, ()):
        raise PasswordIsOneTime


def _held(services: StaffServices, request: Request, staff: Staff, route: str) -> frozenset[Role]:
    """The roles that hold for everything that the address names, in its path or behind it."""
    held = staff.roles_for_installation if route in roles.FOR_INSTALLATION else staff.roles
    named = [(kind, name) for kind, name in _named(request) if name]
    if not named:
        return held
    with services.database.transaction() as connection:
        for kind, name in named:
            towns = municipalities_of(connection, kind, name)
            if not towns:
                continue  # the page itself says that there is no such thing
            there = frozenset[Role]().union(*map(staff.roles_in, towns))
            if not there:
                raise NotFound(kind, name)
            held &= there
    return held


def _named(request: Request) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        if kind in request.path_params:
            yield kind, str(request.path_params[kind])
        yield from ((kind, name) for name in request.query_params.getlist(kind))


def may(request: Request, route: str) -> bool:
    """Whether whoever asks for this page may use ``route`` for what the page is about."""
    held: frozenset[Role] = request.state.roles
    return roles.is_allowed(route, held)


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
