"""The machine's clock is set ahead or back while devices report, and right again: nothing is refused or misdated."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.faults.conftest import World, seconds_since
from tests.faults.harness.faked_clock import FakedClock
from tests.faults.harness.fleet import Fleet, now_us
from tests.faults.harness.readiness import failing_checks
from tests.fixtures.process.waiting import wait_until

Worlds = Callable[[str], World]
long = pytest.mark.long

DAY_S = 86_400
STEPS = {"1 s": 1, "1 day": DAY_S, "4 years": 1461 * DAY_S}


@pytest.fixture
def clock(tmp_path: Path) -> Generator[FakedClock]:
    """Named before the fixtures whose processes look at it, so that it is cleaned up after their end."""
    clock = FakedClock(tmp_path / "clock")
    yield clock
    clock.clean_up()


def prepared(fleet: Fleet) -> Fleet:
    """Four devices whose clocks are right, and one without a clock."""
    for device in fleet.devices:
        device.base_ms = now_us() // 1000 - 120_000
    fleet.devices[-1].has_clock = False
    return fleet


def report(world: World, fleet: Fleet, number: int = 50) -> None:
    """Have all devices measure, and wait until it is stored."""
    due = world.stored() + 2 * number
    fleet.burst(number)
    wait_until(lambda: world.stored() >= due, 30, f"{due} observations")


def detail(_status: int, body: dict) -> str:
    """What /readyz of gateway or web process says of the clock."""
    checks = body.get("checks", {})
    found = checks.values() if isinstance(checks, dict) else [check for check in checks if check["name"] == "clock"]
    return " ".join(check["detail"] for check in found)


def assert_right(world: World) -> None:
    """Nothing was refused, and no time that was noted lies in the future or long ago."""
    assert world.one("SELECT count(*) FROM quarantine") == 0
    noted = world.one(
        "SELECT array_agg(at) FROM (SELECT last_seen_at FROM device_state UNION ALL SELECT last_received_at"
        " FROM device_boot UNION ALL SELECT updated_at FROM ingest_counter UNION ALL SELECT max(minute)"
        " FROM ingest_minute UNION ALL SELECT max(phenomenon_time) FROM latest UNION ALL SELECT max(hour)"
        " FROM rollup_hour WHERE hour > now()) AS noted (at) WHERE at IS NOT NULL"
    )
    assert isinstance(noted, list)
    now = datetime.now(UTC)
    wrong = [at for at in noted if not now - timedelta(minutes=10) < at < now + timedelta(seconds=5)]
    assert not wrong, f"noted at {now}: {wrong}"


@pytest.mark.parametrize(
    ("kind", "step", "way"),
    [
        ("nats", "4 years", 1),
        *(
            pytest.param(kind, step, way, marks=long)
            for kind in ("nats", "mosquitto")
            for step in STEPS
            for way in (1, -1)
        ),
    ],
)
def test_a_clock_that_is_set_and_set_right_again_changes_nothing(
    clock: FakedClock, make_world: Worlds, kind: str, step: str, way: int
):
    world = make_world(kind)
    world.environment = clock.environment
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        prepared(fleet)
        report(world, fleet)
        report(world, fleet)
        assert world.web is not None
        for service in (gateway, world.web):
            wait_until(lambda ready=service.ready: "devices agree" in detail(*ready()), 10, f"{service} to hear them")
        clock.set(way * STEPS[step])
        report(world, fleet)
        world.wait_told(f"clock: {step}")
        report(world, fleet)
        clock.set(0)
        report(world, fleet)
        assert_right(world)
        recovery_s = world.settle(fleet)
        told = f"{step} {'ahead' if way > 0 else 'back'} and right again, one device of five without a clock"
        world.conclude(f"clock: {step}", told, recovery_s)


@pytest.mark.parametrize("kind", ["nats", pytest.param("mosquitto", marks=long)])
def test_a_gateway_that_starts_years_ahead_stores_what_comes_as_of_now(
    clock: FakedClock, make_world: Worlds, kind: str
):
    world = make_world(kind)
    world.environment = clock.environment
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        prepared(fleet)
        report(world, fleet)
        gateway.kill()
        clock.set(STEPS["4 years"])
        gateway.start()
        report(world, fleet)
        world.wait_told("clock: wrong from the gateway's start")
        assert failing_checks(*gateway.ready()) == {"clock"}
        clock.set(0)
        report(world, fleet)
        assert_right(world)
        recovery_s = world.settle(fleet)
        told = "started 4 years ahead, then set right, one device of five without a clock"
        world.conclude("clock: wrong from the gateway's start", told, recovery_s)


@contextmanager
def simulator(world: World, folder: Path, clock: FakedClock) -> Generator[None]:
    """A device that measures every second, in a process with this clock."""
    world.execute("INSERT INTO device (id, trail) VALUES ('klima-01', 'stadtwald')")
    command = [sys.executable, "-m", "firmware_sim", "--url", world.mqtt_url, "--state", str(folder / "outbox")]
    command += ["--interval", "1", "--device", "klima-01"]
    with (folder / "simulator.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT / "firmware-sim", env=os.environ | clock.environment, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.kill()
        process.wait(15)


def last_measured(world: World) -> float:
    """Seconds since the newest observation was measured; a day where there is none."""
    age = world.one("SELECT extract(epoch FROM now() - coalesce(max(phenomenon_time), now() - '1 day'::interval))"
                    " FROM observation")  # fmt: skip
    return float(str(age))


def test_a_simulator_whose_clock_is_set_goes_on_with_the_right_time(
    clock: FakedClock, make_world: Worlds, tmp_path: Path
):
    world = make_world("mosquitto default")
    world.gateway().start().wait_ready()
    world.wait_watched()
    with simulator(world, tmp_path, clock):
        world.wait_for_more(10)
        for ahead_s in (STEPS["4 years"], 0, 1, 0):
            clock.set(ahead_s)
            world.wait_for_more(10)
            assert -2 < last_measured(world) < 10
    assert world.one("SELECT count(*) FROM quarantine") == 0
    fault = "clock: of the simulator, 4 years"
    world.report(fault, "4 years ahead and right again, 1 s ahead and back", world.check_readiness(fault), 0, "I5")


def test_a_simulator_that_started_in_the_future_comes_back_at_once(
    clock: FakedClock, make_world: Worlds, tmp_path: Path
):
    world = make_world("mosquitto default")
    clock.set(STEPS["4 years"])
    world.gateway().start().wait_ready()
    world.wait_watched()
    with simulator(world, tmp_path, clock):
        wait_until(
            lambda: world.one("SELECT count(*) FROM quarantine WHERE reason = 'time-ahead'") != 0, 20, "refusals"
        )
        clock.set(0)
        began = time.monotonic()
        wait_until(lambda: -2 < last_measured(world) < 10, 30, "a right time")
        recovery_s = seconds_since(began)
    fault = "clock: of the simulator, wrong from its start"
    told = "4 years ahead at its start: refused, then set right"
    world.report(fault, told, world.check_readiness(fault), recovery_s, "I5")
