"""A device's login as it is handed over, this once: by `device add` and by `device password`."""

from __future__ import annotations

from dataclasses import asdict

import typer

from digitalpfad import services
from digitalpfad.broker import service_logins
from digitalpfad.commands.devices import device_rights
from digitalpfad.commands.output import Json, answer_json, say
from digitalpfad.config import settings
from digitalpfad.config.model import Settings
from digitalpfad.noting import note
from geodata.actions.devices import device_login
from geodata.messages.message import message
from geodata.store.devices import device_status
from geodata.vocabulary.audit import Action
from geodata.vocabulary.device_names import check_free


def show(login: dict[str, str], present: Settings) -> None:
    """Print ``login``; its hash only where a broker of one's own needs it."""
    for name, text in login.items():
        if name != "bcrypt" or present.mqtt_url is not None:
            typer.echo(f"{name:<9} {text}")
    say(
        message(
            "The password is shown this once; 'digitalpfad device password {device}' replaces a lost one.",
            device=login["user"],
        )
    )


def password(device: str, *, as_json: Json = False) -> None:
    """Give a device a new password and print it, this once. The old one stops working."""
    present, _ = settings.load()
    check_free(device, service_logins.of(present))
    with services.open_database(present) as database, database.transaction() as connection:
        registered = device_status.find(connection, device)
        login = asdict(device_login.issue(connection, registered))
        note(connection, Action.DEVICE_PASSWORD, registered.id)
    if as_json:
        answer_json({"device": registered.id, "station": registered.station, **login})
    else:
        show(login, present)
    device_rights.after_new_password(present, login)
