"""Write a planned import of a trail: places and numbers change, codes and texts of stored stations do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import shapely

from geodata.model.municipality import Municipality
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.catalogue import trail_state
from geodata.store.catalogue.station import add_stations
from geodata.store.catalogue.trail import save_municipality, save_trail
from geodata.store.transaction import Transaction

_PARKED = 1_000_000  # above every number in use; two stations may exchange theirs


def lock(connection: Transaction) -> None:
    """Let one import at a time compare and write; others wait. Ends with the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad trail import'))")


def write(
    connection: Transaction,
    municipality: Municipality,
    trail: Trail,
    changed: Collection[Station],
    new: Sequence[Station],
) -> None:
    """Write it all; the caller's transaction commits it. Of stored stations and trails no text is touched."""
    if connection.execute("SELECT 1 FROM municipality WHERE slug = %s", [municipality.slug]).fetchone() is None:
        save_municipality(connection, municipality)
    if not trail_state.is_known(connection, trail.slug):
        save_trail(connection, trail)
    _update_trail(connection, trail)
    connection.execute(
        "UPDATE station SET number = number + %s WHERE code = ANY(%s)", [_PARKED, [station.code for station in changed]]
    )
    _update_stations(connection, sorted(changed, key=lambda station: station.retired_at is None))
    add_stations(connection, new)


def _update_trail(connection: Transaction, trail: Trail) -> None:
    connection.execute(
        """
        UPDATE trail SET line = %(line)s, licence = %(licence)s, attribution = %(attribution)s,
            surveyed = %(surveyed)s, direction = %(direction)s, updated_at = now()
        WHERE slug = %(slug)s AND (line, licence, attribution, surveyed, direction)
            IS DISTINCT FROM (%(line)s, %(licence)s, %(attribution)s, %(surveyed)s, %(direction)s)
        """,
        {
            "slug": trail.slug,
            "line": shapely.to_wkb(trail.line, output_dimension=3),
            "licence": trail.licence,
            "attribution": trail.attribution,
            "surveyed": trail.surveyed,
            "direction": trail.direction,
        },
    )


def _update_stations(connection: Transaction, stations: Iterable[Station]) -> None:
    """In this order: a number that a retired station gives up is free for the next one."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            UPDATE station SET number = %s, lon = %s, lat = %s, height = %s, along_m = %s, retired_at = %s,
                updated_at = now()
            WHERE code = %s
            """,
            [
                (
                    station.number,
                    station.lon,
                    station.lat,
                    station.height,
                    station.along_m,
                    station.retired_at,
                    station.code,
                )
                for station in stations
            ],
        )
