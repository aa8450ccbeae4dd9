"""`digitalpfad figures revise`: a closed month published anew by hand, for a reason; `figures undo` takes it back."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, record, say
from digitalpfad.config import settings
from digitalpfad.noting import account, note
from geodata.errors import InvalidInput, NotFound
from geodata.figures.publishing import revision
from geodata.figures.publishing.revised_day import RevisedAs
from geodata.figures.publishing.revision import Revised
from geodata.figures.rebuild import judge_undo
from geodata.messages.message import counted, message
from geodata.model.municipality import Publishing
from geodata.store.figures import periods, revisions
from geodata.store.transaction import Transaction
from geodata.text.broken import is_line
from geodata.vocabulary.audit import Action

LONGEST_REASON = 500
_EACH, _LAST = 10, 21
_NAMED = 5
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

    What is hidden stays hidden; where a counter hung elsewhere, its figures go. A day whose new figures, beside the old
    ones, would tell a hidden one stays as it is, and is named.
    """
    check_reason(reason)
    first = _month(month)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        publishes = _publishing(connection, slug)
        with connection.transaction(force_rollback=dry_run):
            tell = _hear if as_json else partial(_tell, slug)
            done = revision.revise(connection, publishes, first, by=account(), reason=reason, tell=tell)
            note(connection, Action.FIGURES_REVISE, f"{slug}: {month}")
    if as_json:
        answer_json(record(done))
        return
    _say_what(done, dry_run=dry_run)
    _say_why(done)


def _say_what(done: Revised, *, dry_run: bool) -> None:
    """How many days changed and how many could not, or would."""
    if dry_run:
        stay = counted("{count} would stay as it was", "{count} would stay as they were", count=done.stay)
        say(
            counted(
                "{count} day of a trail would be other than before, {stay}; nothing is written.",
                "{count} days of trails would be other than before, {stay}; nothing is written.",
                count=done.changed, stay=stay,
            )
        )  # fmt: skip
        return
    stay = counted("{count} stays as it was", "{count} stay as they were", count=done.stay)
    say(
        counted(
            "{count} day of a trail is other than before, {stay}; entry {entry} of the log.",
            "{count} days of trails are other than before, {stay}; entry {entry} of the log.",
            count=done.changed, stay=stay, entry=done.entry,
        )
    )  # fmt: skip


def undo(connection: Transaction, slug: str, entry: int, reason: str) -> int:
    """Take a revision back; return the number of the new entry. Raises NotFound, InvalidInput, FiguresOpened."""
    judge_undo(connection, entry, revisions.later_over(connection, entry))
    return revision.undo(connection, _publishing(connection, slug), entry, by=account(), reason=reason)


def check_reason(reason: str) -> None:
    """Raise InvalidInput for a reason that the log cannot keep."""
    if not is_line(reason, LONGEST_REASON):
        raise InvalidInput("--reason", reason, message("one line of at most {most} characters", most=LONGEST_REASON))


def _hear(_: date) -> None:
    """Nothing is said."""


def _tell(slug: str, day: date) -> None:
    """How far it is, three times a month."""
    if day.day % _EACH == 1 and day.day <= _LAST:
        say(message("{town}, from {day} on …", town=slug, day=f"{day:%Y-%m-%d}"))


def _say_why(done: Revised) -> None:
    """Why days stay as they were, and which: the first of them."""
    if done.same:
        say(message("Of {same} days of trails nothing other is known.", same=done.same))
    for why in (RevisedAs.SMALL, RevisedAs.TELLS):
        kept = [f"{each.trail} {each.day:%Y-%m-%d} ({each.measure})" for each in done.kept if each.why is why]
        if kept:
            which = ", ".join(kept[:_NAMED]) + (" …" if len(kept) > _NAMED else "")
            say(_why(why, len(kept), which))


def _why(why: RevisedAs, number: int, which: str) -> str:
    if why is RevisedAs.SMALL:
        return message("{number} stay, as a figure that is shown would be small: {which}.", number=number, which=which)
    tells = "{number} stay, as beside the figures of before the new ones would tell a hidden one: {which}."
    return message(tells, number=number, which=which)


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
