"""A device: when it measures, what it measures, and how it numbers its readings; it knows nothing of the wire."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

from firmware_sim.devices.protocol import Measurement, encode_values
from firmware_sim.devices.sensors import Moment, World, measure
from firmware_sim.fleet import DeviceSpec
from firmware_sim.world.chance import key_of, mix

_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When to measure: from ``start`` every ``past_interval_s``, from ``live_from`` every ``interval_s``.

    Times are Unix seconds. ``hourly_from``: from then to ``start`` a reading of each hour comes first. A ``silent``
    device stops at ``live_from``; sensors of ``broken`` properties have failed.
    """

    start: int
    live_from: int
    interval_s: int
    past_interval_s: int
    hourly_from: int | None = None
    silent: bool = False
    broken: frozenset[str] = frozenset()

    def moments(self, phase: int, after: int | None = None) -> Iterator[int]:
        """The times of all readings later than ``after``; they lie on a grid, so a second start finds the same ones.

        The first live one is the last on the grid before ``live_from``: a page need not wait for a value.
        """
        live = self.live_from - (self.live_from - phase) % self.interval_s
        if self.hourly_from is not None:
            yield from _grid(self.hourly_from, min(self.start, live), after, phase, _HOUR_S)
        yield from _grid(self.start, live, after, phase, self.past_interval_s)
        if self.silent:
            return
        if after is not None and live <= after:
            live = after + 1 + (phase - after - 1) % self.interval_s
        while True:
            yield live
            live += self.interval_s


def _grid(start: int, end: int, after: int | None, phase: int, step: int) -> range:
    """The times from ``start`` to before ``end``, later than ``after``, that lie ``phase`` behind whole steps."""
    start = start if after is None else max(start, after + 1)
    return range(start + (phase - start) % step, end, step)


class SimulatedDevice:
    """One device since its start: a boot of its own, seq rising from 0."""

    def __init__(self, spec: DeviceSpec, world: World, plan: Plan, boot: str, last_time: int | None = None) -> None:
        self.spec = spec
        self.boot = boot
        self._world = world
        self._plan = plan
        self._seq = 0
        self._moments = plan.moments(key_of(spec.id) % plan.interval_s, last_time)
        self.next_time = next(self._moments, None)
        self._since: int | None = None

    @property
    def is_past(self) -> bool:
        """Whether the next reading belongs to the history from before the start."""
        return self.next_time is not None and self.next_time < self._plan.live_from - self._plan.interval_s

    def begin_anew(self, now: int) -> None:
        """Measure from the real time ``now`` on, where the next one lies ahead by more than any interval.

        A clock was set back, now or since the last start: waiting for that time to come again could take years.
        """
        longest = max(self._plan.interval_s, self._plan.past_interval_s)
        if self.next_time is None or self.next_time <= now + longest:
            return
        self._plan = replace(self._plan, start=now, live_from=now)
        self._moments = self._plan.moments(key_of(self.spec.id) % self._plan.interval_s)
        self.next_time, self._since = next(self._moments, None), None

    def measure(self) -> Measurement:
        """Take the reading of ``next_time`` and go on to the one after; only while there is a next time."""
        t = self.next_time
        if t is None:
            raise ValueError(f"{self.spec.id} has nothing left to measure")
        since = self._since if self._since is not None else t - self._plan.interval_s
        moment = Moment(self._world, self.spec, since, t)
        reading = Measurement(self.boot, self._seq, t, encode_values(self._values(moment)))
        self._seq += 1
        self._since = t
        self.next_time = next(self._moments, None)
        return reading

    def _values(self, moment: Moment) -> dict[str, float | None]:
        broken = self._plan.broken
        return {name: None if name in broken else measure(moment, name) for name in self.spec.properties}


def new_boot() -> str:
    """A boot that no start had before."""
    return secrets.token_hex(4)


def boot_of(seed: int, device: str) -> str:
    """A boot that depends on ``seed`` and ``device`` alone, for messages that are only looked at."""
    return f"{mix(seed, key_of(device)) & 0xFFFF:04x}"
