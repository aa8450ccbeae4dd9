"""Units as people read them. Stored and told to programs is the UCUM code, which never changes."""

from __future__ import annotations

import re

_SIGNS = {"Cel": "°C", "1": "", "lx": "Lux"}
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")  # UCUM's mark of a unit that is no metric one


def unit_sign(ucum: str) -> str:
    """The sign of a UCUM code, ``°C`` of ``Cel``; empty for a bare number; without brackets, ``ppm`` of ``[ppm]``."""
    return _SIGNS.get(ucum, _BRACKETED.sub(r"\1", ucum))
