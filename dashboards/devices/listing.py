"""The list of devices: by trail, by how they are, by a word that somebody looks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.catalogue.snapshot import Snapshot
from dashboards.access.visible import visible_trails
from dashboards.conditions import board
from dashboards.conditions.board import DeviceRow
from dashboards.conditions.looks import Common
from dashboards.devices.outlook import charge_words, forecasts
from dashboards.gate import may
from dashboards.languages import marked
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.conditions.battery import BatteryForecast
from geodata.conditions.device_condition import Condition
from geodata.store.devices import device_search
from geodata.store.devices.device import load_devices, load_devices_at
from geodata.store.devices.device_search import DeviceSearch
from geodata.store.ingest import quarantine
from geodata.store.transaction import Transaction

router = APIRouter()

_MOST = 50
_LONGEST_SEARCH = 80
STATES: Mapping[str, tuple[str, frozenset[Condition]]] = {
    "visit": (marked("braucht jemanden"), frozenset(each for each in Condition if each.needs_visit)),
    "silent": (marked("schweigt"), frozenset({Condition.SILENT, Condition.NEVER})),
    "unusable": (marked("sendet Unlesbares oder Zweifelhaftes"), frozenset({Condition.UNUSABLE, Condition.DOUBTFUL})),
    "failed": (marked("Sensor ausgefallen"), frozenset({Condition.FAILED})),
    "battery": (marked("Akku schwach"), frozenset({Condition.BATTERY})),
    "maintenance": (marked("in Wartung"), frozenset({Condition.MAINTENANCE})),
    "waiting": (marked("wartet auf ersten Wert"), frozenset({Condition.WAITING})),
    "running": (marked("läuft"), frozenset({Condition.RUNNING})),
    "revoked": (marked("abgemeldet"), frozenset()),
}
"""What the list can be narrowed to, by its name in the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesAsked:
    """What somebody asked for; empty: not narrowed. ``number`` is that of the page."""

    trail: str = ""
    state: str = ""
    text: str = ""
    number: int = 1

    def address(self, number: int) -> str:
        """Where another page of the same list is."""
        asked = {"trail": self.trail, "state": self.state, "q": self.text, "page": str(number) if number > 1 else ""}
        return f"/staff/devices?{urlencode({name: value for name, value in asked.items() if value})}"


@router.get("/devices")
def show_list(
    request: Request,
    services: ServicesDep,
    staff: CurrentStaff,
    *,
    trail: str = "",
    state: str = "",
    q: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
    notice: str = "",
) -> Response:
    """A page of the devices of all trails that somebody sees, or of one."""
    asked = DevicesAsked(
        trail=trail, state=state if state in STATES else "", text=q.strip()[:_LONGEST_SEARCH], number=number
    )
    snapshot = services.keeper.current
    trails = visible_trails(snapshot, staff)
    now = services.clock()
    with services.database.transaction() as connection:
        found, total = _found(connection, services, asked, [trail] if trail else list(trails))
        shown = load_devices(connection, found)
        rows = [board.row(snapshot, services.keeper.latest, shown[device], now) for device in found]
        waiting = quarantine.count_by_device(connection, found)
        batteries = forecasts(connection, snapshot, list(shown.values()), now.date())
    context = {
        "asked": asked,
        "trails": trails,
        "states": {name: words for name, (words, _) in STATES.items()},
        "rows": rows,
        "charges": {row.device.id: _charge(row, batteries, now) for row in rows},
        "waiting": waiting,
        "total": total,
        "pages": -(-total // _MOST),
        "common": _common(snapshot, rows, now) if not (asked.state or asked.text or total > _MOST) else {},
        "may_add": may(request, "POST /new-device"),
        "notice": notice,
    }
    return page(request, "devices/devices.html", context)


def _found(
    connection: Transaction, services: StaffServices, asked: DevicesAsked, trails: list[str]
) -> tuple[list[str], int]:
    """The devices of the page, and how many there are: narrowed by the database, and where asked by how they are."""
    search = DeviceSearch(trails=trails, text=asked.text, revoked=asked.state == "revoked")
    skip = (asked.number - 1) * _MOST
    conditions = STATES[asked.state][1] if asked.state else frozenset[Condition]()
    if not conditions:
        return device_search.find(connection, search, limit=_MOST, skip=skip), device_search.count(connection, search)
    now, snapshot = services.clock(), services.keeper.current
    ids = device_search.find(connection, search)
    known = load_devices_at(connection, trails)  # not by thousands of ids: the database would compare each with each
    fitting = [
        device for device in ids
        if board.condition_of(snapshot, services.keeper.latest, known[device], now) in conditions
    ]  # fmt: skip
    return fitting[skip : skip + _MOST], len(fitting)


def _charge(row: DeviceRow, batteries: Mapping[str, BatteryForecast], now: datetime) -> str:
    if row.battery is None:
        return ""
    return charge_words(row.battery_words, batteries, row.device.id, now.date())


def _common(snapshot: Snapshot, rows: Sequence[DeviceRow], now: datetime) -> Mapping[str | None, Common]:
    zones = snapshot.catalogue.timezones()
    return board.common_by_trail(rows, now, zones[0])
