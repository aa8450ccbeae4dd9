"""Where trails show, what they hold, and the deletion of one. geodata.actions.edit_trail holds the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from geodata.errors import NotFound
from geodata.model.trail import TrailDirection, TrailState
from geodata.store.transaction import Transaction

_PARTS: tuple[LiteralString, ...] = (
    "DELETE FROM notice_rule WHERE trail = %(trail)s OR device IN (SELECT id FROM device WHERE trail = %(trail)s)",
    "DELETE FROM closure WHERE trail = %(trail)s",
    "DELETE FROM latest WHERE datastream = ANY(%(streams)s)",
    "DELETE FROM rollup_hour WHERE datastream = ANY(%(streams)s)",
    "DELETE FROM observation WHERE datastream = ANY(%(streams)s)",
    "DELETE FROM quarantine WHERE device IN (SELECT id FROM device WHERE trail = %(trail)s)",
    "DELETE FROM counter_mounting WHERE trail = %(trail)s OR device IN (SELECT id FROM device WHERE trail = %(trail)s)",
    "DELETE FROM datastream WHERE id = ANY(%(streams)s)",
    "DELETE FROM sensor WHERE device IN (SELECT id FROM device WHERE trail = %(trail)s)",
    "DELETE FROM device WHERE trail = %(trail)s",
    "DELETE FROM scan_hour WHERE station IN (SELECT code FROM station WHERE trail = %(trail)s)",
    (
        "DELETE FROM content_version WHERE trail = %(trail)s OR station IN"
        " (SELECT code FROM station WHERE trail = %(trail)s)"
    ),
    "DELETE FROM station_content WHERE station IN (SELECT code FROM station WHERE trail = %(trail)s)",
    (
        "INSERT INTO removed_code (code, trail, number, lon, lat)"
        " SELECT code, trail, number, lon, lat FROM station WHERE trail = %(trail)s"
    ),
    "DELETE FROM station WHERE trail = %(trail)s",
    "DELETE FROM trail WHERE slug = %(trail)s",
)
"""In an order in which nothing is referred to any more when it goes."""


_HOLDINGS: LiteralString = """
WITH streams AS (SELECT datastream.id FROM datastream JOIN device ON device.id = device WHERE trail = %(trail)s)
SELECT surveyed,
    (SELECT count(*) FROM station WHERE station.trail = slug),
    (SELECT count(*) FROM device WHERE device.trail = slug AND revoked_at IS NULL),
    (SELECT count(DISTINCT stay.device) FROM device_stay AS stay JOIN device ON device.id = stay.device
        WHERE device.trail = slug AND stay.trail <> slug),
    (SELECT coalesce(sum(count + suspect + missing), 0)::bigint FROM rollup_hour
        WHERE datastream IN (SELECT id FROM streams)) +
    (SELECT coalesce(sum(count + suspect + missing), 0)::bigint
        FROM (SELECT device, trail, until, coalesce(lag(until) OVER (PARTITION BY device ORDER BY until),
            '-infinity') AS since FROM device_stay) AS stay
        JOIN device ON device.id = stay.device AND device.trail <> slug
        JOIN datastream ON datastream.device = stay.device
        JOIN rollup_hour ON rollup_hour.datastream = datastream.id AND hour >= since AND hour < until
        WHERE stay.trail = slug),
    (SELECT count(*) FROM quarantine WHERE device IN (SELECT id FROM device WHERE device.trail = slug)),
    (SELECT coalesce(sum(scan_hour.count), 0)::bigint FROM scan_hour JOIN station ON code = station
        WHERE station.trail = slug AND entry <> 'link'),
    (SELECT coalesce(sum(scan_hour.count), 0)::bigint FROM scan_hour JOIN station ON code = station
        WHERE station.trail = slug AND entry <> 'link'
            AND trail.state = 'hidden' AND hour >= date_trunc('hour', trail.state_since))
FROM trail WHERE slug = %(trail)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedCode:
    """The code of a station whose trail was removed as if it had never been; where it stood, and since when it is gone.

    No other station ever gets it: a sign may have been printed.
    """

    code: str
    trail: str
    number: int
    lon: float
    lat: float
    removed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a trail holds; ``sign_scans`` are page requests by sign or NFC tag, ``devices`` may still log in.

    ``hidden_scans`` are those of them since the hour in which it was hidden, if it is: they may be looks of its town.

    ``observations`` are those of its devices, and those that a device measured here which stands elsewhere now;
    ``guests`` are devices that stood on another trail before.
    """

    surveyed: bool
    stations: int
    devices: int
    guests: int
    observations: int
    quarantined: int
    sign_scans: int
    hidden_scans: int


def is_known(connection: Transaction, trail: str) -> bool:
    """Whether there is a trail of this slug."""
    return connection.execute("SELECT FROM trail WHERE slug = %s", [trail]).fetchone() is not None


def lock(connection: Transaction, trail: str) -> TrailState:
    """Where a trail shows; its row is locked until the transaction ends. Raises NotFound."""
    row = connection.execute("SELECT state FROM trail WHERE slug = %s FOR UPDATE", [trail]).fetchone()
    if row is None:
        raise NotFound("trail", trail)
    return TrailState(row[0])


def set_state(connection: Transaction, trail: str, state: TrailState, now: datetime) -> None:
    """Write where a trail shows, since ``now``."""
    connection.execute("UPDATE trail SET state = %s, state_since = %s WHERE slug = %s", [state.value, now, trail])


def set_stamps_needed(connection: Transaction, trail: str, needed: int | None) -> None:
    """How many stamps earn the badge of a trail; None: those of all stations that are open. Raises NotFound."""
    if connection.execute("UPDATE trail SET stamps_needed = %s WHERE slug = %s", [needed, trail]).rowcount == 0:
        raise NotFound("trail", trail)


def set_direction(connection: Transaction, trail: str, direction: TrailDirection | None) -> None:
    """Which way the signs of a trail lead; None: nobody has said. Raises NotFound."""
    changed = connection.execute(
        "UPDATE trail SET direction = %s, updated_at = now() WHERE slug = %s",
        [direction and direction.value, trail],
    )
    if changed.rowcount == 0:
        raise NotFound("trail", trail)


def holdings(connection: Transaction, trail: str) -> Holdings:
    """What a trail holds; raises NotFound."""
    row = connection.execute(
        _HOLDINGS,
        {"trail": trail},
    ).fetchone()
    if row is None:
        raise NotFound("trail", trail)
    surveyed, stations, devices, guests, observations, quarantined, sign_scans, hidden_scans = row
    return Holdings(
        surveyed=surveyed,
        stations=stations,
        devices=devices,
        guests=guests,
        observations=observations,
        quarantined=quarantined,
        sign_scans=sign_scans,
        hidden_scans=hidden_scans,
    )


def delete(connection: Transaction, trail: str) -> None:
    """Delete a trail and all that it holds; its codes stay known as gone.

    A municipality that has no other trail and says nothing of itself goes too.
    """
    connection.execute("SELECT set_config('digitalpfad.removes_trail', %s, true)", [trail])
    streams = connection.execute(
        "SELECT datastream.id FROM datastream JOIN device ON device.id = device WHERE trail = %s", [trail]
    ).fetchall()
    town = connection.execute("SELECT municipality FROM trail WHERE slug = %s", [trail]).fetchone()
    for part in _PARTS:
        connection.execute(part, {"trail": trail, "streams": [row[0] for row in streams]})
    connection.execute(
        "DELETE FROM municipality WHERE slug = %s AND operator = '{}'"
        " AND NOT EXISTS (SELECT FROM trail WHERE municipality = municipality.slug)",
        [town[0] if town else None],
    )


def load_removed(connection: Transaction) -> dict[str, RemovedCode]:
    """The codes of removed trails."""
    rows = connection.execute("SELECT code, trail, number, lon, lat, removed_at FROM removed_code ORDER BY code")
    return {
        code: RemovedCode(code=code, trail=trail, number=number, lon=lon, lat=lat, removed_at=removed_at)
        for code, trail, number, lon, lat, removed_at in rows
    }


def living_station(connection: Transaction) -> str | None:
    """The code of a station that hikers find: on a shown trail, not retired, first one where something is measured."""
    row = connection.execute(
        """
        SELECT code FROM station JOIN trail ON slug = trail WHERE state = 'shown' AND retired_at IS NULL
        ORDER BY NOT EXISTS (SELECT FROM device WHERE device.station = code AND revoked_at IS NULL), trail, number
        LIMIT 1
        """
    ).fetchone()
    return str(row[0]) if row else None
