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
from dashboards import words
from dashboards.access import roles
from dashboards.access.visible import visible_trails
from dashboards.conditions import board
from dashboards.conditions import looks as conditions
from dashboards.languages import LANGUAGES, marked, t
from dashboards.services import StaffServices
from geodata.errors import StoreUnavailable
from geodata.model.operator import LINES
from geodata.model.staff import Staff

START = "/staff/"
_LONGEST_ADDRESS = 500  # far above every address of these pages

MENU = (
    ("/staff/", "GET /", marked("Übersicht")),
    ("/staff/care", "GET /care", marked("Runde")),
    ("/staff/reports", "GET /reports", marked("Meldungen")),
    ("/staff/trails", "GET /trails", marked("Pfade")),
    ("/staff/content", "GET /content", marked("Texte")),
    ("/staff/signs", "GET /signs", marked("Schilder prüfen")),
    ("/staff/trail-files", "GET /trail-files", marked("Pfad aus Datei")),
    ("/staff/figures", "GET /figures", marked("Nutzung")),
    ("/staff/counting", "GET /counting", marked("Zählen")),
    ("/staff/devices", "GET /devices", marked("Geräte")),
    ("/staff/quarantine", "GET /quarantine", marked("Quarantäne")),
    ("/staff/operations", "GET /operations", marked("Betrieb")),
    ("/staff/people", "GET /people", marked("Personen")),
    ("/staff/audit", "GET /audit", marked("Protokoll")),
    ("/staff/mail", "GET /mail", marked("E-Mails")),
    ("/staff/account", "GET /account", marked("Mein Zugang")),
)
"""Address, entry in roles.py and name of what the menu offers."""

_GROUPS = {
    "/staff/": marked("Jeden Tag"),
    "/staff/trails": marked("Der Pfad"),
    "/staff/figures": marked("Zahlen"),
    "/staff/devices": marked("Technik"),
    "/staff/people": marked("Zugang"),
}
"""What the entries from this one on are called together."""
TRAIL_PAGES = (
    ("closures", marked("Sperrungen")),
    ("notices", marked("Hinweise")),
    ("stations", marked("Stationen")),
    ("signs", marked("Schilder drucken")),
)
"""Below a trail's address: what pages there are of each, and their names."""


def _trail_pages(slug: str) -> list[tuple[str, str]]:
    """Address and name of each page about a trail."""
    return [(f"/staff/trails/{slug}/{page_name}", t(name)) for page_name, name in TRAIL_PAGES]


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
    t=t,
    plural=t.plural,
    languages=LANGUAGES,
    lines=LINES,
    words=words,
    count=words.count,
    next_action=board.next_action,
    looks=conditions.LOOKS,
    title=title_of,
    trail_name=name_of,
    trail_pages=_trail_pages,
)


def page(request: Request, template: str, context: Mapping[str, object], status_code: int = 200) -> HTMLResponse:
    """A whole page. ``staff`` in the template is who is signed in, or None."""
    staff: Staff | None = getattr(request.state, "staff", None)
    values = {
        "staff": staff,
        "here": request.url.path,
        "address": _address(request),
        "menu": _menu(staff),
        "towns": _towns(request, staff),
        **context,
    }
    return HTMLResponse(_environment.get_template(template).render(values), status_code)


def part(template: str, block: str, context: Mapping[str, object]) -> str:
    """One block of a page, the same that the page itself shows."""
    return render_block(_environment, template, block, **context)


def _menu(staff: Staff | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups by their names, each with addresses and names of what ``staff`` may open."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for address, route, name in MENU:
        if address in _GROUPS:
            groups.append((t(_GROUPS[address]), []))
        if _offers(route, staff):
            groups[-1][1].append((address, t(name)))
    return [group for group in groups if group[1]]


def _address(request: Request) -> str:
    """Where the same page is shown again; the start page for what only a form leads to, or is no address of ours."""
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return address if request.method == "GET" and len(address) <= _LONGEST_ADDRESS else START


def _offers(route: str, staff: Staff | None) -> bool:
    if staff is None or (staff.one_time and route not in roles.BEFORE_PASSWORD_CHANGE):
        return False
    held = staff.roles_for_installation if route in roles.FOR_INSTALLATION else staff.roles
    return roles.is_allowed(route, held)


def _towns(request: Request, staff: Staff | None) -> str:
    """The municipalities with trails; those of whoever is signed in."""
    services: StaffServices = request.app.state.services
    try:
        snapshot = services.keeper.current
        trails = visible_trails(snapshot, staff) if staff else snapshot.listed
        towns = {trail.municipality for trail in trails.values()}
    except StoreUnavailable:  # the page says so itself; its frame needs no names
        return ""
    return ", ".join(sorted(snapshot.catalogue.municipalities[town].name for town in towns))
