"""`digitalpfad notice`: manual overrides of what the sensors say of the way."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from digitalpfad import services
from digitalpfad.commands.conditions import notice_import
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.actions import edit_notice
from geodata.conditions.notices import Level, NoticeRule, Override
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message, phrase
from geodata.store.catalogue import catalogue
from geodata.store.catalogue.catalogue import Catalogue
from geodata.text import localtime
from geodata.vocabulary.audit import Action

group = typer.Typer(no_args_is_help=True, help="Notices of what the way is like, and manual overrides of them.")
RuleId = Annotated[str, typer.Argument(metavar="ID")]


class LevelName(StrEnum):
    """What to tell people."""

    NONE = "none"
    CAUTION = "caution"
    WARNING = "warning"


def register(app: typer.Typer) -> None:
    """Add the group."""
    notice_import.register(group)
    app.add_typer(group, name="notice")


@group.command("list")
def list_notices(*, as_json: Json = False) -> None:
    """List the rules: whose values count, from where on, and the manual override of each."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        stored = catalogue.load(connection)
    now = datetime.now(UTC)
    overrides = {
        rule: override for rule, override in stored.overrides.items() if override.since <= now < override.until
    }
    if as_json:
        answer_json([_record(stored, rule, overrides.get(rule)) for rule in stored.notice_rules])
        return
    answer_table(
        ("id", "trail", "station", "device", "measures", "caution", "warning", "set to", "until (UTC)", "by"),
        [
            (
                rule.id,
                rule.trail,
                rule.station or phrase("all"),
                rule.device,
                rule.observed_property,
                _from(rule, Level.CAUTION),
                _from(rule, Level.WARNING),
                *_manual(overrides.get(rule.id)),
            )
            for rule in stored.notice_rules.values()
        ],
        "There are no rules. 'digitalpfad notice import FILE --trail TRAIL' brings some.",
    )


@group.command("set")
def set_notice(
    rule: RuleId,
    level: Annotated[LevelName, typer.Option(help="'none' hides the notice.")],
    until: Annotated[str, typer.Option(help="Such as 2026-11-23T18:00, in the trail's time zone.")],
) -> None:
    """Say it yourself until then, whatever is measured."""
    present, _ = settings.load()
    now = datetime.now(UTC)
    with services.open_database(present) as database, database.transaction() as connection:
        ends = localtime.parse("--until", until, _timezone(catalogue.load(connection), rule), later=True)
        if ends <= now:
            raise InvalidInput("--until", until, "a time to come")
        edit_notice.say(connection, rule, Level[level.name], ends, getpass.getuser(), now)
        note(connection, Action.NOTICE_SET, f"{rule}: {level.value}")
    say(message("{rule} is set to {level}.", rule=rule, level=phrase(level.value)))


@group.command("end")
def end(rule: RuleId) -> None:
    """Let the sensor speak again now."""
    present, _ = settings.load()
    now = datetime.now(UTC)
    with services.open_database(present) as database, database.transaction() as connection:
        edit_notice.listen(connection, rule, getpass.getuser(), now)
        note(connection, Action.NOTICE_END, rule)
    say(message("{rule} follows its sensor.", rule=rule))


def _timezone(stored: Catalogue, rule: str) -> ZoneInfo:
    if rule not in stored.notice_rules:
        raise NotFound("notice", rule)
    return stored.timezone_of(stored.notice_rules[rule].trail)


def _from(rule: NoticeRule, level: Level) -> str | None:
    """From which value on a level is reached, such as ``≥ 30``."""
    return f"{'≤' if rule.below else '≥'} {rule.thresholds[level]:g}" if level in rule.thresholds else None


def _manual(manual: Override | None) -> tuple[object, ...]:
    return (phrase(manual.level.name.lower()), manual.until, manual.by) if manual else (None, None, None)


def _record(stored: Catalogue, rule: str, manual: Override | None) -> dict[str, object]:
    notice_rule, (level, until, by) = stored.notice_rules[rule], _manual(manual)
    return {
        "id": notice_rule.id,
        "trail": notice_rule.trail,
        "station": notice_rule.station,
        "device": notice_rule.device,
        "observed_property": notice_rule.observed_property,
        "below": notice_rule.below,
        "caution": notice_rule.thresholds.get(Level.CAUTION),
        "warning": notice_rule.thresholds.get(Level.WARNING),
        "hysteresis": notice_rule.hysteresis,
        "hold_s": notice_rule.hold_s,
        "expires_s": notice_rule.expires_s,
        "texts": {variant: record(text, frozenset({"variant"})) for variant, text in notice_rule.texts.items()},
        "set_to": level,
        "until": until,
        "by": by,
    }
