"""MP4 and M4A (ISO/IEC 14496-12): read the tracks of sound and picture, and write a file of nothing else.

Titles, covers, places, dates, the camera's name and tracks of other data stay behind, also their bytes; the index comes
first, so that playing begins before all is loaded. docs/decisions/0013 says why this is not a library.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from geodata.errors import InvalidInput
from geodata.messages.message import message, phrase

_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts")
_KEPT = (b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"elst", b"vmhd", b"smhd", b"dinf", b"stsd", b"stts", b"ctts", b"cslg")
_SAMPLES = (b"stss", b"sdtp", b"sgpd", b"sbgp", b"stsc", b"stsz")
_PLACES = (b"stco", b"co64")
_PLAYED = (b"soun", b"vide")
_DATED = {b"mvhd": 1, b"tkhd": 1, b"mdhd": 1}
_HERE = b"\0\0\0\x1cdref\0\0\0\0\0\0\0\1\0\0\0\x0curl \0\0\0\1"
_MOST_BOXES = 2000
_MOST_ROWS = 200_000  # 15 minutes of sound have 42 000
_DEEPEST = 8
_MOST_TRACKS = 8  # that play; each may have as many rows


class _Broken(Exception):
    """The file does not hold what its tables say."""


_WRONG = (_Broken, struct.error, IndexError)

Box = tuple[bytes, "bytes | list[Box]"]
"""Type and content: bytes, or the boxes within."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of samples of one track in the file."""

    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Track:
    """A track that plays. ``codec`` is the type of its sample entry, ``width`` and ``height`` as it is shown."""

    codec: bytes
    boxes: list[Box]
    chunks: list[Chunk]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Movie:
    """A file's tracks, its header and its bytes."""

    data: bytes
    header: bytes
    tracks: list[Track]
    seconds: float

    def codecs(self) -> str:
        """What is in it, for error messages."""
        return ", ".join(track.codec.decode("latin-1") for track in self.tracks) or "no sound and no picture"


def read(data: bytes, place: str, hint: str) -> Movie:
    """Read a file; raises InvalidInput, naming ``place`` and with ``hint``, where it is damaged or in fragments.

    The bytes are anybody's: every length and number in them is checked against what is there before it is used.
    """
    try:
        return _movie(data)
    except _WRONG as error:
        why = phrase(error.args[0] if isinstance(error, _Broken) else "its tables do not fit")
        raise InvalidInput(place, message("damaged ({why})", why=why), "a whole MP4 or M4A file", hint) from error


def write(movie: Movie, brand: bytes) -> bytes:
    """The file of these tracks alone, with ``brand`` as its type; read() reads it as the same, and so on for ever."""
    ftyp = _box(b"ftyp", brand + struct.pack(">I", 0x200) + brand + b"isommp42")
    # In the order of the file, tracks interleaved as they were. Empty chunks come before the one that begins at the
    # same byte: then they stand there again when the result is read.
    order = sorted(
        (chunk.start, chunk.size, number, i)
        for number, track in enumerate(movie.tracks)
        for i, chunk in enumerate(track.chunks)
    )
    samples = bytearray()
    places = [[0] * len(track.chunks) for track in movie.tracks]
    for start, size, number, i in order:
        places[number][i] = len(samples)
        samples += movie.data[start : start + size]
    length = len(_index(movie, places, 0))  # the same whatever the places: each has four bytes
    return ftyp + _index(movie, places, len(ftyp) + length + 8) + _box(b"mdat", bytes(samples))


def _index(movie: Movie, places: list[list[int]], first: int) -> bytes:
    """The box moov for samples that begin at the byte ``first``."""
    tracks: list[Box] = []
    for track, at in zip(movie.tracks, places, strict=True):
        offsets = struct.pack(f">II{len(at)}I", 0, len(at), *(first + offset for offset in at))
        tracks.append((b"trak", _with_offsets(track.boxes, offsets)))
    return _written((b"moov", [(b"mvhd", movie.header), *tracks]))


def _with_offsets(boxes: list[Box], offsets: bytes) -> list[Box]:
    """The boxes with these offsets instead of those of the file, in a table of four bytes each (stco)."""
    placed: list[Box] = []
    for name, content in boxes:
        if isinstance(content, list):
            placed.append((name, _with_offsets(content, offsets)))
        elif name not in _PLACES:
            placed.append((name, content))
    if len(placed) < len(boxes):
        placed.append((b"stco", offsets))
    return placed


def _written(box: Box) -> bytes:
    name, content = box
    return _box(name, content if isinstance(content, bytes) else b"".join(map(_written, content)))


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def _movie(data: bytes) -> Movie:
    top = dict(_boxes(data, 0, len(data)))
    if b"moov" not in top or b"moof" in top:
        raise _Broken("its index is missing or in fragments")
    index = _tree(data, *top[b"moov"], depth=0)
    header = _find(index, b"mvhd")
    scale, duration = struct.unpack_from(">IQ", header, 20) if header[0] else struct.unpack_from(">II", header, 12)
    played = [
        content
        for name, content in index
        if name == b"trak" and isinstance(content, list) and _find(content, b"mdia", b"hdlr")[8:12] in _PLAYED
    ]
    if len(played) > _MOST_TRACKS:
        raise _Broken("it has more tracks than any film")
    tracks = [_track(data, content) for content in played]
    return Movie(data, header, tracks, duration / scale if scale else 0.0)


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Type and place of the content of each box between two places."""
    at, count = start, 0
    while at < end:
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        size = size or end - at
        count += 1
        if size < head or at + size > end or count > _MOST_BOXES:
            raise _Broken(message("the part at byte {at} does not fit", at=at))
        yield name, (at + head, at + size)
        at += size


def _tree(data: bytes, start: int, end: int, depth: int) -> list[Box]:
    """The boxes that playing needs; of all others nothing is taken along."""
    boxes: list[Box] = []
    for name, (first, last) in _boxes(data, start, end):
        if name in _CONTAINERS and depth < _DEEPEST:
            boxes.append((name, _tree(data, first, last, depth + 1)))
        elif name in (*_KEPT, *_SAMPLES, *_PLACES):
            boxes.append((name, _nameless(name, data[first:last])))
    return boxes


def _nameless(name: bytes, content: bytes) -> bytes:
    """Headers without the times of recording, handlers without the program's name, samples in this file alone."""
    if name == b"dinf":
        return _HERE
    if name in _DATED:
        width = 16 if content[0] else 8
        return content[:4] + bytes(width) + content[4 + width :]
    return content[:24].ljust(24, b"\0") + b"\0" if name == b"hdlr" else content


def _track(data: bytes, boxes: list[Box]) -> Track:
    tables = (b"mdia", b"minf", b"stbl")
    head = _find(boxes, b"tkhd")
    width, height = struct.unpack(">II", head[-8:])
    turned = head[52 if head[0] else 40 :][:4] == bytes(4)  # the first number of its matrix: a phone held upright
    return Track(
        codec=_find(boxes, *tables, b"stsd")[12:16],
        boxes=boxes,
        chunks=_chunks(data, _inside(boxes, *tables)),
        width=(height if turned else width) >> 16,
        height=(width if turned else height) >> 16,
    )


def _chunks(data: bytes, tables: list[Box]) -> list[Chunk]:
    """Where the samples are, from the tables of chunks (stco, co64), samples in each (stsc) and their sizes (stsz)."""
    names = {name for name, _ in tables}
    wide = b"co64" in names
    offsets = _numbers(_find(tables, b"co64" if wide else b"stco"), 4, "Q" if wide else "I")
    runs = _numbers(_find(tables, b"stsc"), 4, "III")
    sizes = _find(tables, b"stsz")
    (each,) = struct.unpack_from(">I", sizes, 4)
    ends = [0] if each else [0, *accumulate(size for (size,) in _numbers(sizes, 8, "I"))]
    chunks: list[Chunk] = []
    run, sample = -1, 0
    for number, (start,) in enumerate(offsets, start=1):
        if run + 1 < len(runs) and runs[run + 1][0] == number:
            run += 1
        samples = runs[run][1]
        size = each * samples if each else ends[sample + samples] - ends[sample]
        if start + size > len(data):
            raise _Broken("its end is missing")
        chunks.append(Chunk(start, size))
        sample += samples
    if sum(chunk.size for chunk in chunks) > len(data):
        raise _Broken("its parts overlap")
    return chunks


def _numbers(table: bytes, at: int, row: str) -> list[tuple[int, ...]]:
    """The rows of a table whose number stands at the byte ``at``."""
    (count,) = struct.unpack_from(">I", table, at)
    if count > _MOST_ROWS:
        raise _Broken("a table has more rows than any film")
    length = struct.calcsize(">" + row)
    return list(struct.iter_unpack(">" + row, _whole(table[at + 4 :], count * length)))


def _whole(content: bytes, length: int) -> bytes:
    if len(content) < length:
        raise _Broken("a table is cut off")
    return content[:length]


def _inside(boxes: list[Box], *path: bytes) -> list[Box]:
    for name in path:
        content = next((content for kind, content in boxes if kind == name), None)
        if not isinstance(content, list):
            raise _Broken(message("{part} is missing", part=name.decode("latin-1")))
        boxes = content
    return boxes


def _find(boxes: list[Box], *path: bytes) -> bytes:
    """The content of the box at ``path``."""
    content = next((content for kind, content in _inside(boxes, *path[:-1]) if kind == path[-1]), None)
    if not isinstance(content, bytes):
        raise _Broken(message("{part} is missing", part=path[-1].decode("latin-1")))
    return content
