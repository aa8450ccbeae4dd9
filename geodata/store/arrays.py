"""Columns as parameters of a statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec


def array(values: Sequence[float | None]) -> str:
    """A PostgreSQL array literal of numbers; ten times faster than letting the driver write element by element."""
    return "{" + msgspec.json.encode(values).decode()[1:-1] + "}"


def texts(values: Iterable[str | None]) -> str:
    """A PostgreSQL array literal of texts, None as NULL."""
    return "{" + ",".join(["NULL" if value is None else f'"{_escaped(value)}"' for value in values]) + "}"


def binaries(values: Iterable[bytes]) -> str:
    """A PostgreSQL array literal of bytes.

    Two hundred times faster than the driver, which looks at each byte of each element again.
    """
    return "{" + ",".join([f'"\\\\x{value.hex()}"' for value in values]) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
