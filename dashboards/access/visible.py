"""What of the installation somebody sees: what belongs to the municipalities in which they have a role."""

from __future__ import annotations

from api.catalogue.snapshot import Snapshot
from geodata.errors import NotFound
from geodata.model.staff import Staff
from geodata.model.trail import Trail


def visible_trails(snapshot: Snapshot, staff: Staff) -> dict[str, Trail]:
    """The listed trails by slug, in their order."""
    return {slug: trail for slug, trail in snapshot.listed.items() if staff.roles_in(trail.municipality)}


def visible_municipalities(snapshot: Snapshot, staff: Staff) -> list[str]:
    """The slugs of the municipalities in which somebody has a role."""
    return [slug for slug in snapshot.catalogue.municipalities if staff.roles_in(slug)]


def trail_asked_for(snapshot: Snapshot, staff: Staff, slug: str) -> Trail:
    """The trail with this slug, or the first that is seen where an address names none; raises NotFound.

    That nobody sees the trail of others is the gate's to say; it has read the same address.
    """
    trail = snapshot.catalogue.trails.get(slug or next(iter(visible_trails(snapshot, staff)), ""))
    if trail is None:
        raise NotFound("trail", slug)
    return trail


def own_trails(snapshot: Snapshot, staff: Staff) -> list[str] | None:
    """The slugs to which a query is narrowed; None for somebody who also sees what belongs to no municipality."""
    return None if staff.roles_for_installation else list(visible_trails(snapshot, staff))
