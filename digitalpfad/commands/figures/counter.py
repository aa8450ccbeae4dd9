"""`digitalpfad counter`: counters of people, where each hangs since when, and what it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note as write_down
from digitalpfad.terminal import localtime
from geodata.actions import mounting
from geodata.errors import InvalidInput
from geodata.figures import passes
from geodata.figures.rebuild import alone
from geodata.messages.message import message, phrase
from geodata.model.counting.counter import LARGEST_CAPACITY, LARGEST_WIDTH, LEAST_WIDTH, Channel, CounterTechnology
from geodata.store.counting import mountings
from geodata.store.devices import device_status
from geodata.store.transaction import Transaction
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
    channels = [channel for channel in _channels(None) if channel.mounting.ends_at is None]
    _answer(channels, "There are no counters: a device is one as soon as it sends passes.", as_json=as_json)


@group.command("show")
def show(device: DeviceArgument, *, as_json: Json = False) -> None:
    """Show where a counter hung since when, and what it counted there."""
    _answer(_channels(device), "It has sent no passes.", as_json=as_json)


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

    What was learnt of it by counting by hand ends there. A counter that goes elsewhere is moved with 'device move'.
    """
    _check_note(note)
    present, _ = settings.load()
    now = datetime.now(UTC)
    with services.open_database(present) as database, alone(database) as connection:
        _find(connection, device)
        zone = ZoneInfo(device_status.timezone_of(connection, device))
        moment = now.replace(microsecond=0) if at is None else localtime.parse("--at", at, zone, later=True)
        if moment > now:
            raise InvalidInput("--at", rfc3339(moment), "a time that is not after now")
        mounting.begin(connection, device, moment, technology=technology, note=note or "")
        _set_channels(connection, device, width, capacity)
        write_down(connection, Action.COUNTER_MOUNT, device)
    say(message("{device} begins a mounting period at {moment}.", device=device, moment=rfc3339(moment)))


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
        now = mountings.load(connection, device)[-1]
        changed = replace(now, technology=technology or now.technology, note=now.note if note is None else note)
        mountings.describe(connection, now.id, changed.technology, changed.note)
        _set_channels(connection, device, width, capacity)
        write_down(connection, Action.COUNTER_SET, device)
    say(message("{device} is changed. {action[figures rebuild]} counts earlier hours by it.", device=device))


def _channels(device: str | None) -> list[Channel]:
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        if device is None:
            return mountings.load_channels(connection)
        device_status.find(connection, device)
        return mountings.load_channels(connection, [device])


def _answer(channels: list[Channel], empty: str, *, as_json: bool) -> None:
    if as_json:
        answer_json([record(channel) for channel in channels])
        return
    answer_table(
        (
            "device", "trail", "station", "since (UTC)", "until (UTC)", "direction", "technology", "bits", "capacity",
            "note",
        ),
        [
            (channel.mounting.device, channel.mounting.trail, channel.mounting.station, channel.mounting.starts_at,
             channel.mounting.ends_at, phrase(channel.direction.value), phrase(channel.mounting.technology),
             channel.width, channel.capacity, channel.mounting.note)
            for channel in channels
        ],
        empty,
    )  # fmt: skip


def _find(connection: Transaction, device: str) -> None:
    """Raise NotFound for no device, InvalidInput for one that counts nobody; a new counter is mounted first."""
    device_status.find(connection, device)
    passes.mount(connection)
    if not mountings.load(connection, device):
        raise InvalidInput(
            "DEVICE", device, "a counter: a device that sends passes", message("{action[counter list]} shows them.")
        )


def _set_channels(connection: Transaction, device: str, width: int | None, capacity: int | None) -> None:
    """Write what is given to the channels of the present period."""
    for channel in mountings.load_channels(connection, [device]):
        if channel.mounting.ends_at is None:
            mountings.set_channel(connection, channel.id, width or channel.width, capacity or channel.capacity)


def _check_note(note: str | None) -> None:
    if note and not is_line(note, LONGEST_NOTE):
        raise InvalidInput("--note", note, message("one line of at most {most} characters", most=LONGEST_NOTE))
