"""The stations of one number, to choose from by their trails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.catalogue.snapshot import Snapshot
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import station_title, trail_name
from geodata.model.station import Station


@dataclass(frozen=True, slots=True)
class StationOfTrail:
    """A station with the name of its trail."""

    trail: Words
    station: StationLink


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePage:
    """What ``choose.html`` shows: ``stations`` may be none. ``trail``: the slug of the one that was asked for."""

    frame: Frame
    number: int
    trail: str
    stations: tuple[StationOfTrail, ...]


def build(snapshot: Snapshot, number: int, found: Sequence[Station], trail: str, frame: Frame) -> ChoicePage:
    """The choice between the stations ``found``; their links count as typed from a sign."""
    return ChoicePage(
        frame=frame,
        number=number,
        trail=trail,
        stations=tuple(
            StationOfTrail(
                trail_name(snapshot.catalogue.trails[station.trail], frame),
                StationLink(
                    station.number,
                    station_title(station, frame),
                    frame.link(f"/s/{station.code}", via="sign"),
                ),
            )
            for station in found
        ),
    )
