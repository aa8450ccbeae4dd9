"""The media that texts refer to: called otherwise, or pointed at other media. Texts in, texts out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from geodata.content.folder import StationFolder
from geodata.content.versions import Text
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, SignVideo

Reference = Picture | Audio | SignVideo


def with_names_of_their_own(text: Text, names: dict[str, str]) -> Text:
    """The text with a file name for each medium that no other in its folder has.

    ``names``: those given in the folder, each with its medium; the new ones are added.
    """
    if not isinstance(text, StationContent):
        return text
    return _changed(text, lambda reference: {"file": _free_name(reference, names)})


def pointed_at_held(folder: StationFolder, held: Mapping[str, str]) -> StationFolder:
    """The folder with its texts pointed at the media ``held`` that its files are renditions of, by the files' ids."""
    if not held.keys() & folder.media.keys():
        return folder
    texts = (
        replace(file, text=_changed(file.text, lambda reference: {"media": held.get(reference.media, reference.media)}))
        if isinstance(file.text, StationContent)
        else file
        for file in folder.texts
    )
    return replace(folder, texts=tuple(texts))


def _free_name(reference: Reference, names: dict[str, str]) -> str:
    name = PurePosixPath(reference.file)
    if names.setdefault(name.name, reference.media) != reference.media:
        name = name.with_stem(f"{name.stem}-{reference.media[:6]}")
        names[name.name] = reference.media
    return name.name


def _changed(text: StationContent, change: Callable[[Reference], dict[str, str]]) -> StationContent:
    audio, film = text.audio, text.sign_video
    return replace(
        text,
        pictures=tuple(replace(picture, **change(picture)) for picture in text.pictures),
        audio=audio and replace(audio, **change(audio)),
        sign_video=film and replace(film, **change(film)),
    )
