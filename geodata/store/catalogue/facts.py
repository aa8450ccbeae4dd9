"""The facts of trails: places beside them, and stretches of them. Both are replaced as a whole, trail by trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from geodata.model.place import Place, PlaceKind
from geodata.model.section import Passable, Section, Surface
from geodata.store.transaction import Transaction

Places = dict[str, tuple[Place, ...]]
Sections = dict[str, tuple[Section, ...]]


def load_places(connection: Transaction, only: list[str] | None = None) -> Places:
    """The places by trail, sorted along it: all, or ``only`` those of these trails; one without places is left out."""
    places = defaultdict[str, list[Place]](list)
    for trail, kind, lon, lat, name, note, wheelchair, along_m, off_m in connection.execute(
        "SELECT trail, kind, lon, lat, name, note, wheelchair, along_m, off_m FROM trail_place"
        " WHERE %(only)s::text[] IS NULL OR trail = ANY(%(only)s) ORDER BY trail, along_m, kind, name, id",
        {"only": only},
    ):
        place = Place(
            trail=trail,
            kind=PlaceKind(kind),
            lon=lon,
            lat=lat,
            name=name,
            note=note,
            wheelchair=_passable(wheelchair),
            along_m=along_m,
            off_m=off_m,
        )
        places[place.trail].append(place)
    return {trail: tuple(found) for trail, found in places.items()}


def load_sections(connection: Transaction, only: list[str] | None = None) -> Sections:
    """The stretches by trail, sorted along it; as load_places()."""
    sections = defaultdict[str, list[Section]](list)
    for trail, from_m, to_m, surface, steps, wheelchair, pram, width_cm, note in connection.execute(
        "SELECT trail, from_m, to_m, surface, steps, wheelchair, pram, width_cm, note FROM trail_section"
        " WHERE %(only)s::text[] IS NULL OR trail = ANY(%(only)s) ORDER BY trail, from_m",
        {"only": only},
    ):
        section = Section(
            trail=trail,
            from_m=from_m,
            to_m=to_m,
            surface=Surface(surface) if surface else None,
            steps=steps,
            wheelchair=_passable(wheelchair),
            pram=_passable(pram),
            width_cm=width_cm,
            note=note,
        )
        sections[section.trail].append(section)
    return {trail: tuple(found) for trail, found in sections.items()}


def replace_places(connection: Transaction, trail: str, places: Iterable[Place]) -> bool:
    """Let the trail have exactly these places; whether that changed anything. The same again changes nothing."""
    wanted = sorted(places, key=_along)
    if wanted == sorted(load_places(connection, [trail]).get(trail, ()), key=_along):
        return False
    connection.execute("DELETE FROM trail_place WHERE trail = %s", [trail])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO trail_place (trail, kind, lon, lat, name, note, wheelchair, along_m, off_m)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [(trail, p.kind, p.lon, p.lat, p.name, p.note, p.wheelchair, p.along_m, p.off_m) for p in wanted],
        )
    return True


def replace_sections(connection: Transaction, trail: str, sections: Iterable[Section]) -> bool:
    """Let the trail have exactly these stretches; as replace_places()."""
    wanted = tuple(sorted(sections, key=lambda section: section.from_m))
    if wanted == load_sections(connection, [trail]).get(trail, ()):
        return False
    connection.execute("DELETE FROM trail_section WHERE trail = %s", [trail])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO trail_section (trail, from_m, to_m, surface, steps, wheelchair, pram, width_cm, note)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [(trail, s.from_m, s.to_m, s.surface, s.steps, s.wheelchair, s.pram, s.width_cm, s.note) for s in wanted],
        )
    return True


def _along(place: Place) -> tuple[float, str, str, float, float, str, str, str, float]:
    """The order of places; complete, so that two lists of the same places are equal."""
    return (
        place.along_m,
        place.kind,
        place.name,
        place.lon,
        place.lat,
        place.note,
        place.wheelchair or "",
        place.trail,
        place.off_m,
    )


def _passable(stored: str | None) -> Passable | None:
    return Passable(stored) if stored else None
