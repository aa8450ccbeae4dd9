"""The second step of a planned import: what was shown is written, or nothing where something is another than then."""

from __future__ import annotations

import hashlib

from geodata.actions.planned.rows import PlannedStation, PlanRow, StoredState, TrailRow, packed
from geodata.errors import DigitalpfadError, NotFound
from geodata.store.catalogue import facts, trail_import
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_municipalities, load_trails
from geodata.store.catalogue.trail_state import load_removed
from geodata.store.transaction import Transaction

_ELSEWHERE = "…"
"""What a plan calls the trails and municipalities of others: that they are there is all that it may say."""


class StateChanged(DigitalpfadError):
    """Something has changed since the plan was made."""


def stored_state(connection: Transaction, municipality: str) -> StoredState:
    """What a plan for a trail of this municipality is compared with; raises NotFound."""
    towns = load_municipalities(connection)
    if municipality not in towns:
        raise NotFound("municipality", municipality)
    trails, stations = load_trails(connection), load_stations(connection)
    own = {slug for slug, trail in trails.items() if trail.municipality == municipality}
    places, sections = facts.load_places(connection, list(own)), facts.load_sections(connection, list(own))
    return StoredState(
        municipality=municipality,
        municipality_name=towns[municipality].name,
        timezone=towns[municipality].timezone,
        trails=[TrailRow.of(trail) for slug, trail in trails.items() if slug in own],
        stations=[PlannedStation.of(station) for station in stations.values() if station.trail in own],
        places={slug: list(found) for slug, found in places.items()},
        sections={slug: list(found) for slug, found in sections.items()},
        foreign_trails=[TrailRow.of(trail, _ELSEWHERE) for slug, trail in trails.items() if slug not in own],
        foreign_stations=[
            PlannedStation.of(station, _ELSEWHERE) for station in stations.values() if station.trail not in own
        ],
        removed_codes=sorted(load_removed(connection)),
    )


def digest(state: StoredState) -> str:
    """Another one as soon as anything of the municipality's trails is another."""
    own = (state.trails, state.stations, state.places, state.sections)
    rows = [packed(row) for part in own[:2] for row in part]
    hashed = hashlib.blake2b(digest_size=16)
    for data in (*rows, repr(own[2:]).encode()):
        hashed.update(data)
    return hashed.hexdigest()


def write(connection: Transaction, municipality: str, plan: PlanRow, seen: str) -> None:
    """Write ``plan``, which was made when the state had the digest ``seen``. Raises StateChanged."""
    trail_import.lock(connection)
    state = stored_state(connection, municipality)
    taken = {row.code for row in state.foreign_stations} | set(state.removed_codes)
    is_foreign = any(row.slug == plan.trail.slug for row in state.foreign_trails)
    if digest(state) != seen or is_foreign or plan.trail.municipality != municipality:
        raise StateChanged
    by_code = {step.station.code: step.station for step in plan.steps}
    if taken & by_code.keys():
        raise StateChanged
    changed, new = ([by_code[code].station() for code in codes] for codes in (plan.changed, plan.new))
    trail_import.write(connection, state.town(), plan.trail.trail(), changed, new)
    facts.replace_places(connection, plan.trail.slug, plan.places)
    facts.replace_sections(connection, plan.trail.slug, plan.sections)
