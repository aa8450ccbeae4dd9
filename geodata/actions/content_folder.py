"""A trail's texts from a folder of Markdown files into the database, and out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from geodata.content import folder, plan, writing
from geodata.content.folder import StationFolder
from geodata.content.plan import ContentPlan, ImportOptions
from geodata.content.versions import Author, Effect, Text
from geodata.errors import InvalidInput, NotFound
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding
from geodata.media.files import MediaFile
from geodata.media.prepare import prepare
from geodata.media.renditions import Prepared
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, SignVideo
from geodata.model.station import Station
from geodata.store.catalogue import content_versions, media
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from geodata.store.transaction import Transaction


def import_folder(
    connection: Transaction, source: Traversable, options: ImportOptions, author: Author, *, dry_run: bool = False
) -> ContentPlan:
    """Plan the import of a folder and carry it out as a whole, unless an error forbids it or it is a ``dry_run``."""
    content_versions.lock(connection)
    if options.trail not in load_trails(connection):
        raise NotFound("trail", options.trail)
    findings = TextFindings()
    station_folders = folder.read(source, findings)
    files = {key: file for one in station_folders for key, file in one.media.items()}
    held = media.held_as(connection, files.keys() - media.known(connection, files.keys()))
    prepared = list(prepare_all(_new(connection, files, held), findings))
    made = plan.make(
        options,
        [_as_held(one, held) for one in station_folders],
        _stations_of(connection, options.trail),
        content_versions.states(connection, options.trail),
        findings,
    )
    if not made.refused and not dry_run:
        for one in prepared:
            media.save(connection, one)
        _write(connection, made, author)
    return made


def prepare_all(files: Iterable[MediaFile], findings: TextFindings) -> Iterator[Prepared]:
    """Pictures, recordings and films ready to be served, one at a time; one that cannot be used becomes a finding."""
    for file in files:
        try:
            yield prepare(file)
        except InvalidInput as error:
            findings.found.append(Finding.of("media-unusable", error))


def export_folder(connection: Transaction, trail: str, *, drafts: bool = False) -> dict[PurePosixPath, bytes]:
    """The files that import_folder() reads as the same texts: those shown, or with ``drafts`` the newest."""
    if trail not in load_trails(connection):
        raise NotFound("trail", trail)
    texts: dict[str, list[Text]] = {}
    for slot, state in content_versions.states(connection, trail).items():
        version = state.newest if drafts else state.shown
        if version is not None and version.text is not None:
            texts.setdefault(slot.station or slot.trail, []).append(version.text)
    files: dict[PurePosixPath, bytes] = {}
    stations = [station for station in _stations_of(connection, trail) if station.retired_at is None]
    for owner, where in [(trail, folder.TRAIL), *((one.code, _folder(one, texts)) for one in stations)]:
        names: dict[str, str] = {}
        for text in texts.get(owner, []):
            named = _with_own_names(text, names)
            code = owner if isinstance(text, StationContent) else ""
            files[PurePosixPath(where, writing.file_name(text))] = writing.write(named, code).encode()
        for name, medium in names.items():
            files[PurePosixPath(where, name)] = media.best(connection, medium)
    return files


def _new(connection: Transaction, files: Mapping[str, MediaFile], held: Mapping[str, str]) -> list[MediaFile]:
    there = media.known(connection, files.keys())
    return [file for key, file in files.items() if key not in there and key not in held]


def _write(connection: Transaction, made: ContentPlan, author: Author) -> None:
    for step in made.steps:
        if step.effect not in {None, Effect.NOTHING}:
            text = None if step.effect is Effect.END else step.text
            content_versions.save(connection, step.slot, text, author, publish=made.publish)


def _stations_of(connection: Transaction, trail: str) -> list[Station]:
    return [station for station in load_stations(connection).values() if station.trail == trail]


def _folder(station: Station, texts: Mapping[str, list[Text]]) -> str:
    own = (text for text in texts.get(station.code, []) if isinstance(text, StationContent))
    return writing.folder_name(
        station.number, next((one.title for one in own if writing.file_name(one) == "de.md"), "")
    )


def _with_own_names(text: Text, names: dict[str, str]) -> Text:
    """The text with a name of its own for each medium; ``names``: those given in its folder, with their media."""
    if not isinstance(text, StationContent):
        return text
    return _with_media(text, lambda item: {"file": _free_name(item, names)})


def _free_name(item: Picture | Audio | SignVideo, names: dict[str, str]) -> str:
    name = PurePosixPath(item.file)
    if names.setdefault(name.name, item.media) != item.media:
        name = name.with_stem(f"{name.stem}-{item.media[:6]}")
        names[name.name] = item.media
    return name.name


def _as_held(station_folder: StationFolder, held: Mapping[str, str]) -> StationFolder:
    """The folder with the media that its files are renditions of."""
    if not held.keys() & station_folder.media.keys():
        return station_folder
    texts = (
        replace(one, text=_with_media(one.text, lambda item: {"media": held.get(item.media, item.media)}))
        if isinstance(one.text, StationContent)
        else one
        for one in station_folder.texts
    )
    return replace(station_folder, texts=tuple(texts))


def _with_media(
    text: StationContent, change: Callable[[Picture | Audio | SignVideo], dict[str, str]]
) -> StationContent:
    audio, film = text.audio, text.sign_video
    return replace(
        text,
        pictures=tuple(replace(one, **change(one)) for one in text.pictures),
        audio=audio and replace(audio, **change(audio)),
        sign_video=film and replace(film, **change(film)),
    )
