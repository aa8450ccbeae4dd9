"""`digitalpfad figures revise`: a closed month published anew by hand, for a reason; `figures undo` takes it back."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, record, say
from digitalpfad.config import settings
from digitalpfad.noting import account, note
from geodata.errors import InvalidInput, NotFound
from geodata.figures.publishing import revision
from geodata.figures.rebuild import judge_undo
from geodata.messages.message import message
from geodata.model.municipality import Publishing
from geodata.store.figures import periods, revisions
from geodata.store.transaction import Transaction
from geodata.text.broken import is_line
from geodata.vocabulary.audit import Action

LONGEST_REASON = 500
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it stays in the log.")]


def register(group: typer.Typer) -> None:
    """Add the command to the group `figures`."""
    group.command("revise")(revise)


def revise(
    slug: Annotated[str, typer.Argument(metavar="TOWN", help="Short name of the municipality.")],
    reason: Reason,
    *,
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="The closed month, such as 2026-11.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be, write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Publish a closed month anew from what is known now, such as scans of phones that were offline for weeks.

    What is hidden stays hidden. A day whose new figures, beside the old ones, would tell a hidden one stays as it is.
    """
    check_reason(reason)
    first = _month(month)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        publishes = _publishing(connection, slug)
        with connection.transaction(force_rollback=dry_run):
            done = revision.revise(connection, publishes, first, by=account(), reason=reason)
            note(connection, Action.FIGURES_REVISE, f"{slug}: {month}")
    if as_json:
        answer_json(record(done))
        return
    sentence = "{changed} days of trails are other than before, {stay} stay as they were; entry {entry} of the log."
    would = "{changed} days of trails would be other than before, {stay} would stay as they were; nothing is written."
    given = {"changed": done.changed, "stay": done.stay}
    say(message(would, **given) if dry_run else message(sentence, **given, entry=done.entry))


def undo(connection: Transaction, slug: str, entry: int, reason: str) -> int:
    """Take a revision back; return the number of the new entry. Raises NotFound, InvalidInput, FiguresOpened."""
    judge_undo(connection, entry, revisions.later_over(connection, entry))
    return revision.undo(connection, _publishing(connection, slug), entry, by=account(), reason=reason)


def check_reason(reason: str) -> None:
    """Raise InvalidInput for a reason that the log cannot keep."""
    if not is_line(reason, LONGEST_REASON):
        raise InvalidInput("--reason", reason, message("one line of at most {most} characters", most=LONGEST_REASON))


def _publishing(connection: Transaction, slug: str) -> Publishing:
    for publishes in periods.publishing(connection):
        if publishes.slug == slug:
            return publishes
    raise NotFound("municipality", slug)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InvalidInput("--month", text, "a month such as 2026-11") from None
