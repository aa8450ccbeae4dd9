"""Numbers as people's software writes them: with a decimal comma, with thousands set apart, with a unit behind."""

from __future__ import annotations

import math
import re

_COMMA = re.compile(r"[+-]?\d+,\d+")
_BOTH = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:,\d{3})+\.\d+")
_METRES = re.compile(r"\s*(?:m|metres?|meters?|meter|m ü\. ?(?:NHN|NN))\.?$", re.IGNORECASE)
_CENTIMETRES = re.compile(r"\s*(?:cm|centimetres?|centimeters?|zentimeter)\.?$", re.IGNORECASE)


def number(text: str) -> float | None:
    """``text`` as a finite number, or None: 121.5, 121,5 and 1.234,5 are read; a comma alone is the decimal one."""
    plain = text.strip()
    if _BOTH.fullmatch(plain):
        thousands = "." if plain.rindex(",") > plain.rindex(".") else ","
        plain = plain.replace(thousands, "").replace(",", ".")
    elif _COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    elif "_" in plain:  # Python would read 1_000
        return None
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def metres(text: str) -> float | None:
    """``text`` as a finite number of metres, with or without the unit behind it, such as "121,5 m"; or None."""
    return number(_METRES.sub("", text.strip()))


def centimetres(text: str) -> float | None:
    """``text`` as a finite number of centimetres, with or without the unit behind it, such as "120 cm"; or None."""
    return number(_CENTIMETRES.sub("", text.strip()))
