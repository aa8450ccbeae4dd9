"""The log of a child process: a private file that never grows beyond bounds while the child keeps writing to it.

A child knows nothing of it: PostgreSQL, NATS and ours alike hold the open file and append. So what it holds is copied
to a file beside it and cut off from its beginning. Where the file system can do that (ext4, XFS), what is written
meanwhile stays; elsewhere a line written in the instant between the last copy and the cut is lost.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from io import FileIO
from pathlib import Path

LIMIT = 10_000_000
"""Bytes from which on a log is cut."""
KEPT = 3
"""So many earlier parts are kept; ``NAME.log.1`` is the newest."""

_COLLAPSE_RANGE = 0x08
_GIVE_UP = 4  # times the limit: a log that large is cut though no copy can be made
_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 20

_libc = ctypes.CDLL(None, use_errno=True)
_fallocate: Callable[[int, int, int, int], int] = getattr(_libc, "fallocate64", _libc.fallocate)
_fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]  # pyright: ignore[reportFunctionMemberAccess]


def open_log(path: Path) -> FileIO:
    """Open for appending, readable by its owner alone."""
    return FileIO(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def earlier(path: Path) -> list[Path]:
    """Where the earlier parts of a log are, newest first; not each needs to be there."""
    return [path.with_name(f"{path.name}.{number}") for number in range(1, KEPT + 1)]


def bound(path: Path, limit: int) -> bool:
    """Set aside what a log holds where that is more than ``limit`` bytes; whether it did. Raises OSError.

    A full disk leaves everything as it is, but for the oldest part, until the log is four times too large.
    """
    if not path.exists() or path.stat().st_size <= limit:
        return False
    earlier(path)[-1].unlink(missing_ok=True)  # first: on a full disk its room is needed
    with path.open("r+b", buffering=0) as log:
        try:
            _set_aside(log.fileno(), path)
        except OSError:
            if os.fstat(log.fileno()).st_size > _GIVE_UP * limit:
                log.truncate(0)
            raise
    return True


def _set_aside(log: int, path: Path) -> None:
    parts = earlier(path)
    unfinished = path.with_name(f"{path.name}.part")
    start, end = _division(log)
    try:
        with open_log(unfinished) as copy:
            copy.truncate(0)
            _copy(log, copy, 0, end)
            if not (start and _collapse(log, start)):
                _copy(log, copy, end)
                os.ftruncate(log, 0)
                start = end
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    if end > start:  # the end of a line that began in what is gone: a blank line instead, and nothing moves
        os.pwrite(log, b" " * (end - start - 1), 0)
    for newer, older in zip([*reversed(parts[:-1]), unfinished], reversed(parts), strict=True):
        if newer.exists():
            newer.replace(older)


def _division(log: int) -> tuple[int, int]:
    """Up to where whole blocks can be cut, and where the line ends in which that is; (0, 0) where there is no such."""
    block, size = os.fstatvfs(log).f_bsize, os.fstat(log).st_size
    start = (size - 1) // block * block
    while start > 0 and size - start < _LONGEST_LINE:
        if (line_end := os.pread(log, size - start, start).find(b"\n")) >= 0:
            began = os.pread(log, 1, start - 1) == b"\n"
            return start, start if began else start + line_end + 1
        start -= block
    return 0, 0


def _copy(log: int, copy: FileIO, start: int, end: int | None = None) -> None:
    """Copy up to ``end``, or all that is there; nothing is left to be written when it returns."""
    while end is None or start < end:
        data = memoryview(os.pread(log, _CHUNK if end is None else min(_CHUNK, end - start), start))
        if not data:
            return
        start += len(data)
        while data:
            data = data[copy.write(data) :]


def _collapse(log: int, length: int) -> bool:
    """Take the first ``length`` bytes out of the file, in one step; whether the file system can do that."""
    return _fallocate(log, _COLLAPSE_RANGE, 0, length) == 0
