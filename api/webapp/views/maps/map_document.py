"""What the script of the map page draws and says, as one JSON document: GeoJSON, and the words in one voice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
import shapely
from shapely import LineString
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from api.catalogue.closures import PlacedClosure
from api.catalogue.snapshot import Snapshot
from api.drawing import map as trail_map
from api.languages.texts import Texts
from api.webapp.directions import compass_words
from api.webapp.views import conditions
from api.webapp.views.frame import Frame
from api.webapp.views.maps import map_places
from api.webapp.views.maps.map_places import MapPlace
from api.webapp.views.parts import station_title
from geodata.maps.base_map import ADDRESS, BaseMap
from geodata.model.station import Station
from geodata.model.trail import Trail

_DEGREE_DIGITS = 6  # ten centimetres
_MOST_VERTICES = 2_000
_FINE = 5e-6  # degrees: half a metre


def build(snapshot: Snapshot, trail: Trail, frame: Frame, now: datetime, base_map: BaseMap | None) -> bytes:
    """The document: ``trail`` (Feature), ``stations``, ``closures``, ``places`` (collections), ``frame``, ``words``.

    ``frame`` places a point on the drawn map; ``base_map`` is null, or says what lies below.
    """
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    closed = conditions.closed_now(snapshot, trail.slug, now)
    places = map_places.build(snapshot.catalogue.places.get(trail.slug, ()), frame.t)
    drawn = trail_map.draw(snapshot.geometries.get(trail.slug), trail.line, stations, closed).frame
    return msgspec.json.encode(
        {
            "trail": _trail(snapshot, trail),
            "stations": _collection(_station(station, closed, frame) for station in stations),
            "closures": _collection(_feature(_shape(placed.line), {}) for placed in closed),
            "places": _collection(map(_place, places)),
            "frame": {
                "west": drawn.west,
                "north": drawn.north,
                "scale": drawn.scale,
                "shortening": drawn.shortening,
            },
            "base_map": _below(base_map),
            "words": _words(frame.t),
        }
    )


def _trail(snapshot: Snapshot, trail: Trail) -> Mapping[str, object]:
    """The line as it is walked: a loop whose ends lie apart is closed, as its length says it."""
    geometry = snapshot.geometries.get(trail.slug)
    if geometry is None:
        return _feature(_shape(trail.line), {"length_m": None, "is_loop": False})
    line = trail.line if len(trail.line.coords) <= _MOST_VERTICES else trail.line.simplify(_FINE)
    vertices = [vertex[:2] for vertex in line.coords]
    if geometry.is_loop and vertices[0] != vertices[-1]:
        vertices.append(vertices[0])
    length = round(geometry.length_m, 1)
    return _feature(_shape(LineString(vertices)), {"length_m": length, "is_loop": geometry.is_loop})


def _station(station: Station, closed: Sequence[PlacedClosure], frame: Frame) -> Mapping[str, object]:
    title = station_title(station, frame)
    properties = {
        "code": station.code,
        "number": station.number,
        "title": title.text,
        "lang": title.lang,
        "along_m": round(station.along_m, 1),
        "is_closed": conditions.is_closed(closed, station.code),
        "href": frame.link(f"/s/{station.code}"),
    }
    return _feature(_point(station.lon, station.lat), properties)


def _place(place: MapPlace) -> Mapping[str, object]:
    line = place.line
    properties = {"kind": place.kind, "label": place.label, "name": line.name, "where": line.where}
    return _feature(_point(place.lon, place.lat), properties)


def _point(lon: float, lat: float) -> Mapping[str, object]:
    return {"type": "Point", "coordinates": [round(lon, _DEGREE_DIGITS), round(lat, _DEGREE_DIGITS)]}


def _below(base_map: BaseMap | None) -> Mapping[str, object] | None:
    if base_map is None:
        return None
    return {"tiles": base_map.tiles} if base_map.tiles else {"archive": ADDRESS}


def _feature(geometry: Mapping[str, object], properties: Mapping[str, object]) -> Mapping[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: Iterable[Mapping[str, object]]) -> Mapping[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def _shape(shape: BaseGeometry) -> Mapping[str, object]:
    flat = shapely.transform(shape, lambda lonlats: lonlats.round(_DEGREE_DIGITS))
    return mapping(flat)


def _words(t: Texts) -> Mapping[str, object]:
    """What the script says, with ``%(name)s`` where it puts a number, a distance or a title."""
    return {
        "map": t("Karte des Pfads"),
        "metre": "m",
        "kilometre": "km",
        "about": t("ungefähr %(distance)s"),
        "compass": [t(compass_words(45 * i)) for i in range(8)],
        "station": t("Station %(number)s"),
        "closed": t("gesperrt"),
        **_of_the_button(t),
        **_of_the_place(t),
        **_of_faults(t),
    }


def _of_the_button(t: Texts) -> Mapping[str, str]:
    return {
        "ask": t("Wo bin ich?"),
        "stop": t("Standort ausschalten"),
        "searching": t("Dein Standort wird gesucht …"),
        "stopped": t("Dein Standort ist ausgeschaltet."),
    }


def _of_the_place(t: Texts) -> Mapping[str, str]:
    return {
        "at": t("Du bist bei Station %(number)s."),
        "on": t("Du bist auf dem Weg."),
        "near": t("Du bist %(distance)s neben dem Weg."),
        "far": t("Du bist %(distance)s vom Weg entfernt."),
        "back": t("Zum Weg geht es %(direction)s."),
        "nearest": t("Am nächsten ist Station %(number)s, %(distance)s Luftlinie."),
        "between": t("Du bist zwischen Station %(first)s und Station %(second)s."),
        "between_either": t(
            "Du bist zwischen Station %(first)s und Station %(second)s oder zwischen Station %(third)s und"
            " Station %(fourth)s: Dort liegen die Wege nah beieinander."
        ),
        "before": t("Du bist vor Station %(number)s."),
        "behind": t("Du bist hinter Station %(number)s."),
        "around": t("Du bist in der Nähe von Station %(number)s."),
        "somewhere": t("Du bist irgendwo auf dem Pfad oder nahe daran."),
        "left": t("Noch %(distance)s bis Station %(number)s."),
        "left_to_end": t("Noch %(distance)s bis zum Ende."),
        "accuracy": t("Dein Handy weiß gerade nur auf %(distance)s genau, wo du bist."),
        "shut_here": t("Achtung: Hier ist der Weg gesperrt."),
        "shut_next": t("Station %(number)s ist gesperrt."),
        "here": t("Du bist hier"),
        "ahead": t("noch %(distance)s auf dem Weg"),
        "behind_m": t("%(distance)s zurück auf dem Weg"),
        "away": t("%(distance)s Luftlinie"),
    }


def _of_faults(t: Texts) -> Mapping[str, str]:
    return {
        "denied": t(
            "Du hast den Standort nicht freigegeben. Die Karte geht auch so. Freigeben kannst du ihn in den"
            " Einstellungen deines Browsers."
        ),
        "unavailable": t("Dein Handy findet deinen Standort gerade nicht. Unter freiem Himmel geht es besser."),
        "unsupported": t("Dieser Browser kann deinen Standort nicht bestimmen."),
        "failed": t("Die bewegliche Karte ist nicht angekommen. Diese Karte und die Liste zeigen dasselbe."),
    }
