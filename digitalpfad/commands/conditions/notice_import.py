"""`digitalpfad notice import|export|remove`: rules by which a trail's sensors become notices, as a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import answer_table, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.bundle import json_rows, notice_rows
from geodata.bundle.notice_rows import NoticeRow, notice_rules
from geodata.conditions.notices import NoticeRule
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import counted, message, phrase
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
    rows = json_rows.decode(file, list[NoticeRow])
    with services.open_database(present) as database, database.transaction() as connection:
        stored = catalogue.load(connection)
        rules = _rules(rows, stored, trail)
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


def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, metavar="FILE", help="JSON, as `notice import` reads it.")],
    trail: Annotated[str, typer.Option(metavar="TRAIL", help="Whose rules.")],
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file where there is one.")] = False,
) -> None:
    """Write the rules of a trail into a file: to change them, to keep them, to take them to another trail."""
    if file.exists() and not overwrite:
        raise InvalidInput("FILE", str(file), "a file that is not there yet", "--overwrite replaces it.")
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


def _rules(rows: list[NoticeRow], stored: Catalogue, slug: str) -> tuple[NoticeRule, ...]:
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
    rules = notice_rules(rows, trail, stations, measured)
    for rule in rules:
        other = stored.notice_rules.get(rule.id)
        if other is not None and other.trail != slug:
            expected = message("an id that no rule of another trail has ({trail} has it)", trail=other.trail)
            raise InvalidInput("id", rule.id, expected, "Begin it with the trail's name.")
    return tuple(replace(rule, observed_property=named[rule.observed_property].id) for rule in rules)


def _what(rule: NoticeRule, stored: Catalogue) -> str:
    before = stored.notice_rules.get(rule.id)
    if before is None:
        return phrase("new")
    return phrase("unchanged") if before == rule else phrase("changed")


def _is_measured(rule: NoticeRule, stored: Catalogue) -> bool:
    return any(
        stream.device == rule.device and stream.observed_property == rule.observed_property
        for stream in stored.datastreams.values()
    )
