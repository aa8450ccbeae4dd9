"""The command: puts the parts together, runs them, and turns errors into one sentence and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from itertools import islice
from types import FrameType

from firmware_sim.arguments import Arguments, parse_arguments, read_credentials
from firmware_sim.clock import Clock
from firmware_sim.devices.device import Plan, SimulatedDevice, boot_of, new_boot
from firmware_sim.devices.link import BrokerAddress
from firmware_sim.devices.outbox import Outbox
from firmware_sim.devices.sensors import World
from firmware_sim.dryrun import messages
from firmware_sim.errors import FirmwareSimError, WrongArgument
from firmware_sim.fleet import DeviceSpec, Fleet, load_fleet
from firmware_sim.logs import write_logs
from firmware_sim.simulation import Simulation

_DAY = 86400


def main(argv: Sequence[str] | None = None) -> int:
    """Run the simulator; returns the exit code: 0 done, 1 failed, 2 wrong usage."""
    try:
        now = time.time()
        arguments = parse_arguments(sys.argv[1:] if argv is None else argv, now)
        if arguments.dry_run:
            _print_messages(arguments, now)
        else:
            _run(arguments, now)
    except FirmwareSimError as error:
        print(f"firmware_sim: {error}", file=sys.stderr)
        return 2 if isinstance(error, WrongArgument) else 1
    except BrokenPipeError:  # `… --dry-run | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _print_messages(arguments: Arguments, now: float) -> None:
    fleet, world = _fleet_and_world(arguments)
    start = int(now) if arguments.since is None else arguments.since
    devices = [
        SimulatedDevice(spec, world, _plan(arguments, fleet, spec, start, int(now)), boot_of(arguments.seed, spec.id))
        for spec in fleet.devices
    ]
    lines = messages(
        devices, trail=arguments.trail, firmware=fleet.firmware, interval_s=arguments.interval_s, start=start, until=now
    )
    for message in islice(lines, arguments.count):
        print(message.topic, message.payload.decode(), flush=True)


def _run(arguments: Arguments, now: float) -> None:
    fleet, world = _fleet_and_world(arguments)
    broker = BrokerAddress.parse(
        arguments.url, protocol=arguments.protocol, ca_file=arguments.ca, server_name=arguments.server_name
    )
    secrets = _secrets(arguments, fleet)
    write_logs(as_json=arguments.json_logs)
    clock = _clock(arguments, now)
    outbox = Outbox(arguments.state, arguments.capacity)
    try:
        simulation = Simulation(
            _devices(arguments, fleet, world, outbox, now),
            trail=arguments.trail,
            firmware=fleet.firmware,
            interval_s=arguments.interval_s,
            broker=broker,
            secrets=secrets,
            outbox=outbox,
            clock=clock,
            patience_s=arguments.patience_s,
        )
        _stop_on_signals(simulation)
        simulation.run()
    finally:
        outbox.close()


def _stop_on_signals(simulation: Simulation) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        simulation.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _fleet_and_world(arguments: Arguments) -> tuple[Fleet, World]:
    whole = load_fleet()
    world = World.of(arguments.seed, whole)
    fleet = whole.only(arguments.devices) if arguments.devices else whole
    fleet.only(arguments.silent)
    for device_id, name in arguments.broken:
        spec = fleet.only([device_id]).devices[0]
        if name not in spec.properties:
            raise WrongArgument(f"{device_id} does not measure {name!r}; it has {', '.join(spec.properties)}.")
    return fleet, world


def _devices(arguments: Arguments, fleet: Fleet, world: World, outbox: Outbox, now: float) -> list[SimulatedDevice]:
    start = live_from = int(now)
    if arguments.speed > 1:
        start = live_from = int(_clock(arguments, now).start)
    elif arguments.since is not None:
        start = arguments.since
    return [
        SimulatedDevice(
            spec, world, _plan(arguments, fleet, spec, start, live_from), new_boot(), outbox.last_time(spec.id)
        )
        for spec in fleet.devices
    ]


def _plan(arguments: Arguments, fleet: Fleet, spec: DeviceSpec, start: int, live_from: int) -> Plan:
    return Plan(
        start=start,
        live_from=live_from,
        interval_s=arguments.interval_s,
        past_interval_s=_past_interval_s(arguments, spec),
        hourly_from=fleet.installed_at if arguments.years and spec.keeps_years else None,
        silent=spec.id in arguments.silent,
        broken=frozenset(name for device_id, name in arguments.broken if device_id == spec.id),
    )


def _past_interval_s(arguments: Arguments, spec: DeviceSpec) -> int:
    """As asked for; never longer than the device allows, nor shorter than the present one."""
    if spec.past_interval_s is None:
        return arguments.past_interval_s
    return min(arguments.past_interval_s, max(spec.past_interval_s, arguments.interval_s))


def _clock(arguments: Arguments, now: float) -> Clock:
    if arguments.speed == 1:
        return Clock(now, now)
    return Clock(now - _DAY if arguments.since is None else arguments.since, now, arguments.speed)


def _secrets(arguments: Arguments, fleet: Fleet) -> dict[str, str]:
    """Secret by device id; empty where none were given (a broker without passwords)."""
    if arguments.password is not None:
        return {fleet.devices[0].id: arguments.password}
    if arguments.credentials is None:
        return {}
    secrets = read_credentials(arguments.credentials)
    missing = [spec.id for spec in fleet.devices if spec.id not in secrets]
    if missing:
        raise WrongArgument(f"--credentials {str(arguments.credentials)!r} has no secret for {', '.join(missing)}.")
    return secrets
