"""`digitalpfad count`: people counted by hand beside a counter, and the factor that follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import typer

from digitalpfad import services
from digitalpfad.commands.given_text import LONGEST_NAME, one_line
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import account, note
from geodata.errors import InvalidInput
from geodata.figures.by_hand import calibrations, count_sessions
from geodata.figures.by_hand.calibrations import CounterCalibration
from geodata.messages.message import message, phrase
from geodata.model.counting.count_session import CountDraft, CountSession
from geodata.model.counting.counter import Direction
from geodata.store.counting import mountings, sessions
from geodata.store.devices import device_status
from geodata.text import localtime
from geodata.vocabulary.audit import Action

_WAYS = {
    Direction.IN: phrase("inwards"),
    Direction.OUT: phrase("outwards"),
    Direction.BOTH: phrase("both together"),
}
_LONGEST_NOTE = 500

group = typer.Typer(no_args_is_help=True, help="People counted by hand beside a counter.")

Counter = Annotated[str, typer.Argument(metavar="DEVICE", help="The counter beside which people were counted.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="count")


@group.callback()
def _group() -> None:
    """People counted by hand beside a counter, and the factor that follows."""


@group.command("add")
def add(  # noqa: PLR0913 - one parameter per option of the command
    device: Counter,
    *,
    begin: Annotated[str, typer.Option("--from", metavar="TIME", help="When it began, such as 2026-05-02T14:00.")],
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="When it ended.")],
    inwards: Annotated[int | None, typer.Option("--in", metavar="PEOPLE", help="Seen on the way in.")] = None,
    outwards: Annotated[int | None, typer.Option("--out", metavar="PEOPLE", help="Seen on the way out.")] = None,
    both: Annotated[
        int | None, typer.Option("--both", metavar="PEOPLE", help="Instead: seen in either direction.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who counted, if not who types this.")] = None,
    text: Annotated[str, typer.Option("--note", metavar="TEXT", help="Such as the weather or a large group.")] = "",
    as_json: Json = False,
) -> None:
    """Keep a session in which everybody was counted for half an hour or more, beside what the counter counted."""
    present, _ = settings.load()
    seen = {Direction.IN: inwards, Direction.OUT: outwards, Direction.BOTH: both}
    if all(people is None for people in seen.values()):
        raise InvalidInput("--in, --out or --both", None, "how many passed, 0 where nobody did")
    with services.open_database(present) as database, database.transaction() as connection:
        zone = ZoneInfo(device_status.timezone_of(connection, device))
        draft = CountDraft(
            id=uuid4(), device=device, started_at=localtime.parse("--from", begin, zone),
            ended_at=localtime.parse("--to", end, zone, later=True),
            counted_by=one_line("--by", by or account(), LONGEST_NAME),
            note=one_line("--note", text, _LONGEST_NOTE, may_be_empty=True),
            seen={direction: people for direction, people in seen.items() if people is not None},
        )  # fmt: skip
        kept = count_sessions.keep(connection, draft, datetime.now(UTC)).session
        note(connection, Action.COUNT_SESSION_ADD, f"{device} {kept.id}")
    if as_json:
        answer_json(_record(kept))
        return
    for tally in kept.tallies:
        _say_tally(_WAYS[tally.direction], tally.seen, tally.counted)


@group.command("list")
def list_sessions(device: Counter, *, as_json: Json = False) -> None:
    """List the sessions beside a counter, the newest first."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        device_status.find(connection, device)  # raises for a device that is not there
        found = sessions.of_device(connection, device)
    if as_json:
        answer_json([_record(session) for session in found])
        return
    rows = [row for session in found for row in _rows(session)]
    columns = ("id", "began (UTC)", "ended (UTC)", "direction", "seen", "counted", "by", "note")
    answer_table(columns, rows, "Nobody has counted beside it yet.")


@group.command("factors")
def list_factors(*, as_json: Json = False) -> None:
    """List what is known of each counter that hangs somewhere: people for each pass, with the interval at 95 %."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        hanging = groupby(mountings.hanging(connection, datetime.now(UTC)), lambda channel: channel.mounting)
        found = [
            (mounting.device, known) for mounting, _ in hanging
            for known in calibrations.of_mounting(connection, mounting.id).values()
        ]  # fmt: skip
    if as_json:
        answer_json([{"device": device, **record(known)} for device, known in found])
        return
    columns = ("device", "direction", "factor", "from", "to", "sessions", "people", "loses more in crowds")
    answer_table(columns, [_factor_row(device, known) for device, known in found], "No counter hangs anywhere.")


@group.command("delete")
def delete(session: Annotated[UUID, typer.Argument(metavar="ID")]) -> None:
    """Delete a session in which somebody lost count."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        there = sessions.find(connection, session)
        count_sessions.delete(connection, session)
        note(connection, Action.COUNT_SESSION_DELETE, f"{there.device if there else ''} {session}")
    say(message("The session {id} is deleted.", id=str(session)))


def _record(session: CountSession) -> dict[str, object]:
    return {**record(session), "id": str(session.id)}


def _say_tally(way: str, seen: int, counted: float | None) -> None:
    if counted is None:
        say(message("{way}: {seen} seen, the counter has not said yet how many it counted.", way=way, seen=seen))
    else:
        say(message("{way}: {seen} seen, {counted:.0f} counted.", way=way, seen=seen, counted=counted))


def _rows(session: CountSession) -> Sequence[tuple[object, ...]]:
    return [
        (session.id, session.started_at, session.ended_at, _WAYS[tally.direction], tally.seen,
         None if tally.counted is None else round(tally.counted, 1), session.counted_by, session.note)
        for tally in session.tallies
    ]  # fmt: skip


def _factor_row(device: str, known: CounterCalibration) -> tuple[object, ...]:
    calibration = known.calibration
    factor = calibration.factor
    numbers = (f"{factor.value:.2f}", f"{factor.low:.2f}", f"{factor.high:.2f}") if factor else (None, None, None)
    crowds = phrase("yes") if known.is_non_linear else None
    return (device, _WAYS[known.direction], *numbers, calibration.sessions, calibration.people, crowds)
