"""The messages a fleet would send, as lines and without a network."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from firmware_sim.devices.device import SimulatedDevice
from firmware_sim.devices.protocol import Address, WireMessage


def messages(
    devices: Sequence[SimulatedDevice], *, trail: str, firmware: str, interval_s: int, start: int, until: float
) -> Iterator[WireMessage]:
    """Status of every device at ``start``, then each reading until ``until`` (Unix seconds), in order of time."""
    for device in devices:
        yield Address(trail, device.spec.id).status("online", device.boot, firmware, interval_s, start)
    waiting = [(device.next_time, device.spec.id, device) for device in devices if device.next_time is not None]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] <= until:
        _, device_id, device = heapq.heappop(waiting)
        yield Address(trail, device_id).telemetry([device.measure()])
        if device.next_time is not None:
            heapq.heappush(waiting, (device.next_time, device_id, device))
