"""What all documented answers have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class AnswerModel(BaseModel):
    """A part of an answer: exactly its fields, and no others."""

    model_config = ConfigDict(extra="forbid")
