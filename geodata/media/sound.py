"""Recordings: MP3 and AAC in M4A, which every phone plays. Only what sounds is kept: no titles, pictures, places."""

from __future__ import annotations

import re
from pathlib import PurePath

from geodata.errors import InvalidInput
from geodata.media import mp4
from geodata.media.files import wrong_ending
from geodata.media.renditions import Encoded
from geodata.messages.message import message, phrase

_EXPECTED = "MP3, or AAC in M4A"
_LONGEST_S = 15 * 60
_SHORTEST_S = 1.0

# ISO/IEC 11172-3 and 13818-3, layer III: kbit/s by index, for MPEG 1 and for MPEG 2 and 2.5; hertz of MPEG 1.
_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ = (44100, 48000, 32000)
_ZEROS = re.compile(rb"\0+")
_SLOWER = {3: 1, 2: 2, 0: 4}  # version bits: MPEG 1, 2, 2.5


def clean(data: bytes, place: str) -> tuple[Encoded, float]:
    """The recording alone, and how many seconds it lasts; raises InvalidInput."""
    if data[:4] == b"OggS":
        hint = "Save it as MP3 or M4A: many iPhones do not play Ogg and Opus."
        raise InvalidInput(place, phrase("an Ogg file"), _EXPECTED, hint)
    if data[:4] in {b"RIFF", b"fLaC"}:
        raise InvalidInput(place, phrase("an uncompressed file"), _EXPECTED, "Save it as MP3 with 64 kbit/s, mono.")
    if data[4:8] == b"ftyp":
        kind, ending, encoded, seconds = "M4A", ".m4a", *_m4a(data, place)
    else:
        kind, ending, encoded, seconds = "MP3", ".mp3", *_mp3(data, place)
    if PurePath(place).suffix.lower() != ending:
        raise wrong_ending(place, kind, ending)
    if not _SHORTEST_S <= seconds <= _LONGEST_S:
        long = message("{seconds:.1f} seconds long", seconds=seconds)
        raise InvalidInput(place, long, "1 second to 15 minutes", "Cut it.")
    return encoded, seconds


def _m4a(data: bytes, place: str) -> tuple[Encoded, float]:
    movie = mp4.read(data, place, "Save it again as M4A (AAC).")
    if [track.codec for track in movie.tracks] != [b"mp4a"]:
        raise InvalidInput(place, movie.codecs(), "one track of AAC sound (mp4a)", "Save it as M4A (AAC) or MP3.")
    return Encoded("audio.m4a", "audio/mp4", mp4.write(movie, b"M4A ")), movie.seconds


def _mp3(data: bytes, place: str) -> tuple[Encoded, float]:
    frames: list[bytes] = []
    seconds, at = 0.0, _after_tags(data)
    while length := _frame_length(data, at):
        if at + length > len(data):
            break  # a recorder that was switched off in the middle of a frame
        frames.append(data[at : at + length])
        seconds += _frame_seconds(data, at)
        at += length
    rest = data[at:].lstrip(b"\0")
    if len(frames) < 2 or (rest and not _is_tag_or_piece(rest)):
        what = (
            phrase("no MP3 file")
            if len(frames) < 2
            else message("damaged {seconds:.1f} seconds from its beginning", seconds=seconds)
        )
        raise InvalidInput(place, what, _EXPECTED, "Save it again as MP3 or M4A.")
    return Encoded("audio.mp3", "audio/mpeg", b"".join(frames)), seconds


def _after_tags(data: bytes) -> int:
    """Where the sound begins: behind zeros, and tags of the kinds ID3v2 and APEv2, in any order and number."""
    at, before = 0, -1
    while at != before:
        before = at
        if data.startswith(b"ID3", at) and len(data) >= at + 10:
            at += _id3_size(data[at : at + 10])
        elif data.startswith(b"APETAGEX", at) and len(data) >= at + 32:
            at += 32 + int.from_bytes(data[at + 12 : at + 16], "little")
        if zeros := _ZEROS.match(data, at):
            at = zeros.end()
    return at


def _id3_size(head: bytes) -> int:
    """Bytes of a tag with this head: its size has seven bits a byte, a footer is told by a flag."""
    size = 0
    for byte in head[6:]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _frame_length(data: bytes, at: int) -> int:
    """Bytes of the layer III frame at ``at``; 0 where there is none."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] >> 3 & 3 == 1:
        return 0
    version, index, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if index in {0, 15} or rate == 3:
        return 0
    kbits = (_KBITS_1 if version == 3 else _KBITS_2)[index]
    return (144 if version == 3 else 72) * kbits * 1000 // (_HERTZ[rate] // _SLOWER[version]) + (head[2] >> 1 & 1)


def _frame_seconds(data: bytes, at: int) -> float:
    version, rate = data[at + 1] >> 3 & 3, data[at + 2] >> 2 & 3
    return (1152 if version == 3 else 576) / (_HERTZ[rate] // _SLOWER[version])


def _is_tag_or_piece(rest: bytes) -> bool:
    """What may follow the last whole frame and is left out: tags, or the beginning of one more frame."""
    return rest.startswith((b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"3DI")) or _frame_length(rest, 0) > 0
