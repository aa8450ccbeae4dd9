"""The shapes of pictures, recordings and films in answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.v1.schemas.base import AnswerModel
from api.v1.schemas.conditions import Number


class RightsModel(AnswerModel):
    """Who made it, when, and what others may do with it. `licence_url` is known of the usual open licences."""

    author: str
    licence: Annotated[str, Field(description="An SPDX id where there is one.", examples=["CC-BY-4.0"])]
    licence_url: str | None
    year: int | None


class MediaFileModel(AnswerModel):
    """One form of a picture, recording or film. What stands at `url` never changes."""

    url: Annotated[str, Field(examples=["/media/0123456789abcdef0123456789abcdef/960.avif"])]
    type: Annotated[str, Field(examples=["image/avif", "image/jpeg", "audio/mpeg", "video/mp4"])]
    bytes: int
    width: Annotated[int | None, Field(description="In pixels, as `height`.")]
    height: int | None


class PictureModel(RightsModel):
    """A picture. `alt` is empty where it is `decorative`: then it tells nothing that the text does not."""

    alt: str
    decorative: bool
    caption: str
    files: Annotated[list[MediaFileModel], Field(min_length=1, description="Narrow ones first, AVIF and JPEG.")]


class AudioModel(RightsModel):
    """A recording with its transcript (Markdown)."""

    transcript: str
    seconds: Number | None
    file: MediaFileModel


class SignVideoModel(RightsModel):
    """A film in sign language; `text` says what it shows."""

    text: str
    seconds: Number | None
    file: MediaFileModel
