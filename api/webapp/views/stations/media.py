"""Pictures, the recording and the film in sign language on a station's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from api.languages.texts import Texts
from api.licences import BY_PERMISSION, name_of, url_of
from api.media import address
from api.webapp import wording
from api.webapp.markdown import to_html
from geodata.model.content import StationContent
from geodata.model.media import Audio, Medium, Picture, Rendition, SignVideo
from geodata.vocabulary.languages import primary_tag

_USUAL_WIDTH = 960
_SIZES = "(min-width: 60rem) 38rem, (min-width: 44rem) 42rem, (min-resolution: 2.5dppx) 62vw, 92vw"
"""As wide as style.css shows pictures, but 92 % of a phone as 62 % where a pixel is so small that nobody sees whether
there are three or two of them: half of the bytes."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Who made it, in which year, and the licence with the address of its text where it has one."""

    author: str
    year: int | None
    licence: str
    licence_href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """A picture in all sizes; ``avif`` and ``jpeg`` are source sets. ``width`` and ``height`` keep its place free."""

    avif: str
    jpeg: str
    sizes: str
    src: str
    width: int
    height: int
    alt: str
    caption: str
    credit: Credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A recording or a film. ``text`` is its transcript, ``length`` and ``size`` what to expect before a press."""

    src: str
    content_type: str
    length: str
    size: str
    text: Markup
    credit: Credit
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationMedia:
    """What a station has beside its text: the picture above it, those below it, and what plays."""

    first: ShownPicture | None
    others: tuple[ShownPicture, ...]
    audio: Played | None
    sign_video: Played | None


Address = Callable[[str, str], str]
"""A medium's id and a rendition's name, to where it is served."""


def build(
    content: StationContent, media_by_id: Mapping[str, Medium], t: Texts, where: Address = address
) -> StationMedia:
    """The media of a content; ``media_by_id`` are those of the catalogue, or of a draft, which are served elsewhere."""
    pictures = [
        _picture(picture, media_by_id[picture.media], t, where)
        for picture in content.pictures
        if picture.media in media_by_id
    ]
    audio, film = content.audio, content.sign_video
    return StationMedia(
        first=pictures[0] if pictures else None,
        others=tuple(pictures[1:]),
        audio=_played(audio, audio.transcript, media_by_id[audio.media], t, where)
        if audio and audio.media in media_by_id
        else None,
        sign_video=_played(film, film.text, media_by_id[film.media], t, where)
        if film and film.media in media_by_id
        else None,
    )


def _picture(picture: Picture, medium: Medium, t: Texts, where: Address) -> ShownPicture:
    jpegs = [rendition for rendition in medium.renditions if rendition.content_type == "image/jpeg"]
    avifs = [rendition for rendition in medium.renditions if rendition.content_type == "image/avif"]
    usual = min(jpegs, key=lambda rendition: abs((rendition.width or 0) - _USUAL_WIDTH))
    return ShownPicture(
        avif=_source_set(medium, avifs, where),
        jpeg=_source_set(medium, jpegs, where),
        sizes=_SIZES,
        src=where(medium.id, usual.name),
        width=usual.width or 0,
        height=usual.height or 0,
        alt="" if picture.decorative else picture.alt,
        caption=picture.caption,
        credit=_credit(picture, t),
    )


def _source_set(medium: Medium, renditions: list[Rendition], where: Address) -> str:
    return ", ".join(f"{where(medium.id, rendition.name)} {rendition.width}w" for rendition in renditions)


def _played(item: Audio | SignVideo, text: str, medium: Medium, t: Texts, where: Address) -> Played:
    rendition = medium.renditions[0]
    return Played(
        src=where(medium.id, rendition.name),
        content_type=rendition.content_type,
        length=wording.playing_time(medium.seconds or 0, t),
        size=wording.size(rendition.size, t),
        text=to_html(text),
        credit=_credit(item, t),
        width=rendition.width,
        height=rendition.height,
    )


def _credit(item: Picture | Audio | SignVideo, t: Texts) -> Credit:
    licence = t("mit Erlaubnis") if item.licence == BY_PERMISSION else name_of(item.licence)
    return Credit(item.author, item.year, licence, url_of(item.licence, primary_tag(t.language)))
