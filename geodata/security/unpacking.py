"""Zip archives from outside: opened and unpacked while counting, whatever their directory says of them.

Python's zipfile reads the whole directory at once, believes the sizes in it, and asks bzip2 and LZMA for all they give:
a few kilobytes can fill the memory. So the directory's length is looked at first, methods whose output cannot be taken
in pieces are refused, and what comes out is counted.
"""

from __future__ import annotations

import errno
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from geodata.errors import DigitalpfadError
from geodata.security import bounded_file

MAX_DIRECTORY_BYTES = 1 << 20
"""Of a whole directory: some thousand names."""

_CHUNK = 1 << 18
_ENCRYPTED = 0x1
_IN_PIECES = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_TAIL = 22 + (1 << 16) + 20 + 56  # the end record with the longest comment, and the two of zip64 in front of it
_SAYS_IN_ZIP64 = 0xFFFFFFFF


class ArchiveFault(Enum):
    """What can be wrong with an archive as such."""

    DAMAGED = "damaged or no zip at all"
    UNUSUAL = "packed by a method that is not read here"
    LOCKED = "locked with a password"
    TOO_MANY = "more names than are read"
    TOO_LARGE = "more bytes than are unpacked"


class BadArchive(DigitalpfadError):
    """An archive that is not unpacked; ``member`` names the file in it that is to blame, if one is."""

    def __init__(self, fault: ArchiveFault, member: str = "") -> None:
        """Name the ``member`` and what is wrong with it."""
        self.fault, self.member = fault, member
        super().__init__()


@contextmanager
def opened(file: Path) -> Generator[zipfile.ZipFile]:
    """The archive for the length of the block. Raises BadArchive, and OSError where the file cannot be read."""
    bounded_file.refuse_pipe(file)
    with file.open("rb") as stream:
        if _directory_bytes(stream) > MAX_DIRECTORY_BYTES:
            raise BadArchive(ArchiveFault.TOO_MANY)
        with _faults():
            archive = zipfile.ZipFile(stream)
        with archive:
            if not all(member.filename for member in archive.infolist()):  # zipfile stumbles over such a one
                raise BadArchive(ArchiveFault.DAMAGED)
            yield archive


def pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """What is packed as ``member``, piece by piece. Raises BadArchive, also where it is more than ``most`` bytes."""
    if member.flag_bits & _ENCRYPTED:
        raise BadArchive(ArchiveFault.LOCKED, member.filename)
    if member.compress_type not in _IN_PIECES:
        raise BadArchive(ArchiveFault.UNUSUAL, member.filename)
    size = 0
    with _faults(member.filename), archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > most:
                raise BadArchive(ArchiveFault.TOO_LARGE, member.filename)
            yield piece
        if size != member.file_size:
            raise BadArchive(ArchiveFault.DAMAGED, member.filename)


@contextmanager
def _faults(member: str = "") -> Generator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error) as error:
        raise BadArchive(ArchiveFault.DAMAGED, member) from error
    except NotImplementedError as error:
        raise BadArchive(ArchiveFault.UNUSUAL, member) from error
    except OSError as error:
        if error.errno not in {errno.EINVAL, None}:
            raise  # the disk's; a place before the beginning of the file is the directory's
        raise BadArchive(ArchiveFault.DAMAGED, member) from error


def _directory_bytes(stream: BinaryIO) -> int:
    """The most that one of the end records near the end of the file says of its directory's length."""
    length = stream.seek(0, 2)
    stream.seek(max(length - _TAIL, 0))
    tail = stream.read()
    long = [*_numbers(tail, _END_64, 40, 8)]
    short = [number for number in _numbers(tail, _END, 12, 4) if not (long and number == _SAYS_IN_ZIP64)]
    return max(short + long, default=0)


def _numbers(tail: bytes, sign: bytes, behind: int, width: int) -> Iterator[int]:
    """The number that stands so many bytes behind each ``sign``."""
    at = tail.find(sign)
    while at >= 0:
        yield int.from_bytes(tail[at + behind : at + behind + width], "little")
        at = tail.find(sign, at + 1)
