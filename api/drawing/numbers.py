"""Numbers as text in a language, whatever finite or infinite number it is."""

from __future__ import annotations

import math

from babel.numbers import format_decimal, format_scientific

_WRITTEN_OUT = 1e15  # beyond it a float has no digits after the mark, and nobody counts its zeros


def format_number(value: float, decimals: int, locale: str, *, grouped: bool) -> str:
    """``−1.284,5``; from 10¹⁵ on in powers of ten: ``1,2E15``."""
    if math.isinf(value):
        return "\u221e" if value > 0 else "\u2212\u221e"
    if abs(value) >= _WRITTEN_OUT:
        return format_scientific(value, "0.#E0", locale=locale).replace("-", "\u2212")
    pattern = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")
    text = format_decimal(round(value, decimals) + 0.0, pattern, locale=locale)  # + 0.0: no minus before a zero
    return text.replace("-", "\u2212")
