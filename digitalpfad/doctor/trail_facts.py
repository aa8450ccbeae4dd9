"""Whether trails lack what people need on the way: rescue points first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from digitalpfad.doctor.result import CheckResult
from digitalpfad.terminal.names import spelled
from geodata.facts import gaps
from geodata.model.place import Place
from geodata.model.section import Section
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.catalogue.facts import load_places, load_sections
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from geodata.store.transaction import Transaction


def look(connection: Transaction) -> CheckResult:
    """The check of all trails in the database."""
    trails, stations = load_trails(connection).values(), list(load_stations(connection).values())
    return judge(trails, stations, load_places(connection), load_sections(connection))


def judge(
    trails: Iterable[Trail],
    stations: Sequence[Station],
    places: Mapping[str, Sequence[Place]],
    sections: Mapping[str, Sequence[Section]],
) -> CheckResult:
    """What is missing is said, and refuses nothing: a trail may open before the last bench is entered."""
    said: list[str] = []
    for trail in trails:
        if not trail.is_listed:
            continue
        own = [station for station in stations if station.trail == trail.slug]
        here = places.get(trail.slug, ())
        lacking = [
            *gaps.rescue_points(here, own),
            *gaps.others(here, sections.get(trail.slug, ()), trail.direction),
            *gaps.attribution(trail),
        ]
        if lacking:
            hint = spelled(gaps.direction_hint(trail.slug, trail.direction))
            said.append(f"{trail.slug} has {', '.join(map(str, lacking))}{hint and f' ({hint})'}")
    warning = f"warning: {'; '.join(said)}" if said else "nothing is missing"
    return CheckResult("facts of trails", ok=True, found=warning)
