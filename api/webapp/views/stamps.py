"""The stamps of a trail: the pass that a phone fills, or a child on paper, and the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.catalogue.snapshot import Snapshot
from api.drawing import stamp
from api.drawing.stamp import Stamp
from api.webapp.views import conditions
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import station_link, trail_name
from geodata.model.trail import Trail

TEMPLATES = ("stamps", "certificate")
"""The pages below a trail: each is called as its template."""


@dataclass(frozen=True, slots=True)
class StampField:
    """A station's field in the pass; a closed one is not needed for the badge."""

    station: StationLink
    code: str
    stamp: Stamp
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StampPage:
    """What ``stamps.html`` and ``certificate.html`` show: all that is the same for everyone.

    Which of the fields are stamped is known on the phone alone. ``needed``: how many stamps earn the badge; None: those
    of all fields that are not closed.
    """

    frame: Frame
    slug: str
    trail_name: Words
    trail_href: str
    municipality: str
    fields: tuple[StampField, ...]
    needed: int | None
    badge: Stamp
    has_closed: bool
    is_listed: bool


def build(snapshot: Snapshot, trail: Trail, frame: Frame, now: datetime) -> StampPage:
    """Build the pass of a trail, with what is closed ``now``; retired stations have no field."""
    closed = conditions.closed_now(snapshot, trail.slug, now)
    fields = tuple(
        StampField(
            station_link(station, frame),
            station.code,
            stamp.draw(station.code),
            conditions.is_closed(closed, station.code),
        )
        for station in snapshot.stations_of_trail.get(trail.slug, [])
    )
    return StampPage(
        frame=frame,
        slug=trail.slug,
        trail_name=trail_name(trail, frame),
        trail_href=frame.link(f"/t/{trail.slug}"),
        municipality=snapshot.catalogue.municipalities[trail.municipality].name,
        fields=fields,
        needed=trail.stamps_needed,
        badge=stamp.draw(trail.slug),
        has_closed=any(field.is_closed for field in fields),
        is_listed=trail.is_listed,
    )
