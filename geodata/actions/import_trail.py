"""Import a trail: compare what a file says with what is stored, and write the difference in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import SystemRandom

from geodata.findings.trail_file import Findings
from geodata.store.catalogue import facts, trail_import
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_municipalities, load_trails
from geodata.store.catalogue.trail_state import load_removed
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from geodata.trailfiles.draft.records import Draft
from geodata.trailfiles.plan import plan
from geodata.trailfiles.plan.facts import StoredFacts
from geodata.trailfiles.plan.plan import ImportPlan, StoredTrails, Target
from geodata.vocabulary import codes


def carry_out(
    database: Database,
    draft: Draft,
    target: Target,
    now: datetime,
    findings: Findings,
    *,
    dry_run: bool = False,
    written: Callable[[Transaction, ImportPlan], None] | None = None,
) -> ImportPlan:
    """Plan the import of ``draft`` and write it, unless an error among its findings or ``dry_run`` forbids.

    Readers see all of it or nothing, and nothing can change between comparing and writing; ``written`` adds to the
    same transaction. Raises Refused.
    """
    with database.transaction() as connection:
        trail_import.lock(connection)
        stored = StoredTrails(
            municipalities=load_municipalities(connection),
            trails=load_trails(connection),
            stations=load_stations(connection),
            facts=_facts(connection),
        )
        used = {*stored.stations, *load_removed(connection)}
        import_plan = plan.make(draft, target, stored, now, _new_codes(used), findings)
        if not (import_plan.refused or dry_run):
            before = stored.stations
            new = [planned.station for planned in import_plan.stations if planned.station.code not in before]
            changed = [
                planned.station
                for planned in import_plan.stations
                if before.get(planned.station.code, planned.station) != planned.station
            ]
            trail_import.write(connection, import_plan.municipality, import_plan.trail, changed, new)
            slug, planned_facts = import_plan.trail.slug, import_plan.facts
            facts.replace_places(connection, slug, planned_facts.places)
            facts.replace_sections(connection, slug, planned_facts.sections)
            if written is not None:
                written(connection, import_plan)
    return import_plan


def _facts(connection: Transaction) -> dict[str, StoredFacts]:
    """Places and stretches of all trails that have any."""
    places, sections = facts.load_places(connection), facts.load_sections(connection)
    return {slug: StoredFacts(places.get(slug, ()), sections.get(slug, ())) for slug in places.keys() | sections.keys()}


def _new_codes(used: set[str]) -> Callable[[], str]:
    """Gives codes that no station has or had, each once."""
    source = SystemRandom()

    def new() -> str:
        while (code := codes.new_code(source)) in used:
            pass
        used.add(code)
        return code

    return new
