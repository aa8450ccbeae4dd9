"""A time series as JSON or as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from api.describe import label
from api.timerange import TimeRange
from geodata.model import Bucket, Observation, ObservedProperty, PropertyKind, Quality

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


def _value(observation: Observation) -> float | None:
    """What may be shown of a result: nothing but what is ok."""
    return observation.result if observation.quality is Quality.OK else None


def _head(series: Series) -> dict[str, object]:
    return {
        "station": series.station,
        "property": series.observed_property.id,
        "label": label(series.observed_property, "de"),
        "unit": series.observed_property.unit,
        "bucket": series.bucket,
        "from": series.interval.start,
        "to": series.interval.end,
        "timezone": series.timezone,
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
    listed = [{"device": series.devices[stream], "observations": found} for stream, found in rows.items()]
    return msgspec.json.encode({**_head(series), "series": listed, "next": following})


def raw_csv(series: Series, observations: Iterable[Observation]) -> bytes:
    """One line per observation."""
    header = ["time", "device", f"{series.observed_property.id} [{series.observed_property.unit}]", "quality"]
    return _csv(
        header,
        (
            [_time(o.phenomenon_time), series.devices[o.datastream_id], _value(o), o.quality.name.lower()]
            for o in observations
        ),
    )


def buckets_json(series: Series, buckets: Mapping[int, Sequence[Bucket]]) -> bytes:
    """Buckets by device."""
    listed = [
        {
            "device": device,
            "buckets": [_bucket(series.observed_property, bucket) for bucket in buckets.get(stream, [])],
        }
        for stream, device in series.devices.items()
    ]
    return msgspec.json.encode({**_head(series), "series": listed})


def buckets_csv(series: Series, buckets: Mapping[int, Sequence[Bucket]]) -> bytes:
    """One line per bucket."""
    unit = series.observed_property.unit
    header = ["start", "device", "count", *(f"{name} [{unit}]" for name in ("mean", "min", "max", "sum"))]
    rows: list[list[object]] = []
    for stream, device in series.devices.items():
        for bucket in buckets.get(stream, []):
            figures = _bucket(series.observed_property, bucket) | {"start": _time(bucket.start)}
            rows.append([figures.pop("start"), device, *figures.values()])
    return _csv([*header, "suspect", "missing"], rows)


def _bucket(observed_property: ObservedProperty, bucket: Bucket) -> dict[str, object]:
    decimals = observed_property.decimals + _EXTRA_DECIMALS
    mean = None if bucket.mean is None else round(bucket.mean, decimals)
    total = (bucket.mean or 0) * bucket.count
    adds_up = observed_property.kind is PropertyKind.INCREMENT and bucket.mean is not None and math.isfinite(total)
    return {
        "start": bucket.start,
        "count": bucket.count,
        "mean": mean,
        "min": bucket.minimum,
        "max": bucket.maximum,
        "sum": round(total, decimals) if adds_up else None,
        "suspect": bucket.suspect,
        "missing": bucket.missing,
    }


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """RFC 4180, UTF-8; an empty field is no value."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode()


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
