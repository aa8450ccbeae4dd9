"""Who runs trails."""

from __future__ import annotations

from dataclasses import dataclass, field

from geodata.model.operator import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A town that runs trails. ``timezone`` is an IANA name; days follow it. ``operator``: its lines of legal pages."""

    slug: str
    name: str
    timezone: str = "Europe/Berlin"
    operator: Operator = field(default_factory=Operator)
