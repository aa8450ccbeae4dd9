"""How a client of paho presents itself to a broker: user, password and TLS."""

from __future__ import annotations

from paho.mqtt.client import Client

from gateway.mqtt.config import Broker
from gateway.mqtt.tls import client_context


def present(client: Client, broker: Broker) -> None:
    """Give ``client`` the login and the trust of ``broker``; OSError where the authority's file cannot be read."""
    if broker.user:
        client.username_pw_set(broker.user, broker.password)
    if broker.tls:
        context = client_context(broker.ca_file, broker.server_name)
        client.tls_set_context(context)  # pyright: ignore[reportUnknownMemberType] - paho leaves it unannotated
