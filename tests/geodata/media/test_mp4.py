"""The reader and writer of MP4: any bytes are refused in our words, or give a file that reads as itself again."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import InvalidInput
from geodata.media import mp4
from tests.fixtures.trails.media import FILES

REAL = [(FILES / name).read_bytes() for name in ("film-with-place.mp4", "tone-with-tags.m4a", "film-in-hevc.mp4")]


def box(name: bytes, *content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + sum(map(len, content)), name) + b"".join(content)


def table(row: str, rows: list[tuple[int, ...]]) -> bytes:
    return struct.pack(">II", 0, len(rows)) + b"".join(struct.pack(">" + row, *values) for values in rows)


def samples(movie: mp4.Movie) -> list[bytes]:
    return [b"".join(movie.data[c.start : c.start + c.size] for c in track.chunks) for track in movie.tracks]


def rewritten(data: bytes) -> mp4.Movie | None:
    """The movie of what write() makes of ``data``, which plays the same and is written the same; None: refused."""
    try:
        movie = mp4.read(data, "a.mp4", "Save it again.")
    except InvalidInput:
        return None
    written = mp4.write(movie, b"isom")
    again = mp4.read(written, "a.mp4", "")
    assert samples(again) == samples(movie)
    assert again.seconds == movie.seconds
    assert [(t.codec, t.width, t.height) for t in again.tracks] == [(t.codec, t.width, t.height) for t in movie.tracks]
    assert mp4.write(again, b"isom") == written
    return again


@st.composite
def tables(draw: st.DrawFn, samples_at: int, length: int) -> list[bytes]:
    """stsc, stsz and stco or co64 of chunks that lie anywhere in the samples, also over each other, also empty."""
    sizes = draw(st.lists(st.integers(0, 5), min_size=1, max_size=6))
    equal = draw(st.sampled_from([0, 0, 1, 3]))
    offsets = draw(st.lists(st.integers(samples_at, samples_at + length), min_size=1, max_size=len(sizes)))
    each = len(sizes) // len(offsets)
    wide = draw(st.booleans())
    return [
        box(b"stsd", bytes(12), draw(st.sampled_from([b"avc1", b"mp4a", b"xxxx"])), bytes(20)),
        box(b"stsc", table("III", [(1, each, 1)])),
        box(b"stsz", struct.pack(">II", 0, equal), table("I", [(size,) for size in sizes])[4:]),
        box(b"co64" if wide else b"stco", table("Q" if wide else "I", [(offset,) for offset in offsets])),
    ]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file by the book, with heads of odd lengths and parts that nobody needs here and there."""
    media = draw(st.binary(min_size=30, max_size=60))
    front = box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", media)
    tracks: list[bytes] = []
    for _ in range(draw(st.integers(1, 3))):
        parts = draw(tables(len(front) - len(media), len(media) - 30))
        parts += draw(st.lists(st.sampled_from([box(b"stts", bytes(8)), box(b"free", b"x"), box(b"stbl", b"")])))
        handler = bytes(8) + draw(st.sampled_from([b"soun", b"vide", b"meta"])) + draw(st.binary(max_size=30))
        head = b"\0" + draw(st.binary(min_size=83, max_size=83))
        inner = box(b"minf", box(b"stbl", *draw(st.permutations(parts))), box(b"dinf", b"elsewhere"))
        tracks.append(box(b"trak", box(b"tkhd", head), box(b"mdia", box(b"hdlr", handler), inner), box(b"udta", b"x")))
    version = draw(st.sampled_from([0, 1]))
    return front + box(b"moov", box(b"mvhd", bytes([version]), draw(st.binary(min_size=99, max_size=99))), *tracks)


@st.composite
def damaged(draw: st.DrawFn, wholes: st.SearchStrategy[bytes]) -> bytes:
    whole = bytearray(draw(wholes))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(whole) - 1))
        piece = draw(st.one_of(st.binary(max_size=4), st.sampled_from([bytes(4), b"\xff" * 4, b"\0\0\0\1", b"stbl"])))
        whole[at : at + draw(st.integers(0, 4))] = piece
    return bytes(whole)


@given(files())
@settings(max_examples=100, deadline=None)
def test_a_file_by_the_book_is_rewritten_with_the_same_samples(data: bytes) -> None:
    assert rewritten(data) is not None


@given(st.one_of(st.binary(max_size=200), damaged(files()), damaged(st.sampled_from(REAL))))
@settings(max_examples=250, deadline=None)
def test_any_bytes_are_refused_or_give_a_file_that_reads_as_itself(data: bytes) -> None:
    rewritten(data)


def test_a_file_as_full_of_parts_as_may_be_gets_no_more_of_them() -> None:
    stco, full = box(b"stco", table("I", [(0,)])), box(b"stbl", *[box(b"stts", b"")] * 2000)
    main = box(b"stbl", box(b"stsd", bytes(16)), box(b"stsc", table("III", [(1, 0, 1)])), box(b"stsz", bytes(12)), stco)
    media = box(b"mdia", box(b"hdlr", bytes(8), b"soun", bytes(12)), box(b"minf", main, full))
    assert rewritten(box(b"moov", box(b"mvhd", bytes(100)), box(b"trak", box(b"tkhd", bytes(84)), media))) is not None


@pytest.mark.parametrize("whole", REAL)
def test_every_beginning_of_a_file_is_refused_or_reads_as_itself(whole: bytes) -> None:
    kept = [end for end in range(len(whole)) if rewritten(whole[:end]) is not None]
    assert len(kept) < 0.1 * len(whole), "only what comes after the last part that plays may be missing"
