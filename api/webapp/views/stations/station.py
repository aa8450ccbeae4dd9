"""The page of a station."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.drawing import map as trail_map
from api.drawing.map import TrailMap
from api.media import address
from api.webapp import wording
from api.webapp.language import pick
from api.webapp.markdown import to_html
from api.webapp.values.hours import Pasts
from api.webapp.views import conditions, plain_note
from api.webapp.views.conditions import Conditions
from api.webapp.views.frame import Frame, Words
from api.webapp.views.parts import Licence, lacks, licence_of, trail_name
from api.webapp.views.plain_note import PlainNote
from api.webapp.views.stations import media, onward, week, whereabouts
from api.webapp.views.stations import now as now_view
from api.webapp.views.stations.media import StationMedia
from api.webapp.views.stations.now import ReadingRow
from api.webapp.views.stations.onward import Leg, Onward
from api.webapp.views.stations.week import Week
from api.webapp.views.stations.whereabouts import Whereabouts
from geodata.model.content import StationContent
from geodata.model.media import Medium
from geodata.model.operator import Operator
from geodata.model.station import Station
from geodata.model.trail import TrailState
from geodata.vocabulary.languages import DEFAULT, voices


@dataclass(frozen=True, slots=True)
class Voice:
    """The link from a station's page to that page in another voice, such as plain language."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPage:
    """What ``station.html`` shows. ``content_lang`` is that of lead, text, question, answer, task and source.

    ``lacks`` says that they are not in the language or voice that was asked for.
    """

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
    lacks: str
    readings: list[ReadingRow]
    week: Week | None
    trail_name: Words
    trail_href: str
    trail_slug: str
    is_invented: bool
    is_listed: bool
    licence: Licence
    onward: Onward
    whereabouts: Whereabouts
    map: TrailMap
    map_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NowPart:
    """What ``now.html`` shows: what changes while a page is open."""

    frame: Frame
    conditions: Conditions
    onward: Onward
    readings: list[ReadingRow]
    week: Week | None


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


@dataclass(frozen=True, slots=True)
class Around:
    """What a station's page is made with beside the catalogue: the past of its series, and who runs it.

    ``media`` are those of a draft beside the catalogue's, which are served at ``media_address``.
    """

    pasts: Pasts
    operator: Operator
    media: Mapping[str, Medium] = field(default_factory=dict[str, Medium])
    media_address: media.Address = address


def build(keeper: SnapshotKeeper, station: Station, around: Around, frame: Frame, now: datetime) -> StationPage:
    """Build the page of a station that is not retired."""
    snapshot = keeper.current
    trail = snapshot.catalogue.trails[station.trail]
    content, lang = _content(station, frame)
    closed = conditions.closed_now(snapshot, trail.slug, now)
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
        media=media.build(content, {**snapshot.catalogue.media, **around.media}, frame.t, around.media_address),
        voices=_voices(station, frame),
        lacks=lacks(station.contents, frame),
        readings=_readings(keeper, station, around.pasts, frame, now),
        week=_week(keeper, station, around.pasts, frame, now),
        trail_name=trail_name(trail, frame),
        trail_href=frame.link(f"/t/{trail.slug}"),
        trail_slug=trail.slug,
        is_invented=not trail.surveyed,
        is_listed=trail.is_listed,
        licence=licence_of(trail, frame),
        onward=onward.build(snapshot, station, frame, closed),
        whereabouts=whereabouts.build(snapshot, station, around.operator, frame),
        map=trail_map.draw(
            snapshot.geometries.get(trail.slug), trail.line, snapshot.stations_of_trail[trail.slug], closed
        ),
        map_href=frame.link(f"/t/{trail.slug}/map", at=station.code),
    )


def build_now(keeper: SnapshotKeeper, station: Station, pasts: Pasts, frame: Frame, now: datetime) -> NowPart:
    """Build only what changes."""
    snapshot = keeper.current
    return NowPart(
        frame=frame,
        conditions=conditions.build(keeper, station.trail, frame, now, station.code),
        onward=onward.build(snapshot, station, frame, conditions.closed_now(snapshot, station.trail, now)),
        readings=_readings(keeper, station, pasts, frame, now),
        week=_week(keeper, station, pasts, frame, now),
    )


def build_retired(snapshot: Snapshot, station: Station, frame: Frame, now: datetime) -> RetiredPage:
    """Build the page of a retired station."""
    trail, zone = snapshot.catalogue.trails[station.trail], snapshot.catalogue.timezone_of(station.trail)
    content, lang = _content(station, frame)
    return RetiredPage(
        frame=frame,
        number=station.number,
        title=Words(content.title, lang),
        lead=content.lead,
        text=to_html(content.body),
        content_lang=lang,
        since=wording.calendar_day((station.retired_at or now).astimezone(zone).date(), frame.t),
        nearest=onward.nearest_to(snapshot, station.lon, station.lat, frame, now),
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


def _readings(keeper: SnapshotKeeper, station: Station, pasts: Pasts, frame: Frame, now: datetime) -> list[ReadingRow]:
    timezone = keeper.current.catalogue.timezone_of(station.trail)
    return now_view.build(keeper, station, pasts, now, timezone, frame.t)


def _week(keeper: SnapshotKeeper, station: Station, pasts: Pasts, frame: Frame, now: datetime) -> Week | None:
    """The week of the first value that has one."""
    snapshot, timezone = keeper.current, keeper.current.catalogue.timezone_of(station.trail)
    weeks = (
        week.build(latest, now_view.past_of(snapshot, latest, pasts), now, timezone, frame.t)
        for latest in now_view.shown(keeper, station.code, now)
    )
    return next(filter(None, weeks), None)
