"""`digitalpfad maintenance`: pages that say until when the system is being worked on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from digitalpfad.commands.output import Json, answer_json, say
from digitalpfad.config import settings
from digitalpfad.data_directory import maintenance
from digitalpfad.data_directory.folder import DataDir
from geodata.errors import InvalidInput
from geodata.messages.message import Message, message, phrase
from geodata.model.municipality import DEFAULT_TIMEZONE
from geodata.text import localtime

group = typer.Typer(no_args_is_help=True, help="Pages that say until when the system is being worked on.")
_ZONE = ZoneInfo(DEFAULT_TIMEZONE)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="maintenance")


@group.command("on")
def on(
    *, until: Annotated[str, typer.Option(help=f"When it should be over, such as 2026-11-23T08:00 ({_ZONE}).")] = ""
) -> None:
    """Begin: pages and interface answer 503 and say until when; staff pages and legal pages stay. Needs no database."""
    moment = localtime.parse("--until", until, _ZONE, later=True) if until else None
    if moment is not None and moment <= datetime.now(UTC):
        raise InvalidInput("--until", until, "a time that is still to come")
    maintenance.begin(_data(), moment)
    say(_said(moment))


@group.command("off")
def off() -> None:
    """End it: all pages are as always within a second or two."""
    was_on = maintenance.present(_data()) is not None
    maintenance.end(_data())
    say(phrase("Pages are shown again.") if was_on else phrase("There was no maintenance."))


@group.command("show")
def show(*, as_json: Json = False) -> None:
    """Say whether there is maintenance, and until when."""
    present = maintenance.present(_data())
    if as_json:
        answer_json({"is_on": present is not None, "until": present and present.until})
    else:
        say(_said(present.until) if present else phrase("There is no maintenance."))


def _said(until: datetime | None) -> Message:
    if until is None:
        return phrase("Pages say that the system is being worked on. '--until' would tell people how long.")
    when = localtime.formatted(until, _ZONE, "")
    return message("Pages say that the system is being worked on until {when} ({zone}).", when=when, zone=str(_ZONE))


def _data() -> DataDir:
    present, _ = settings.load()
    return DataDir.at(present.data_dir)
