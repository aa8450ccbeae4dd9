"""Who runs trails."""

from __future__ import annotations

from dataclasses import dataclass, field

from geodata.model.operator import Operator
from geodata.vocabulary.laender import DEFAULT_LAND

DEFAULT_TIMEZONE = "Europe/Berlin"
"""Of a town that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A town that runs trails. ``timezone`` is an IANA name; days follow it. ``operator``: its lines of legal pages.

    ``land``: letters of ISO 3166-2:DE, such as NW; its public and school holidays hold there.
    """

    slug: str
    name: str
    timezone: str = DEFAULT_TIMEZONE
    land: str = DEFAULT_LAND
    operator: Operator = field(default_factory=Operator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """What a municipality publishes: no count from 1 to ``smallest_count`` - 1, and nothing finer than ``finest``.

    A day closes ``close_after_days`` days after its end.
    """

    slug: str
    timezone: str
    smallest_count: int
    finest: str
    close_after_days: int
