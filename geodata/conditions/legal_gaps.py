"""Which municipalities have shown trails and legal pages that lack lines: for operators and staff, never for hikers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geodata.model import operator
from geodata.model.municipality import Municipality
from geodata.model.operator import Operator
from geodata.model.trail import Trail


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing lines, by the names of geodata.model.operator.LINES; ``is_demonstration``: none of the trails is real."""

    municipality: Municipality
    missing: tuple[str, ...]
    is_demonstration: bool


def find(trails: Iterable[Trail], municipalities: Mapping[str, Municipality], default: Operator) -> list[Gap]:
    """The gaps of municipalities whose trails are listed, by name; ``default`` are the operator's settings."""
    listed = [trail for trail in trails if trail.is_listed]
    towns = sorted(
        (municipalities[slug] for slug in {trail.municipality for trail in listed}), key=lambda town: town.name
    )
    gaps = [
        Gap(
            town,
            operator.missing(operator.effective(town.operator, default)),
            is_demonstration=not any(trail.surveyed for trail in listed if trail.municipality == town.slug),
        )
        for town in towns
    ]
    return [gap for gap in gaps if gap.missing]
