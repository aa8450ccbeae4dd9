"""`digitalpfad counter`: counters of people, where each hangs since when, and what it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from digitalpfad import services
from digitalpfad.commands.figures import counter_table
from digitalpfad.commands.output import Json, answer_json, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note as write_down
from geodata.actions.devices import mounting
from geodata.errors import InvalidInput
from geodata.figures import passes
from geodata.figures.rebuild import alone
from geodata.messages.message import message
from geodata.model.counting.counter import LARGEST_CAPACITY, LARGEST_WIDTH, LEAST_WIDTH, CounterTechnology
from geodata.store.counting import channel_sums, mountings, unmounted
from geodata.store.counting.channel_sums import ChannelSums
from geodata.store.devices import device_status
from geodata.store.transaction import Transaction
from geodata.text import localtime
from geodata.text.broken import is_line
from geodata.times import rfc3339
from geodata.vocabulary.audit import Action

LONGEST_NOTE = 500
DeviceArgument = Annotated[str, typer.Argument(metavar="DEVICE")]
Technology = Annotated[CounterTechnology | None, typer.Option(help="How it sees who passes.")]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="What is to be known of it, such as its height.")]
Width = Annotated[
    int | None,
    typer.Option(min=LEAST_WIDTH, max=LARGEST_WIDTH, help="Bits of its running total, after which it begins at 0."),
]
Capacity = Annotated[
    int | None,
    typer.Option(min=1, max=LARGEST_CAPACITY, help="Passes in an hour that cannot be more; a larger step is none."),
]

group = typer.Typer(no_args_is_help=True, help="Counters of people: where they hang, what they count.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="counter")


@group.command("list")
def list_counters(*, as_json: Json = False) -> None:
    """List the counters that hang somewhere now."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        found = mountings.load_channels(connection)
    channels = [channel for channel in found if channel.mounting.ends_at is None]
    if as_json:
        answer_json([record(channel) for channel in channels])
        return
    counter_table.answer_hanging(channels)


@group.command("show")
def show(device: DeviceArgument, *, as_json: Json = False) -> None:
    """Show where a counter hung since when, and what it counted there: yesterday, in the last 7 days, and in all.

    'figures estimate' names a mounting period by its number.
    """
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        device_status.find(connection, device)
        channels = mountings.load_channels(connection, [device])
        waits = unmounted.waits(connection, device)
        sums = channel_sums.load(connection, [channel.id for channel in channels], datetime.now(UTC))
    if as_json:
        answer_json([{**record(each), "passes": record(sums.get(each.id, ChannelSums()))} for each in channels])
        return
    counter_table.answer_periods(channels, sums, waits=waits)
    if channels and (ends := channels[-1].mounting.ends_at) is not None:
        _say_unheard(device, ends)


def _say_unheard(device: str, ends: datetime) -> None:
    """That it hangs nowhere, and what it has sent since."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        last = mountings.last_reports(connection, [device]).get(device)
    if last is not None and last >= ends:
        say(message("{device} hangs nowhere since {ends}: what it sent until {last} counts nothing."
            " {action[counter mount]} begins a mounting period.", device=device, ends=rfc3339(ends),
            last=rfc3339(last)))  # fmt: skip
    else:
        say(message("{device} hangs nowhere since {ends}.", device=device, ends=rfc3339(ends)))


@group.command("mount")
def mount(
    device: DeviceArgument,
    *,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Since when, such as 2026-11-23T08:00 in the trail's zone; else now."),
    ] = None,
    technology: Technology = None,
    note: Note = None,
    width: Width = None,
    capacity: Capacity = None,
) -> None:
    """Begin a mounting period: the counter was replaced, turned or hung otherwise at the same place.

    What was learnt of it by counting by hand ends there. A counter that goes elsewhere is moved with 'device move'; one
    that was taken down with 'counter end' hangs again where its device stands.
    """
    _check_note(note)
    present, _ = settings.load()
    with services.open_database(present) as database, alone(database) as connection:
        _find(connection, device)
        moment = _moment(connection, device, at)
        mounting.hang_again(connection, device, moment, technology=technology, note=note or "")
        _set_channels(connection, device, width, capacity)
        write_down(connection, Action.COUNTER_MOUNT, device)
    say(message("{device} begins a mounting period at {moment}.", device=device, moment=rfc3339(moment)))


@group.command("end")
def end(
    device: DeviceArgument,
    *,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When, such as 2026-11-23T08:00 in the trail's zone; else now."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="It was never taken down: its last period goes on.")] = False,
) -> None:
    """End the mounting period of a counter that was taken down: for the winter, broken, stolen.

    What it sends from then on counts nothing, until 'counter mount' begins another period.
    """
    if undo and at is not None:
        raise InvalidInput("--at", at, "no time with --undo")
    present, _ = settings.load()
    with services.open_database(present) as database, alone(database) as connection:
        _find(connection, device)
        if undo:
            period = mounting.go_on(connection, device)
        else:
            period = mounting.end(connection, device, _moment(connection, device, at))
        write_down(connection, Action.COUNTER_END, device)
    place = period.station or period.trail
    if period.ends_at is None:
        say(message("{device} hangs at {place} as before.", device=device, place=place))
    else:
        say(message("{device} hung at {place} until {ends}, and hangs nowhere now.", device=device, place=place,
            ends=rfc3339(period.ends_at)))  # fmt: skip


@group.command("set")
def set_present(
    device: DeviceArgument,
    *,
    technology: Technology = None,
    note: Note = None,
    width: Width = None,
    capacity: Capacity = None,
) -> None:
    """Correct what is written down of the present mounting period; hours counted before stay as they are."""
    _check_note(note)
    if technology is None and note is None and width is None and capacity is None:
        raise InvalidInput(
            message("change of {name}", name=device),
            None,
            "something to change: --technology, --note, --width or --capacity",
        )
    present, _ = settings.load()
    with services.open_database(present) as database, alone(database) as connection:
        _find(connection, device)
        now = mounting.present_period(connection, device)
        changed = replace(now, technology=technology or now.technology, note=now.note if note is None else note)
        mountings.describe(connection, now.id, changed.technology, changed.note)
        _set_channels(connection, device, width, capacity)
        write_down(connection, Action.COUNTER_SET, device)
    say(message("{device} is changed. {action[figures rebuild]} counts earlier hours by it.", device=device))


def _find(connection: Transaction, device: str) -> None:
    """Raise NotFound for no device, InvalidInput for one that counts nobody; a new counter is mounted first."""
    device_status.find(connection, device)
    passes.mount(connection)
    if not mountings.load(connection, device):
        raise InvalidInput(
            "DEVICE", device, "a counter: a device that sends passes", message("{action[counter list]} shows them.")
        )


def _moment(connection: Transaction, device: str, at: str | None) -> datetime:
    """``at`` on the clock of the trail, or now."""
    now = datetime.now(UTC)
    if at is None:
        return now.replace(microsecond=0)
    zone = ZoneInfo(device_status.timezone_of(connection, device))
    moment = localtime.parse("--at", at, zone, later=True)
    if moment > now:
        raise InvalidInput("--at", rfc3339(moment), "a time that is not after now")
    return moment


def _set_channels(connection: Transaction, device: str, width: int | None, capacity: int | None) -> None:
    """Write what is given to the channels of the present period."""
    for channel in mountings.load_channels(connection, [device]):
        if channel.mounting.ends_at is None:
            mountings.set_channel(connection, channel.id, width or channel.width, capacity or channel.capacity)


def _check_note(note: str | None) -> None:
    if note and not is_line(note, LONGEST_NOTE):
        raise InvalidInput("--note", note, message("one line of at most {most} characters", most=LONGEST_NOTE))
