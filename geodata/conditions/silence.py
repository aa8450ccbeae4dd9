"""When a value is too old to be shown as a number, and when a device counts as silent: by how often it reports.

The two differ on purpose. A hiker relies on a number, so one missed report too many hides it; staff are sent to a
device, so it is given one report more. Neither is sooner than five minutes: nobody is concerned about a few seconds.
"""

from __future__ import annotations

from datetime import timedelta

from geodata.model.device import Device

STALE_AFTER_INTERVALS = 2
SILENT_AFTER_INTERVALS = 3
AT_LEAST = timedelta(minutes=5)


def stale_after_s(device: Device) -> int:
    """Seconds after which a value of this device is too old to be shown."""
    return max(STALE_AFTER_INTERVALS * device.interval_s, int(AT_LEAST.total_seconds()))


def silent_after(device: Device) -> timedelta:
    """How long nothing may be heard of this device before it counts as silent."""
    return max(SILENT_AFTER_INTERVALS * timedelta(seconds=device.interval_s), AT_LEAST)
