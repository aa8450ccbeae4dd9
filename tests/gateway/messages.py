"""What the unit tests of the gateway share: a small registry and one call that validates a message."""

from __future__ import annotations

import json

from gateway.inbox import Delivery
from gateway.validation.validate import Validator
from gateway.validation.validated_message import ValidatedMessage
from geodata.model.observation import by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.ingest.registry import RegisteredDevice, Registry

RECEIVED_US = 1_790_000_000_000_000  # 2026-09-21
TIME = "2026-09-21T10:15:00Z"
TOPIC = "digitalpfad/v1/stadtwald/climate-01/event/telemetry"
STATUS = "digitalpfad/v1/stadtwald/climate-01/event/status"

GOOD = '"air_temperature": 7.4'


def stopped_clock(at_us: int) -> SteadyClock:
    """A clock at which it stays the same moment."""
    return SteadyClock(lambda: at_us, lambda: at_us, lambda: True)


def registry() -> Registry:
    devices = {
        "climate-01": RegisteredDevice("climate-01", "stadtwald", {"air_temperature": 11}),
        "pond-01": RegisteredDevice("pond-01", "other", {}),
    }
    return Registry(devices, by_name(STANDARD_PROPERTIES))


def delivery(message: object, topic: str = TOPIC, received_us: int = RECEIVED_US, *, retain: bool = False) -> Delivery:
    payload = message if isinstance(message, bytes) else json.dumps(message).encode()
    return Delivery(topic, payload, received_us, retain=retain, size=len(payload))


def validate(
    message: object, topic: str = TOPIC, received_us: int = RECEIVED_US, *, retain: bool = False
) -> ValidatedMessage:
    return Validator().validate(delivery(message, topic, received_us, retain=retain), registry())


def kept(validated: ValidatedMessage) -> dict[str, float | None]:
    return dict(zip(validated.rows.properties, validated.rows.results, strict=True))


def reasons(validated: ValidatedMessage) -> list[str]:
    return [refusal.reason for refusal in validated.source.refusals]


def raw(values: str = GOOD, *, boot: str = '"b1"', seq: str = "5", time: str = f'"{TIME}"', more: str = "") -> bytes:
    return f'{{"boot": {boot}, "seq": {seq}, "time": {time}, "values": {{{values}}}{more}}}'.encode()
