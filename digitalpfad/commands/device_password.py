"""A device's login as it is handed over, this once: by `device add` and by `device password`."""

from __future__ import annotations

import typer

from digitalpfad import services, settings
from digitalpfad.commands.output import Json, answer_json, say
from digitalpfad.noting import note
from digitalpfad.settings_model import Settings
from gateway import topics
from geodata.audit import Action
from geodata.message import message, phrase
from geodata.model import Device
from geodata.store import credential, device_status
from geodata.store.database import Transaction


def issue(connection: Transaction, device: Device) -> dict[str, str]:
    """Give ``device`` a new password; what its maker and an external broker need of it.

    ``bcrypt`` is the password's hash as brokers take it. Raises InvalidInput for a revoked device.
    """
    password = credential.issue(connection, device.id)
    return {
        "user": device.id,
        "password": password,
        "topic": topics.telemetry(device.trail, device.id),
        "bcrypt": credential.hashes(connection)[device.id],
    }


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
    with services.open_database(present) as database, database.transaction() as connection:
        found = device_status.find(connection, device)
        login = issue(connection, found)
        note(connection, Action.DEVICE_PASSWORD, found.id)
    if as_json:
        answer_json({"device": found.id, "station": found.station, **login})
    else:
        show(login, present)
    if present.mqtt_url is None:
        say(
            phrase(
                "The old password works no more: the broker of 'digitalpfad up' ends the device's session within"
                " seconds."
            )
        )
        return
    say(
        message(
            "Your broker knows only the old password yet. mosquitto: run 'mosquitto_passwd"
            " /etc/mosquitto/digitalpfad.passwd {device}' and enter the new one, then 'systemctl reload mosquitto'."
            " NATS: replace the user's password by the line 'bcrypt', then 'nats-server --signal reload'"
            ' (docs/operations.md, "The login of a device").',
            device=found.id,
        )
    )
