"""What measures: devices, and where they stood. Times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LONGEST_INTERVAL_S = 31 * 86_400
"""Between two reports of a device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Where a device stood before: at ``station`` of ``trail`` (None: beside it) up to but not at ``until``."""

    trail: str
    station: str | None
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceWork:
    """Work at a device from ``starts_at`` to before ``ends_at`` (None: the end is open), said by ``by_whom``.

    ``confirmed_at``: when somebody last said of an open end that it goes on.
    """

    id: int
    device: str
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    by_whom: str
    confirmed_at: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether somebody works at the device at ``moment``."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A box with electronics and an MQTT identity, at a station or beside the trail.

    ``state`` is ``online``, ``offline`` or ``unknown``; ``last_seen_at`` is the receipt of its last own message,
    ``unusable_at`` that of the newest of which nothing could be stored. ``earlier`` are the places where it stood
    before, the first one first; ``maintenance`` is the work at it that goes on or is planned.
    """

    id: str
    trail: str
    station: str | None = None
    name: str = ""
    kind: str = ""
    lon: float | None = None
    lat: float | None = None
    interval_s: int = 600
    state: str = "unknown"
    firmware: str = ""
    boot: str = ""
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None
    registered_at: datetime | None = None
    unusable_at: datetime | None = None
    earlier: tuple[Stay, ...] = ()
    maintenance: tuple[DeviceWork, ...] = ()

    @property
    def since(self) -> datetime | None:
        """Since when it stands where it stands; None: always."""
        return self.earlier[-1].until if self.earlier else None

    def maintenance_at(self, moment: datetime) -> DeviceWork | None:
        """The work at it at ``moment``, if any."""
        return next((work for work in self.maintenance if work.holds(moment)), None)

    def place_at(self, moment: datetime) -> tuple[str, str | None]:
        """Trail and station where it stood at ``moment``."""
        stay = next((stay for stay in self.earlier if moment < stay.until), None)
        return (self.trail, self.station) if stay is None else (stay.trail, stay.station)
