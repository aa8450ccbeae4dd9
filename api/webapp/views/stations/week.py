"""The last seven days of the first value that a station shows, as a picture and as its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date, format_skeleton

from api.catalogue.latest import LatestValue
from api.drawing import week as drawing
from api.drawing.week import WeekDrawing
from api.languages.texts import Texts, marked_label
from api.webapp import wording
from api.webapp.values.hours import Past
from api.webapp.views.stations import now as now_view
from geodata.model.observation import Bucket, ObservedProperty, PropertyKind
from geodata.vocabulary.season import midnight

LEAST_HOURS = 24
"""Of less the small line of the day tells as much."""
_DAYS = 7
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the table: its values in words, and of how many hours they are where some are missing."""

    day: str
    values: str
    coverage: str


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day of the picture: where it begins, where its name stands, and that."""

    x: int
    middle: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The picture and its table. ``amounts``: what fell in an hour or a day, else lowest and highest values."""

    label: str
    drawing: WeekDrawing
    low: str
    high: str
    now: str
    days: tuple[DayMark, ...]
    rows: tuple[DayRow, ...]
    amounts: bool


def build(latest: LatestValue, past: Past, now: datetime, timezone: tzinfo, t: Texts) -> Week | None:
    """The week that ends with the day of ``now``; None where too little of it was measured."""
    dates = [now.astimezone(timezone).date() - timedelta(days=back) for back in reversed(range(_DAYS))]
    starts = [midnight(day, timezone) for day in (*dates, dates[-1] + timedelta(days=1))]
    hours, value = now_view.hourly(latest, past)
    end = min(max(latest.measured_at, starts[0]), now)
    measured = {
        (bucket.start - starts[0]) // _HOUR: bucket
        for bucket in hours
        if starts[0] <= bucket.start <= end and bucket.mean is not None
    }
    if len(measured) < LEAST_HOURS:
        return None
    prop, gap = latest.observed_property, now_view.usual_gap(latest)
    upto = ((end if value is not None else now) - starts[0]) // _HOUR
    amounts = prop.kind is PropertyKind.INCREMENT
    drawn = drawing.draw(measured, upto, value, decimals=prop.decimals, usual_gap=gap, amounts=amounts)
    if drawn is None:
        return None
    places = [(start - starts[0]) // _HOUR for start in starts]
    return Week(
        label=marked_label(prop, t),
        drawing=drawn,
        low=wording.quantity(drawn.low, prop, t),
        high=wording.quantity(drawn.high, prop, t),
        now="" if drawn.end is None else wording.quantity(latest.value or 0.0, prop, t),
        days=_marks(dates, places, t),
        rows=tuple(
            _row(
                day,
                [measured[i] for i in range(first, after) if i in measured],
                (min(after, upto) - first) // (gap + 1),
                prop,
                t,
            )
            for day, first, after in zip(dates, places, places[1:], strict=False)
        ),
        amounts=amounts,
    )


def _marks(dates: Sequence[date], places: Sequence[int], t: Texts) -> tuple[DayMark, ...]:
    names = [format_date(day, "EEEEEE", locale=t.locale) for day in dates]
    middles = drawing.middles(places)
    return tuple(
        DayMark(drawing.LEFT + place * drawing.STEP, middle, name)
        for place, middle, name in zip(places, middles, names, strict=False)
    )


def _row(day: date, hours: Sequence[Bucket], due: int, prop: ObservedProperty, t: Texts) -> DayRow:
    """A day of which ``due`` hours could have been measured by now."""
    name = format_skeleton("MMMEd", datetime(day.year, day.month, day.day), locale=t.locale)  # noqa: DTZ001 - a date
    lows = [bucket.minimum for bucket in hours if bucket.minimum is not None]
    highs = [bucket.maximum for bucket in hours if bucket.maximum is not None]
    if not lows or not highs:
        return DayRow(name, t("keine Messung"), "")
    low, high = wording.quantity(min(lows), prop, t), wording.quantity(max(highs), prop, t)
    values = f"{low} – {high}" if low != high else high
    if prop.kind is PropertyKind.INCREMENT:
        values = wording.quantity(sum(highs), prop, t)
    is_whole = len(hours) >= due
    return DayRow(name, values, "" if is_whole else t.plural("aus einer Stunde", "aus %(number)s Stunden", len(hours)))
