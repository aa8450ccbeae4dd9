"""The shapes of all answers, for the OpenAPI document; the tests hold every real answer against them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.v1.schemas.base import AnswerModel
from api.v1.schemas.conditions import ClosureModel, NoticeModel, Number
from api.v1.schemas.facts import PlaceModel, SectionModel
from api.v1.schemas.media import AudioModel, PictureModel, SignVideoModel
from geodata.vocabulary import codes

Position = Annotated[list[Number], Field(min_length=2, max_length=3, examples=[[8.916774, 52.051552, 128.5]])]
Code = Annotated[str, Field(pattern=f"^{codes.PATTERN}$", examples=["7K3Q9F"])]
QualityName = Literal["ok", "suspect", "missing"]


class InvalidPart(AnswerModel):
    """One parameter that is not what was expected."""

    field: str
    value: str | None
    expected: str


class ProblemDetails(AnswerModel):
    """An error (RFC 9457). `type` is the anchor of an explanation on the page /api."""

    type: Annotated[str, Field(examples=["/api#invalid-parameter"])]
    title: str
    status: int
    detail: str
    instance: str
    errors: list[InvalidPart] = []  # noqa: RUF012 - pydantic copies it
    did_you_mean: Annotated[list[str], Field(description="Codes of stations or slugs of trails.")] = []  # noqa: RUF012


class PointGeometry(AnswerModel):
    """A GeoJSON Point: longitude, latitude and, where known, metres above sea level."""

    type: Literal["Point"]
    coordinates: Position


class LineGeometry(AnswerModel):
    """A GeoJSON LineString in walking direction."""

    type: Literal["LineString"]
    coordinates: Annotated[list[Position], Field(min_length=2)]


class MunicipalityModel(AnswerModel):
    """The town that runs a trail."""

    slug: str
    name: str
    timezone: Annotated[str, Field(examples=["Europe/Berlin"])]


class TrailTexts(AnswerModel):
    """Texts of a trail in one variant; `body` is Markdown."""

    name: str
    lead: str
    body: str


class TrailProperties(AnswerModel):
    """What is known of a trail. `surveyed` is false where its line was made for a demonstration.

    `retired_at`: since when it is given up; lists leave it out then.
    """

    slug: str
    name: str
    names: Annotated[dict[str, str], Field(description="The name in each variant.")]
    municipality: MunicipalityModel
    length_m: Number | None
    ascent_m: Number | None
    descent_m: Number | None
    minutes: Annotated[Number | None, Field(description="Walking time without stops.")]
    loop: bool
    stations: int
    licence: Annotated[
        str,
        Field(description="Of line, stations, texts and series; media have their own.", examples=["dl-de/zero-2-0"]),
    ]
    licence_url: Annotated[str | None, Field(description="Where its text stands, if that is known.")]
    attribution: str
    surveyed: bool
    direction: Annotated[
        Literal["clockwise", "anticlockwise", "one_way", "either"] | None,
        Field(description="Which way the signs lead; `one_way` as the line is drawn. `null`: not said."),
    ]
    retired_at: datetime | None
    page: str


class TrailDetailProperties(TrailProperties):
    """A trail with its texts by variant, the places beside it and its stretches, both in order along the line."""

    contents: dict[str, TrailTexts]
    places: list[PlaceModel]
    sections: list[SectionModel]


class TrailFeature(AnswerModel):
    """A trail as GeoJSON Feature."""

    type: Literal["Feature"]
    id: str
    geometry: LineGeometry
    properties: TrailProperties


class TrailDetail(AnswerModel):
    """A trail with its texts as GeoJSON Feature."""

    type: Literal["Feature"]
    id: str
    geometry: LineGeometry
    properties: TrailDetailProperties


class _Collection(AnswerModel):
    type: Literal["FeatureCollection"]
    numberMatched: int  # noqa: N815 - as in OGC API – Features
    numberReturned: int  # noqa: N815


class TrailCollection(_Collection):
    """All trails."""

    features: list[TrailFeature]


class StationProperties(AnswerModel):
    """What is known of a station; `distance_m` stands here when `near` was asked for."""

    code: Code
    trail: str
    number: int
    title: str
    titles: Annotated[dict[str, str], Field(description="The title in each variant.")]
    along_m: Annotated[Number, Field(description="Metres along the trail.")]
    page: str
    retired_at: datetime | None
    distance_m: Number | None = None


class StationFeature(AnswerModel):
    """A station as GeoJSON Feature."""

    type: Literal["Feature"]
    id: Code
    geometry: PointGeometry
    properties: StationProperties


class StationCollection(_Collection):
    """Stations in order of trail and number, or of distance where `near` was asked for."""

    features: list[StationFeature]


class PlainLanguageModel(AnswerModel):
    """Of a text in plain language. A check is of these very words: when they change, the text is not checked."""

    translator: str
    is_checked: bool
    checked_by: Annotated[str | None, Field(description="The group of readers that checked the text.")]
    checked_on: date | None


class ContentModel(AnswerModel):
    """A station's texts and media; `variant` says which voice this is, `lang` its language tag. `body` is Markdown."""

    variant: str
    lang: str
    title: str
    lead: str
    body: str
    question: str
    answer: str
    task: Annotated[str, Field(description="Something to do without looking at the phone; empty where there is none.")]
    source: str
    plain_language: Annotated[PlainLanguageModel | None, Field(description="null unless the variant is in it.")]
    licence: Annotated[str, Field(description="Of the texts: the trail's. Media have their own.")]
    licence_url: str | None
    attribution: str
    pictures: list[PictureModel]
    audio: AudioModel | None
    sign_video: SignVideoModel | None


class LatestModel(AnswerModel):
    """A latest value. `value` is null unless its quality is ok and it is not stale."""

    property: str
    label: str
    unit: Annotated[str, Field(description="UCUM", examples=["Cel"])]
    device: str
    value: Number | None
    measured_at: datetime
    age_s: Annotated[int, Field(ge=0, description="At the moment `as_of`.")]
    quality: QualityName
    stale: Annotated[bool, Field(description="Older than two reporting intervals, at least five minutes.")]
    interval_s: int


class NeighbourModel(AnswerModel):
    """A station next along the trail; direction in degrees clockwise from north."""

    code: Code
    number: int
    title: str
    distance_m: Number | None
    direction_deg: Number | None


class NearestModel(AnswerModel):
    """The nearest station that is not retired, as the crow flies."""

    code: Code
    title: str
    distance_m: Number
    page: str


class StationDetailProperties(StationProperties):
    """A station with its texts, latest values and neighbours."""

    content: ContentModel | None
    available_variants: list[str]
    as_of: Annotated[datetime, Field(description="When the ages of the values were taken.")]
    latest: list[LatestModel]
    next: NeighbourModel | None
    previous: NeighbourModel | None
    nearest: Annotated[NearestModel | None, Field(description="Only of a retired station.")]
    closures: Annotated[list[ClosureModel], Field(description="Those that hold or begin within 14 days.")]
    notices: list[NoticeModel]


class StationDetail(AnswerModel):
    """A station as GeoJSON Feature with everything there is to say."""

    type: Literal["Feature"]
    id: Code
    geometry: PointGeometry
    properties: StationDetailProperties


class PlaceProperties(AnswerModel):
    """A place on a trail: metres along it, and metres from the point asked for."""

    trail: str
    along_m: Number
    off_m: Number
    height_m: Number | None
    next: NeighbourModel | None
    previous: NeighbourModel | None


class PlaceFeature(AnswerModel):
    """The point of a trail nearest to the one asked for."""

    type: Literal["Feature"]
    id: str
    geometry: PointGeometry
    properties: PlaceProperties
