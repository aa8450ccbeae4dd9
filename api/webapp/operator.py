"""Who runs the trail, as the legal pages name them; what is empty shows as a gap for the municipality to fill."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """All plain text; ``address`` may have several lines."""

    name: str = ""
    address: str = ""
    represented_by: str = ""
    email: str = ""
    phone: str = ""
    data_protection_contact: str = ""
    supervisory_authority: str = ""
    accessibility_ombuds: str = ""
