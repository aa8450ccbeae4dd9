"""Stations of trails that were given up: each counts as retired since its trail is, whatever its own entry says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from geodata.model.station import Station
from geodata.model.trail import TrailState
from geodata.store.catalogue.catalogue import Catalogue


def with_retired_trails(catalogue: Catalogue) -> Catalogue:
    """The catalogue as pages show it; the same one where no trail is given up."""
    since = {trail.slug: trail.state_since for trail in catalogue.trails.values() if trail.state is TrailState.RETIRED}
    if not since:
        return catalogue
    stations = {
        code: _retired(station, since) if station.trail in since else station
        for code, station in catalogue.stations.items()
    }
    return replace(catalogue, stations=stations)


def _retired(station: Station, since: dict[str, datetime | None]) -> Station:
    return replace(station, retired_at=station.retired_at or since[station.trail])
