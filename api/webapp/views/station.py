"""The page of a station."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from api.catalogue.closures import PlacedClosure
from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.lookup import Neighbour, next_station, previous_station
from api.catalogue.nearby import heading_deg
from api.catalogue.snapshot import Snapshot
from api.drawing import map as trail_map
from api.drawing.map import TrailMap
from api.webapp import wording
from api.webapp.directions import compass_words, slope_words
from api.webapp.language import pick
from api.webapp.markdown import to_html
from api.webapp.views import conditions, media, plain_note
from api.webapp.views import now as now_view
from api.webapp.views.conditions import Conditions
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.media import StationMedia
from api.webapp.views.now import ReadingRow
from api.webapp.views.parts import Licence, licence_of, station_link, trail_name
from api.webapp.views.plain_note import PlainNote
from geodata.geometry.line import Stretch
from geodata.geometry.relief import slope
from geodata.model.content import StationContent
from geodata.model.observation import Bucket
from geodata.model.station import Station
from geodata.model.trail import TrailState
from geodata.vocabulary.languages import DEFAULT, voices


@dataclass(frozen=True, slots=True)
class Voice:
    """The link from a station's page to that page in another voice, such as plain language."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to the next station, in words."""

    station: StationLink
    way: str
    is_back_at_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPage:
    """What ``station.html`` shows. ``content_lang`` is that of lead, text, question, answer, task and source."""

    frame: Frame
    conditions: Conditions
    code: str
    number: int
    title: Words
    lead: str
    text: Markup
    question: str
    answer: str
    task: str
    source: str
    content_lang: str
    plain: PlainNote | None
    media: StationMedia
    voices: tuple[Voice, ...]
    readings: list[ReadingRow]
    trail_name: Words
    trail_href: str
    trail_slug: str
    is_invented: bool
    is_listed: bool
    licence: Licence
    next: Leg | None
    previous: StationLink | None
    map: TrailMap
    map_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NowPart:
    """What ``now.html`` shows: what changes while a page is open."""

    frame: Frame
    conditions: Conditions
    readings: list[ReadingRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredPage:
    """What ``retired.html`` shows: what stood here, and where to go instead."""

    frame: Frame
    number: int
    title: Words
    lead: str
    text: Markup
    content_lang: str
    since: str
    nearest: Leg | None
    trail_name: Words
    trail_href: str
    """Empty where the trail is given up too."""


Hours = Mapping[int, Sequence[Bucket]]


def build(keeper: SnapshotKeeper, station: Station, hours: Hours, frame: Frame, now: datetime) -> StationPage:
    """Build the page of a station that is not retired."""
    snapshot = keeper.current
    trail = snapshot.catalogue.trails[station.trail]
    content, lang = _content(station, frame)
    following = next_station(snapshot, trail.slug, station.along_m, besides=station.code)
    closed = conditions.closed_now(snapshot, trail.slug, now)
    before = previous_station(snapshot, trail.slug, station.along_m, besides=station.code)
    return StationPage(
        frame=frame,
        conditions=conditions.build(keeper, trail.slug, frame, now, station.code),
        code=station.code,
        number=station.number,
        title=Words(content.title, lang),
        lead=content.lead,
        text=to_html(content.body),
        question=content.question,
        answer=content.answer,
        task=content.task,
        source=content.source,
        content_lang=lang,
        plain=plain_note.build(content, frame.t),
        media=media.build(content, snapshot.catalogue.media, frame.t),
        voices=_voices(station, frame),
        readings=_readings(keeper, station, hours, frame, now),
        trail_name=trail_name(trail, frame),
        trail_href=frame.link(f"/t/{trail.slug}"),
        trail_slug=trail.slug,
        is_invented=not trail.surveyed,
        is_listed=trail.is_listed,
        licence=licence_of(trail, frame),
        next=_leg(following, station, frame, closed),
        previous=station_link(before.station, frame) if before else None,
        map=trail_map.draw(
            snapshot.geometries.get(trail.slug), trail.line, snapshot.stations_of_trail[trail.slug], closed
        ),
        map_href=frame.link(f"/t/{trail.slug}/map", at=station.code),
    )


def build_now(keeper: SnapshotKeeper, station: Station, hours: Hours, frame: Frame, now: datetime) -> NowPart:
    """Build only what changes."""
    return NowPart(
        frame=frame,
        conditions=conditions.build(keeper, station.trail, frame, now, station.code),
        readings=_readings(keeper, station, hours, frame, now),
    )


def build_retired(snapshot: Snapshot, station: Station, frame: Frame, now: datetime) -> RetiredPage:
    """Build the page of a retired station."""
    trail = snapshot.catalogue.trails[station.trail]
    content, lang = _content(station, frame)
    return RetiredPage(
        frame=frame,
        number=station.number,
        title=Words(content.title, lang),
        lead=content.lead,
        text=to_html(content.body),
        content_lang=lang,
        since=wording.day(station.retired_at or now, now, snapshot.catalogue.timezone_of(trail.slug), frame.t),
        nearest=nearest_to(snapshot, station.lon, station.lat, frame, now),
        trail_name=trail_name(trail, frame),
        trail_href=frame.link(f"/t/{trail.slug}") if trail.state is not TrailState.RETIRED else "",
    )


def _content(station: Station, frame: Frame) -> tuple[StationContent, str]:
    content, lang = pick(station.contents, frame.choice.variant)
    if content is None:
        nothing = StationContent(variant=DEFAULT, title=f"Station {station.number}", lead="", body="")
        return nothing, frame.choice.html_lang
    return content, lang


def _voices(station: Station, frame: Frame) -> tuple[Voice, ...]:
    """The voices of the page's language that have a text, such as the children's; in a voice, the way back."""
    path, spoken = f"/s/{station.code}", frame.choice.interface
    there = [voice for voice in voices(spoken) if voice.variant in station.contents]
    if any(voice.variant == frame.choice.variant for voice in there):
        return (Voice(frame.t("Für Erwachsene"), f"{path}?lang={spoken}"),)
    return tuple(Voice(voice.name, f"{path}?lang={voice.variant}") for voice in there)


def _readings(keeper: SnapshotKeeper, station: Station, hours: Hours, frame: Frame, now: datetime) -> list[ReadingRow]:
    snapshot = keeper.current
    timezone = snapshot.catalogue.timezone_of(station.trail)
    return now_view.build(keeper, station.code, hours, now, timezone, frame.t)


def _leg(neighbour: Neighbour | None, station: Station, frame: Frame, closed: Sequence[PlacedClosure]) -> Leg | None:
    if neighbour is None:
        return None
    way = _way(neighbour.way, frame) if neighbour.way else ""
    if conditions.is_closed(closed, neighbour.station.code):
        way = f"{frame.t('gesperrt')} · {way}"
    return Leg(station_link(neighbour.station, frame), way, neighbour.station.number < station.number)


def nearest_to(snapshot: Snapshot, lon: float, lat: float, frame: Frame, now: datetime) -> Leg | None:
    """The nearest station of any trail as the crow flies: a moved or ended trail may leave none on the same path."""
    nearest = snapshot.live.nearest_to(lon, lat)
    if nearest is None:
        return None
    station, metres = nearest
    heading = heading_deg(lon, lat, station.lon, station.lat)
    words = [
        frame.t("%(distance)s Luftlinie", distance=wording.distance(metres, frame.t)),
        frame.t(compass_words(heading)),
    ]
    if conditions.is_closed(conditions.closed_now(snapshot, station.trail, now), station.code):
        words.insert(0, frame.t("gesperrt"))
    return Leg(station_link(station, frame), " · ".join(words), is_back_at_start=False)


def _way(stretch: Stretch, frame: Frame) -> str:
    """«420 m · nach Osten · leicht bergauf»."""
    words = [wording.distance(stretch.distance_m, frame.t), frame.t(compass_words(stretch.heading_deg))]
    if stretch.ascent_m is not None and stretch.descent_m is not None:
        words.append(frame.t(slope_words(slope(stretch.distance_m, stretch.ascent_m, stretch.descent_m))))
    return " · ".join(words)
