"""Pictures, recordings and films as the properties that the interface shows of them."""

from __future__ import annotations

from collections.abc import Mapping

from api.licences import url_of
from api.media import address
from geodata.model.content import StationContent
from geodata.model.media import Audio, Medium, Picture, Rendition, SignVideo

Properties = dict[str, object]


def media(content: StationContent, media_by_id: Mapping[str, Medium], base_url: str) -> Properties:
    """All media of a content; ``media_by_id`` are those of the catalogue."""
    return {
        "pictures": [
            _picture(picture, media_by_id[picture.media], base_url)
            for picture in content.pictures
            if picture.media in media_by_id
        ],
        "audio": _audio(content.audio, media_by_id, base_url),
        "sign_video": _sign_video(content.sign_video, media_by_id, base_url),
    }


def _picture(picture: Picture, medium: Medium, base_url: str) -> Properties:
    return {
        "alt": picture.alt,
        "decorative": picture.decorative,
        "caption": picture.caption,
        **_rights(picture),
        "files": [_file(medium, rendition, base_url) for rendition in medium.renditions],
    }


def _audio(audio: Audio | None, media_by_id: Mapping[str, Medium], base_url: str) -> Properties | None:
    medium = media_by_id.get(audio.media) if audio else None
    if audio is None or medium is None:
        return None
    return {"transcript": audio.transcript, **_rights(audio), **_played(medium, base_url)}


def _sign_video(film: SignVideo | None, media_by_id: Mapping[str, Medium], base_url: str) -> Properties | None:
    medium = media_by_id.get(film.media) if film else None
    if film is None or medium is None:
        return None
    return {"text": film.text, **_rights(film), **_played(medium, base_url)}


def _rights(item: Picture | Audio | SignVideo) -> Properties:
    return {
        "author": item.author,
        "licence": item.licence,
        "licence_url": url_of(item.licence),
        "year": item.year,
    }


def _played(medium: Medium, base_url: str) -> Properties:
    seconds = None if medium.seconds is None else round(medium.seconds, 1)
    return {"seconds": seconds, "file": _file(medium, medium.renditions[0], base_url)}


def _file(medium: Medium, rendition: Rendition, base_url: str) -> Properties:
    return {
        "url": base_url + address(medium.id, rendition.name),
        "type": rendition.content_type,
        "bytes": rendition.size,
        "width": rendition.width,
        "height": rendition.height,
    }
