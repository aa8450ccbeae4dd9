"""The broker is killed, and forgets or keeps what it took."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.faults.conftest import World
from tests.fixtures.support import wait_until

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
        fleet.run(300)
        for number in range(kills):
            wait_until(lambda before=world.stored(): world.stored() > before + 200, 30, "values")
            world.broker.kill()
            world.broker.start()
            wait_until(lambda number=number: gateway.metric("connections_total") >= number + 2, 30, "a new connection")
        recovery_s = fleet.settle(120)
        outbox = "without outbox" if patience_s is None else f"devices repeat after {patience_s:g} s"
        lost = int(gateway.metric("sessions_lost_total"))
        world.conclude("broker: kill -9 under load", f"{kills} kills, {lost} sessions lost, {outbox}", recovery_s)


@pytest.mark.parametrize("kind", ["mosquitto default", "nats", pytest.param("mosquitto", marks=long)])
def test_a_broker_restarted_with_500_unacknowledged_loses_none_of_them_nor_of_those_after(make_world: Worlds, kind: str):
    """A broker without memory numbers its messages from 1 again: old acknowledgements would delete new messages."""
    world = make_world(kind)
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet, psycopg.connect(world.database_url) as other:
        other.execute("LOCK TABLE observation IN ACCESS EXCLUSIVE MODE")
        fleet.burst(500)
        fleet.wait_accepted()
        wait_until(lambda: gateway.metric("waiting_messages") == 500, 20, "500 messages in the gateway")
        world.broker.kill()
        world.broker.start()
        wait_until(lambda: gateway.metric("subscribed") and gateway.metric("connections_total") == 2, 20, "it is back")
        wait_until(lambda: all(device.client.is_connected() for device in fleet.devices), 20, "the devices")
        fleet.burst(300)
        fleet.wait_accepted()
        wait_until(lambda: gateway.metric("waiting_messages") == 800, 20, "800 messages, none of them twice")
        other.rollback()
        recovery_s = fleet.settle()
        stale = int(gateway.metric("stale_acknowledgements_total"))
        forgot = gateway.metric("sessions_lost_total") == 1
        assert (stale >= 500) is forgot, "what the broker delivered again is acknowledged by its new number"
        told = f"session {'lost' if forgot else 'kept'}, {stale} stale acknowledgements held back, without outbox"
        world.conclude("broker: restart with 500 unacknowledged", told, recovery_s)
