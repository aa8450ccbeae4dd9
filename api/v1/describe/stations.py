"""Trails, stations and their neighbours as the properties that the interface shows of them."""

from __future__ import annotations

from api.catalogue.latest import LatestValue
from api.catalogue.lookup import Neighbour
from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from api.languages.texts import property_label, texts
from api.licences import url_of
from api.v1.describe import media
from geodata.model.content import StationContent
from geodata.model.observation import ObservedProperty
from geodata.model.plain_language import CheckState, PlainLanguage
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailState
from geodata.vocabulary.languages import html_tag, interface, language, text_in

Properties = dict[str, object]


def label(observed_property: ObservedProperty, variant: str) -> str:
    """The property's name in the language of a variant."""
    return property_label(observed_property, texts(interface(variant)))


def trail(snapshot: Snapshot, trail: Trail, base_url: str) -> Properties:
    """A trail without its texts."""
    municipality = snapshot.catalogue.municipalities[trail.municipality]
    geometry = snapshot.geometries.get(trail.slug)
    return {
        "slug": trail.slug,
        "name": name_of(trail),
        "names": {variant: content.name for variant, content in trail.contents.items()},
        "municipality": {"slug": municipality.slug, "name": municipality.name, "timezone": municipality.timezone},
        "length_m": _metres(geometry.length_m if geometry else None),
        "ascent_m": _metres(geometry.ascent_m if geometry else None),
        "descent_m": _metres(geometry.descent_m if geometry else None),
        "minutes": _metres(geometry.minutes if geometry else None),
        "loop": geometry is not None and geometry.is_loop,
        "stations": len(snapshot.stations_of_trail.get(trail.slug, [])),
        **rights(trail),
        "surveyed": trail.surveyed,
        "direction": trail.direction,
        "retired_at": trail.state_since if trail.state is TrailState.RETIRED else None,
        "page": f"{base_url}/t/{trail.slug}",
    }


def rights(trail: Trail) -> Properties:
    """What others may do with a trail's line, stations, texts and series."""
    return {"licence": trail.licence, "licence_url": url_of(trail.licence), "attribution": trail.attribution}


def trail_texts(trail: Trail) -> Properties:
    """All texts of a trail."""
    return {
        "contents": {
            variant: {"name": content.name, "lead": content.lead, "body": content.body}
            for variant, content in trail.contents.items()
        }
    }


def station(station: Station, base_url: str) -> Properties:
    """A station without its texts."""
    return {
        "code": station.code,
        "trail": station.trail,
        "number": station.number,
        "title": title_of(station),
        "titles": {variant: content.title for variant, content in station.contents.items()},
        "along_m": _metres(station.along_m),
        "page": f"{base_url}/s/{station.code}",
        "retired_at": station.retired_at,
    }


def station_texts(snapshot: Snapshot, station: Station, variant: str, base_url: str) -> Properties:
    """A station's texts and media in a variant, or in its fallback."""
    content = text_in(station.contents, variant)
    described = content and {
        "variant": content.variant,
        "lang": html_tag(content.variant),
        "title": content.title,
        "lead": content.lead,
        "body": content.body,
        "question": content.question,
        "answer": content.answer,
        "task": content.task,
        "source": content.source,
        "plain_language": _plain_language(content),
        **rights(snapshot.catalogue.trails[station.trail]),
        **media.media(content, snapshot.catalogue.media, base_url),
    }
    return {"content": described, "available_variants": sorted(station.contents)}


def _plain_language(content: StationContent) -> Properties | None:
    """Who wrote and who checked a text in plain language; of a text in any other, nothing."""
    if not language(content.variant).is_plain:
        return None
    plain = content.plain or PlainLanguage()
    is_checked = content.check_state is CheckState.CHECKED
    return {
        "translator": plain.translator,
        "is_checked": is_checked,
        "checked_by": plain.checked_by if is_checked else None,
        "checked_on": plain.checked_on if is_checked else None,
    }


def latest_value(value: LatestValue, variant: str) -> Properties:
    """A latest value."""
    return {
        "property": value.observed_property.id,
        "label": label(value.observed_property, variant),
        "unit": value.observed_property.unit,
        "device": value.device.id,
        "value": value.value,
        "measured_at": value.measured_at,
        "age_s": value.age_s,
        "quality": value.quality.name.lower(),
        "stale": value.stale,
        "interval_s": value.device.interval_s,
    }


def neighbour(neighbour: Neighbour | None, variant: str) -> Properties | None:
    """The station next along the trail, and which way it is."""
    if neighbour is None:
        return None
    return {
        "code": neighbour.station.code,
        "number": neighbour.station.number,
        "title": title_of(neighbour.station, variant),
        "distance_m": _metres(neighbour.way.distance_m if neighbour.way else None),
        "direction_deg": _metres(neighbour.way.heading_deg if neighbour.way else None),
    }


def _metres(number: float | None) -> float | None:
    return None if number is None else round(number, 1)
