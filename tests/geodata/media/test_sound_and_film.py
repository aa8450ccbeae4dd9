"""Recordings and films: only what plays is kept, and what not every phone plays is refused in a sentence."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import InvalidInput
from geodata.media import mp4
from geodata.media.files import MAX_BYTES
from geodata.media.prepare import prepare_bytes
from tests.fixtures.trails.media import FILES

# Made by ffmpeg 9 (see the README beside them), each with a title, a name, a cover or a place in it.
MP3 = (FILES / "tone-with-id3.mp3").read_bytes()
M4A = (FILES / "tone-with-tags.m4a").read_bytes()
MP4 = (FILES / "film-with-place.mp4").read_bytes()
TRACES = (b"Geheimer", b"Anna", b"52.05", b"ID3", b"TAG", b"\xff\xd8\xff", b"ilst", b"udta", b"Lavf")


def boxes(data: bytes) -> list[bytes]:
    """The types of the outermost parts of an MP4."""
    at, found = 0, list[bytes]()
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        found.append(name)
        at += size
    return found


@pytest.mark.parametrize(
    ("kind", "place", "data", "name", "content_type"),
    [
        ("audio", "a.mp3", MP3, "audio.mp3", "audio/mpeg"),
        ("audio", "a.m4a", M4A, "audio.m4a", "audio/mp4"),
        ("sign_video", "a.mp4", MP4, "video.mp4", "video/mp4"),
    ],
)
def test_only_what_plays_is_kept(kind: str, place: str, data: bytes, name: str, content_type: str) -> None:
    assert any(trace in data for trace in TRACES)
    prepared = prepare_bytes(data, kind, place)
    (encoded,) = prepared.encoded
    assert (encoded.name, encoded.content_type) == (name, content_type)
    assert prepared.seconds == pytest.approx(1.5, abs=0.11)
    assert not [trace for trace in TRACES if trace in encoded.data]
    assert len(encoded.data) < len(data)
    again = prepare_bytes(encoded.data, kind, place)
    assert again.encoded[0].data == encoded.data


def test_the_index_of_a_film_comes_first_so_that_it_plays_before_it_is_loaded() -> None:
    assert boxes(MP4) == [b"ftyp", b"free", b"mdat", b"moov"]
    assert boxes(prepare_bytes(MP4, "sign_video", "a.mp4").encoded[0].data) == [b"ftyp", b"moov", b"mdat"]


def test_every_sample_of_a_film_is_where_its_new_index_says() -> None:
    before = mp4.read(MP4, "a.mp4", "")
    after = mp4.read(prepare_bytes(MP4, "sign_video", "a.mp4").encoded[0].data, "a.mp4", "")

    def samples(movie: mp4.Movie) -> list[bytes]:
        return [b"".join(movie.data[c.start : c.start + c.size] for c in track.chunks) for track in movie.tracks]

    assert samples(before) == samples(after)
    assert [len(one) > 500 for one in samples(before)] == [True, True]
    assert (before.tracks[0].width, before.tracks[0].height) == (128, 96)


def test_the_recording_date_of_a_film_is_gone() -> None:
    (recorded,) = struct.unpack_from(">I", MP4, MP4.index(b"mvhd") + 8)
    assert recorded > 0
    cleaned = prepare_bytes(MP4, "sign_video", "a.mp4").encoded[0].data
    assert struct.unpack_from(">II", cleaned, cleaned.index(b"mvhd") + 8) == (0, 0)


def test_a_recording_that_was_switched_off_within_a_frame_is_kept_up_to_there() -> None:
    whole = prepare_bytes(MP3, "audio", "a.mp3")
    clean = whole.encoded[0].data
    cut = prepare_bytes(clean[:-20], "audio", "a.mp3")
    assert clean.startswith(cut.encoded[0].data)
    assert len(cut.encoded[0].data) > 0.9 * len(clean)


def longer(seconds: int) -> bytes:
    return prepare_bytes(MP3, "audio", "a.mp3").encoded[0].data * seconds


REFUSED = {
    "Opus": (
        "audio",
        "a.mp3",
        (FILES / "tone-in-opus.ogg").read_bytes(),
        r"an Ogg file.*Save it as MP3 or M4A: many iPh",
    ),
    "WAV": (
        "audio",
        "a.mp3",
        b"RIFF" + bytes(100),
        r"an uncompressed file, expected MP3, or AAC in M4A\. Save it as MP3",
    ),
    "a text": ("audio", "a.mp3", b"Hallo" * 50, r"no MP3 file, expected MP3, or AAC"),
    "another ending": (
        "audio",
        "a.m4a",
        MP3,
        r"a\.m4a is a file in the format MP3, expected what its ending says\. Rename it to a\.mp3",
    ),
    "damaged": ("audio", "a.mp3", MP3[:3000] + b"x" * 400 + MP3[3000:], r"damaged \d\.\d seconds from its beginning,"),
    "too long": ("audio", "a.mp3", longer(1000), r"is \d+\.\d seconds long, expected 1 second to 15 minutes\. Cut it"),
    "a film as sound": ("audio", "a.m4a", MP4, r"'avc1, mp4a', expected one track of AAC sound \(mp4a\)\. Save it as"),
    "too large": (
        "audio",
        "a.mp3",
        bytes(MAX_BYTES["audio"] + 1),
        r"more than 12 MB, expected at most 12,000,000 bytes",
    ),
    "HEVC": ("sign_video", "a.mp4", (FILES / "film-in-hevc.mp4").read_bytes(), r"'hvc1', expected MP4 with H\.264"),
    "WebM": ("sign_video", "a.mp4", b"\x1a\x45\xdf\xa3" + bytes(50), r"a WebM file.*Older iPhones do not play WebM"),
    "sound as film": ("sign_video", "a.mp4", M4A, r"'mp4a', expected MP4 with H\.264"),
    "a cut film": (
        "sign_video",
        "a.mp4",
        MP4[:-200],
        r"damaged \(the part at byte \d+ does not fit\),.*Save it as MP4",
    ),
    "no film": ("sign_video", "a.mp4", MP3, r"no MP4 file, expected MP4 with H\.264"),
    "in pieces": (
        "sign_video",
        "a.mp4",
        MP4 + b"\0\0\0\x08moof",
        r"damaged \(its index is missing or in fragments\),",
    ),
    "a film too large": ("sign_video", "a.mp4", bytes(MAX_BYTES["sign_video"] + 1), r"more than 30 MB.*720 lines"),
}


IN_FRONT = {
    "zeros": bytes(300),
    "zeros, a tag and zeros": bytes(300) + b"ID3\3\0\0\0\0\0\5title" + bytes(7),
    "a tag of another kind": b"APETAGEX" + bytes(4) + (9).to_bytes(4, "little") + bytes(16) + b"123456789",
}


@pytest.mark.parametrize("case", IN_FRONT)
def test_what_recorders_put_in_front_of_the_sound_is_left_out(case: str) -> None:
    assert prepare_bytes(IN_FRONT[case] + MP3, "audio", "a.mp3").encoded == prepare_bytes(MP3, "audio", "a.mp3").encoded


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_played_is_refused_with_file_value_and_mend(case: str) -> None:
    kind, place, data, sentence = REFUSED[case]
    with pytest.raises(InvalidInput, match=sentence):
        prepare_bytes(data, kind, place)


@given(st.sampled_from(["a.mp3", "a.m4a", "a.mp4"]), st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_file_is_read_or_refused_in_our_words(place: str, data: st.DataObject) -> None:
    whole = {"a.mp3": MP3, "a.m4a": M4A, "a.mp4": MP4}[place]
    broken = bytearray(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    for _ in range(data.draw(st.integers(0, 8))):
        if broken:
            broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.sampled_from([0, 1, 127, 255]))
    with suppress(InvalidInput):
        assert prepare_bytes(bytes(broken), "sign_video" if place == "a.mp4" else "audio", place).encoded
