"""How a device is, from what it said and what came of that: pure, for the staff's pages and the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from geodata.conditions.silence import silent_after
from geodata.model.device import Device
from geodata.model.observation import Audience, Observation, ObservedProperty, Quality

WAITS_AT_MOST = timedelta(days=1)
"""So long after its registration a device that never sent is still on its way to its place."""
WEAK_BATTERY_PERCENT = 25
BATTERY = "battery_level"


class Condition(StrEnum):
    """How a device is, the worst first."""

    NEVER = "never heard"
    SILENT = "silent"
    UNUSABLE = "sends what cannot be read"
    FAILED = "sensor failed"
    DOUBTFUL = "values in doubt"
    BATTERY = "battery weak"
    MAINTENANCE = "in maintenance"
    WAITING = "waits for its first value"
    RUNNING = "running"

    @property
    def needs_visit(self) -> bool:
        """Whether somebody should do something about it."""
        return self not in {Condition.RUNNING, Condition.WAITING, Condition.MAINTENANCE}

    @classmethod
    def worst(cls, conditions: Iterable[Condition]) -> Condition | None:
        """The worst of several; None of none."""
        present = set(conditions)
        return next((condition for condition in cls if condition in present), None)


def judge(
    device: Device, latest: Mapping[str, Observation], properties: Mapping[str, ObservedProperty], now: datetime
) -> Condition:
    """How a device is; ``latest`` by observed property, all of which ``properties`` has."""
    if device.maintenance_at(now) is not None:
        return Condition.MAINTENANCE
    if device.last_seen_at is None:
        return _unheard(device, now)
    patience = silent_after(device)
    if now - device.last_seen_at > patience:
        return Condition.SILENT
    is_fresh = any(now - observation.phenomenon_time <= patience for observation in latest.values())
    if device.unusable_at is not None and now - device.unusable_at <= patience and not is_fresh:
        return Condition.UNUSABLE
    if not latest:
        return Condition.WAITING
    return _of_values(latest, properties)


def _unheard(device: Device, now: datetime) -> Condition:
    is_new = device.registered_at is not None and now - device.registered_at <= WAITS_AT_MOST
    return Condition.WAITING if is_new else Condition.NEVER


def _of_values(latest: Mapping[str, Observation], properties: Mapping[str, ObservedProperty]) -> Condition:
    if any(observation.quality is Quality.MISSING for observation in latest.values()):
        return Condition.FAILED
    measured = [
        observation.quality
        for name, observation in latest.items()
        if properties[name].audience is not Audience.TECHNICAL
    ]
    if measured and all(quality is Quality.SUSPECT for quality in measured):
        return Condition.DOUBTFUL
    battery = latest.get(BATTERY)
    if battery is not None and battery.result is not None and battery.result <= WEAK_BATTERY_PERCENT:
        return Condition.BATTERY
    return Condition.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonSilence:
    """A silence of several devices, all there are: one cause is likelier than a fault of each.

    ``since`` is when the last of them was heard. ``everywhere``: no device of any trail is heard.
    """

    devices: int
    since: datetime
    everywhere: bool

    def of_one_trail(self) -> CommonSilence:
        """A silence of a single trail with the same devices, while those of other trails are heard."""
        return replace(self, everywhere=False)


def silences(conditions: Sequence[tuple[Device, Condition]]) -> list[tuple[str | None, CommonSilence]]:
    """The silence of all devices (None), or else that of all of one trail beside its slug, by trail."""
    whole = common_silence(conditions)
    if whole is not None:
        return [(None, whole)]
    trails = sorted({device.trail for device, _ in conditions})
    trail_silences = [
        (trail, common_silence([pair for pair in conditions if pair[0].trail == trail], heard_elsewhere=True))
        for trail in trails
    ]
    return [(trail, silence) for trail, silence in trail_silences if silence is not None]


def common_silence(
    conditions: Iterable[tuple[Device, Condition]], *, heard_elsewhere: bool = False
) -> CommonSilence | None:
    """What all of these devices have in common, at least two that were heard once; None where one is heard still.

    Devices that were never heard, or at which somebody works, say nothing of it. ``heard_elsewhere``: devices of other
    trails are.
    """
    heard_devices = [
        (device, condition)
        for device, condition in conditions
        if device.last_seen_at is not None and condition is not Condition.MAINTENANCE
    ]
    heard = [device.last_seen_at for device, _ in heard_devices if device.last_seen_at is not None]
    if len(heard_devices) < 2 or any(condition is not Condition.SILENT for _, condition in heard_devices):
        return None
    return CommonSilence(devices=len(heard_devices), since=max(heard), everywhere=not heard_elsewhere)
