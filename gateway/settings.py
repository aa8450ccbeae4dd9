"""What one gateway process needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.mqtt.config import WINDOW, Protocol
from gateway.mqtt.old_sessions import QUIET_S
from gateway.pipeline.limits import BATCH_SIZE, BATCH_WAIT_S
from geodata.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """What one gateway process needs. ``trail`` narrows it to one trail's devices, a separate partition.

    ``client_id`` should stay the same from start to start (the broker's session hangs on it), be guessed by nobody, and
    belong to one partition only: gateways that take over from each other share it. ``http_port`` 0 opens no health
    port. ``quiet_s``: a session of an earlier id ends when for so long it alone brought nothing.
    """

    database_url: str
    mqtt_url: str
    client_id: str
    protocol: Protocol = "auto"
    mqtt_ca_file: str = ""
    mqtt_server_name: str = ""
    trail: str | None = None
    batch_size: int = BATCH_SIZE
    batch_wait_s: float = BATCH_WAIT_S
    window: int = WINDOW
    http_host: str = "127.0.0.1"
    http_port: int = 0
    quiet_s: float = QUIET_S

    def __post_init__(self) -> None:
        if not self.client_id:
            raise InvalidInput("client_id", self.client_id, "a name that stays the same from start to start")
        if not 1 <= self.window <= 65_535:
            raise InvalidInput("window", self.window, "1 to 65535 messages")
        if self.batch_size < 1 or not 0 <= self.batch_wait_s <= 10:
            raise InvalidInput("batch", (self.batch_size, self.batch_wait_s), "at least 1 message, 0 to 10 seconds")
