"""`digitalpfad quarantine`: what could not be kept, and why."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, answer_table, printable, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from gateway.replaying.replay import Replay, ReplayReport
from geodata.errors import NotFound
from geodata.messages.message import counted, message
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import QuarantineEntry, Selection
from geodata.times import DAY_US
from geodata.vocabulary.audit import Action

group = typer.Typer(no_args_is_help=True, help="Messages that could not be kept, and why.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="quarantine")


Reason = Annotated[str | None, typer.Option(help="Only with this reason.")]
Device = Annotated[str | None, typer.Option(help="Only of this device.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Received then or later; UTC.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Received before then; UTC.")
]


@group.command("list")
def list_entries(
    *,
    reason: Reason = None,
    device: Device = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List what waits in quarantine, the newest first."""
    present, _ = settings.load()
    which = Selection(reason=reason, device=device, since=_utc(since), until=_utc(until))
    with services.open_database(present) as database, database.transaction() as connection:
        entries = quarantine.newest(connection, limit, which)
        if device and not entries and not quarantine.knows_device(connection, device):
            raise NotFound("device", device)
    if as_json:
        answer_json([_record(entry) for entry in entries])
        return
    answer_table(
        ("id", "received (UTC)", "device", "reason", "detail"),
        [(entry.id, entry.received_at, entry.device, entry.reason, _detail(entry)) for entry in entries],
        "Nothing waits in quarantine." if which == Selection() else "Nothing like that waits in quarantine.",
    )


@group.command("show")
def show(entry_id: Annotated[int, typer.Argument(metavar="ID", min=1)], *, as_json: Json = False) -> None:
    """Show one entry with its topic and payload."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        entry = quarantine.find(connection, entry_id)
    if as_json:
        answer_json(_record(entry))
        return
    for name, value in record(entry).items():
        if name == "refusals":
            continue
        text = value.decode("utf-8", errors="backslashreplace") if isinstance(value, bytes) else value
        typer.echo(f"{name:<14} {printable(text)}")
    for refusal in entry.refusals:
        place = f" ({refusal['where']})" if refusal["where"] else ""
        typer.echo(f"• {refusal['reason']}{printable(place)}: {printable(refusal['detail'])}")


@group.command("replay")
def replay_entries(
    *,
    reason: Reason = None,
    device: Device = None,
    entry_id: Annotated[int | None, typer.Option("--id", min=1, help="Only this entry.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would come of it.")] = False,
    as_json: Json = False,
) -> None:
    """Read what waits once more, after a device was registered or a property added.

    What fits now is stored as if it had fitted at once; the rest stays, with the reason that holds now. Exit code 3
    when something stays.
    """
    present, _ = settings.load()
    which = Selection(entry=entry_id, reason=reason, device=device)
    with services.open_database(present) as database:
        if not dry_run:
            with database.transaction() as connection:  # before it begins: it works in many transactions
                note(connection, Action.QUARANTINE_REPLAY, _named(which))
        retention_us = services.retention(present).raw_days * DAY_US
        report = Replay(database, datetime.now(UTC), retention_us, dry_run).run(which)
    if as_json:
        answer_json({**record(report), "dry_run": dry_run})
    else:
        for line in _sentences(report, dry_run=dry_run):
            typer.echo(printable(line))
    raise typer.Exit(3 if report.quarantined else 0)


def _named(which: Selection) -> str:
    """A selection in one line, empty for all that waits."""
    parts = {"id": which.entry, "device": which.device, "reason": which.reason}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value is not None)


def _record(entry: QuarantineEntry) -> dict[str, object]:
    """All of the entry; of a payload that is no text also the very bytes."""
    try:
        entry.payload.decode()
    except UnicodeDecodeError:
        return {**record(entry), "payload_base64": b64encode(entry.payload).decode()}
    return dict(record(entry))


def _detail(entry: QuarantineEntry) -> str:
    more = entry.refused_parts - 1
    return message("{detail} (and {more} more)", detail=entry.detail, more=more) if more else entry.detail


def suggest_replay(waiting: int, option: str) -> None:
    """Say that entries wait which may fit now."""
    if waiting:
        say(
            counted(
                "{count} entry waits in quarantine: 'digitalpfad quarantine replay {option}' stores what fits.",
                "{count} entries wait in quarantine: 'digitalpfad quarantine replay {option}' stores what fits.",
                count=waiting,
                option=option,
            )
        )


def _sentences(report: ReplayReport, *, dry_run: bool) -> list[str]:
    """Each number with its unit: messages, values, and parts of messages."""
    did = (
        counted("Would read {count} message again", "Would read {count} messages again", count=report.entries)
        if dry_run
        else counted("Read {count} message again", "Read {count} messages again", count=report.entries)
    )
    stored = counted("{count} value stored", "{count} values stored", count=report.stored)
    lines: list[str] = [
        message("{did}: {stored}, {duplicates} there already.", did=did, stored=stored, duplicates=report.duplicates)
    ]
    if report.staying:
        parts = sum(report.quarantined.values())
        lines.append(
            message(
                "{messages}, {parts}:",
                messages=counted("{count} message stays", "{count} messages stay", count=report.staying),
                parts=counted("in {count} part", "in {count} parts", count=parts),
            )
        )
    counts = sorted(report.quarantined.items())
    return lines + [
        message("  {reason}: {parts}", reason=reason, parts=counted("{count} part", "{count} parts", count=count))
        for reason, count in counts
    ]


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
