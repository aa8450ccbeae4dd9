"""`digitalpfad device check`: whether a broker lets in a device by the password that it was given."""

from __future__ import annotations

import getpass
import secrets
import sys
from dataclasses import replace

import typer

from digitalpfad import services
from digitalpfad.commands.output import answer_json, say
from digitalpfad.config import settings
from digitalpfad.config.model import Settings
from digitalpfad.terminal.language import said
from gateway.mqtt.config import Broker, parse_url
from geodata.errors import InvalidInput, NotFound, StartRefused, StoreError
from geodata.messages.message import Message, followed_by, message
from geodata.store.devices import device_status


def check(device: str, url: str | None, *, as_json: bool) -> None:
    """Log in once as ``device``; exit code 1 where the broker refuses, which raises BrokerRefused without JSON."""
    from gateway.mqtt.clean_connect import BrokerRefused, LoginRefused, connect_once  # noqa: PLC0415 - paho, for this command alone

    present, _ = settings.load()
    broker = services.broker(present) if url is None else _parsed(url, present)
    address = f"{broker.host}:{broker.port}"
    as_device = replace(broker, user=device, password=_password())
    try:
        connect_once(as_device, f"digitalpfad-check-{secrets.token_hex(8)}")
    except BrokerRefused as error:
        hint = _hint(present, device) if isinstance(error, LoginRefused) else ""
        reason = followed_by(error.sentence, hint)
        if not as_json:
            raise BrokerRefused(reason) from error
        answer_json({"device": device, "broker": address, "let_in": False, "reason": str(reason)})
        raise typer.Exit(1) from error
    if as_json:
        answer_json({"device": device, "broker": address, "let_in": True, "reason": None})
    else:
        say(message("The broker at {address} lets in {device}.", address=address, device=device))


def _hint(present: Settings, device: str) -> Message | str:
    """What the database knows of a device that was refused; empty where there is none at hand."""
    try:
        with services.open_database(present) as database, database.transaction() as connection:
            registered = device_status.find(connection, device)
    except NotFound:
        return message(
            "There is no device {device} in the database: 'digitalpfad device list' shows all, 'digitalpfad device add"
            " {device} --station STATION' registers it.",
            device=device,
        )
    except (StartRefused, StoreError):
        return ""
    if registered.revoked_at:
        return message(
            "{device} was revoked on {day} and may no longer connect: register it anew under another id.",
            device=device,
            day=f"{registered.revoked_at:%Y-%m-%d}",
        )
    return message(
        "{device} is registered: so it has another password, or a broker of your own does not know it yet."
        " 'digitalpfad device password {device}' gives it a new one.",
        device=device,
    )


def _parsed(url: str, present: Settings) -> Broker:
    try:
        return parse_url(url, str(present.mqtt_ca_file or ""), present.mqtt_server_name)
    except InvalidInput as error:
        raise InvalidInput("--url", "(not shown)", "an address such as mqtts://host:8883") from error


def _password() -> str:
    """Asked for at a terminal without showing it, else the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(said("Password of the device: "))
    return sys.stdin.readline().rstrip("\r\n")
