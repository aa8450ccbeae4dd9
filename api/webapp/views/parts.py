"""Small things that several pages show of trails and stations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.licences import name_of, url_of
from api.webapp.language import pick
from api.webapp.views.frame import Frame, StationLink, Words
from geodata.model.sentences import marked
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.vocabulary.languages import DEFAULT, delivered, language, ordinary, primary_tag

_NOT_TRANSLATED = marked("Diesen Text gibt es noch nicht in deiner Sprache.")
_LACKING = {"de_simple": marked("Diesen Text gibt es noch nicht in Leichter Sprache.")}


@dataclass(frozen=True, slots=True)
class Licence:
    """What others may do with texts and values, as people read it; ``href`` is None where its text is not known."""

    name: str
    href: str | None
    attribution: str


def licence_of(trail: Trail, frame: Frame) -> Licence:
    """The licence of a trail, and whom to name."""
    spoken = primary_tag(frame.choice.interface)
    return Licence(name_of(trail.licence), url_of(trail.licence, spoken), trail.attribution)


def lacks(contents: Mapping[str, object], frame: Frame) -> str:
    """Says, in the page's language, that there is no text in the language or voice asked for; empty where there is one.

    Empty too where there is no text at all.
    """
    asked, there = frame.choice.variant, delivered(contents, frame.choice.variant)
    if there is None or there == asked:
        return ""
    if language(asked).is_voice:
        return frame.t("Diesen Text gibt es nicht in der Fassung «%(voice)s».", voice=language(asked).name)
    return frame.t(_LACKING.get(asked, _NOT_TRANSLATED))


def trail_name(trail: Trail, frame: Frame) -> Words:
    """The trail's name; its slug while it has no texts."""
    return _trail_name(trail, frame.choice.variant)


def station_title(station: Station, frame: Frame) -> Words:
    """The station's title; «Station 4» while it has no texts."""
    return _station_title(station, frame, frame.choice.variant)


def ordinary_title(station: Station, frame: Frame) -> Words:
    """What the station is called whatever voice is read: a voice and plain language have titles of their own."""
    return _station_title(station, frame, ordinary(frame.choice.variant))


def ordinary_name(trail: Trail, frame: Frame) -> Words:
    """What the trail is called whatever voice is read."""
    return _trail_name(trail, ordinary(frame.choice.variant))


def said_title(station: Station, frame: Frame) -> tuple[Words, ...]:
    """The title to say to helpers: as sign, map and control centre know it, then as readers of the page do."""
    return _once(_station_title(station, frame, DEFAULT), ordinary_title(station, frame))


def said_name(trail: Trail, frame: Frame) -> tuple[Words, ...]:
    """The trail's name to say to helpers: in the town's language, then in the readers'."""
    return _once(_trail_name(trail, DEFAULT), ordinary_name(trail, frame))


def _once(first: Words, second: Words) -> tuple[Words, ...]:
    return (first,) if first.text == second.text else (first, second)


def _trail_name(trail: Trail, variant: str) -> Words:
    content, lang = pick(trail.contents, variant)
    return Words(content.name if content else trail.slug, lang)


def _station_title(station: Station, frame: Frame, variant: str) -> Words:
    content, lang = pick(station.contents, variant)
    if content is None:
        return Words(f"Station {station.number}", frame.choice.html_lang)
    return Words(content.title, lang)


def station_link(station: Station, frame: Frame) -> StationLink:
    """The station as a link in the chosen voice."""
    return StationLink(station.number, station_title(station, frame), frame.link(f"/s/{station.code}"))
