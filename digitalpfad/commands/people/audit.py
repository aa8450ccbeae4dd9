"""`digitalpfad audit`: who signed in, failed to, and changed what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, answer_table, record
from digitalpfad.config import settings
from geodata.messages.message import phrase
from geodata.store.access import audit

group = typer.Typer(no_args_is_help=True, help="Who signed in, failed to, and changed what.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="audit")


@group.callback()
def _group() -> None:
    """Who signed in, failed to, and changed what."""


@group.command("list")
def list_entries(
    *,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Only from then on; UTC.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 100,
    as_json: Json = False,
) -> None:
    """List the audit log, the newest first. Refusals of one person, action and hour are one entry."""
    present, _ = settings.load()
    after = None if since is None else since.replace(tzinfo=UTC)
    with services.open_database(present) as database, database.transaction() as connection:
        entries = audit.newest(connection, limit, since=after)
    if as_json:
        answer_json([{**record(entry), "actor": entry.actor or None} for entry in entries])
        return
    answer_table(
        ("time (UTC)", "origin", "who", "action", "object", "outcome", "times", "last (UTC)"),
        [
            (entry.at, phrase(entry.origin), entry.actor or None, phrase(entry.action), entry.object,
             phrase(entry.outcome), entry.count, entry.last_at if entry.count > 1 else None)
            for entry in entries
        ],
        "The audit log has no such entry.",
    )  # fmt: skip
