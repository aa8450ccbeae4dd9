"""Whether a changed login counts at the embedded broker: proven by logins, not assumed."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import replace

from digitalpfad import services
from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded import witness
from digitalpfad.embedded.jetstream import NoAnswer
from digitalpfad.embedded.nats import EmbeddedNats
from geodata.errors import DigitalpfadError
from geodata.messages.message import message, phrase
from geodata.store.database import Database
from geodata.store.devices import credential

WITHIN_S = 10.0
_AGAIN_S = 0.1


class NotInForce(DigitalpfadError):
    """A change is in the database, and the running broker does not go by it."""


def prove(settings: Settings, database: Database, user: str = "", password: str = "") -> bool:
    """Wait until the running broker goes by the devices of ``database``, and lets in ``user`` where one is given.

    False where no `up` runs with this data directory. Raises NotInForce after WITHIN_S.
    """
    data = DataDir.at(settings.data_dir)
    broker = EmbeddedNats(data, settings.mqtt_host, settings.mqtt_port)
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            with database.transaction() as connection:
                present = credential.hashes(connection)
            if broker.knows(present):
                break
            why = phrase("It goes by the logins of before.")
        except NoAnswer as error:
            if not data.is_held():
                return False
            why = error.sentence
        if time.monotonic() > deadline:
            raise _not_in_force(why, broker)
        threading.Event().wait(_AGAIN_S)
    if user:
        _log_in(settings, broker, user, password)
    return True


def look(settings: Settings) -> str:
    """A sentence on whose logins the broker goes by; raises NotInForce, or NoAnswer where the embedded one is away."""
    if settings.mqtt_url is not None:
        return "your broker has its own list; 'digitalpfad device check ID' tries a device's"
    with services.open_database(settings) as database, database.transaction() as connection:
        present = credential.hashes(connection)
    broker = EmbeddedNats(DataDir.at(settings.data_dir), settings.mqtt_host, settings.mqtt_port)
    if not broker.knows(present):
        raise NotInForce(f"the broker goes by the logins of before; its log: {broker.log}")
    left_out = len(present) - len(witness.admissible(present))
    if left_out:
        raise NotInForce(f"{left_out} of {len(present)} devices are not let in: their kept hashes are none")
    return f"the broker lets in the {len(present)} devices of the database and no others"


def _log_in(settings: Settings, broker: EmbeddedNats, user: str, password: str) -> None:
    """As the device will, under a client id that is nobody's."""
    from gateway.mqtt.clean_connect import BrokerRefused, connect_once  # noqa: PLC0415 - paho, for these commands alone

    as_device = replace(services.broker(settings), user=user, password=password)
    try:
        connect_once(as_device, f"digitalpfad-login-{secrets.token_hex(8)}")
    except BrokerRefused as error:
        raise _not_in_force(error.sentence, broker) from error


def _not_in_force(why: str, broker: EmbeddedNats) -> NotInForce:
    return NotInForce(
        message(
            "The change is in the database, but the broker of 'digitalpfad up' does not go by it within"
            " {seconds:g} s: {why} 'digitalpfad doctor' tells when it does; {log} may say why not.",
            seconds=WITHIN_S,
            why=why,
            log=broker.log,
        )
    )
