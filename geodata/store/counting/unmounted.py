"""Counters that hang nowhere yet: each gets channels, in the mounting periods that the stays of its device tell."""

from __future__ import annotations

from typing import LiteralString

from geodata.store.counting import mountings
from geodata.store.transaction import Transaction


def mount(connection: Transaction) -> list[str]:
    """Mount the datastreams that count passes and have no channel; return the devices, which are to be counted.

    A device's first counter gives it a period for each of its stays. Of two datastreams that say the same of one
    direction in the same way the first registered is believed; the other stays without a channel.
    """
    mountings.follow_devices(connection)
    connection.execute(_PERIODS)
    return [str(device) for (device,) in connection.execute(_CHANNELS)]


def waits(connection: Transaction, device: str) -> bool:
    """Whether this device sent passes and is not mounted yet: that is done with the next counting."""
    return connection.execute(_UNMOUNTED_OF, [device]).fetchone() is not None


_UNMOUNTED: LiteralString = """
    SELECT DISTINCT ON (datastream.device, direction, kind) datastream.id, datastream.device, direction, kind
    FROM datastream JOIN observed_property ON observed_property.id = datastream.observed_property
    WHERE direction IS NOT NULL AND NOT EXISTS (
        SELECT FROM counter_channel AS channel JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
        WHERE mounting.device = datastream.device AND channel.direction = observed_property.direction
            AND CASE WHEN kind = 'increment' THEN channel.increment ELSE channel.total END IS NOT NULL)
    ORDER BY datastream.device, direction, kind, datastream.id
"""
_UNMOUNTED_OF: LiteralString = f"""
    SELECT true FROM ({_UNMOUNTED}) AS unmounted WHERE device = %s LIMIT 1
"""  # noqa: S608 - constants

_PERIODS: LiteralString = f"""
    WITH unmounted AS ({_UNMOUNTED}), fresh AS (
        SELECT DISTINCT device FROM unmounted
        WHERE NOT EXISTS (SELECT FROM counter_mounting AS known WHERE known.device = unmounted.device)
    ), place AS (
        SELECT device, trail, station, until FROM device_stay WHERE device IN (TABLE fresh)
        UNION ALL SELECT id, trail, station, NULL FROM device WHERE id IN (TABLE fresh)
    )
    INSERT INTO counter_mounting (device, trail, station, starts_at, ends_at)
    SELECT device, place.trail, station, lag(until) OVER stays, until
    FROM place JOIN trail ON trail.slug = place.trail WINDOW stays AS (PARTITION BY device ORDER BY until)
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - constants
"""Of a stay beside a trail that is no more there is no period."""

_CHANNELS: LiteralString = f"""
    WITH unmounted AS ({_UNMOUNTED}), made AS (
        INSERT INTO counter_channel AS known (mounting, direction, total, increment)
        SELECT mounting.id, direction, min(unmounted.id) FILTER (WHERE kind = 'running_total'),
            min(unmounted.id) FILTER (WHERE kind = 'increment')
        FROM unmounted JOIN counter_mounting AS mounting USING (device)
        GROUP BY mounting.id, direction ORDER BY mounting.id, direction
        ON CONFLICT (mounting, direction) DO UPDATE SET total = coalesce(known.total, excluded.total),
            increment = coalesce(known.increment, excluded.increment)
        RETURNING mounting
    )
    SELECT DISTINCT device FROM made JOIN counter_mounting ON counter_mounting.id = made.mounting ORDER BY 1
"""  # noqa: S608 - constants
