"""The shape of visit statistics, for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.v1.schemas.base import AnswerModel

_COUNT = "How many; null where nobody counted or the number is not published, 0 where there was nobody."
_STATE = (
    "counted; estimated: likewise, but the share estimated is larger than coverage; hidden: so small that it might tell"
    " of single persons, or beside such a number; no-data: nobody counted."
)
_COVERAGE = "The share of the time for which the count is known hour by hour, 0 to 1."
_ESTIMATED = (
    "The share of the time in which counters were silent and told later how many had passed: the count has them, when"
    " they did is estimated. With coverage at most 1; the rest is a gap."
)
_AT_LEAST = "Whether in such a silence more may have passed than the counters told: the count is a lower bound."

State = Annotated[Literal["counted", "estimated", "hidden", "no-data"], Field(description=_STATE)]


class VisitFigure(AnswerModel):
    """What was counted in a bucket, and how much of the time is known."""

    count: Annotated[int | None, Field(description=_COUNT)]
    state: State
    coverage: Annotated[float, Field(description=_COVERAGE)]
    estimated: Annotated[float, Field(description=_ESTIMATED)]
    at_least: Annotated[bool, Field(description=_AT_LEAST)]


class VisitBucket(AnswerModel):
    """A closed hour, day, ISO week, month or year. Days begin at midnight of the municipality's time zone."""

    start: datetime
    end: Annotated[datetime, Field(description="Not included.")]
    date: Annotated[date, Field(description="The day in the municipality's time zone on which the bucket begins.")]
    passes: Annotated[VisitFigure, Field(description="How often somebody went past a counter, either way.")]
    scans: Annotated[VisitFigure, Field(description="How often somebody opened a station's page.")]


class VisitAnnotation(AnswerModel):
    """What was written down of days on which counts are not what they usually are."""

    kind: Literal["event", "defect", "closure", "other"]
    trail: Annotated[str | None, Field(description="The trail's slug; null: the whole municipality.")]
    station: Annotated[str | None, Field(description="The station's code; null: the whole trail or municipality.")]
    from_: Annotated[date, Field(alias="from", description="The first day.")]
    to: Annotated[date, Field(description="The last day, included.")]
    text: Annotated[str | None, Field(description="In the municipality's words; null where it is not public.")]


class VisitStatistics(AnswerModel):
    """Passes and page requests of a station, a trail or a municipality, by closed periods."""

    scope: Annotated[Literal["station", "trail", "municipality"], Field(description="What kind of place this is of.")]
    id: Annotated[str, Field(description="The station's code, or the slug.", examples=["stadtwald"])]
    bucket: Literal["hour", "day", "week", "month", "year"]
    from_: Annotated[datetime, Field(alias="from", description="As answered: buckets are always whole.")]
    to: datetime
    closed_until: Annotated[
        date | None,
        Field(description="The first day that is not closed yet: figures end before it. null: no day is closed yet."),
    ]
    timezone: Annotated[str, Field(description="Days begin at midnight here.", examples=["Europe/Berlin"])]
    least: Annotated[int, Field(description="Counts from 1 up to but not this are never published.", examples=[5])]
    licence: Annotated[str | None, Field(description="Of a trail's figures; null where trails differ.")]
    licence_url: Annotated[str | None, Field(description="Where the licence's text stands; also as Link, rel=license.")]
    attribution: Annotated[str, Field(description="Whom to name, where the licence asks for it.")]
    annotations: Annotated[
        list[VisitAnnotation],
        Field(description="Of the place, of what it lies in and of what lies in it: those with a day of the interval."),
    ]
    buckets: list[VisitBucket]
