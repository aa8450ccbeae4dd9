"""The signs of a stored trail."""

from __future__ import annotations

from digitalpfad.signs.sign import Sign, signs_of
from geodata.actions import edit_station
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message
from geodata.model.trail import TrailState
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_municipalities, load_trails
from geodata.store.database import Database


def load_signs(database: Database, slug: str, code: str | None, address: str) -> list[Sign]:
    """Of all stations that stand, or of the one with ``code``, in any spelling. Raises NotFound and InvalidInput."""
    with database.transaction() as connection:
        trail = load_trails(connection).get(slug)
        if trail is None:
            raise NotFound("trail", slug)
        if trail.state is TrailState.RETIRED:
            hint = message("'trail show {slug}' brings it back.", slug=slug)
            raise InvalidInput("TRAIL", slug, "a trail that is not given up", hint)
        wanted = None if code is None else edit_station.find_code(connection, code)
        municipality = load_municipalities(connection)[trail.municipality]
        return signs_of(trail, municipality, load_stations(connection).values(), address, wanted)
