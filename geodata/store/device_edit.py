"""Changes of a registered device by hand: where it stands, what it is called. Its datastreams and their past stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.errors import InvalidInput, NotFound
from geodata.message import message
from geodata.model import Device
from geodata.store.device_status import find

LONGEST_NAME = 80
LONGEST_INTERVAL_S = 31 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to change; None leaves a field as it is."""

    name: str | None = None
    kind: str | None = None
    interval_s: int | None = None
    lonlat: tuple[float, float] | None = None


def move(
    connection: Connection[TupleRow],
    device: str,
    *,
    station: str | None = None,
    trail: str | None = None,
    at: datetime,
    now: datetime,
) -> Device:
    """Stand ``device`` at ``station`` (a stored code), or beside ``trail``, from ``at`` on; return it as it is then.

    What it measured before stays with the old place. Raises NotFound and InvalidInput; the same place again changes
    nothing.
    """
    before = _working(connection, device)
    to_trail, to_station = _place(connection, station, trail)
    if (before.trail, before.station) == (to_trail, to_station):
        return before
    if at > now or (before.since is not None and at <= before.since):
        expected = message("a time that is not after now")
        if before.since is not None:
            expected = message(
                "a time after {since}, when it came to its present place, and not after now",
                since=before.since.isoformat(timespec="seconds"),
            )
        raise InvalidInput("at", at.isoformat(), expected)
    connection.execute(
        "INSERT INTO device_stay (device, trail, station, until) VALUES (%s, %s, %s, %s)",
        [device, before.trail, before.station, at],
    )
    connection.execute(
        "UPDATE device SET trail = %s, station = %s, lon = NULL, lat = NULL WHERE id = %s",
        [to_trail, to_station, device],
    )
    return find(connection, device)


def edit(connection: Connection[TupleRow], device: str, change: Change) -> Device:
    """Change what is given and return the device. Raises NotFound and InvalidInput."""
    _working(connection, device)
    for field, text in (("name", change.name), ("kind", change.kind)):
        if text is not None and (len(text) > LONGEST_NAME or not text.isprintable()):
            raise InvalidInput(field, text, message("at most {most} printable characters", most=LONGEST_NAME))
    if change.interval_s is not None and not 1 <= change.interval_s <= LONGEST_INTERVAL_S:
        raise InvalidInput("every", change.interval_s, message("1 to {most} seconds", most=LONGEST_INTERVAL_S))
    lon, lat = change.lonlat or (None, None)
    if change.lonlat is not None and not (abs(change.lonlat[0]) <= 180 and abs(change.lonlat[1]) <= 90):
        raise InvalidInput("lon, lat", change.lonlat, "a longitude from -180 to 180 and a latitude from -90 to 90")
    connection.execute(
        "UPDATE device SET name = coalesce(%s, name), kind = coalesce(%s, kind), interval_s = coalesce(%s, interval_s),"
        " lon = coalesce(%s, lon), lat = coalesce(%s, lat) WHERE id = %s",
        [change.name, change.kind, change.interval_s, lon, lat, device],
    )
    return find(connection, device)


def _working(connection: Connection[TupleRow], device: str) -> Device:
    connection.execute("SELECT FROM device WHERE id = %s FOR UPDATE", [device])
    found = find(connection, device)
    if found.revoked_at is not None:
        raise InvalidInput("device", device, "a device that is not revoked")
    return found


def _place(connection: Connection[TupleRow], station: str | None, trail: str | None) -> tuple[str, str | None]:
    """Trail and station; a station lies at its own trail."""
    if station is not None:
        row = connection.execute(
            "SELECT trail FROM station WHERE code = %s AND retired_at IS NULL", [station]
        ).fetchone()
        if row is None:
            raise NotFound("station", station)
        if trail is not None and trail != row[0]:
            raise InvalidInput(
                "trail", trail, message("{trail}, the trail of station {code}", trail=row[0], code=station)
            )
        return str(row[0]), station
    if trail is None:
        raise InvalidInput("place", None, "a station, or a trail to stand beside")
    if connection.execute("SELECT FROM trail WHERE slug = %s", [trail]).fetchone() is None:
        raise NotFound("trail", trail)
    return trail, None
