"""The broker is killed, and forgets or keeps what it took."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.checkout import ROOT
from tests.faults.conftest import World, seconds_since
from tests.fixtures.process.waiting import wait_until

Worlds = Callable[[str], World]
long = pytest.mark.long


@pytest.mark.parametrize(
    ("kind", "kills", "patience_s"),
    [
        ("nats", 1, None),
        pytest.param("nats", 6, None, marks=long),
        ("mosquitto", 1, 2),
        pytest.param("mosquitto", 6, 2, marks=long),
        ("mosquitto default", 1, 2),
        pytest.param("mosquitto default", 6, 2, marks=long),
    ],
)
@pytest.mark.timeout(300)
def test_what_a_killed_broker_forgets_the_devices_send_again(
    make_world: Worlds, kind: str, kills: int, patience_s: float | None
):
    world = make_world(kind)
    gateway = world.gateway().start().wait_ready()
    with world.fleet(patience_s=patience_s) as fleet:
        fleet.run(world.pace(300))
        for number in range(kills):
            world.wait_for_more(200)
            world.broker.kill()
            world.wait_told("broker: kill -9 under load")
            world.broker.start()
            wait_until(lambda number=number: gateway.metric("connections_total") >= number + 2, 30, "a new connection")
        recovery_s = world.settle(fleet, 120)
        outbox = "without outbox" if patience_s is None else f"devices repeat after {patience_s:g} s"
        lost = int(gateway.metric("sessions_lost_total"))
        world.conclude("broker: kill -9 under load", f"{kills} kills, {lost} sessions lost, {outbox}", recovery_s)


@pytest.mark.parametrize("kind", ["mosquitto default", "nats", pytest.param("mosquitto", marks=long)])
def test_a_broker_restarted_with_500_unacknowledged_loses_none_of_them_nor_of_those_after(
    make_world: Worlds, kind: str
):
    """A broker without memory numbers its messages from 1 again: old acknowledgements would delete new messages."""
    world = make_world(kind)
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet, psycopg.connect(world.database_url) as other:
        other.execute("LOCK TABLE observation IN ACCESS EXCLUSIVE MODE")
        fleet.burst(500)
        fleet.wait_accepted()
        wait_until(lambda: gateway.metric("waiting_messages") == 500, 20, "500 messages in the gateway")
        world.broker.kill()
        world.wait_told("broker: restart with 500 unacknowledged")
        world.broker.start()
        wait_until(lambda: gateway.metric("subscribed") and gateway.metric("connections_total") == 2, 20, "it is back")
        wait_until(lambda: all(device.client.is_connected() for device in fleet.devices), 20, "the devices")
        fleet.burst(300)
        fleet.wait_accepted()
        wait_until(lambda: gateway.metric("waiting_messages") == 800, 20, "800 messages, none of them twice")
        other.rollback()
        recovery_s = world.settle(fleet)
        stale = int(gateway.metric("stale_acknowledgements_total"))
        forgot = gateway.metric("sessions_lost_total") == 1
        assert stale >= 500 or not forgot
        told = f"session {'lost' if forgot else 'kept'}, {stale} stale acknowledgements held back, without outbox"
        world.conclude("broker: restart with 500 unacknowledged", told, recovery_s)


SIMULATED = ("klima-01", "zaehler-01")


def test_the_simulators_outbox_heals_what_a_forgetful_broker_lost(make_world: Worlds, tmp_path: Path):
    """The simulator as it is shipped: two hours of readings at once, the broker killed in the middle of them."""
    world = make_world("mosquitto default")
    with psycopg.connect(world.database_url) as connection:
        for device in SIMULATED:
            connection.execute("INSERT INTO device (id, trail) VALUES (%s, 'stadtwald')", [device])
    gateway = world.gateway().start().wait_ready()
    world.wait_watched()
    command = [sys.executable, "-m", "firmware_sim", "--url", world.mqtt_url, "--state", str(tmp_path / "outbox")]
    command += ["--history", "2h", "--history-interval", "5", "--interval", "1", "--patience", "1"]
    for device in SIMULATED:
        command += ["--device", device]
    with (tmp_path / "simulator.log").open("wb") as log:
        simulator = subprocess.Popen(command, cwd=ROOT / "firmware-sim", stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: world.stored() > 500, 30, "the first readings")
        world.broker.kill()
        world.wait_told("broker: kill -9 under the simulator's load")
        world.broker.start()
        began = time.monotonic()
        complete = (
            "SELECT bool_and(confirmed_seq(seqs, oldest) = upper(seqs) - 1 AND upper(seqs) > 1440) FROM device_boot"
        )
        wait_until(lambda: world.one(complete) is True, 60, "every reading of both devices, without a hole")
        recovery_s = seconds_since(began)
        heard = _confirmed(world)
        wait_until(lambda: len(heard) == len(SIMULATED) and min(heard.values()) > 1440, 20, "confirmations")
        before = dict(heard)
        wait_until(lambda: all(heard[device] > before[device] for device in SIMULATED), 20, "the next confirmations")
    finally:
        simulator.terminate()
        simulator.wait(15)
    wait_until(lambda: gateway.metric("waiting_messages") == 0, 10, "an empty gateway")
    assert gateway.metric("sessions_lost_total") == 1
    with closing(sqlite3.connect(tmp_path / "outbox/outbox.sqlite")) as outbox:
        (left,) = outbox.execute("SELECT count(*) FROM reading").fetchone()
    assert left < 30, "all but the last seconds were confirmed"
    fault = "broker: kill -9 under the simulator's load"
    readiness = world.check_readiness(fault)
    world.report(fault, "session lost, its outbox sent again", readiness, recovery_s, "I1, I5")


def _confirmed(world: World) -> dict[str, int]:
    """The newest confirmation of each simulated device, kept up to date by a client that listens."""
    heard: dict[str, int] = {}
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _c, _d, message: heard.update(
        {message.topic.split("/")[3]: json.loads(message.payload)["seq"]}
    )
    client.connect("127.0.0.1", world.broker.port)
    client.subscribe("digitalpfad/v1/+/+/command/confirm", qos=1)
    client.loop_start()
    world.clients.append(client)
    return heard
