"""Films in sign language: H.264 in MP4, which every phone plays. Only sound and picture are kept."""

from __future__ import annotations

from pathlib import PurePath

from geodata.errors import InvalidInput
from geodata.media import mp4
from geodata.media.renditions import Encoded
from geodata.messages.message import message, phrase

_EXPECTED = "MP4 with H.264 (avc1) and at most one track of AAC (mp4a)"
_MEND = phrase("Save it as MP4 with H.264, 720 lines, as every editing program can.")
_LARGEST = 1920
_LONGEST_S = 10 * 60
_SHORTEST_S = 1.0


def clean(data: bytes, place: str) -> tuple[Encoded, float]:
    """The film alone, and how many seconds it lasts; raises InvalidInput."""
    if data[:4] == b"\x1a\x45\xdf\xa3":
        hint = message("{save} Older iPhones do not play WebM.", save=_MEND)
        raise InvalidInput(place, phrase("a WebM file"), _EXPECTED, hint)
    if data[4:8] != b"ftyp" or PurePath(place).suffix.lower() != ".mp4":
        raise InvalidInput(place, phrase("no MP4 file"), _EXPECTED, _MEND)
    movie = mp4.read(data, place, _MEND)
    pictures = [track for track in movie.tracks if track.codec in {b"avc1", b"avc3"}]
    others = [track.codec for track in movie.tracks if track not in pictures]
    if len(pictures) != 1 or others not in ([], [b"mp4a"]):
        raise InvalidInput(place, movie.codecs(), _EXPECTED, _MEND)
    width, height = pictures[0].width, pictures[0].height
    if not 0 < max(width, height) <= _LARGEST or not min(width, height):
        size = message("{width} × {height} pixels", width=width, height=height)
        raise InvalidInput(place, size, message("at most {most} each way", most=_LARGEST), _MEND)
    if not _SHORTEST_S <= movie.seconds <= _LONGEST_S:
        long = message("{seconds:.1f} seconds long", seconds=movie.seconds)
        raise InvalidInput(place, long, "1 second to 10 minutes", "Cut it.")
    return Encoded("video.mp4", "video/mp4", mp4.write(movie, b"isom"), width, height), movie.seconds
