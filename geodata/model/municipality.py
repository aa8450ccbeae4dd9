"""Who runs trails."""

from __future__ import annotations

from dataclasses import dataclass, field

from geodata.model.operator import Operator

DEFAULT_TIMEZONE = "Europe/Berlin"
"""Of a town that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A town that runs trails. ``timezone`` is an IANA name; days follow it. ``operator``: its lines of legal pages."""

    slug: str
    name: str
    timezone: str = DEFAULT_TIMEZONE
    operator: Operator = field(default_factory=Operator)
