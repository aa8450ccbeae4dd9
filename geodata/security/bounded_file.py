"""Files that a person names: what says it is empty, such as a device of the system, may still have no end."""

from __future__ import annotations

import errno
from importlib.resources.abc import Traversable
from pathlib import Path


def refuse_pipe(file: Traversable) -> None:
    """Raise OSError for a pipe: one that nobody writes to would be waited for without end."""
    if isinstance(file, Path) and file.is_fifo():
        raise OSError(errno.EINVAL, "It is a pipe, not a file", str(file))


def at_most(file: Traversable, most: int, *, may_be_pipe: bool = False) -> bytes:
    """All of ``file``, and one byte more than ``most`` where it is larger; raises OSError."""
    if not may_be_pipe:
        refuse_pipe(file)
    with file.open("rb") as stream:
        return stream.read(most + 1)
