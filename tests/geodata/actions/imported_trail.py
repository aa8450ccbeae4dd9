"""The trail Waldweg imported from files, the stations it has then and what was told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shapely import Point

from geodata.actions import import_trail
from geodata.findings.trail_file import Findings
from geodata.model.station import Station
from geodata.store.catalogue.station import load_stations
from geodata.store.database import Database
from geodata.trailfiles.draft.records import Draft
from geodata.trailfiles.plan.plan import ImportPlan, Target
from tests.geodata.trailfiles.geofiles import NOW, read, station, trail_file

KALLETAL = Target(municipality="Kalletal", licence="CC0-1.0")
THREE: list[tuple[Point, dict[str, Any]]] = [(station(along), {"nr": i, "name": name}) for i, (along, name) in
         enumerate([(100, "Eiche"), (900, "Teich"), (1700, "Moor")], 1)]  # fmt: skip


def run(database: Database, draft: Draft, target: Target = KALLETAL, **how: Any) -> ImportPlan:
    return import_trail.carry_out(database, draft, target, NOW, Findings(), **how)


def import_(
    database: Database, folder: Path, stations: Any = THREE, target: Target = KALLETAL, **how: Any
) -> ImportPlan:
    """Import a file with the line east and these stations."""
    return run(database, read(trail_file(folder, stations, **how))[0], target)


def stored(database: Database) -> dict[str, Station]:
    """Stations of the trail waldweg by code."""
    with database.transaction() as connection:
        return {code: one for code, one in load_stations(connection).items() if one.trail == "waldweg"}


def by_title(database: Database) -> dict[str, Station]:
    return {one.contents["de"].title: one for one in stored(database).values()}


def told(plan: ImportPlan, severity: str = "") -> list[str]:
    return [f"{one.severity}: {one}" for one in plan.findings if one.severity.startswith(severity)]


def changes(plan: ImportPlan) -> list[tuple[int, str]]:
    return [(one.station.number, one.change) for one in plan.stations]
