"""The shapes of closures and notices in answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.v1.schemas.base import AnswerModel

Number = Annotated[float, Field(allow_inf_nan=False)]


class SeasonModel(AnswerModel):
    """Days of every year on which a closure holds, both included, in the municipality's time zone."""

    first: Annotated[str, Field(examples=["03-01"], description="Month and day.")]
    last: Annotated[str, Field(examples=["07-31"])]


class ClosureModel(AnswerModel):
    """A part of a trail that must not be walked. `begins_at` and `ends_at` are those of this or the next time."""

    id: int
    trail: str
    kind: Literal["stretch", "area", "trail"]
    active: Annotated[bool, Field(description="Whether it holds at the moment asked for; otherwise it begins soon.")]
    begins_at: datetime
    ends_at: Annotated[datetime | None, Field(description="null: the end is open.")]
    season: SeasonModel | None
    reason: str
    detour: str
    lang: Annotated[str, Field(description="Language tag of the reason.")]
    detour_lang: Annotated[str | None, Field(description="That of the detour; null: nobody described one.")]
    legal_basis: str
    from_m: Annotated[Number | None, Field(description="Metres along the trail; of a stretch only.")]
    to_m: Annotated[Number | None, Field(description="On a loop it may be less than `from_m`: across the start.")]
    stations: Annotated[list[str], Field(description="Codes of the stations affected, in walking order.")]


class NoticeModel(AnswerModel):
    """What the sensors, or a person, say of the way. Where a sensor cannot be trusted, `level` is `caution`."""

    id: str
    station: Annotated[str | None, Field(description="null: all stations of the trail.")]
    level: Literal["caution", "warning"]
    reason: Literal["measured", "silent", "flagged", "set"]
    text: str
    lang: str
    property: str
    measured_at: datetime | None
    age_s: Annotated[int | None, Field(description="Of the last value, whether it could be trusted or not.")]


class ClosureShape(AnswerModel):
    """What is closed: a line, several lines, an area or several."""

    type: Literal["LineString", "MultiLineString", "Polygon", "MultiPolygon"]
    coordinates: Annotated[list[Any], Field(min_length=1)]


class ClosureFeature(AnswerModel):
    """A closure as GeoJSON Feature."""

    type: Literal["Feature"]
    id: str
    geometry: ClosureShape
    properties: ClosureModel


class ClosureCollection(AnswerModel):
    """Closures that hold, in order of their beginning."""

    type: Literal["FeatureCollection"]
    numberMatched: int  # noqa: N815 - as in OGC API – Features
    numberReturned: int  # noqa: N815
    features: list[ClosureFeature]
