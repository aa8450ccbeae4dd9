"""`digitalpfad sign-case`: signs that somebody should look at, as on the staff page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import account, note
from geodata.figures import signs
from geodata.messages.message import counted, followed_by, message, phrase
from geodata.model.counting.sign_case import CaseOutcome, CaseReason
from geodata.store.counting import sign_cases
from geodata.vocabulary.audit import Action

group = typer.Typer(no_args_is_help=True, help="Signs that somebody should look at.")
_REASONS = {CaseReason.SILENT: phrase("nobody scans"), CaseReason.REPORTED: phrase("a visitor told it")}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="sign-case")


@group.command("list")
def list_cases(*, as_json: Json = False) -> None:
    """List the cases that wait, the oldest first."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        cases = sign_cases.open_cases(connection)
    if as_json:
        answer_json([record(case) for case in cases])
        return
    answer_table(
        ("id", "station", "why", "since (UTC)", "passes", "scans", "expected", "reports"),
        [
            (case.id, case.station, _REASONS[case.reason], case.opened_at,
             case.evidence and case.evidence.passes, case.evidence and case.evidence.scans,
             case.evidence and case.evidence.expected, len(case.reports))
            for case in cases
        ],
        "No sign waits for somebody to look.",
    )  # fmt: skip


@group.command("close")
def close(
    case: Annotated[int, typer.Argument(metavar="ID", min=1, help="Its number in 'sign-case list'.")],
    outcome: Annotated[
        CaseOutcome, typer.Argument(help="What was found: changed, where another sign hangs there now.")
    ],
) -> None:
    """Close a case after a visit, and the reports that told of it; the watch over the sign begins anew."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        reports = signs.close(connection, case, outcome, account(), datetime.now(UTC))
        note(connection, Action.SIGN_CASE_CLOSE, f"{case} {outcome}")
    done = counted("{count} report is done with it.", "{count} reports are done with it.", count=reports)
    say(followed_by(message("Case {number} is closed.", number=str(case)), done if reports else ""))
