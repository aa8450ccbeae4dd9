"""Files that a person names: what says it is empty, such as a device of the system, may still have no end."""

from __future__ import annotations

from importlib.resources.abc import Traversable


def at_most(file: Traversable, most: int) -> bytes:
    """All of ``file``, and one byte more than ``most`` where it is larger; raises OSError."""
    with file.open("rb") as stream:
        return stream.read(most + 1)
