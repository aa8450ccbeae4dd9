"""The names of several objects in one sentence."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 5
_LONGEST = 60


def listed(names: Iterable[str], *, quoted: bool = True) -> str:
    """``'Eiche', 'Teich', – (+3)``: the first five; a dash stands for one without a name."""
    given = list(names)
    shown = ", ".join(shortened(name) if quoted else name for name in given[:_SHOWN])
    return f"{shown} (+{len(given) - _SHOWN})" if len(given) > _SHOWN else shown


def shortened(name: str) -> str:
    """A name in quotes, cut where it is long."""
    text = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return f"'{text}'" if text else "–"
