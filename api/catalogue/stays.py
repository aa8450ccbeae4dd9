"""When a series was measured at a station: devices are moved, and what they measured stays where they stood."""

from __future__ import annotations

from collections.abc import Iterable

from api.catalogue.snapshot import Snapshot
from geodata.model.device import Device
from geodata.store.series.stood import Span, Wanted


def when_here(snapshot: Snapshot, station: str, streams: Iterable[int]) -> Wanted:
    """Each of ``streams`` with the spans in which its device stood at ``station``."""
    catalogue = snapshot.catalogue
    return {stream: _spans(catalogue.devices[catalogue.datastreams[stream].device], station) for stream in streams}


def _spans(device: Device, station: str) -> tuple[Span, ...]:
    if not device.earlier:
        return ((None, None),) if device.station == station else ()
    begins = (None, *(stay.until for stay in device.earlier))
    ends = (*(stay.until for stay in device.earlier), None)
    places = (*(stay.station for stay in device.earlier), device.station)
    return tuple((since, until) for since, until, place in zip(begins, ends, places, strict=True) if place == station)
