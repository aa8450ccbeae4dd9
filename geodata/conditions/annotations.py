"""Annotations: what staff wrote down about days on which counts are not what they usually are, such as a feast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST_ANNOTATION = 200
"""Characters of its text."""
LONGEST_DAYS = 366
"""Days of one annotation at most: longer is no exception any more."""


class AnnotationKind(StrEnum):
    """What was on these days."""

    EVENT = "event"  # a feast, a run, a market
    DEFECT = "defect"  # the counter was covered, knocked over or wrong
    CLOSURE = "closure"  # the way was closed, or nobody got there
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What was from ``first_day`` to ``last_day`` (both within), where counts are not what they usually are.

    At a ``station`` (then with its ``trail``), on a ``trail``, or with neither in all of the ``municipality``.
    ``id`` 0: not stored yet.
    """

    id: int = 0
    municipality: str
    trail: str | None = None
    station: str | None = None
    kind: AnnotationKind
    first_day: date
    last_day: date
    text: str
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationScope:
    """What figures are about: a ``station`` of a ``trail``, or (None) the whole trail, of a ``municipality``."""

    municipality: str
    trail: str
    station: str | None = None


def concerns(annotation: Annotation, scope: AnnotationScope) -> bool:
    """Whether counts of ``scope`` may be other than usual by it: what holds for the whole holds for its parts.

    One of a station concerns the whole trail too: its passes are among those of the trail.
    """
    if annotation.municipality != scope.municipality or annotation.trail not in {None, scope.trail}:
        return False
    return annotation.station is None or scope.station in {None, annotation.station}


def days_to_leave_out(annotations: Iterable[Annotation], scope: AnnotationScope) -> frozenset[date]:
    """All days of the annotations that concern ``scope``."""
    return frozenset(
        each.first_day + timedelta(days=number)
        for each in annotations
        if concerns(each, scope)
        for number in range((each.last_day - each.first_day).days + 1)
    )
