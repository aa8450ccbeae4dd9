"""`digitalpfad device add`: a device is registered, with where it stands and what it is called."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.broker import service_logins
from digitalpfad.commands.devices import device_password, device_rights
from digitalpfad.commands.devices.device_options import DeviceId, Every, Kind, Lat, Lon, Name, stripped
from digitalpfad.commands.devices.quarantine import suggest_replay
from digitalpfad.commands.output import Json, answer_json, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.actions.devices import device_login, device_position, edit_device
from geodata.actions.devices.edit_device import DeviceChange
from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.model.device import Device
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import Selection
from geodata.vocabulary.audit import Action
from geodata.vocabulary.device_names import check_free, check_spelling


def register(group: typer.Typer) -> None:
    """Add the command to the group `device`."""
    group.command("add")(add)


def add(  # noqa: PLR0913 - one parameter per option of the command
    device: DeviceId,
    *,
    station: Annotated[str | None, typer.Option(metavar="CODE", help="Code of the station where it stands.")] = None,
    trail: Annotated[
        str | None, typer.Option(metavar="TRAIL", help="Instead: beside this trail, at no station.")
    ] = None,
    lon: Lon = None,
    lat: Lat = None,
    name: Name = None,
    kind: Kind = None,
    every: Every = None,
    as_json: Json = False,
) -> None:
    """Register a device at a station or beside a trail and print its password, this once."""
    check_spelling(device)
    if station is None and trail is None:
        raise InvalidInput("place", None, "a station, or a trail that it stands near")
    change = DeviceChange(name=stripped(name), kind=stripped(kind), interval_s=every)
    present, _ = settings.load()
    check_free(device, service_logins.of(present))
    with services.open_database(present) as database, database.transaction() as connection:
        position = device_position.read(connection, station, trail, lon, lat)
        added = edit_device.register(connection, device, position, change)
        login = asdict(device_login.issue(connection, added))
        note(connection, Action.DEVICE_ADD, added.id)
        waiting = quarantine.count_open(connection, Selection(device=device))
    if as_json:
        place = {"trail": added.trail, "station": added.station, "lon": added.lon, "lat": added.lat}
        description = {"name": added.name, "kind": added.kind, "interval_s": added.interval_s}
        answer_json({"device": added.id, **place, **description, **login, "quarantined": waiting})
    else:
        device_password.show(login, present)
        if every is None:
            _say_interval(added)
        suggest_replay(waiting, f"--device {added.id}")
    device_rights.after_add(present, login)


def _say_interval(added: Device) -> None:
    say(
        message(
            "Unless it says otherwise itself, a value is expected every {seconds} s; '--every' of 'digitalpfad"
            " device edit {device}' changes that.",
            seconds=added.interval_s,
            device=added.id,
        )
    )
