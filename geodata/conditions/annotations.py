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
    ``id`` 0: not stored yet. ``public``: everybody may read its text.
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
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnnotation:
    """What everybody may know of an annotation: what it was, where and when; ``text`` is None where it is not public.

    ``trail`` and ``station`` as those of Annotation; both days are within.
    """

    kind: AnnotationKind
    trail: str | None
    station: str | None
    first_day: date
    last_day: date
    text: str | None

    def touches(self, first: date, last: date) -> bool:
        """Whether any of its days is from ``first`` to ``last``."""
        return self.first_day <= last and first <= self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationScope:
    """What figures are about: a ``station`` of a ``trail``, or (None) the whole trail, or all of a ``municipality``."""

    municipality: str
    trail: str | None = None
    station: str | None = None


def concerns(annotation: Annotation, scope: AnnotationScope) -> bool:
    """Whether counts of ``scope`` may be other than usual by it: what holds for the whole holds for its parts.

    One of a station concerns the whole trail too: its passes are among those of the trail. So does one of a trail the
    municipality.
    """
    if annotation.municipality != scope.municipality:
        return False
    if annotation.trail is not None and scope.trail not in {None, annotation.trail}:
        return False
    return annotation.station is None or scope.station in {None, annotation.station}


def for_everybody(annotations: Iterable[Annotation], scope: AnnotationScope) -> list[PublicAnnotation]:
    """What everybody may know of those that concern ``scope``, in their order.

    That counts are not as usual is no secret, and why is in the kind. What is of another kind has nothing but its text:
    it is told where that is public, or not at all.
    """
    return [
        PublicAnnotation(
            kind=each.kind,
            trail=each.trail,
            station=each.station,
            first_day=each.first_day,
            last_day=each.last_day,
            text=each.text if each.public else None,
        )
        for each in annotations
        if concerns(each, scope) and (each.public or each.kind is not AnnotationKind.OTHER)
    ]


def days_to_leave_out(annotations: Iterable[Annotation], scope: AnnotationScope) -> frozenset[date]:
    """All days of the annotations that concern ``scope``."""
    return frozenset(
        each.first_day + timedelta(days=number)
        for each in annotations
        if concerns(each, scope)
        for number in range((each.last_day - each.first_day).days + 1)
    )
