"""Which station of the file is which stored one: by code, else number, else name, else place.

A sign stands in the forest for ten years: a station taken for another would make the sign lie. Where number and place
contradict each other, the import is refused instead.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

from shapely import Point, STRtree, box

from geodata.findings.trail_file import Findings
from geodata.messages.message import Message, message, phrase
from geodata.model.station import Station
from geodata.trailfiles.draft.assembly import distance_m
from geodata.trailfiles.draft.records import ParsedStation
from geodata.trailfiles.plan.printed_codes import hint, tell_changing
from geodata.vocabulary import codes

_Value = TypeVar("_Value", int, str)
_SAME_PLACE_M = 25.0
_FAR_M = 100.0
_METRES_OF_A_DEGREE = 110_000.0  # of latitude; a little less than the shortest, so that no place is missed
_CODES_MEND = message("Put the codes into a column 'code'; {action[trail export]} gives them.")


@dataclass(frozen=True, slots=True)
class Match:
    """A station of the file, the stored one it is (None: a new one), by what, and its code where that is known."""

    parsed: ParsedStation
    station: Station | None
    by: str
    code: str = ""


def match(
    parsed: Sequence[ParsedStation], trail: str, stations: Mapping[str, Station], findings: Findings
) -> list[Match]:
    """One match per parsed station, in the same order; ``stations`` are those of all trails by code."""
    for number in _doubled(entry.number for entry in parsed if entry.number):
        findings.error(
            message("Several stations of the file have the number {number}.", number=number),
            "each number once",
            reason="number-twice",
        )
    file_codes = [_code(entry, trail, stations, findings) for entry in parsed]
    for code in _doubled(filter(None, file_codes)):
        findings.error(
            message("Several stations of the file have the code {code}.", code=code),
            "each code once",
            reason="code-twice",
        )
    tell_changing({code for code in file_codes if code and code not in stations}, findings)
    free = {
        code: station
        for code, station in stations.items()
        if station.trail == trail and not station.retired_at and code not in file_codes
    }
    matches: dict[int, Match] = {
        i: Match(parsed[i], stations.get(code), "code", code) for i, code in enumerate(file_codes) if code
    }
    _by_number(parsed, free, matches, findings)
    _by_name(parsed, free, matches)
    _by_place(parsed, free, matches)
    return [matches.get(i, Match(entry, None, "new")) for i, entry in enumerate(parsed)]


def _doubled(values: Iterable[_Value]) -> list[_Value]:
    return [value for value, count in Counter(values).items() if count > 1]


def _code(entry: ParsedStation, trail: str, stations: Mapping[str, Station], findings: Findings) -> str:
    """The code in its stored form; empty where there is none, or a wrong one, which is an error."""
    if not entry.code:
        return ""
    place = entry.lon, entry.lat
    if not codes.is_valid(entry.code):
        near_codes = [code for code in codes.nearest(entry.code, stations.keys()) if stations[code].trail == trail]
        advice = message("Did you mean {codes}?", codes=_any_of(near_codes[:3])) if near_codes else hint(entry.code)
        wrong = message("{station} has the code {code!r}.", station=entry.title, code=entry.code)
        findings.error(wrong, "a code with a right check character", advice, place, reason="code-malformed")
        return ""
    code = codes.normalise(entry.code)
    if code in stations and stations[code].trail != trail:
        other = stations[code].trail
        sentence = message(
            "{station} has the code {code} of the trail {other}.", station=entry.title, code=code, other=other
        )
        findings.error(sentence, message("a code of {trail}", trail=trail), place=place, reason="code-of-other-trail")
        return ""
    return code


def _by_number(
    parsed: Sequence[ParsedStation], free: dict[str, Station], matches: dict[int, Match], findings: Findings
) -> None:
    numbers = {station.number: station for station in free.values()}
    places = _Places(numbers.values())
    for i, entry in enumerate(parsed):
        station = numbers.get(entry.number or 0)
        if i in matches or entry.code or station is None:
            continue
        elsewhere = _apart_m(entry, station) > _FAR_M and _folded(station.title()) != _folded(entry.name)
        there = places.nearest(entry) if elsewhere else None  # never the station itself: that one is far
        if there:
            findings.error(
                _elsewhere(entry, there, station),
                "numbers that still mean the same signs",
                _CODES_MEND,
                (entry.lon, entry.lat),
                reason="number-elsewhere",
            )
        matches[i] = Match(entry, station, "number", station.code)
        free.pop(station.code, None)


def _any_of(code_list: Sequence[str]) -> Message:
    return reduce(
        lambda first, other: message("{one} or {other}", one=first, other=other), code_list[1:], phrase(code_list[0])
    )


def _elsewhere(entry: ParsedStation, there: Station, station: Station) -> Message:
    return message(
        "{name} stands where station {number} {title} ({code}) stands, and {apart:.0f} m from station {own_number}"
        " ({own_code}).",
        name=entry.title,
        number=there.number,
        title=there.title(),
        code=there.code,
        apart=_apart_m(entry, station),
        own_number=station.number,
        own_code=station.code,
    )


def _by_name(parsed: Sequence[ParsedStation], free: dict[str, Station], matches: dict[int, Match]) -> None:
    named: dict[str, list[Station]] = defaultdict(list)
    for station in free.values():
        named[_folded(station.title())].append(station)
    for i, entry in enumerate(parsed):
        folded = _folded(entry.name)
        if i not in matches and not entry.code and folded and len(named[folded]) == 1:
            station = named[folded][0]
            if station.code in free:
                matches[i] = Match(entry, station, "name", station.code)
                del free[station.code]


def _by_place(parsed: Sequence[ParsedStation], free: dict[str, Station], matches: dict[int, Match]) -> None:
    places = _Places(free.values())
    pairs = sorted(
        (apart_m, i, station.code)
        for i, entry in enumerate(parsed)
        if i not in matches and not entry.code
        for apart_m, station in places.near(entry)
    )
    for _, i, code in pairs:
        if i not in matches and code in free:
            matches[i] = Match(parsed[i], free.pop(code), "place", code)


class _Places:
    """Stations by where they stand, so that thousands are not compared with thousands."""

    def __init__(self, stations: Iterable[Station]) -> None:
        self._stations = list(stations)
        self._tree = STRtree([Point(station.lon, station.lat) for station in self._stations])

    def near(self, entry: ParsedStation) -> list[tuple[float, Station]]:
        """The stations within 25 m, each after its distance in metres."""
        north = _SAME_PLACE_M / _METRES_OF_A_DEGREE
        east = north / max(math.cos(math.radians(entry.lat)), 0.01)
        around = box(entry.lon - east, entry.lat - north, entry.lon + east, entry.lat + north)
        indices: list[int] = self._tree.query(around).tolist()
        there = [self._stations[i] for i in indices]
        return [(apart, station) for station in there if (apart := _apart_m(entry, station)) <= _SAME_PLACE_M]

    def nearest(self, entry: ParsedStation) -> Station | None:
        """The nearest station within 25 m, or None."""
        near = [(apart, station.code, station) for apart, station in self.near(entry)]
        return min(near)[2] if near else None


def _apart_m(entry: ParsedStation, station: Station) -> float:
    return distance_m((entry.lon, entry.lat), (station.lon, station.lat))


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
