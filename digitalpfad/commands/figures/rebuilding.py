"""`digitalpfad figures rebuild|log|undo`: passes made anew by hand, for a reason, and taken back."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from digitalpfad import services
from digitalpfad.commands.figures import revising
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import account, note
from geodata.actions import edit_station
from geodata.errors import InvalidInput
from geodata.figures.rebuild import Rebuilt, alone
from geodata.figures.rebuild import rebuild as rebuild_passes
from geodata.figures.rebuild import undo as undo_entry
from geodata.messages.message import counted, joined, message
from geodata.store.counting import log, mountings
from geodata.store.devices import device_status
from geodata.store.figures import revisions
from geodata.store.transaction import Transaction
from geodata.text import localtime
from geodata.vocabulary.audit import Action


def register(group: typer.Typer) -> None:
    """Add the commands to the group `figures`."""
    group.command("rebuild")(rebuild)
    group.command("log")(list_log)
    group.command("undo")(undo)


def rebuild(
    reason: revising.Reason,
    *,
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="From here on, such as 2026-11-23T08:00.")],
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="Up to, but not at it.")],
    device: Annotated[str | None, typer.Option(metavar="ID", help="The passes of this counter.")] = None,
    station: Annotated[
        str | None, typer.Option(metavar="CODE", help="Those of all counters that ever hung at this station.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Count passes anew from the hourly values. What stood before is kept, and 'figures undo' brings it back."""
    revising.check_reason(reason)
    present, _ = settings.load()
    with services.open_database(present) as database, alone(database) as connection:
        devices = _devices(connection, device, station)
        zone = ZoneInfo(device_status.timezone_of(connection, devices[0]))
        first, last = localtime.parse("--from", start, zone), localtime.parse("--to", end, zone, later=True)
        if first >= last:
            raise InvalidInput("--to", end, message("a time after {start}", start=start))
        done = rebuild_passes(connection, devices, first, last, by=account(), reason=reason)
        note(connection, Action.FIGURES_REBUILD, str(done.entry))
    _tell(done, as_json=as_json)


def list_log(
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many, the newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List what was made anew by hand: by whom, why, and what has been undone."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        entries = log.load(connection, limit)
    if as_json:
        answer_json([record(entry) for entry in entries])
        return
    answer_table(
        ("id", "time (UTC)", "by", "what", "undoes", "undone by", "hours before", "reason"),
        [
            (entry.id, entry.done_at, entry.done_by, entry.what, entry.undoes, entry.undone_by,
             entry.hours_before, entry.reason)
            for entry in entries
        ],
        "Nothing was made anew by hand.",
    )  # fmt: skip


def undo(
    entry: Annotated[int, typer.Argument(metavar="ID", help="Its number in 'figures log'.")],
    reason: revising.Reason,
    *,
    as_json: Json = False,
) -> None:
    """Put back, bit by bit, what stood before an entry of the log."""
    revising.check_reason(reason)
    present, _ = settings.load()
    with services.open_database(present) as database, alone(database) as connection:
        of = revisions.find(connection, entry)
        if of is None:
            done = undo_entry(connection, entry, by=account(), reason=reason)
        else:
            done = Rebuilt(revising.undo(connection, of.municipality, entry, reason), 0, 0)
        note(connection, Action.FIGURES_UNDO, str(entry))
    _tell(done, as_json=as_json)


def _devices(connection: Transaction, device: str | None, station: str | None) -> list[str]:
    if (device is None) == (station is None):
        given = None if device is None else joined([device, station or ""])
        raise InvalidInput("--device or --station", given, "one of the two")
    if device is not None:
        device_status.find(connection, device)
        found, asked = [device] if mountings.load(connection, device) else [], device
    else:
        asked = edit_station.find_code(connection, station or "")
        found = mountings.devices_at(connection, asked)
    if not found:
        raise InvalidInput(
            "--device or --station", asked, "one with a counter", message("{action[counter list]} shows them.")
        )
    return found


def _tell(done: Rebuilt, *, as_json: bool) -> None:
    if as_json:
        answer_json(record(done))
        return
    channels = counted("{count} channel", "{count} channels", count=done.channels)
    say(
        counted(
            "{count} hour of {channels} is other than before; entry {entry} of the log.",
            "{count} hours of {channels} are other than before; entry {entry} of the log.",
            count=done.changed_hours, channels=channels, entry=done.entry,
        )
    )  # fmt: skip
