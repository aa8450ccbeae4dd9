"""The latest values of a station as the public may see them: a value that cannot be trusted is no number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.catalogue.snapshot import Snapshot
from geodata.conditions.silence import stale_after_s
from geodata.model.device import Device
from geodata.model.observation import Datastream, Observation, ObservedProperty, Quality
from geodata.store.catalogue.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestValue:
    """The latest observation of one datastream. ``value`` is None unless it is of quality ok and not stale."""

    observed_property: ObservedProperty
    device: Device
    value: float | None
    measured_at: datetime
    age_s: int
    quality: Quality
    stale: bool


def is_public(observed_property: ObservedProperty) -> bool:
    """Whether single observations may be shown, which counts may not: one of 1, or two totals, tell when one passed.

    Which properties are counts, their kind and unit decide: towns add their own properties.
    """
    return not observed_property.is_count


def counts_people(catalogue: Catalogue, town: str) -> bool:
    """Whether a device counts who passes on a trail of the municipality, or of any where ``town`` is empty."""
    for stream in catalogue.datastreams.values():
        device, observed_property = catalogue.devices[stream.device], catalogue.properties[stream.observed_property]
        is_its = not town or catalogue.trails[device.trail].municipality == town
        is_count = observed_property.is_count and not observed_property.counts_things
        if is_its and is_count and device.revoked_at is None:
            return True
    return False


def latest_values(
    snapshot: Snapshot, latest: Callable[[int], Observation | None], station: str, now: datetime
) -> list[LatestValue]:
    """The latest value of each public series at a station, by property, then device; ``latest`` is the keeper's."""
    values = [
        _judge(snapshot, device, stream, observation, now)
        for device in snapshot.devices_of_station.get(station, [])
        for stream in snapshot.datastreams_of_device.get(device.id, [])
        if is_public(snapshot.catalogue.properties[stream.observed_property])
        if (observation := latest(stream.id)) is not None
        if device.since is None or observation.phenomenon_time >= device.since  # measured at its place of before
    ]
    return sorted(values, key=lambda value: (value.observed_property.id, value.device.id))


def _judge(
    snapshot: Snapshot, device: Device, stream: Datastream, observation: Observation, now: datetime
) -> LatestValue:
    age_s = max(int((now - observation.phenomenon_time).total_seconds()), 0)  # a clock may be a little ahead
    stale = age_s > stale_after_s(device)
    return LatestValue(
        observed_property=snapshot.catalogue.properties[stream.observed_property],
        device=device,
        value=observation.result if observation.quality is Quality.OK and not stale else None,
        measured_at=observation.phenomenon_time,
        age_s=age_s,
        quality=observation.quality,
        stale=stale,
    )
