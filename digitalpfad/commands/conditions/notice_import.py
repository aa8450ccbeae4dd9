"""`digitalpfad notice import|export|remove`: rules by which a trail's sensors become notices, as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.changes import changes
from digitalpfad.commands.output import answer_table, say
from digitalpfad.commands.output_file import check_free
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.bundle import json_rows, notice_faults, notice_rows
from geodata.bundle.json_rows import repeated
from geodata.bundle.notice_rows import NoticeRow, checked, unknown_names
from geodata.conditions.notices import Level, NoticeRule
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import counted, joined, message, phrase
from geodata.model.observation import by_name
from geodata.store.catalogue import catalogue, notice
from geodata.store.catalogue.catalogue import Catalogue
from geodata.vocabulary.audit import Action


def register(group: typer.Typer) -> None:
    """Add the commands to the group `notice`."""
    group.command("import")(import_rules)
    group.command("export")(export)
    group.command("remove")(remove)


def import_rules(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON as docs/closures-and-notices.md describes it.")],
    trail: Annotated[str, typer.Option(metavar="TRAIL", help="Whose stations and devices the rules name.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it and change nothing.")] = False,
) -> None:
    """Add the rules of a file, or change those that are there; others stay as they are.

    A rule is known by its id. `digitalpfad notice export` writes such a file from the rules that are there.
    """
    present, _ = settings.load()
    rows, torsos, faults = notice_faults.read(file)
    with services.open_database(present) as database, database.transaction() as connection:
        stored = catalogue.load(connection)
        rules, unfit = _rules(rows, torsos, stored, trail)
        _refuse([*faults, *unfit])
        done = [(rule.id, _what(rule, stored)) for rule in rules]
        new = [rule for rule in rules if stored.notice_rules.get(rule.id) != rule]
        if new and not dry_run:
            for rule in new:
                notice.save_rule(connection, rule)
            note(connection, Action.NOTICE_IMPORT, f"{trail}: {', '.join(rule.id for rule in new)}")
    answer_table(("id", "rule"), done, "The file holds no rules.")
    unheard = [rule for rule in rules if not _is_measured(rule, stored)]
    for rule in unheard:
        say(
            message(
                "{device} has not sent {observed_property} yet: until it does, {rule} tells people that nobody knows.",
                device=rule.device,
                observed_property=rule.observed_property,
                rule=rule.id,
            )
        )
    if dry_run:
        say(phrase("Nothing was changed: this was a dry run."))


def _refuse(faults: Sequence[InvalidInput]) -> None:
    """Say all of them; nothing of a file with a fault is taken."""
    if len(faults) == 1:
        raise faults[0]
    for fault in faults:
        say(fault.sentence)
    if faults:
        say(phrase("Nothing was changed: correct these first."))
        raise typer.Exit(2)


def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, metavar="FILE", help="JSON, as `notice import` reads it.")],
    trail: Annotated[str, typer.Option(metavar="TRAIL", help="Whose rules.")],
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file where there is one.")] = False,
) -> None:
    """Write the rules of a trail into a file: to change them, to keep them, to take them to another trail."""
    check_free(file, overwrite=overwrite)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        stored = catalogue.load(connection)
    if trail not in stored.trails:
        raise NotFound("trail", trail)
    rules = [rule for rule in stored.notice_rules.values() if rule.trail == trail]
    numbers = {station.code: station.number for station in stored.stations.values() if station.retired_at is None}
    working = {device.id for device in stored.devices.values() if device.revoked_at is None}
    usable = [rule for rule in rules if rule.device in working and rule.station in {None, *numbers}]
    _write(file, json_rows.encode(notice_rows.rows_of(usable, numbers)))
    for rule in rules:
        if rule not in usable:
            say(message("{rule} is left out: its station is retired or its device revoked.", rule=rule.id))
    say(
        counted(
            "{count} rule of {trail} is written to {file}.",
            "{count} rules of {trail} are written to {file}.",
            count=len(usable),
            trail=trail,
            file=file,
        )
    )


def remove(rule: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Remove a rule, with what people said on it and what it told."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        overrides = notice.remove_rule(connection, rule)
        note(connection, Action.NOTICE_REMOVE, rule)
    say(
        counted(
            "{rule} is removed, with {count} manual override.",
            "{rule} is removed, with {count} manual overrides.",
            count=overrides,
            rule=rule,
        )
    )


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InvalidInput("FILE", str(file), "a file that can be written", f"{error.strerror}.") from error


def _rules(
    rows: list[NoticeRow], torsos: list[NoticeRow], stored: Catalogue, slug: str
) -> tuple[tuple[NoticeRule, ...], list[InvalidInput]]:
    trail = stored.trails.get(slug)
    if trail is None:
        raise NotFound("trail", slug)
    stations = {
        station.number: station
        for station in stored.stations.values()
        if station.trail == slug and station.retired_at is None
    }
    # any property may be sent by a device that is registered: the first value may be still to come
    named = by_name(stored.properties.values())
    measured = {device.id: list(named) for device in stored.devices.values() if device.revoked_at is None}
    rules, faults = checked(rows, trail, stations, measured)
    faults.extend(fault for row in torsos for fault in unknown_names(row, stations, measured))
    faults.extend(repeated("notices.json: id", (row.id for row in [*rows, *torsos])))
    for rule in rules:
        other = stored.notice_rules.get(rule.id)
        if other is not None and other.trail != slug:
            expected = message("an id that no rule of another trail has ({trail} has it)", trail=other.trail)
            faults.append(InvalidInput("id", rule.id, expected, "Begin it with the trail's name."))
    current = [replace(rule, observed_property=named[rule.observed_property].id) for rule in rules]
    return tuple(current), faults


def _what(rule: NoticeRule, stored: Catalogue) -> str:
    before = stored.notice_rules.get(rule.id)
    if before is None:
        return phrase("new")
    if before == rule:
        return phrase("unchanged")
    return joined([phrase("changed"), changes(_fields(before, rule))], ": ")


def _fields(before: NoticeRule, after: NoticeRule) -> Iterator[tuple[str, object, object]]:
    """What a file can say of a rule, by its names there."""
    for name in ("station", "device", "observed_property", "below", "hysteresis", "hold_s", "expires_s"):
        yield name, getattr(before, name), getattr(after, name)
    for level in (Level.CAUTION, Level.WARNING):
        yield level.name.lower(), before.thresholds.get(level), after.thresholds.get(level)
    for variant in {**before.texts, **after.texts}:
        for name in ("caution", "warning", "unknown"):
            old, new = (getattr(texts.get(variant), name, None) for texts in (before.texts, after.texts))
            yield f"texts.{variant}.{name}", old, new


def _is_measured(rule: NoticeRule, stored: Catalogue) -> bool:
    return any(
        stream.device == rule.device and stream.observed_property == rule.observed_property
        for stream in stored.datastreams.values()
    )
