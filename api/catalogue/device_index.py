"""Devices and their series by station, and what becomes of that when a few of them change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from geodata.model.device import Device
from geodata.model.observation import Datastream

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class DeviceIndex:
    """All ``devices`` and ``datastreams`` with the ways to find them; the dictionaries are never changed.

    ``devices_of_station`` has those that are not revoked; ``series_of_station`` leads from the station's code to
    observed properties to datastreams, those of devices included that are revoked or stand elsewhere now: their past
    stays.
    """

    devices: dict[str, Device]
    datastreams: dict[int, Datastream]
    devices_of_station: dict[str, list[Device]]
    datastreams_of_device: dict[str, list[Datastream]]
    series_of_station: dict[str, dict[str, list[int]]]

    @classmethod
    def of(cls, devices: dict[str, Device], datastreams: dict[int, Datastream]) -> DeviceIndex:
        """Index all of a catalogue."""
        streams: defaultdict[str, list[Datastream]] = defaultdict(list)
        for stream in datastreams.values():
            streams[stream.device].append(stream)
        return cls(
            devices=devices,
            datastreams=datastreams,
            devices_of_station=_working(devices.values()),
            datastreams_of_device=dict(streams),
            series_of_station=_series(datastreams.values(), devices),
        )

    def with_changed(
        self, ids: Collection[str], devices: Mapping[str, Device], datastreams: Mapping[int, Datastream]
    ) -> DeviceIndex:
        """The devices ``ids`` are now ``devices`` (the others of them are gone) with just these ``datastreams``."""
        others = {device_id: device for device_id, device in self.devices.items() if device_id not in ids}
        all_devices = others | dict(devices)
        all_streams, streams_of = dict(self.datastreams), dict(self.datastreams_of_device)
        for device_id in ids:
            for stream in streams_of.pop(device_id, ()):
                if all_streams.get(stream.id) is stream:  # else it went to another device
                    del all_streams[stream.id]
        all_streams.update(datastreams)
        for stream in datastreams.values():
            streams_of[stream.device] = [*streams_of.get(stream.device, ()), stream]
        both = (index.get(device_id) for index in (self.devices, devices) for device_id in ids)
        places = {place for device in both if device is not None for place in places_of(device)}
        here = sorted(
            (device for device in all_devices.values() if not places.isdisjoint(places_of(device))),
            key=lambda device: device.id,
        )
        theirs = sorted((s for device in here for s in streams_of.get(device.id, ())), key=lambda stream: stream.id)
        return DeviceIndex(
            devices=all_devices,
            datastreams=all_streams,
            devices_of_station=_without(self.devices_of_station, places) | _kept(_working(here), places),
            datastreams_of_device=streams_of,
            series_of_station=_without(self.series_of_station, places) | _kept(_series(theirs, all_devices), places),
        )


def places_of(device: Device) -> set[str]:
    """The stations where a device stands or stood."""
    stations = (device.station, *(stay.station for stay in device.earlier))
    return {station for station in stations if station is not None}


def _kept(of_station: Mapping[str, Found], places: Collection[str]) -> dict[str, Found]:
    return {code: entries for code, entries in of_station.items() if code in places}


def _without(of_station: Mapping[str, Found], places: Collection[str]) -> dict[str, Found]:
    return {code: entries for code, entries in of_station.items() if code not in places}


def _working(devices: Iterable[Device]) -> dict[str, list[Device]]:
    by_station: defaultdict[str, list[Device]] = defaultdict(list)
    for device in devices:
        if device.station is not None and device.revoked_at is None:
            by_station[device.station].append(device)
    return dict(by_station)


def _series(datastreams: Iterable[Datastream], devices: Mapping[str, Device]) -> dict[str, dict[str, list[int]]]:
    by_station: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for stream in datastreams:
        for station in places_of(devices[stream.device]):
            by_station[station][stream.observed_property].append(stream.id)
    return {station: dict(series) for station, series in by_station.items()}
