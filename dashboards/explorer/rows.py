"""Points as rows: from one row come the line of the table, the line of the file and the values of the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboards.explorer import words
from dashboards.figures.annotations import NumberedNote, numbers_within
from dashboards.languages import marked, t
from geodata.figures.usage.exploring import Usage
from geodata.figures.usage.weather import PointWeather, of_point
from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.usage.buckets import UsageBucket
from geodata.statistics.usage.sums import PassesPoint
from geodata.text import csv_table
from geodata.text.csv_table import Column, Dialect, Kind

NO_WEATHER = PointWeather(None, None)
COLUMNS = (
    marked("Durchgänge gezählt"),
    marked("dazu geschätzt"),
    marked("mindestens"),
    marked("Abdeckung in Prozent"),
    marked("Durchgänge im Jahr davor"),
    marked("Aufrufe"),
    marked("Temperatur in °C"),
    marked("Regen in mm"),
    marked("Anmerkungen"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """A point with all that is known beside it; ``before``: the passes a year before, None: unknown or not asked."""

    start: datetime
    end: datetime
    passes: PassesPoint
    before: int | None
    scans: int | None
    weather: PointWeather
    notes: Sequence[int]

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.end - timedelta(seconds=1)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRowWords:
    """A row in the words of the table."""

    name: str
    passes: str
    shared: str
    state: str
    before: str
    scans: str
    temperature: str
    rain: str
    notes: str


def rows(
    usage: Usage, before: Usage | None, weather: Mapping[date, WeatherDay], notes: Sequence[NumberedNote]
) -> list[UsageRow]:
    """One row each point, in order; the points of ``before`` are those of the year before, one after the other."""
    earlier = [point.passes.passes for point in before.points] if before else []
    earlier += [None] * (len(usage.points) - len(earlier))
    is_days = usage.bucket is not UsageBucket.HOUR
    return [
        UsageRow(
            start=point.start,
            end=point.end,
            passes=point.passes,
            before=of_before,
            scans=point.scans,
            weather=of_point(weather, point) if is_days and weather else NO_WEATHER,
            notes=numbers_within(notes, point.start.date(), (point.end - timedelta(seconds=1)).date()) if notes else (),
        )
        for point, of_before in zip(usage.points, earlier[: len(usage.points)], strict=True)
    ]


def in_words(row: UsageRow, bucket: UsageBucket) -> UsageRowWords:
    """The line of the table."""
    return UsageRowWords(
        name=words.point_name(bucket, row.start, row.end),
        passes=words.passes(row.passes),
        shared=words.number(row.passes.shared) if row.passes.shared else "–",
        state=words.state(row.passes),
        before="–" if row.before is None else words.number(row.before),
        scans=words.scans(row.scans),
        temperature=words.measured(row.weather.temperature, "°C"),
        rain=words.measured(row.weather.rain, "mm"),
        notes=", ".join(map(str, row.notes)) or "–",
    )


def as_json(
    found: Sequence[UsageRow], bucket: UsageBucket, notes: Sequence[NumberedNote], timezone: str
) -> dict[str, object]:
    """The values of the chart, by columns; ``start`` in seconds since 1970, null where nothing is known."""
    return {
        "bucket": bucket,
        "timezone": timezone,
        "start": [int(row.start.timestamp()) for row in found],
        "end": [int(row.end.timestamp()) for row in found],
        "passes": [row.passes.passes for row in found],
        "shared": [row.passes.shared for row in found],
        "atLeast": [int(row.passes.is_at_least) for row in found],
        "coverage": [None if row.passes.coverage is None else round(row.passes.coverage, 4) for row in found],
        "before": [row.before for row in found],
        "scans": [row.scans for row in found],
        "temperature": [_rounded(row.weather.temperature) for row in found],
        "rain": [_rounded(row.weather.rain) for row in found],
        "notes": [
            {
                "number": note.number,
                "text": note.text,
                "days": note.days,
                "first": str(note.first_day),
                "last": str(note.last_day),
            }
            for note in notes
        ],
        "noted": {number: list(row.notes) for number, row in enumerate(found) if row.notes},
    }


def as_csv(
    found: Sequence[UsageRow], bucket: UsageBucket, notes: Sequence[NumberedNote], timezone: str, dialect: Dialect
) -> bytes:
    """The rows as a file; an empty field is a gap, not 0. The plain one has times in UTC, to be read by programs."""
    names = [Column(t(name), Kind.NUMBER) for name in COLUMNS[:-1]]
    names[2] = Column(t(COLUMNS[2]))
    if bucket is UsageBucket.HOUR:
        times = [Column(t("Beginn"), Kind.INSTANT), Column(t("Ende"), Kind.INSTANT)]
    else:
        times = [Column(t("erster Tag"), Kind.DAY), Column(t("letzter Tag"), Kind.DAY)]
    sentences = {note.number: note.sentence for note in notes}
    lines = [
        (
            *((row.start, row.end) if bucket is UsageBucket.HOUR else (row.start.date(), row.last)),
            row.passes.passes, row.passes.shared, t("ja") if row.passes.is_at_least else "",
            None if row.passes.coverage is None else round(100 * row.passes.coverage, 1),
            row.before, row.scans, _rounded(row.weather.temperature), _rounded(row.weather.rain),
            "; ".join(sentences[number] for number in row.notes),
        )
        for row in found
    ]  # fmt: skip
    return csv_table.write([*times, *names, Column(t(COLUMNS[-1]))], lines, dialect, timezone)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
