"""The answers that stand on top of the page: how many passed, how many scanned, and which counters need something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.catalogue.texts import title_of
from dashboards import words
from dashboards.conditions import looks as conditions
from dashboards.figures.counters import CounterRow
from dashboards.figures.weeks import estimated, percent
from geodata.model.station import Station
from geodata.statistics.counting.trail_sums import TrailPeriod


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody should do, and where."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class FigureAnswer:
    """A large figure, and what is to be said of it."""

    figure: str
    said: str


def passes(week: TrailPeriod) -> FigureAnswer:
    """The last full week, with how much of it was counted."""
    if not week.counters:
        return FigureAnswer("–", "In dieser Woche hing hier kein Zähler.")
    of_counters = f"an {words.count(week.counters, 'Zähler', 'Zählern')}, Abdeckung {percent(week.coverage)}"
    if week.shared:
        of_counters += f"; dazu geschätzt {estimated(week)}"
    if week.passes is None:
        return FigureAnswer("–", f"Nicht gezählt, das ist eine Lücke: {of_counters}")
    return FigureAnswer(words.number(week.passes), of_counters)


def scans(counts: Mapping[str, int], stations: Sequence[Station]) -> FigureAnswer:
    """Page requests of the last full week by station code, with the busiest one."""
    busiest = max(stations, key=lambda station: counts.get(station.code, 0), default=None)
    total = sum(counts.get(station.code, 0) for station in stations)
    if busiest is None or not total:
        return FigureAnswer("0", "keine Station geöffnet")
    most = words.number(counts.get(busiest.code, 0))
    return FigureAnswer(words.number(total), f"am meisten: {busiest.number} {title_of(busiest)} ({most})")


def needs(rows: Sequence[CounterRow], silent_signs: int) -> list[Need]:
    """What the counters and signs of the trail need, the most urgent first."""
    found = list[Need]()
    if silent_signs:
        found.append(Need(words.count(silent_signs, "Schild fällt auf", "Schilder fallen auf"), "/staff/signs"))
    ailing = [row.condition for row in rows if row.condition.needs_visit]
    if ailing:
        found.append(Need(conditions.summary(ailing), "/staff/devices"))
    lacking = sum(not row.has_factor for row in rows)
    if lacking:
        found.append(Need(words.count(lacking, "Zähler ohne Faktor", "Zähler ohne Faktor"), "/staff/counting"))
    return found


def needed(rows: Sequence[CounterRow], silent_signs: int) -> int:
    """How many counters and signs need something, each once."""
    return silent_signs + sum(row.condition.needs_visit or not row.has_factor for row in rows)
