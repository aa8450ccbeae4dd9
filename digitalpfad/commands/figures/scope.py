"""What figures are asked about: a trail by its slug, or a station by its code."""

from __future__ import annotations

from geodata.conditions.annotations import AnnotationScope
from geodata.errors import NotFound
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from geodata.store.transaction import Transaction


def scope_of(connection: Transaction, name: str, *, is_station: bool | None = None) -> AnnotationScope:
    """The scope called ``name``, the slug of a trail or else the code of a station. Raises NotFound."""
    trails = load_trails(connection)
    if not is_station and name in trails:
        return AnnotationScope(municipality=trails[name].municipality, trail=name)
    station = load_stations(connection).get(name.upper())
    if station is None or is_station is False:
        raise NotFound("station" if is_station else "trail", name)
    return AnnotationScope(municipality=trails[station.trail].municipality, trail=station.trail, station=station.code)
