"""`digitalpfad device move|edit`: a device is taken elsewhere, or what is known of it is changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from digitalpfad import services
from digitalpfad.commands.changes import changed, changes
from digitalpfad.commands.devices.device_options import DeviceId, Every, Kind, Lat, Lon, Name, place_of, stripped
from digitalpfad.commands.output import Json, answer_json, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.actions import edit_station
from geodata.actions.devices import device_position, edit_device
from geodata.actions.devices.edit_device import DeviceChange
from geodata.errors import InvalidInput
from geodata.messages.message import joined, message, phrase
from geodata.model.device import Device
from geodata.store.devices import device_edit, device_status
from geodata.store.transaction import Transaction
from geodata.text import localtime
from geodata.times import rfc3339
from geodata.vocabulary import device_topics
from geodata.vocabulary.audit import Action


def register(group: typer.Typer) -> None:
    """Add the commands to the group `device`."""
    group.command("move")(move)
    group.command("edit")(edit)


def move(
    device: DeviceId,
    *,
    station: Annotated[
        str | None, typer.Option(metavar="CODE", help="Code of the station where it stands now.")
    ] = None,
    trail: Annotated[
        str | None, typer.Option(metavar="TRAIL", help="Instead: beside this trail, at no station.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Since when, such as 2026-11-23T08:00 in the trail's time zone; else now."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take a device elsewhere. What it measured before stays with its old station; its series continue."""
    present, _ = settings.load()
    now = datetime.now(UTC)
    with services.open_database(present) as database, database.transaction() as connection:
        before = device_status.find(connection, device)
        code = edit_station.find_code(connection, station) if station is not None else None
        moment = (now if at is None else _moment(connection, device, at)).replace(microsecond=0)
        since = before.since if at is None and before.since is not None else moment
        moved = edit_device.move(connection, device, station=code, trail=trail, at=max(moment, since), now=now)
        if moved != before:
            note(connection, Action.DEVICE_MOVE, f"{device}: {moved.station or moved.trail}")
        rules = [rule for rule, of_trail in device_edit.rules_of(connection, device) if of_trail != moved.trail]
    if as_json:
        answer_json(_record(moved, before))
    else:
        typer.echo(f"station   {moved.station or '–'}\ntopic     {device_topics.telemetry(moved.trail, device)}")
    _say_what_follows(before, moved, rules)


def _moment(connection: Transaction, device: str, at: str) -> datetime:
    return localtime.parse("--at", at, ZoneInfo(device_status.timezone_of(connection, device)), later=True)


def _record(moved: Device, before: Device) -> dict[str, object]:
    """The place of a moved device; topics of before are taken on."""
    trails = sorted(({stay.trail for stay in moved.earlier} | {before.trail}) - {moved.trail})
    return {
        "device": moved.id,
        "trail": moved.trail,
        "station": moved.station,
        "since": moved.since,
        "topic": device_topics.telemetry(moved.trail, moved.id),
        "earlier_topics": [device_topics.telemetry(trail, moved.id) for trail in trails],
    }


def _say_what_follows(before: Device, moved: Device, rules: list[str]) -> None:
    if (before.trail, before.station) == (moved.trail, moved.station):
        say(message("{device} stands there already: nothing was changed.", device=moved.id))
        return
    if moved.since is not None:
        say(
            message(
                "{device} stands there since {since}. What it measured before stays with {place}; of hourly and daily"
                " figures the hour of the move does so too.",
                device=moved.id,
                since=rfc3339(moved.since),
                place=moved.earlier[-1].station or moved.earlier[-1].trail,
            )
        )
    if moved.trail != before.trail:
        say(
            message(
                "Its topics are now below digitalpfad/v1/{trail}/{device}/. Change them in the device when somebody is"
                " there; until then it may keep using those of {earlier}, and nothing is lost.",
                trail=moved.trail,
                device=moved.id,
                earlier=before.trail,
            )
        )
    if rules:
        say(
            message(
                "Notices that it was to decide ({rules}) hear nothing of it any more, and call for caution once its"
                " last value is too old. 'digitalpfad notice set' says something else until then.",
                rules=joined(rules),
            )
        )


def edit(
    device: DeviceId,
    *,
    name: Name = None,
    kind: Kind = None,
    every: Every = None,
    station: Annotated[
        str | None, typer.Option(metavar="CODE", help="Code of the station where it stands; `move` says since when.")
    ] = None,
    lon: Lon = None,
    lat: Lat = None,
) -> None:
    """Rename a device, change its kind and how often it reports, or correct its place. Its id and series stay.

    A corrected place counts since the device came to its present one: what it measured goes with it.
    """
    change = DeviceChange(name=stripped(name), kind=stripped(kind), interval_s=every)
    is_place = (station, lon, lat) != (None, None, None)
    if change == DeviceChange() and not is_place:
        expected = "something to change: a name, a kind, a place or how often it reports"
        raise InvalidInput(message("change of {name}", name=device), None, expected)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        before = device_status.find(connection, device)
        after = edit_device.edit(connection, device, change)
        if is_place:
            trail = None if station is not None else before.trail
            position = device_position.read(connection, station, trail, lon, lat)
            after = edit_device.correct_position(connection, device, position)
        note(connection, Action.DEVICE_EDIT, device)
    _say_change(before, after, every)


def _say_change(before: Device, after: Device, every: int | None) -> None:
    """What was changed; the interval that was asked for counts only where the device says none itself."""
    is_overruled = every is not None and after.interval_s != every
    fields = [
        (phrase("name"), before.name, after.name),
        (phrase("kind"), before.kind, after.kind),
        (phrase("every"), f"{before.interval_s} s", f"{after.interval_s} s"),
        (phrase("place"), place_of(before), place_of(after)),
    ]
    if changes(fields) or not is_overruled:
        say(changed(after.id, fields))
    if is_overruled:
        say(
            message(
                "It says itself that it reports every {seconds} s: that counts.",
                seconds=after.interval_s,
            )
        )
