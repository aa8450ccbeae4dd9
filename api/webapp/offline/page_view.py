"""«Pfad mitnehmen», and the page for what was not taken along."""

from __future__ import annotations

from dataclasses import dataclass

from api.catalogue.snapshot import Snapshot
from api.webapp.offline.pack import variants_of
from api.webapp.offline.words import Said, page_words
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import station_link, trail_name
from geodata.model.trail import Trail
from geodata.vocabulary.languages import interface, language


@dataclass(frozen=True, slots=True)
class OfferedVariant:
    """A language or voice that can be taken along; ``is_chosen`` from the beginning. ``label`` is in it itself."""

    variant: str
    label: str
    lang: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePage:
    """What ``offline.html`` shows. ``words`` is what its script says."""

    frame: Frame
    trail: str
    trail_name: Words
    trail_href: str
    variants: tuple[OfferedVariant, ...]
    words: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTakenPage:
    """What ``offline_missing.html`` shows: the stations that are on the phone."""

    frame: Frame
    trail_name: Words
    trail_href: str
    stations: tuple[StationLink, ...]


def build(snapshot: Snapshot, trail: Trail, frame: Frame) -> OfflinePage:
    """Build the page with which ``trail`` is taken along."""
    there = variants_of(snapshot, trail.slug)
    wanted = {frame.choice.variant, interface(frame.choice.variant)} & set(there) or {there[0]}
    return OfflinePage(
        frame=frame,
        trail=trail.slug,
        trail_name=trail_name(trail, frame),
        trail_href=frame.link(f"/t/{trail.slug}"),
        variants=tuple(
            OfferedVariant(row.variant, row.name, row.html, row.variant in wanted) for row in map(language, there)
        ),
        words=page_words(frame.t),
    )


def build_not_taken(snapshot: Snapshot, trail: Trail, frame: Frame) -> NotTakenPage:
    """Build the page that a phone shows without reception in place of any that it does not have."""
    return NotTakenPage(
        frame=frame,
        trail_name=trail_name(trail, frame),
        trail_href=frame.link(f"/t/{trail.slug}"),
        stations=tuple(station_link(station, frame) for station in snapshot.stations_of_trail.get(trail.slug, [])),
    )
