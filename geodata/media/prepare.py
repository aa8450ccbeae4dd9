"""From a file as somebody gave it to what is kept and served: checked, cleaned of all metadata, in ready sizes.

What a file is, its bytes say; nothing of it is believed. The same file gives the same medium.
"""

from __future__ import annotations

from geodata.media import film, pictures, sound
from geodata.media.files import AUDIO, MAX_BYTES, PICTURE, MediaFile, media_id, too_large
from geodata.media.renditions import Prepared
from geodata.security import bounded_file


def prepare(file: MediaFile) -> Prepared:
    """Check and clean a file; raises InvalidInput that names the file, what was found, what is expected, the hint."""
    return prepare_bytes(bounded_file.at_most(file.source, MAX_BYTES[file.kind]), file.kind, file.place)


def prepare_bytes(data: bytes, kind: str, place: str) -> Prepared:
    """Check and clean the bytes of a file; ``place`` is its name in error messages and tells its ending."""
    if len(data) > MAX_BYTES[kind]:
        raise too_large(place, kind)
    if kind == PICTURE:
        return Prepared(media_id(data), kind, pictures.render(data, place))
    encoded, seconds = sound.clean(data, place) if kind == AUDIO else film.clean(data, place)
    return Prepared(media_id(data), kind, (encoded,), seconds)
