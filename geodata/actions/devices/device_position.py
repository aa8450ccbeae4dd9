"""Where a device is to stand, checked against its trail: a station, or a point beside the line."""

from __future__ import annotations

from geodata.actions import edit_station
from geodata.actions.devices.edit_device import Position
from geodata.errors import InvalidInput, NotFound
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message, phrase
from geodata.store.catalogue.trail import load_trails
from geodata.store.transaction import Transaction

FURTHEST_M = 2000.0
"""Metres from the line: a rain gauge on a roof of the village belongs to its trail. Further away somebody mixed up
trails, or longitude and latitude."""


def read(
    connection: Transaction, station: str | None, trail: str | None, lon: float | None, lat: float | None
) -> Position:
    """The position that is meant: ``station`` in any spelling, or ``lon`` and ``lat`` in degrees beside ``trail``.

    Raises InvalidInput, and NotFound for what is not there.
    """
    if (lon is None) != (lat is None):
        raise InvalidInput("lon, lat", (lon, lat), "both or none")
    if lon is None or lat is None:
        return Position(station=None if station is None else edit_station.find_code(connection, station), trail=trail)
    if station is not None:
        hint = "At a station a device has the station's place; next to the trail it has its own."
        raise InvalidInput("place", message("{station} and a point", station=station), "one of the two", hint)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        expected = phrase("degrees, longitude from -180 to 180 and latitude from -90 to 90")
        raise InvalidInput("lon, lat", (lon, lat), expected, "Longitude comes first.")
    if trail is None:
        raise InvalidInput("trail", None, "the trail that the point is near")
    _check_distance(connection, trail, lon, lat)
    return Position(trail=trail, lonlat=(lon, lat))


def _check_distance(connection: Transaction, trail: str, lon: float, lat: float) -> None:
    trails = load_trails(connection, [trail])
    if trail not in trails:
        raise NotFound("trail", trail)
    off_m = TrailGeometry(trails[trail].line).locate(lon, lat).off_m
    if off_m > FURTHEST_M:
        raise InvalidInput(
            "lon, lat",
            message("{lon}, {lat}, {metres:.0f} m from {trail}", lon=lon, lat=lat, metres=off_m, trail=trail),
            message("a point at most {metres:.0f} m from the trail's line", metres=FURTHEST_M),
            "Longitude comes first; another trail may be meant.",
        )
