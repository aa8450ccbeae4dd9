"""Rendering of the staff pages: escaped always, and a name that is missing is an error, not a blank."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2_fragments import render_block
from starlette.responses import HTMLResponse

from api.catalogue.texts import name_of, title_of
from api.http.assets import Assets
from dashboards import board, conditions, roles, words
from dashboards.services import StaffServices
from geodata.errors import StoreUnavailable
from geodata.model.operator import LINES
from geodata.model.staff import Staff

MENU = (
    ("/staff/", "GET /", "Übersicht"),
    ("/staff/reports", "GET /reports", "Meldungen"),
    ("/staff/devices", "GET /devices", "Geräte"),
    ("/staff/figures", "GET /figures", "Nutzung"),
    ("/staff/counting", "GET /counting", "Zählen"),
    ("/staff/signs", "GET /signs", "Schilder"),
    ("/staff/quarantine", "GET /quarantine", "Quarantäne"),
    ("/staff/audit", "GET /audit", "Protokoll"),
    ("/staff/account", "GET /account", "Mein Zugang"),
)
"""Address, entry in roles.py and name of what the menu offers."""

STATIC = Assets(Path(__file__).parent / "static", "/staff/static")

_environment = Environment(
    loader=PackageLoader("dashboards"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
cast("dict[str, object]", _environment.globals).update(
    asset=STATIC.url,
    lines=LINES,
    words=words,
    next_action=board.next_action,
    looks=conditions.LOOKS,
    title=title_of,
    trail_name=name_of,
)


def page(request: Request, template: str, context: Mapping[str, object], status_code: int = 200) -> HTMLResponse:
    """A whole page. ``staff`` in the template is who is signed in, or None."""
    staff: Staff | None = getattr(request.state, "staff", None)
    values = {
        "staff": staff,
        "here": request.url.path,
        "menu": [(address, name) for address, route, name in MENU if _offers(route, staff)],
        "towns": _towns(request),
        **context,
    }
    return HTMLResponse(_environment.get_template(template).render(values), status_code)


def part(template: str, block: str, context: Mapping[str, object]) -> str:
    """One block of a page, the same that the page itself shows."""
    return render_block(_environment, template, block, **context)


def _offers(route: str, staff: Staff | None) -> bool:
    if staff is None or (staff.one_time and route not in roles.BEFORE_PASSWORD_CHANGE):
        return False
    return roles.is_allowed(route, staff.role)


def _towns(request: Request) -> str:
    services: StaffServices = request.app.state.services
    try:
        snapshot = services.keeper.current
        towns = {trail.municipality for trail in snapshot.listed.values()}
    except StoreUnavailable:  # the page says so itself; its frame needs no names
        return ""
    return ", ".join(sorted(snapshot.catalogue.municipalities[town].name for town in towns))
