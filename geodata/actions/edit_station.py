"""Edits of stations that a printed code survives. Each works in the caller's transaction and is undone with it.

Names are content: geodata.store.catalogue.content_versions.save renames. What is not allowed is EditRefused; the edge
that asked adds the hint, in the words of its own options.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from random import SystemRandom

from geodata.content.versions import Author, Slot
from geodata.errors import InvalidInput, NotFound
from geodata.geometry.line import MAX_OFF_M, PointOnLine, TrailGeometry
from geodata.messages.message import Message, joined, message, phrase
from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.store.catalogue import content_versions, station_edit
from geodata.store.catalogue.station import load_stations
from geodata.store.transaction import Transaction
from geodata.vocabulary import codes

_RANDOM = SystemRandom()


class EditProblem(StrEnum):
    """Why an edit is refused."""

    NUMBER_IMPOSSIBLE = "number-impossible"
    NUMBER_TAKEN = "number-taken"
    FAR_FROM_LINE = "far-from-line"
    RETIRED = "retired"
    NOT_RETIRED = "not-retired"


class EditRefused(InvalidInput):
    """An edit that a station or its trail does not allow; ``problem`` says why."""

    def __init__(self, problem: EditProblem, field: str, value: object, expected: Message) -> None:
        """Name the ``field``, its ``value`` and what was ``expected``; the edge knows the hint."""
        self.problem = problem
        super().__init__(field, value, expected)


def find_code(connection: Transaction, text: str) -> str:
    """The stored code that ``text`` spells, also of a retired station; raises InvalidInput or NotFound."""
    stored_codes = station_edit.stored_codes(connection)
    nearest = codes.nearest(text, stored_codes)
    if not nearest:
        raise NotFound("station", text)
    if codes.is_valid(text) and codes.normalise(text) in stored_codes:
        return codes.normalise(text)
    hint = message("Did you mean {name}?", name=joined(nearest[:3], " / "))
    raise InvalidInput("code", text, "the code of a station", hint)


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
    """Put a new station with a German title beside a trail's line and return its new code.

    Raises NotFound without such a trail, and EditRefused.
    """
    lon, lat = lonlat
    station = Station(code="", trail=trail, number=_possible(number), lon=lon, lat=lat)
    code = _insert(connection, _placed(connection, station))
    text = StationContent(variant="de", title=title, lead=lead, body="")
    content_versions.save(connection, Slot.of(code, text), text, author, publish=True)
    _refuse_shared_numbers(connection)
    return code


def renumber(connection: Transaction, numbers: Mapping[str, int]) -> None:
    """Give each code its number, all at once, so that stations can swap. Codes as find_code() returns them."""
    station_edit.set_numbers(connection, {code: _possible(number) for code, number in numbers.items()})
    _refuse_shared_numbers(connection)


def move(
    connection: Transaction,
    code: str,
    *,
    trail: str | None = None,
    number: int | None = None,
    lonlat: tuple[float, float] | None = None,
) -> None:
    """Stand a station elsewhere: on another trail, with another number, at another point; what is None stays.

    Its devices keep their trail, since that is the topic they publish to. Raises NotFound and EditRefused.
    """
    before = load_stations(connection, [code]).get(code)
    if before is None:
        raise NotFound("station", code)
    lon, lat = lonlat or (before.lon, before.lat)
    number = before.number if number is None else _possible(number)
    after = replace(before, trail=trail or before.trail, number=number, lon=lon, lat=lat)
    station_edit.set_place(connection, _placed(connection, after))
    _refuse_shared_numbers(connection)


def retire(connection: Transaction, code: str, now: datetime) -> None:
    """Take a station out of the trail. Its address keeps telling what stood there; its number becomes free."""
    if not station_edit.mark_retired(connection, code, now):
        raise EditRefused(EditProblem.RETIRED, "code", code, phrase("a station that is not retired"))


def restore(connection: Transaction, code: str, number: int | None = None) -> None:
    """Bring a retired station back, with another number where its own was given away meanwhile."""
    if not station_edit.clear_retired(connection, code, None if number is None else _possible(number)):
        raise EditRefused(EditProblem.NOT_RETIRED, "code", code, phrase("a retired station"))
    _refuse_shared_numbers(connection)


def _insert(connection: Transaction, station: Station) -> str:
    """Store it under a code that no station has or had, and return that."""
    while True:  # few of all codes are taken
        code = codes.new_code(_RANDOM)
        if station_edit.insert(connection, replace(station, code=code)):
            return code


def _possible(number: int) -> int:
    if not 1 <= number <= 9999:
        raise EditRefused(EditProblem.NUMBER_IMPOSSIBLE, "number", number, phrase("a whole number from 1 to 9999"))
    return number


def _placed(connection: Transaction, station: Station) -> Station:
    """The station with its place along its trail's line and the height there."""
    line = station_edit.line_of(connection, station.trail)
    if line is None:
        raise NotFound("trail", station.trail)
    geometry = TrailGeometry(line)
    place = geometry.locate(station.lon, station.lat)
    if place.off_m > MAX_OFF_M:
        raise _far_from_line(station, place)
    height = geometry.height_at(place.along_m)
    return replace(station, along_m=place.along_m, height=None if height is None else round(height, 1))


def _far_from_line(station: Station, place: PointOnLine) -> EditRefused:
    expected = message(
        "a point at most {most:.0f} m from trail {trail!r}, not {metres:.0f} m",
        most=MAX_OFF_M,
        trail=station.trail,
        metres=place.off_m,
    )
    return EditRefused(EditProblem.FAR_FROM_LINE, "lon, lat", (station.lon, station.lat), expected)


def _refuse_shared_numbers(connection: Transaction) -> None:
    """Say in words, before the commit, what the constraint station_number would refuse then."""
    shared = station_edit.shared_number(connection)
    if shared is not None:
        trail, number, holders = shared
        expected = message("a number that one station of trail {trail!r} has, not {codes}", trail=trail, codes=holders)
        raise EditRefused(EditProblem.NUMBER_TAKEN, "number", number, expected)
