"""The page of a trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from api.catalogue.closures import PlacedClosure
from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.drawing import map as trail_map
from api.drawing import profile as trail_profile
from api.drawing.map import TrailMap
from api.drawing.profile import Profile
from api.languages.texts import Texts
from api.webapp import wording
from api.webapp.language import pick
from api.webapp.markdown import opening, to_html
from api.webapp.published import LastWeek
from api.webapp.views import conditions, plain_note
from api.webapp.views.conditions import Conditions
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import Licence, licence_of, station_link, trail_name
from api.webapp.views.plain_note import PlainNote
from api.webapp.views.trails import places, stretches, times, walked
from api.webapp.views.trails.facts_words import DIRECTIONS
from api.webapp.views.trails.places import PlacesCard
from api.webapp.views.trails.stretches import StretchesCard
from api.webapp.views.trails.walked import WalkedCard
from geodata.geometry.line import TrailGeometry
from geodata.model.station import Station
from geodata.model.trail import Trail


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station in the list: how far along the trail, and how high."""

    station: StationLink
    along: str
    height: str
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Length, times and climbs in words; ``heights`` is empty on a line without heights."""

    length: str
    duration: str
    heights: str
    is_loop: bool
    children: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """What ``trail.html`` shows. ``opening`` is the first paragraph of what the trail is about, ``text`` the rest."""

    frame: Frame
    slug: str
    conditions: Conditions
    name: Words
    municipality: str
    lead: str
    opening: Markup
    text: Markup
    content_lang: str
    plain: PlainNote | None
    facts: Facts | None
    rows: tuple[StationRow, ...]
    map: TrailMap
    profile: Profile | None
    stamps_href: str
    direction: str
    places: PlacesCard
    stretches: StretchesCard | None
    walked: WalkedCard | None
    is_invented: bool
    is_listed: bool
    licence: Licence
    offline_href: str


def build(keeper: SnapshotKeeper, trail: Trail, frame: Frame, now: datetime, week: LastWeek | None = None) -> TrailPage:
    """Build the page of a trail; ``week`` is what is published of its last one, None where nobody asks."""
    snapshot = keeper.current
    closed = conditions.closed_now(snapshot, trail.slug, now)
    geometry = snapshot.geometries.get(trail.slug)
    content, lang = pick(trail.contents, frame.choice.variant)
    begin, rest = opening(to_html(content.body if content else ""))
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    return TrailPage(
        frame=frame,
        slug=trail.slug,
        conditions=conditions.build(keeper, trail.slug, frame, now),
        name=trail_name(trail, frame),
        municipality=snapshot.catalogue.municipalities[trail.municipality].name,
        lead=content.lead if content else "",
        opening=begin,
        text=rest,
        content_lang=lang,
        plain=plain_note.build(content, frame.t),
        facts=facts_of(geometry, frame),
        rows=tuple(station_row(station, geometry, closed, frame) for station in stations),
        map=trail_map.draw(geometry, trail.line, stations, closed),
        profile=trail_profile.draw(geometry, stations),
        direction=frame.t(DIRECTIONS[trail.direction]),
        places=places.build(snapshot.catalogue.places.get(trail.slug, ()), frame.t),
        stretches=_stretches(snapshot, trail.slug, frame),
        walked=None if week is None else _walked(snapshot, trail, week, now, frame.t),
        stamps_href=frame.link(f"/t/{trail.slug}/stamps"),
        is_invented=not trail.surveyed,
        is_listed=trail.is_listed,
        licence=licence_of(trail, frame),
        offline_href=frame.link(f"/t/{trail.slug}/offline"),
    )


def _walked(snapshot: Snapshot, trail: Trail, week: LastWeek, now: datetime, t: Texts) -> WalkedCard:
    return walked.build(
        week if _has_counter(snapshot, trail) else None, now, snapshot.catalogue.timezone_of(trail.slug), t
    )


def _has_counter(snapshot: Snapshot, trail: Trail) -> bool:
    properties = snapshot.catalogue.properties
    return any(
        properties[name].direction is not None
        for station in snapshot.stations_of_trail.get(trail.slug, [])
        for name in snapshot.series_of_station.get(station.code, {})
    )


def station_row(
    station: Station, geometry: TrailGeometry | None, closed: Sequence[PlacedClosure], frame: Frame
) -> StationRow:
    """A station as the list shows it."""
    return StationRow(
        station_link(station, frame),
        wording.distance(station.along_m, frame.t) if station.along_m >= 10 else "",
        _height(geometry.height_at(station.along_m) if geometry else None, frame),
        conditions.is_closed(closed, station.code),
    )


def _stretches(snapshot: Snapshot, trail: str, frame: Frame) -> StretchesCard | None:
    geometry = snapshot.geometries.get(trail)
    if geometry is None:
        return None
    return stretches.build(snapshot.catalogue.sections.get(trail, ()), geometry.length_m, frame.t)


def facts_of(geometry: TrailGeometry | None, frame: Frame) -> Facts | None:
    """What there is to say of a line; None where it cannot be used."""
    if geometry is None:
        return None
    t, walking = frame.t, times.of(geometry.minutes, frame.t)
    heights = ""
    if geometry.ascent_m is not None and geometry.descent_m is not None:
        heights = t(
            "%(ascent)s\u00a0m hinauf, %(descent)s\u00a0m hinab",
            ascent=wording.number(geometry.ascent_m, 0, t),
            descent=wording.number(geometry.descent_m, 0, t),
        )
    return Facts(
        length=wording.distance(geometry.length_m, t),
        duration=walking.adults,
        children=walking.children,
        heights=heights,
        is_loop=geometry.is_loop,
    )


def _height(height_m: float | None, frame: Frame) -> str:
    return "" if height_m is None else f"{wording.number(height_m, 0, frame.t)}\u00a0m"
