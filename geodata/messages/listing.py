"""The names of several objects in one sentence."""

from __future__ import annotations

from collections.abc import Iterable

from geodata.messages.message import cut

_LONGEST = 60


def listed(names: Iterable[str], *, quoted: bool = True, most: int = 5) -> str:
    """``'Eiche', 'Teich', – (+3)``: the first ``most``; a dash stands for one without a name."""
    entries = list(names)
    text = ", ".join(shortened(name) if quoted else name for name in entries[:most])
    return f"{text} (+{len(entries) - most})" if len(entries) > most else text


def shortened(name: str) -> str:
    """A name in quotes, cut where it is long."""
    return f"'{cut(name, _LONGEST)}'" if name else "–"
