"""The catalogue of a moment: of each station the texts of the season, by the calendar of its municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from geodata.content.seasonal import next_switch, texts_on
from geodata.store.catalogue.catalogue import Catalogue


def apply_seasonal_texts(catalogue: Catalogue, now: datetime) -> tuple[Catalogue, datetime | None]:
    """The catalogue with the texts of ``now``, and the moment at which that changes; the same one without seasons.

    Stations whose texts have no season stay the same objects.
    """
    seasonal = [station for station in catalogue.stations.values() if station.seasonal]
    if not seasonal:
        return catalogue, None
    switches: list[datetime] = []
    stations = dict(catalogue.stations)
    for station in seasonal:
        timezone = catalogue.timezone_of(station.trail)
        stations[station.code] = texts_on(station, now.astimezone(timezone).date())
        switches += filter(None, [next_switch([station], now, timezone)])
    return replace(catalogue, stations=stations), min(switches, default=None)
