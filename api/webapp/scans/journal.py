"""A file of scans, one line each, that outlives its process; it is held by one process at a time.

A line is written in one piece before its page is answered. What `kill -9` ends leaves it in the system's memory of the
file; only a machine that loses its power may lose lines that sync() has not forced to disk.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import structlog

from geodata.store.access.scan import ScanKey
from geodata.times import hour_of, to_datetime

SUFFIX = ".scans"
_AT_ONCE = 1024 * 1024
"""Bytes that are read, and become one transaction: some 35 000 scans."""
_LINE = re.compile(rb"([0-9A-Z]{1,10}) (\d{1,8}) ([a-z_]{1,20}) (sign|nfc|link)")
_HOUR_US = 3_600_000_000

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Journal:
    """An open file of scans; create() makes one, take() one that was left behind.

    append() is for one thread at a time; the others may read meanwhile. ``size``: bytes of whole lines. ``moved``: up
    to which byte its scans are known to be in the database.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.id = UUID(path.stem)
        self.size = os.fstat(descriptor).st_size
        self.moved = 0
        self._descriptor = descriptor
        self._before = b""

    @classmethod
    def create(cls, folder: Path) -> Self:
        """A new one in ``folder``, held by this process; raises OSError."""
        while True:
            path = folder / f"{uuid4()}{SUFFIX}"
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return cls(path, descriptor)
            os.close(descriptor)  # another process took it for one that was left behind, and removed it

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """The one at ``path``, now held by this process; None where another holds it or it is gone. Raises OSError."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_nlink:
                return cls(path, descriptor)
        except BlockingIOError:
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None

    def append(self, key: ScanKey) -> None:
        """Write one scan; raises OSError where it is not written, and then nothing of it is left that would be read."""
        line = self._before + line_of(key)
        try:
            written = os.write(self._descriptor, line)
        except OSError:
            self._cut_off()
            raise
        if written < len(line):
            self._cut_off()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.size += written
        self._before = b""

    def _cut_off(self) -> None:
        """Take half a line away again; where even that fails it becomes a line of its own, which is none of ours."""
        try:
            os.ftruncate(self._descriptor, self.size)
        except OSError:
            self._before = b"\n"
            self.size = os.fstat(self._descriptor).st_size

    def read(self, start: int) -> tuple[Counter[ScanKey], int]:
        """The scans from the byte ``start`` on, of the next megabyte, and where they end; a torn last line is none."""
        chunk = os.pread(self._descriptor, _AT_ONCE, start)
        end = chunk.rfind(b"\n") + 1
        if not end and len(chunk) == _AT_ONCE:
            end = len(chunk)  # no line of ours is so long
        return self._scans(chunk[:end].splitlines()), start + end

    def _scans(self, lines: Iterable[bytes]) -> Counter[ScanKey]:
        counts, damaged = Counter[ScanKey](), 0
        for line, count in Counter(lines).items():
            key = key_of(line)
            if key is None:
                damaged += count
            else:
                counts[key] += count
        if damaged:
            _log.error("scan-journal-damaged", file=self.path.name, lines=damaged)
        return counts

    @property
    def waiting(self) -> int:
        """Scans that are not known to be in the database."""
        chunk = os.pread(self._descriptor, max(self.size - self.moved, 0), self.moved)
        return chunk.count(b"\n")

    def sync(self) -> None:
        """Force what is written to disk."""
        os.fdatasync(self._descriptor)

    def empty(self) -> None:
        """Throw away what is in it, for good: its scans are in the database."""
        os.ftruncate(self._descriptor, 0)
        os.fsync(self._descriptor)

    def remove(self) -> None:
        """Take the file away."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file; from now on any process may take it."""
        os.close(self._descriptor)


def line_of(key: ScanKey) -> bytes:
    """One scan as it is written: the hour counted since 1970, at most 40 bytes in all."""
    station, hour, variant, entry = key
    return f"{station} {hour_of(hour)} {variant} {entry}\n".encode()


def key_of(line: bytes) -> ScanKey | None:
    """What a line says, without its end; None for one that is none of ours, such as zeros after a loss of power."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    station, hour, variant, entry = (part.decode() for part in match.groups())
    return station, to_datetime(int(hour) * _HOUR_US), variant, entry
