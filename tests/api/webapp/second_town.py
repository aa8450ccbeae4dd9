"""A second municipality with a trail of two stations, beside the demonstration."""

from __future__ import annotations

import shapely

from geodata.model.content import StationContent
from geodata.model.municipality import Municipality
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailContent
from geodata.store.catalogue.station import save_station
from geodata.store.catalogue.trail import save_municipality, save_trail
from geodata.store.database import Database

TRAIL, FIRST, SECOND = "weserblick", "KA1MX9", "KA2MXH"
GIVEN_UP, REMOVED = ("5VT4FX", "KB6CQZ"), ("VMXXQW", "KFBF5Z")
"""Codes for trails beside it that a test gives up, or removes."""
LINE = shapely.LineString([(9.03, 52.13), (9.04, 52.135)])


def add_kalletal(database: Database) -> None:
    """Write it as an import does."""
    add_trail(database, TRAIL, "Weserblick", (FIRST, SECOND))


def add_trail(database: Database, slug: str, name: str, codes: tuple[str, str]) -> None:
    """Another trail of that municipality, on the same ground."""
    with database.transaction() as connection:
        save_municipality(connection, Municipality(slug="kalletal", name="Kalletal"))
        names = {"de": TrailContent(variant="de", name=name, lead="Hoch über dem Fluss.")}
        save_trail(connection, Trail(slug=slug, municipality="kalletal", line=LINE, licence="CC0-1.0", contents=names))
        for number, code, (lon, lat) in ((1, codes[0], (9.03, 52.13)), (2, codes[1], (9.04, 52.135))):
            text = StationContent(variant="de", title=f"Blick {number}", lead=f"Hier steht Bank {number}.", body="")
            save_station(
                connection,
                Station(code=code, trail=slug, number=number, lon=lon, lat=lat, contents={"de": text}),
            )
