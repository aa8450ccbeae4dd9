"""Edits of stations that a printed code survives. Each works in the caller's transaction and is undone with it.

Names are content: geodata.store.catalogue.content_versions.save renames.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom
from typing import cast

import shapely

from geodata.content.versions import Author, Slot
from geodata.errors import InvalidInput, NotFound
from geodata.geometry.line import MAX_OFF_M, TrailGeometry
from geodata.messages.message import joined, message
from geodata.model.content import StationContent
from geodata.store.catalogue import content_versions
from geodata.store.transaction import Transaction
from geodata.vocabulary import codes

_RANDOM = SystemRandom()


def find_code(connection: Transaction, text: str) -> str:
    """The stored code that ``text`` spells, also of a retired station; raises InvalidInput or NotFound."""
    known = {str(row[0]) for row in connection.execute("SELECT code FROM station")}
    meant = codes.nearest(text, known)
    if not meant:
        raise NotFound("station", text)
    if codes.is_valid(text) and codes.normalise(text) in known:
        return codes.normalise(text)
    hint = message("Did you mean {name}?", name=joined(meant[:3], " / "))
    raise InvalidInput("code", text, "the code of a station", hint)


def trail_of(connection: Transaction, code: str) -> str:
    """The slug of the trail of a stored station."""
    row = connection.execute("SELECT trail FROM station WHERE code = %s", [code]).fetchone()
    if row is None:
        raise NotFound("station", code)
    return str(row[0])


def add(
    connection: Transaction,
    trail: str,
    *,
    number: int,
    lonlat: tuple[float, float],
    title: str,
    lead: str = "",
    author: Author = content_versions.ITSELF,
) -> str:
    """Put a new station with a German title beside a trail's line and return its new code."""
    lon, lat = lonlat
    along_m, height = _place(connection, trail, lon, lat)
    code = ""
    while not code:
        row = connection.execute(
            "INSERT INTO station (code, trail, number, lon, lat, height, along_m)"
            " SELECT new.* FROM (VALUES"
            " (%s::text, %s, %s::int, %s::float8, %s::float8, %s::float8, %s::float8)) AS new (code)"
            " WHERE NOT EXISTS (SELECT FROM removed_code WHERE removed_code.code = new.code)"
            " ON CONFLICT (code) DO NOTHING RETURNING code",
            [codes.new_code(_RANDOM), trail, _checked(number), lon, lat, height, along_m],
        ).fetchone()
        code = str(row[0]) if row else ""
    text = StationContent(variant="de", title=title, lead=lead, body="")
    content_versions.save(connection, Slot.of(code, text), text, author, publish=True)
    _check_numbers(connection)
    return code


def renumber(connection: Transaction, numbers: Mapping[str, int]) -> None:
    """Give each code its number, all at once, so that stations can swap. Codes as find_code() returns them."""
    connection.execute(
        "UPDATE station SET number = new.number, updated_at = now()"
        " FROM unnest(%s::text[], %s::int[]) AS new (code, number)"
        " WHERE station.code = new.code AND station.number <> new.number",
        [list(numbers), [_checked(number) for number in numbers.values()]],
    )
    _check_numbers(connection)


def move(
    connection: Transaction,
    code: str,
    *,
    trail: str | None = None,
    number: int | None = None,
    lonlat: tuple[float, float] | None = None,
) -> None:
    """Stand a station elsewhere: on another trail, with another number, at another point; what is None stays.

    Its devices keep their trail, since that is the topic they publish to.
    """
    row = connection.execute("SELECT trail, number, lon, lat FROM station WHERE code = %s", [code]).fetchone()
    if row is None:
        raise NotFound("station", code)
    trail = trail or str(row[0])
    number = row[1] if number is None else _checked(number)
    lon, lat = lonlat or (row[2], row[3])
    along_m, height = _place(connection, trail, lon, lat)
    connection.execute(
        "UPDATE station SET trail = %s, number = %s, lon = %s, lat = %s, height = %s, along_m = %s, updated_at = now()"
        " WHERE code = %s",
        [trail, number, lon, lat, height, along_m, code],
    )
    _check_numbers(connection)


def retire(connection: Transaction, code: str, now: datetime) -> None:
    """Take a station out of the trail. Its address goes on telling what stood there; its number becomes free."""
    changed = connection.execute(
        "UPDATE station SET retired_at = %s, updated_at = now() WHERE code = %s AND retired_at IS NULL RETURNING code",
        [now, code],
    ).fetchone()
    if changed is None:
        raise InvalidInput(
            "code", code, "a station that is not retired", message("{action[station list all]} shows them all.")
        )


def restore(connection: Transaction, code: str, number: int | None = None) -> None:
    """Bring a retired station back, with another number where its own was given away meanwhile."""
    changed = connection.execute(
        "UPDATE station SET retired_at = NULL, number = coalesce(%s, number), updated_at = now()"
        " WHERE code = %s AND retired_at IS NOT NULL RETURNING code",
        [None if number is None else _checked(number), code],
    ).fetchone()
    if changed is None:
        raise InvalidInput("code", code, "a retired station", message("{action[station list all]} shows them all."))
    _check_numbers(connection)


def _checked(number: int) -> int:
    if not 1 <= number <= 9999:
        raise InvalidInput("number", number, "a whole number from 1 to 9999")
    return number


def _place(connection: Transaction, trail: str, lon: float, lat: float) -> tuple[float, float | None]:
    """Metres along the trail and height there, of a point near its line."""
    row = connection.execute("SELECT line FROM trail WHERE slug = %s", [trail]).fetchone()
    if row is None:
        raise NotFound("trail", trail)
    geometry = TrailGeometry(cast("shapely.LineString", shapely.from_wkb(row[0])))
    place = geometry.locate(lon, lat)
    if place.off_m > MAX_OFF_M:
        raise InvalidInput(
            "lon, lat",
            (lon, lat),
            message(
                "a point at most {most:.0f} m from trail {trail!r}, not {metres:.0f} m",
                most=MAX_OFF_M,
                trail=trail,
                metres=place.off_m,
            ),
            message("Give {option[lon]} and {option[lat]} of its place there; longitude comes first."),
        )
    height = geometry.height_at(place.along_m)
    return place.along_m, None if height is None else round(height, 1)


def _check_numbers(connection: Transaction) -> None:
    """Say in words, before the commit, what the constraint station_number would refuse then."""
    row = connection.execute(
        "SELECT trail, number, string_agg(code, ', ' ORDER BY code) FROM station WHERE retired_at IS NULL"
        " GROUP BY trail, number HAVING count(*) > 1 ORDER BY trail, number LIMIT 1"
    ).fetchone()
    if row is not None:
        raise InvalidInput(
            "number",
            row[1],
            message("a number that one station of trail {trail!r} has, not {codes}", trail=row[0], codes=row[2]),
            "Choose another, or renumber both at once: 'station renumber CODE=NUMBER CODE=NUMBER'.",
        )
