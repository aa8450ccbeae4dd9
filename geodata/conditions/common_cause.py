"""Devices of one trail that fell silent together: one cause is likelier than a fault of each. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from geodata.conditions.device_condition import Condition
from geodata.conditions.silence import silent_after
from geodata.model.device import Device

AT_LEAST = 3
"""Two may be chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentTogether:
    """Devices of ``trail`` that were last heard at about the same time, the last of them at ``since``."""

    trail: str
    devices: tuple[Device, ...]
    since: datetime


def fell_silent_together(conditions: Iterable[tuple[Device, Condition]]) -> list[SilentTogether]:
    """The groups of silent devices, by trail and time; each device is in one at most.

    Two belong together where the one was last heard before the other could be missed.
    """
    silent: defaultdict[str, list[tuple[datetime, Device]]] = defaultdict(list)
    for device, condition in conditions:
        if condition is Condition.SILENT and device.last_seen_at is not None:
            silent[device.trail].append((device.last_seen_at, device))
    groups: list[SilentTogether] = []
    for trail in sorted(silent):
        for group in _groups(sorted(silent[trail], key=lambda pair: (pair[0], pair[1].id))):
            if len(group) >= AT_LEAST:
                devices = tuple(device for _, device in group)
                groups.append(SilentTogether(trail=trail, devices=devices, since=group[-1][0]))
    return groups


def _groups(heard: list[tuple[datetime, Device]]) -> list[list[tuple[datetime, Device]]]:
    groups: list[list[tuple[datetime, Device]]] = []
    for at, device in heard:
        if groups and at - groups[-1][0][0] <= silent_after(groups[-1][0][1]):
            groups[-1].append((at, device))
        else:
            groups.append([(at, device)])
    return groups
