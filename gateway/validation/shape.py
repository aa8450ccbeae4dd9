"""Values that a device sends together, again and again: what is known of them is looked up once, not value by value."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gateway.decoding.payload import LARGEST, Reading
from geodata.model.observation import Flag, ObservedProperty, Quality
from geodata.store.ingest.flush import ObservationOrigin, Observations
from geodata.store.ingest.registry import RegisteredDevice, Registry

_MOST = 20_000  # of them: a device sends few, a fleet of thousands some each


class Shape(msgspec.Struct, frozen=True, gc=False):
    """The columns of a reading whose values all lie between ``least`` and ``most``.

    Right as long as ``device`` and ``properties`` are those of the registry. Its lists are shared by all such readings.
    """

    device: RegisteredDevice
    properties: Mapping[str, ObservedProperty]
    least: list[float]
    most: list[float]
    names: list[str]
    datastreams: list[int]
    qualities: list[int]
    flags: list[int]


class ReadingShapes:
    """The shapes of readings, by device and names."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Shape] = {}

    def rows(
        self, reading: Reading, us: int, origin: ObservationOrigin, device: RegisteredDevice, registry: Registry
    ) -> Observations | None:
        """The rows of a reading in which nothing is out of the ordinary, not to be changed; None for any other."""
        key = (device.id, *reading.values)
        shape = self._known.get(key)
        if shape is None or shape.device is not device or shape.properties is not registry.properties:
            shape = self._learn(key, reading, device, registry)
            if shape is None:
                return None
        results = [*reading.values.values()]
        for value, low, high in zip(results, shape.least, shape.most, strict=True):
            if value is None or not low <= value <= high:
                return None
        number = len(results)
        return Observations(
            shape.datastreams, [us] * number, results, shape.qualities, shape.flags, shape.names, [origin] * number
        )

    def _learn(
        self, key: tuple[str, ...], reading: Reading, device: RegisteredDevice, registry: Registry
    ) -> Shape | None:
        """The shape, where each name is a property of which the device has a series."""
        if not registry.properties.keys() >= reading.values.keys():
            return None
        properties = [registry.properties[name] for name in reading.values]
        names = [one.id for one in properties]
        if not device.datastreams.keys() >= set(names):
            return None
        if len(self._known) >= _MOST:
            self._known.clear()
        shape = self._known[key] = Shape(
            device,
            registry.properties,
            [max(prop.minimum, -LARGEST) for prop in properties],
            [min(prop.maximum, LARGEST) for prop in properties],
            names,
            [device.datastreams[name] for name in names],
            [int(Quality.OK)] * len(names),
            [int(Flag.NONE)] * len(names),
        )
        return shape
