"""Answers of `digitalpfad content`: for people as tables and sentences, for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from digitalpfad.commands import facts_output
from digitalpfad.commands.content.findings_output import say_all
from digitalpfad.commands.output import answer_json, answer_table, hint, say
from geodata.content.folder import StationFolder
from geodata.content.plan import ContentPlan
from geodata.content.versions import Effect, Slot, State, Version
from geodata.facts import places, sections, wording
from geodata.facts.changes import Fate, TableSteps
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding, Severity
from geodata.messages.message import Message, counted, followed_by, message, phrase
from geodata.model.content import StationContent
from geodata.vocabulary.languages import VARIANTS

REFUSED = "Refused: nothing was changed."
_SAID = {Severity.HINT: phrase("hint, not a check")}
"""Severities that are more than their name on a terminal."""


def say_findings(findings: Iterable[Finding]) -> None:
    """One line each on stderr: severity, reason, sentence."""
    say_all(
        (
            (finding.severity, finding.reason),
            message(
                "{severity} [{reason}] {sentence}",
                severity=_SAID.get(finding.severity) or phrase(finding.severity),
                reason=finding.reason,
                sentence=finding.whole,
            ),
        )
        for finding in findings
    )


def answer_check(folders: Sequence[StationFolder], findings: TextFindings, *, as_json: bool) -> None:
    """What a folder holds, and all that is wrong in it."""
    texts = sum(len(folder.texts) for folder in folders)
    if as_json:
        answer_json({"texts": texts, "findings": [_finding(finding) for finding in findings.found]})
        return
    rows = [(folder.name, ", ".join(text.file.rpartition("/")[2] for text in folder.texts)) for folder in folders]
    answer_table(("folder", "texts"), rows, "There are no texts.")
    say_findings(findings.found)
    hints = sum(finding.severity is Severity.HINT for finding in findings.found)
    if hints:
        say(_hints(hints))
    errors = len(findings.errors)
    say(
        message(
            "{texts}, {errors}, {warnings}.",
            texts=_texts(texts),
            errors=counted("{count} error", "{count} errors", count=errors),
            warnings=counted("{count} warning", "{count} warnings", count=len(findings.found) - errors - hints),
        )
    )


def answer_plan(plan: ContentPlan, *, dry_run: bool, as_json: bool) -> None:
    """The plan on stdout, findings and outcome on stderr; in JSON all of it on stdout."""
    outcome = "refused" if plan.refused else "planned" if dry_run else "done"
    if as_json:
        texts = [
            {**_slot(step.slot), "number": step.number, "change": step.what, "title": step.title, "file": step.file}
            for step in plan.steps
        ]
        findings = [_finding(finding) for finding in plan.findings]
        answer = {"outcome": outcome, "trail": plan.trail, "publish": plan.publish}
        answer_json({**answer, "texts": texts, **_tables(plan.tables), "findings": findings})
        return
    rows: list[tuple[object, ...]] = [
        (step.number or phrase("trail"), step.slot.station or step.slot.trail, step.slot.name, step.what, step.title)
        for step in plan.steps
    ]
    rows += _table_rows(plan)
    answer_table(("number", "of", "text", "what happens", "title"), rows, "There are no texts.")
    say_findings(plan.findings)
    changes = sum(step.effect not in {None, Effect.NOTHING} for step in plan.steps)
    tables = [] if outcome == "refused" or not plan.publish else _tables_outcome(plan.tables)
    say(followed_by(_outcome(outcome, changes, publish=plan.publish), *tables))


def _outcome(outcome: str, changes: int, *, publish: bool) -> Message:
    if outcome == "refused":
        return phrase(REFUSED)
    if outcome == "planned":
        wanted = (
            counted("{count} text would be shown.", "{count} texts would be shown.", count=changes)
            if publish
            else counted(
                "{count} text would be kept as a draft.", "{count} texts would be kept as drafts.", count=changes
            )
        )
        return message("Nothing was changed (--dry-run). {wanted}", wanted=wanted)
    if publish:
        return counted("Done: {count} text is shown.", "Done: {count} texts are shown.", count=changes)
    return counted("Done: {count} text is kept as a draft.", "Done: {count} texts are kept as drafts.", count=changes)


def _tables(tables: TableSteps) -> dict[str, object]:
    """For programs: null where there is no table of that sort."""
    return {
        "places": None if tables.places is None else [facts_output.place_record(step) for step in tables.places],
        "stretches": None if tables.stretches is None else facts_output.stretches_record(tables.stretches),
    }


def _table_rows(plan: ContentPlan) -> list[tuple[object, ...]]:
    """A row for each place that a table changes, one for a table that changes none, one for the stretches."""
    tables, own = plan.tables, (phrase("trail"), plan.trail)
    rows: list[tuple[object, ...]] = []
    if not plan.publish:
        checked = [(places.FILE, tables.places), (sections.FILE, tables.stretches)]
        return [(*own, file, phrase("only checked"), "") for file, steps in checked if steps is not None]
    if tables.places is not None:
        rows += [
            (*own, places.FILE, facts_output.what_happens(step), wording.called(step.place))
            for step in tables.places
            if step.fate is not Fate.UNCHANGED
        ] or [(*own, places.FILE, phrase("unchanged"), facts_output.places_summary(tables.places))]
    if tables.stretches is not None:
        summary = facts_output.stretches_summary(tables.stretches)
        rows.append((*own, sections.FILE, facts_output.fate(tables.stretches.fate), summary))
    return rows


def _tables_outcome(tables: TableSteps) -> list[Message]:
    """What the tables bring, a sentence each; they have no drafts."""
    said: list[Message] = []
    if tables.places is not None:
        said.append(message("Places: {changes}.", changes=facts_output.places_summary(tables.places) or phrase("none")))
    if tables.stretches is not None:
        summary = facts_output.stretches_summary(tables.stretches)
        said.append(message("Stretches: {changes}.", changes=summary or phrase("none")))
    return said


def _hints(number: int) -> Message:
    return counted(
        "{count} hint for plain language. Whether people understand the text, only readers can say.",
        "{count} hints for plain language. Whether people understand the text, only readers can say.",
        count=number,
    )


def _texts(number: int) -> Message:
    return counted("{count} text", "{count} texts", count=number)


def answer_states(states: Iterable[State], *, as_json: bool) -> None:
    """Where all texts of a trail stand."""
    ordered = sorted(states, key=lambda state: (state.newest.slot.station, _rank(state.newest.slot)))
    if as_json:
        answer_json([_state(state) for state in ordered])
        return
    answer_table(
        ("of", "text", "shown", "draft", "title"),
        [
            (
                state.newest.slot.station or state.newest.slot.trail,
                state.newest.slot.name,
                phrase("ended") if state.shown and state.shown.text is None else state.shown and state.shown.number,
                state.draft and state.draft.number,
                _title(state.newest),
            )
            for state in ordered
        ],
        "There are no texts.",
    )


def answer_history(versions: Sequence[Version], *, as_json: bool) -> None:
    """Versions, the newest of each text last."""
    ordered = sorted(versions, key=lambda version: (_rank(version.slot), version.number))
    if as_json:
        answer_json([_version(version) for version in ordered])
        return
    answer_table(
        ("text", "version", "saved (UTC)", "by", "published (UTC)", "by", "title", "note"),
        [
            (
                version.slot.name,
                version.number,
                version.saved_at,
                version.saved_by,
                version.published_at or phrase("draft"),
                version.published_by,
                _title(version),
                version.note,
            )
            for version in ordered
        ],
        "There are no versions.",
    )


def answer_version(version: Version) -> None:
    """One version with its whole text."""
    answer_json({**_version(version), "content": msgspec.to_builtins(version.text)})


def _state(state: State) -> dict[str, object]:
    return {
        **_slot(state.newest.slot),
        "title": _title(state.newest),
        "shown": state.shown and state.shown.number,
        "ended": state.shown is not None and state.shown.text is None,
        "draft": state.draft and state.draft.number,
    }


def _version(version: Version) -> dict[str, object]:
    return {
        **_slot(version.slot),
        "version": version.number,
        "title": _title(version),
        "saved_at": version.saved_at,
        "saved_by": version.saved_by,
        "published_at": version.published_at,
        "published_by": version.published_by,
        "note": version.note,
    }


def _slot(slot: Slot) -> dict[str, object]:
    return {
        "station": slot.station or None,
        "trail": slot.trail or None,
        "variant": slot.variant,
        "season": slot.season or None,
    }


def _rank(slot: Slot) -> tuple[int, str]:
    return (VARIANTS.index(slot.variant) if slot.variant in VARIANTS else len(VARIANTS), slot.season)


def _title(version: Version) -> str:
    if version.text is None:
        return phrase("(ended)")
    return version.text.title if isinstance(version.text, StationContent) else version.text.name


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "reason": finding.reason,
        "place": finding.place,
        "value": finding.value,
        "expected": finding.expected,
        **hint(finding.hint),
    }
