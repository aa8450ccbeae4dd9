"""What an operator does to a running system: stop it, start it again, lose one of its processes."""

from __future__ import annotations

import signal
from collections.abc import Callable

import psutil
import pytest

from tests.e2e.conftest import System
from tests.fixtures.support import accepts, wait_until

pytestmark = pytest.mark.timeout(300)


def stored(system: System) -> int:
    stations = system.json("/api/v1/stations?trail=stadtwald")["features"]
    return sum(
        bucket["count"]
        for station in stations
        for one in system.json(
            f"/api/v1/stations/{station['properties']['code']}/series?property=battery_level&bucket=day"
        )["series"]
        for bucket in one["buckets"]
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_ends_every_process_and_a_second_start_continues(
    new_system: Callable[..., System], how: signal.Signals
) -> None:
    system = new_system().start()
    wait_until(lambda: stored(system) > 0, 60, "stored observations")
    family = system.family()
    before = stored(system)

    assert system.stop(how) == 0

    assert [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
    assert not any(accepts(port) for port in (system.port, system.mqtt_port, system.gateway_port))

    system.start()
    assert stored(system) >= before
    assert system.stop() == 0


def test_a_killed_gateway_comes_back_and_nothing_is_missing(new_system: Callable[..., System]) -> None:
    system = new_system().start()
    wait_until(lambda: stored(system) > 0, 60, "stored observations")
    before = stored(system)

    system.member("digitalpfad", "gateway").kill()

    wait_until(lambda: stored(system) > before, 90, "observations after the kill")
