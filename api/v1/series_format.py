"""A time series as JSON or as CSV."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from api.v1.describe.stations import label, rights
from api.v1.time_range import LocalDates, TimeRange
from geodata.model.observation import Bucket, Observation, ObservedProperty, PropertyKind, Quality
from geodata.model.trail import Trail
from geodata.text.csv_table import Column, Dialect, Kind, write
from geodata.vocabulary.languages import DEFAULT

CSV_MEDIA_TYPE = "text/csv; charset=utf-8; header=present"

_EXTRA_DECIMALS = 2  # a mean may be finer than the instrument, but not by much


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Rows of one observed property at a station; ``devices`` maps datastreams to device ids, in order."""

    station: str
    observed_property: ObservedProperty
    bucket: str
    interval: TimeRange
    timezone: str
    devices: Mapping[int, str]
    trail: Trail


def _value(observation: Observation) -> float | None:
    """What may be shown of a result: nothing but what is ok."""
    return observation.result if observation.quality is Quality.OK else None


def _head(series: Series) -> dict[str, object]:
    return {
        "station": series.station,
        "property": series.observed_property.id,
        "label": label(series.observed_property, DEFAULT),
        "unit": series.observed_property.unit,
        "bucket": series.bucket,
        "from": series.interval.start,
        "to": series.interval.end,
        "timezone": series.timezone,
        **rights(series.trail),
    }


def raw_json(series: Series, observations: Sequence[Observation], following: str | None) -> bytes:
    """Observations by device; ``following`` is the address of the rest."""
    rows: dict[int, list[dict[str, object]]] = {datastream: [] for datastream in series.devices}
    for observation in observations:
        rows[observation.datastream_id].append(
            {
                "time": observation.phenomenon_time,
                "value": _value(observation),
                "quality": observation.quality.name.lower(),
            }
        )
    listed = [
        {"device": series.devices[stream], "observations": rows_of_stream} for stream, rows_of_stream in rows.items()
    ]
    return msgspec.json.encode({**_head(series), "series": listed, "next": following})


def raw_csv(series: Series, observations: Iterable[Observation], dialect: Dialect) -> bytes:
    """One line per observation."""
    value = f"{series.observed_property.id} [{series.observed_property.unit}]"
    columns = (Column("time", Kind.INSTANT), Column("device"), Column(value, Kind.NUMBER), Column("quality"))
    rows = (
        (o.phenomenon_time, series.devices[o.datastream_id], _value(o), o.quality.name.lower()) for o in observations
    )
    return write(columns, rows, dialect, series.timezone)


class _Figures(msgspec.Struct, gc=False, rename={"minimum": "min", "maximum": "max", "total": "sum"}):
    """What is shown of a bucket; a Struct, for a year has 8,760 of them."""

    start: datetime
    date: date
    count: int
    mean: float | None
    minimum: float | None
    maximum: float | None
    total: float | None
    suspect: int
    missing: int


def buckets_json(series: Series, buckets: Mapping[int, Sequence[Bucket]]) -> bytes:
    """Buckets by device."""
    listed = [
        {"device": device, "buckets": list(_shown(series, buckets.get(stream, [])))}
        for stream, device in series.devices.items()
    ]
    return msgspec.json.encode({**_head(series), "series": listed})


def buckets_csv(series: Series, buckets: Mapping[int, Sequence[Bucket]], dialect: Dialect) -> bytes:
    """One line per bucket."""
    unit = series.observed_property.unit
    figures = ("count", *(f"{name} [{unit}]" for name in ("mean", "min", "max", "sum")), "suspect", "missing")
    columns = (
        Column("start", Kind.INSTANT),
        Column("date", Kind.DAY),
        Column("device"),
        *(Column(name, Kind.NUMBER) for name in figures),
    )
    rows = (
        (
            hour_or_day.start,
            hour_or_day.date,
            device,
            hour_or_day.count,
            hour_or_day.mean,
            hour_or_day.minimum,
            hour_or_day.maximum,
            hour_or_day.total,
            hour_or_day.suspect,
            hour_or_day.missing,
        )
        for stream, device in series.devices.items()
        for hour_or_day in _shown(series, buckets.get(stream, []))
    )
    return write(columns, rows, dialect, series.timezone)


def _shown(series: Series, buckets: Iterable[Bucket]) -> Iterator[_Figures]:
    decimals = series.observed_property.decimals + _EXTRA_DECIMALS
    adds_up = series.observed_property.kind is PropertyKind.INCREMENT
    dates = LocalDates(series.timezone)
    for bucket in buckets:
        mean, total = bucket.mean, None
        if mean is not None:
            if adds_up and math.isfinite(mean * bucket.count):
                total = round(mean * bucket.count, decimals)
            mean = round(mean, decimals)
        yield _Figures(
            bucket.start,
            dates.of(bucket.start),
            bucket.count,
            mean,
            bucket.minimum,
            bucket.maximum,
            total,
            bucket.suspect,
            bucket.missing,
        )
