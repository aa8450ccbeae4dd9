"""The page of a trail, and the list of trails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.drawing import map as trail_map
from api.drawing import profile as trail_profile
from api.drawing.map import TrailMap
from api.drawing.profile import Profile
from api.webapp import wording
from api.webapp.language import pick
from api.webapp.markdown import to_html
from api.webapp.views import conditions, plain_note
from api.webapp.views.conditions import Conditions
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import Licence, licence_of, station_link, trail_name
from api.webapp.views.plain_note import PlainNote
from geodata.geometry.line import TrailGeometry
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
    """Length, time and climbs in words; ``heights`` is empty on a line without heights."""

    length: str
    duration: str
    heights: str
    is_loop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """What ``trail.html`` shows."""

    frame: Frame
    conditions: Conditions
    name: Words
    municipality: str
    lead: str
    text: Markup
    content_lang: str
    plain: PlainNote | None
    facts: Facts | None
    rows: tuple[StationRow, ...]
    map: TrailMap
    profile: Profile | None
    stamps_href: str
    is_invented: bool
    is_listed: bool
    licence: Licence


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailCard:
    """A trail in the list of trails, with a little drawing of its line."""

    name: Words
    lead: Words
    municipality: str
    href: str
    facts: Facts | None
    stations: int
    view_box: str
    path: str
    is_invented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What ``home.html`` shows."""

    frame: Frame
    trails: tuple[TrailCard, ...]


def build(keeper: SnapshotKeeper, trail: Trail, frame: Frame, now: datetime) -> TrailPage:
    """Build the page of a trail."""
    snapshot = keeper.current
    closed = conditions.closed_now(snapshot, trail.slug, now)
    geometry = snapshot.geometries.get(trail.slug)
    content, lang = pick(trail.contents, frame.choice.variant)
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    return TrailPage(
        frame=frame,
        conditions=conditions.build(keeper, trail.slug, frame, now),
        name=trail_name(trail, frame),
        municipality=snapshot.catalogue.municipalities[trail.municipality].name,
        lead=content.lead if content else "",
        text=to_html(content.body if content else ""),
        content_lang=lang,
        plain=plain_note.build(content, frame.t),
        facts=_facts(geometry, frame),
        rows=tuple(
            StationRow(
                station_link(station, frame),
                wording.distance(station.along_m, frame.t) if station.along_m >= 10 else "",
                _height(geometry.height_at(station.along_m) if geometry else None, frame),
                conditions.is_closed(closed, station.code),
            )
            for station in stations
        ),
        map=trail_map.draw(geometry, trail.line, stations, closed),
        profile=trail_profile.draw(geometry, stations),
        stamps_href=frame.link(f"/t/{trail.slug}/stamps"),
        is_invented=not trail.surveyed,
        is_listed=trail.is_listed,
        licence=licence_of(trail, frame),
    )


def build_home(snapshot: Snapshot, frame: Frame) -> HomePage:
    """Build the list of trails."""
    return HomePage(frame=frame, trails=tuple(_card(snapshot, trail, frame) for trail in snapshot.listed.values()))


def _card(snapshot: Snapshot, trail: Trail, frame: Frame) -> TrailCard:
    content, lang = pick(trail.contents, frame.choice.variant)
    view_box, path = trail_map.outline(trail.line)
    return TrailCard(
        name=trail_name(trail, frame),
        lead=Words(content.lead if content else "", lang),
        municipality=snapshot.catalogue.municipalities[trail.municipality].name,
        href=frame.link(f"/t/{trail.slug}"),
        facts=_facts(snapshot.geometries.get(trail.slug), frame),
        stations=len(snapshot.stations_of_trail.get(trail.slug, [])),
        view_box=view_box,
        path=path,
        is_invented=not trail.surveyed,
    )


def _facts(geometry: TrailGeometry | None, frame: Frame) -> Facts | None:
    if geometry is None:
        return None
    t = frame.t
    heights = ""
    if geometry.ascent_m is not None and geometry.descent_m is not None:
        heights = t(
            "%(ascent)s\u00a0m hinauf, %(descent)s\u00a0m hinab",
            ascent=wording.number(geometry.ascent_m, 0, t),
            descent=wording.number(geometry.descent_m, 0, t),
        )
    return Facts(
        length=wording.distance(geometry.length_m, t),
        duration=wording.duration(geometry.minutes, t),
        heights=heights,
        is_loop=geometry.is_loop,
    )


def _height(height_m: float | None, frame: Frame) -> str:
    return "" if height_m is None else f"{wording.number(height_m, 0, frame.t)}\u00a0m"
