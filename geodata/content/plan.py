"""A folder of texts beside what is stored: what an import would do, and what forbids it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.content.checks import Placed, StoredText, check_text, check_together
from geodata.content.folder import StationFolder
from geodata.content.plain import checked
from geodata.content.text_file import TextFile
from geodata.content.versions import Effect, Slot, State, Text, effect
from geodata.facts.changes import TableSteps
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding, Severity
from geodata.messages.message import Message, message, phrase
from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.vocabulary import codes

KEPT = "not in the folder"
_NO_TABLES = TableSteps()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentStep:
    """What happens to one text; ``number`` is the station's, 0 for the trail's own; ``file`` is empty without one."""

    slot: Slot
    number: int
    effect: Effect | None
    text: Text | None
    file: str = ""

    @property
    def what(self) -> Message:
        """What happens, in a word or two."""
        return phrase(KEPT if self.effect is None else self.effect.value)

    @property
    def title(self) -> str:
        """What the text is called."""
        if self.text is None:
            return ""
        return self.text.title if isinstance(self.text, StationContent) else self.text.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPlan:
    """All steps of an import, and what was found."""

    trail: str
    publish: bool
    steps: tuple[ContentStep, ...]
    findings: tuple[Finding, ...]
    tables: TableSteps = _NO_TABLES
    """What the tables of facts change, which lie beside the texts; they are written with ``publish`` only."""

    @property
    def refused(self) -> bool:
        """Whether there is an error: then nothing is written."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What to do with a folder: ``publish`` its texts or keep them as drafts; ``end_missing`` those it lacks."""

    trail: str
    publish: bool
    end_missing: bool = False


def make(
    options: ImportOptions,
    folders: Iterable[StationFolder],
    stations: Sequence[Station],
    states: Mapping[Slot, State],
    findings: TextFindings,
    tables: TableSteps = _NO_TABLES,
) -> ContentPlan:
    """Compare; ``stations``: those of the trail, ``findings``: those of reading, ``tables``: what they change."""
    steps: list[ContentStep] = []
    owned: dict[str, str] = {}
    for folder in folders:
        station = None if folder.is_trail else _station(folder, stations, findings)
        if station is None and not folder.is_trail:
            continue
        owner = station.code if station else options.trail
        if owner in owned:
            expected = message("one folder for station {station}", station=owner)
            hint = message("Merge it with {folder}.", folder=owned[owner])
            findings.error("two-folders", folder.name, folder.name, expected, hint)
            continue
        owned[owner] = folder.name
        number = station.number if station else 0
        folder = _with_checks_tied(folder, owner, states)  # noqa: PLW2901 - from here on as it would be saved
        steps += (own := list(_steps(options, folder, owner, number, states)))
        _say_drafts_replaced(own, states, findings)
        _check_for_publication(options, folder, owner, states, findings)
    return ContentPlan(
        trail=options.trail, publish=options.publish, steps=tuple(steps), findings=tuple(findings.found), tables=tables
    )


def _with_checks_tied(folder: StationFolder, owner: str, states: Mapping[Slot, State]) -> StationFolder:
    """The folder with each text's check tied to the words that were checked, as saving does it."""
    return replace(folder, texts=tuple(replace(file, text=_tied(file.text, owner, states)) for file in folder.texts))


def _tied(text: Text, owner: str, states: Mapping[Slot, State]) -> Text:
    state = states.get(Slot.of(owner, text))
    return checked.tied(text, state.plain if state else ())


def _station(folder: StationFolder, stations: Sequence[Station], findings: TextFindings) -> Station | None:
    if folder.code:
        by_code = {station.code: station for station in stations}
        if folder.code in by_code:
            return by_code[folder.code]
        near = codes.nearest(folder.code, by_code)
        hint = (
            message("Did you mean {name}?", name=near[0])
            if near
            else message("{action[station list]} shows the codes of all stations.")
        )
        findings.error("station-unknown", folder.name, folder.code, "the code of a station of this trail", hint)
        return None
    live = {station.number: station for station in stations if station.retired_at is None}
    if folder.number is None:
        return None  # said by the reader
    if folder.number not in live:
        numbers = ", ".join(map(str, sorted(live))) or phrase("none")
        expected = message("the number of a station of this trail ({numbers})", numbers=numbers)
        hint = message("Rename the folder, or {action[station add]} the station first.")
        findings.error("station-unknown", folder.name, str(folder.number), expected, hint)
    return live.get(folder.number)


def _steps(
    options: ImportOptions, folder: StationFolder, owner: str, number: int, states: Mapping[Slot, State]
) -> Iterator[ContentStep]:
    files = {Slot.of(owner, file.text): file for file in folder.texts}
    for slot, file in files.items():
        does = effect(states.get(slot), file.text, publish=options.publish)
        yield ContentStep(slot=slot, number=number, effect=does, text=file.text, file=file.file)
    for slot, text in _stored(owner, states, publish=options.publish).items():
        if slot not in files:
            yield ContentStep(slot=slot, number=number, effect=Effect.END if options.end_missing else None, text=text)


def _say_drafts_replaced(steps: Iterable[ContentStep], states: Mapping[Slot, State], findings: TextFindings) -> None:
    """A draft that waits is not lost under a newer text, but easily overlooked: two classes may work on one station."""
    for step in steps:
        draft = states[step.slot].draft if step.slot in states else None
        if draft is not None and step.effect in {Effect.NEW, Effect.CHANGE, Effect.END}:
            waits = message("version {number} by {author}", number=draft.number, author=draft.saved_by)
            place = step.file or f"{draft.slot.station or draft.slot.trail}, {draft.slot.name}"
            hint = message(
                "Publish it first, or leave this file out of the folder; {action[content history]} keeps both."
            )
            findings.warn("draft-replaced", place, waits, "no draft that waits", hint)


def _stored(owner: str, states: Mapping[Slot, State], *, publish: bool) -> dict[Slot, Text]:
    """What is shown of a station or trail; of drafts, the newest."""
    stored: dict[Slot, Text] = {}
    for slot, state in states.items():
        version = state.shown if publish else state.newest
        if owner in {slot.station, slot.trail} and version is not None and version.text is not None:
            stored[slot] = version.text
    return stored


def _check_for_publication(
    options: ImportOptions, folder: StationFolder, owner: str, states: Mapping[Slot, State], findings: TextFindings
) -> None:
    """The publication checks; what a draft lacks is only a warning."""
    checked = TextFindings()
    for file in folder.texts:
        check_text(file, checked)
    files: list[TextFile] = list(folder.texts)
    slots = {Slot.of(owner, file.text) for file in files}
    rest = {} if options.end_missing else _stored(owner, states, publish=options.publish)
    others = [StoredText(text, f"{owner}, {slot.name}") for slot, text in rest.items() if slot not in slots]
    together: list[Placed] = [*others, *files]
    check_together(together, folder.name, checked)
    findings.found += checked.found if options.publish else [finding.as_warning() for finding in checked.found]
