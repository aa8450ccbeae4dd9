"""The golden messages are what the simulator writes; whoever reads the wire is tested against the same files.

After a change that is meant, ``PYTHONPATH=firmware-sim python tests/contract/test_golden_messages.py`` writes them
anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from firmware_sim.devices.device import Plan, SimulatedDevice
from firmware_sim.devices.protocol import Address, Confirm, Measurement, WireMessage, parse_confirm
from firmware_sim.devices.sensors import World
from firmware_sim.fleet import load_fleet

GOLDEN = Path(__file__).parent / "golden"
FLEET = load_fleet()
SUNDAY_NOON = 1_790_503_200  # 2026-09-27T10:00:00Z


def readings_of(device_id: str, number: int, *broken: str) -> list[Measurement]:
    spec = FLEET.only([device_id]).devices[0]
    plan = Plan(start=SUNDAY_NOON, live_from=SUNDAY_NOON, interval_s=600, past_interval_s=600, broken=frozenset(broken))
    device = SimulatedDevice(spec, World.of(7, FLEET), plan, boot="b7f3")
    return [device.measure() for _ in range(number)]


def telemetry(device_id: str, number: int = 1, *broken: str) -> WireMessage:
    return Address("stadtwald", device_id).telemetry(readings_of(device_id, number, *broken))


def status(state: Literal["online", "offline"], time: int | None = None) -> WireMessage:
    return Address("stadtwald", "klima-01").status(state, "b7f3", FLEET.firmware, 600, time)


def shortened_outbox() -> WireMessage:
    return Address("stadtwald", "pegel-04").telemetry(readings_of("pegel-04", 4)[2:], oldest=2)


def confirm() -> WireMessage:
    payload = msgspec.json.encode(Confirm("b7f3", 2))
    return WireMessage(Address("stadtwald", "boden-05").confirm_topic, payload, retain=True)


MESSAGES: dict[str, tuple[Callable[[], WireMessage], str]] = {
    "telemetry-single": (lambda: telemetry("klima-01"), "One reading; time as RFC 3339."),
    "telemetry-batch": (lambda: telemetry("boden-05", 3), "Three readings of one boot; time as Unix milliseconds."),
    "telemetry-null": (
        lambda: telemetry("boden-05", 1, "soil_moisture"),
        "The soil moisture sensor has failed: null is a flagged gap, never a number; the other values are good.",
    ),
    "telemetry-counters": (lambda: telemetry("zaehler-01", 2), "Running totals of a people counter, in and out."),
    "telemetry-rain": (lambda: telemetry("wind-08"), "Wind and rain; rain is the amount since the reading before."),
    "telemetry-beacon": (lambda: telemetry("funk-03"), "A beacon; adverts are those since the reading before."),
    "telemetry-oldest": (
        shortened_outbox,
        "The device no longer holds seq 0 and 1 of this boot: below oldest nothing will come any more.",
    ),
    "status-online": (lambda: status("online", SUNDAY_NOON), "Retained; sent after every connect."),
    "status-offline-will": (
        lambda: status("offline"),
        "Retained; the will, sent by the broker when the device vanishes: it has no time.",
    ),
    "status-offline": (lambda: status("offline", SUNDAY_NOON + 60), "Retained; sent by a device that is stopped."),
    "confirm": (confirm, "Retained; gateway to device: everything of this boot up to and including seq is committed."),
}


def written(name: str) -> bytes:
    build, note = MESSAGES[name]
    message = build()
    golden = {"topic": message.topic, "payload": json.loads(message.payload), "note": note}
    return (json.dumps(golden, indent=2, ensure_ascii=False) + "\n").encode()


@pytest.mark.parametrize("name", MESSAGES)
def test_the_simulator_writes_the_golden_message_byte_for_byte(name: str) -> None:
    assert (GOLDEN / f"{name}.json").read_bytes() == written(name)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_bytes_on_the_wire_are_the_compact_form_of_the_golden_payload(name: str) -> None:
    payload = json.loads((GOLDEN / f"{name}.json").read_bytes())["payload"]
    assert MESSAGES[name][0]().payload == json.dumps(payload, separators=(",", ":")).encode()


def test_there_is_no_golden_file_that_nobody_writes() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(MESSAGES)


def test_the_simulator_reads_the_golden_confirm() -> None:
    payload = json.loads((GOLDEN / "confirm.json").read_bytes())["payload"]
    assert parse_confirm(json.dumps(payload).encode()) == Confirm("b7f3", 2)


if __name__ == "__main__":
    for each in MESSAGES:
        (GOLDEN / f"{each}.json").write_bytes(written(each))
