"""The fleet as data: which devices stand where, and what each of them measures (``fleet.json``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Literal

import msgspec

from firmware_sim.errors import WrongArgument
from firmware_sim.world.walkers import Point


class DeviceSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One device as it was built and mounted.

    ``sky_view``: share of the daylight that reaches it; ``warmer_by``: kelvin against open ground at the same
    moment; ``signal_dbm``: usual signal strength; ``counts_at``: which counter of the walk a people counter is;
    ``past_interval_s``: the longest time between two readings of its past; longer ones are silences of a counter;
    ``keeps_years``: what it measured each hour since it was installed is of use.
    """

    id: str
    kind: str
    station: int
    place: str
    height_m: float
    power: Literal["solar", "battery"]
    signal_dbm: float
    properties: tuple[str, ...]
    sky_view: float = 0.3
    warmer_by: float = 0.0
    counts_at: Point = Point.START
    past_interval_s: int | None = None
    keeps_years: bool = False


class Fleet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All devices of one trail; ``installed`` is the day from which counters count and batteries drain."""

    trail: str
    installed: date
    firmware: str
    devices: tuple[DeviceSpec, ...]

    @property
    def installed_at(self) -> int:
        """The begin of that day, in Unix seconds of UTC."""
        return int(datetime.combine(self.installed, time(), UTC).timestamp())

    def only(self, wanted: Iterable[str]) -> Fleet:
        """The fleet with the named devices only; raises WrongArgument for an id that it does not have."""
        by_id = {device.id: device for device in self.devices}
        wanted = list(dict.fromkeys(wanted))
        for device_id in wanted:
            if device_id not in by_id:
                raise WrongArgument(f"There is no device {device_id!r} in the fleet; it has {', '.join(by_id)}.")
        return msgspec.structs.replace(self, devices=tuple(by_id[device_id] for device_id in wanted))


def load_fleet() -> Fleet:
    """Read the fleet that comes with the package."""
    return msgspec.json.decode((files("firmware_sim") / "fleet.json").read_bytes(), type=Fleet)
