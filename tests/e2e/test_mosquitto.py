"""The same trail on a broker that the city already runs: simulator → mosquitto → gateway → PostgreSQL → page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.conftest import System
from tests.e2e.test_demo import live_values, station_with
from tests.fixtures.brokers.mosquitto import Mosquitto
from tests.fixtures.process.ports import accepts
from tests.fixtures.process.waiting import wait_until

pytestmark = pytest.mark.timeout(240)


def test_a_station_shows_live_values_that_came_through_mosquitto(
    mosquitto: Callable[..., Mosquitto], new_system: Callable[..., System]
) -> None:
    broker = mosquitto()
    system = new_system(extra={"DIGITALPFAD_MQTT_URL": broker.url()}).start()

    assert not accepts(system.mqtt_port), "no embedded broker beside the city's own"
    wait_until(lambda: live_values(system, station_with(system, 4)), 60, "a live value at the ponds")
    assert "Försterteiche" in system.get(f"/s/{station_with(system, 4)}?lang=de")
