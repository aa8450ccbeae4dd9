"""What an import would do to a trail's stations: where each stands on the line, its number, its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from geodata.findings.trail_file import Findings
from geodata.geometry.line import PointOnLine, TrailGeometry
from geodata.messages.listing import listed
from geodata.messages.message import Message, message
from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.trailfiles.draft.assembly import distance_m
from geodata.trailfiles.draft.records import ParsedStation
from geodata.trailfiles.plan.matching import Match
from geodata.trailfiles.plan.numbering import numbers

_WARN_OFF_M, _REFUSE_OFF_M = 30.0, 250.0
_MOVED_M = 100.0
_SAME_PLACE_M = 3.0
_SAME_M, _SAME_DEG = 0.01, 1e-8


class Change(StrEnum):
    """What happens to a station."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RESTORED = "restored"
    KEPT = "kept"  # stored, not in the file
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlan:
    """A station after the import, how it was recognised, how far off the line it stands, how far it moves."""

    change: Change
    station: Station
    name: str
    by: str
    off_m: float
    moved_m: float | None = None
    number_before: int | None = None


class StationPlanner:
    """Plans the stations of one trail on its new line; ``before`` is the stored trail."""

    def __init__(
        self,
        trail: Trail,
        geometry: TrailGeometry,
        before: Trail | None,
        new_code: Callable[[], str],
        findings: Findings,
    ) -> None:
        self._trail = trail.slug
        self._geometry = geometry
        self._new_code = new_code
        self._findings = findings
        length_before = TrailGeometry(before.line).length_m if before else 0.0
        self._other_names: list[str] = []
        self._comparable = abs(length_before - geometry.length_m) < 0.05 * geometry.length_m

    def plan(
        self, matches: Sequence[Match], stored: Iterable[Station], retire_at: datetime | None
    ) -> tuple[StationPlan, ...]:
        """One plan per station of the file and of the store; those the file lacks retire at ``retire_at``, if given."""
        own = {station.code: station for station in stored if station.trail == self._trail}
        self._report_heights([match.parsed for match in matches])
        station_numbers = numbers(matches, own.values(), self._findings)
        planned: list[StationPlan] = []
        along_m = 0.0
        for number, match in sorted(zip(station_numbers, matches, strict=True), key=lambda pair: pair[0]):
            place = self._place(match.parsed, match.station, along_m)
            along_m = place.along_m
            planned.append(self._of_file(match, number, place))
        there = {plan.station.code for plan in planned}
        missing = [station for code, station in own.items() if code not in there and not station.retired_at]
        others = [self._missing(station, retire_at, reported=bool(matches)) for station in missing]
        self._no_number_twice([*planned, *others])
        self._report_other_names()
        return (*planned, *others)

    def _place(self, parsed: ParsedStation, before: Station | None, after_m: float) -> PointOnLine:
        """Where it is passed: as the file says, else as before, else the first time after the station before it."""
        if parsed.along_m is not None:
            return self._geometry.locate(parsed.lon, parsed.lat, parsed.along_m)
        places = self._geometry.places(parsed.lon, parsed.lat, _SAME_PLACE_M)
        if before and self._comparable:
            return min(places, key=lambda place: abs(place.along_m - before.along_m))
        return next((place for place in places if place.along_m >= after_m), places[0])

    def _of_file(self, match: Match, number: int, place: PointOnLine) -> StationPlan:
        parsed, before = match.parsed, match.station
        self._report_off(parsed.title, place, parsed)
        name = parsed.name or f"Station {number}"
        code = match.code or (before.code if before else self._new_code())
        after = replace(
            before or Station(code=code, trail="", number=0, lon=0, lat=0, contents={"de": _content(name)}),
            code=code,
            trail=self._trail,
            number=number,
            lon=parsed.lon,
            lat=parsed.lat,
            height=self._height(parsed, place),
            along_m=place.along_m,
            retired_at=None,
        )
        if before is None:
            return StationPlan(change=Change.NEW, station=after, name=name, by=match.by, off_m=place.off_m)
        after = _settled(before, after)
        moved_m = distance_m((before.lon, before.lat), (after.lon, after.lat))
        self._report_moved(before, moved_m, parsed)
        called = before.title()
        if parsed.name and called and parsed.name != called:
            self._other_names.append(f"{number} {called} ({parsed.name})")
        change = Change.RESTORED if before.retired_at else Change.UNCHANGED if after == before else Change.CHANGED
        return StationPlan(
            change=change,
            station=after,
            name=called or name,
            by=match.by,
            off_m=place.off_m,
            moved_m=moved_m,
            number_before=before.number,
        )

    def _report_other_names(self) -> None:
        if self._other_names:
            self._findings.note(
                message(
                    "Names in the file differ from the stored texts, {count} of them: {names}. The texts stay;"
                    " {action[content export]} and {action[content import]} change them.",
                    count=len(self._other_names),
                    names=listed(self._other_names),
                ),
                reason="names-differ",
            )

    def _missing(self, station: Station, retire_at: datetime | None, *, reported: bool) -> StationPlan:
        """A stored station that the file lacks: retired, or kept where it stands on the new line."""
        place = self._geometry.locate(station.lon, station.lat, station.along_m if self._comparable else None)
        name = _called(station)
        change, after = Change.KEPT, _settled(station, replace(station, along_m=place.along_m))
        if retire_at:
            change, after = Change.RETIRED, replace(station, retired_at=retire_at)
        else:
            if reported:
                sentence = message("{station} is not in the file and stays.", station=name)
                self._findings.warn(
                    sentence, hint=message("{option[retire-missing]} retires it."), reason="station-missing"
                )
            self._report_off(name, place, station)
        return StationPlan(
            change=change,
            station=after,
            name=station.title(),
            by="",
            off_m=place.off_m,
            moved_m=0.0,
            number_before=station.number,
        )

    def _height(self, parsed: ParsedStation, place: PointOnLine) -> float | None:
        height = self._geometry.height_at(place.along_m)
        return parsed.height if parsed.height is not None else None if height is None else round(height, 1)

    def _report_heights(self, parsed: Sequence[ParsedStation]) -> None:
        """Where some have a height and others none, those were forgotten; where none has one, the file holds none."""
        without = [entry.title for entry in parsed if entry.height is None]
        if 0 < len(without) < len(parsed) and self._geometry.height_at(0) is not None:
            self._findings.note(
                message(
                    "Stations without a height get that of the line, {count} of them: {names}.",
                    count=len(without),
                    names=listed(without),
                ),
                reason="heights-of-line",
            )

    def _report_off(self, name: str, place: PointOnLine, at: ParsedStation | Station) -> None:
        if place.off_m > _REFUSE_OFF_M:
            hint = message("Move it or the line; leave a point that is no station out with {option[leave-out]:NAME}.")
            expected = message("at most {most:.0f} m", most=_REFUSE_OFF_M)
            self._findings.error(_off(name, place), expected, hint, (at.lon, at.lat), reason="station-too-far-off")
        elif place.off_m > _WARN_OFF_M:
            hint = message(
                "Check the point and the line; leave a point that is no station out with {option[leave-out]:NAME}."
            )
            self._findings.warn(_off(name, place), hint=hint, place=(at.lon, at.lat), reason="station-off")

    def _report_moved(self, before: Station, moved_m: float, at: ParsedStation) -> None:
        if moved_m > _MOVED_M:
            self._findings.warn(
                message("{station} moves by {moved:.0f} m; its sign too?", station=_called(before), moved=moved_m),
                place=(at.lon, at.lat),
                reason="station-moves",
            )

    def _no_number_twice(self, planned: Sequence[StationPlan]) -> None:
        live = [plan for plan in planned if plan.change is not Change.RETIRED]
        for number, count in Counter(plan.station.number for plan in live).items():
            if count > 1:
                names = ", ".join(
                    f"{plan.name} ({plan.station.code})" for plan in live if plan.station.number == number
                )
                self._findings.error(
                    message("The number {number} would be that of {names}.", number=number, names=names),
                    "each number once",
                    message(
                        "Give another number, or retire stations that the file lacks with {option[retire-missing]}."
                    ),
                    reason="number-taken",
                )


def _off(station: str, place: PointOnLine) -> Message:
    return message("{station} is {off:.0f} m off the line.", station=station, off=place.off_m)


def _called(station: Station) -> str:
    return f"Station {station.number} {station.title()} ({station.code})"


def _content(name: str) -> StationContent:
    return StationContent(variant="de", title=name, lead="", body="")


def _settled(before: Station, after: Station) -> Station:
    """What is written: values that differ by less than a file format rounds stay as they are."""
    same_place = max(abs(before.lon - after.lon), abs(before.lat - after.lat)) < _SAME_DEG
    heights = before.height, after.height
    same_height = heights[0] == heights[1] or (
        None not in heights and abs((heights[0] or 0) - (heights[1] or 0)) < _SAME_M
    )
    return replace(
        after,
        lon=before.lon if same_place else after.lon,
        lat=before.lat if same_place else after.lat,
        height=before.height if same_height else after.height,
        along_m=before.along_m if abs(before.along_m - after.along_m) < _SAME_M else after.along_m,
    )
