"""Where the broker is and how the gateway presents itself there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.security.login_url import ENCODE, misread

Protocol = Literal["auto", "5", "3.1.1"]
WINDOW = 5000
"""Unacknowledged messages that a gateway takes, unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Broker:
    """One MQTT server; ``tls`` checks its certificate against ``ca_file``, or the system's authorities where empty.

    The certificate must bear ``server_name``, or where that is empty the host.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    ca_file: str = ""
    server_name: str = ""


def parse_url(url: str, ca_file: str = "", server_name: str = "") -> Broker:
    """Read ``mqtt[s]://user:password@host:port``; raise InvalidInput, never showing the password."""
    expected = "an address such as mqtt://user:password@host:1883, or mqtts:// for TLS"
    if hint := misread(url, ends="/?#", is_libpq=False):
        raise InvalidInput(message("{setting[mqtt_url]}"), "(not shown)", expected, hint)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        hint = f"{error}." if "out of range" in str(error) else ENCODE  # its other words quote the address
        raise InvalidInput(message("{setting[mqtt_url]}"), "(not shown)", expected, hint) from None
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise InvalidInput(message("{setting[mqtt_url]}"), "(not shown)", expected)
    tls = parts.scheme == "mqtts"
    return Broker(
        host=parts.hostname,
        port=port or (8883 if tls else 1883),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        ca_file=ca_file,
        server_name=server_name,
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """How the gateway presents itself: a fixed ``client_id``, so that the broker keeps what it missed.

    Without ``filters`` it takes what the broker kept for that id, and subscribes nothing.

    ``window`` is how many unacknowledged messages it takes on MQTT 5 (3.1.1 leaves that to the broker), and the
    measure of what it holds in memory on any.
    """

    client_id: str
    filters: tuple[str, ...]
    protocol: Protocol = "auto"
    window: int = WINDOW
    keepalive_s: int = 10
    expiry_s: int = 14 * 86_400
