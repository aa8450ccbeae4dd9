"""A trail's texts from a folder of Markdown files into the database, and out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from geodata.actions import content_facts
from geodata.content import folder, plan, writing
from geodata.content.media_references import pointed_at_held, with_names_of_their_own
from geodata.content.plan import ContentPlan, ImportOptions
from geodata.content.versions import Author, Effect, Text
from geodata.errors import InvalidInput, NotFound
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding
from geodata.media.files import MediaFile
from geodata.media.prepare import prepare
from geodata.media.renditions import Prepared
from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.catalogue import content_versions, media
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from geodata.store.transaction import Transaction


def import_folder(
    connection: Transaction, source: Traversable, options: ImportOptions, author: Author, *, dry_run: bool = False
) -> ContentPlan:
    """Plan the import of a folder and carry it out as a whole, unless an error forbids it or it is a ``dry_run``.

    Works in the caller's transaction. Raises NotFound where there is no such trail.
    """
    content_versions.lock(connection)  # before anything is read: what is compared is what is written over
    trail = _known_trail(connection, options.trail)
    stations = _stations_of(connection, options.trail)
    findings = TextFindings()
    folders = folder.read(source, findings)
    facts = content_facts.read(folders, trail, findings)
    tables = content_facts.compare(connection, trail.slug, facts, findings, is_written=options.publish)
    content_facts.warn_of_gaps(connection, trail, stations, facts, findings)
    if not options.publish:
        content_facts.tell_only_checked(facts, findings)
    files = {key: file for station_folder in folders for key, file in station_folder.media.items()}
    stored_media = media.stored_ids(connection, files.keys())
    held = media.held_as(connection, files.keys() - stored_media)
    # also for a dry run: only preparing tells whether a file can be used, and that decides the plan
    prepared = list(
        prepare_all([file for key, file in files.items() if key not in stored_media | held.keys()], findings)
    )
    content_plan = plan.make(
        options,
        [pointed_at_held(station_folder, held) for station_folder in folders],
        stations,
        content_versions.states(connection, options.trail),
        findings,
        tables,
    )
    if not content_plan.refused and not dry_run:
        _write(connection, content_plan, prepared, author)
        if content_plan.publish:
            content_facts.write(connection, trail.slug, facts)
    return content_plan


def prepare_all(files: Iterable[MediaFile], findings: TextFindings) -> Iterator[Prepared]:
    """Pictures, recordings and films ready to be served, one at a time; one that cannot be used becomes a finding."""
    for file in files:
        try:
            yield prepare(file)
        except InvalidInput as error:
            findings.found.append(Finding.of("media-unusable", error))


def export_folder(connection: Transaction, trail: str, *, drafts: bool = False) -> dict[PurePosixPath, bytes]:
    """The files that import_folder() reads as the same texts: those shown, or with ``drafts`` the newest."""
    known = _known_trail(connection, trail)
    texts = _texts_by_owner(connection, trail, drafts=drafts)
    stations = [station for station in _stations_of(connection, trail) if station.retired_at is None]
    files = _folder_files(connection, folder.TRAIL, "", texts.get(trail, []))
    for station in stations:
        own = texts.get(station.code, [])
        files |= _folder_files(connection, _folder_name(station, own), station.code, own)
    return files | content_facts.export(connection, known)


def _known_trail(connection: Transaction, slug: str) -> Trail:
    trail = load_trails(connection, [slug]).get(slug)
    if trail is None:
        raise NotFound("trail", slug)
    return trail


def _write(connection: Transaction, content_plan: ContentPlan, prepared: Iterable[Prepared], author: Author) -> None:
    for medium in prepared:  # first: a text refers to them
        media.save(connection, medium)
    for step in content_plan.steps:
        if step.effect not in {None, Effect.NOTHING}:
            text = None if step.effect is Effect.END else step.text
            content_versions.save(connection, step.slot, text, author, publish=content_plan.publish)


def _stations_of(connection: Transaction, trail: str) -> list[Station]:
    return [station for station in load_stations(connection).values() if station.trail == trail]


def _texts_by_owner(connection: Transaction, trail: str, *, drafts: bool) -> dict[str, list[Text]]:
    """The texts to export by the slug of the trail or the code of the station that they belong to."""
    texts: dict[str, list[Text]] = {}
    for slot, state in content_versions.states(connection, trail).items():
        version = state.newest if drafts else state.shown
        if version is not None and version.text is not None:
            texts.setdefault(slot.station or slot.trail, []).append(version.text)
    return texts


def _folder_files(connection: Transaction, name: str, code: str, texts: Iterable[Text]) -> dict[PurePosixPath, bytes]:
    """A folder's texts and the media that they show; ``code`` is written into the texts of a station."""
    names: dict[str, str] = {}
    files = {
        PurePosixPath(name, writing.file_name(text)): writing.write(
            with_names_of_their_own(text, names), code if isinstance(text, StationContent) else ""
        ).encode()
        for text in texts
    }
    return files | {PurePosixPath(name, file): media.best(connection, medium) for file, medium in names.items()}


def _folder_name(station: Station, texts: Iterable[Text]) -> str:
    titles = (text.title for text in texts if isinstance(text, StationContent) and writing.file_name(text) == "de.md")
    return writing.folder_name(station.number, next(titles, ""))
