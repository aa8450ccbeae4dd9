"""The shapes of time series and of the live stream, for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.v1.schemas.base import AnswerModel
from api.v1.schemas.stations import Code, Number, QualityName


class RawObservation(AnswerModel):
    """One observation. `value` is null unless its quality is ok."""

    time: datetime
    value: Number | None
    quality: QualityName


class BucketModel(AnswerModel):
    """A full hour or day. Only observations of quality ok are in count, mean, min, max and sum.

    `sum` is given for amounts (rain), null otherwise. A bucket without any observation is not listed.
    """

    start: datetime
    date: Annotated[date, Field(description="The day in the municipality's time zone on which the bucket begins.")]
    count: int
    mean: Number | None
    min: Number | None
    max: Number | None
    sum: Number | None
    suspect: int
    missing: int


class DeviceObservations(AnswerModel):
    """The observations of one device."""

    device: str
    observations: list[RawObservation]


class DeviceBuckets(AnswerModel):
    """The buckets of one device."""

    device: str
    buckets: list[BucketModel]


class _Series(AnswerModel):
    station: Code
    property: str
    label: str
    unit: Annotated[str, Field(description="UCUM", examples=["Cel"])]
    from_: Annotated[datetime, Field(alias="from", description="As answered: days and hours are always whole.")]
    to: datetime
    timezone: Annotated[str, Field(description="Days begin at midnight here.", examples=["Europe/Berlin"])]
    licence: Annotated[str, Field(description="Of the trail and what is measured on it.", examples=["dl-de/zero-2-0"])]
    licence_url: Annotated[str | None, Field(description="Where the licence's text stands; also as Link, rel=license.")]
    attribution: Annotated[str, Field(description="Whom to name, where the licence asks for it.")]


class RawSeries(_Series):
    """Single observations, by device."""

    bucket: Literal["raw"]
    series: list[DeviceObservations]
    next: Annotated[str | None, Field(description="Address of the rest, where an answer would be too long.")]


class BucketSeries(_Series):
    """Buckets, by device."""

    bucket: Literal["hour", "day"]
    series: list[DeviceBuckets]


class CheckModel(AnswerModel):
    """One thing that must hold for this server to do its job, or that calls for somebody where it does not decide."""

    name: str
    ok: bool
    detail: str
    decides: bool


class Readiness(AnswerModel):
    """Whether this server can do its job, and for those who may read the metrics, why not."""

    ready: bool
    dead: list[str] | None = None
    checks: list[CheckModel] | None = None
    instance: str | None = None


class Health(AnswerModel):
    """The process is up."""

    status: Literal["up"]
