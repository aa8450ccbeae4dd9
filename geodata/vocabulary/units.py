"""Units as people read them. Stored and told to programs is the UCUM code, which never changes."""

from __future__ import annotations

_SIGNS = {"Cel": "°C", "1": "", "lx": "Lux"}


def unit_sign(ucum: str) -> str:
    """The sign of a UCUM code, ``°C`` of ``Cel``; empty for a bare number; a code without one as it stands."""
    return _SIGNS.get(ucum, ucum)
