"""`digitalpfad housekeeping`: what the gateway does every hour, now."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.errors import StoreUnavailable
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.ingest import counters
from geodata.store.operations import retention
from geodata.vocabulary.audit import Action

_DID = {
    "quarantine_replayed": "replayed entries of the quarantine deleted",
    "quarantine_waiting": "waiting entries of the quarantine deleted",
    "throughput_minutes": "minutes of the throughput deleted",
    "receipt_times": "receipt times deleted",
    "audit": "entries of the audit log deleted",
    "scan_receipts": "numbers of late scans forgotten",
    "reports": "reports of visitors deleted",
    "rollup_hours": "hourly values deleted",
    "policies": "change of TimescaleDB's policies",
    "partitions_made": "partitions made",
    "partitions_dropped": "partitions of single observations dropped",
}
_UNSURE = timedelta(minutes=1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("housekeeping")(run)


def run(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    as_json: Json = False,
) -> None:
    """Make partitions ahead of time and delete what is older than the settings keep; the gateway does it every hour."""
    present, _ = settings.load()
    steps = retention.steps(services.retention(present))
    work = retention.dry_run if dry_run else retention.run
    clock = SteadyClock()
    with services.open_database(present) as database:
        with database.transaction() as connection:
            clock.begin_after(counters.last_commit(connection))
            if not dry_run:
                note(connection, Action.HOUSEKEEPING, "")
        done = work(database, steps, clock.surely())
    if done is None:
        raise StoreUnavailable("Another process runs maintenance at this moment: try again in a minute.")
    if (now := clock.surely()) < clock.now() - _UNSURE:
        typer.echo(f"Ages were counted from {now:%Y-%m-%d %H:%M} UTC, when the last message was stored.", err=True)
    if as_json:
        answer_json({**done, "dry_run": dry_run})
        return
    for what, count in done.items():
        if count:
            typer.echo(f"{count} {_DID[what]}")
    if not any(done.values()):
        typer.echo("Everything is in order.", err=True)
    elif dry_run:
        typer.echo("Nothing was changed: this was a dry run.", err=True)
