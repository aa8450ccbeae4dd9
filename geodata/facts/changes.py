"""What becomes of a trail's places and stretches: which stored one is meant, what is new, changed, stays or goes.

A place has no number and no code. It is recognised by its kind, and by its name, else by where it stands.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from geodata.facts import sections, words
from geodata.geometry.line import GEOD
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Section

SAME_DEG, SAME_M = 1e-8, 0.01
"""What a file format may round; less is no difference."""

_SAME_NAME_M = 100.0
"""So far a place of the same name is the same one, corrected; a rescue point's name is its own, however far."""
_SAME_PLACE_M = 25.0
_AROUND_DEG = 0.001
"""Of latitude; a little more than the longest of these distances."""
_SPOT_DEG = 1.5e-7
"""One or two centimetres."""
_NOT_LESS_M = 10.0
"""Of so many metres less may be known where boundaries were measured anew."""
_Rank = tuple[int, float, int, int, float]


class Fate(StrEnum):
    """What happens to a place, or to the stretches."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # stored, and not in the file
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class PlaceStep:
    """What happens to one place; ``before`` is None where it is new, and stays what it was where it goes."""

    fate: Fate
    place: Place
    before: Place | None = None

    @property
    def moved_m(self) -> float | None:
        """How far it moves; None for a new one."""
        return None if self.before is None else apart_m(self.place, self.before)


@dataclass(frozen=True, slots=True)
class StretchesStep:
    """What happens to the stretches, which are replaced as a whole: how many there are before and after."""

    fate: Fate
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class TableSteps:
    """What tables change; None where there is no table of that sort."""

    places: tuple[PlaceStep, ...] | None = None
    stretches: StretchesStep | None = None


def of_table(found: Iterable[Place], stored: Sequence[Place]) -> tuple[PlaceStep, ...]:
    """The steps from what is stored to exactly what a table says: a table is the whole list, and empty cells count."""
    return steps(found, stored, lambda place, _: place, None)


def steps(
    found: Iterable[Place],
    stored: Sequence[Place],
    placed: Callable[[Place, Place | None], Place],
    kept: Callable[[Place], Place] | None,
) -> tuple[PlaceStep, ...]:
    """The steps along the trail.

    ``placed`` makes of a place that was found and the stored one that it is, if any, the place as it will be stored;
    ``kept`` does so with a stored one that was not found, which goes where that is None.
    """
    pairs = paired(list(found), stored)
    met = {id(before) for _, before in pairs if before is not None}
    made = [_step(placed(place, before), before) for place, before in pairs]
    missing = [place for place in stored if id(place) not in met]
    if kept is None:
        made += [PlaceStep(Fate.REMOVED, place, place) for place in missing]
    else:
        made += [replace(_step(kept(place), place), fate=Fate.KEPT) for place in missing]
    return tuple(sorted(made, key=lambda step: (step.place.along_m, step.place.kind, step.place.name)))


def result(made: Iterable[PlaceStep]) -> tuple[Place, ...]:
    """The places that are there after these steps."""
    return tuple(step.place for step in made if step.fate is not Fate.REMOVED)


def changed(made: Iterable[PlaceStep]) -> bool:
    """Whether these steps change anything that is stored."""
    return any(step.fate is Fate.REMOVED or step.place != step.before for step in made)


def stretches(after: Sequence[Section], before: Sequence[Section], *, kept: bool = False) -> StretchesStep:
    """What happens to the stretches; ``kept``: they are the stored ones."""
    if kept:
        fate = Fate.KEPT
    elif alike_sections(after, before):
        fate = Fate.UNCHANGED
    elif after:
        fate = Fate.CHANGED if before else Fate.NEW
    else:
        fate = Fate.REMOVED
    return StretchesStep(fate, len(before), len(after))


def _step(after: Place, before: Place | None) -> PlaceStep:
    """What differs by less than a format rounds stays as it is stored."""
    if before is None:
        return PlaceStep(Fate.NEW, after)
    if _alike(after, before):
        return PlaceStep(Fate.UNCHANGED, before, before)
    return PlaceStep(Fate.CHANGED, after, before)


def paired(found: Sequence[Place], stored: Sequence[Place]) -> list[tuple[Place, Place | None]]:
    """Each place that was found with the stored one that it is: the nearest pairs first, those of one name before all.

    The same places again always find themselves: at no distance, and among several there the one that is equal.
    """
    candidates = _Candidates(stored)
    ranked = sorted((rank, i, j) for i, place in enumerate(found) for rank, j in candidates.of(place))
    of_found: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in ranked:
        if i not in of_found and j not in taken:
            of_found[i] = j
            taken.add(j)
    return [(place, stored[of_found[i]] if i in of_found else None) for i, place in enumerate(found)]


class _Candidates:
    """The stored places that one of a file may be, so that thousands are not compared with thousands."""

    def __init__(self, stored: Sequence[Place]) -> None:
        self._stored = [(place, words.fold(place.name)) for place in stored]
        self._north = sorted((place.lat, j) for j, place in enumerate(stored))

    def of(self, place: Place) -> Iterator[tuple[_Rank, int]]:
        """Each that fits, by its index, after how well it does."""
        name = words.fold(place.name)
        if place.kind is PlaceKind.RESCUE_POINT and name:
            indices = [j for j, (_, other_name) in enumerate(self._stored) if other_name == name]
        else:
            start = bisect_left(self._north, (place.lat - _AROUND_DEG, -1))
            end = bisect_left(self._north, (place.lat + _AROUND_DEG, -1))
            indices = [j for _, j in self._north[start:end]]
        for j in indices:
            other, other_name = self._stored[j]
            rank = _rank(place, name, other, other_name) if place.kind is other.kind else None
            if rank is not None:
                yield rank, j


def each_once(places: Iterable[Place]) -> tuple[list[Place], list[Place]]:
    """The places, and those that are one of them again: of a kind, at one spot, and of the same name or of none."""
    once: list[Place] = []
    again: list[Place] = []
    seen: set[tuple[str, str, int, int]] = set()
    for place in sorted(places, key=lambda place: not place.name):
        name, east, north = words.fold(place.name), round(place.lon / _SPOT_DEG), round(place.lat / _SPOT_DEG)
        around = {(place.kind.value, name, east + i, north + j) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        if seen.isdisjoint(around):
            seen |= {(place.kind.value, name, east, north), (place.kind.value, "", east, north)}
            once.append(place)
        else:
            again.append(place)
    return once, again


def filled(place: Place, before: Place | None) -> Place:
    """A place with what is stored of it where it says nothing: a walker's file knows no ramp, and denies none."""
    if before is None:
        return place
    return replace(
        place,
        name=place.name or before.name,
        note=place.note or before.note,
        wheelchair=place.wheelchair or before.wheelchair,
    )


def known_less(after: Sequence[Section], before: Sequence[Section]) -> list[str]:
    """The columns of which less of the way is known afterwards: wheelchair, steps and others."""
    told = (column for column in sections.COLUMNS if column not in sections.NEEDED)
    return [column for column in told if _is_lost(after, before, column)]


def alike_sections(after: Sequence[Section], before: Sequence[Section]) -> bool:
    """Whether nothing differs by more than a file format rounds."""
    return len(after) == len(before) and all(
        math.isclose(a.from_m, b.from_m, abs_tol=SAME_M)
        and math.isclose(a.to_m, b.to_m, abs_tol=SAME_M)
        and replace(a, from_m=b.from_m, to_m=b.to_m) == b
        for a, b in zip(after, before, strict=True)
    )


def apart_m(place: Place, other: Place) -> float:
    """Metres between two places; nothing where a format rounded."""
    metres = float(GEOD.inv(place.lon, place.lat, other.lon, other.lat)[2])
    return metres if metres >= SAME_M else 0.0


def _rank(place: Place, name: str, other: Place, other_name: str) -> _Rank | None:
    """How well two places of a kind fit, less is better; None where they are two."""
    metres = apart_m(place, other)
    if name and name == other_name and (place.kind is PlaceKind.RESCUE_POINT or metres <= _SAME_NAME_M):
        first = 0
    elif not (name and other_name) and metres <= _SAME_PLACE_M:
        first = 1
    else:
        return None
    said = [(place.name, other.name), (place.note, other.note), (place.wheelchair, other.wheelchair)]
    along_m = abs(place.along_m - other.along_m) if place.along_m >= 0 else math.inf  # the trail may pass it twice
    return first, metres, sum(bool(a) and a != b for a, b in said), sum(a != b for a, b in said), along_m


def _alike(after: Place, before: Place) -> bool:
    return (
        math.isclose(after.lon, before.lon, abs_tol=SAME_DEG)
        and math.isclose(after.lat, before.lat, abs_tol=SAME_DEG)
        and math.isclose(after.along_m, before.along_m, abs_tol=SAME_M)
        and replace(after, lon=before.lon, lat=before.lat, along_m=before.along_m, off_m=before.off_m) == before
    )


def _is_lost(after: Sequence[Section], before: Sequence[Section], column: str) -> bool:
    """Whether something was known in this column, and is not any more: of most of a stretch, or of several metres."""
    known_after = [section for section in after if _is_known(section, column)]
    lost = [
        (section.length_m - sum(_shared_m(section, other) for other in known_after), section.length_m)
        for section in before
        if _is_known(section, column)
    ]
    return sum(metres for metres, _ in lost) > _NOT_LESS_M or any(metres > whole / 2 for metres, whole in lost)


def _is_known(section: Section, column: str) -> bool:
    return getattr(section, column) not in {None, ""}


def _shared_m(section: Section, other: Section) -> float:
    return max(min(section.to_m, other.to_m) - max(section.from_m, other.from_m), 0.0)
