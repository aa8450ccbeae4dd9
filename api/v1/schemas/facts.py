"""Places beside trails and stretches of them, in answers. What nobody has said is null."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.v1.schemas.base import AnswerModel
from api.v1.schemas.conditions import Number
from geodata.model.place import PlaceKind
from geodata.model.section import Surface

Passage = Literal["yes", "limited", "no"]


class PlaceModel(AnswerModel):
    """A place beside a trail. `name` of a rescue point is what is read out to 112; both texts are German."""

    kind: PlaceKind
    lon: Number
    lat: Number
    name: str
    note: str
    wheelchair: Annotated[Passage | None, Field(description="`null`: nobody has said.")]
    along_m: Annotated[Number, Field(description="Metres along the line to the point that is nearest.")]
    off_m: Annotated[Number, Field(description="Metres from that point.")]


class SectionModel(AnswerModel):
    """A stretch of a trail, from `from_m` to `to_m` along its line."""

    from_m: Number
    to_m: Number
    surface: Surface | None
    steps: Annotated[int | None, Field(description="Single steps of stairs; 0 where there are none.")]
    wheelchair: Passage | None
    pram: Passage | None
    width_cm: Annotated[int | None, Field(description="The narrowest place.")]
    note: str
