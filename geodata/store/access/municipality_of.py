"""To which municipality something belongs that an address of the staff pages names; who may see it follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the municipality of a thing is found by what ``read`` makes of its name in an address."""

    read: Callable[[str], str | int | UUID]
    query: LiteralString


KINDS: Mapping[str, _Kind] = {
    "trail": _Kind(str, "SELECT municipality FROM trail WHERE slug = %s"),
    "station": _Kind(
        str, "SELECT municipality FROM station JOIN trail ON trail.slug = station.trail WHERE code = upper(%s)"
    ),
    "device": _Kind(
        str, "SELECT municipality FROM device JOIN trail ON trail.slug = device.trail WHERE device.id = %s"
    ),
    "maintenance": _Kind(
        int,
        "SELECT municipality FROM device_maintenance JOIN device ON device.id = device_maintenance.device"
        " JOIN trail ON trail.slug = device.trail WHERE device_maintenance.id = %s",
    ),
    "entry": _Kind(
        int,
        "SELECT municipality FROM quarantine JOIN device ON device.id = quarantine.device"
        " JOIN trail ON trail.slug = device.trail WHERE quarantine.id = %s",
    ),
    "report": _Kind(
        UUID,
        "SELECT coalesce(trail.municipality, report.municipality)"
        " FROM report LEFT JOIN trail ON trail.slug = report.trail WHERE report.id = %s",
    ),
    "case": _Kind(
        int,
        "SELECT municipality FROM sign_case JOIN station ON station.code = sign_case.station"
        " JOIN trail ON trail.slug = station.trail WHERE sign_case.id = %s",
    ),
    "annotation": _Kind(int, "SELECT municipality FROM annotation WHERE id = %s"),
    "closure": _Kind(
        int, "SELECT municipality FROM closure JOIN trail ON trail.slug = closure.trail WHERE closure.id = %s"
    ),
    "notice": _Kind(
        str,
        "SELECT municipality FROM notice_rule JOIN trail ON trail.slug = notice_rule.trail WHERE notice_rule.id = %s",
    ),
    "upload": _Kind(UUID, "SELECT municipality FROM trail_upload WHERE id = %s"),
    "session": _Kind(
        UUID,
        "SELECT municipality FROM count_session JOIN counter_mounting ON counter_mounting.id = mounting"
        " JOIN trail ON trail.slug = counter_mounting.trail WHERE count_session.id = %s",
    ),
    "link": _Kind(
        int,
        "SELECT municipality FROM contribution_link JOIN trail ON trail.slug = contribution_link.trail"
        " WHERE contribution_link.id = %s",
    ),
    "contribution": _Kind(
        int,
        "SELECT municipality FROM contribution JOIN contribution_link ON contribution_link.id = contribution.link"
        " JOIN trail ON trail.slug = contribution_link.trail WHERE contribution.id = %s",
    ),
    "task": _Kind(
        int, "SELECT municipality FROM care_task JOIN trail ON trail.slug = care_task.trail WHERE care_task.id = %s"
    ),
    "visit": _Kind(
        UUID, "SELECT municipality FROM care_visit JOIN trail ON trail.slug = care_visit.trail WHERE care_visit.id = %s"
    ),
    "municipality": _Kind(str, "SELECT slug FROM municipality WHERE slug = %s"),
    "person": _Kind(
        int,
        "SELECT municipality FROM staff_grant WHERE staff = %s AND NOT EXISTS"
        " (SELECT FROM staff_grant AS wide WHERE wide.staff = staff_grant.staff AND wide.municipality IS NULL)"
        " ORDER BY municipality",
    ),
}
"""By the name of the parameter, in paths and queries alike. A new kind of thing in an address has its row here.

A person may belong to several municipalities; whoever works in all of them belongs to none.
"""
_LARGEST = 2**63 - 1
"""No number in an address is a larger one."""


def municipalities_of(connection: Transaction, kind: str, name: str) -> list[str]:
    """The slugs; empty where there is no such thing, or it belongs to none. ``kind`` is a key of KINDS."""
    try:
        key = KINDS[kind].read(name)
    except ValueError:  # no such thing has this name
        return []
    if isinstance(key, int) and not 0 <= key <= _LARGEST:
        return []
    rows = connection.execute(KINDS[kind].query, [key])
    return [str(row[0]) for row in rows if row[0] is not None]


def municipality_of(connection: Transaction, kind: str, name: str) -> str | None:
    """The slug of the only one, or the first; None where there is none."""
    return next(iter(municipalities_of(connection, kind, name)), None)
