"""What somebody asks of the explorer, as the address says it: a place, a span of days, the length of a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BaseModel, Field

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of
from dashboards.access.visible import visible_municipalities, visible_trails
from dashboards.languages import t
from geodata.conditions.annotations import AnnotationScope
from geodata.errors import NotFound
from geodata.figures.usage.exploring import UsedPlace
from geodata.messages.message import cut
from geodata.model.municipality import Municipality
from geodata.model.staff import Staff
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.statistics.usage.buckets import MOST_DAYS, UsageBucket, offered, sensible
from geodata.statistics.usage.ranges import DaySpan, RangePreset, span_of
from geodata.text.csv_table import Dialect

PAGE = "/staff/figures/explore"
DEFAULT = RangePreset.LAST_MONTH
_EARLIEST = date(2000, 1, 1)


class ExplorerQuery(BaseModel, frozen=True):
    """The address, in the texts that came; ``before``: beside the year before; ``form``: of the file."""

    municipality: str = ""
    trail: str = ""
    station: str = ""
    range: str = ""
    first: str = ""
    last: str = ""
    by: str = ""
    before: bool = False
    part: Annotated[int, Field(ge=1, le=10_000)] = 1
    form: Dialect = Dialect.EXCEL_DE

    def address(self, page: str = PAGE, **changed: object) -> str:
        """The address of the same question with something else in it."""
        said = self.model_dump() | changed
        said["before"] = "true" if said["before"] else ""
        said["part"] = said["part"] if said["part"] != 1 else ""
        said["form"] = said["form"] if said["form"] != Dialect.EXCEL_DE else ""
        return f"{page}?{urlencode({name: value for name, value in said.items() if value})}"


AskedQuery = Annotated[ExplorerQuery, Query()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerPlace:
    """Where it is asked of: one of the ``trails`` of a ``town`` that somebody sees, or all of them (None)."""

    town: Municipality
    trails: Sequence[Trail]
    trail: Trail | None
    station: Station | None
    stations: Sequence[Station]
    zone: ZoneInfo

    @property
    def name(self) -> str:
        """What the page is about."""
        whole = name_of(self.trail) if self.trail else t("Alle Pfade von %(town)s", town=self.town.name)
        return f"{whole}, {t('Station %(number)s', number=self.station.number)}" if self.station else whole

    @property
    def scope(self) -> AnnotationScope:
        """Whose annotations and comparisons these are."""
        return AnnotationScope(
            municipality=self.town.slug,
            trail=self.trail.slug if self.trail else None,
            station=self.station.code if self.station else None,
        )

    @property
    def used(self) -> UsedPlace:
        """What is read."""
        return UsedPlace(
            town=self.town,
            trails=[self.trail.slug] if self.trail else [each.slug for each in self.trails],
            station=self.station.code if self.station else None,
            stations=[self.station.code] if self.station else [each.code for each in self.stations],
            zone=self.zone,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSpan:
    """The days that are shown; ``preset`` where they have a name, ``wrong`` says by field what could not be read."""

    span: DaySpan
    preset: RangePreset | None
    bucket: UsageBucket
    offered: Sequence[UsageBucket]
    wrong: Mapping[str, str] = field(default_factory=dict[str, str])


def place_of(query: ExplorerQuery, snapshot: Snapshot, staff: Staff) -> ExplorerPlace | None:
    """Where it is asked of; None for who sees no trail. Raises NotFound where the names do not fit together."""
    seen = visible_trails(snapshot, staff)
    if not seen and not query.trail:
        return None
    place = place_among(query, snapshot, seen)
    if place.town.slug not in visible_municipalities(snapshot, staff):
        raise NotFound("municipality", place.town.slug)
    return place


def place_among(query: ExplorerQuery, snapshot: Snapshot, seen: Mapping[str, Trail]) -> ExplorerPlace:
    """Where it is asked of by whoever sees these trails, one at least. Raises NotFound."""
    named = _trail(query, snapshot)
    town = named.municipality if named else query.municipality or next(iter(seen.values())).municipality
    if town not in snapshot.catalogue.municipalities:
        raise NotFound("municipality", town)
    own = [each for each in seen.values() if each.municipality == town]
    only = named or (own[0] if len(own) == 1 else None)
    shown = {only.slug} if only else {each.slug for each in own}
    stations = sorted(
        (each for each in snapshot.catalogue.stations.values() if each.trail in shown),
        key=lambda each: (each.trail, each.number),
    )
    return ExplorerPlace(
        town=snapshot.catalogue.municipalities[town],
        trails=own,
        trail=only,
        station=_station(query, stations),
        stations=stations,
        zone=ZoneInfo(snapshot.catalogue.municipalities[town].timezone),
    )


def span_asked(query: ExplorerQuery, today: date, land: str, since: date) -> AskedSpan:
    """The days; where they cannot be read, those of the last month, and what is wrong."""
    wrong: dict[str, str] = {}
    preset: RangePreset | None = None
    span: DaySpan | None = None
    if query.first or query.last:
        span = _own(query, today, wrong)
    elif query.range in set(RangePreset):
        preset = RangePreset(query.range)
        span = span_of(preset, today, land, since)
        if span is None:
            wrong["range"] = t("Für dieses Land sind keine Schulferien eingetragen. Bitte wählen Sie zwei Tage.")
    elif query.range:
        wrong["range"] = t(
            "„%(text)s“ ist kein Zeitraum, den es hier gibt. Bitte wählen Sie einen.", text=cut(query.range)
        )
    if span is None:
        preset, span = DEFAULT, span_of(DEFAULT, today, land, since) or DaySpan(today, today)
    lengths = offered(span)
    wanted = query.by if query.by in set(lengths) else ""
    if query.by and not wanted:
        wrong["by"] = t("Für diesen Zeitraum gibt es diese Schritte nicht. Gezeigt sind passende.")
    return AskedSpan(
        span=span,
        preset=preset,
        bucket=UsageBucket(wanted) if wanted else sensible(span),
        offered=lengths,
        wrong=wrong,
    )


def _trail(query: ExplorerQuery, snapshot: Snapshot) -> Trail | None:
    if not query.trail:
        return None
    trail = snapshot.catalogue.trails.get(query.trail)
    if trail is None or (query.municipality and trail.municipality != query.municipality):
        raise NotFound("trail", query.trail)
    return trail


def _station(query: ExplorerQuery, stations: Sequence[Station]) -> Station | None:
    if not query.station:
        return None
    found = next((each for each in stations if each.code == query.station.upper()), None)
    if found is None:
        raise NotFound("station", query.station)
    return found


def _own(query: ExplorerQuery, today: date, wrong: dict[str, str]) -> DaySpan | None:
    """Two days; the last one alone is taken for today, the first one alone for itself."""
    first, last = (_day(name, getattr(query, name), wrong) for name in ("first", "last"))
    if wrong:
        return None
    first, last = first or last, last or (min(today, date.max) if first else None)
    if first is None or last is None:
        return None
    if first > today:
        wrong["first"] = t("Der erste Tag liegt in der Zukunft. Bitte wählen Sie einen früheren.")
    elif last < first:
        wrong["last"] = t("Der letzte Tag liegt vor dem ersten. Bitte tauschen Sie die beiden.")
    elif (last - first).days >= MOST_DAYS:
        wrong["first"] = t("Das ist länger als 25 Jahre. Bitte kürzen Sie es.")
    else:
        return DaySpan(first, min(last, today))
    return None


def _day(name: str, text: str, wrong: dict[str, str]) -> date | None:
    """As browsers send it, or as people write it."""
    text = text.strip()
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if day >= _EARLIEST:
            return day
    wrong[name] = t(
        "„%(text)s“ ist kein Tag, der gemeint sein kann. Bitte schreiben Sie ihn wie 01.05.2026.", text=cut(text)
    )
    return None
